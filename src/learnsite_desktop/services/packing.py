"""Packing: what a receiver lacks, as one signed and sealed bundle file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from learnsite_desktop.bundle.payloads import Header
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
    make_checkpoint,
)
from learnsite_desktop.oplog.documents import Receipt
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.platform.durable import make_folder
from learnsite_desktop.services import units
from learnsite_desktop.services.drafts import finish_drafts
from learnsite_desktop.services.enclosures import (
    Company,
    brings_more,
    certificates,
    documents,
    note_wanted,
    pictures,
    private_parts,
    receipts_known,
    receipts_sent,
)
from learnsite_desktop.services.enrolment import known_incarnations, live_incarnations
from learnsite_desktop.services.originals import Originals, plan_originals
from learnsite_desktop.services.receipts import coverage, issue_receipts
from learnsite_desktop.services.trial.mark import refuse_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import (
    ChainKey,
    Segment,
    carried_chains,
    chains_within,
    lines_of,
    pieces_of,
    segments,
)
from learnsite_desktop.store.figures import unit_name

SUFFIX = ".lsb"
CHECKPOINT_EVERY = 500
_COMPANY = (b'"pf":', b'"why":', b'"thumb":')


@dataclass(slots=True)
class Packed:
    """What packing made: the file, how much is in it, for whom.

    `nothing_new`: no operation, document, certificate, original or private value that the receiver
    is not known to hold; receipts alone are no news.
    """

    written: WrittenBundle
    operations: int
    nothing_new: bool
    to_devices: list[str]
    receipts: list[Receipt]
    originals: Originals

    @property
    def receipt(self) -> Receipt:
        """The receipt for the unit the bundle is about."""
        return self.receipts[0]


@dataclass(slots=True)
class _Plan:
    """What will go into the bundle."""

    company: Company
    segments: list[tuple[ChainKey, Segment, Checkpoint]] = field(default_factory=list)
    originals: Originals = field(default_factory=Originals)

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
    make_folder(out)
    with _removed_on_failure() as made, workspace.database.transaction():
        receivers = [
            item for item in live_incarnations(workspace, to_unit) if b64(item.inc) != workspace.inc
        ]
        if not receivers:
            raise Refusal("receiver_unknown", where=to_unit)
        covered, known = coverage(workspace, subject, [item.inc for item in receivers])
        given = issue_receipts(workspace, subject)
        plan = _Plan(Company(kind, subject, to_unit, receivers, known))
        asked = [receipt for unit in sorted(known) for receipt in known[unit]]
        plan.originals = plan_originals(workspace, subject, asked)
        note_wanted(workspace, plan.company)
        more = brings_more(workspace, plan.company, plan.originals)
        # What was moved elsewhere is no longer the business of the unit it lay under.
        gone = units.gone_from(workspace.database, subject) if kind == "down" else set()
        for chain in sorted(
            carried_chains(workspace.database, subject), key=lambda c: (unb64(c.inc), c.unit)
        ):
            if chain.unit not in gone:
                _plan_chain(workspace, plan, chain, covered[chain.id])
        written = _write(workspace, plan, to_unit, out, given, progress)
        made.append(written.path)
        _note_outbox(workspace, plan, to_unit, written)
    return Packed(
        written=written,
        operations=plan.operations,
        nothing_new=plan.operations == 0 and not more,
        to_devices=[b64(item.ed) for item in receivers],
        receipts=given,
        originals=plan.originals,
    )


@contextmanager
def _removed_on_failure() -> Iterator[list[Path]]:
    """Give a list for files made; they go again when what should be noted of them cannot be."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for path in made:
            with suppress(OSError):  # the stick may have been pulled out
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
    raise Refusal("pack_no_route", where=to_unit, route=_way_up(workspace))


def _way_up(workspace: Workspace) -> str:
    """Return the unit above that takes in what is packed here, with its name.

    Who lay under a unit that ended goes past it: its desk may be gone, and the one that took it
    over is not above.
    """
    above = units.load_tree(workspace.database).parent_unit(
        workspace.unit, workspace.clock.now().date()
    )
    return f"{unit_name(workspace.database, above)} ({above})" if above else "–"


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
    now, company = workspace.clock.now(), plan.company
    used = company.used
    receipts = receipts_sent(workspace, company, given)
    authors = {unb64(chain.inc) for chain, _segment, _point in plan.segments}
    header = Header(
        kind=company.kind,
        from_unit=workspace.unit,
        from_inc=unb64(workspace.inc),
        to_unit=to_unit,
        at=workspace.now(),
        basis=used[-1].hash if used else None,
        counts={"operations": plan.operations},
        known=receipts_known(workspace, company.subject),
        periods=tuple(_periods(workspace, plan)),
    )
    content = BundleContent(
        certificates=certificates(workspace, company, authors | {one.by for one in receipts}),
        documents=documents(workspace, company),
        receipts=[receipt.raw for receipt in receipts],
        ranges=_ranges(workspace, plan, progress),
        private=private_parts(workspace, company),
        media=pictures(workspace, company, plan.originals),
    )
    recipients = {text for item in company.receivers for text in (item.x, item.rec)}
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
            plan.company.name(decode(line))
        yield line


def _periods(workspace: Workspace, plan: _Plan) -> list[str]:
    found: set[str] = set()
    for chain, segment, _checkpoint in plan.segments:
        found |= lookups.months_told(workspace.database, chain.id, segment.first_n, segment.last_n)
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
