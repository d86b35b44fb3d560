"""Previewing and taking a handed-in table: the door for the window and the command line."""

from collections.abc import Mapping
from datetime import date

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services import policy
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.capture.apply import take_items
from learnsite_desktop.services.capture.plan import Item, References
from learnsite_desktop.services.entering import may_enter_for
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.roster.fields import folded, vocabulary
from learnsite_desktop.services.roster.ledger import Ledger
from learnsite_desktop.services.roster.persons import Roll
from learnsite_desktop.services.roster.reading import find_blocks, read_people
from learnsite_desktop.services.roster.remembered import (
    known_mappings,
    remember_lineage,
    remember_mapping,
)
from learnsite_desktop.services.roster.results import (
    LEDGER,
    ROSTER,
    Decisions,
    Finding,
    Preview,
    Taken,
    Target,
)
from learnsite_desktop.services.roster.tables import Table
from learnsite_desktop.services.roster.villages import Villages
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord

_PEOPLE, _LEDGER = "people", "ledger"


def preview(
    workspace: Workspace,
    table: Table,
    target: Target,
    *,
    mapping: Mapping[str, str] | None = None,
    decisions: Decisions | None = None,
    progress: Progress = silent,
) -> Preview:
    """Return what would become of a table; nothing is written.

    `mapping` says what columns mean: heading, "C" or "SHEET!C" → field, "" not to take it.
    `decisions` answer questions about rows: (sheet, row) → id of a learner, or "new"; where several
    people stand in one row, (sheet, row, column letter of the name). Refuses
    `mapping_unknown`, `unit_unknown`, `unit_not_below`, `roster_activity_missing`, `site_unclear`,
    `record_unknown`.
    """
    asked = _Asked(workspace, table, target, mapping or {}, decisions or {})
    return asked.run("", progress, write=False).preview


def take(
    workspace: Workspace, preview: Preview, *, operator: str = "", progress: Progress = silent
) -> Taken:
    """Take what can be taken of a previewed table, as one change that can be undone.

    Everything is looked at anew, so that the preview may be old. What the columns were taken for
    is remembered for the next file with these headings.
    """
    asked = _Asked(workspace, preview.table, preview.target, preview.mapping, preview.decisions)
    return asked.run(operator, progress, write=True)


class _Asked:
    """One table on its way."""

    def __init__(
        self,
        workspace: Workspace,
        table: Table,
        target: Target,
        mapping: Mapping[str, str],
        decisions: Decisions,
    ) -> None:
        self.workspace = workspace
        self.table = table
        self.target = target
        self.mapping = mapping
        self.decisions = decisions
        self.finding = Finding()
        self.unit = target.unit or workspace.acting
        require_unit(workspace, self.unit)
        if not may_enter_for(workspace, self.unit):
            raise Refusal("unit_not_below", where=self.unit)
        self.words_name = _LEDGER if target.kind == LEDGER else _PEOPLE
        self.words = vocabulary(self.words_name)
        for key, name in mapping.items():
            if name and name not in self.words.fields:
                raise Refusal("mapping_unknown", where=name, fields=", ".join(self.words.fields))
            if not folded(key):
                raise Refusal("mapping_unknown", where=key, fields=", ".join(self.words.fields))
        self.today = workspace.clock.now().date()

    def run(self, operator: str, progress: Progress, *, write: bool) -> Taken:
        """Look at everything and, if asked, write it."""
        known = known_mappings(self.workspace, self.words_name)
        blocks = list(
            find_blocks(self.table, self.target, self.words, self.mapping, known, self.finding)
        )
        self._check_mapping()
        roll: Roll | None = None
        if self.target.kind == LEDGER:
            ledger = Ledger(self.workspace, self.table, self.target, self.unit, self.finding)
            ledger.read(blocks)
            result = take_items(
                self.workspace, ledger.items, write=write, operator=operator, progress=progress
            )
            ledger.conclude(result)
        else:
            villages = Villages(self.workspace, self.unit)
            people = read_people(
                self.table, self.target, blocks, villages, self.today, self.finding
            )
            roll = Roll(
                self.workspace,
                people,
                self.decisions,
                self.finding,
                keeps_numbers=policy.current(self.workspace)["id_numbers"] == "on",
            )
            result = self._take_people(roll, operator, progress, write=write)
        if write:
            self._remember(roll)
        return Taken(self._preview(), result)

    def _take_people(
        self, roll: Roll, operator: str, progress: Progress, *, write: bool
    ) -> CaptureResult:
        activity = self._activity()
        roll.plan()

        def items(references: References) -> list[Item]:
            found = roll.items(references)
            if activity is not None:
                found += roll.enrolments(references, activity, self._joined(activity))
            return found

        result = take_items(
            self.workspace, items, write=write, operator=operator, progress=progress
        )
        roll.conclude(result)
        return result

    def _activity(self) -> StoredRecord | None:
        if self.target.kind != ROSTER:
            return None
        if not self.target.activity:
            raise Refusal("roster_activity_missing")
        text = self.target.activity
        found = require_record(self.workspace, text if ":" in text else f"activity:{text}")
        if found.deleted:
            raise Refusal("record_unknown", where=text)
        return found

    def _joined(self, activity: StoredRecord) -> date:
        term = activity.doc.get("term")
        opens = as_date(term[0]) if isinstance(term, list) and term else None
        return self.target.joined or opens or self.today

    def _check_mapping(self) -> None:
        """Refuse a mapping of columns that no block has."""
        columns = [column for block in self.finding.blocks for column in block.columns]
        known = {column.letter for column in columns} | {column.label for column in columns}
        for key in self.mapping:
            name = key.rpartition("!")[2]
            if name.upper() not in known and folded(key) not in known:
                fields = ", ".join(self.words.fields)
                raise Refusal("mapping_unknown", where=key, fields=fields)

    def _remember(self, roll: Roll | None) -> None:
        with self.workspace.database.transaction():
            for block in self.finding.blocks:
                remember_mapping(self.workspace, self.words_name, block)
            if roll is None or not self.finding.blocks:
                return
            print_ = self.finding.blocks[0].print
            for unit, rows in roll.lineage().items():
                remember_lineage(self.workspace, unit, print_, rows)

    def _preview(self) -> Preview:
        found = self.finding
        order = {sheet.name: number for number, sheet in enumerate(self.table.sheets)}
        faults = sorted(found.faults, key=lambda each: (order.get(each.sheet, 0), each.row))
        return Preview(
            self.table,
            self.target,
            dict(self.mapping),
            dict(self.decisions),
            tuple(found.blocks),
            tuple(found.rows),
            tuple(faults),
            tuple(found.notes),
            tuple(found.skipped),
            self.words.fields,
            {outcome: dict(kinds) for outcome, kinds in found.counts.items()},
        )
