"""Taking the content of one bundle in: the sink that the reader feeds inside the transaction."""

from typing import Final

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.payloads import Media, PrivatePart
from learnsite_desktop.bundle.ranges import RangeHead
from learnsite_desktop.bundle.reader import BundleSummary
from learnsite_desktop.bundle.readers.v1 import NullSink
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.certificates import Checkpoint
from learnsite_desktop.oplog.documents import Document, Receipt
from learnsite_desktop.oplog.line import Operation, decode, line_hash
from learnsite_desktop.services import duplicates, enrolment, receipts, units
from learnsite_desktop.services.duplicates import NAME
from learnsite_desktop.services.media import Arrivals, evidence_named
from learnsite_desktop.services.vault import KeptPart
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.chains import note_range
from learnsite_desktop.store.ingest import Incoming, Ingest
from learnsite_desktop.store.records import open_conflicts, record_by_key, records_waiting

_OUTCOME: Final = "outcome."


class Intake(NullSink):
    """Feeds one bundle into the log; `finish` merges, settles and counts."""

    def __init__(
        self,
        workspace: Workspace,
        batch: int,
        summary: BundleSummary,
        arrivals: Arrivals,
        *,
        keep_withdrawn: bool,
        progress: Progress,
    ) -> None:
        """Journal everything under `batch`; certificates of the bundle are already stored."""
        self._workspace = workspace
        self.batch = batch
        self._total = summary.counts.get("operations", 0)
        self._keep_withdrawn = keep_withdrawn
        self._progress = progress
        self._authority = enrolment.authority(workspace)
        self._ingest = Ingest(
            workspace.database,
            workspace.idents,
            quarantine=enrolment.quarantine(workspace, self._authority),
            batch=batch,
            keep_withdrawn=keep_withdrawn,
        )
        self._arrivals = arrivals
        self._evidence: set[object] = set()
        self._done = 0
        self._named: list[tuple[int, object]] = []
        self._receipts: list[Receipt] = []
        self.tail_lost = False

    def documents(self, documents: list[Document]) -> None:
        """Take down documents; an older version than the one held refuses the whole file."""
        for document in documents:
            if not self._authority.may_publish(document.by, document.scope):
                raise BundleError("document_forbidden", document.kind)
            held = trust.document(self._workspace.database, document.kind, document.scope)
            if held is not None and not document.require_newer_than(held[0], held[1]):
                continue
            store_document(self._workspace, document)

    def receipts(self, receipts_: list[Receipt]) -> None:
        """Take receipts of enrolled incarnations."""
        for receipt in receipts_:
            if self._is_enrolled(receipt.by):
                self._receipts.append(receipt)
                self.tail_lost |= receipts.accept_receipt(self._workspace, receipt)

    def _is_enrolled(self, inc: bytes) -> bool:
        unit = trust.unit_of_incarnation(self._workspace.database, inc)
        device = trust.device_of_incarnation(self._workspace.database, inc)
        return device is not None and self._authority.is_enrolled(device, unit)

    def range(
        self,
        head: RangeHead,
        lines: list[bytes],
        hashes: list[bytes],
        checkpoint: Checkpoint | None,
    ) -> None:
        """Take consecutive operations of one chain."""
        chain = self._workspace.idents.chain(b64(head.inc), head.unit)
        if not self._ingest.note_held(chain, head.n, head.last, hashes[-1]):
            self._ingest.add(chain, self._decoded(head, lines, hashes))
            note_range(self._workspace.database, chain, head.n, head.prev, head.last, hashes[-1])
        if checkpoint is not None:
            trust.add_checkpoint(
                self._workspace.database, chain, checkpoint.n, checkpoint.head, checkpoint.sig
            )
        self._done += len(lines)
        self._progress(self._done, self._total, N_("receiving"))

    def _decoded(self, head: RangeHead, lines: list[bytes], hashes: list[bytes]) -> list[Incoming]:
        inc, prev = b64(head.inc), head.prev
        items: list[Incoming] = []
        for offset, (line, name) in enumerate(zip(lines, hashes, strict=True)):
            operation = self._operation(head, inc, offset, line, prev)
            if operation.k.startswith("evidence."):
                self._evidence |= evidence_named(operation).keys()
            items.append(Incoming(line, name, operation))
            prev = name
        return items

    def _operation(
        self, head: RangeHead, inc: str, offset: int, line: bytes, prev: bytes
    ) -> Operation:
        try:
            operation = decode(line)
        except Refusal as refusal:
            raise BundleError(refusal.code, f"{inc} {head.unit} {head.n + offset}") from refusal
        if (
            operation.inc != inc
            or operation.un != head.unit
            or operation.n != head.n + offset
            or operation.prev != b64(prev)
        ):
            raise BundleError("chain_broken", f"{inc} {head.unit} {head.n + offset}")
        return operation

    def private(self, parts: list[PrivatePart]) -> None:
        """Keep private values, sealed under this workspace's key."""
        idents, vault = self._workspace.idents, self._workspace.vault
        held = vault.held([part.commitment for part in parts])
        new = [part for part in parts if part.commitment not in held]
        idents.intern({part.record for part in new})
        kept = [
            KeptPart(
                idents.ident(part.record), part.register, part.commitment, part.salt, part.value
            )
            for part in new
        ]
        vault.keep_all(kept)
        self._named += [(part.ident, part.value) for part in kept if part.register == NAME]

    def media(self, media_: Media) -> None:
        """Keep a picture that an entry of evidence names; others are passed over."""
        name = b64(media_.hash)
        if name in self._evidence or lookups.is_evidence(self._workspace.database, name):
            self._arrivals.add(media_.hash, media_.content)

    def finish(self) -> tuple[dict[str, int], list[int]]:
        """Merge what is disputed, free what new certificates allow, note outcomes; returns counts.

        Also returns the batches that were brought back because this file builds on them.
        """
        database = self._workspace.database
        self._free_quarantined()
        report = self._ingest.finish()
        reapplied = [] if self._keep_withdrawn else self._reapply()
        changed = report.new | report.touched
        self._note_outcomes(changed)
        receipts.tick_outbox(self._workspace)
        disputed = {record for record, _register in open_conflicts(database)} & changed
        waiting = records_waiting(database) & (changed | report.held)
        counts = {
            "new": len(report.new - disputed - waiting),
            "same": len(report.held - changed),
            "fast_forward": len(report.touched - report.new - disputed - waiting),
            "conflict": len(disputed),
            "duplicate": duplicates.count_candidates(self._workspace, self._named, report.new),
            "quarantined": len(report.quarantined),
            "waiting": len(waiting),
            "operations_new": report.operations_new,
            "operations_held": report.operations_held,
        }
        self._check(report.operations_new + report.operations_held)
        return counts, reapplied

    def _check(self, seen: int) -> None:
        """Compare what was journalled with what was read, before the transaction ends."""
        if seen != self._total:
            raise BundleError("hash_mismatch", str(seen))

    def _free_quarantined(self) -> None:
        """Let operations take part whose author has been enrolled since."""
        judge = enrolment.quarantine(self._workspace, self._authority)
        for operation, record, line in journal.quarantined_operations(self._workspace.database):
            if judge(decode(line), line_hash(line)) is None:
                journal.free_quarantined(self._workspace.database, operation)
                self._ingest.mark([record])

    def _reapply(self) -> list[int]:
        """Bring rolled-back batches back, whole, that this file contains or builds on.

        Also those that a unit above has acknowledged by a receipt in it.
        """
        database = self._workspace.database
        acknowledged = receipts.acknowledged_above(self._workspace, self._receipts)
        batches = journal.withdrawn_batches_behind(database, self.batch, acknowledged)
        for number in batches:
            journal.set_batch_state(database, number, "active")
        if batches:
            restored = journal.settle_withdrawals(database)
            self._ingest.mark(restored)
            self._ingest.report.touched.update(restored)
            self._ingest.finish()
        return batches

    def _note_outcomes(self, records: set[int]) -> None:
        """Say when a submission of a unit directly below first came in; counts for timeliness."""
        workspace = self._workspace
        writer = Writer(workspace, operator="", label="")
        for key in journal.submissions_among(workspace.database, records):
            stored = record_by_key(workspace.database, key)
            direct = lookups.parent_of(workspace.database, stored.unit) == workspace.unit
            if not direct or any(name.startswith(_OUTCOME) for name in stored.doc):
                continue
            writer.save(
                kind=stored.kind,
                record=stored.id,
                unit=stored.unit,
                writes={f"{_OUTCOME}{workspace.tier}": workspace.now()},
                verb="outcome",
            )
        writer.finish()


def store_document(workspace: Workspace, document: Document) -> None:
    """Store a down document and put it in force."""
    database = workspace.database
    trust.put_document(
        database,
        kind=document.kind,
        scope=document.scope,
        version=document.version,
        name=document.hash,
        body=document.raw,
    )
    if document.kind == "regions":
        units.store_tree(database, RegionTree.of(document.body))
