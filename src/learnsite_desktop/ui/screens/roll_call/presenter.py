"""What a roll call holds while it is being entered: marks, head-count, and every gesture's undo."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.row_numbers import read_row_numbers
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.roll_calls import (
    ABSENT,
    PRESENT,
    WALK_IN,
    Line,
    Mark,
    Person,
    RollCall,
    held_on,
)

CYCLE: Final = ("P", "A", "X", "L", "E")
LETTERS: Final = frozenset("PLEAXMR")
SHEET, ROSTER, DROPPED_IN = "sheet", "roster", "walk_in"
_COUNTS: Final = ("total", "male", "female", "over60")


class NotUnderstood(Exception):
    """What was typed cannot be taken; the text says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything one gesture may change; immutable, so that undo is going back to an earlier one.

    `marks` of learners by record id; None withdraws a mark that was saved before. `others_absent`
    tells that the list of those present has begun.
    """

    marks: Mapping[str, Mark | None]
    headcount: Mapping[str, Any] | None
    notes: str = ""
    others_absent: bool = False
    walk_ins: tuple[Person, ...] = ()


@dataclass(slots=True)
class Roll:
    """A roll call in hand."""

    call: RollCall
    state: State = field(init=False)
    _past: list[State] = field(default_factory=list)
    _future: list[State] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with what is saved; nobody on the list without a mark: all came."""
        source = SHEET if self.call.sheet else ROSTER
        fresh = not self.call.recorded and not self.call.draft
        marks = {
            line.person.learner: line.mark or (Mark(PRESENT, source=source) if fresh else None)
            for line in self.call.lines
        }
        self.state = State(
            marks={learner: mark for learner, mark in marks.items() if mark is not None},
            headcount=self.call.entry.get("headcount"),
            notes=str(self.call.entry.get("notes") or ""),
            walk_ins=tuple(line.person for line in self.call.lines if not line.listed),
        )

    # What is shown

    def lines(self) -> list[Line]:
        """Return the rows as they stand: the list, then walk-ins in the order they were added."""
        listed = [replace(line, mark=self._mark(line.person)) for line in self.call.lines
                  if line.listed]  # fmt: skip
        return listed + [
            Line(0, person, self._mark(person))
            for person in self.state.walk_ins
            if self._mark(person) is not None
        ]

    def _mark(self, person: Person) -> Mark | None:
        return self.state.marks.get(person.learner)

    @property
    def changed(self) -> bool:
        """Whether a gesture was made (and not undone) since the roll call was opened."""
        return bool(self._past)

    # Gestures

    def numbers(self, text: str) -> str:
        """Take typed row numbers; returns what was done in words. Raises NotUnderstood."""
        typed = read_row_numbers(text)
        by_number = {line.number: line for line in self.call.lines if line.listed}
        strange = [str(number) for number in typed.marks if number not in by_number]
        letters = [code for code in typed.marks.values() if code and code not in LETTERS]
        if typed.unread:
            raise NotUnderstood(
                render(_("“%(text)s” is not a row number."), {"text": " ".join(typed.unread)})
            )
        if strange:
            raise NotUnderstood(
                render(_("There is no row %(rows)s on this list."), {"rows": " ".join(strange)})
            )
        if letters:
            raise NotUnderstood(
                render(_("“%(text)s” is no mark; use P L E A X M R."), {"text": letters[0]})
            )
        usual = PRESENT if typed.came else ABSENT
        marks = dict(self.state.marks)
        if typed.came and not self.state.others_absent:
            marks |= {
                line.person.learner: self._with(line.person, ABSENT) for line in by_number.values()
            }
        for number, code in typed.marks.items():
            person = by_number[number].person
            marks[person.learner] = self._with(person, code or usual)
        self._to(
            replace(self.state, marks=marks, others_absent=self.state.others_absent or typed.came)
        )
        return self.summary()

    def set_status(self, people: Iterable[Person], code: str) -> None:
        """Mark people with a code; a walk-in stays one unless the code says otherwise."""
        marks = dict(self.state.marks)
        marks |= {person.learner: self._with(person, code) for person in people}
        self._to(replace(self.state, marks=marks))

    def cycle(self, person: Person) -> None:
        """Space: the next of present, absent, excused, late, left early."""
        mark = self._mark(person)
        place = CYCLE.index(mark.status) if mark and mark.status in CYCLE else -1
        self.set_status([person], CYCLE[(place + 1) % len(CYCLE)])

    def set_minutes(self, person: Person, minutes: int | None) -> None:
        """Note how long somebody was there; None means the whole session."""
        if minutes is not None and self.call.minutes and minutes > self.call.minutes:
            raise NotUnderstood(
                render(_("The session lasted %(minutes)s minutes."), {"minutes": self.call.minutes})
            )
        mark = self._mark(person) or self._with(person, PRESENT)
        self._to(self._having(person, replace(mark, minutes=minutes)))

    def toggle_proxy(self, person: Person) -> None:
        """代签: somebody else signed for this person."""
        mark = self._mark(person) or self._with(person, PRESENT)
        self._to(self._having(person, replace(mark, proxy=not mark.proxy)))

    def add_walk_in(self, person: Person) -> None:
        """Somebody came who is not on the list. Raises NotUnderstood for one who is on it."""
        for line in self.lines():
            if line.person.learner == person.learner:
                if line.listed and (line.mark is None or line.mark.status == ABSENT):
                    self.set_status([person], PRESENT)
                    return
                raise NotUnderstood(render(_("%(name)s is marked already."), {"name": person.name}))
        marks = {**self.state.marks, person.learner: Mark(WALK_IN, source=DROPPED_IN)}
        known = {one.learner for one in self.state.walk_ins}
        walk_ins = (*self.state.walk_ins, *(() if person.learner in known else (person,)))
        self._to(replace(self.state, marks=marks, walk_ins=walk_ins))

    def remove_walk_in(self, person: Person) -> None:
        """Take a walk-in off the roll."""
        self._to(self._having(person, None))

    def set_headcount(self, values: Mapping[str, int | None], *, estimate: bool) -> None:
        """Keep the count of people without names.

        A total that is not given is male and female together; a missing half is the rest.
        """
        given = {name: values.get(name) for name in _COUNTS}
        total, male, female = given["total"], given["male"], given["female"]
        if total is None and (male is not None or female is not None):
            total = (male or 0) + (female or 0)
        if total is not None and male is not None and female is None and total >= male:
            female = total - male
        if total is not None and female is not None and male is None and total >= female:
            male = total - female
        if not total and (male or female or given["over60"]):
            raise NotUnderstood(_("Say first how many people there were in all."))
        counted: dict[str, Any] | None = None
        if total:
            every = {"total": total, "male": male, "female": female, "over60": given["over60"]}
            counted = {name: value for name, value in every.items() if value is not None}
            counted["basis"] = "estimate" if estimate else "counted"
        if counted != self.state.headcount:
            self._to(replace(self.state, headcount=counted))

    def set_notes(self, text: str) -> None:
        """Keep a remark about the session."""
        if text != self.state.notes:
            self._to(replace(self.state, notes=text))

    # Undo

    def undo(self) -> bool:
        """Take the last gesture back; False when there is none."""
        if not self._past:
            return False
        self._future.append(self.state)
        self.state = self._past.pop()
        return True

    def redo(self) -> bool:
        """Do the last undone gesture again; False when there is none."""
        if not self._future:
            return False
        self._past.append(self.state)
        self.state = self._future.pop()
        return True

    def _to(self, state: State) -> None:
        if state == self.state:
            return
        self._past.append(self.state)
        self._future.clear()
        self.state = state

    def _having(self, person: Person, mark: Mark | None) -> State:
        return replace(self.state, marks={**self.state.marks, person.learner: mark})

    def _with(self, person: Person, code: str) -> Mark:
        former = self._mark(person)
        if former is not None:
            walk_in = former.status == WALK_IN and code == PRESENT
            return former if walk_in else replace(former, status=code, minutes=None)
        return Mark(code, source=SHEET if self.call.sheet else ROSTER)

    # What is saved

    def values(self) -> dict[str, Any]:
        """Return the session's other fields as they are to be kept."""
        values: dict[str, Any] = {
            "headcount": self.state.headcount,
            "notes": self.state.notes or None,
        }
        if self.call.entry.get("status") == "planned":
            values["status"] = "held"
        return values

    def saved_marks(self) -> dict[str, Mark | None]:
        """Return all marks, those withdrawn as None; never for people without one."""
        return dict(self.state.marks)

    def counts(self) -> dict[str, int]:
        """Return on the list, came, absent, walk-ins, counted without names, and all together."""
        lines = self.lines()
        present = [line for line in lines if line.mark and line.mark.status not in ("A", "X")]
        head = int((self.state.headcount or {}).get("total", 0))
        return {
            "listed": sum(line.listed for line in lines),
            "present": sum(line.listed for line in present),
            "absent": sum(1 for line in lines if line.mark and line.mark.status in ("A", "X")),
            "walk_ins": sum(not line.listed for line in present),
            "headcount": head,
            "all": len(present) + head,
        }

    def here(self) -> frozenset[str]:
        """Return who is marked as present, by record id."""
        marks = self.state.marks.items()
        return frozenset(who for who, mark in marks if mark and mark.status not in ("A", "X"))

    def doubt(self, today: date, *, explained: bool = False) -> str:
        """Return what should be said before this is saved, "" if nothing.

        A change that was `explained` is meant.
        """
        day = held_on(self.call.entry)
        changes = self.call.recorded and self.changed and not explained
        if day is not None and day < today and changes:
            text = _("This changes the record of %(day)s. Press Ctrl+S once more to save it.")
            return render(text, {"day": day.isoformat()})
        if not self.counts()["all"]:
            return _("Nobody came? Press Ctrl+S once more to keep it so.")
        return ""

    def summary(self) -> str:
        """Return the counts in one sentence."""
        return render(
            _(
                "On the list %(listed)s · came %(present)s · absent %(absent)s · "
                "walk-ins %(walk_ins)s · counted %(headcount)s · together %(all)s"
            ),
            self.counts(),
        )
