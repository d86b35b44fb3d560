"""Random histories over real folders: what holds of the design whatever people and computers do.

P1 the state is a function of operations, certificates and withdrawals · P2 any order, split and
repetition converges · P3 receiving twice is receiving once · P4 a part, then the rest, is all at
once · P5 nothing acknowledged is lost from every surviving computer · P6 nobody is in conflict with
himself · P7 conflicts are the oracle's · P8 settling one closes it, two ways of settling open one ·
P9 no deletion hides an edit · P10 groups show one author's values · P11 receipts cover what is held
· P13 what is refused changes nothing · P14 what a newer program writes travels unchanged · P15
clocks decide nothing · P16 forks are reported · P17 only who may write is taken at its word · P18
rebuilding gives what stands there. P12, what a relay passes on proves itself, is held against a
dishonest township in `tests/reliability/test_honesty.py`.
"""

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.line import decode, line_hash
from learnsite_desktop.services import backups, conflicts, devices, drafts, receiving, records
from learnsite_desktop.services.capture import capture
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.chains import next_place
from learnsite_desktop.store.ingest import Incoming, Ingest
from learnsite_desktop.store.rebuild import rebuild
from tests.flows import model
from tests.flows.computers import Computer, File, Memory
from tests.flows.desks import (
    COUNTY,
    TOWNSHIP,
    VILLAGES,
    Desk,
    found_county,
    open_desk,
    ring,
    village_entries,
)
from tests.flows.township_rules import WHICH, WHO, TownshipRules
from tests.support import files_of, table_dump

STEPS = 24
ROUNDS = 8
VILLAGE, SISTER = VILLAGES[:2]
WITHIN = {COUNTY: COUNTY[:6], TOWNSHIP: TOWNSHIP[:9], VILLAGE: VILLAGE, SISTER: SISTER}
ABOVE_TOWNSHIP = {"name", "birth", "why", "text"}
CLOCKS = (-60 * 24 * 365 * 10, -90, 0, 1, 60 * 24 * 40)
CHANGES: Mapping[str, tuple[tuple[str, object], ...]] = {
    "learner": (("name", "王大明"), ("mobile", "13800138000"), ("sex", "F"), ("sex", "M")),
    "site": (("name", "新教学点"), ("opened", "2019-01-01"), ("closed", "2027-12-31")),
    "session": (("start", "08:45"), ("end", "10:45"), ("notes", "下雨"), ("notes", None)),
    "activity": (("title", "国画班"), ("title", "合唱班"), ("planned_sessions", 8)),
}
CHANGE = st.integers(0, 3)
UNDO_REFUSALS = {
    "change_unknown", "changed_since", "lock_not_undone", "received_not_deletable",
}  # fmt: skip


