"""What townships and counties do to the units below: trust, links, corrections, review, locks."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import (
    corrections,
    devices,
    founding,
    introductions,
    links,
    locks,
    receiving,
    records,
    returns,
    review,
    revoking,
)
from learnsite_desktop.services.capture import capture
from learnsite_desktop.services.workspace import Workspace
from tests.flows import model
from tests.flows.computers import Computer, Drawn, File, Memory
from tests.flows.desks import NOW, TOWNSHIP, VILLAGES

WHO = st.integers(0, 7)
WHICH = st.integers(0, 40)
MONTHS = ("2026-03", "2026-02")
GRANTED_FROM = ("2026-04-01", "2026-04-03")
ENOUGH = 2
"""Operations that somebody wrote before a computer may be revoked."""


class TownshipRules:
    """Rules of the machine for everything that reaches downwards.

    Every refusal is allowed here and must change nothing: what may be refused when is tested at
    the services themselves.
    """

    root: Path
    stick: Path
    memory: Memory
    computers: list[Computer]
    pool: list[File]
    revoked: dict[str, Path]
    """Devices that were revoked, each with the file that tells them."""
    known_at_first: int
    judged_apart: bool
    granted: bool

    if TYPE_CHECKING:

        def clerk(self, who: int) -> Computer: ...
        def chosen(self, computer: Computer, which: int) -> model.RecordKey | None: ...

    def upper(self, who: int) -> Computer:
        """Return a computer of the township or the county."""
        found = [c for c in self.computers if c.unit not in VILLAGES]
        return found[who % len(found)]

    def attempt(self, computer: Computer, work: Callable[[Workspace], Any]) -> Any:
        """Do something that may be refused; then nothing has changed."""
        before = computer.held, computer.hash()
        refused: list[str] = []

        def trial(workspace: Workspace) -> Any:
            try:
                return work(workspace)
            except Refusal as refusal:
                refused.append(refusal.code)
                return None

        done = computer.act(trial)
        if refused:
            assert (computer.held, computer.hash()) == before, refused
        return done

    def shown(self, computer: Computer, kind: str) -> list[str]:
        """Return the records of a kind that stand there."""
        return sorted(
            key[0]
            for key, verdict in computer.verdicts.items()
            if key[1] == kind and verdict.heads and not verdict.deleted
        )

    # -- trust -------------------------------------------------------------------------------

    @precondition(lambda self: not self.revoked)
    @precondition(lambda self: len(self.memory.lines) >= self.known_at_first + ENOUGH)
    @rule(who=WHO, which=WHICH, cut=st.integers(0, 3), told=st.booleans())
    def revoke(self, who: int, which: int, cut: int, told: bool) -> None:
        """Revoke a village's computer, trusted up to what is held or up to an earlier head."""
        computer = self.upper(who)
        clerks = sorted({c.device for c in self.computers if c.unit in VILLAGES})
        device = clerks[which % len(clerks)]
        heads = self.heads_before(computer, device, cut) if cut else ""

        def work(workspace: Workspace) -> Path | None:
            return revoking.revoke(workspace, device, at=heads, out=self.stick).path

        path = self.attempt(computer, work)
        if path is not None:
            self.revoked[device] = path.rename(path.with_name(f"revoked-{len(self.revoked)}.lsi"))
            self.judged_apart = True
            if told:
                self.tell_revoked()

    def heads_before(self, computer: Computer, device: str, cut: int) -> str:
        """Return heads of a device's chains as far as they stood `cut` operations ago."""
        lives = computer.holdings.papers.lives
        named = []
        for (inc, unit), ends in model.branches(computer.holdings.lines.values()).items():
            if lives[inc][0] != device:
                continue
            n, name = ends[0]
            for _step in range(cut):
                line = computer.holdings.lines[name].body
                if line["n"] > 1:
                    n, name = line["n"] - 1, model.unb64(line["prev"])
            named.append(f"{unit}:{n}:{model.b64(name)}")
        return ",".join(named) or revoking.NOTHING

    def tell_revoked(self) -> None:
        """Hand the computers revoked the file by which they learn of it."""
        for computer in self.computers:
            path = self.revoked.get(computer.device)
            if path is not None:
                self.introduce(computer, path)
                assert computer.is_silenced

    def make_known(self) -> None:
        """Let those revoked know who the units above are now: nothing else reaches them."""
        for upper in [c for c in self.computers if c.unit not in VILLAGES]:
            for computer in self.computers:
                if computer.device in self.revoked:
                    path = upper.act(
                        lambda ws: introductions.write_introduction(ws, self.stick, VILLAGES[:2])
                    )
                    self.introduce(computer, path)

    def introduce(self, computer: Computer, path: Path) -> None:
        found = computer.act(lambda workspace: receiving.receive(workspace, path))
        assert found.outcome in {"received", "held"}, found

    @precondition(lambda self: len(self.computers) < 5)
    @rule(who=WHO, which=st.integers(0, 1))
    def open_another(self, who: int, which: int) -> None:
        """Open a further computer of a village, as one does after a loss."""
        township = next(c for c in self.computers if c.unit == TOWNSHIP)
        units = sorted({c.unit for c in self.computers if c.unit in VILLAGES})
        unit = units[which % len(units)]
        (written,) = township.act(
            lambda workspace: founding.write_openings(workspace, [unit], self.stick)
        )
        name = f"another{len(self.computers)}"
        clock = FixedClock(NOW)
        opening = written.path
        founding.open_unit(self.root / name, opening, clock, tokens=Drawn(f"opening {name}"))
        another = Computer(name, self.root / name, unit, self.memory)
        another.back_up(self.root / "backups")
        self.computers.append(another)
        for giver, taker in ((another, township), (township, another)):
            file = giver.pack(taker.unit, self.stick)
            assert file is not None
            # The request counts where the invite is known, which a restored township has lost.
            taker.receive(file)

    @rule(who=WHO, which=WHICH, since=st.sampled_from(GRANTED_FROM))
    def grant(self, who: int, which: int, since: str) -> None:
        """Allow a village's computer to enter for another village, from a day on."""
        computer = self.upper(who)
        clerks = sorted({c.device for c in self.computers if c.unit in VILLAGES})
        device = clerks[which % len(clerks)]
        home = next(c.unit for c in self.computers if c.device == device)
        unit = self.neighbour(home)
        self.granted = self.judged_apart = True
        self.attempt(
            computer,
            lambda ws: devices.certify(ws, device, entering_for=unit, since=since),
        )

    def neighbour(self, unit: str) -> str:
        """Return another village than `unit`."""
        return next(village for village in VILLAGES[:2] if village != unit)

    @precondition(lambda self: self.granted)
    @rule(who=WHO, ref=st.integers(0, 1))
    def enter_for(self, who: int, ref: int) -> None:
        """Enter a learner for another village."""
        clerk = self.clerk(who)
        entry = {"ref": f"for{ref}", "name": f"钱代录{ref}", "sex": "M", "birth": "1955-05-05"}
        document = {
            "v": 1,
            "source": "for",
            "unit": self.neighbour(clerk.unit),
            "learners": [entry],
        }
        self.attempt(clerk, lambda ws: capture(ws, document).refused)

    # -- persons -----------------------------------------------------------------------------

    @rule(
        who=WHO,
        one=WHICH,
        other=WHICH,
        act=st.sampled_from([links.link, links.unlink, links.distinguish]),
    )
    def say_who_is_who(self, who: int, one: int, other: int, act: Callable[..., Any]) -> None:
        """Link two learners, or say that they are two people."""
        computer = self.upper(who)
        people = self.shown(computer, "learner")
        if len(people) < 2:
            return
        pair = people[one % len(people)], people[other % len(people)]

        def work(workspace: Workspace) -> None:
            act(workspace, *(records.require_record(workspace, name) for name in pair))

        self.attempt(computer, work)

    # -- corrections and review --------------------------------------------------------------

    def corrected(self) -> list[Computer]:
        """Return villages' computers that hold a correction from above."""
        found = []
        for computer in self.computers:
            authors = computer.holdings.authors
            if (
                computer.unit in VILLAGES
                and not computer.is_silenced
                and any(
                    line.record[1] in ("learner", "session", "site", "activity")
                    and line.body["un"] == computer.unit
                    and authors[line.body["inc"]][1] != "village"
                    and any(
                        model.layer(line.record[1], name) == "fact"
                        for name in line.body.get("f", ())
                    )
                    for line in computer.holdings.lines.values()
                )
            ):
                found.append(computer)
        return found

    @precondition(lambda self: self.corrected())
    @rule(who=WHO, which=WHICH)
    def object(self, who: int, which: int) -> None:
        """Object to a correction from above."""
        at = self.corrected()
        computer = at[who % len(at)]

        def work(workspace: Workspace) -> None:
            rows = corrections.list_corrections(workspace)
            if rows:
                row = rows[which % len(rows)]
                stored = records.require_record(workspace, row["record"])
                corrections.object_to(workspace, stored, row["field"], why="与本人核对过")

        self.attempt(computer, work)

    @rule(who=WHO, which=WHICH, verdict=st.sampled_from(["approve", "reject", "return"]))
    def judge(self, who: int, which: int, verdict: str) -> None:
        """Approve, reject or return a record of a unit below."""
        computer = self.upper(who)
        key = self.chosen(computer, which)
        if key is None:
            return

        def work(workspace: Workspace) -> None:
            stored = records.require_record(workspace, key[0])
            if verdict == "approve":
                review.approve(workspace, [stored])
            elif verdict == "reject":
                review.reject(workspace, stored, why="重复登记")
            else:
                whole = {"reason": "R05", "text": "请核对", "operator": ""}
                returns.return_record(workspace, stored, "rows", **whole)

        self.attempt(computer, work)

    @rule(who=WHO, month=st.sampled_from(MONTHS), which=st.integers(0, 2))
    def lock(self, who: int, month: str, which: int) -> None:
        """Close a month of all units below or of one."""
        computer = self.upper(who)
        unit = ("", *VILLAGES[:2])[which]
        self.attempt(
            computer, lambda ws: locks.lock(ws, month, unit=unit, force=True, why="已核实")
        )

    def locked(self) -> bool:
        return any(line.body["k"] == "submission.lock" for line in self.memory.lines.values())

    @precondition(lambda self: self.locked())
    @rule(who=WHO, month=st.sampled_from(MONTHS))
    def unlock(self, who: int, month: str) -> None:
        self.attempt(self.upper(who), lambda ws: locks.unlock(ws, month, why="补录"))
