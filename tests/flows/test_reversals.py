"""What is corrected after a lock counts once: whoever locks later, books it too, or moves it.

Three tiers in separate folders. The oracle of the histories knows nothing of the product: it
remembers what each desk knew when it locked or booked something.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.desks import (
    COMMANDS,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    counted,
    document,
    small_class,
    twin_of,
)

MARCH, MAY, JUNE = "2026-03", "2026-05", "2026-06"
LATER = "2027-02-01T10:00:00+08:00"
MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
PARTS = {
    **{f"2026-Q{n}": MONTHS[3 * n - 3 : 3 * n] for n in (1, 2, 3, 4)},
    **{f"2026-H{n}": MONTHS[6 * n - 6 : 6 * n] for n in (1, 2)},
    "2026": MONTHS,
}
WHY = ("--why", "x")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Three tiers at work; the county holds two sessions of March, each with two present."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    content = small_class()
    (first,), (roll,) = content["sessions"], content["rollcalls"]
    content["sessions"].append({**first, "ref": "s2", "date": "2026-03-17"})
    content["rollcalls"].append({**roll, "session": "s2"})
    line.village.capture(content)
    line.village("submit", "--period", MARCH)
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    return line


@pytest.fixture
def line(founded: Line, tmp_path: Path) -> Line:
    """A copy of these folders to work in, a year later."""
    return copied(founded, tmp_path)


def copied(founded: Line, place: Path) -> Line:
    copy = Line(place)
    for name in ("county", "township", "village", "sister"):
        desk: Desk = getattr(founded, name)
        twin = twin_of(desk, place / name)
        twin.now = LATER
        setattr(copy, name, twin)
    return copy


def attended(desk: Desk, period: str, name: str = "S01") -> int:
    """Return an approved figure of the village."""
    words = ("--period", period, "--unit", VILLAGE, "--basis", "approved", "--id", name)
    (found,) = counted(desk("indicators", *words)["values"])
    assert found["incomplete"] == []
    return int(found["value"] or 0)


def year(desk: Desk, name: str = "S01") -> dict[str, int]:
    """Return the months that are not nothing; they must add up to every longer period."""
    months = {month: attended(desk, month, name) for month in MONTHS}
    for period, inside in PARTS.items():
        assert attended(desk, period, name) == sum(months[month] for month in inside), period
    return {month: value for month, value in months.items() if value}


def session_on(desk: Desk, day: str) -> str:
    (found,) = [row["id"] for row in desk("list", "session")["records"] if row["date"] == day]
    return str(found)


def cancelled(line: Line) -> str:
    """Lock March at the township; the village then cancels one of its sessions."""
    line.township("lock", MARCH)
    line.carry(line.township, line.village)
    session = session_on(line.village, "2026-03-03")
    line.village("edit", session, "status=cancelled", *WHY)
    line.carry(line.village, line.township)
    return session


def exchange(line: Line) -> None:
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)


def everywhere(line: Line) -> tuple[Desk, ...]:
    return line.township, line.county, line.village


def reversals(desk: Desk, period: str = MARCH) -> dict[str, bool]:
    """Return which reversals the lock of a period shows, with whether they add anything."""
    rows = desk("lock", period, "--show", "--unit", VILLAGE)["units"]
    (row,) = [row for row in rows if row["unit"] == VILLAGE]
    return {one["booked"]: one["adds"] for one in row["reversals"]}


def test_a_later_lock_that_has_seen_the_correction_leaves_its_reversal_nothing(line: Line) -> None:
    """The township locks first and books; then the county locks the same month."""
    session = cancelled(line)
    line.township("reverse", session, "--period", MAY, *WHY)
    assert year(line.township) == {MARCH: 4, MAY: -2}
    line.carry(line.township, line.county)
    assert line.county("lock", MARCH)["problems"] == []
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 2}
        assert year(desk, "S03") == {MARCH: 1}
        assert year(desk, "S05") == {MARCH: 2 * 90 // 45}
    assert reversals(line.county) == {MAY: False}
    line.county("unlock", MARCH, *WHY)
    assert year(line.county) == {MARCH: 4, MAY: -2}


def test_a_lock_and_a_reversal_that_do_not_know_of_each_other(line: Line) -> None:
    session = cancelled(line)
    line.carry(line.township, line.county)
    line.township("reverse", session, "--period", JUNE, *WHY)
    line.county("lock", MARCH)
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 2}
    line.county("unlock", MARCH, *WHY)
    line.county("lock", MARCH)
    exchange(line)
    assert year(line.township) == {MARCH: 2}


def test_the_year_locked_over_locked_months_leaves_what_they_told(line: Line) -> None:
    session = cancelled(line)
    line.township("reverse", session, "--period", JUNE, *WHY)
    line.carry(line.township, line.county)
    line.county("lock", "2026", "--force", *WHY)
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4, JUNE: -2}


def test_who_booked_a_reversal_may_delete_it_with_a_reason(line: Line) -> None:
    """Acknowledged or not; a month locked since keeps it."""
    session = cancelled(line)
    entry = line.township("reverse", session, "--period", MAY, *WHY)["reversal"]
    exchange(line)
    assert line.township.refuses("unlock", MARCH, *WHY) == "unlock_reversed"
    assert line.township.refuses("delete", entry, "--why", " ") == "reason_missing"
    assert line.township("delete", entry, "--why", "重复")["operations"] == 1
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4}
        assert reversals(desk) == {}
    (row,) = line.township("supplements")["items"]
    assert (row["record"], row["booked"]) == (session, None)
    line.township("unlock", MARCH, *WHY)
    line.township("lock", MARCH)
    assert year(line.township) == {MARCH: 2}


def test_a_reversal_deleted_after_its_month_was_locked_still_counts_there(line: Line) -> None:
    session = cancelled(line)
    entry = line.township("reverse", session, "--period", MAY, *WHY)["reversal"]
    line.township("lock", MAY)
    line.township("delete", entry, "--why", "误")
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4, MAY: -2}
    assert line.township.refuses("reverse", session, "--period", JUNE, *WHY) == (
        "reversal_not_locked"
    )


def test_an_undone_reversal_that_the_county_holds_is_gone(line: Line) -> None:
    session = cancelled(line)
    line.township("reverse", session, "--period", MAY, *WHY)
    exchange(line)
    line.township("undo")
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4}


def test_a_correction_booked_twice_counts_in_the_earlier_month_and_the_other_is_told(
    line: Line,
) -> None:
    session = cancelled(line)
    line.carry(line.township, line.county)
    line.township("reverse", session, "--period", JUNE, *WHY)
    line.county("reverse", session, "--period", MAY, *WHY)
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4, MAY: -2}
        assert reversals(desk) == {MAY: True, JUNE: False}
    (row,) = line.township("supplements")["items"]
    assert (row["record"], row["booked"]) == (session, MAY)
    # What is corrected after that is booked on top of both.
    line.village("edit", session, "status=held", *WHY)
    exchange(line)
    line.county("reverse", session, "--period", "2026-08", *WHY)
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4, MAY: -2, "2026-08": 2}


def test_a_reversal_in_a_locked_month_keeps_what_one_of_an_earlier_month_brings_too(
    line: Line,
) -> None:
    """June is locked with it before the county's of May arrives."""
    session = cancelled(line)
    line.carry(line.township, line.county)
    line.township("reverse", session, "--period", JUNE, *WHY)
    line.township("lock", JUNE)
    line.county("reverse", session, "--period", MAY, *WHY)
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4, JUNE: -2}


