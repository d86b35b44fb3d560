"""Automatic backups: when one is made, what is in it, how many are kept, what the status says."""

import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from learnsite_desktop.services import backups, drafts
from learnsite_desktop.services.backups import Backup, LastBackup
from learnsite_desktop.services.workspace import DATABASE_NAME, KEYS_NAME
from tests.desks import NOW, VILLAGE, Desk, small_class

START = datetime.fromisoformat(NOW)


def later(desk: Desk, **span: float) -> Desk:
    """Return the same desk some time after the start."""
    return Desk(desk.folder, desk.unit, (START + timedelta(**span)).isoformat())


def automatic(desk: Desk, reason: str = "start", **span: float) -> Backup | None:
    with later(desk, **span).open() as workspace:
        return backups.automatic(workspace, reason=reason)


def write(desk: Desk, note: str) -> None:
    desk("edit", "session:s1", f"notes={note}")


@pytest.fixture
def desk(village: Desk) -> Desk:
    village.capture(small_class())
    return village


def test_it_holds_database_and_keys_and_can_be_restored(desk: Desk, tmp_path: Path) -> None:
    (desk.folder / "media" / "ab").mkdir(parents=True)
    (desk.folder / "media" / "ab" / ("ab" * 32)).write_bytes(b"photo")
    found = automatic(desk)
    assert found is not None
    assert found.path.parent == desk.folder / "backups"
    assert found.operations == len(desk.lines())
    with tarfile.open(found.path) as archive:
        assert sorted(archive.getnames()) == sorted([DATABASE_NAME, KEYS_NAME])
    other = Desk(tmp_path / "restored", VILLAGE)
    other("restore", found.path)
    assert other.state() == desk.state()


def test_at_most_one_in_half_an_hour_and_none_without_a_change(desk: Desk) -> None:
    assert automatic(desk)
    write(desk, "甲")
    assert automatic(desk, "exit", minutes=29) is None
    assert automatic(desk, "receive", minutes=29) is None
    assert automatic(desk, "exit", minutes=31)
    assert automatic(desk, "start", hours=20) is None
    write(desk, "乙")
    assert automatic(desk, "import", hours=20)
    assert len(backups.automatic_backups(desk.folder)) == 3


def test_before_something_risky_there_is_always_one(desk: Desk) -> None:
    assert automatic(desk)
    assert automatic(desk, "rollback")
    assert automatic(desk, "restore", seconds=1)
    assert len(backups.automatic_backups(desk.folder)) == 3


def test_a_clock_set_back_stops_nothing(desk: Desk) -> None:
    assert automatic(desk)
    write(desk, "甲")
    assert automatic(desk, days=-400)


def test_drafts_count_as_a_change(desk: Desk) -> None:
    assert automatic(desk)
    with later(desk, hours=1).open() as workspace:
        drafts.commit_field(workspace, "activity", None, "title", "半截")
    assert automatic(desk, hours=2)


def test_old_ones_are_thinned_and_nothing_else_is_touched(desk: Desk) -> None:
    folder = desk.folder / "backups"
    folder.mkdir()
    mine = folder / f"{VILLAGE}-20250101-000000.lsk"
    before = folder / "before-schema-1-from-0.db"
    for path in (mine, before):
        path.write_bytes(b"kept")
    for hour in range(40):
        moment = START - timedelta(hours=hour + 1)
        (folder / f"auto-{moment.astimezone(UTC):%Y%m%d-%H%M%S}Z.lsk").write_bytes(b"")
    assert automatic(desk)
    found = backups.automatic_backups(desk.folder)
    assert 10 <= len(found) <= 14
    assert found[0].at == START
    assert mine.exists()
    assert before.exists()


def test_too_many_bytes_go_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in range(6):
        write(desk, str(hour))
        assert automatic(desk, hours=hour)
    assert len(backups.automatic_backups(desk.folder)) == 6
    monkeypatch.setattr(backups, "MOST_BYTES", 1)
    backups.thin_out(desk.folder, START)
    left = backups.automatic_backups(desk.folder)
    assert [item.at for item in left] == [START + timedelta(hours=hour) for hour in (5, 4, 3)]


def test_an_unknown_reason_is_a_mistake_of_ours(desk: Desk) -> None:
    with desk.open() as workspace, pytest.raises(ValueError, match="why"):
        backups.automatic(workspace, reason="why")


def last(desk: Desk) -> LastBackup:
    with desk.open(write=False) as workspace:
        return backups.last_backup(workspace)


def test_the_status_asks_for_a_copy_elsewhere_after_seven_days(desk: Desk, tmp_path: Path) -> None:
    assert last(desk) == LastBackup(None, None)
    assert last(desk).moment is None
    assert last(desk).overdue(START)
    assert automatic(desk, hours=1)
    assert last(desk).moment == START + timedelta(hours=1)
    assert last(desk).overdue(START)
    desk("backup", desk.folder / "inside")
    assert last(desk).carried is None
    later(desk, days=1)("backup", tmp_path / "stick")
    found = last(desk)
    assert found.moment == found.carried == START + timedelta(days=1)
    assert not found.overdue(START + timedelta(days=8))
    assert found.overdue(START + timedelta(days=8, seconds=1))


def test_a_power_cut_leaves_nothing_for_ever(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = Desk(tmp_path / "cut", desk.unit)

    def at_the_cut(*_given: object) -> list[str]:
        shutil.copytree(desk.folder, cut.folder)
        return []

    monkeypatch.setattr(backups, "integrity", at_the_cut)
    automatic(desk)
    keys = [found for found in cut.folder.rglob(KEYS_NAME) if found.parent != cut.folder]
    assert [found.relative_to(cut.folder).parts[0] for found in keys] == ["tmp"]
    monkeypatch.undo()
    automatic(cut)
    assert [found.parent for found in cut.folder.rglob(KEYS_NAME)] == [cut.folder]
    assert [found.suffix for found in (cut.folder / "backups").iterdir()] == [".lsk"]
    assert cut.is_sound()


def test_the_command(desk: Desk, tmp_path: Path) -> None:
    answer = desk("backup", "--auto")
    assert answer["written"] is True
    assert answer["operations"] == len(desk.lines())
    assert desk("backup", "--auto") == {"ok": True, "written": False}
    desk("backup", code=2)
    desk("backup", "--auto", tmp_path, code=2)


def test_a_copy_that_does_not_read_back_is_no_backup(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "integrity", lambda *_given: ["broken"])
    assert desk.refuses("backup", "--auto") == "backup_unverified"
    assert list((desk.folder / "backups").iterdir()) == []
