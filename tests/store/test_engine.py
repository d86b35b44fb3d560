"""The one connection: durability, transactions, and errors of the disk as refusals."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.store.engine import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with one table."""
    found = Database(tmp_path / "learnsite.db")
    found.execute("CREATE TABLE entry (name TEXT NOT NULL)")
    yield found
    found.close()


def code_of(caught: pytest.ExceptionInfo[Refusal]) -> str:
    """Return the code of a caught refusal."""
    return caught.value.code


def test_what_was_saved_has_passed_a_disk_barrier(database: Database) -> None:
    assert database.value("PRAGMA journal_mode") == "wal"
    assert database.value("PRAGMA synchronous") == 2
    assert database.value("PRAGMA trusted_schema") == 0
    assert database.value("PRAGMA cell_size_check") == 1
    assert database.value("PRAGMA mmap_size") in (0, None)


def test_a_transaction_is_whole_or_not_at_all(database: Database) -> None:
    with database.transaction():
        database.execute("INSERT INTO entry VALUES ('kept')")

    def fail(error: BaseException) -> None:
        with database.transaction():
            database.execute("INSERT INTO entry VALUES ('lost')")
            with database.transaction():
                database.execute("INSERT INTO entry VALUES ('lost too')")
            raise error

    for error in (KeyError("x"), KeyboardInterrupt()):
        with pytest.raises(type(error)):
            fail(error)
    assert database.rows("SELECT name FROM entry") == [("kept",)]
    with database.transaction():
        assert database.insert("INSERT INTO entry VALUES ('next')") == 2
    assert database.count("entry") == 2


def test_readers_work_while_a_writer_writes(database: Database) -> None:
    database.execute("INSERT INTO entry VALUES ('before')")
    with closing(Database(database.path, readonly=True)) as reader:
        with database.transaction():
            database.execute("INSERT INTO entry VALUES ('after')")
            assert reader.count("entry") == 1
        assert reader.count("entry") == 2
        with pytest.raises(Refusal) as caught:
            reader.execute("INSERT INTO entry VALUES ('x')")
        assert code_of(caught) == "disk_readonly"


def test_a_second_writer_is_told_that_it_is_busy(database: Database) -> None:
    with closing(Database(database.path)) as second:
        second.execute("PRAGMA busy_timeout=20")
        with database.transaction(), pytest.raises(Refusal) as caught, second.transaction():
            second.execute("INSERT INTO entry VALUES ('x')")
        assert code_of(caught) == "workspace_busy"
    assert database.count("entry") == 0


def test_damage_is_told_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "learnsite.db"
    path.write_bytes(b"this is a letter, not a database" * 400)
    with pytest.raises(Refusal) as caught:
        Database(path).rows("SELECT * FROM sqlite_schema")
    assert code_of(caught) == "database_damaged"
    assert caught.value.where == str(path)


def test_a_damaged_page_is_told_as_damage(database: Database) -> None:
    with database.transaction():
        database.executemany("INSERT INTO entry VALUES (?)", [("x" * 500,) for _ in range(200)])
    path = database.path
    database.close_to_one_file()
    raw = bytearray(path.read_bytes())
    page = int.from_bytes(raw[16:18], "big")
    raw[page : page + 64] = b"\xff" * 64
    path.write_bytes(raw)
    with closing(Database(path)) as broken:
        with pytest.raises(Refusal) as caught:
            broken.rows("SELECT name FROM entry")
        assert code_of(caught) == "database_damaged"


def test_a_full_disk_is_told_and_the_transaction_undone(database: Database) -> None:
    pages = database.value("PRAGMA page_count")
    database.rows(f"PRAGMA max_page_count={pages + 2}")
    rows = [("x" * 4000 + str(number),) for number in range(100)]
    with pytest.raises(Refusal) as caught, database.transaction():
        database.executemany("INSERT INTO entry VALUES (?)", rows)
    assert code_of(caught) == "disk_full"
    assert database.count("entry") == 0
    with database.transaction():
        database.execute("INSERT INTO entry VALUES ('small')")
    assert database.count("entry") == 1


def test_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        Database(tmp_path / "absent.db", readonly=True).rows("SELECT 1 FROM sqlite_schema")
    assert code_of(caught) == "database_unopenable"
    with pytest.raises(Refusal) as caught:
        Database(tmp_path / "no folder" / "absent.db")
    assert code_of(caught) == "database_unopenable"


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="needs a user whom file permissions bind"
)
def test_a_file_without_permission_is_told(database: Database) -> None:
    path = database.path
    database.close_to_one_file()
    path.chmod(0o400)
    with pytest.raises(Refusal) as caught:
        Database(path).execute("INSERT INTO entry VALUES ('x')")
    assert code_of(caught) == "disk_readonly"


def test_our_own_mistakes_stay_errors(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError):
        database.rows("SELECT nothing FROM nowhere")
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("INSERT INTO entry VALUES (NULL)")


def test_a_copy_is_one_file_that_needs_no_log(database: Database, tmp_path: Path) -> None:
    database.execute("INSERT INTO entry VALUES ('copied')")
    target = tmp_path / "copy.db"
    database.backup_to(target)
    assert not Path(f"{target}-wal").exists()
    with closing(Database(target, readonly=True)) as copy:
        assert copy.rows("SELECT name FROM entry") == [("copied",)]
        assert copy.value("PRAGMA journal_mode") == "delete"


def test_a_file_that_nobody_writes_is_read_without_shared_memory(
    database: Database, tmp_path: Path
) -> None:
    """Shared memory on a stick that is pulled out would end the program."""
    database.execute("INSERT INTO entry VALUES ('kept')")
    copy = tmp_path / "copy.db"
    database.backup_to(copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    with closing(Database(copy, immutable=True)) as still:
        assert still.value("SELECT name FROM entry") == "kept"
        assert not list(tmp_path.glob("copy.db-*"))
        with pytest.raises(Refusal):
            still.execute("DELETE FROM entry")
