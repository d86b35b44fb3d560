"""Schema of log, journal, receipts and drafts, as named steps that run once each.

The library runs the steps, each with its record. What it lacks is here: a verified copy of the file
before anything changes, one transaction round all steps, and the refusal of a file written by a
newer program. Projection tables are not migrated but rebuilt (`store.projection`).
"""

import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.store.engine import APPLICATION_ID, Database

SCHEMA: Final = 2

_LOG: Final = logging.getLogger(__name__)


def schema_version(database: Database) -> int:
    """Return the schema number of the file; 0 for a new one."""
    return int(database.value("PRAGMA user_version"))


def require_ours(database: Database) -> bool:
    """Return whether the file holds anything; it is only read.

    Raises Refusal `database_foreign` for a file of another program, `database_newer` for one of a
    newer version of this program.
    """
    found = schema_version(database)
    holds_tables = bool(database.value("SELECT count(*) FROM sqlite_schema"))
    if holds_tables and database.value("PRAGMA application_id") != APPLICATION_ID:
        raise Refusal("database_foreign", where=str(database.path))
    if found > SCHEMA:
        raise Refusal("database_newer", where=str(database.path), found=found, known=SCHEMA)
    return holds_tables


Rebuild = Callable[[Database], None]
"""Makes the projection anew, where the new form wants it."""


def migrate(
    database: Database, backup_folder: Path, rebuild: Rebuild = lambda _database: None
) -> Path | None:
    """Bring the file up to `SCHEMA`, after a copy if it holds anything; return that copy.

    All steps and what `rebuild` does after them are one transaction. Refuses what `require_ours`
    does, `conversion_failed` when a step fails, and what is the matter with the disk; then nothing
    is changed. None: there was nothing to be converted.
    """
    holds_tables = require_ours(database)
    found = schema_version(database)
    if found == SCHEMA:
        return None
    copy = backup_folder / f"before-schema-{SCHEMA}-from-{found}.db" if holds_tables else None
    if copy is not None:
        backup_folder.mkdir(parents=True, exist_ok=True)
        database.backup_to(copy)
        _require_sound(copy)
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


def _require_sound(copy: Path) -> None:
    """Refuse `database_damaged` for a copy that does not read back: it could not help anybody."""
    with closing(Database(copy, readonly=True)) as database:
        if database.value("PRAGMA quick_check(1)") != "ok":
            raise Refusal("database_damaged", where=str(database.path))


def _run_steps(database: Database) -> None:
    # The library is imported only when there is work for it: it costs half the start-up time.
    import sqlite_utils  # noqa: PLC0415

    from learnsite_desktop.store.migrations import m0002_gaps  # noqa: F401, PLC0415 - registers
    from learnsite_desktop.store.migrations.m0001_log import MIGRATIONS  # noqa: PLC0415

    with database.raw() as connection:
        MIGRATIONS.apply(sqlite_utils.Database(connection))
