"""Computers of a small world, each a real folder with its ledger beside it; files in a pool."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from learnsite_desktop.bundle.ranges import RangeHead
from learnsite_desktop.bundle.reader import replay
from learnsite_desktop.bundle.readers.v1 import NullSink
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.certificates import Checkpoint
from learnsite_desktop.services import backups, batches, health, packing, receiving, restoring
from learnsite_desktop.services.enrolment import known_incarnations
from learnsite_desktop.services.workspace import Workspace
from tests.flows import model
from tests.flows.desks import NOW
from tests.flows.model import Batch, Holdings, Ledger, Line
from tests.oracle.merge_oracle import Verdict


@dataclass(frozen=True)
class File:
    """A bundle on the stick: for which unit, the operations in it, which devices can open it.

    `vouched` says whether its sender held a certificate of his own when he packed it.
    """

    path: Path
    unit: str
    operations: frozenset[bytes]
    devices: frozenset[str]
    sender: str
    vouched: bool


class _Names(NullSink):
    """Gathers the names of the operations in a bundle."""

    def __init__(self) -> None:
        self.found: set[bytes] = set()

    def range(
        self,
        head: RangeHead,
        lines: list[bytes],
        hashes: list[bytes],
        checkpoint: Checkpoint | None,
    ) -> None:
        self.found.update(hashes)


class Drawn:
    """Tokens that are the same in every run: salts, ids and nonces of one computer."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._seed} {self._count}".encode()).digest(size)


@dataclass
class Memory:
    """What all computers together ever wrote: lines, who wrote them, their private values."""

    lines: dict[bytes, Line] = field(default_factory=dict)
    writers: dict[bytes, str] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)


