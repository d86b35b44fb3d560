"""The lists of a report: tables of rows that a template repeats a row for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.reports.template import Sourced
from learnsite_desktop.reports.workbook import Cell, ident
from learnsite_desktop.services import figures, ledgers
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.figure_ground import Question
from learnsite_desktop.services.indicators import registry
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import COUNTS, Report, parse_line
from learnsite_desktop.services.official.lines import NO_YEAR, Counter, Filled, Number
from learnsite_desktop.services.official.shown import (
    NOTHING,
    WHOLE,
    Used,
    line_cells,
    source_of,
    value_cell,
)
from learnsite_desktop.services.silence import (
    MARK,
    NOT_REPORTED,
    is_silent,
    lacking_words,
    silence_words,
)
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import records_of_kind

Row = Mapping[str, Cell]
TRACKS: Final = ("F1-V1", "F1-V2", "F2-V1", "F2-V2")
_LEDGER: Final = (
    *("no", "time", "title", "place", "teachers"),
    *("organiser", "named", "headcount", "hours", "notes"),
)
_SPLIT: Final = ("S03", "S01", "S02", "S05")
"""What tables of kinds and groups give for every row: sessions, attendances, persons, hours."""


@dataclass(slots=True)
class Making:
    """A report in the making: what was counted, words of codes used, gaps to be explained."""

    workspace: Workspace
    report: Report
    asked: Asked
    now: Counter
    last: Counter
    used: Used
    lines: Sequence[Filled] = ()
    gaps: list[tuple[str, str, str]] = field(default_factory=list)
    progress: Progress = silent

    @property
    def question(self) -> Question:
        """The question of the period itself."""
        return self.now.question

    def gap(self, where: str, what: str, why: str) -> None:
        """Note a cell without a value, once."""
        found = (where, what, why)
        if found not in self.gaps:
            self.gaps.append(found)


def units_below(making: Making) -> list[Row]:
    """Return the unit itself and those directly below, a figure in each column of the report.

    A unit that reported nothing says so instead of 0; one of which reports lack bears a mark, which
    the gaps explain.
    """
    workspace, question = making.workspace, making.question
    ids = [name for name in making.report.units if not name.partition("/")[2]]
    units = [question.unit, *figures.children_of(workspace, question)]
    rows: list[Row] = []
    for done, code in enumerate(units):
        making.progress(done, len(units), N_("Counting the units below"))
        own = Question(question.period, code, question.basis, question.tree)
        found = figures.indicators(
            workspace,
            period=question.period.text,
            unit=code,
            basis=question.basis,
            tree=question.tree,
            ids=ids,
        )
        name = unit_name(workspace.database, code)
        place = Cell(done, "0") if done else Cell(_("Total"))
        row: dict[str, Cell] = {"name": Cell(name), "code": ident(code), "no": place}
        for value in found:
            number = Number(
                value["numerator"],
                value["denominator"],
                value["value"],
                value["unit_of_measure"],
            )
            row[value["id"]] = value_cell(number, source_of(value["id"], "all", own))
            if is_silent(value):
                row[value["id"]] = Cell(_(NOT_REPORTED))
            elif value["missing"]:
                what = registry()[value["id"]].text("name", language())
                making.gap(name, what, value["missing"])
        said = {silence_words(value) for value in found} - {""}
        for words in sorted(said):
            making.gap(name, _("what was handed in"), words)
        if any(map(lacking_words, found)):
            row["name"] = Cell(f"{name}{MARK}")
        rows.append(row)
    return rows


def _split_rows(making: Making, dimension: str, listed: str, codes: Sequence[str]) -> Iterator[Row]:
    """Yield a row for each code, and for cells met that are not among them."""
    lines = [parse_line(f"{name}/{dimension}:{codes[0]}") for name in _SPLIT]
    making.now.want(lines, making.progress)
    making.last.want(lines[1:2], making.progress)
    found = {name: making.now.cells(name, dimension) for name in _SPLIT}
    former = making.last.cells("S01", dimension)
    met = {code for cells in found.values() for code in cells} - set(codes)
    for code in [*codes, *sorted(met)]:
        row: dict[str, Cell] = {
            "code": ident(code),
            "name": Cell(_word(making, listed, code)),
        }
        for name, cells in found.items():
            row[name] = _cell(cells.get(code), name, f"{dimension}:{code}", making.question)
        row["last"] = _before(making, former, dimension, code)
        if any(cells[code].hidden for cells in found.values() if code in cells):
            text = _("fewer than 3 persons of a sensitive group: not shown outside this unit")
            making.gap(_(_SPLIT_NAMES[dimension]), _word(making, listed, code), text)
        yield row


_SPLIT_NAMES: Final = {
    "edu_kind": N_("Kinds of education"),
    "group": N_("Population groups"),
    "track": N_("Degree and vocation"),
    "campaign": N_("activity weeks"),
    "department": N_("Departments"),
}


def _word(making: Making, listed: str, code: str) -> str:
    if code == "NA":
        return _("not stated")
    if listed:
        return making.used.label(listed, code)
    form, dash, vocational = code.partition("-")
    if dash and form in ("F1", "F2", "NA") and vocational in ("V1", "V2", "NA"):
        words = (_word(making, "edu_form", form), _word(making, "edu_vocational", vocational))
        return " · ".join(words)
    return code


def _cell(number: Number | None, name: str, cell: str, question: Question) -> Cell:
    if number is None:
        return Sourced(0, WHOLE, source_of(name, cell, question))
    return value_cell(number, source_of(name, cell, question))


def _before(making: Making, former: Mapping[str, Number], dimension: str, code: str) -> Cell:
    """Return last year's attendances of a cell; a dash where nothing at all was recorded."""
    if not making.last.number(parse_line("S03")).value:
        making.gap(_(_SPLIT_NAMES[dimension]), _("a year before"), _(NO_YEAR))
        return Cell(NOTHING)
    return _cell(former.get(code), "S01", f"{dimension}:{code}", making.last.question)


