"""Receiving: a bundle is checked whole, then taken in by one transaction or not at all."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.reader import BundleSummary, replay, scan
from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import superseded
from learnsite_desktop.oplog.certificates import (
    IncarnationCertificate,
    Request,
    parse_incarnation,
)
from learnsite_desktop.services import enrolment, introductions, media
from learnsite_desktop.services.auto_links import Likenesses
from learnsite_desktop.services.documents import Outcome, learn_tree
from learnsite_desktop.services.intake import Intake
from learnsite_desktop.services.other_versions import STALE
from learnsite_desktop.services.unfit_files import no_bundle
from learnsite_desktop.services.updates import files as update_files
from learnsite_desktop.services.updates.held import PROGRAM, accept
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.ingest import OpState

INBOX = "inbox"


@dataclass(slots=True)
class Received:
    """What became of one file: `outcome` received | held | refused | unenrolled.

    Counts are records except for the operations; `reapplied` names batches brought back,
    `documents` tells of the down documents, those passed over while the rest came in among them,
    `likenesses` the learners that were linked, and by which change, `program` the version that a
    newer program has.
    """

    file: str
    outcome: str = "refused"
    bundle_id: str | None = None
    batch: int | None = None
    kind: str | None = None
    from_unit: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    reapplied: list[int] = field(default_factory=list)
    documents: Outcome = field(default_factory=Outcome)
    likenesses: Likenesses = field(default_factory=Likenesses)
    program: str = ""
    error: Refusal | None = None


COUNTS = (
    "new", "same", "fast_forward", "conflict", "duplicate", "linked", "quarantined", "waiting",
    "operations_new", "operations_held",
)  # fmt: skip


Witness = Callable[["Received", Intake], None]
"""Looks at what a file did, in the transaction of a preview, before that is taken back."""


class _Preview(Exception):
    """Ends the transaction of a preview."""


class _NothingNew(Exception):
    """Ends the transaction of a file received before that brings nothing back."""


class _Unenrolled(Exception):
    """Ends the transaction of a file whose sender is not enrolled."""


def receive(
    workspace: Workspace,
    path: Path,
    *,
    dry_run: bool = False,
    keep_withdrawn: bool = False,
    progress: Progress = silent,
    name: str = "",
    witness: Witness | None = None,
) -> Received:
    """Receive one file; a refusal stands in the result's `error` and changed nothing.

    `name` is what people call the file, if it lies elsewhere for them than at `path`.
    With `dry_run` everything is done and taken back: the preview, at whose end `witness` may look.
    `Cancelled` comes through, after which nothing is changed either.
    """
    result = Received(file=name or str(path))
    held: journal.Batch | None = None
    try:
        if update_files.is_update(path):
            result.kind, result.counts = PROGRAM, dict.fromkeys(COUNTS, 0)
            kept = accept(workspace, path, Path(result.file).name, dry_run=dry_run)
            result.program, result.outcome = kept.held.version, "received" if kept.new else "held"
            return result
        digest = file_digest(path)
        if introductions.is_introduction(path):
            return _introduced(workspace, path, result, dry_run=dry_run)
        held = journal.active_batch_of(workspace.database, digest)
        # Where something was taken back, the file may be what brings it back.
        if held is not None and not journal.count_state(workspace.database, OpState.WITHDRAWN):
            return _again(result, held)
        find = _finder(workspace)
        identities = workspace.keys.device.identities()
        summary = scan(path, identities, find)
        _describe(result, summary)
        _check_names(workspace, summary)
        options = _Options(dry_run, keep_withdrawn, progress, held, witness)
        _take(workspace, path, digest, summary, result, options)
    except Refusal as refusal:
        if refusal.code == "cancelled":
            raise
        if held is not None and refusal.code in STALE:
            return _again(result, held)
        result.outcome = "refused"
        result.error = no_bundle(path) if refusal.code == "not_a_bundle" else refusal
        result.batch, result.counts = None, {}
        result.likenesses = Likenesses()
    return result


def file_digest(path: Path) -> bytes:
    """Return the SHA-256 of a file; Refusal `bundle_unreadable` if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(1024 * 1024):
                digest.update(piece)
    except OSError as error:
        raise BundleError("bundle_unreadable", str(path)) from error
    return digest.digest()


def _require(enrolled: bool) -> None:  # noqa: FBT001 - the question is the argument
    if not enrolled:
        raise _Unenrolled


