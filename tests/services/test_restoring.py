"""Restoring: look first, set aside what is there, and begin again after a crash in the middle."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import restoring
from learnsite_desktop.services.restoring import Look, look_into
from learnsite_desktop.services.workspace import DATABASE_NAME, KEYS_NAME
from tests.desks import SISTER, VILLAGE, Desk, document, found_village, learner, small_class
from tests.support import files_of

PICTURE = b"\xff\xd8 a room"


@pytest.fixture
def desk(village: Desk, tmp_path: Path) -> Desk:
    (tmp_path / "room.jpg").write_bytes(PICTURE)
    content = small_class()
    photo = {"ref": "f1", "target": "s1", "kind": "wide", "file": str(tmp_path / "room.jpg")}
    village.capture({**content, "photos": [photo]})
    return village


@pytest.fixture
def saved(desk: Desk, tmp_path: Path) -> Path:
    """A backup, after which two more learners came."""
    path = Path(desk("backup", tmp_path / "stick")["path"])
    desk.capture(document(learners=[learner("l8", "冯家宝"), learner("l9", "褚时健")]))
    return path


def look(path: Path, desk: Desk | None = None) -> Look:
    if desk is None:
        return look_into(path)
    with desk.open(write=False) as workspace:
        return look_into(path, workspace)


def test_looking_says_what_is_in_it_and_what_would_be_missing(desk: Desk, saved: Path) -> None:
    before = files_of(desk.folder), files_of(saved.parent)
    found = look(saved)
    assert (found.unit, found.tier) == (VILLAGE, "village")
    assert found.operations == len(desk.lines()) - 2
    assert found.last_change == desk.now
    assert (found.counts["learner"], found.counts["session"], found.media) == (3, 1, 1)
    assert found.missing == {}
    assert look(saved, desk).missing == {"operations": 2, "learner": 2}
    after = files_of(desk.folder), files_of(saved.parent)
    tails = (".db-wal", ".db-shm")
    assert {k: v for k, v in after[0].items() if not k.endswith(tails)} == {
        k: v for k, v in before[0].items() if not k.endswith(tails)
    }
    assert after[1] == before[1]


def test_looking_by_command(desk: Desk, saved: Path, tmp_path: Path) -> None:
    answer = desk("restore", saved, "--look")
    assert answer["missing"] == {"operations": 2, "learner": 2}
    assert Desk(tmp_path / "empty", VILLAGE)("restore", saved, "--look")["missing"] == {}
    assert not (tmp_path / "empty" / DATABASE_NAME).exists()


@pytest.mark.parametrize("raw", [b"", b"not a tar", bytes(10240)])
def test_looking_into_something_else_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.lsk"
    path.write_bytes(raw)
    with pytest.raises(Refusal) as caught:
        look(path)
    assert caught.value.code == "backup_unreadable"


def test_replacing_sets_the_present_aside_whole(desk: Desk, saved: Path, tmp_path: Path) -> None:
    assert desk.refuses("restore", saved) == "workspace_exists"
    state, media = desk.state(), files_of(desk.folder / "media")
    answer = desk("restore", saved, "--replace")
    assert desk("list", "learner")["total"] == 3
    assert desk.is_sound()
    assert files_of(desk.folder / "media") == media
    aside = Path(answer["set_aside"])
    assert aside.parent == desk.folder / "backups"
    former = Desk(tmp_path / "former", VILLAGE)
    shutil.copytree(aside, former.folder)
    assert former.state() == state
    assert former("list", "learner")["total"] == 5
    assert not (desk.folder / restoring.UNPACKED).exists()


def test_a_damaged_workspace_can_be_replaced(desk: Desk, saved: Path) -> None:
    for name in (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"):
        (desk.folder / name).unlink(missing_ok=True)
    (desk.folder / DATABASE_NAME).write_bytes(b"rubbish" * 1000)
    (desk.folder / KEYS_NAME).write_bytes(b"")
    assert desk("restore", saved, "--replace")["unit"] == VILLAGE
    assert desk.is_sound()


def test_another_units_backup_does_not_replace_this_one(
    desk: Desk, saved: Path, tmp_path: Path
) -> None:
    other = found_village(tmp_path / "other", SISTER)
    assert other.refuses("restore", saved, "--replace") == "backup_other_unit"
    assert other.is_sound()


def test_an_open_workspace_is_not_replaced(desk: Desk, saved: Path) -> None:
    with desk.open() as workspace, pytest.raises(Refusal) as caught:
        restoring.restore(desk.folder, saved, workspace.clock, replace=True)
    assert caught.value.code == "workspace_busy"
    assert desk("list", "learner")["total"] == 5


class _Crash(BaseException):
    """The computer goes off."""


def crash_at(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Let the `count`-th renaming fail, and nothing be tidied up after it."""
    rename, left = Path.replace, [count]

    def renaming(self: Path, target: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise _Crash
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", renaming)
    monkeypatch.setattr(shutil, "rmtree", lambda *_given, **_options: None)


@pytest.mark.parametrize("count", range(1, 7))
@pytest.mark.parametrize("fresh", [True, False])
def test_a_crash_in_the_middle_is_put_right_by_the_next_restore(
    desk: Desk,
    saved: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    fresh: bool,
) -> None:
    target = Desk(tmp_path / "new", VILLAGE) if fresh else desk
    crashed = False
    with monkeypatch.context() as patch:
        crash_at(patch, count)
        clock = FixedClock(datetime.fromisoformat(desk.now))
        try:
            restoring.restore(target.folder, saved, clock, replace=not fresh)
        except _Crash:
            crashed = True
    if not crashed:
        assert count > 3
        return
    answer = target("restore", saved, "--replace")
    assert answer["unit"] == VILLAGE
    assert target("list", "learner")["total"] == 3
    assert target.is_sound()
    assert PICTURE in files_of(target.folder / "media").values()
    assert not (target.folder / restoring.UNPACKED).exists()
    if not fresh:
        aside = target.folder / "backups"
        assert any(path.name == DATABASE_NAME for path in aside.rglob("*"))


def test_a_foreign_log_left_over_does_not_spoil_the_new_database(
    desk: Desk, saved: Path, tmp_path: Path
) -> None:
    """A crash between setting aside and putting in place may leave a -wal without its database."""
    target = tmp_path / "new"
    target.mkdir()
    (target / f"{DATABASE_NAME}-wal").write_bytes(b"stale" * 5000)
    (target / KEYS_NAME).write_bytes(b"{}")
    new = Desk(target, VILLAGE)
    assert new("restore", saved)["unit"] == VILLAGE
    assert new.is_sound()


def test_moving_closes_this_computer_until_one_stays(desk: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert desk.refuses("move", "--out", desk.folder / "backups") == "move_inside"
    answer = desk("move", "--out", stick)
    assert answer["operations"] == len(desk.lines())
    assert desk.refuses("edit", "session:s1", "notes=旧电脑") == "workspace_moved"
    assert desk.refuses("pack", "--to", VILLAGE, "--out", stick) == "workspace_moved"
    assert desk("list", "learner")["total"] == 3
    new = Desk(tmp_path / "new-pc", VILLAGE)
    new("restore", answer["path"])
    new("edit", "session:s1", "notes=新电脑")
    (before,) = desk("devices")["devices"]
    stayed = desk("move", "--stay")
    assert stayed["inc"] != before["inc"]
    assert desk("move", "--stay")["inc"] == stayed["inc"]
    desk("edit", "session:s1", "notes=旧电脑")
    assert desk.is_sound()


def test_move_wants_one_of_two_words(desk: Desk, tmp_path: Path) -> None:
    desk("move", code=2)
    desk("move", "--out", tmp_path / "x", "--stay", code=2)


def test_moving_is_not_noted_if_the_file_could_not_be_written(desk: Desk, tmp_path: Path) -> None:
    blocked = tmp_path / "stick"
    blocked.write_bytes(b"a file")
    assert desk.refuses("move", "--out", blocked) == "file_exists"
    desk("edit", "session:s1", "notes=照旧")
