"""Databases put back or copied by hand: noticed early, told once, never by mistake."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from learnsite_desktop.services import runs
from learnsite_desktop.services.capture import capture
from learnsite_desktop.services.workspace import DATABASE_NAME
from learnsite_desktop.store import settings
from learnsite_desktop.store.engine import Database
from tests.desks import SISTER, VILLAGE, Desk, Line, document, learner, small_class, twin_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("line")
    line = Line(place)
    line.found()
    line.village.capture(small_class())
    line.enrol()
    return place


@pytest.fixture
def line(made: Path, tmp_path: Path) -> Line:
    shutil.copytree(made, tmp_path / "line")
    return Line(tmp_path / "line")


def incarnation(desk: Desk) -> str:
    return str(desk.value("SELECT value FROM setting WHERE key='incarnation'"))


def lives(desk: Desk) -> int:
    return int(desk.value("SELECT count(*) FROM incarnation WHERE own=1"))


def write(desk: Desk, ref: str) -> dict[str, object]:
    answer: dict[str, object] = desk.capture(document("more", learners=[learner(ref, "来人")]))
    return answer


def keep_files(desk: Desk, place: Path, *names: str) -> None:
    """Copy files of a data folder aside, as people do with the computer's own tools."""
    place.mkdir()
    for name in names:
        for found in desk.folder.glob(f"{name}*"):
            shutil.copyfile(found, place / found.name)


def put_back(desk: Desk, place: Path) -> None:
    for found in desk.folder.glob(f"{DATABASE_NAME}*"):
        found.unlink()
    for found in place.iterdir():
        shutil.copyfile(found, desk.folder / found.name)


def told(answer: dict[str, object]) -> list[str]:
    rows = answer.get("told", [])
    assert isinstance(rows, list)
    return [row["code"] for row in rows]


def unmark(desk: Desk) -> None:
    """Leave a workspace as a program without the marker did."""
    (desk.folder / runs.RUN_NAME).unlink()
    with closing(Database(desk.folder / DATABASE_NAME)) as database:
        database.execute("DELETE FROM setting WHERE key=?", (runs.RUN,))


def test_a_marker_that_cannot_be_read_just_now_makes_no_copy(line: Line) -> None:
    """A scanner holds the file for a moment: opening is refused, nothing is taken for a copy."""
    before = incarnation(line.village)
    beside = line.village.folder / runs.RUN_NAME
    kept = beside.read_bytes()
    beside.unlink()
    beside.mkdir()  # a folder of that name cannot be read as a file, by root neither
    answer = line.village("capture", "-", code=1, stdin=b"{}")
    assert answer["error"]["code"] == "file_not_permitted"
    beside.rmdir()
    beside.write_bytes(kept)
    write(line.village, "later")
    assert incarnation(line.village) == before
    assert lives(line.village) == 1


def test_a_database_put_back_by_hand_goes_on_under_a_new_incarnation(
    line: Line, tmp_path: Path
) -> None:
    village, township = line.village, line.township
    keep_files(village, tmp_path / "copy", DATABASE_NAME)
    before = incarnation(village)
    lost = write(village, "lost")
    line.carry(village, township)
    put_back(village, tmp_path / "copy")
    answer = write(village, "new")
    assert told(answer) == ["database_copied"]
    assert incarnation(village) != before
    assert "database_copied" in (village.folder / "logs" / "learnsite.jsonl").read_text("utf-8")
    assert told(write(village, "newer")) == [], "it is told once"
    assert lives(village) == 2
    line.carry(village, township)
    line.carry(township, village)
    assert village.state() == township.state(VILLAGE), "its tail has come back"
    assert village("show", lost["ids"]["learner"]["lost"])  # type: ignore[index]
    assert township("state")["forks"] == 0
    assert village.is_sound()


def test_a_copy_from_within_the_last_session_is_noticed(line: Line, tmp_path: Path) -> None:
    village = line.village
    with village.open() as workspace:
        capture(workspace, document("one", learners=[learner("a", "甲")]))
        keep_files(village, tmp_path / "copy", DATABASE_NAME)
        capture(workspace, document("one", learners=[learner("b", "乙")]))
    put_back(village, tmp_path / "copy")
    assert told(write(village, "c")) == ["database_copied"]


@pytest.mark.parametrize("lost", [True, False])
def test_a_database_copied_without_its_file_is_a_copy(
    line: Line, tmp_path: Path, lost: bool
) -> None:
    village = line.village
    copy = twin_of(village, tmp_path / "copy")
    beside = copy.folder / runs.RUN_NAME
    if lost:
        beside.unlink()
    else:
        beside.write_bytes(b"\0" * 40)
    first = incarnation(copy)
    answer = write(copy, "there")
    assert told(answer) == ["database_copied"]
    write(village, "here")
    assert incarnation(copy) != first == incarnation(village)
    for desk in (village, copy):
        line.carry(desk, line.township)
    assert line.township("state")["forks"] == 0, "neither wrote under the other's name"
    assert line.township("list", "learner")["total"] == 5