class Computer:
    """One computer. Whatever it does, its folder is then compared with the model."""

    def __init__(
        self, name: str, folder: Path, unit: str, memory: Memory, ledger: Ledger | None = None
    ) -> None:
        self.name, self.folder, self.unit, self.memory = name, folder, unit, memory
        self.ledger = ledger or Ledger(model.batches(folder))
        self.saved: tuple[Path, Ledger] | None = None
        self.clock_minutes = 0
        self._tokens = Drawn(name)
        self._open: Workspace | None = None
        self._checked: tuple[Holdings, Ledger] | None = None
        self.holdings = model.read(folder)
        self.verdicts: dict[model.RecordKey, Verdict] = {}
        self.act(lambda workspace: workspace.unit)

    def close(self) -> None:
        """End the program on this computer."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def act(self, work: Callable[[Workspace], Any]) -> Any:
        """Do something with the open workspace, remember what it wrote, compare with the model.

        The clock of the computer may be wrong.
        """
        clock = FixedClock(NOW + timedelta(minutes=self.clock_minutes))
        if self._open is None:
            self._open = Workspace(self.folder, clock, write=True, tokens=self._tokens)
        workspace = self._open
        workspace.clock = clock
        done = work(workspace)
        self._look_again(workspace)
        return done

    def _look_again(self, workspace: Workspace) -> None:
        """Read the database and check it against the model."""
        self.holdings = model.read(self.folder)
        if self._checked == (self.holdings, self.ledger):
            return
        self._remember(workspace)
        self.verdicts = model.check(self.holdings, self.ledger)
        self._checked = self.holdings, self.ledger.copy()
        shown = health.state(workspace)
        assert shown["hash"] == model.state_hash(self.holdings, self.verdicts)
        assert shown["conflicts_open"] == len(self.holdings.conflicts)
        # P16: a fork is reported if and only if two operations follow the same one.
        forked = model.forks(self.holdings.lines.values())
        reported = batches.list_forks(workspace)
        assert {(item["inc"], item["unit"]) for item in reported} == forked
        assert len(reported) == len(forked)

    def _remember(self, workspace: Workspace) -> None:
        for name, line in self.holdings.lines.items():
            if name in self.memory.lines:
                continue
            self.memory.lines[name] = line
            self.memory.writers[name] = self.name
            for commitment in line.commitments.values():
                value = workspace.vault.part(commitment)
                if value is not None:
                    self.memory.private[commitment] = value[1]

    @property
    def held(self) -> frozenset[bytes]:
        """Names of all operations in the log."""
        return frozenset(self.holdings.lines)

    @property
    def device(self) -> str:
        """The public key of this computer; copies of its folder share it."""
        return self.holdings.papers.lives[min(self.holdings.own)][0]

    @property
    def is_silenced(self) -> bool:
        """Whether this computer knows that it was revoked, and writes nothing more."""
        return self.holdings.papers.is_revoked(self.device)

    def opens(self, file: File) -> bool:
        """Whether a file was sealed for this computer."""
        return self.unit == file.unit and self.device in file.devices

    def knows(self, device: str, *, signed: bool = False) -> bool:
        """Whether this computer trusts a device, from the start or (`signed`) by a certificate."""
        papers = self.holdings.papers.enrolments.values()
        return any(one["device"] == device and ("sig" in one or not signed) for one in papers)

    def withdrawn(self) -> set[bytes]:
        """Names of the operations taken back."""
        return {n for n, s in self.holdings.states.items() if s == model.WITHDRAWN}

    def hash(self, within: str = "") -> str:
        """Return the state digest of the units whose codes begin so."""
        return model.state_hash(self.holdings, self.verdicts, within)

    def pack(self, unit: str, out: Path) -> File | None:
        """Pack for a unit; None if there is no computer known there."""

        def work(workspace: Workspace) -> File | None:
            try:
                packed = packing.pack(workspace, unit, out)
            except Refusal as refusal:
                assert refusal.code == "receiver_unknown"  # noqa: PT017 - others fail the test
                return None
            certificates = {c.inc: c for c in known_incarnations(workspace.database)}
            sink = _Names()
            path = packed.written.path
            replay(path, workspace.keys.device.identities(), sink, certificates.get)
            assert len(sink.found) == packed.operations
            self._check_receipts(packed)
            return File(
                path,
                unit,
                frozenset(sink.found),
                self.holdings.papers.devices(unit),
                self.device,
                self.knows(self.device, signed=True),
            )

        found: File | None = self.act(work)
        if found is not None:
            assert not found.operations & self.withdrawn()
        return found

    def _check_receipts(self, packed: packing.Packed) -> None:
        """P11: a receipt covers what is held without a gap, withdrawn operations not, no less."""
        kept = [
            line
            for line in model.read(self.folder).lines.values()
            if line.hash not in self.withdrawn()
        ]
        units = {receipt.unit for receipt in packed.receipts}
        expected = {
            chain: heads for chain, heads in model.branches(kept).items() if chain[1] in units
        }
        covered = {
            (model.b64(holding.inc), holding.unit): sorted(holding.heads)
            for receipt in packed.receipts
            for holding in receipt.holds
            if holding.unit == receipt.unit
        }
        assert covered == expected

    def receive(self, file: File, *, keep_withdrawn: bool = False) -> receiving.Received:
        """Receive a file; the ledger and the figures it reports must fit.

        A file whose sender neither holds a certificate nor is known or invited here is put aside:
        when both were restored from backups made before the township certified him.
        """
        held, withdrawn = self.held, self.withdrawn()
        stranger = not file.vouched and not self.knows(file.sender)

        def work(workspace: Workspace) -> receiving.Received:
            found = receiving.receive(workspace, file.path, keep_withdrawn=keep_withdrawn)
            assert found.error is None, found.error
            assert found.outcome in {"received", "held"} | ({"unenrolled"} if stranger else set())
            if found.batch is not None and found.batch not in self.ledger.batches:
                brought = file.operations - (withdrawn if keep_withdrawn else set())
                self.ledger.batches[found.batch] = Batch(brought)
            for number in found.reapplied:
                self.ledger.batches[number].active = True
            return found

        found: receiving.Received = self.act(work)
        if found.outcome == "unenrolled":
            assert self.held == held
            return found
        assert self.knows(file.sender)  # by its own invite at least
        assert found.counts["operations_new"] == len(file.operations - held)
        assert file.operations <= self.held
        if not keep_withdrawn:
            assert not file.operations & self.withdrawn()
            self._check_nothing_builds_on_withdrawn(file)
        return found

    def _check_nothing_builds_on_withdrawn(self, file: File) -> None:
        """What a file brings is whole; what is held apart in it needs nothing brought back."""
        withdrawn, states = self.withdrawn(), self.holdings.states
        todo = [name for name in file.operations if states[name] != model.QUARANTINED]
        seen = set(todo)
        while todo:
            parents = map(model.unb64, self.holdings.lines[todo.pop()].body.get("par", ()))
            for parent in parents:
                assert parent not in withdrawn
                known = states.get(parent, model.QUARANTINED) != model.QUARANTINED
                if known and parent not in seen:
                    seen.add(parent)
                    todo.append(parent)

    def brought_alone(self, number: int) -> bool:
        """Whether rolling an active batch back would withdraw something."""
        return bool(self._going(number))

    def _going(self, number: int) -> set[bytes]:
        """Return what rolling an active batch back would withdraw."""
        trial = self.ledger.copy()
        trial.batches[number].active = False
        return trial.withdrawn(self._own()) - self.ledger.withdrawn(self._own())

    def _own(self) -> set[bytes]:
        own = self.holdings.own
        return {n for n, line in self.holdings.lines.items() if line.body["inc"] in own}

    def turn_back(self, number: int) -> bool:
        """Roll a batch back, or re-apply it; False if that is refused."""
        batch = self.ledger.batches[number]
        before = self.hash()
        going = self._going(number) if batch.active else set()
        locked = model.covered(self.holdings, self.verdicts, going)
        refused: list[str] = []

        def work(workspace: Workspace) -> bool:
            try:
                if batch.active:
                    batches.rollback(workspace, number)
                else:
                    batches.reapply(workspace, number)
            except Refusal as refusal:
                assert batch.active
                refused.append(refusal.code)
                return False
            batch.active = not batch.active
            return True

        done: bool = self.act(work)
        assert done or self.hash() == before
        assert set(refused) <= {"batch_relayed", "period_locked"}
        assert locked or "period_locked" not in refused
        assert not (done and locked), "what a lock covers was taken back"
        return done

    def back_up(self, folder: Path) -> None:
        """Write a backup file; the ledger of this moment goes with it."""
        path = self.act(lambda workspace: Path(backups.backup(workspace, folder)["path"]))
        self.saved = path, self.ledger.copy()

    def restore(self) -> None:
        """Lose the folder and put the newest backup in its place."""
        assert self.saved is not None
        path, ledger = self.saved
        self.close()
        shutil.rmtree(self.folder)
        restoring.restore(self.folder, path, FixedClock(NOW))
        self.ledger = ledger.copy()
        self.name += "+"
        self._tokens = Drawn(self.name)
        self.act(lambda workspace: workspace.unit)

    def clone(self, folder: Path, name: str) -> "Computer":
        """Copy the folder; the copy is another computer from now on."""
        self.close()
        shutil.copytree(self.folder, folder)
        copy = Computer(name, folder, self.unit, self.memory, self.ledger.copy())
        copy.saved = self.saved
        return copy

    def check_deep(self) -> None:
        """P18: what stands there is what a rebuild from log and journal gives."""

        def work(workspace: Workspace) -> None:
            found = health.check(workspace, deep=True)
            assert not found["problems"], found["problems"]

        self.act(work)
