"""What a file that has come brings, before it is taken in, in the words of the trade."""

from dataclasses import dataclass, field
from pathlib import Path

from learnsite_desktop.bundle.ranges import RangeHead
from learnsite_desktop.bundle.reader import replay
from learnsite_desktop.bundle.readers.v1 import NullSink
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.certificates import (
    Checkpoint,
    IncarnationCertificate,
    parse_incarnation,
)
from learnsite_desktop.oplog.documents import Document, Receipt
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.services.receiving import Received, receive
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust
from learnsite_desktop.store.figures import unit_name

_RETURN, _CLOSE = "return.", "return.close"


@dataclass(slots=True)
class Arrival:
    """A file at hand: who packed it when, and what in it is new here.

    `receipts` are (number, code of the unit that gives it) about this unit; `returns` counts fields
    sent back to this unit; `documents` are kinds of down documents. `error` says why the file
    cannot be taken in; then nothing else is known.
    """

    file: Path
    result: Received
    from_name: str = ""
    at: str = ""
    periods: tuple[str, ...] = ()
    receipts: list[tuple[int, str]] = field(default_factory=list)
    returns: int = 0
    documents: list[str] = field(default_factory=list)

    @property
    def error(self) -> Refusal | None:
        """Why the file cannot be taken in."""
        return self.result.error

    @property
    def changes(self) -> int:
        """How many records it would create or change here."""
        return sum(self.result.counts.get(name, 0) for name in ("new", "fast_forward", "conflict"))


class _Contents(NullSink):
    """Notes what is in a bundle and not here yet."""

    def __init__(self, workspace: Workspace, arrival: Arrival) -> None:
        self._workspace = workspace
        self._arrival = arrival

    def receipts(self, receipts: list[Receipt]) -> None:
        """Note receipts about this unit."""
        for receipt in receipts:
            database = self._workspace.database
            giver = trust.unit_of_incarnation(database, receipt.by)
            about = receipt.unit == self._workspace.unit != giver
            if about and giver and trust.receipt(database, receipt.hash) is None:
                self._arrival.receipts.append((receipt.number, giver))

    def documents(self, documents: list[Document]) -> None:
        """Note documents newer than those held."""
        for document in documents:
            held = trust.document(self._workspace.database, document.kind, document.scope)
            if held is None or held[0] < document.version:
                self._arrival.documents.append(document.kind)

    def range(
        self,
        head: RangeHead,
        lines: list[bytes],
        hashes: list[bytes],
        checkpoint: Checkpoint | None,
    ) -> None:
        """Count returns to this unit."""
        del checkpoint
        if head.unit != self._workspace.unit:
            return
        for line, name in zip(lines, hashes, strict=True):
            if b'"k":"return.' not in line:
                continue
            operation = decode(line)
            asks = operation.k.startswith(_RETURN) and operation.k != _CLOSE
            if asks and not trust.holds_operation(self._workspace.database, name):
                self._arrival.returns += 1


def look_at(workspace: Workspace, path: Path, *, progress: Progress = silent) -> Arrival:
    """Return what a file would bring; nothing is kept. The workspace must be open for writing."""
    result = receive(workspace, path, dry_run=True, progress=progress)
    arrival = Arrival(path, result)
    if result.error is not None:
        return arrival
    if result.bundle_id is None:
        return arrival  # a newer program, or what makes computers known: there is nothing sealed
    if result.from_unit:
        arrival.from_name = unit_name(workspace.database, result.from_unit)

    def find(inc: bytes) -> IncarnationCertificate | None:
        body = trust.incarnation(workspace.database, inc)
        return parse_incarnation(body) if body else None

    identities = workspace.keys.device.identities()
    header = replay(path, identities, _Contents(workspace, arrival), find).header
    arrival.at, arrival.periods = header.at, tuple(header.periods)
    return arrival
