"""Databases that a cut of the power, a broken disk or somebody by hand left behind."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.services.workspace import DATABASE_NAME, KEYS_NAME
from learnsite_desktop.store.migrations import SCHEMA
from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, document, found_village, learner, small_class
from tests.support import files_of


@pytest.fixture
def desk(village: Desk) -> Desk:
    """A village with a class, closed to one file, and a backup."""
    village.capture(small_class())
    village("backup", "--auto")
    edit(village)
    return village


def edit(desk: Desk, *statements: str) -> None:
    """Change the database from outside; it is one file afterwards."""
    with closing(sqlite3.connect(desk.folder / DATABASE_NAME)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def newest_backup(desk: Desk) -> str:
    return str(max((desk.folder / "backups").glob("auto-*.lsk")))


def refused(desk: Desk, *words: str | Path) -> Any:
    """Run `words`, which must be refused with every file as before; return what is said."""
    before = files_of(desk.folder)
    answer = desk(*words, code=1)
    after = files_of(desk.folder)
    for files in (before, after):
        for name in [name for name in files if name.startswith("logs") or name == "writer.lock"]:
            del files[name]
    assert after == before
    return answer["error"]


class TestEmptyFile:
    """A file of no bytes is damaged, not new."""

    @pytest.mark.parametrize(
        "words",
        [("check",), ("check", "--deep"), ("state",), ("pack", "--to", TOWNSHIP, "--out", "out")],
    )
    def test_it_is_refused_and_stays(self, desk: Desk, words: tuple[str, ...]) -> None:
        os.truncate(desk.folder / DATABASE_NAME, 0)
        error = refused(desk, *words)
        assert error["code"] == "database_damaged"
        assert "备份" in error["remedy"]

    def test_its_log_is_not_thrown_away(self, desk: Desk) -> None:
        """The engine would: an empty file has no log, it says."""
        os.truncate(desk.folder / DATABASE_NAME, 0)
        beside = desk.folder / f"{DATABASE_NAME}-wal"
        beside.write_bytes(b"what can still be read")
        assert refused(desk, "edit", "x", "y=1")["code"] == "database_damaged"
        desk("restore", newest_backup(desk), "--replace")
        (aside,) = (desk.folder / "backups").glob(f"replaced-*/{DATABASE_NAME}-wal")
        assert aside.read_bytes() == b"what can still be read"

    def test_a_database_without_tables_is_no_new_one_either(self, desk: Desk) -> None:
        (desk.folder / DATABASE_NAME).unlink()
        edit(desk, "PRAGMA user_version=0", "CREATE TABLE x (y)", "DROP TABLE x")
        for words in (("check",), ("capture", "none.json")):
            assert desk(*words, code=1)["error"]["code"] == "database_damaged"
        assert desk.rows("SELECT name FROM sqlite_schema") == []

    def test_the_backup_takes_its_place(self, desk: Desk) -> None:
        state = desk.state()
        for kind in ("empty", "without tables"):
            os.truncate(desk.folder / DATABASE_NAME, 0)
            if kind == "without tables":
                (desk.folder / DATABASE_NAME).unlink()
                edit(desk, "CREATE TABLE x (y)", "DROP TABLE x")
            desk("restore", newest_backup(desk), "--replace")
            assert desk.state() == state


class TestGone:
    """Keys without a database: nothing is founded over them."""

    def test_the_newest_backup_is_named(self, desk: Desk, tmp_path: Path) -> None:
        state = desk.state()
        (desk.folder / DATABASE_NAME).unlink()
        for words in (("check",), ("state",), ("init", "--tier", "village", "--unit", VILLAGE)):
            error = refused(desk, *words)
            assert error["code"] == "database_gone"
            assert newest_backup(desk) in error["remedy"]
        desk("restore", newest_backup(desk))
        assert desk.state() == state

    def test_an_opening_file_does_not_write_over_the_keys(self, line: Line) -> None:
        path = line.township("opening", VILLAGE, "--out", line.place)["files"][0]["path"]
        (line.village.folder / DATABASE_NAME).unlink()
        for file in (line.village.folder / "backups").glob("*"):
            file.unlink()
        error = refused(line.village, "open", path)
        assert error["code"] == "database_gone_unsaved"
        assert "keys.json" in error["remedy"]

    def test_what_a_crash_left_of_founding_is_replaced(self, tmp_path: Path) -> None:
        """Keys stand in their place before the database does: that was no workspace yet."""
        desk = found_village(tmp_path / "village")
        making = desk.folder / "making"
        making.mkdir()
        (desk.folder / DATABASE_NAME).rename(making / DATABASE_NAME)
        keys = (desk.folder / KEYS_NAME).read_bytes()
        assert desk("check", code=1)["error"]["code"] == "workspace_missing"
        desk("init", "--tier", "village", "--unit", VILLAGE)
        assert (desk.folder / KEYS_NAME).read_bytes() != keys
        assert desk.is_sound()


def make_older(desk: Desk) -> None:
    """Turn the database into one of version 1."""
    edit(
        desk,
        "DROP TABLE gap",
        "DELETE FROM _sqlite_migrations WHERE name <> 'create_log'",
        "PRAGMA user_version=1",
    )


class TestCopies:
    """The copy made before a conversion: it is whole when it has its name, and can be restored."""

    def test_a_copy_cut_short_does_not_block_the_conversion(self, desk: Desk) -> None:
        state = desk.state()
        make_older(desk)
        copy = desk.folder / "backups" / f"before-schema-{SCHEMA}-from-1.db"
        whole = (desk.folder / DATABASE_NAME).read_bytes()
        copy.write_bytes(whole[: len(whole) // 2])
        part = copy.with_name(f"{copy.name}.part")
        part.write_bytes(whole[: len(whole) // 3])
        assert desk.state() == state
        with closing(sqlite3.connect(copy)) as older:
            assert older.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert older.execute("PRAGMA user_version").fetchone() == (1,)
        assert not part.exists()

    def test_the_copy_can_be_looked_into_and_restored(self, desk: Desk) -> None:
        state = desk.state()
        make_older(desk)
        told = desk("learner", "list")["told"]
        assert [one["code"] for one in told] == ["database_converted"]
        (copy,) = (desk.folder / "backups").glob("before-schema-*.db")
        assert str(copy) in told[0]["remedy"]
        desk.capture(document(learners=[learner("l9", "冯家宝")]))
        assert desk("restore", copy, "--look")["missing"]["learner"] == 1
        assert "told" not in desk("restore", copy, "--replace"), "no copy that is gone is named"
        assert desk.state() == state
        assert copy.exists()
        assert desk.is_sound()
        assert desk("learner", "list", "--reveal", "--why", "试")["learners"][0]["name"]

    def test_the_advice_to_the_older_program_can_be_followed(self, desk: Desk) -> None:
        """An update by hand left no backup file, only the copy."""
        state = desk.state()
        copy = desk.folder / "backups" / f"before-schema-{SCHEMA + 1}-from-{SCHEMA}.db"
        copy.write_bytes((desk.folder / DATABASE_NAME).read_bytes())
        edit(desk, f"PRAGMA user_version={SCHEMA + 1}", "CREATE TABLE future (x)")
        error = refused(desk, "state")
        assert error["code"] == "database_newer"
        assert f"restore {copy} --replace" in error["remedy"]
        desk("restore", copy, "--replace")
        assert desk.state() == state

    def test_keys_of_another_computer_do_not_fit(self, desk: Desk, tmp_path: Path) -> None:
        edit(desk)
        other = found_village(tmp_path / "other")
        path = desk.folder / DATABASE_NAME
        assert refused(other, "restore", path, "--replace")["code"] == "keys_other"
        nowhere = Desk(tmp_path / "nowhere", VILLAGE)
        assert nowhere("restore", path, code=1)["error"]["code"] == "keys_missing"
        half = tmp_path / "half.db"
        half.write_bytes(path.read_bytes()[:8192])
        assert refused(desk, "restore", half, "--replace")["code"] == "backup_unreadable"
