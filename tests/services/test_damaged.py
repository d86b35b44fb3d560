"""Databases that a cut of the power, a broken disk or somebody by hand left behind."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.services.capture import capture
from learnsite_desktop.services.workspace import DATABASE_NAME, KEYS_NAME, Workspace
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
        tails = ("writer.lock", ".db-wal", ".db-shm")
        for name in [name for name in files if name.startswith("logs") or name.endswith(tails)]:
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
        assert other.refuses("restore", path, "--replace") == "keys_other"
        nowhere = Desk(tmp_path / "nowhere", VILLAGE)
        assert nowhere("restore", path, code=1)["error"]["code"] == "keys_missing"
        half = tmp_path / "half.db"
        half.write_bytes(path.read_bytes()[:8192])
        assert desk.refuses("restore", half, "--replace") == "backup_unreadable"


def problems(desk: Desk, *flags: str) -> set[str]:
    """Return the codes of what the check finds."""
    answer = desk("check", *flags, code=1)
    assert answer["ok"] is False
    return {one["code"] for one in answer["problems"]}


def lines(answer: Any) -> dict[str, tuple[str, str]]:
    """Return state and remedy of the lines of a check by their codes."""
    return {one["code"]: (one["state"], one["remedy"]) for one in answer["findings"]}


def flip(desk: Desk, table: str, column: str, where: str = "1") -> None:
    """Flip a bit in the middle of a value of one row."""
    with closing(sqlite3.connect(desk.folder / DATABASE_NAME)) as connection:
        number, value = connection.execute(
            f"SELECT rowid, {column} FROM {table} WHERE {where} LIMIT 1"
            if table in ("unit", "incarnation", "reveal")
            else f"SELECT {column}, {column} FROM {table} WHERE {where} LIMIT 1"
        ).fetchone()
        raw = bytearray(value.encode() if isinstance(value, str) else value)
        raw[len(raw) // 2] ^= 1
        key = "rowid" if table in ("unit", "incarnation", "reveal") else column
        spoilt = raw.decode() if isinstance(value, str) else bytes(raw)
        connection.execute(f"UPDATE {table} SET {column}=? WHERE {key}=?", (spoilt, number))
        connection.commit()


class TestDeepCheck:
    """What the pages of a whole file say must be what was written."""

    def test_damaged_pages_end_the_check(self, desk: Desk) -> None:
        """A record's id reads as NULL: nothing that is built on it can be asked any more."""
        edit(
            desk,
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_schema SET sql=replace(sql, 'rid BLOB NOT NULL', 'rid BLOB') "
            "WHERE name='ident'",
        )
        edit(desk, "UPDATE ident SET rid=NULL WHERE id=2")
        edit(
            desk,
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_schema SET sql=replace(sql, 'rid BLOB', 'rid BLOB NOT NULL') "
            "WHERE name='ident'",
        )
        answer = desk("check", "--deep", code=1)
        assert {one["code"] for one in answer["problems"]} == {"database_damaged"}
        found = lines(answer)
        assert [found[code][0] for code in ("SJ1", "SJ2", "SJ3")] == ["act", "open", "open"]
        assert answer["projection_equal"] is None

    @pytest.mark.parametrize(
        ("table", "column"),
        [
            ("document", "body"),
            ("document", "hash"),
            ("receipt", "body"),
            ("receipt", "unit"),
            ("certificate", "body"),
            ("incarnation", "body"),
            ("checkpoint", "signature"),
            ("unit", "name"),
        ],
    )
    def test_what_is_signed_is_held_against_its_signature(
        self, enrolled: Line, table: str, column: str
    ) -> None:
        desk = enrolled.township
        desk("policy", "minutes_per_hour=50")
        enrolled.village.capture(small_class())
        enrolled.carry(enrolled.village, desk)
        assert desk.is_sound()
        flip(desk, table, column, "name IS NOT NULL" if table == "unit" else "1")
        answer = desk("check", "--deep", code=1)
        assert "signed_damaged" in {one["code"] for one in answer["problems"]}
        state, remedy = lines(answer)["SJ4"]
        assert state == "act"
        assert "备份" in remedy

    def test_a_damaged_document_is_not_the_senders_fault(self, enrolled: Line) -> None:
        flip(enrolled.township, "document", "body")
        error = enrolled.township("documents", code=1)["error"]
        assert error["code"] == "stored_damaged"
        assert "备份" in error["remedy"]

    def test_a_private_value_is_held_against_its_commitment(self, desk: Desk) -> None:
        assert desk.is_sound()
        flip(desk, "private_part", "sealed", "register='name'")
        answer = desk("check", "--deep", code=1)
        assert [one["code"] for one in answer["problems"]] == ["private_damaged"]
        assert lines(answer)["SJ5"][0] == "act"
        error = desk("learner", "list", "--reveal", "--why", "试", code=1)["error"]
        assert error["code"] == "private_damaged"

    def test_one_put_in_the_place_of_another_does_not_fit(self, desk: Desk) -> None:
        edit(
            desk,
            "UPDATE private_part SET register='mobile' WHERE commitment="
            "(SELECT min(commitment) FROM private_part WHERE register='name')",
        )
        assert problems(desk, "--deep") == {"private_damaged"}

    def test_a_private_value_that_is_gone_is_missed(self, desk: Desk) -> None:
        edit(
            desk,
            "DELETE FROM private_part WHERE commitment=(SELECT min(commitment) FROM private_part)",
        )
        assert problems(desk, "--deep") == {"private_damaged"}

    def test_one_received_and_gone_is_missed_too(self, enrolled: Line) -> None:
        enrolled.village.capture(small_class())
        enrolled.carry(enrolled.village, enrolled.township)
        enrolled.carry(enrolled.township, enrolled.county)
        assert enrolled.county.is_sound(), "what may not travel above is not missed"
        for desk in (enrolled.township, enrolled.county):
            assert desk.is_sound()
            edit(desk, "DELETE FROM private_part WHERE register='name'")
            assert problems(desk, "--deep") == {"private_damaged"}

    def test_one_that_has_not_come_is_no_damage(self, enrolled: Line) -> None:
        """The sender has lost it: the receiver keeps it in mind and asks for it."""
        enrolled.village.capture(small_class())
        edit(enrolled.village, "DELETE FROM private_part WHERE register='name'")
        enrolled.carry(enrolled.village, enrolled.township)
        assert enrolled.township.value("SELECT count(*) FROM gap") > 0
        assert enrolled.township.is_sound()

    def test_a_note_of_who_looked_is_opened(self, desk: Desk) -> None:
        desk("learner", "list", "--reveal", "--why", "试")
        assert desk.is_sound()
        flip(desk, "reveal", "what")
        assert problems(desk, "--deep") == {"private_damaged"}

    def test_keys_of_another_workspace_are_told_as_that(self, desk: Desk, tmp_path: Path) -> None:
        other = found_village(tmp_path / "other")
        (desk.folder / KEYS_NAME).write_bytes((other.folder / KEYS_NAME).read_bytes())
        assert "private_unreadable" in problems(desk, "--deep")
        assert "keys.json" in lines(desk("check", "--deep", code=1))["SJ5"][1]


