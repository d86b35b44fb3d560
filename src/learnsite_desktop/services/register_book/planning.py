"""What the rows of a book become: the common ground of learners, activities and roll calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services import policy
from learnsite_desktop.services.capture.plan import Item, References
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.entries import entry_of, registers_of
from learnsite_desktop.services.register_book.bases import (
    ANSWERS,
    BLANK,
    EARLIER,
    FILE,
    KEPT,
    Bases,
)
from learnsite_desktop.services.register_book.book import Book, Line
from learnsite_desktop.services.register_book.identity import ACTIVITY, LEARNER, Stub, text_print
from learnsite_desktop.services.roster import results
from learnsite_desktop.services.roster.faults import Fault, Note
from learnsite_desktop.services.roster.results import Decisions, Row
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord, find_record

if TYPE_CHECKING:
    from datetime import date

    from learnsite_desktop.domain.codes import CodeTables


_COLUMNS: Final = {"headcount": "total"}
_KINDS: Final = {LEARNER: "learner", ACTIVITY: "activity"}
ASKED: Final = "asked"
_UNSEEN: Final = frozenset({"id_kind", "status", "seq", "activity"})
"""Fields that a line writes without a column of their own."""


@dataclass(slots=True)
class Planned:
    """A record that a line of the book writes: the values that change, what is shown of it.

    `asked`: somebody must be asked, or mend the line, before it is taken; `said`: it says
    something; `held`: the line does not speak of this record, nor does what hangs on it.
    """

    kind: str
    record: str
    line: Line
    stored: StoredRecord | None
    writes: dict[str, Any] = field(default_factory=dict)
    marks: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    asked: bool = False
    said: bool = False
    held: bool = False

    @property
    def is_new(self) -> bool:
        """Whether nothing is kept of it yet."""
        return self.stored is None or self.stored.deleted

    @property
    def outcome(self) -> str:
        """What becomes of the record."""
        if self.asked:
            return results.FAULT
        if self.is_new:
            return results.CREATED
        return results.UPDATED if self.writes or self.marks else results.SAME

    def as_row(self, outcome: str = "") -> Row:
        """Return the line as previews show it."""
        told = outcome or self.outcome
        written = {_COLUMNS.get(name, name): name for name in self.writes}
        changed = tuple(set(written) - _UNSEEN) if told == results.UPDATED else ()
        record = self.record if not self.is_new else ""
        former = {name: self.former.get(written[name], "") for name in changed}
        return Row(self.line.sheet, self.line.row, told, self.shown, changed, former, record)


@dataclass(slots=True)
class Round:
    """One look at the whole book: what it found, what it would write."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    extra: list[Item] = field(default_factory=list)
    about: dict[str, tuple[Line, str]] = field(default_factory=dict)


