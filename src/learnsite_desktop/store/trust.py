"""Certificates, incarnations, invites, documents and receipts as stored bytes."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from learnsite_desktop.domain.days import in_zone
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store import settings
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents

NEWEST_RECEIPT: Final = "newest_receipt"
"""The setting with the latest moment that a receipt from another computer names, in UTC."""


def add_incarnation(
    database: Database,
    idents: Idents,
    *,
    inc: bytes,
    device: bytes,
    unit: str,
    body: bytes,
    own: bool = False,
) -> bool:
    """Store an incarnation certificate; True if it is new."""
    if database.row("SELECT 1 FROM incarnation WHERE inc=?", (inc,)):
        return False
    database.execute(
        "INSERT INTO incarnation (inc, device, unit, own, body) VALUES (?, ?, ?, ?, ?)",
        (inc, device, idents.unit(unit), int(own), body),
    )
    return True


@dataclass(slots=True)
class UnitCertificates:
    """The certificates about the devices of one unit, as signed, in fixed order."""

    incarnations: list[bytes] = field(default_factory=list)
    certificates: list[bytes] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    def digest(self) -> bytes:
        """Return one hash of incarnations, enrolments and revocations, not of requests."""
        names = sorted(hashlib.sha256(raw).digest() for raw in self.incarnations)
        names += sorted(hashlib.sha256(raw).digest() for raw in self.certificates)
        return hashlib.sha256(b"".join(names)).digest()


def certificates_by_unit(database: Database) -> dict[str, UnitCertificates]:
    """Return all certificates by the unit of the device they are about; "" where it is unknown."""
    found: dict[str, UnitCertificates] = {}
    units: dict[bytes, str] = {}
    for unit, device, body in database.rows(
        "SELECT u.code, i.device, i.body FROM incarnation i JOIN unit u ON u.id=i.unit "
        "ORDER BY i.inc"
    ):
        units.setdefault(device, unit)
        found.setdefault(unit, UnitCertificates()).incarnations.append(body)
    for type_, device, body in database.rows(
        "SELECT type, device, body FROM certificate ORDER BY type, hash"
    ):
        about = found.setdefault(units.get(device, ""), UnitCertificates())
        (about.requests if type_ == "request" else about.certificates).append(body)
    return found


def add_certificate(
    database: Database, *, name: bytes, type_: str, device: bytes, body: bytes
) -> bool:
    """Store an enrolment, request or revocation; True if it is new."""
    if database.row("SELECT 1 FROM certificate WHERE hash=?", (name,)):
        return False
    database.execute(
        "INSERT INTO certificate (hash, type, device, body) VALUES (?, ?, ?, ?)",
        (name, type_, device, body),
    )
    return True


def certificates(database: Database, type_: str) -> list[bytes]:
    """Return the bytes of all certificates of a type, in a fixed order."""
    rows = database.rows("SELECT body FROM certificate WHERE type=? ORDER BY hash", (type_,))
    return [row[0] for row in rows]


def incarnations(database: Database) -> list[bytes]:
    """Return the bytes of all incarnation certificates, in a fixed order."""
    return [row[0] for row in database.rows("SELECT body FROM incarnation ORDER BY inc")]


def incarnation(database: Database, inc: bytes) -> bytes | None:
    """Return the bytes of one incarnation certificate, None if it is not known."""
    found = database.value("SELECT body FROM incarnation WHERE inc=?", (inc,))
    return found if isinstance(found, bytes) else None


def own_incarnations(database: Database) -> set[str]:
    """Return the ids of this device's incarnations, as text."""
    return {b64(row[0]) for row in database.rows("SELECT inc FROM incarnation WHERE own=1")}


def add_invite(database: Database, *, name: bytes, unit: str, secret: bytes) -> None:
    """Remember an invite given out for a unit."""
    database.execute(
        "INSERT INTO invite (id, unit, secret, device) VALUES (?, ?, ?, NULL)",
        (name, unit, secret),
    )


def invite(database: Database, name: bytes) -> tuple[str, bytes, bytes | None] | None:
    """Return (unit, secret, device that used it) of an invite."""
    row = database.row("SELECT unit, secret, device FROM invite WHERE id=?", (name,))
    return (row[0], row[1], row[2]) if row else None


def use_invite(database: Database, name: bytes, device: bytes) -> None:
    """Bind an invite to the device that used it."""
    database.execute("UPDATE invite SET device=? WHERE id=?", (device, name))


def add_receipt(
    database: Database,
    *,
    name: bytes,
    given: bool,
    inc: bytes,
    unit: str,
    number: int,
    at: str,
    body: bytes,
) -> bool:
    """Store a receipt, ours (`given`) or another's; True if it is new."""
    if database.row("SELECT 1 FROM receipt WHERE hash=?", (name,)):
        return False
    database.execute(
        "INSERT INTO receipt (hash, given, inc, unit, number, at, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (name, int(given), inc, unit, number, at, body),
    )
    moment = in_zone(datetime.fromisoformat(at)).isoformat()
    if not given and moment > settings.read(database, NEWEST_RECEIPT):
        settings.write(database, NEWEST_RECEIPT, moment)
    return True


