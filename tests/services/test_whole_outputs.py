"""What is written as several files is there whole or not at all, and takes nothing else's place."""

from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.refusals import Cancelled
from learnsite_desktop.reports import delimited
from learnsite_desktop.services import founding, opening_slips
from learnsite_desktop.services.official import datapackage
from learnsite_desktop.services.official.asked import Asked
from tests.desks import VILLAGE, Line, small_class

MARCH = "2026-03"


def content(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {one.name: one.read_bytes() for one in folder.iterdir()} if folder.exists() else {}


@pytest.fixture
def line(enrolled: Line) -> Line:
    enrolled.village.capture(small_class(VILLAGE))
    return enrolled


def cancelled_at(place: int) -> Any:
    """Return a progress that cancels at its so-manieth word."""
    told: list[int] = []

    def progress(_done: int, _total: int, _label: str) -> None:
        told.append(1)
        if len(told) > place:
            raise Cancelled

    return progress


@pytest.mark.parametrize("place", range(4))
def test_a_cancelled_package_leaves_what_was_there(line: Line, tmp_path: Path, place: int) -> None:
    out = tmp_path / "out"
    before: dict[str, bytes] = {}
    for written in (False, True):
        if written:
            line.village("datapackage", "--period", "2026-02", "--out", out)
            before = content(out)
            assert before
        asked, progress = Asked(period=MARCH), cancelled_at(min(place, 2))
        with line.village.open(write=False) as workspace, pytest.raises(Cancelled):
            datapackage.write_package(workspace, asked, out, progress)
        assert content(out) == before
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith("out")] == (
            ["out"] if before else []
        )


def test_a_package_that_fails_at_its_last_file_is_not_there(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    real = delimited.write_csv

    def failing(path: Path, *words: Any, **more: Any) -> Any:
        made.append(path)
        if len(made) == 5:
            raise OSError(28, "full", str(path))
        return real(path, *words, **more)

    monkeypatch.setattr(datapackage, "write_csv", failing)
    out = tmp_path / "out"
    with line.village.open(write=False) as workspace, pytest.raises(OSError, match="full"):
        datapackage.write_package(workspace, Asked(period=MARCH), out)
    assert list(tmp_path.glob("out*")) == []


def test_a_package_does_not_write_over_somebody_elses_file(line: Line, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("mine", encoding="utf-8")
    words = ("datapackage", "--period", MARCH, "--out", tmp_path)
    assert line.village.refuses(*words) == "file_exists"
    assert (tmp_path / "units.csv").read_text(encoding="utf-8") == "mine"
    (tmp_path / "units.csv").unlink()
    (tmp_path / "notes.txt").write_text("stays", encoding="utf-8")
    line.village(*words)
    line.village(*words)
    assert (tmp_path / "notes.txt").exists()
    assert (tmp_path / "datapackage.json").exists()


def test_slips_are_not_there_when_the_files_they_tell_of_do_not_count(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails after the pages were drawn is the commit itself."""
    slips = tmp_path / "slips.pdf"
    slips.write_bytes(b"former")

    with line.township.open() as workspace:
        real = founding.write_openings

        def failing(*words: Any, **more: Any) -> Any:
            real(*words, **more)
            raise OSError(28, "full")

        monkeypatch.setattr("learnsite_desktop.services.opening_slips.write_openings", failing)
        with pytest.raises(OSError, match="full"):
            opening_slips.write_batch(
                workspace, [VILLAGE], tmp_path, slips=slips, printer=lambda *_pages: b"%PDF"
            )
    assert slips.read_bytes() == b"former"
    assert [one.name for one in tmp_path.glob("slips*")] == ["slips.pdf"]