def test_a_session_moved_out_of_a_locked_month_stays_in_it_when_the_other_is_locked(
    line: Line,
) -> None:
    line.township("lock", MARCH)
    session = session_on(line.village, "2026-03-03")
    line.carry(line.township, line.village)
    line.village("edit", session, "date=2026-04-10", *WHY)
    line.carry(line.village, line.township)
    line.township("lock", "2026-04", "--force", *WHY)
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 4}
        assert attended(desk, "2025-2026") == 4
    # Who opens both and locks them anew has it where it was.
    line.township("unlock", "2026-04", *WHY)
    line.township("unlock", MARCH, *WHY)
    line.township("lock", MARCH)
    line.township("lock", "2026-04")
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 2, "2026-04": 2}


def test_a_session_counted_by_a_reversal_is_not_counted_by_an_approval_too(line: Line) -> None:
    """Entered after the lock, booked, then moved to an open month."""
    township, village = line.township, line.village
    township("lock", MARCH)
    late = {
        "ref": "s5", "activity": "a1", "date": "2026-03-20", "start": "09:00", "end": "10:00",
        "status": "held",
    }  # fmt: skip
    made = village.capture(document("desk", sessions=[late]))["ids"]["session"]["s5"]
    rows = [{"learner": name, "status": "P"} for name in people(village)]
    village.capture(document("desk", rollcalls=[{"session": made, "rows": rows}]))
    line.carry(village, township)
    township("reverse", made, "--period", JUNE, *WHY)
    assert year(township) == {MARCH: 4, JUNE: 3}
    line.carry(township, village)
    village("edit", made, "date=2026-07-20", "--reason", "PERIOD_LOCKED=x", *WHY)
    line.carry(village, township)
    township("approve", made)
    assert year(township) == {MARCH: 4, JUNE: 3}


