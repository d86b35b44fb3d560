"""The schema's steps: fresh equals migrated, nothing strange is touched, a copy is taken first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database as Library

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.store import migrations
from learnsite_desktop.store.engine import APPLICATION_ID, Database
from learnsite_desktop.store.migrations import SCHEMA, migrate, schema_version
from learnsite_desktop.store.migrations.m0001_log import MIGRATIONS
from learnsite_desktop.store.projection import ensure_tables


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated database."""
    found = Database(tmp_path / "learnsite.db")
    migrate(found, tmp_path / "backups")
    yield found
    found.close()


@contextmanager
def next_version() -> Iterator[None]:
    """The program as its next version will be: steps registered inside belong to it."""
    with pytest.MonkeyPatch.context() as newer:
        newer.setattr(migrations, "SCHEMA", SCHEMA + 1)
        newer.setattr(MIGRATIONS, "_migrations", list(MIGRATIONS._migrations))
        yield


def schema(database: Database) -> list[tuple[str, ...]]:
    """Return everything the schema has, the library's own table apart."""
    return database.rows(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name NOT LIKE '%migrations%'"
        " ORDER BY type, name"
    )


def image(path: Path) -> bytes:
    """Return the bytes of a database file with its log."""
    wal = Path(f"{path}-wal")
    return path.read_bytes() + (wal.read_bytes() if wal.exists() else b"")


def test_a_new_file_gets_the_schema_without_a_backup(database: Database, tmp_path: Path) -> None:
    assert schema_version(database) == SCHEMA
    assert database.value("PRAGMA application_id") == APPLICATION_ID
    assert not (tmp_path / "backups").exists()
    for table in ("op", "record", "chain", "batch", "receipt", "draft", "document"):
        assert database.count(table) == 0


def test_migrating_again_does_nothing(database: Database, tmp_path: Path) -> None:
    before = schema(database)
    migrate(database, tmp_path / "backups")
    assert schema(database) == before
    assert not (tmp_path / "backups").exists()


def test_an_older_file_is_copied_then_migrated_and_equals_a_fresh_one(
    database: Database, tmp_path: Path
) -> None:
    database.execute("INSERT INTO setting VALUES ('unit', '410122101205')")
    with next_version():

        @MIGRATIONS()
        def add_colour(found: Library) -> None:
            found.execute("CREATE TABLE colour (name TEXT NOT NULL)")

        migrate(database, tmp_path / "backups")
        fresh = Database(tmp_path / "fresh.db")
        with closing(fresh):
            migrate(fresh, tmp_path / "no-backups")
            assert schema(fresh) == schema(database)
            assert schema_version(database) == schema_version(fresh) == SCHEMA + 1
    assert ("table", "colour") in {(row[0], row[1]) for row in schema(database)}
    assert database.value("SELECT value FROM setting WHERE key='unit'") == "410122101205"
    assert not (tmp_path / "no-backups").exists()
    (copy,) = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as older:
        assert older.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert older.execute("SELECT value FROM setting").fetchall() == [("410122101205",)]
        assert older.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_step_that_fails_leaves_the_file_as_it_was(database: Database, tmp_path: Path) -> None:
    before = schema(database)
    with next_version():

        @MIGRATIONS()
        def half(found: Library) -> None:
            found.execute("CREATE TABLE half (name TEXT)")
            raise ValueError("power")

        with pytest.raises(Refusal) as caught:
            migrate(database, tmp_path / "backups")
    assert caught.value.code == "conversion_failed"
    assert isinstance(caught.value.__cause__, ValueError)
    assert schema(database) == before
    assert schema_version(database) == SCHEMA
    migrate(database, tmp_path / "backups")
    assert schema_version(database) == SCHEMA


def test_a_later_step_that_fails_takes_the_earlier_ones_back(
    database: Database, tmp_path: Path
) -> None:
    """Half of the way would be a file that neither program reads."""
    before = schema(database)
    with next_version():

        @MIGRATIONS()
        def whole(found: Library) -> None:
            found.execute("CREATE TABLE whole (name TEXT)")

        def spoilt(_database: Database) -> None:
            raise ValueError("power")

        with pytest.raises(Refusal):
            migrate(database, tmp_path / "backups", spoilt)

        @MIGRATIONS()
        def half(found: Library) -> None:
            found.execute("CREATE TABLE half (name TEXT)")
            raise ValueError("power")

        with pytest.raises(Refusal):
            migrate(database, tmp_path / "backups")
    assert schema(database) == before
    assert schema_version(database) == SCHEMA


def test_a_newer_file_is_refused_and_unchanged(database: Database, tmp_path: Path) -> None:
    database.execute(f"PRAGMA user_version={SCHEMA + 1}")
    before = image(database.path)
    with pytest.raises(Refusal) as caught:
        migrate(database, tmp_path / "backups")
    assert caught.value.code == "database_newer"
    assert image(database.path) == before
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("number", [0, 1234])
def test_a_file_of_another_program_is_refused_and_unchanged(tmp_path: Path, number: int) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE album (name TEXT)")
        other.execute(f"PRAGMA application_id={number}")
        other.commit()
    found = Database(path)
    with closing(found):
        before = image(path)
        with pytest.raises(Refusal) as caught:
            migrate(found, tmp_path / "backups")
        assert caught.value.code == "database_foreign"
        assert image(path) == before


def test_projection_tables_are_made_anew_when_their_shape_changes(database: Database) -> None:
    assert ensure_tables(database) is True
    assert ensure_tables(database) is False
    before = schema(database)
    database.execute("UPDATE setting SET value='older shape' WHERE key='projection'")
    database.execute('ALTER TABLE "session" RENAME COLUMN date TO day')
    assert schema(database) != before
    assert ensure_tables(database) is True
    assert schema(database) == before