def _introduced(workspace: Workspace, path: Path, result: Received, *, dry_run: bool) -> Received:
    """Take an introduction in: certificates only, nothing that could be rolled back."""
    given = introductions.read_introduction(path)
    result.kind, result.from_unit = introductions.KIND, given.unit
    result.counts = dict.fromkeys(COUNTS, 0)
    try:
        with workspace.database.transaction():
            new = introductions.take(workspace, given, path)
            _require(new is not None)
            result.outcome = "received" if new else "held"
            _end_preview(dry_run=dry_run)
    except _Unenrolled:
        result.outcome = "unenrolled"
    except _Preview:
        pass
    finally:
        workspace.idents.forget()
    return result


def _again(result: Received, held: journal.Batch) -> Received:
    """The very same file is already here: nothing to read, nothing to do."""
    result.outcome, result.bundle_id, result.batch = "held", held.bundle_id, held.id
    result.kind, result.from_unit = held.kind, held.from_unit
    records = sum(held.counts.get(name, 0) for name in ("new", "same", "fast_forward", "conflict"))
    result.counts = {**dict.fromkeys(COUNTS, 0), "same": records}
    result.counts["operations_held"] = held.operations
    return result


def _finder(workspace: Workspace) -> Any:
    def find(inc: bytes) -> IncarnationCertificate | None:
        body = trust.incarnation(workspace.database, inc)
        return parse_incarnation(body) if body else None

    return find


def _describe(result: Received, summary: BundleSummary) -> None:
    result.bundle_id = summary.bundle_id
    result.kind = summary.header.kind
    result.from_unit = summary.header.from_unit


def _check_names(workspace: Workspace, summary: BundleSummary) -> None:
    """Refuse what is not for this unit, or not from the unit it names."""
    header = summary.header
    if header.to_unit != workspace.unit:
        raise BundleError("wrong_receiver", header.to_unit)
    if summary.sender.unit != header.from_unit:
        raise BundleError("sender_mismatch", header.from_unit)


def _fits_route(workspace: Workspace, summary: BundleSummary) -> bool:
    """Return whether a file comes from where its kind says, as the region tree stands."""
    header = summary.header
    below = lookups.is_within(workspace.database, header.from_unit, workspace.unit)
    above = lookups.is_within(workspace.database, workspace.unit, header.from_unit)
    same = header.from_unit == workspace.unit
    return {
        "up": below and not same,
        "relay": below and not same,
        "down": above and not same,
        "peer": same,
    }[header.kind]


@dataclass(frozen=True, slots=True)
class _Options:
    dry_run: bool
    keep_withdrawn: bool
    progress: Progress
    held: journal.Batch | None
    witness: Witness | None


def _take(
    workspace: Workspace,
    path: Path,
    digest: bytes,
    summary: BundleSummary,
    result: Received,
    options: _Options,
) -> None:
    """Take the file in; undone as a whole for a preview or an unknown sender."""
    try:
        with media.Arrivals(workspace) as arrivals, workspace.database.transaction():
            learned = learn_certificates(workspace, summary)
            _require_sender(workspace, path, summary)
            batch = journal.add_batch(
                workspace.database,
                bundle_id=summary.bundle_id,
                digest=digest,
                kind=summary.header.kind,
                from_unit=summary.header.from_unit,
                received_at=workspace.now(),
                file=Path(result.file).name,
            )
            intake = Intake(
                workspace,
                batch,
                summary,
                arrivals,
                keep_withdrawn=options.keep_withdrawn,
                progress=options.progress,
                new_certificates=learned,
            )
            _take_content(workspace, path, intake, summary, result, options)
            _end_preview(dry_run=options.dry_run)
            arrivals.settle()
    except _Preview:
        workspace.idents.forget()
        result.batch = None
    except _NothingNew:
        workspace.idents.forget()
        if options.held is not None:
            _again(result, options.held)
    except _Unenrolled:
        workspace.idents.forget()
        result.outcome = "unenrolled"
        result.counts = dict.fromkeys(COUNTS, 0)
        if not options.dry_run:
            _keep_in_inbox(workspace, path, digest)
    except BaseException:
        workspace.idents.forget()
        raise


