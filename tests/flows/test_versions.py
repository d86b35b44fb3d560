"""Data files and programs of different versions: converted after a copy, or left as they are."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.desks import VILLAGE, Desk, found_village, small_class

NEWEST_KNOWN = 99


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A village with records."""
    made = found_village(tmp_path / "village")
    made.capture(small_class())
    return made


def database_of(desk: Desk) -> Path:
    return desk.folder / "learnsite.db"


def written(desk: Desk, *statements: str) -> None:
    """Change the data file by other means than the program."""
    with closing(sqlite3.connect(database_of(desk))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def made_older(desk: Desk, *planted: str) -> None:
    """Make the data file what the first version of the stored form was."""
    written(
        desk,
        "DROP TABLE gap",
        "DELETE FROM _sqlite_migrations WHERE name <> 'create_log'",
        "PRAGMA user_version=1",
        *planted,
    )


def content(path: Path) -> list[str]:
    """Return all that a database holds, its version first."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return [str(version), *connection.iterdump()]


def test_an_older_file_is_copied_converted_and_told(desk: Desk) -> None:
    before = desk("state")["hash"]
    made_older(desk)
    older = content(database_of(desk))
    answer = desk("state")
    assert answer["hash"] == before
    (told,) = [one for one in answer["told"] if one["code"] == "database_converted"]
    (copy,) = (desk.folder / "backups").glob("before-schema-*.db")
    assert str(copy) in told["remedy"]
    assert content(copy) == older
    assert "told" not in desk("state"), "it is said once"
    assert desk.is_sound()


def test_a_conversion_that_fails_leaves_the_file_as_it_was(desk: Desk) -> None:
    """Something stands where the newer form wants its table: the way back is to change nothing."""
    made_older(desk, "CREATE TABLE gap (mine TEXT)", "INSERT INTO gap VALUES ('kept')")
    older = content(database_of(desk))
    for _time in range(2):
        answer = desk("state", code=1)
        assert answer["error"]["code"] == "conversion_failed"
        (copy,) = (desk.folder / "backups").glob("before-schema-*.db")
        assert str(copy) in answer["error"]["remedy"]
        assert content(database_of(desk)) == content(copy) == older
    # Once the reason is gone it goes on.
    written(desk, "DROP TABLE gap")
    assert desk("state")["ok"] is True


def test_a_file_of_a_newer_program_is_refused_politely_and_left_alone(desk: Desk) -> None:
    written(desk, f"PRAGMA user_version={NEWEST_KNOWN}")
    newer = content(database_of(desk))
    for words in (("state",), ("list", "learner"), ("capture", "-"), ("check",), ("updates",)):
        stdin = b"{}" if words[0] == "capture" else None
        answer = desk(*words, code=1, stdin=stdin)
        assert answer["error"]["code"] == "database_newer"
        assert "restore" in answer["error"]["remedy"]
    assert content(database_of(desk)) == newer
    assert not (desk.folder / "backups").exists() or not list(
        (desk.folder / "backups").glob("before-schema-*")
    )


def test_the_way_back_is_the_backup_made_before_the_update(desk: Desk) -> None:
    """An older program cannot read the newer file, but puts the older one back and keeps both."""
    saved = desk("backup", desk.folder.parent / "saved")["path"]
    before = desk("state")["hash"]
    written(desk, f"PRAGMA user_version={NEWEST_KNOWN}")
    desk("restore", saved, "--replace")
    assert desk("state")["hash"] == before
    (aside,) = (desk.folder / "backups").glob("replaced-*")
    with closing(sqlite3.connect(aside / "learnsite.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (NEWEST_KNOWN,)
    assert desk.unit == VILLAGE
