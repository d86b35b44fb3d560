"""Step 1: the operation log and everything that is not derived from it."""

from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

MIGRATIONS = Migrations("learnsite")

TABLES: Final = """
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE policy (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ident (id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE);
CREATE TABLE unit (
  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, parent INTEGER, level INTEGER, name TEXT,
  kind TEXT, tier TEXT, valid_from TEXT, valid_to TEXT, successor TEXT);
CREATE TABLE unit_within (
  ancestor INTEGER NOT NULL, unit INTEGER NOT NULL,
  PRIMARY KEY (ancestor, unit)) WITHOUT ROWID;
CREATE TABLE incarnation (
  id INTEGER PRIMARY KEY, inc BLOB NOT NULL UNIQUE, device BLOB NOT NULL, unit INTEGER NOT NULL,
  own INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE certificate (
  hash BLOB PRIMARY KEY, type TEXT NOT NULL, device BLOB NOT NULL, body BLOB NOT NULL)
  WITHOUT ROWID;
CREATE TABLE invite (
  id BLOB PRIMARY KEY, unit TEXT NOT NULL, secret BLOB NOT NULL, device BLOB) WITHOUT ROWID;
CREATE TABLE chain (
  id INTEGER PRIMARY KEY, incarnation INTEGER NOT NULL, unit INTEGER NOT NULL,
  UNIQUE (incarnation, unit));
CREATE TABLE run (
  id INTEGER PRIMARY KEY, chain INTEGER NOT NULL, start_n INTEGER NOT NULL,
  start_prev BLOB NOT NULL, end_n INTEGER NOT NULL, head BLOB NOT NULL);
CREATE INDEX run_chain ON run (chain, end_n);
CREATE TABLE checkpoint (
  chain INTEGER NOT NULL, n INTEGER NOT NULL, head BLOB NOT NULL, signature BLOB NOT NULL,
  PRIMARY KEY (chain, n, head)) WITHOUT ROWID;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, ident INTEGER NOT NULL, kind TEXT NOT NULL, unit INTEGER NOT NULL,
  head BLOB, plain INTEGER NOT NULL, deleted INTEGER NOT NULL, frozen INTEGER NOT NULL,
  doc TEXT NOT NULL, UNIQUE (ident, kind, unit));
CREATE INDEX record_kind ON record (kind, unit);
CREATE TABLE op (
  id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, chain INTEGER NOT NULL, n INTEGER NOT NULL,
  record INTEGER NOT NULL, state INTEGER NOT NULL, line BLOB NOT NULL);
CREATE INDEX op_chain ON op (chain, n);
CREATE INDEX op_record ON op (record);
CREATE INDEX op_unready ON op (state, chain, n) WHERE state <> 0;
CREATE TABLE quarantine (op INTEGER PRIMARY KEY, code TEXT NOT NULL);
CREATE TABLE conflict (
  record INTEGER NOT NULL, register TEXT NOT NULL, PRIMARY KEY (record, register)) WITHOUT ROWID;
CREATE TABLE private_part (
  commitment BLOB PRIMARY KEY, ident INTEGER NOT NULL, register TEXT NOT NULL,
  sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE blind (
  digest BLOB NOT NULL, ident INTEGER NOT NULL, PRIMARY KEY (digest, ident)) WITHOUT ROWID;
CREATE TABLE batch (
  id INTEGER PRIMARY KEY, bundle_id TEXT NOT NULL, digest BLOB NOT NULL, kind TEXT NOT NULL,
  from_unit TEXT NOT NULL, received_at TEXT NOT NULL, state TEXT NOT NULL, file TEXT NOT NULL,
  counts TEXT NOT NULL);
CREATE INDEX batch_digest ON batch (digest);
CREATE TABLE batch_op (
  op INTEGER NOT NULL, batch INTEGER NOT NULL, PRIMARY KEY (op, batch)) WITHOUT ROWID;
CREATE INDEX batch_op_batch ON batch_op (batch);
CREATE TABLE capture_source (source TEXT NOT NULL, unit TEXT NOT NULL, UNIQUE (source, unit));
CREATE TABLE change (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, operator TEXT NOT NULL, label TEXT NOT NULL,
  undone_by INTEGER);
CREATE TABLE change_op (
  change INTEGER NOT NULL, op INTEGER NOT NULL, PRIMARY KEY (change, op)) WITHOUT ROWID;
CREATE TABLE draft (
  record BLOB NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, par TEXT NOT NULL,
  sealed BLOB NOT NULL, at TEXT NOT NULL, operator TEXT NOT NULL,
  PRIMARY KEY (record)) WITHOUT ROWID;
CREATE TABLE receipt (
  hash BLOB PRIMARY KEY, given INTEGER NOT NULL, inc BLOB NOT NULL, unit TEXT NOT NULL,
  number INTEGER NOT NULL, at TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
  kind TEXT NOT NULL, scope TEXT NOT NULL, version INTEGER NOT NULL, hash BLOB NOT NULL,
  body BLOB NOT NULL, PRIMARY KEY (kind, scope)) WITHOUT ROWID;
CREATE TABLE outbox (
  bundle_id TEXT PRIMARY KEY, path TEXT NOT NULL, to_unit TEXT NOT NULL, at TEXT NOT NULL,
  heads TEXT NOT NULL, receipted INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE reveal (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, operator TEXT NOT NULL, what TEXT NOT NULL);
"""


@MIGRATIONS()
def create_log(database: Database) -> None:
    """Create the tables of the log, the journal, receipts, documents and drafts."""
    for statement in TABLES.split(";"):
        if statement.strip():
            database.execute(statement)