class Ground:
    """A book, the workspace that reads it, and the answers given so far."""

    def __init__(self, workspace: Workspace, book: Book, unit: str, decisions: Decisions) -> None:
        """`unit` is the one for which the book is taken."""
        self.workspace = workspace
        self.book = book
        self.unit = unit
        self.decisions = decisions
        self.bases = Bases(workspace, book.header)
        self.tables: CodeTables = codes_in_force(workspace.database)
        self.today: date = workspace.clock.now().date()
        self.keeps_numbers = policy.current(workspace)["id_numbers"] == "on"
        self.left: set[str] = set()
        self.round = Round()
        self._moved: dict[tuple[str, int], bool] = {}
        self._named: dict[str, dict[str, str]] = {}

    def origin(self, line: Line) -> str:
        """Return where a value came from, as the reason of its operation says it."""
        held = "" if self.unit == self.workspace.unit else "代录："
        name = self.book.table.path.name
        return f"{held}{self.book.header.mark}{line.sheet}第{line.row}行，{name}"

    def record_of(self, kind: str, line: Line) -> str:
        """Return the record id of a line that the book numbered, "" for another."""
        return self.book.header.record_of(kind, line.stub.uid) if line.stub else ""

    def stored(self, kind: str, record: str) -> StoredRecord | None:
        """Return a stored record, also one that was deleted."""
        return find_record(self.workspace.database, record, kind) if record else None

    def entry(self, stored: StoredRecord | None) -> dict[str, Any]:
        """Return a record's values in capture shape."""
        if stored is None or stored.deleted:
            return {}
        return entry_of(KINDS[stored.kind], stored.doc, self.workspace.vault)

    def fault(self, line: Line, name: str, issue: Issue, answers: tuple[str, ...] = ()) -> None:
        """Note a fault in a cell."""
        found = line.fault(name, issue, answers)
        if found not in self.round.faults:
            self.round.faults.append(found)

    def writes(
        self, planned: Planned, name: str, value: Any, *, text: str = "", cell: str = ""
    ) -> None:
        """Let a line write a field, unless it is kept so already or somebody must be asked.

        `text` is how the value that is kept would stand in the cell, "" where it is masked; `cell`
        the column in which the value stands, if it has another name.
        """
        kind = KINDS[planned.kind]
        column = cell or name
        stored = planned.stored
        former = self.entry(stored)
        if former.get(name) == value and not planned.is_new:
            return
        register = kind.by_field[name].key
        if not self.bases.is_held(stored, register):
            self.fault(planned.line, column, Issue("REGISTER_NOT_HELD"))
            planned.asked = True
            return
        new = registers_of(kind, {name: value}, former).get(register)
        if self.asks(planned.line, column, stored, register, new=new, text=text):
            planned.asked = True
        elif self.counts(planned.line, column):
            planned.writes[name] = value
            planned.former[name] = text

    def is_gone(self, planned: Planned, name: str) -> bool:
        """Whether a record was deleted since; then a fault says so."""
        if not self.bases.is_gone(planned.stored):
            return False
        self.fault(planned.line, name, Issue("REGISTER_RECORD_GONE"))
        planned.asked = True
        return True

    def moved(self, line: Line, record: str, keys: Sequence[str]) -> str:
        """Return what becomes of a known row that bears another row's name, "" for all others.

        Sorting, or deleting cells upwards, moves what is seen and leaves the hidden numbers. `keys`
        is the name and what tells two of one name apart. ASKED: a fault asks; "kept": somebody said
        that the row says nothing.
        """
        place = (line.sheet, line.row)
        if place not in self._moved:
            self._moved[place] = self._is_moved(line, record, keys)
        answer = self.answer(line, keys[0])
        if not self._moved[place] or answer == FILE:
            return ""
        if answer == KEPT:
            return KEPT
        kept = self._texts(line.stub, keys)[keys[0]] if line.stub else ""
        params = {"kept": kept or "–", "given": line.text(keys[0])}
        self.fault(line, keys[0], Issue("REGISTER_ROW_MOVED", params=params), ANSWERS)
        return ASKED

    def _is_moved(self, line: Line, record: str, keys: Sequence[str]) -> bool:
        stub, stored = line.stub, None
        if stub is not None:
            stored = self.stored(_KINDS[stub.part], record)
        if stub is None or stored is None or stored.deleted:
            return False
        given = {key: _plain(line.text(key)) for key in keys}
        self._named[stub.uid] = own = {
            key: _plain(self.entry(stored).get(key) or "") for key in keys
        }
        changed = [
            key
            for key in keys
            if given[key] not in ("", own[key]) and not self._issued(stub, key, line)
        ]
        if not changed:
            return False
        told = {keys[0], *(() if keys[0] in changed else changed)}
        return (keys[0] in changed and self._has_left(line, stub, keys)) or any(
            all(self._bears(other, key, line, keys) for key in told)
            for other in self.book.stubs_of(stub.part)
            if other.uid != stub.uid
        )

    def _has_left(self, line: Line, stub: Stub, keys: Sequence[str]) -> bool:
        """Whether the name of a row stands in another row now that did not bear it."""
        own, name = self._texts(stub, keys)[keys[0]], keys[0]
        lines = self.book.learners if stub.part == LEARNER else self.book.activities
        return bool(own) and any(
            _plain(other.text(name)) == own
            and (other.stub is None or not self._bears(other.stub, name, other, keys))
            for other in lines
            if other.row != line.row
        )

    def _bears(self, stub: Stub, key: str, line: Line, keys: Sequence[str]) -> bool:
        """Whether a row was given out with, or has now, what stands in a line's cell."""
        given = _plain(line.text(key))
        return self._issued(stub, key, line) or given == self._texts(stub, keys)[key]

    def _issued(self, stub: Stub, key: str, line: Line) -> bool:
        """Whether a row was given out with what stands in a line's cell."""
        told = text_print(self.book.header, stub.uid, key, line.text(key))
        return bool(told) and told == stub.text(key)

    def _texts(self, stub: Stub, keys: Sequence[str]) -> dict[str, str]:
        """Return what is kept now of the record of a row."""
        if stub.uid not in self._named:
            kind = _KINDS[stub.part]
            entry = self.entry(self.stored(kind, self.book.header.record_of(kind, stub.uid)))
            self._named[stub.uid] = {key: _plain(entry.get(key) or "") for key in keys}
        return self._named[stub.uid]

    def asks(
        self,
        line: Line,
        column: str,
        stored: StoredRecord | None,
        register: str,
        *,
        new: Any,
        text: str,
    ) -> bool:
        """Whether somebody must be asked before a value is written; then a fault says so."""
        code = self.bases.objection(line, column, stored, register, new=new, text=text)
        if not code or self.answer(line, column) in ANSWERS:
            return False
        given = line.text(column)
        code = BLANK if code == EARLIER and not given else code
        params = {"kept": text or "***", "given": given or "–"}
        self.fault(line, column, Issue(code, params=params), ANSWERS)
        return True

    def counts(self, line: Line, column: str) -> bool:
        """Whether what the book says counts: nobody said that what is kept stays."""
        return self.answer(line, column) != KEPT

    def answer(self, line: Line, column: str) -> str:
        """Return what somebody answered to the question at a cell, "" for nothing."""
        row, letters = line.place(column)
        return self.decisions.get((line.sheet, row, letters), "")

    def item(self, references: References, planned: Planned) -> Item:
        """Return the item that writes what is planned, and register it."""
        kind = KINDS[planned.kind]
        given = planned.writes
        entry = {"ref": planned.record, **given}
        place = f"{planned.line.sheet}!{planned.line.row}"
        item = Item(
            kind, place, given, entry, planned.record, self.unit, planned.stored,
            rows=list(planned.marks), origin=self.origin(planned.line),
        )  # fmt: skip
        references.items[kind.name, planned.record] = item
        self.round.about[planned.record] = (planned.line, planned.kind)
        return item


def _plain(value: object) -> str:
    return str(value).replace(" ", "")