def test_a_reversal_does_not_keep_a_session_that_the_lock_let_go(line: Line) -> None:
    """The county's lock has seen that it belongs into April."""
    line.township("lock", MARCH)
    session = session_on(line.village, "2026-03-03")
    line.carry(line.township, line.village)
    line.village("edit", session, "date=2026-04-10", *WHY)
    line.carry(line.village, line.township)
    line.township("reverse", session, "--period", JUNE, *WHY)
    assert year(line.township) == {MARCH: 4}
    line.carry(line.township, line.county)
    line.county("lock", MARCH)
    line.county("approve", session)
    exchange(line)
    for desk in everywhere(line):
        assert year(desk) == {MARCH: 2, "2026-04": 2}


def test_a_session_that_a_lock_had_as_planned_counts_where_it_was_held(line: Line) -> None:
    planned = {
        "ref": "s5", "activity": "a1", "date": "2026-03-30", "start": "09:00", "end": "10:00",
        "status": "planned",
    }  # fmt: skip
    made = line.village.capture(document("desk", sessions=[planned]))["ids"]["session"]["s5"]
    line.carry(line.village, line.township)
    line.township("lock", MARCH, "--force", *WHY)
    line.carry(line.township, line.village)
    line.village("edit", made, "date=2026-04-02", "status=held", *WHY)
    rows = [{"learner": name, "status": "P"} for name in people(line.village)]
    line.village.capture(document("desk", rollcalls=[{"session": made, "rows": rows}]))
    line.carry(line.village, line.township)
    line.township("approve", made)
    assert year(line.township) == {MARCH: 4, "2026-04": 3}
    line.township("lock", "2026-04", "--force", *WHY)
    assert year(line.township) == {MARCH: 4, "2026-04": 3}


def test_a_rejection_after_the_lock_is_a_supplement(line: Line) -> None:
    township = line.township
    township("lock", MARCH)
    session = session_on(township, "2026-03-03")
    township("approve", session)
    assert township("supplements")["items"] == []
    township("reject", session, "--why", "未举办")
    (row,) = township("supplements", "--period", MARCH)["items"]
    assert (row["record"], row["booked"]) == (session, None)
    township("reverse", session, "--period", JUNE, *WHY)
    assert township("supplements")["items"][0]["booked"] == JUNE
    assert year(township) == {MARCH: 4, JUNE: -2}
    township("approve", session)
    assert township("supplements")["items"][0]["booked"] is None