def test_everyday_work_is_no_copy(line: Line, tmp_path: Path) -> None:
    village = line.village
    for ref in "abc":
        assert told(write(village, ref)) == []
    village("undo")
    village.refuses("show", "learner:nobody")
    line.carry(village, line.township)
    line.carry(line.township, village)
    assert lives(village) == 1
    assert lives(line.township) == 1
    moved = village("move", "--out", tmp_path / "stick")
    new = Desk(tmp_path / "new", VILLAGE)
    new("restore", moved["path"])
    assert told(write(new, "d")) == []
    assert lives(new) == 2, "one for the move"
    village("move", "--stay")
    assert told(write(village, "e")) == []
    saved = new("backup", tmp_path / "stick2")["path"]
    write(new, "f")
    new("restore", saved, "--replace")
    assert told(write(new, "g")) == []
    assert lives(new) == 3
    shutil.copytree(new.folder, tmp_path / "moved-folder")
    shutil.rmtree(new.folder)
    assert told(write(Desk(tmp_path / "moved-folder", VILLAGE), "h")) == []


def snapshots(desk: Desk, place: Path, monkeypatch: pytest.MonkeyPatch) -> list[Desk]:
    """Return what is on the disk after each step of a session that writes; nothing else ends it."""
    found: list[Desk] = []

    def snap() -> None:
        copy = place / f"cut-{len(found)}"
        shutil.copytree(desk.folder, copy)
        found.append(Desk(copy, desk.unit))

    def around(target: object, name: str) -> None:
        work: Callable[..., None] = getattr(target, name)

        def watched(*given: object, **named: object) -> None:
            snap()
            work(*given, **named)
            snap()

        monkeypatch.setattr(target, name, watched)

    around(runs, "put_in_place")
    around(settings, "write")
    write(desk, place.name)
    snap()
    monkeypatch.undo()
    return found


def test_a_crash_between_the_two_writes_is_no_copy(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = line.village
    unmark(village)
    for round_ in range(2):  # without a former run, and with one
        cuts = snapshots(village, tmp_path / f"round-{round_}", monkeypatch)
        assert len(cuts) >= 6
        for cut in cuts:
            assert told(write(cut, "after")) == []
            assert incarnation(cut) == incarnation(village)


def test_a_crash_while_a_copy_is_noticed_notices_it_again(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = line.village
    keep_files(village, tmp_path / "copy", DATABASE_NAME)
    write(village, "lost")
    put_back(village, tmp_path / "copy")
    before = incarnation(village)
    for cut in snapshots(village, tmp_path / "cuts", monkeypatch):
        write(cut, "after")
        assert incarnation(cut) != before


@pytest.mark.parametrize("deed", ["revoke", "certify", "publish", "opening"])
def test_a_copy_from_before_a_certificate_or_document_is_noticed(
    line: Line, tmp_path: Path, deed: str
) -> None:
    """None of these writes an operation, and others build on every one of them."""
    township = line.township
    (device,) = {row["id"] for row in township("devices")["devices"] if row["unit"] == VILLAGE}
    keep_files(township, tmp_path / "copy", DATABASE_NAME)
    if deed == "revoke":
        township("revoke", device)
    elif deed == "certify":
        township("certify", device, "--for", SISTER, "--since", "2026-04-01")
    elif deed == "publish":
        township("policy", "minutes_per_hour=50")
    else:
        township("opening", VILLAGE, "--out", tmp_path / "opening")
    put_back(township, tmp_path / "copy")
    answer = township("policy", "media_per_bundle=10")
    assert told(answer) == ["database_copied"]


def test_refused_work_changes_neither(line: Line) -> None:
    village = line.village
    beside = (village.folder / runs.RUN_NAME).read_bytes()
    bad = small_class(learners=[learner("l1", "")])
    village.capture(bad, code=1)
    assert village.refuses("undo", "999") == "change_unknown"
    assert (village.folder / runs.RUN_NAME).read_bytes() == beside


def test_a_full_disk_refuses_the_save_and_is_no_copy(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = line.village

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runs, "put_in_place", full)
    refused = village.capture(document("f", learners=[learner("x", "来人")]), code=1)
    assert refused["error"]["code"] == "disk_full"
    monkeypatch.undo()
    assert told(write(village, "after")) == []
    assert lives(village) == 1


def test_an_older_database_without_a_mark_is_no_copy(line: Line) -> None:
    village = line.village
    unmark(village)
    assert told(write(village, "x")) == []
    assert lives(village) == 1
    assert told(write(village, "y")) == []
