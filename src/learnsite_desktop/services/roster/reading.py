"""From the sheets of a table to its blocks and people, with everything worth saying on the way."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.roster.body import stated_days
from learnsite_desktop.services.roster.cells import NOTHING, Reading
from learnsite_desktop.services.roster.faults import Fault, Note
from learnsite_desktop.services.roster.fields import Vocabulary
from learnsite_desktop.services.roster.headings import Block, Finder, Known
from learnsite_desktop.services.roster.people import People, Person, Setting
from learnsite_desktop.services.roster.results import Finding, Target
from learnsite_desktop.services.roster.tables import Sheet, Table
from learnsite_desktop.services.roster.villages import Villages

_SHOWN_ROWS: Final = 12
_RECENT_YEARS: Final = 3
"""A year in a title that lies further back may be when something was founded."""


def find_blocks(
    table: Table,
    target: Target,
    words: Vocabulary,
    mapping: Mapping[str, str],
    known: Known,
    finding: Finding,
) -> Iterator[tuple[Sheet, Block]]:
    """Yield the blocks of the sheets to read; what cannot be read becomes a fault or a note."""
    finding.notes += table.notes
    chosen = [
        sheet
        for sheet in table.sheets
        if (sheet.name in target.sheets if target.sheets else sheet.visible)
    ]
    finding.notes += [
        Note(sheet.name, 0, "", "", Issue("SHEET_HIDDEN"))
        for sheet in table.sheets
        if sheet not in chosen and not sheet.visible and sheet.rows
    ]
    blank: list[Sheet] = []
    for sheet in chosen:
        found = Finder(sheet, words, mapping, known).blocks()
        if not found and any(cell != "" for row in sheet.rows for cell in row):
            blank.append(sheet)
        for block in found:
            finding.blocks.append(block)
            if block.unclear:
                issue = Issue("HEADING_UNCLEAR", params={"heading": block.unclear})
                finding.faults.append(Fault(sheet.name, block.first_heading, "", "", issue))
            else:
                _tell_hidden(sheet, block, finding)
                yield sheet, block
    for sheet in blank:
        if len(blank) == len(chosen):
            finding.faults.append(Fault(sheet.name, 1, "", "", Issue("HEADING_MISSING")))
        else:
            finding.notes.append(Note(sheet.name, 0, "", "", Issue("SHEET_WITHOUT_TABLE")))


def _tell_hidden(sheet: Sheet, block: Block, finding: Finding) -> None:
    inside = range(block.last_heading, block.last_row)
    hidden = sorted(row + 1 for row in sheet.marks.hidden if row in inside)
    if hidden:
        shown = ", ".join(map(str, hidden[:_SHOWN_ROWS]))
        shown += " …" if len(hidden) > _SHOWN_ROWS else ""
        issue = Issue("ROWS_HIDDEN", params={"count": len(hidden), "rows": shown})
        note = Note(sheet.name, 0, "", "", issue)
        if note not in finding.notes:
            finding.notes.append(note)


def read_people(
    table: Table,
    target: Target,
    blocks: Iterable[tuple[Sheet, Block]],
    villages: Villages,
    today: date,
    finding: Finding,
) -> list[Person]:
    """Return all people of a table, those with faults included."""
    people: list[Person] = []
    for sheet, block in blocks:
        setting = Setting(
            today=today,
            as_of=target.as_of or _stated(sheet, block, today),
            villages=villages,
            unit=villages.own_code,
            sheet_unit=_sheet_unit(sheet, villages),
            loses_zeros=table.kind == "csv",
            date1904=table.date1904,
        )
        source = People(sheet, block, setting, finding.notes.append)
        people += source.people()
        finding.skipped += source.body.skipped
    return people


def _stated(sheet: Sheet, block: Block, today: date) -> date | None:
    """Return the day that the title states, today if it states none, None if it is long past."""
    past = [day for day in stated_days(sheet, block.first_heading) if day <= today]
    if not past:
        return today
    return past[-1] if today.year - past[-1].year <= _RECENT_YEARS else None


def _sheet_unit(sheet: Sheet, villages: Villages) -> Reading:
    """Return the unit that a sheet's name means; a name that only looks like one is an issue."""
    return villages.of(sheet.name) if villages.looks_like_one(sheet.name) else NOTHING
