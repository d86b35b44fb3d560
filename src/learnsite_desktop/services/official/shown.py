"""How numbers of a report stand in a cell: their format, what hides them, where they come from."""

import json
from collections.abc import Mapping
from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.reports.template import Sourced
from learnsite_desktop.reports.workbook import Cell
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.figure_ground import Question
from learnsite_desktop.services.figures import factor
from learnsite_desktop.services.official.hiding import BESIDE, FEW
from learnsite_desktop.services.official.lines import Filled, Number
from learnsite_desktop.services.workspace import Workspace

NOTHING: Final = "—"
WHOLE: Final = "#,##0"
PARTED: Final = "#,##0.00"
PERCENT: Final = "0.00%"
PARTS: Final = ("numerator", "denominator", "named", "headcount")

LIST_NAMES: Final = {
    "activity_kind": N_("kind of activity"),
    "age_band": N_("age"),
    "delivery": N_("way of teaching"),
    "department": N_("department"),
    "edu_form": N_("form of education"),
    "edu_kind": N_("kind of education"),
    "edu_vocational": N_("vocational or not"),
    "population_group": N_("group of people"),
    "sex": N_("sex"),
    "site_kind": N_("kind of site"),
    "staff_kind": N_("kind of staff"),
    "topic": N_("topic"),
    "venue_kind": N_("kind of venue"),
}
"""What the code lists that tables are split by are called; another one goes by its own name."""


class Used:
    """Words of codes; it remembers which were asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._codes = codes_in_force(workspace.database)
        self.codes: dict[tuple[str, str], str] = {}

    def all(self, name: str) -> tuple[str, ...]:
        """Return the codes of a list, in its order."""
        return tuple(self._codes.codes(name))

    def label(self, name: str, code: str) -> str:
        """Return the word of a code in the language in use."""
        found = self._codes.label(name, code, language())
        self.codes[name, code] = found
        return found


def number_format(value: float, unit: str) -> str:
    """Return the explicit number format of a value."""
    if unit == "%":
        return PERCENT
    return WHOLE if isinstance(value, int) else PARTED


def reading(value: float, unit: str) -> float:
    """Return a value as it reads in its unit of measure; a spreadsheet shows 0.5 as 50 % itself."""
    times = 1 if unit == "%" else factor(unit)
    return value * times if times > 1 else value


def value_cell(number: Number, source: str) -> Cell:
    """Return a value, with where it comes from; a dash where there is none, `<3` or `*` if so."""
    if number.hidden:
        return Cell(BESIDE if number.beside else FEW)
    if number.value is None:
        return Cell(NOTHING)
    value = reading(number.value, number.unit)
    return Sourced(value, number_format(value, number.unit), source)


def part_cell(number: Number, part: str, source: str) -> Cell:
    """Return the numerator or denominator, or how many of it by name and by head-count."""
    value = getattr(number, part)
    if number.hidden:
        return Cell(BESIDE if number.beside else FEW)
    if value is None:
        return Cell(NOTHING)
    return Sourced(value, WHOLE, source)


def source_of(name: str, cell: str, question: Question, part: str = "value") -> str:
    """Return the text that says where a number comes from; `read_source` reads it."""
    asked = (question.unit, question.period.text, question.basis, question.tree)
    return json.dumps([name, cell, part, *asked], ensure_ascii=False)


def read_source(text: str) -> dict[str, str]:
    """Return the parts of a source: id, cell, part, unit, period, basis, tree."""
    keys = ("id", "cell", "part", "unit", "period", "basis", "tree")
    return dict(zip(keys, json.loads(text), strict=True))


def line_cells(filled: Filled, now: Question, last: Question) -> Mapping[str, Cell]:
    """Return a line's cells by the names that templates use."""
    line, number = filled.line, filled.now
    cell = f"{line.dimension}:{','.join(line.codes)}" if line.dimension else "all"
    here, before = source_of(line.id, cell, now), source_of(line.id, cell, last)
    change = filled.change
    cells = {
        "value": value_cell(number, here),
        "last": value_cell(filled.last, before),
        "change": Cell(NOTHING)
        if change is None
        else Cell(reading(change, number.unit), number_format(change, number.unit)),
        "id": Cell("" if line.counted else line.id, "@"),
        "name": Cell(filled.name),
        "unit": Cell(number.unit),
        "note": Cell(number.missing),
        "missing": Cell(number.missing),
    }
    for part in PARTS:
        cells[part] = part_cell(number, part, source_of(line.id, cell, now, part))
    return cells