def receipts(database: Database, *, given: bool | None = None, unit: str = "") -> list[bytes]:
    """Return receipts (given here, got from others, or all) about a unit or all, by number."""
    rows = database.rows(
        "SELECT body FROM receipt WHERE (?1 IS NULL OR given=?1) AND (?2='' OR unit=?2) "
        "ORDER BY inc, unit, number",
        (None if given is None else int(given), unit),
    )
    return [row[0] for row in rows]


def newest_receipts(database: Database, unit: str) -> dict[bytes, bytes]:
    """Return, per receiver incarnation, its newest receipt for the chains of `unit`."""
    rows = database.rows(
        "SELECT inc, body, max(number) FROM receipt WHERE unit=? AND given=0 GROUP BY inc", (unit,)
    )
    return {row[0]: row[1] for row in rows}


def newest_receipt_names(database: Database, subject: str) -> list[bytes]:
    """Return the hashes of the newest receipts got from each incarnation for a unit's subtree."""
    rows = database.rows(
        "SELECT r.hash, max(r.number) FROM receipt r WHERE r.given=0 AND r.unit IN (SELECT u.code "
        "FROM unit u JOIN unit_within w ON w.unit=u.id JOIN unit a ON a.id=w.ancestor "
        "WHERE a.code=?) GROUP BY r.inc, r.unit",
        (subject,),
    )
    return [row[0] for row in rows]


def newest_receipts_of(database: Database, unit: str) -> list[bytes]:
    """Return the newest receipt got for each unit from each incarnation of `unit`."""
    rows = database.rows(
        "SELECT r.body, max(r.number) FROM receipt r JOIN incarnation i ON i.inc=r.inc "
        "JOIN unit u ON u.id=i.unit WHERE r.given=0 AND u.code=? GROUP BY r.inc, r.unit",
        (unit,),
    )
    return [row[0] for row in rows]


def receipts_of_themselves(database: Database, unit: str = "") -> list[bytes]:
    """Return the newest receipt that each incarnation gave about its own unit, one's own aside.

    Of the incarnations of one unit, or of all.
    """
    rows = database.rows(
        "SELECT r.body, max(r.number) FROM receipt r JOIN incarnation i ON i.inc=r.inc "
        "JOIN unit u ON u.id=i.unit WHERE r.given=0 AND i.own=0 AND u.code=r.unit "
        "AND (?1='' OR u.code=?1) GROUP BY r.inc",
        (unit,),
    )
    return [row[0] for row in rows]


def last_given(database: Database, inc: bytes, unit: str) -> tuple[int, bytes | None]:
    """Return (number, hash) of the last receipt given for `unit`; (0, None) before the first."""
    row = database.row(
        "SELECT number, hash FROM receipt WHERE given=1 AND inc=? AND unit=? "
        "ORDER BY number DESC LIMIT 1",
        (inc, unit),
    )
    return (row[0], row[1]) if row else (0, None)


def document(database: Database, kind: str, scope: str) -> tuple[int, bytes, bytes] | None:
    """Return (version, hash, bytes) of a down document."""
    row = database.row(
        "SELECT version, hash, body FROM document WHERE kind=? AND scope=?", (kind, scope)
    )
    return (row[0], row[1], row[2]) if row else None


def documents(database: Database) -> list[bytes]:
    """Return the bytes of all down documents."""
    return [row[0] for row in database.rows("SELECT body FROM document ORDER BY kind, scope")]


def documents_by_level(database: Database, kind: str) -> list[tuple[str, bytes]]:
    """Return (scope, bytes) of the documents of a kind, the lowest unit's first."""
    rows = database.rows(
        "SELECT d.scope, d.body FROM document d LEFT JOIN unit u ON u.code=d.scope "
        "WHERE d.kind=? ORDER BY u.level DESC, d.scope",
        (kind,),
    )
    return [(row[0], row[1]) for row in rows]


def put_document(
    database: Database, *, kind: str, scope: str, version: int, name: bytes, body: bytes
) -> None:
    """Store a down document in place of its older version."""
    database.execute(
        "INSERT OR REPLACE INTO document (kind, scope, version, hash, body) VALUES (?, ?, ?, ?, ?)",
        (kind, scope, version, name, body),
    )


