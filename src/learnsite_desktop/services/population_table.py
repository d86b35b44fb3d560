"""Population from tables of Excel, WPS or CSV: one row for each unit, headings found as elsewhere.

What becomes of a table is told in the shapes of `services.roster`, so that screens and commands
show it alike and the coloured copy of the faults is the same.
"""

import unicodedata
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import known_period
from learnsite_desktop.services.capture.apply import take_items
from learnsite_desktop.services.capture.plan import Item, References, plan_entry
from learnsite_desktop.services.population import (
    KIND,
    Figure,
    as_entry,
    as_figure,
    figures,
)
from learnsite_desktop.services.roster.body import Body, Entry, stated_days
from learnsite_desktop.services.roster.cells import Reading, text_of
from learnsite_desktop.services.roster.fields import vocabulary
from learnsite_desktop.services.roster.headings import Block
from learnsite_desktop.services.roster.reading import find_blocks
from learnsite_desktop.services.roster.results import (
    CREATED,
    FAULT,
    REPEATED,
    SAME,
    UPDATED,
    Finding,
    Preview,
    Row,
    Taken,
    Target,
)
from learnsite_desktop.services.roster.tables import Sheet, Table, open_table
from learnsite_desktop.services.roster.villages import Villages
from learnsite_desktop.services.units import load_tree, require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups

TARGET: Final = "population"
_MILLION_DIGITS: Final = 8
_CODE_DIGITS: Final = 12


def look(
    workspace: Workspace,
    table: Path | Table,
    *,
    year: int = 0,
    otherwise: int = 0,
    source: str = "",
    unit: str = "",
) -> Preview:
    """Return what would become of a table of population; nothing is written.

    Each row says its year; else it is `year`, that of the title, `otherwise`, in this order.
    `source` holds where a row names none. Refuses `population_year_missing`, `unit_not_below` and
    what `roster.open_table` refuses.
    """
    asked = _Asked(workspace, table, (year, otherwise), source, unit)
    return asked.run("", silent, write=False).preview


def take(
    workspace: Workspace,
    table: Path | Table,
    *,
    year: int = 0,
    otherwise: int = 0,
    source: str = "",
    unit: str = "",
    operator: str = "",
    progress: Progress = silent,
) -> Taken:
    """Take the sound rows of a table of population as one change; refuses as `look`."""
    asked = _Asked(workspace, table, (year, otherwise), source, unit)
    return asked.run(operator, progress, write=True)


