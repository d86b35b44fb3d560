"""Revoking a computer: what it wrote stands up to stated heads and no further."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import RevokedHead
from learnsite_desktop.oplog import certificates
from learnsite_desktop.oplog.certificates import (
    IncarnationCertificate,
    RevocationCertificate,
    make_revocation,
    parse_revocation,
)
from learnsite_desktop.oplog.documents import parse_document, parse_receipt
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.devices import find_device
from learnsite_desktop.services.introductions import write_introduction
from learnsite_desktop.services.judging import apply_certificates
from learnsite_desktop.services.receipts import tick_everything
from learnsite_desktop.services.reveals import note_reveal
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust, verdicts
from learnsite_desktop.store.chains import held_heads

NOTHING: Final = "nothing"
"""As heads: nothing the computer ever wrote stands."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """A computer revoked: its row as `devices` shows it, and what falls.

    `heads` are (unit, n, hash as text) up to which it is trusted; `held_apart` counts operations
    that were accepted here until now; `certificate` is False if it was revoked before and nothing
    was changed; `path` the introduction file, if one was written.
    """

    device: dict[str, object]
    heads: list[tuple[str, int, str]]
    held_apart: int
    certificate: bool
    path: Path | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a receipt given here confirmed of a computer: `heads` as `revoke` takes them in `at`.

    `number` and `day` (of the receipt) are what people have on paper.
    """

    number: int
    day: str
    heads: str


def confirmed(workspace: Workspace, name: str, most: int = 12) -> list[Confirmed]:
    """Return up to where receipts given here name what a device wrote, the newest first.

    Each is a place to revoke it at: what it wrote until the receipt stands. Receipts that confirm
    nothing of it are left out. Refuses `device_unknown`, and `revoke_own` before anything is asked.
    """
    device = find_device(workspace, name)
    if device.ed == workspace.keys.device.public:
        raise Refusal("revoke_own", where=enrolment.fingerprint(device.ed))
    own = {unb64(chain.inc) for chain in verdicts.chains_of_device(workspace.database, device.ed)}
    given = map(parse_receipt, trust.receipts(workspace.database, given=True))
    held: dict[tuple[str, bytes], str] = {}
    found: dict[str, Confirmed] = {}
    for receipt in sorted(given, key=lambda one: (one.at, one.number)):
        for one in receipt.holds:
            if one.inc in own and one.heads:
                held[one.unit, one.inc] = ",".join(
                    f"{one.unit}:{n}:{b64(head)}" for n, head in one.heads
                )
        heads = ",".join(held[key] for key in sorted(held))
        if heads and receipt.unit == device.unit and heads not in found:
            found[heads] = Confirmed(receipt.number, receipt.at[:10], heads)
    return list(found.values())[::-1][:most]


def revoke(
    workspace: Workspace,
    name: str,
    *,
    at: str = "",
    why: str = "",
    out: Path | None = None,
    operator: str = "",
    progress: Progress = silent,
) -> Revoked:
    """Revoke a device, named by its id, incarnation or fingerprint, at stated heads.

    `at` is "un:n:hash,…" or `NOTHING`; "" means everything held here of what it wrote, per branch.
    What it issued and is held here (enrolments, revocations, documents) goes on standing. A second
    revocation without `at` changes nothing. `why` is noted on this computer only. Into `out`, a
    folder, goes an introduction file by which anybody learns of it, the revoked computer too.

    Refuses `device_unknown`, `revoke_own`, `revoke_not_enrolled`, `revoke_out_of_reach`,
    `heads_unreadable`, `head_unknown`.
    """
    device = find_device(workspace, name)
    if device.ed == workspace.keys.device.public:
        raise Refusal("revoke_own", where=enrolment.fingerprint(device.ed))
    judge = enrolment.authority(workspace)
    if not judge.is_known(device.ed, device.unit):
        raise Refusal("revoke_not_enrolled", where=enrolment.fingerprint(device.ed))
    try:
        keys = enrolment.issuing_keys(workspace, device.unit)
    except Refusal as refusal:
        raise Refusal("revoke_out_of_reach", where=device.unit) from refusal
    if judge.is_revoked(device.ed, device.unit) and not at:
        path = write_introduction(workspace, out, [device.unit]) if out else None
        return Revoked(_row(workspace, device), _heads_now(workspace, device), 0, False, path)
    heads = _stated(workspace, device.ed, at) if at else _everything(workspace, device.ed)
    progress(0, 1, "")
    with workspace.database.transaction():
        certificate = _issue(workspace, keys, device.ed, heads)
        apart = apply_certificates(workspace)
        tick_everything(workspace)
        path = write_introduction(workspace, out, [device.unit]) if out else None
        if why.strip():
            what: dict[str, object] = {"revoke": enrolment.fingerprint(device.ed)}
            note_reveal(workspace, (), asked=what, operator=operator, why=why)
    return Revoked(_row(workspace, device), _shown(certificate.heads), apart, True, path)


