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
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.certificates import (
    Checkpoint,
    IncarnationCertificate,
    RevocationCertificate,
)
from learnsite_desktop.oplog.documents import Document, Receipt
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.services import auto_links, enrolment, judging, receipts
from learnsite_desktop.services import documents as down
from learnsite_desktop.services.enclosures import note_known
from learnsite_desktop.services.media import Arrivals, evidence_named
from learnsite_desktop.services.other_versions import elsewhere
from learnsite_desktop.services.vault import KeptPart
from learnsite_desktop.services.wants import Arriving, look_for_gaps
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import journal, lookups, trust
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
        new_certificates: bool = False,
    ) -> None:
        """Journal everything under `batch`; certificates of the bundle are already stored.

        `new_certificates` says whether any of them was not held before.
        """
        self._new_certificates = new_certificates
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
        self._blinds: list[tuple[bytes, int]] = []
        self._receipts: list[Receipt] = []
        self._came = summary.certificates
        self._header = summary.header
        look_for_gaps(workspace)
        self._arriving = Arriving(workspace)
        self._chains: set[int] = set()
        self._silenced = bool(enrolment.own_revocation(workspace))
        self.tail_lost = False
        self.down = down.Outcome()
        self.classes: dict[str, set[int]] = {}
        self.brought_back: set[int] = set()
        self.brings_more = new_certificates

    def documents(self, documents: list[Document]) -> None:
        """Take down documents; what may not count is passed over and named in `down`."""
        outcome = down.take_all(self._workspace, self._authority, documents)
        self.down.passed += outcome.passed
        self.down.taken += outcome.taken
        self.brings_more |= bool(outcome.taken) or outcome.aside
        if any(one.kind == "regions" for one in outcome.taken):
            # Who may write what follows from the tree, for the operations of this very file too.
            self._authority = enrolment.authority(self._workspace)
            self._ingest.ask(enrolment.quarantine(self._workspace, self._authority))

    def refuse_old_alone(self) -> None:
        """Refuse a file that brings nothing but documents which may not count."""
        report = self._ingest.report
        more = self.brings_more or self.tail_lost or report.operations_new
        if self.down.passed and not more:
            raise self.down.passed[0].refusal

    def receipts(self, receipts_: list[Receipt]) -> None:
        """Take receipts of enrolled incarnations."""
        for receipt in receipts_:
            if self._is_enrolled(receipt.by):
                self.brings_more |= receipts.is_newer(self._workspace, receipt)
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
        self._chains.add(chain)
        self.tail_lost |= self._is_lost(head, checkpoint)
        if not self._ingest.note_held(chain, head.n, head.last, hashes[-1]):
            self._ingest.add(chain, self._decoded(head, lines, hashes))
        if checkpoint is not None:
            trust.add_checkpoint(
                self._workspace.database, chain, checkpoint.n, checkpoint.head, checkpoint.sig
            )
        self._done += len(lines)
        self._progress(self._done, self._total, N_("receiving"))

    def _is_lost(self, head: RangeHead, checkpoint: Checkpoint | None) -> bool:
        """Whether operations that we signed under our present name are not here."""
        if checkpoint is None or b64(head.inc) != self._workspace.inc:
            return False
        return not trust.holds_operation(self._workspace.database, checkpoint.head)

    def _decoded(self, head: RangeHead, lines: list[bytes], hashes: list[bytes]) -> list[Incoming]:
        inc, prev = b64(head.inc), head.prev
        items: list[Incoming] = []
        for offset, (line, name) in enumerate(zip(lines, hashes, strict=True)):
            operation = self._operation(head, inc, offset, line, prev)
            if operation.k.startswith("evidence."):
                self._evidence |= evidence_named(operation).keys()
            self._arriving.named(operation)
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
        self._arriving.came(part.commitment for part in parts)
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
        self._blinds += vault.keep_all(kept)
        self.brings_more |= bool(kept)

    def media(self, media_: Media) -> None:
        """Keep a picture that an entry of evidence names; others are passed over.

        What is called an original and is not the picture `of` which it is, is a piece of it.
        """
        piece = media_.kind == "original" and media_.hash != media_.of
        name = b64(media_.of if piece else media_.hash)
        if name not in self._evidence and not lookups.is_evidence(self._workspace.database, name):
            return
        if piece:
            self._arrivals.add_piece(media_.of, media_.content)
        else:
            self._arrivals.add(media_.hash, media_.content)
            self.brings_more = True

    def finish(self) -> tuple[dict[str, int], list[int]]:
        """Merge what is disputed, free what new certificates allow, note outcomes; returns counts.

        Also returns the batches that were brought back because this file builds on them.
        """
        database = self._workspace.database
        self._judge_anew()
        report = self._ingest.finish()
        reapplied = [] if self._keep_withdrawn else self._reapply()
        changed = report.new | report.touched
        self._note_outcomes(changed)
        self._settle_receipts()
        self.down.elsewhere = elsewhere(self._workspace, self._header.from_unit)
        disputed = {record for record, _register in open_conflicts(database)} & changed
        waiting = records_waiting(database) & (changed | report.held)
        self.classes = {
            "new": report.new - disputed - waiting,
            "same": report.held - changed,
            "fast_forward": report.touched - report.new - disputed - waiting,
            "conflict": disputed,
            "quarantined": report.quarantined,
            "waiting": waiting,
        }
        counts = {
            **{name: len(records) for name, records in self.classes.items()},
            "operations_new": report.operations_new,
            "operations_held": report.operations_held,
        }
        self._check(report.operations_new + report.operations_held)
        return counts, reapplied

    def look_for_doubles(self) -> auto_links.Likenesses:
        """Look whom the learners that came may be; link what is certain, as a change of its own.

        Last of all, so that it is written by the incarnation that this computer goes on as.
        """
        if self._silenced:
            return auto_links.Likenesses()
        return auto_links.after_receiving(self._workspace, self._blinds, self._ingest.report)

    def _settle_receipts(self) -> None:
        """Tick the outbox by what came, note what is still missing."""
        database = self._workspace.database
        note_known(self._workspace, self._header)
        units_ = {trust.unit_of_incarnation(database, item.by) for item in self._receipts}
        units_ |= {item.unit for item in self._came if isinstance(item, IncarnationCertificate)}
        if any(isinstance(item, RevocationCertificate) for item in self._came):
            units_ |= {row[2] for row in journal.outbox(database)}
        receipts.tick_outbox(self._workspace, {unit for unit in units_ if unit})
        self._arriving.finish()

    def _check(self, seen: int) -> None:
        """Compare what was journalled with what was read, before the transaction ends."""
        if seen != self._total:
            raise BundleError("hash_mismatch", str(seen))

    def _judge_anew(self) -> None:
        """Let the certificates held now take effect on what was taken in under fewer of them.

        Without revocations they only free; with one, a chain may also be cut where it branches.
        """
        workspace = self._workspace
        self._silenced = judging.tell_own_revocation(workspace)
        if trust.certificates(workspace.database, "revocation"):
            among = None if self._new_certificates else self._chains
            chains = judging.doubtful_chains(workspace, enrolment.authority(workspace), among)
            judging.judge_anew(workspace, self._ingest, chains)
        judging.free(workspace, self._ingest)

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
            self.brought_back = set(restored)
            self._ingest.mark(restored)
            self._ingest.report.touched.update(restored)
            self._ingest.finish()
        return batches

    def _note_outcomes(self, records: set[int]) -> None:
        """Say when a submission of a unit directly below first came in; counts for timeliness."""
        workspace = self._workspace
        if self._silenced:
            return
        writer = Writer(workspace, operator="", label="")
        for key in journal.submissions_among(workspace.database, records):
            stored = record_by_key(workspace.database, key)
            direct = lookups.parent_of(workspace.database, stored.unit) == workspace.unit
            handed_in = direct and "period" in stored.doc  # a lock alone hands nothing in
            if not handed_in or any(name.startswith(_OUTCOME) for name in stored.doc):
                continue
            writer.save(
                kind=stored.kind,
                record=stored.id,
                unit=stored.unit,
                writes={f"{_OUTCOME}{workspace.tier}": workspace.now()},
                verb="outcome",
            )
        writer.finish()