class _Asked:
    """One table on its way."""

    def __init__(
        self,
        workspace: Workspace,
        table: Path | Table,
        years: tuple[int, int],
        source: str,
        unit: str,
    ) -> None:
        self.workspace = workspace
        self.table = table if isinstance(table, Table) else open_table(table)
        (self.year, self.otherwise), self.source = years, source.strip()
        self.unit = unit or workspace.unit
        require_unit(workspace, self.unit)
        if not lookups.is_within(workspace.database, self.unit, workspace.unit):
            raise Refusal("unit_not_below", where=self.unit)
        self.finding = Finding()
        self.tree = load_tree(workspace.database)
        self.villages = Villages(workspace, self.unit)
        self.wanted: dict[tuple[str, int], tuple[Entry, Figure]] = {}
        self.items: dict[tuple[str, int], Item] = {}

    def run(self, operator: str, progress: Progress, *, write: bool) -> Taken:
        """Look at everything and, if asked, write it."""
        words = vocabulary(KIND)
        target = Target(kind=TARGET, unit=self.unit)
        for sheet, block in find_blocks(
            self.table, target, words, {}, lambda _print: None, self.finding
        ):
            self._read(sheet, block, words.key)
        result = take_items(
            self.workspace, self._plan, write=write, operator=operator, progress=progress
        )
        self._conclude()
        return Taken(self._preview(target), result)

    def _read(self, sheet: Sheet, block: Block, key: str) -> None:
        days = stated_days(sheet, block.first_heading)
        titled = days[-1].year if days else 0
        body = Body(sheet, block, key)
        for entry in body.entries():
            self._row(entry, titled)
        self.finding.skipped += body.skipped

    def _row(self, entry: Entry, titled: int) -> None:
        faults = list(entry.faults)
        cells = entry.cells
        unit, issue = self._unit(cells)
        if issue is not None:
            faults.append(entry.fault("village", issue))
        numbers: dict[str, int] = {}
        for name in ("total", "over60"):
            number, issue = _number(cells.get(name, ""), name)
            if issue is not None:
                faults.append(entry.fault(name, issue))
            numbers[name] = number or 0
        year, issue = self._year(cells.get("year", ""), titled)
        if issue is not None:
            faults.append(entry.fault("year", issue))
        source = text_of(cells.get("source", "")).strip() or self.source
        if not source:
            faults.append(entry.fault("source", _missing("source")))
        figure = Figure(numbers["total"], numbers["over60"], source)
        if faults:
            self.finding.faults += faults
            self._show(entry, unit, year, figure, FAULT)
        elif (unit, year) in self.wanted:
            first = self.wanted[unit, year][0]
            params = {"row": first.row, "value": text_of(cells.get("village", ""))}
            self.finding.faults.append(
                entry.fault("village", Issue("POPULATION_ROW_REPEATED", params=params))
            )
            self._show(entry, unit, year, figure, REPEATED)
        else:
            self.wanted[unit, year] = (entry, figure)

    def _unit(self, cells: Any) -> Reading:
        name = text_of(cells.get("village", "")).strip()
        code = text_of(cells.get("code", "")).strip() or name
        if code.isdigit():
            code = code.ljust(_CODE_DIGITS, "0")
            below = lookups.is_within(self.workspace.database, code, self.unit)
            if code in self.tree and below:
                return Reading(code)
            params = {"value": code, "unit": self.tree.require(self.unit).name}
            return Reading("", Issue("VILLAGE_UNKNOWN", params=params))
        found = self.villages.of(name)
        return found if found.issue is None else Reading("", found.issue)

    def _year(self, cell: object, titled: int) -> Reading:
        text = unicodedata.normalize("NFKC", text_of(cell)).strip().removesuffix("年").strip()
        if text and not (text.isdecimal() and known_period(text)):
            return Reading(0, Issue("COUNT_UNCLEAR", params={"value": text_of(cell)}))
        year = int(text) if text else self.year or titled or self.otherwise
        if not year:
            raise Refusal("population_year_missing", where=self.table.path.name)
        return Reading(year)

    def _plan(self, references: References) -> list[Item]:
        kind = KINDS[KIND]
        for (unit, year), (_entry, figure) in self.wanted.items():
            item = plan_entry(references, kind, as_entry(year, unit, figure), unit)
            references.items[kind.name, item.record] = item
            self.items[unit, year] = item
        return list(self.items.values())

    def _conclude(self) -> None:
        kept = {year: figures(self.workspace, year) for _unit, year in self.wanted}
        for (unit, year), (entry, figure) in self.wanted.items():
            item = self.items[unit, year]
            blocking = [issue for issue in item.issues if issue.blocking]
            self.finding.faults += [
                entry.fault(issue.field if issue.field in entry.columns else "total", issue)
                for issue in blocking
            ]
            stored = self._before(item, kept[year].get(unit))
            outcome = CREATED if stored is None else SAME if stored == figure else UPDATED
            outcome = FAULT if blocking else outcome
            if not blocking:
                self.finding.count(outcome, KIND)
            self._show(entry, unit, year, figure, outcome, stored)

    def _before(self, item: Item, kept: Figure | None) -> Figure | None:
        """Return what was kept before this table was taken."""
        stored = item.stored
        if stored is None or stored.deleted:
            return None
        count = stored.doc.get("count")
        if not isinstance(count, list):
            return kept
        total, over60 = [*count, None, None][:2]
        return as_figure(total, over60, stored.doc.get("source"))

    def _show(
        self,
        entry: Entry,
        unit: str,
        year: int,
        figure: Figure,
        outcome: str,
        stored: Figure | None = None,
    ) -> None:
        row = self.tree.get(unit)
        shown = {
            "village": row.name if row else text_of(entry.cells.get("village", "")),
            "code": unit,
            "year": str(year or ""),
            "total": str(figure.total),
            "over60": str(figure.over60),
            "source": figure.source,
        }
        former: dict[str, str] = {}
        if stored is not None and outcome == UPDATED:
            before = {"total": str(stored.total), "over60": str(stored.over60)}
            before["source"] = stored.source
            former = {name: text for name, text in before.items() if shown[name] != text}
        record = b64(derived_id(KIND, unit, str(year))) if row and year else ""
        self.finding.rows.append(
            Row(entry.sheet, entry.row, outcome, shown, tuple(former), former, record)
        )

    def _preview(self, target: Target) -> Preview:
        found = self.finding
        order = {sheet.name: number for number, sheet in enumerate(self.table.sheets)}
        return Preview(
            self.table,
            target,
            {},
            {},
            tuple(found.blocks),
            tuple(sorted(found.rows, key=lambda one: (order[one.sheet], one.row))),
            tuple(sorted(found.faults, key=lambda one: (order[one.sheet], one.row))),
            tuple(found.notes),
            tuple(found.skipped),
            vocabulary(KIND).fields,
            found.counts,
        )


def _number(cell: object, field: str) -> Reading:
    """Read a number of residents: 1,234 · 1234人; nothing, text and fractions are no number."""
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "").replace(" ", "")
    text = text.removesuffix("人")
    if not text:
        return Reading(0, _missing(field))
    if not text.isdigit() or len(text) > _MILLION_DIGITS:
        return Reading(0, Issue("COUNT_UNCLEAR", params={"value": text_of(cell)}))
    return Reading(int(text))


def _missing(field: str) -> Issue:
    return Issue("REQUIRED_MISSING", kind=KIND, field=field, params={"key": field})
