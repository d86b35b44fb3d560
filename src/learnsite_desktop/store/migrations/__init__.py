"""Schema of log, journal, receipts and drafts, as named steps that run once each.

The library runs the steps, each with its record. What it lacks is here: a verified copy of the file
before anything changes, one transaction round all steps, and the refusal of a file written by a
newer program. Projection tables are not migrated but rebuilt (`store.projection`).
"""

import logging
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.durable import put_in_place, settle_file
from learnsite_desktop.store.engine import APPLICATION_ID, Database

SCHEMA: Final = 2

_LOG: Final = logging.getLogger(__name__)
_TAILS: Final = ("-journal", "-wal", "-shm")


def schema_version(database: Database) -> int:
    """Return the schema number of the file; 0 for a new one."""
    return int(database.value("PRAGMA user_version"))


def require_ours(database: Database) -> None:
    """Refuse what is no database of this program, or of a newer version; it is only read.

    Raises Refusal `database_foreign` for a file of another program, `database_newer` for one of a
    newer version of this program, `database_damaged` for one in which nothing is left: only
    founding begins an empty one.
    """
    if not _holds_ours(database):
        raise Refusal("database_damaged", where=str(database.path))


def holds_tables(database: Database) -> bool:
    """Return whether the file holds anything."""
    return bool(database.value("SELECT count(*) FROM sqlite_schema"))


def _holds_ours(database: Database) -> bool:
    """Return whether the file holds anything; refuses a foreign or a newer one."""
    found = schema_version(database)
    filled = holds_tables(database)
    if filled and database.value("PRAGMA application_id") != APPLICATION_ID:
        raise Refusal("database_foreign", where=str(database.path))
    if found > SCHEMA:
        said = {"found": found, "known": SCHEMA, "backup": _copy_for_us(database.path.parent)}
        raise Refusal("database_newer", where=str(database.path), **said)
    return filled


def _copy_for_us(folder: Path) -> str:
    """Return the copy that a newer program made of a file of this version; a word without one."""
    found = sorted((folder / "backups").glob(f"before-schema-*-from-{SCHEMA}.db"))
    return str(found[-1]) if found else "FILE"


Rebuild = Callable[[Database], None]
"""Makes the projection anew, where the new form wants it."""


def migrate(
    database: Database, backup_folder: Path, rebuild: Rebuild = lambda _database: None
) -> Path | None:
    """Bring the file up to `SCHEMA`, after a copy if it holds anything; return that copy.

    An empty file is begun. All steps and what `rebuild` does after them are one transaction.
    Refuses foreign and newer files, `conversion_failed` when a step fails, and what is the matter
    with the disk; then nothing is changed. None: there was nothing to be converted.
    """
    filled = _holds_ours(database)
    found = schema_version(database)
    if found == SCHEMA:
        return None
    copy = backup_folder / f"before-schema-{SCHEMA}-from-{found}.db" if filled else None
    if copy is not None:
        _copy_soundly(database, copy)
    try:
        with database.transaction():
            _run_steps(database)
            database.execute(f"PRAGMA application_id={APPLICATION_ID}")
            database.execute(f"PRAGMA user_version={SCHEMA}")
            rebuild(database)
    except Refusal:
        raise
    except Exception as error:
        _LOG.exception("the database could not be converted")
        where, backup = str(database.path), str(copy or "–")
        raise Refusal("conversion_failed", where=where, backup=backup) from error
    return copy


def _copy_soundly(database: Database, copy: Path) -> None:
    """Write a copy that reads back; it gets its name then, in the place of one cut short before."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.part")
    leftovers = [part, *(part.with_name(f"{part.name}{tail}") for tail in _TAILS)]
    try:
        for left in leftovers:
            left.unlink(missing_ok=True)
        database.backup_to(part)
        _require_sound(part, database.path)
        settle_file(part)
        put_in_place(part, copy)
    finally:
        for left in leftovers:
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _require_sound(copy: Path, origin: Path) -> None:
    """Refuse `database_damaged` if a fresh copy does not read back: then its origin does not."""
    with closing(Database(copy, readonly=True)) as database:
        if database.value("PRAGMA quick_check(1)") != "ok":
            raise Refusal("database_damaged", where=str(origin))


def _run_steps(database: Database) -> None:
    # The library is imported only when there is work for it: it costs half the start-up time.
    import sqlite_utils  # noqa: PLC0415

    from learnsite_desktop.store.migrations import m0002_gaps  # noqa: F401, PLC0415 - registers
    from learnsite_desktop.store.migrations.m0001_log import MIGRATIONS  # noqa: PLC0415

    with database.raw() as connection:
        MIGRATIONS.apply(sqlite_utils.Database(connection))
