"""What waits, asked for in parts beside the window, and what was decided here meanwhile."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import work_queue as work
from learnsite_desktop.services.work_queue import Queue, WorkItem, queue_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import Desk

RECORDS, PAIRS, QUESTIONS, CORRECTIONS = "records", "pairs", "questions", "corrections"
PARTS: Final = (RECORDS, PAIRS, QUESTIONS, CORRECTIONS)
_AGAIN_MS: Final = 600
"""So long after a decision the records are read again: not between two quick ones."""

Rows = dict[str, dict[str, Any]]
Found = tuple[list[WorkItem], Rows]


def look_for(part: str, workspace: Workspace, unit: str, period: str) -> Found:
    """Return the items of one part of the work list, and rows of what has them, by key."""
    if part == RECORDS:
        within = parse_period(period) if period else None
        records = work.record_items(workspace, unit, within)
        return [*work.conflict_items(workspace, unit, within), *records], {}
    if part == PAIRS:
        return work.pair_items(workspace, unit), {}
    found = (
        work.question_items(workspace, unit, period)
        if part == QUESTIONS
        else work.correction_items(workspace, unit)
    )
    return [item for item, _row in found], {item.key: row for item, row in found}


class Looking(QObject):
    """The work list of a unit and period. `changed` says that it has become another one.

    What is decided here goes from the list at once, before it is written.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.unit, self.period = "", ""
        self.rows: Rows = {}
        self.counts: Counter[str] = Counter()
        self._parts: dict[str, list[WorkItem]] = {part: [] for part in PARTS}
        self._asked = dict.fromkeys(PARTS, 0)
        self._waiting: set[str] = set()
        self._version = 0
        self._pending: dict[str, WorkItem] = {}
        self._decided: dict[frozenset[tuple[str, str]], WorkItem] = {}
        self._reopened: dict[str, WorkItem] = {}
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(lambda: self.renew((RECORDS,)))

    @property
    def complete(self) -> bool:
        """Whether no part is still looked for."""
        return not self._waiting

    def about(self, unit: str, period: str) -> None:
        """Look anew, for another unit or period."""
        self.unit, self.period = unit, period
        self._parts = {part: [] for part in PARTS}
        self.renew()

    def renew(self, parts: Iterable[str] = PARTS) -> None:
        """Look anew for some parts; what was known stays until then."""
        for part in parts:
            self._ask(part)

    def _ask(self, part: str) -> None:
        self._asked[part] += 1
        asked, version = self._asked[part], self._version
        unit, period = self.unit, self.period
        self._waiting.add(part)

        def job(workspace: Workspace, _progress: Progress) -> Found:
            return look_for(part, workspace, unit, period)

        def arrived(found: Found) -> None:
            if asked != self._asked[part]:
                return
            if part == RECORDS and version != self._version:
                # Read before the last decision was written: it would come back for a moment.
                self._again.start()
                return
            self._waiting.discard(part)
            self._take(part, *found)

        self._desk.look_up(_("Reading the work list"), job, arrived)

    def _take(self, part: str, items: list[WorkItem], rows: Rows) -> None:
        done = {item.key for item in self._decided.values()} | set(self._pending)
        if part == RECORDS:
            done = set(self._pending)
            open_now = {item.key for item in items}
            more = [item for key, item in self._reopened.items() if key not in open_now]
            items = [*more, *items]
        self._parts[part] = [item for item in items if item.key not in done]
        self.rows |= rows
        self.changed.emit()

    def queue(self) -> Queue:
        """Return all that is known to wait, without what is decided here."""
        found = queue_of(item for part in PARTS for item in self._parts[part])
        self.counts = found.counts
        return found

    # Decisions

    def drop(self, item: WorkItem) -> None:
        """Take an item from the list while its decision is written."""
        self._version += 1
        self._pending[item.key] = item
        self._reopened.pop(item.key, None)
        part = _PART_OF.get(item.group, RECORDS)
        self._parts[part] = [one for one in self._parts[part] if one is not item]
        self.counts[item.group] -= 1

    def give_back(self, item: WorkItem) -> None:
        """Put an item back: its decision was refused, or taken back."""
        self._version += 1
        self._pending.pop(item.key, None)
        part = _PART_OF.get(item.group, RECORDS)
        self._parts[part] = [item, *(one for one in self._parts[part] if one.key != item.key)]
        self._again.start()

    def settle(self, item: WorkItem, records: Iterable[tuple[str, str]]) -> None:
        """Note that a decision was written, and what records it touched."""
        self._version += 1
        self._pending.pop(item.key, None)
        self._decided[frozenset(records)] = item
        self._again.start()

    def is_own(self, records: Iterable[tuple[str, str]]) -> bool:
        """Whether a change touches what is just being decided here."""
        touched = {record for _kind, record in records}
        return any(
            item.record in touched or item.other in touched or item.group == work.DUPLICATE
            for item in self._pending.values()
        )

    def taken_back(self, records: Iterable[tuple[str, str]]) -> WorkItem | None:
        """Return the item whose decision an undoing has just taken back; it waits again."""
        item = self._decided.pop(frozenset(records), None)
        if item is not None and item.group == work.CONFLICT:
            # Nobody disputes with himself: the former value stands, and the others can be taken.
            item = replace(item, note=work.AGAIN)
            self._reopened[item.key] = item
        if item is not None:
            self.give_back(item)
        return item


_PART_OF: Final = {
    work.DUPLICATE: PAIRS,
    work.QUESTION: QUESTIONS,
    work.CORRECTION: CORRECTIONS,
}