class Loop(TownshipRules, RuleBasedStateMachine):
    """People at several computers, and a stick with files between them."""

    def __init__(self, template: Path, names: Mapping[str, str]) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(dir=template.parent))
        self.stick = self.root / "stick"
        self.memory = Memory()
        self.computers: list[Computer] = []
        for name, unit in names.items():
            shutil.copytree(template / name, self.root / name)
            computer = Computer(name, self.root / name, unit, self.memory)
            computer.saved = template / f"{name}.lsk", computer.ledger.copy()
            self.computers.append(computer)
        self.pool: list[File] = []
        self.taken_back = False
        self.drafted: set[model.RecordKey] = set()
        self.revoked: dict[str, Path] = {}
        self.judged_apart = self.granted = False
        self.known_at_first = len(self.memory.lines)

    # -- who and what ------------------------------------------------------------------------

    def computer(self, who: int) -> Computer:
        return self.computers[who % len(self.computers)]

    def writer(self, who: int) -> Computer:
        """Return a computer that does not know itself to be revoked."""
        at_work = [c for c in self.computers if not c.is_silenced]
        return at_work[who % len(at_work)]

    def clerk(self, who: int) -> Computer:
        """Return a computer of a village that is at work; the township's if there is none."""
        clerks = [c for c in self.computers if c.unit in VILLAGES and not c.is_silenced]
        return clerks[who % len(clerks)] if clerks else self.writer(who)

    def chosen(self, computer: Computer, which: int) -> model.RecordKey | None:
        """Return a record shown there that may be changed."""
        keys = sorted(
            key
            for key, verdict in computer.verdicts.items()
            if verdict.heads and not verdict.deleted and key[1] in CHANGES
        )
        return keys[which % len(keys)] if keys else None

    def others(self, computer: Computer) -> list[str]:
        """Return the units that a computer may pack for."""
        units = {c.unit for c in self.computers}
        place = [computer.unit, *(COUNTY, TOWNSHIP)]
        near = {TOWNSHIP} if computer.unit in VILLAGES else units - {TOWNSHIP}
        if computer.unit == COUNTY:
            near = {TOWNSHIP}
        return sorted((near | {place[0]}) & units)

    # -- writing -----------------------------------------------------------------------------

    def change(self, computer: Computer, key: model.RecordKey, number: int) -> None:
        """Set a field of a record; refusals by the rules of entry are fine and write nothing."""
        field, value = CHANGES[key[1]][number % len(CHANGES[key[1]])]
        before = computer.held

        def work(workspace: Workspace) -> bool:
            stored = records.require_record(workspace, key[0])
            result = records.edit(workspace, stored, {field: value}, why="核实")
            return not result.refused

        if not computer.act(work):
            assert computer.held == before

    @rule(who=WHO, which=WHICH, number=CHANGE, minutes=st.sampled_from(CLOCKS))
    def edit(self, who: int, which: int, number: int, minutes: int) -> None:
        """Change a record. P15: the clock of the computer may have been set just before."""
        computer = self.writer(who)
        computer.clock_minutes = minutes
        key = self.chosen(computer, which)
        if key is not None:
            self.change(computer, key, number)

    @rule(one=WHO, other=WHO, which=WHICH, number=CHANGE)
    def edit_apart(self, one: int, other: int, which: int, number: int) -> None:
        """Two people change the same record without knowing of each other."""
        first, second = self.writer(one), self.writer(other)
        key = self.chosen(first, which)
        if key is not None:
            self.change(first, key, number)
            seen = second.verdicts.get(key)
            if seen is not None and seen.heads and not seen.deleted:
                self.change(second, key, number + 1)

    @rule(who=WHO, which=WHICH, number=CHANGE)
    def draft(self, who: int, which: int, number: int) -> None:
        """Begin to change a record; the change is saved when something is packed."""
        computer = self.writer(who)
        key = self.chosen(computer, which)
        if key is None:
            return
        field, value = CHANGES[key[1]][number % len(CHANGES[key[1]])]
        self.drafted.add(key)
        before = computer.hash()
        computer.act(lambda ws: drafts.commit_field(ws, key[1], key[0], field, value))
        assert computer.hash() == before, "a draft is not counted"

    @rule(who=WHO, ref=st.integers(0, 2))
    def create(self, who: int, ref: int) -> None:
        """Make a record; the same ref on two computers of a village makes one record."""
        computer = self.clerk(who)
        entry = {"ref": f"new{ref}", "name": f"赵新生{ref}", "sex": "F", "birth": "1960-01-02"}
        document = {"v": 1, "source": "machine", "learners": [entry]}

        def work(workspace: Workspace) -> int:
            return capture(workspace, document).refused

        assert computer.act(work) in (0, 1)

    @rule(who=WHO, which=st.integers(0, 1), status=st.sampled_from(["P", "L", "A", None]))
    def mark(self, who: int, which: int, status: str | None) -> None:
        """Mark somebody in the roll call of a session."""
        computer = self.clerk(who)
        sessions = [k for k, v in computer.verdicts.items() if k[1] == "session" and not v.deleted]
        learners = sorted(k[0] for k in computer.verdicts if k[1] == "learner")
        if not sessions or len(learners) < 2:
            return
        call = {"session": sessions[0][0], "rows": [{"learner": learners[which], "status": status}]}
        document = {"v": 1, "source": "machine", "rollcalls": [call]}
        computer.act(lambda ws: capture(ws, document).refused)

    @rule(who=WHO)
    def submit(self, who: int) -> None:
        """Hand a period in: receiving it makes the unit above write an outcome."""
        document = {"v": 1, "source": "machine", "submissions": [{"period": "2026-03"}]}
        self.clerk(who).act(lambda ws: capture(ws, document).refused)

    @rule(who=WHO, which=WHICH)
    def delete(self, who: int, which: int) -> None:
        """Delete by a capture file, which may name what a unit above has acknowledged."""
        computer = self.writer(who)
        key = self.chosen(computer, which)
        if key is None:
            return

        def work(workspace: Workspace) -> None:
            stored = records.require_record(workspace, key[0])
            gone = {"kind": stored.kind, "record": stored.id, "why": "重复"}
            document = {"v": 1, "source": "machine", "unit": stored.unit, "deletes": [gone]}
            assert not capture(workspace, document).refused

        computer.act(work)
        assert computer.verdicts[key].deleted or computer.verdicts[key].conflicts

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        """Take the last change back by a new one; a deleted record lives again."""

        def work(workspace: Workspace) -> None:
            try:
                records.undo(workspace, None)
            except Refusal as refusal:
                assert refusal.code in UNDO_REFUSALS  # noqa: PT017

        self.writer(who).act(work)

    def disputed(self) -> list[Computer]:
        return [c for c in self.computers if c.holdings.conflicts and not c.is_silenced]

    @precondition(lambda self: self.disputed())
    @rule(who=WHO, which=WHICH, own=st.booleans())
    def resolve(self, who: int, which: int, own: bool) -> None:
        at = self.disputed()
        computer = at[who % len(at)]
        found = sorted(computer.holdings.conflicts)
        self.settle_dispute(computer, *found[which % len(found)], which, own=own)

    @precondition(lambda self: self.disputed_twice())
    @rule(which=WHICH)
    def resolve_apart(self, which: int) -> None:
        """P8: two people settle the same dispute, each in his own way, and then meet."""
        found = self.disputed_twice()
        first, second, (key, register) = found[which % len(found)]
        for turn, computer in enumerate((first, second)):
            self.settle_dispute(computer, key, register, which + turn, own=False)
        file = first.pack(second.unit, self.stick) if second.unit in self.others(first) else None
        if file is None or not second.opens(file):
            return
        self.pool.append(file)
        second.receive(file)

    def disputed_twice(self) -> list[tuple[Computer, Computer, tuple[model.RecordKey, str]]]:
        """Return what is disputed at two computers, each not knowing of the other's decision."""
        at = self.disputed()
        return [
            (first, second, dispute)
            for index, first in enumerate(at)
            for second in at[index + 1 :]
            for dispute in sorted(first.holdings.conflicts & second.holdings.conflicts)
        ]

    def settle_dispute(
        self, computer: Computer, key: model.RecordKey, register: str, which: int, *, own: bool
    ) -> None:
        """Settle a dispute by one of the values, or a deletion by a word of one's own."""

        def work(workspace: Workspace) -> None:
            stored = records.require_record(workspace, key[0])
            rows = conflicts.list_conflicts(workspace)
            (row,) = (r for r in rows if (r["record"], r["field"]) == (key[0], register))
            values = row["values"]
            if own and register == "_deleted":
                conflicts.resolve(workspace, stored, register, value=bool(which % 2))
            else:
                keep = values[which % len(values)]["op"]
                conflicts.resolve(workspace, stored, register, keep=keep)

        try:
            computer.act(work)
        except Refusal as refusal:
            # Who objected to a correction has had his word: the unit above decides.
            assert refusal.code == "objection_pending"  # noqa: PT017 - others fail the test
            assert (key, register) in computer.holdings.conflicts
        else:
            assert (key, register) not in computer.holdings.conflicts

    @rule(who=WHO, which=WHICH)
    def write_with_a_newer_program(self, who: int, which: int) -> None:
        """P14: registers, kinds and keys that this program does not know."""
        computer = self.clerk(who)
        key = self.chosen(computer, which)
        if key is None:
            return
        parents = [model.b64(name) for name in computer.verdicts[key].heads]

        def work(workspace: Workspace) -> None:
            with workspace.database.transaction():
                chain = workspace.idents.chain(workspace.inc, key[2])
                n, prev = next_place(workspace.database, chain)
                body = {
                    "v": 1,
                    "inc": workspace.inc,
                    "un": key[2],
                    "n": n,
                    "prev": model.b64(prev),
                    "k": f"{key[1]}.blend",
                    "r": key[0],
                    "par": sorted(parents),
                    "f": {"later": ["值", which]},
                    "at": workspace.now(),
                    "u": "",
                    "sv": 99,
                    "weather": {"rain": [True, None]},
                }
                line = model.canonical(body)
                name = line_hash(line)
                ingest = Ingest(workspace.database, workspace.idents)
                ingest.add(chain, [Incoming(line, name, decode(line))])
                ingest.finish()

        if len(parents) <= 64:
            computer.act(work)

    # -- exchanging --------------------------------------------------------------------------

    @rule(who=WHO, where=WHICH)
    def pack(self, who: int, where: int) -> None:
        computer = self.computer(who)
        units = self.others(computer)
        file = computer.pack(units[where % len(units)], self.stick)
        if file is not None:
            self.pool.append(file)

    @rule(who=WHO, where=WHICH, other=WHO, again=st.booleans())
    def hand_over(self, who: int, where: int, other: int, again: bool) -> None:
        """Pack and receive at once."""
        computer = self.computer(who)
        units = self.others(computer)
        file = computer.pack(units[where % len(units)], self.stick)
        if file is not None:
            self.pool.append(file)
            self.deliver(file, other, again=again)

    @rule(one=WHO, other=WHO)
    def meet(self, one: int, other: int) -> None:
        """Two computers near each other exchange what they have, both ways."""
        first, second = self.computer(one), self.computer(other)
        if second.unit not in self.others(first) or first is second:
            return
        for giver, taker in ((first, second), (second, first)):
            file = giver.pack(taker.unit, self.stick)
            if file is not None:
                self.pool.append(file)
                if taker.opens(file):
                    taker.receive(file)

    def deliver(
        self, file: File, who: int, *, again: bool = False, keep_withdrawn: bool = False
    ) -> None:
        at = [c for c in self.computers if c.opens(file)]
        if not at:
            return
        computer = at[who % len(at)]
        computer.receive(file, keep_withdrawn=keep_withdrawn)
        if again:
            # P3
            before = computer.hash(), computer.holdings
            found = computer.receive(file, keep_withdrawn=keep_withdrawn)
            assert found.counts["operations_new"] == 0
            assert (computer.hash(), computer.holdings) == before

    @precondition(lambda self: self.pool)
    @rule(which=WHICH, who=WHO, again=st.booleans(), keep_withdrawn=st.booleans())
    def receive(self, which: int, who: int, again: bool, keep_withdrawn: bool) -> None:
        """Receive any file of the stick: the newest, a stale one, one received before."""
        file = self.pool[which % len(self.pool)]
        self.deliver(file, who, again=again, keep_withdrawn=keep_withdrawn)

    @precondition(lambda self: self.pool)
    @rule(which=WHICH, who=WHO, share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 8))
    def receive_damaged(self, which: int, who: int, share: float, bit: int) -> None:
        """P13"""
        file = self.pool[which % len(self.pool)]
        raw = bytearray(file.path.read_bytes())
        place = int(share * len(raw))
        if bit == 8:
            del raw[place:]
        else:
            raw[place] ^= 1 << bit
        path = self.root / "damaged.lsb"
        path.write_bytes(raw)
        at = [c for c in self.computers if c.unit == file.unit]
        computer = at[who % len(at)]
        before = table_dump(computer.folder), files_of(computer.folder / "media")
        found = computer.act(lambda workspace: receiving.receive(workspace, path))
        assert found.outcome == "refused"
        assert (table_dump(computer.folder), files_of(computer.folder / "media")) == before

    def turnable(self, computer: Computer) -> list[int]:
        """Return batches, newest first, that are rolled back or brought something of their own."""
        return [
            number
            for number, batch in sorted(computer.ledger.batches.items(), reverse=True)
            if not batch.active or computer.brought_alone(number)
        ]

    @rule(who=WHO, which=st.integers(0, 2), where=WHICH)
    def turn_back(self, who: int, which: int, where: int) -> None:
        """Roll one of the newest batches back, or re-apply it, and pack without it."""
        at = [c for c in self.computers if self.turnable(c)]
        if at:
            computer = at[who % len(at)]
            numbers = self.turnable(computer)
            self.taken_back |= computer.turn_back(numbers[which % len(numbers)])
            self.pack(self.computers.index(computer), where)

    # -- accidents ---------------------------------------------------------------------------

    @rule(who=WHO)
    def back_up(self, who: int) -> None:
        self.computer(who).back_up(self.root / "backups")

    @rule(who=WHO)
    def restore(self, who: int) -> None:
        self.computer(who).restore()

    @precondition(lambda self: len(self.computers) < 5)
    @rule(who=WHO)
    def clone(self, who: int) -> None:
        computer = self.computer(who)
        name = f"clone{len(self.computers)}"
        self.computers.append(computer.clone(self.root / name, name))

    @rule(who=WHO)
    def rebuild(self, who: int) -> None:
        """P18"""
        computer = self.computer(who)

        def work(workspace: Workspace) -> None:
            with workspace.database.transaction():
                rebuild(workspace.database)

        computer.check_deep()
        computer.act(work)
        computer.check_deep()

    # -- the end -----------------------------------------------------------------------------

    def teardown(self) -> None:
        """Deliver and exchange everything; then all computers must agree."""
        try:
            self.settle()
            self.agree()
        finally:
            for computer in self.computers:
                computer.close()
            shutil.rmtree(self.root)

    @property
    def enrolled(self) -> list[Computer]:
        """The computers that nobody has revoked."""
        return [c for c in self.computers if c.device not in self.revoked]

    def settle(self) -> None:
        self.tell_revoked()
        self.make_known()
        for file in self.pool:
            for computer in self.computers:
                if computer.opens(file):
                    computer.receive(file)
        for computer in self.computers:
            for number, batch in computer.ledger.batches.items():
                if not batch.active:
                    assert computer.turn_back(number)
        self.confirm_strangers()
        if self.drafted:
            self.exchange()  # packing makes operations of drafts: nobody could lack them before
        for _round in range(ROUNDS):
            if not self.lacking():
                self.exchange()  # operations may have come by the county, their values not
                return
            self.exchange()
        raise AssertionError(f"no agreement after {ROUNDS} rounds: {self.lacking()}")

    def confirm_strangers(self) -> None:
        """Let the township certify by hand those whose invite and certificate were both lost.

        That is so when it and they were restored from backups made before they met.
        """
        township = next(c for c in self.computers if c.unit == TOWNSHIP)
        for computer in self.enrolled:
            if computer.unit not in VILLAGES or township.knows(computer.device):
                continue
            file = computer.pack(TOWNSHIP, self.stick)
            if file is not None and township.receive(file).outcome == "unenrolled":
                township.act(partial(devices.certify, name=computer.device))

    def exchange(self) -> None:
        """Let everybody pack for everybody near and receive."""
        for computer in self.computers:
            for unit in self.others(computer):
                file = computer.pack(unit, self.stick)
                for other in self.computers:
                    if file is not None and other.opens(file) and other is not computer:
                        other.receive(file)

    def surviving(self, unit: str) -> set[bytes]:
        """Return the operations on a unit's records that some computer still has."""
        return {
            name
            for computer in self.computers
            for name in computer.held
            if self.memory.lines[name].body["un"].startswith(WITHIN[unit])
        }

    def lacking(self) -> list[str]:
        """Name who lacks what anybody has of the units he sees, or trusts whom somebody revoked."""
        found = []
        for computer in self.enrolled:
            papers = computer.holdings.papers
            authors = {
                papers.lives[line.body["inc"]][0] for line in computer.holdings.lines.values()
            }
            trusted = authors & {d for d in self.revoked if not papers.is_revoked(d)}
            missing = self.surviving(computer.unit) - computer.held
            if missing or trusted:
                found.append(f"{computer.name} lacks {len(missing)}, trusts {sorted(trusted)}")
        return found

    def agree(self) -> None:
        """P2, P4, P5, P6 and P18 at the end of everything."""
        for computer in self.enrolled:
            expected = self.surviving(computer.unit)
            assert not computer.withdrawn()
            self.check_only_what_builds_on_it_waits(computer)
            self.check_private(computer, expected)
            computer.check_deep()
        for unit, within in WITHIN.items():
            sharing = [c for c in self.enrolled if within.startswith(WITHIN[c.unit])]
            assert len({c.hash(within) for c in sharing}) <= 1, unit
        if not self.taken_back and not self.judged_apart:
            self.check_nobody_disputes_with_himself(self.computers)

    def check_only_what_builds_on_it_waits(self, computer: Computer) -> None:
        """P17: what is held apart holds nothing back but what builds on it."""
        states = computer.holdings.states
        for name, state in states.items():
            if state == model.WAITING:
                parents = map(model.unb64, self.memory.lines[name].body["par"])
                assert any(states[p] in (model.QUARANTINED, model.WAITING) for p in parents)
            else:
                assert state in (model.READY, model.QUARANTINED)

    def check_private(self, computer: Computer, names: Iterable[bytes]) -> None:
        """P5, private values: above the township only what policy lets pass."""

        def work(workspace: Workspace) -> None:
            for name in names:
                for register, commitment in self.memory.lines[name].commitments.items():
                    if computer.unit == COUNTY and register not in ABOVE_TOWNSHIP:
                        continue
                    found = workspace.vault.part(commitment)
                    assert found is not None, (computer.name, register, commitment)
                    assert found[1] == self.memory.private[commitment]

        computer.act(work)

    def check_nobody_disputes_with_himself(self, computers: Iterable[Computer]) -> None:
        """P6"""
        for computer in computers:
            for key, register in computer.holdings.conflicts:
                if register == "_deleted" or key in self.drafted:
                    continue
                live = computer.verdicts[key].live[register]
                assert len({self.memory.writers[name] for name in live}) > 1, (key, register)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Prepared folders: a village with two computers; two villages and a county."""
    found: dict[str, Path] = {}
    for kind in ("pair", "county"):
        root = tmp_path_factory.mktemp(kind) / "template"
        stick = root / "stick"
        county = found_county(root / "county")
        township = open_desk(root / "township", county, TOWNSHIP, stick)
        ring([township], county, stick)
        first = open_desk(root / "first", township, VILLAGE, stick)
        entries: dict[str, Any] = village_entries(VILLAGE)
        first.capture(**entries)
        ring([first], township, stick)
        unit = VILLAGE if kind == "pair" else SISTER
        second: Desk = open_desk(root / "second", township, unit, stick)
        ring([first, second], township, stick)
        if kind == "county":
            ring([township], county, stick)
        for desk in (county, township, first, second):
            with desk.open() as workspace:
                saved = backups.backup(workspace, stick)["path"]
            Path(saved).rename(root / f"{desk.folder.name}.lsk")
        found[kind] = root
    return found


PAIR = {"township": TOWNSHIP, "first": VILLAGE, "second": VILLAGE}
ALL = {"county": COUNTY, "township": TOWNSHIP, "first": VILLAGE, "second": SISTER}


def run(template: Path, names: Mapping[str, str], examples: int) -> None:
    run_state_machine_as_test(
        lambda: Loop(template, names),  # type: ignore[arg-type]
        settings=settings(max_examples=examples, stateful_step_count=STEPS),
    )


def test_a_township_and_a_village_with_two_computers(worlds: dict[str, Path]) -> None:
    run(worlds["pair"], PAIR, 25)


def test_a_county_a_township_and_two_villages(worlds: dict[str, Path]) -> None:
    run(worlds["county"], ALL, 25)


@pytest.mark.soak
def test_long_a_township_and_a_village_with_two_computers(worlds: dict[str, Path]) -> None:
    run(worlds["pair"], PAIR, 1000)


@pytest.mark.soak
def test_long_a_county_a_township_and_two_villages(worlds: dict[str, Path]) -> None:
    run(worlds["county"], ALL, 1000)