def test_a_month_inside_a_locked_year_is_locked_with_it(line: Line) -> None:
    line.county("lock", "2026", "--force", *WHY)
    for command in (("lock", MARCH), ("unlock", MARCH, *WHY)):
        error = line.county(*command, code=1)["error"]
        assert error["code"] == "locked_within"
        assert "2026 已整体锁定" in error["message"]
    exchange(line)
    assert line.township.refuses("lock", MARCH) == "locked_within"


def test_persons_linked_after_the_lock_are_reversed_as_the_locked_month_counts_them(
    line: Line,
) -> None:
    session = cancelled(line)
    one, other = [
        line.township("list", "learner", "--query", name)["records"][0]["id"]
        for name in ("周桂兰", "吴建国")
    ]
    line.township("link", one, other)
    line.township("reverse", session, "--period", JUNE, *WHY)
    exchange(line)
    months = [attended(line.township, month) for month in (MARCH, JUNE)]
    assert months == [4, -2]
    # Over open months both are one person everywhere, before and after the correction.
    assert attended(line.township, "2026") == 1
    line.township("unlink", one, other)
    assert year(line.township) == {MARCH: 4, JUNE: -2}


def people(desk: Desk) -> list[str]:
    return [str(row["id"]) for row in desk("list", "learner")["records"]]


# -- histories -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """What a session is after some corrections."""

    day: str
    held: bool = True
    present: int = 2

    @property
    def counts(self) -> int:
        return self.present if self.held else 0


@dataclass(frozen=True)
class Event:
    """What a desk did: a lock (with all known then), its opening, or a reversal (None: deleted)."""

    number: int
    tier: int
    period: str
    seen: frozenset[int] = frozenset()
    versions: tuple[int, ...] = ()
    session: int = -1
    version: int | None = None
    day: str = ""

    @property
    def is_entry(self) -> bool:
        return self.session >= 0


@dataclass
class Known:
    """What a desk knows: how far each session goes, and which events."""

    versions: list[int] = field(default_factory=lambda: [0, 0])
    events: set[int] = field(default_factory=set)

    def learn(self, other: "Known") -> None:
        self.versions = [max(pair) for pair in zip(self.versions, other.versions, strict=True)]
        self.events |= other.events


def months_of(period: str) -> list[str]:
    return PARTS.get(period, [period])