def put_units(
    database: Database,
    rows: Iterable[tuple[object, ...]],
    past: Iterable[tuple[str, str]] = (),
) -> None:
    """Store the region tree and its closure.

    Rows are (code, parent code, level, name, kind, tier, valid_from, valid_to, successor); `past`
    are (code, former parent code). Units that are no longer in the tree keep their row: records
    may name them. A unit lies within whatever it ever lay within: what was allowed stays allowed.
    """
    listed = list(rows)
    database.executemany(
        "INSERT INTO unit (code) VALUES (?) ON CONFLICT (code) DO NOTHING",
        [(row[0],) for row in listed],
    )
    database.executemany(
        "UPDATE unit SET parent=(SELECT id FROM unit WHERE code=?2), level=?3, name=?4, kind=?5, "
        "tier=?6, valid_from=?7, valid_to=?8, successor=?9 WHERE code=?1",
        listed,
    )
    database.execute("DELETE FROM unit_within")
    database.execute(
        "INSERT INTO unit_within (ancestor, unit) WITH RECURSIVE edge(unit, parent) AS ("
        "SELECT id, parent FROM unit WHERE parent IS NOT NULL UNION "
        "SELECT u.id, p.id FROM json_each(?) j JOIN unit u ON u.code=json_extract(j.value, '$[0]') "
        "JOIN unit p ON p.code=json_extract(j.value, '$[1]')), up(unit, ancestor) AS ("
        "SELECT id, id FROM unit UNION SELECT up.unit, edge.parent FROM up "
        "JOIN edge ON edge.unit=up.ancestor) SELECT ancestor, unit FROM up",
        (json.dumps(list(past)),),
    )


def units(database: Database) -> list[tuple[object, ...]]:
    """Return (code, name, tier, parent code, valid_from, valid_to, level, kind, successor)."""
    return database.rows(
        "SELECT u.code, u.name, u.tier, p.code, u.valid_from, u.valid_to, u.level, u.kind, "
        "u.successor "
        "FROM unit u LEFT JOIN unit p ON p.id=u.parent WHERE u.level IS NOT NULL ORDER BY u.code"
    )


def receipt(database: Database, name: bytes) -> bytes | None:
    """Return a receipt by its hash."""
    found = database.value("SELECT body FROM receipt WHERE hash=?", (name,))
    return found if isinstance(found, bytes) else None


def document_versions(database: Database) -> list[tuple[str, str, int, bytes]]:
    """Return (kind, scope, version, hash) of the down documents held."""
    rows = database.rows("SELECT kind, scope, version, hash FROM document ORDER BY kind, scope")
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def holds_operation(database: Database, name: bytes) -> bool:
    """Return whether an operation is in the log, whatever its state."""
    return database.row("SELECT 1 FROM op WHERE hash=?", (name,)) is not None


def incarnations_of_unit(database: Database, unit: str) -> list[bytes]:
    """Return the ids of a unit's incarnations."""
    rows = database.rows(
        "SELECT i.inc FROM incarnation i JOIN unit u ON u.id=i.unit WHERE u.code=?", (unit,)
    )
    return [row[0] for row in rows]


def unit_of_incarnation(database: Database, inc: bytes) -> str | None:
    """Return the unit of an incarnation, None if it is not known here."""
    found = database.value(
        "SELECT u.code FROM incarnation i JOIN unit u ON u.id=i.unit WHERE i.inc=?", (inc,)
    )
    return str(found) if found else None


def works_for(database: Database, device: bytes, unit: str) -> bool:
    """Return whether a device has or had an incarnation of a unit."""
    return (
        database.row(
            "SELECT 1 FROM incarnation i JOIN unit u ON u.id=i.unit WHERE i.device=? AND u.code=?",
            (device, unit),
        )
        is not None
    )


def device_of_incarnation(database: Database, inc: bytes) -> bytes | None:
    """Return the device key of an incarnation."""
    found = database.value("SELECT device FROM incarnation WHERE inc=?", (inc,))
    return found if isinstance(found, bytes) else None


def later_head(database: Database, chain: int, n: int, heads: set[bytes]) -> bool:
    """Return whether one of `heads` is a later operation of an unforked chain held here."""
    if database.value("SELECT count(*) FROM run WHERE chain=?", (chain,)) != 1:
        return False
    marks = ",".join("?" * len(heads))
    return bool(
        database.row(
            f"SELECT 1 FROM op WHERE chain=? AND n>=? AND hash IN ({marks}) LIMIT 1",
            (chain, n, *heads),
        )
    )


def add_checkpoint(database: Database, chain: int, n: int, head: bytes, signature: bytes) -> None:
    """Store a checkpoint of a chain."""
    database.execute(
        "INSERT OR IGNORE INTO checkpoint (chain, n, head, signature) VALUES (?, ?, ?, ?)",
        (chain, n, head, signature),
    )


def last_checkpoint(
    database: Database, chain: int, first_n: int, last_n: int
) -> list[tuple[int, bytes, bytes]]:
    """Return (n, head, signature) of a chain's checkpoints between two numbers, last first."""
    rows = database.rows(
        "SELECT n, head, signature FROM checkpoint WHERE chain=? AND n BETWEEN ? AND ? "
        "ORDER BY n DESC",
        (chain, first_n, last_n),
    )
    return [(row[0], row[1], row[2]) for row in rows]