def _kinds(making: Making) -> list[Row]:
    codes = list(making.used.all("edu_kind"))
    return list(_split_rows(making, "edu_kind", "edu_kind", codes))


def _tracks(making: Making) -> list[Row]:
    return list(_split_rows(making, "track", "", TRACKS))


def _departments(making: Making) -> list[Row]:
    found = list(_split_rows(making, "department", "department", making.used.all("department")))
    return [row for row in found if row["S03"].value]


def _groups(making: Making) -> list[Row]:
    """Return the groups that were met: persons and attendances; sessions have no group."""
    lines = [parse_line("S01/group:elder"), parse_line("S02/group:elder")]
    making.now.want(lines, making.progress)
    making.last.want(lines[:1], making.progress)
    found = {name: making.now.cells(name, "group") for name in ("S01", "S02")}
    former = making.last.cells("S01", "group")
    rows: list[Row] = []
    for code in making.used.all("population_group"):
        if code not in found["S01"]:
            continue
        cell = f"group:{code}"
        word = making.used.label("population_group", code)
        rows.append(
            {
                "code": ident(code),
                "name": Cell(word),
                "S01": _cell(found["S01"][code], "S01", cell, making.question),
                "S02": _cell(found["S02"].get(code), "S02", cell, making.question),
                "last": _before(making, former, "group", code),
            }
        )
        if found["S01"][code].hidden:
            text = _("fewer than 3 persons of a sensitive group: not shown outside this unit")
            making.gap(_(_SPLIT_NAMES["group"]), word, text)
    if not rows:
        making.gap(_(_SPLIT_NAMES["group"]), NOTHING, _("nobody present belongs to a group"))
    return rows


