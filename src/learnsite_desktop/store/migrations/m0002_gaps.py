"""Step 2: private values whose commitment came without them, so that they are asked for again."""

from sqlite_utils import Database

from learnsite_desktop.store.migrations.m0001_log import MIGRATIONS


@MIGRATIONS()
def create_gaps(database: Database) -> None:
    """Create the table of commitments without a value, with the key of their unit."""
    database.execute(
        "CREATE TABLE gap (commitment BLOB PRIMARY KEY, unit INTEGER NOT NULL) WITHOUT ROWID"
    )
