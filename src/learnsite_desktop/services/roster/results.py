"""What a table is taken for, and what is found in it: the shapes that screens and commands show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.roster.faults import Fault, Note, Skipped
from learnsite_desktop.services.roster.headings import Block
from learnsite_desktop.services.roster.tables import Table

LEARNERS, ROSTER, LEDGER = "learners", "roster", "ledger"
CREATED, UPDATED, SAME, FAULT, REPEATED = "created", "updated", "same", "fault", "repeated"
OUTCOMES: Final = (CREATED, UPDATED, SAME)
Decisions = Mapping[tuple[str, int] | tuple[str, int, str], str]
"""Answers to questions: (sheet, row) → id of a learner, or "new". Where several people stand in one
row, the column letter of the name goes with it."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a table is taken for.

    `kind` is `learners`, `roster` (with the `activity` whose roster it is) or `ledger` (past
    activities at `site`); `unit` for whom, blank for the workspace's own. `joined` is the day of
    enrolment (the activity's first, else today), `as_of` the day on which ages were counted (said
    in a title row, else today), `sheets` the only ones to read. The others are what a ledger does
    not say.
    """

    kind: str = LEARNERS
    unit: str = ""
    activity: str = ""
    site: str = ""
    joined: date | None = None
    as_of: date | None = None
    sheets: tuple[str, ...] = ()
    start: str = "09:00"
    minutes: int = 90
    activity_kind: str = "03"
    edu_kinds: tuple[str, ...] = ("50",)
    topics: tuple[str, ...] = ("99",)
    delivery: str = "10"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as understood: what is shown of it, what becomes of it.

    `outcome` is `created`, `updated`, `same`, `fault` (not taken) or `repeated` (taken once, from
    another row). `former` are the values that `changed` fields had.
    """

    sheet: str
    row: int
    outcome: str
    shown: Mapping[str, str]
    changed: tuple[str, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict)
    record: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a table; nothing is written.

    `mapping` and `decisions` are those that were given with it; `hidden_columns` stay out of sight
    in a coloured copy.
    """

    table: Table
    target: Target
    mapping: Mapping[str, str]
    decisions: Decisions
    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    skipped: tuple[Skipped, ...]
    fields: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    hidden_columns: tuple[str, ...] = ()

    @property
    def created(self) -> int:
        """How many entries would be new."""
        return self._count(CREATED)

    @property
    def updated(self) -> int:
        """How many entries would change what is kept."""
        return self._count(UPDATED)

    @property
    def same(self) -> int:
        """How many entries are kept already as they stand."""
        return self._count(SAME)

    @property
    def faulty_rows(self) -> int:
        """How many rows cannot be taken."""
        return len({(fault.sheet, fault.row) for fault in self.faults})

    def _count(self, outcome: str) -> int:
        return sum(1 for row in self.rows if row.outcome == outcome)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken: the preview it was taken by, the result of the capture."""

    preview: Preview
    result: CaptureResult

    @property
    def change(self) -> ChangeSet:
        """What was written; `change.change` undoes it."""
        return self.result.change

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Records by outcome and kind."""
        return self.preview.counts


@dataclass(slots=True)
class Finding:
    """What is found on the way from the sheets to the preview."""

    blocks: list[Block] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(
        default_factory=lambda: {outcome: {} for outcome in OUTCOMES}
    )

    def count(self, outcome: str, kind: str, number: int = 1) -> None:
        """Add records of a kind to an outcome."""
        if number:
            counts = self.counts[outcome]
            counts[kind] = counts.get(kind, 0) + number


def shown_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values in capture shape as text."""
    return {
        name: "、".join(str(part.get("code", "")) for part in value)
        if isinstance(value, list)
        else str(value)
        for name, value in values.items()
    }