def _campaigns(making: Making) -> list[Row]:
    lines = [parse_line(f"{name}/campaign:*") for name in ("S04", "S03", "S01", "S02")]
    making.now.want(lines, making.progress)
    making.last.want(lines[2:3], making.progress)
    found = {line.id: making.now.cells(line.id, "campaign") for line in lines}
    former = making.last.cells("S01", "campaign")
    rows: list[Row] = []
    for name in sorted(found["S03"]):
        cell = f"campaign:{name}"
        whole = found["S01"].get(name)
        row = {
            key: _cell(cells.get(name), key, cell, making.question) for key, cells in found.items()
        }
        row["name"] = Cell(name)
        row["named"] = Cell(whole.named if whole else 0, WHOLE)
        row["headcount"] = Cell(whole.headcount if whole else 0, WHOLE)
        row["last"] = _before(making, former, "campaign", name)
        rows.append(row)
    if not rows:
        why = _("no activity of the period is marked with a campaign: fill “campaign” in there")
        making.gap(_("activity weeks"), NOTHING, why)
    return rows


def _counted(name: str) -> Callable[[Making], list[Row]]:
    def rows(making: Making) -> list[Row]:
        making.now.want([parse_line(f"{name}/all")])
        listed = COUNTS[name]
        found = making.now.cells(name, listed)
        made: list[Row] = []
        for code in making.used.all(listed):
            number = found.get(code)
            cell = _cell(number, name, f"{listed}:{code}", making.question)
            word = making.used.label(listed, code)
            made.append({"code": ident(code), "name": Cell(word), "value": cell})
        return made

    return rows


def _sites(making: Making) -> list[Row]:
    """Return the sites there are on the last day, with their kinds."""
    last = making.question.period.last.isoformat()
    rows: list[Row] = []
    stored = records_of_kind(making.workspace.database, "site", unit=making.question.unit)
    for one in stored:
        entry = entry_of(KINDS["site"], one.doc, None)
        opened, closed = str(entry.get("opened") or ""), str(entry.get("closed") or "")
        if opened > last or (closed and closed <= last):
            continue
        kinds = [making.used.label("site_kind", code) for code in entry.get("kinds") or []]
        rows.append(
            {
                "no": Cell(len(rows) + 1, "0"),
                "name": Cell(str(entry.get("name") or "")),
                "unit": Cell(unit_name(making.workspace.database, one.unit)),
                "unit_code": ident(one.unit),
                "kinds": Cell("、".join(kinds)),
                "opened": ident(opened),
            }
        )
    if not rows:
        making.gap(_("Sites"), NOTHING, _("no site stands on the last day of the period"))
    return rows


def _activities(making: Making) -> list[Row]:
    asked = ledgers.Question(period=making.asked.period, unit=making.question.unit)
    ledger = ledgers.make_ledger(making.workspace, "ledger", asked, making.progress)
    rows: list[Row] = [
        dict(zip(_LEDGER, row, strict=True)) for part in ledger.parts for row in part.rows
    ]
    if not rows:
        making.gap(_("Activities"), NOTHING, _("no session was held in the period"))
    return rows


def _lines(making: Making) -> list[Row]:
    rows: list[Row] = []
    for number, one in enumerate(making.lines, start=1):
        cells = line_cells(one, making.now.question, making.last.question)
        rows.append({**cells, "no": Cell(number, "0")})
    return rows


LISTS: Final[Mapping[str, Callable[[Making], list[Row]]]] = {
    "lines": _lines,
    "units": units_below,
    "kinds": _kinds,
    "tracks": _tracks,
    "groups": _groups,
    "departments": _departments,
    "campaigns": _campaigns,
    "site_kinds": _counted("sites"),
    "staff_kinds": _counted("staff"),
    "venue_kinds": _counted("venues"),
    "sites": _sites,
    "rows": _activities,
}
"""Lists by the name that templates use; each is made only where a template asks for it."""


def explain_lines(making: Making) -> None:
    """Note why lines have no value, this year or last."""
    table = making.report.name()
    for one in making.lines:
        if one.now.hidden:
            text = _("fewer than 3 persons of a sensitive group: not shown outside this unit")
            if one.now.beside:
                text = _("not shown: fewer than 3 persons of a sensitive group would follow")
            making.gap(table, one.name, text)
        elif one.now.value is None:
            making.gap(table, one.name, one.now.missing)
        elif one.last.value is None:
            why = render(_("no value a year before: %(why)s"), {"why": one.last.missing})
            making.gap(table, one.name, why)