def edit_one(workspace: Workspace, ref: str = "l8") -> None:
    """Save one learner."""
    capture(workspace, document("more", learners=[learner(ref, "来人")]))


class TestLostLog:
    """The log beside the database is gone, and with it what was saved last."""

    def test_its_loss_is_told_by_the_check_and_by_the_next_writer(
        self, desk: Desk, tmp_path: Path
    ) -> None:
        with closing(sqlite3.connect(desk.folder / DATABASE_NAME)) as reader:
            # Somebody who reads keeps the log from being brought in; then the power goes.
            reader.execute("PRAGMA wal_autocheckpoint=0")
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM op").fetchall()
            before = len(desk.lines())
            with desk.open() as workspace:
                edit_one(workspace)
                kept = {
                    name: (desk.folder / name).read_bytes() for name in (DATABASE_NAME, "run.json")
                }
            assert len(desk.lines()) == before + 1
        for tail in ("-wal", "-shm"):
            (desk.folder / f"{DATABASE_NAME}{tail}").unlink(missing_ok=True)
        for name, raw in kept.items():
            (desk.folder / name).write_bytes(raw)
        assert len(desk.lines()) == before
        answer = desk("check", code=1)
        assert {one["code"] for one in answer["problems"]} == {"entries_lost"}
        assert lines(answer)["SJ6"][0] == "act"
        told = desk.capture(document(learners=[learner("l9", "冯家宝")]))["told"]
        assert [one["code"] for one in told] == ["database_copied"]
        assert "1" in told[0]["message"]
        assert desk("check", "--deep")["problems"] == []

    def test_a_save_is_not_noted_each_time(self, desk: Desk) -> None:
        with desk.open() as workspace:
            seen = set()
            for number in range(5):
                edit_one(workspace, f"n{number}")
                seen.add((desk.folder / "run.json").read_bytes())
            assert len(seen) == 1


class TestDisk:
    """What the disk does not let one do is found; the exit code speaks of the records."""

    def test_a_full_disk_is_to_be_put_right(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = shutil.disk_usage(desk.folder)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: real._replace(free=1_000_000))
        assert lines(desk("check"))["CP1"][0] == "act"

    def test_a_disk_that_cannot_be_written_to(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "CP3" not in lines(desk("check"))
        monkeypatch.setattr(os, "access", lambda _path, _mode: False)
        answer = desk("check", "--deep", code=1)
        assert answer["projection_equal"] is True
        assert lines(answer)["CP3"][0] == "act"
