"""Whether what is stored is still what was written: signatures hold, sealed values open and fit.

The engine knows whether its pages are whole, the chains vouch for operations. Everything beside
them carries a proof of its own, and is held against it here. Only the deep check asks.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, hash_in
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.oplog.certificates import (
    Checkpoint,
    parse_enrolment,
    parse_incarnation,
    parse_request,
    parse_revocation,
)
from learnsite_desktop.oplog.documents import parse_document, parse_receipt
from learnsite_desktop.oplog.line import Operation, commitment
from learnsite_desktop.services import reveals, units, wants
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import private, proofs, trust

SIGNED: Final = "signed_damaged"
PRIVATE: Final = "private_damaged"
ALL_PRIVATE: Final = "private_unreadable"
PROBLEMS: Final = (SIGNED, PRIVATE, ALL_PRIVATE)

_AT_ONCE: Final = 500
_ODD: Final = (Refusal, ValueError, KeyError, TypeError, AttributeError)
"""What reading bytes may raise that are no longer those that were written."""


def signed(workspace: Workspace) -> Iterator[str]:
    """Yield what is signed and no longer fits its signature, or the columns it is found by."""
    database = workspace.database
    kinds: tuple[tuple[str, Iterator[tuple[Any, ...]], Callable[..., bool]], ...] = (
        ("document", proofs.documents(database), _is_document),
        ("incarnation", proofs.incarnations(database), _is_incarnation),
        ("certificate", proofs.certificates(database), _is_certificate),
        ("receipt", proofs.receipts(database), _is_receipt),
        ("checkpoint", proofs.checkpoints(database), _is_checkpoint),
    )
    for kind, rows, fits in kinds:
        for name, *columns in rows:
            sound = False
            with suppress(*_ODD):
                sound = fits(*columns)
            if not sound:
                yield f"{kind} {name}"
    with suppress(*_ODD):  # a document that cannot be read was told of already
        yield from _differing_units(workspace)


def _is_document(kind: str, scope: str, version: int, name: bytes, body: bytes) -> bool:
    found = parse_document(body)
    return (found.kind, found.scope, found.version, found.hash) == (kind, scope, version, name)


def _is_incarnation(inc: bytes, device: bytes, unit: str, body: bytes) -> bool:
    found = parse_incarnation(body)
    return (found.inc, found.ed, found.unit) == (inc, device, unit)


def _is_certificate(
    name: bytes, kind: str, device: bytes, body: bytes, incarnation: Callable[[bytes], bytes | None]
) -> bool:
    if kind == "request":
        request = parse_request(body)
        certificate = parse_incarnation(incarnation(request.inc) or b"")
        request.verify(certificate)
        return (request.hash, certificate.ed) == (name, device)
    found = parse_enrolment(body) if kind == "enrolment" else parse_revocation(body)
    return (found.hash, found.device) == (name, device)


def _is_receipt(
    name: bytes, inc: bytes, unit: str, number: int, at: str, body: bytes, device: bytes
) -> bool:
    found = parse_receipt(body)
    found.verify(device)
    told = (found.hash, found.by, found.unit, found.number, found.at)
    return told == (name, inc, unit, number, at)


def _is_checkpoint(
    inc: bytes, unit: str, n: int, head: bytes, signature: bytes, device: bytes
) -> bool:
    Checkpoint(inc, unit, n, head, signature).verify(device)
    return True


def _differing_units(workspace: Workspace) -> Iterator[str]:
    """Yield the units that are not as the region tree in force says; others may be there too."""
    held = trust.documents_by_level(workspace.database, units.TREE)
    if not held:
        return
    stored = {row[0]: row for row in trust.units(workspace.database)}
    for row in RegionTree.of(parse_document(held[-1][1]).body).rows():
        since = row.valid_from.isoformat() if row.valid_from else None
        until = row.valid_to.isoformat() if row.valid_to else None
        parent, heir = row.parent or None, row.successor or None
        told = (row.code, row.name, row.tier, parent, since, until, row.level, row.kind, heir)
        if stored.get(row.code) != told:
            yield f"unit {row.code}"


def sealed(workspace: Workspace) -> Iterator[str]:
    """Yield the private values held that do not open, or are not what their commitment says."""
    for name, rid, register, value in proofs.parts(workspace.database):
        try:
            salt, plain = workspace.vault.opened(value, name)
            fits = commitment(salt, b64(rid), register, plain) == name
        except _ODD:
            fits = False
        if not fits:
            yield b64(name)
    for number, what in proofs.reveals(workspace.database):
        try:
            reveals.opened(workspace, what)
        except _ODD:
            yield f"reveal {number}"


class Missing:
    """The private values that were held here and are gone.

    What may not be kept at this tier was never held, and what has not come is among the gaps. Of
    operations of others, that is known since gaps are kept in mind.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Count nothing yet."""
        self.names: list[str] = []
        self._workspace = workspace
        self._allowed = wants.relayed_registers(workspace)
        self._knows_gaps = wants.knows_gaps(workspace)
        self._own = trust.own_incarnations(workspace.database)
        self._asked: list[bytes] = []

    def named(self, operation: Operation) -> None:
        """Ask for the commitments of an operation."""
        if operation.inc not in self._own:
            if not self._knows_gaps:
                return
            allowed = self._allowed
        else:
            allowed = None
        for register, name in wants.commitments(operation):
            raw = hash_in(name)
            if raw is not None and (allowed is None or register in allowed):
                self._asked.append(raw)
        if len(self._asked) >= _AT_ONCE:
            self.finish()

    def finish(self) -> None:
        """Look for those asked for so far."""
        database = self._workspace.database
        for start in range(0, len(self._asked), _AT_ONCE):
            some = self._asked[start : start + _AT_ONCE]
            absent = set(some) - private.parts_held(database, some)
            absent -= proofs.gaps_among(database, sorted(absent))
            self.names += [b64(name) for name in sorted(absent)]
        self._asked.clear()