def _issue(
    workspace: Workspace, keys: DeviceKeys, device: bytes, heads: Iterable[RevokedHead]
) -> RevocationCertificate:
    workspace.note_writing()
    certificate = make_revocation(
        keys, device=device, heads=heads, at=workspace.now(), keeps=_issued(workspace, device)
    )
    enrolment.store_certificate(workspace, certificate)
    return certificate


def _issued(workspace: Workspace, device: bytes) -> list[bytes]:
    """Return the hashes of what a device issued and is held here, as many as a revocation names.

    Of more enrolments than that the first ones.
    """
    database = workspace.database
    revocations = map(parse_revocation, trust.certificates(database, "revocation"))
    documents = map(parse_document, trust.documents(database))
    enrolments = sorted(enrolment.known_enrolments(database), key=lambda item: (item.at, item.hash))
    issued = [
        *(item.hash for item in documents if item.by == device),
        *(item.hash for item in revocations if item.by == device),
        *(item.hash for item in enrolments if item.by == device),
    ]
    return issued[: certificates.MAX_HEADS]


def _everything(workspace: Workspace, device: bytes) -> list[RevokedHead]:
    """Return the heads of all branches held of a device's chains, apart from what was withdrawn.

    Of more branches than a revocation may name, those of the chains with the fewest, then the
    longest: nobody comes to so many but on purpose.
    """
    database = workspace.database
    chains: list[list[RevokedHead]] = []
    for chain in verdicts.chains_of_device(database, device):
        rooted = held_heads(database, chain.id) or verdicts.run_heads(database, chain.id)
        heads = {RevokedHead(chain.unit, unb64(chain.inc), n, head) for n, head in rooted}
        chains.append(sorted(heads, key=lambda item: (-item.n, item.head)))
    chains.sort(key=len)
    found = [head for heads in chains for head in heads][: certificates.MAX_HEADS]
    return sorted(found, key=lambda item: (item.unit, item.inc, item.n, item.head))


def _stated(workspace: Workspace, device: bytes, text: str) -> list[RevokedHead]:
    """Return the heads that somebody named."""
    if text.strip() == NOTHING:
        return []
    found = []
    for part in text.split(","):
        words = part.strip().split(":")
        try:
            unit, number, text_hash = words
            n, name = int(number), unb64(text_hash)
        except ValueError as error:
            raise Refusal("heads_unreadable", where=part.strip()) from error
        place = verdicts.place_of(workspace.database, name)
        if place is None or (place[0], place[2], place[3]) != (device, unit, n):
            raise Refusal("head_unknown", where=part.strip())
        found.append(RevokedHead(unit, place[1], n, name))
    return found


def _heads_now(workspace: Workspace, device: IncarnationCertificate) -> list[tuple[str, int, str]]:
    rows = map(parse_revocation, trust.certificates(workspace.database, "revocation"))
    newest = max(
        (item for item in rows if item.device == device.ed), key=lambda item: item.at, default=None
    )
    return _shown(newest.heads if newest else ())


def _shown(heads: Iterable[RevokedHead]) -> list[tuple[str, int, str]]:
    return [(item.unit, item.n, b64(item.head)) for item in heads]


def _row(workspace: Workspace, device: IncarnationCertificate) -> dict[str, object]:
    return enrolment.device_row(enrolment.authority(workspace), device, set())