class Oracle:
    """What figures must be by what a desk knows."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.sessions = [[Version("2026-03-03")], [Version("2026-03-17")]]

    def _last(self, known: Iterable[int]) -> dict[tuple[Any, ...], Event]:
        found: dict[tuple[Any, ...], Event] = {}
        for number in sorted(known):
            event = self.events[number]
            key = ("entry", event.session) if event.is_entry else ("lock", event.tier)
            found[(*key, event.period)] = event
        return found

    def ruling(self, known: Known) -> dict[str, Event]:
        """Return the lock of each month: the shortest, of the highest tier."""
        found: dict[str, Event] = {}
        for key, event in self._last(known.events).items():
            if key[0] == "lock" and event.versions:
                for month in months_of(event.period):
                    other = found.get(month)
                    rank = (len(months_of(event.period)), -event.tier)
                    if other is None or rank < (len(months_of(other.period)), -other.tier):
                        found[month] = event
        return found

    def base(self, known: Known, session: int) -> Version | None:
        """Return the session as the locks hold it."""
        found = []
        for month, lock in self.ruling(known).items():
            number = lock.versions[session]
            version = self.sessions[session][number]
            if version.day[:7] == month:
                found.append((not version.held, number))
        return self.sessions[session][min(found)[1]] if found else None

    def entries(self, known: Known, session: int) -> list[Event]:
        """Return the reversals that bring something the locks have not seen."""
        ruling, found = self.ruling(known), []
        for key, newest in self._last(known.events).items():
            if key[:2] != ("entry", session):
                continue
            event: Event | None = newest
            lock = ruling.get(months_of(newest.period)[0])
            if lock is not None:
                event = self._last(known.events & lock.seen).get(key)
            if event is None or event.version is None:
                continue
            corrected = ruling.get(event.day[:7])
            if corrected is not None and event.version > corrected.versions[session]:
                found.append(event)
        return found

    def total(self, known: Known) -> int:
        """Return what all months together must come to."""
        result = 0
        for session, versions in enumerate(self.sessions):
            base = self.base(known, session)
            numbers = [versions.index(base)] if base else []
            numbers += [event.version or 0 for event in self.entries(known, session)]
            if numbers:
                result += versions[max(numbers)].counts
        return result


class History:
    """Three desks at work by chance, and what the oracle remembers of it."""

    def __init__(self, line: Line, seed: int) -> None:
        self.line = line
        self.chance = random.Random(seed)
        self.oracle = Oracle()
        self.known = {"village": Known(), "township": Known(), "county": Known()}
        self.ids = [session_on(line.village, day) for day in ("2026-03-03", "2026-03-17")]
        self.people = people(line.village)
        self.entries: dict[tuple[int, str], str] = {}
        self.told: dict[frozenset[int], dict[str, int]] = {}

    def desk(self, name: str) -> Desk:
        found: Desk = getattr(self.line, name)
        return found

    def step(self) -> None:
        """Do one thing."""
        deed = self.chance.choice(
            [self.correct, self.correct, self.correct, self.lock, self.unlock, self.book, self.book,
             self.book, self.strike, self.carry, self.carry]
        )  # fmt: skip
        deed()

    def correct(self) -> None:
        """Let the village write on a session, alone and in order."""
        session = self.chance.randrange(2)
        now = self.oracle.sessions[session][-1]
        record, desk = self.ids[session], self.line.village
        match self.chance.randrange(3):
            case 0:
                new = replace(now, held=not now.held)
                desk("edit", record, f"status={'held' if new.held else 'cancelled'}", *WHY)
            case 1:
                month = self.chance.choice([m for m in MONTHS[2:6] if m != now.day[:7]])
                day = self.chance.randint(1, 28)
                new = replace(now, day=f"{month}-{day:02d}")
                why = {"PERIOD_LOCKED": "x", "SESSION_DUPLICATE": "x"}
                edit = {"kind": "session", "record": record, "set": {"date": new.day}}
                desk.capture(document("desk", edits=[{**edit, "why": "x", "reasons": why}]))
            case _:
                new = replace(now, present=(now.present + 1) % 4)
                rows = [
                    {"learner": name, "status": "P" if place < new.present else "A"}
                    for place, name in enumerate(self.people)
                ]
                roll = {"session": record, "rows": rows, "reasons": {"PERIOD_LOCKED": "x"}}
                desk.capture(document("desk", rollcalls=[roll]))
        self.oracle.sessions[session].append(new)
        self.known["village"].versions[session] += 1
        for way in (("village", "township"), ("township", "county")):
            if self.chance.random() < 0.7:
                self.deliver(*way)

    def lock(self) -> None:
        """Lock a period at one of the upper desks, if it may be locked."""
        periods = [MARCH, MARCH, MARCH, *MONTHS[3:7], "2026-Q1", "2026-H1", "2026"]
        self.lock_at(*self.tier(), self.chance.choice(periods))

    def lock_at(self, tier: int, name: str, period: str) -> None:
        answer = self.attempt(name, "lock", period, "--force", *WHY)
        if VILLAGE in answer.get("units", ()):
            known = self.known[name]
            seen = frozenset(known.events)
            self.did(name, tier, period, seen=seen, versions=tuple(known.versions))

    def unlock(self) -> None:
        tier, name = self.tier()
        period = self.chance.choice([MARCH, MARCH, *MONTHS[3:7], "2026-Q1", "2026-H1", "2026"])
        answer = self.attempt(name, "unlock", period, *WHY)
        if VILLAGE in answer.get("units", ()):
            self.did(name, tier, period)

    def book(self) -> None:
        """Book a correction, unless that would contradict one that is not known here."""
        tier, name = self.tier()
        session, period = self.chance.randrange(2), self.chance.choice([*MONTHS[3:9], "2026-Q4"])
        known = self.known[name]
        if not self.may_write(name, session, period):
            return
        day = self.day_of(known, session)
        answer = self.attempt(name, "reverse", self.ids[session], "--period", period, *WHY)
        if "reversal" in answer:
            self.entries[session, period] = str(answer["reversal"])
            version = known.versions[session]
            self.did(name, tier, period, session=session, version=version, day=day)

    def strike(self) -> None:
        """Delete a reversal."""
        tier, name = self.tier()
        if self.entries:
            (session, period), entry = self.chance.choice(sorted(self.entries.items()))
            if self.may_write(name, session, period):
                answer = self.attempt(name, "delete", entry, *WHY)
                if answer.get("operations"):
                    self.did(name, tier, period, session=session)

    def may_write(self, name: str, session: int, period: str) -> bool:
        about = {
            event.number
            for event in self.oracle.events
            if (event.session, event.period) == (session, period)
        }
        return about <= self.known[name].events

    def day_of(self, known: Known, session: int) -> str:
        """Return the original day of a correction that is booked now."""
        booked = self.oracle.entries(known, session)
        ruling = self.oracle.ruling(known)
        order = [(months_of(one.period)[0] not in ruling, one.period, one) for one in booked]
        base = self.oracle.base(known, session)
        now = self.oracle.sessions[session][known.versions[session]]
        if order:
            return max(order, key=lambda one: one[:2])[2].day
        return (base or now).day

    def carry(self) -> None:
        """Carry a file between two neighbours."""
        giver, taker = self.chance.choice(
            [("village", "township"), ("township", "county"), ("county", "township"),
             ("township", "village")]
        )  # fmt: skip
        self.deliver(giver, taker)

    def deliver(self, giver: str, taker: str) -> None:
        self.line.carry(self.desk(giver), self.desk(taker))
        self.known[taker].learn(self.known[giver])

    def tier(self) -> tuple[int, str]:
        return self.chance.choice([(2, "township"), (3, "county")])

    def attempt(self, name: str, *words: str) -> Mapping[str, Any]:
        """Run a command that may be refused."""
        desk = self.desk(name)
        found: Mapping[str, Any] = COMMANDS.attempt(desk.folder, *words, now=desk.now)[1]
        return found

    def did(self, name: str, tier: int, period: str, **fields: Any) -> None:
        event = Event(len(self.oracle.events), tier, period, **fields)
        self.oracle.events.append(event)
        self.known[name].events.add(event.number)

    def check(self, name: str) -> dict[str, int]:
        """Compare a desk's figures with what they must be, and with what was locked before."""
        known = self.known[name]
        found = year(self.desk(name))
        assert sum(found.values()) == self.oracle.total(known), name
        locks = frozenset(n for n in known.events if not self.oracle.events[n].is_entry)
        ruling = self.oracle.ruling(known)
        locked = {month: found.get(month, 0) for month in ruling}
        assert self.told.setdefault(locks, locked) == locked
        return found


@pytest.mark.parametrize("seed", [3, 4, 6, 9])
def test_whatever_is_locked_corrected_and_booked_counts_once(
    founded: Line, tmp_path: Path, seed: int
) -> None:
    history = History(copied(founded, tmp_path), seed)
    history.lock_at(2, "township", MARCH)
    for number in range(30):
        history.step()
        if number % 9 == 8:
            history.check(history.tier()[1])
    for way in (("village", "township"), ("township", "county"), ("county", "township")):
        history.deliver(*way)
    history.deliver("township", "village")
    first, *others = (history.check(name) for name in ("county", "township", "village"))
    assert others == [first, first]
    assert history.line.county.state(TOWNSHIP) == history.line.township.state()
