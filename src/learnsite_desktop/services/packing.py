"""Packing: what a receiver lacks, as one signed and sealed bundle file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from learnsite_desktop.bundle.payloads import Header, Media, PrivatePart
from learnsite_desktop.bundle.writer import (
    BundleContent,
    ChainRange,
    WrittenBundle,
    write_bundle,
)
from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.certificates import (
    Checkpoint,
    IncarnationCertificate,
    make_checkpoint,
)
from learnsite_desktop.oplog.documents import Receipt, parse_document
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.services import policy, units
from learnsite_desktop.services.drafts import finish_drafts
from learnsite_desktop.services.enrolment import known_incarnations, live_incarnations
from learnsite_desktop.services.media import evidence_named, path_of
from learnsite_desktop.services.receipts import DOCUMENT_PREFIX, coverage, issue_receipts
from learnsite_desktop.services.trial.mark import refuse_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, private, trust
from learnsite_desktop.store.chains import (
    ChainKey,
    Segment,
    chains_within,
    lines_of,
    pieces_of,
    segments,
)

SUFFIX = ".lsb"
CHECKPOINT_EVERY = 500
_COMPANY = (b'"pf":', b'"why":', b'"thumb":')


@dataclass(slots=True)
class Packed:
    """What packing made: the file, how much is in it, for whom."""

    written: WrittenBundle
    operations: int
    nothing_new: bool
    to_devices: list[str]
    receipts: list[Receipt]

    @property
    def receipt(self) -> Receipt:
        """The receipt for the unit the bundle is about."""
        return self.receipts[0]


@dataclass(slots=True)
class _Plan:
    """What will go into the bundle."""

    subject: str
    kind: str
    receivers: list[IncarnationCertificate]
    used: list[Receipt]
    segments: list[tuple[ChainKey, Segment, Checkpoint]] = field(default_factory=list)
    commitments: list[str] = field(default_factory=list)
    thumbnails: dict[str, str] = field(default_factory=dict)

    @property
    def operations(self) -> int:
        return sum(segment.count for _chain, segment, _checkpoint in self.segments)


def pack(workspace: Workspace, to_unit: str, out: Path, *, progress: Progress = silent) -> Packed:
    """Write a bundle for a unit: the one above, one below, or one's own (a peer bundle).

    It carries every chain of the subject unit and those below (one's own going up and to peers, the
    receiver's going down) beyond what the receiver's newest receipts cover, with certificates,
    documents, receipts and private parts. Refuses `pack_no_route`, `receiver_unknown` and, in a
    trial village, `trial_not_real`.
    """
    refuse_trial(workspace)
    kind, subject = _route(workspace, to_unit)
    finish_drafts(workspace)
    out.mkdir(parents=True, exist_ok=True)
    with _removed_on_failure() as made, workspace.database.transaction():
        receivers = [
            item for item in live_incarnations(workspace, to_unit) if b64(item.inc) != workspace.inc
        ]
        if not receivers:
            raise Refusal("receiver_unknown", where=to_unit)
        covered, used = coverage(workspace, subject, [item.inc for item in receivers])
        given = issue_receipts(workspace, subject)
        plan = _Plan(subject, kind, receivers, used)
        for chain in sorted(
            chains_within(workspace.database, subject), key=lambda c: (unb64(c.inc), c.unit)
        ):
            _plan_chain(workspace, plan, chain, covered[chain.id])
        written = _write(workspace, plan, to_unit, out, given, progress)
        made.append(written.path)
        _note_outbox(workspace, plan, to_unit, written)
    return Packed(
        written=written,
        operations=plan.operations,
        nothing_new=plan.operations == 0,
        to_devices=[b64(item.ed) for item in receivers],
        receipts=given,
    )


@contextmanager
def _removed_on_failure() -> Iterator[list[Path]]:
    """Give a list for files made; they go again when what should be noted of them cannot be."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _route(workspace: Workspace, to_unit: str) -> tuple[str, str]:
    """Return the bundle kind and the unit whose chains it carries."""
    database = workspace.database
    units.require_unit(workspace, to_unit)
    if to_unit == workspace.unit:
        return "peer", workspace.unit
    if lookups.is_within(database, workspace.unit, to_unit):
        below = any(
            chain.unit != workspace.unit for chain in chains_within(database, workspace.unit)
        )
        return ("relay" if below else "up"), workspace.unit
    if lookups.is_within(database, to_unit, workspace.unit):
        return "down", to_unit
    raise Refusal("pack_no_route", where=to_unit)


def _plan_chain(workspace: Workspace, plan: _Plan, chain: ChainKey, after_n: int) -> None:
    """Add a chain's segments beyond `after_n`, each ending at a checkpoint."""
    database = workspace.database
    own = trust.own_incarnations(database)
    for segment in segments(database, chain, after_n):
        if chain.inc in own:
            plan.segments += _signed(workspace, chain, segment)
            continue
        for n, head, signature in trust.last_checkpoint(
            database, chain.id, segment.first_n, segment.last_n
        ):
            cut = segment.up_to(n, head)
            if cut is not None:
                point = Checkpoint(unb64(chain.inc), chain.unit, n, head, signature)
                plan.segments.append((chain, cut, point))
                break


def _signed(
    workspace: Workspace, chain: ChainKey, segment: Segment
) -> Iterator[tuple[ChainKey, Segment, Checkpoint]]:
    """Yield a segment of this device's own in pieces of 500, each closed by a new checkpoint."""
    for piece in pieces_of(workspace.database, chain, segment, CHECKPOINT_EVERY):
        point = make_checkpoint(
            workspace.keys.device.sign, unb64(chain.inc), chain.unit, piece.last_n, piece.head
        )
        trust.add_checkpoint(workspace.database, chain.id, point.n, point.head, point.sig)
        yield chain, piece, point


def _write(
    workspace: Workspace,
    plan: _Plan,
    to_unit: str,
    out: Path,
    given: list[Receipt],
    progress: Progress,
) -> WrittenBundle:
    now = workspace.clock.now()
    certificates = list(_certificates(workspace, plan, to_unit))
    header = Header(
        kind=plan.kind,
        from_unit=workspace.unit,
        from_inc=unb64(workspace.inc),
        to_unit=to_unit,
        at=workspace.now(),
        basis=plan.used[-1].hash if plan.used else None,
        counts={"operations": plan.operations},
        periods=tuple(_periods(workspace, plan)),
    )
    content = BundleContent(
        certificates=certificates,
        documents=list(_documents(workspace, plan)),
        receipts=[*(item.raw for item in given), *_passed_on(workspace, plan)],
        ranges=_ranges(workspace, plan, progress),
        private=_private(workspace, plan),
        media=_thumbnails(workspace, plan),
    )
    recipients = {text for item in plan.receivers for text in (item.x, item.rec)}
    return write_bundle(
        _free_path(out, workspace.unit, to_unit, now),
        header,
        content,
        recipients=sorted(recipients),
        keys=workspace.keys.device,
        sender=workspace.incarnation,
        known=known_incarnations(workspace.database),
    )


def _free_path(out: Path, from_unit: str, to_unit: str, now: datetime) -> Path:
    """Return a name not taken in the folder; it says from, to and when, nothing personal."""
    stem = f"{from_unit}-{to_unit}-{now:%Y%m%d-%H%M%S}"
    path, count = out / f"{stem}{SUFFIX}", 1
    while path.exists():
        count += 1
        path = out / f"{stem}-{count}{SUFFIX}"
    return path


def _certificates(workspace: Workspace, plan: _Plan, to_unit: str) -> Iterator[bytes]:
    """Yield what the receiver needs to judge the authors: those above both, and the subject's."""
    database = workspace.database
    wanted = lookups.ancestors_of(database, workspace.unit) | lookups.ancestors_of(
        database, to_unit
    )
    wanted |= set(lookups.units_within(database, plan.subject))
    for certificate in known_incarnations(database):
        if certificate.unit in wanted:
            yield certificate.raw
    for type_, body, unit in trust.certificates_with_unit(database):
        travels = type_ != "request" or plan.kind in ("up", "peer", "relay")
        if travels and (unit is None or unit in wanted):
            yield body


def _documents(workspace: Workspace, plan: _Plan) -> Iterator[bytes]:
    """Yield documents newer than what a receiver's receipt names; they travel down and sideways."""
    if plan.kind not in ("down", "peer"):
        return
    known = [receipt.counts for receipt in plan.used]
    everyone = len(known) == len(plan.receivers)
    for body in trust.documents(workspace.database):
        document = parse_document(body)
        key = f"{DOCUMENT_PREFIX}{document.kind}.{document.scope}"
        held = min((counts.get(key, 0) for counts in known), default=0) if everyone else 0
        if held < document.version:
            yield body


def _passed_on(workspace: Workspace, plan: _Plan) -> Iterator[bytes]:
    """Yield the receivers' newest receipts, and going down those that others gave for them.

    A receiver that does not know a receipt of its own has been restored or cloned.
    """
    yield from (receipt.raw for receipt in plan.used)
    if plan.kind not in ("down", "peer"):
        return
    receivers = {item.inc for item in plan.receivers}
    for unit in lookups.units_within(workspace.database, plan.subject):
        for inc, body in trust.newest_receipts(workspace.database, unit).items():
            if inc not in receivers:
                yield body


def _ranges(workspace: Workspace, plan: _Plan, progress: Progress) -> Iterator[ChainRange]:
    done = 0
    for chain, segment, checkpoint in plan.segments:
        yield ChainRange(segment.first_n, _lines(workspace, plan, chain, segment), checkpoint)
        done += segment.count
        progress(done, plan.operations, N_("packing"))


def _lines(workspace: Workspace, plan: _Plan, chain: ChainKey, segment: Segment) -> Iterator[bytes]:
    """Yield a segment's lines, noting the commitments and thumbnails that must go along."""
    for line in lines_of(workspace.database, chain, segment):
        if any(mark in line for mark in _COMPANY):
            operation = decode(line)
            plan.commitments += [name for name in operation.pf.values() if name]
            plan.commitments += [operation.why] if operation.why else []
            if operation.k.startswith("evidence.") and "thumb" in operation.f:
                plan.thumbnails |= evidence_named(operation)
        yield line


def _private(workspace: Workspace, plan: _Plan) -> Iterator[PrivatePart]:
    """Yield the values behind the commitments packed, as far as they are held and may travel."""
    allowed = _relayed_registers(workspace, plan)
    for name in dict.fromkeys(plan.commitments):
        place = private.part_place(workspace.database, unb64(name))
        if place is None or (allowed is not None and place[1] not in allowed):
            continue
        found = workspace.vault.part(name)
        if found is not None:
            yield PrivatePart(unb64(name), found[0], b64(place[0]), place[1], found[1])


def _thumbnails(workspace: Workspace, plan: _Plan) -> Iterator[Media]:
    """Yield the small pictures of the photos packed, as far as they are held here."""
    for name, of in plan.thumbnails.items():
        path = path_of(workspace, unb64(name))
        if name != of and path.is_file():
            content = path.read_bytes()
            yield Media("thumbnail", "image/jpeg", unb64(name), unb64(of), content)


def _relayed_registers(workspace: Workspace, plan: _Plan) -> set[str] | None:
    """Return which private registers travel above the township; None = all, below it."""
    if plan.kind not in ("up", "relay") or workspace.tier == "village":
        return None
    return {"why", "text", *policy.current(workspace)["relay_private"].split(",")}


def _periods(workspace: Workspace, plan: _Plan) -> list[str]:
    found: set[str] = set()
    for chain, segment, _checkpoint in plan.segments:
        found |= lookups.session_months(
            workspace.database, chain.id, segment.first_n, segment.last_n
        )
    return sorted(found)


def _note_outbox(workspace: Workspace, plan: _Plan, to_unit: str, written: WrittenBundle) -> None:
    heads = [
        [chain.id, segment.last_n, b64(segment.head)] for chain, segment, _point in plan.segments
    ]
    journal.add_outbox(
        workspace.database,
        bundle_id=written.bundle_id,
        path=str(written.path),
        to_unit=to_unit,
        at=workspace.now(),
        heads=json.dumps(heads),
    )


def list_outbox(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the bundles handed out and whether a receipt covers them."""
    return [
        {"bundle_id": row[0], "path": row[1], "to": row[2], "at": row[3], "receipted": row[5]}
        for row in journal.outbox(workspace.database)
    ]
