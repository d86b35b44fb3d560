"""Barriers say whose they are, wait for every new folder, and bear with drives that cannot."""

import errno
import os
import sys
from pathlib import Path

import pytest

from learnsite_desktop.platform import durable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders have no barrier there")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were waited for."""
    found: list[Path] = []
    monkeypatch.setattr(durable, "settle_folder", found.append)
    return found


def test_each_new_folder_is_settled_from_above(tmp_path: Path, settled: list[Path]) -> None:
    durable.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert settled == [tmp_path, tmp_path / "a"]
    settled.clear()
    durable.make_folder(tmp_path / "a" / "b")
    assert settled == []


def test_names_are_settled_once_a_folder(tmp_path: Path, settled: list[Path]) -> None:
    durable.settle_names([tmp_path / "x", tmp_path / "y", tmp_path / "z" / "x"])
    assert settled == [tmp_path, tmp_path / "z"]


def test_what_was_put_in_place_has_its_name(tmp_path: Path, settled: list[Path]) -> None:
    (tmp_path / "x.part").write_text("1", encoding="utf-8")
    durable.put_in_place(tmp_path / "x.part", tmp_path / "x")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert settled == [tmp_path]


@pytest.mark.parametrize(("code", "borne"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_failing_barrier_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, borne: bool
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(code, "barrier")

    monkeypatch.setattr(os, "fsync", fail)
    if borne:
        durable.settle_folder(tmp_path)
        return
    with pytest.raises(OSError, match="barrier") as caught:
        durable.settle_folder(tmp_path)
    assert caught.value.filename == str(tmp_path)