def _is_enrolled(workspace: Workspace, summary: BundleSummary) -> bool:
    """Whether the sender is or was enrolled; what a revoked one wrote is judged line by line."""
    judge = enrolment.authority(workspace)
    return judge.is_known(summary.sender.ed, summary.header.from_unit)


def _require_sender(workspace: Workspace, path: Path, summary: BundleSummary) -> None:
    """Refuse a file from elsewhere, and put one of an unknown computer aside.

    Both depend on the region tree, and a newer one may come in this very file, or later: a file
    from a unit that the tree held here does not know is kept, too.
    """
    for again in (True, False):
        fits = _fits_route(workspace, summary)
        if fits and _is_enrolled(workspace, summary):
            return
        if not again or not learn_tree(workspace, path, summary, _finder(workspace)):
            break
    if not fits and lookups.unit_exists(workspace.database, summary.header.from_unit):
        raise BundleError("sender_mismatch", summary.header.from_unit)
    raise _Unenrolled


def _end_preview(*, dry_run: bool) -> None:
    if dry_run:
        raise _Preview


def _take_content(
    workspace: Workspace,
    path: Path,
    intake: Intake,
    summary: BundleSummary,
    result: Received,
    options: _Options,
) -> None:
    replay(
        path,
        workspace.keys.device.identities(),
        intake,
        _finder(workspace),
        expect=summary.digest,
    )
    result.counts, result.reapplied = intake.finish()
    result.documents = intake.down
    intake.refuse_old_alone()
    if options.held is not None and not result.reapplied:
        raise _NothingNew
    held = result.counts["operations_held"] and not result.counts["operations_new"]
    result.outcome = "held" if held else "received"
    result.batch = intake.batch
    if intake.tail_lost or _is_superseded(workspace):
        workspace.renew_incarnation()
    result.likenesses = intake.look_for_doubles()
    result.counts["duplicate"] = result.likenesses.duplicate
    result.counts["linked"] = len(result.likenesses.links)
    journal.finish_batch(workspace.database, intake.batch, result.counts)
    if options.dry_run and options.witness is not None:
        options.witness(result, intake)


def _is_superseded(workspace: Workspace) -> bool:
    """Whether another computer goes on in this one's name: a restored backup, a copied folder."""
    known = enrolment.known_incarnations(workspace.database)
    return unb64(workspace.inc) in superseded(item.claim for item in known)


def learn_certificates(workspace: Workspace, summary: BundleSummary) -> bool:
    """Store a bundle's certificates and certify the devices whose invite proves itself.

    Returns whether an enrolment or a revocation is new here.
    """
    learned = False
    incarnations = {
        item.inc: item for item in summary.certificates if isinstance(item, IncarnationCertificate)
    }
    for certificate in incarnations.values():
        enrolment.store_incarnation(workspace, certificate)
    requests: list[Request] = []
    for item in summary.certificates:
        if isinstance(item, Request):
            requests.append(item)
        elif not isinstance(item, IncarnationCertificate):
            learned |= enrolment.store_certificate(workspace, item)
    judge = enrolment.authority(workspace)
    for request in requests:
        certificate = incarnations[request.inc]
        if judge.is_known(certificate.ed, certificate.unit):
            continue
        if enrolment.invited(workspace, request, certificate):
            enrolment.enrol(workspace, certificate, request)
            learned = True
    return learned


def _keep_in_inbox(workspace: Workspace, path: Path, digest: bytes) -> None:
    """Copy a file whose sender is not enrolled aside, so that certifying it can find it."""
    target = workspace.subfolder(INBOX) / f"{digest.hex()[:32]}.lsb"
    if not target.exists():
        part = target.with_name(f"{target.name}.part")
        shutil.copyfile(path, part)
        part.replace(target)


def inspect(workspace: Workspace, path: Path) -> dict[str, Any]:
    """Return what a file that may be received is; writes nothing, raises BundleError."""
    if introductions.is_introduction(path):
        return introductions.inspect(workspace, path)
    if update_files.is_update(path):
        return update_files.described(path)
    summary = scan(path, workspace.keys.device.identities(), _finder(workspace))
    header = summary.header
    return {
        "kind": header.kind,
        "from": header.from_unit,
        "to": header.to_unit,
        "bundle_id": summary.bundle_id,
        "at": header.at,
        "counts": summary.counts,
        "periods": list(header.periods),
        "min_reader": header.min_reader,
        "format": header.format,
        "from_inc": b64(header.from_inc),
    }
