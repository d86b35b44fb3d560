"""What stands in an official report: facts and lists, made for what its template asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from learnsite_desktop import __version__
from learnsite_desktop.domain.charts import Bars, Series
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.documents import Holding
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.reports.template import Content
from learnsite_desktop.reports.workbook import Cell, ident
from learnsite_desktop.services.figure_views.catalogue import lacking, measure_of, name_of
from learnsite_desktop.services.head_codes import head_code
from learnsite_desktop.services.indicators import CODE_LISTS, registry
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import (
    Line,
    Report,
    catalogue,
    is_computable,
    parse_line,
)
from learnsite_desktop.services.official.lines import Counter, fill_lines, year_before
from learnsite_desktop.services.official.lists import LISTS, Making, Row, explain_lines
from learnsite_desktop.services.official.shown import LIST_NAMES, PARTS, Used, line_cells
from learnsite_desktop.services.official.statutory import LABELS, statutory_cells
from learnsite_desktop.services.period_words import period_words
from learnsite_desktop.services.silence import NOT_REPORTED
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.chains import chains_within, held_heads
from learnsite_desktop.store.figures import operation_count, unit_name

_AFTER: Final = ("gaps", "codes", "provenance", "definitions")
"""Lists that tell of the others; they are made last."""

_CHARTS: Final = 2
_ASPECTS: Final = ("value", "last", "change", "missing", "name", "unit", "note", "id", *PARTS)
_BASES: Final = {"received": N_("as received"), "approved": N_("approved only")}
_TREES: Final = {"then": N_("as they stood then"), "now": N_("as they stand now")}
_FILL_IN: Final = N_("(to be filled in)")


@dataclass(frozen=True, slots=True)
class Made:
    """A report's content, the gaps it explains (where, what, why), its state code."""

    content: Content
    gaps: Sequence[tuple[str, str, str]]
    state: str
    operations: int
    lines: int
    charts: Sequence[Bars]


def make_content(
    workspace: Workspace, report: Report, asked: Asked, markers: Iterable[str], progress: Progress
) -> Made:
    """Return what fills the markers of a template; refuses what `figures.indicators` does."""
    now = asked.question(workspace)
    last = asked.question(workspace, year_before(now.period).text)
    making = Making(
        workspace,
        report,
        asked,
        Counter(workspace, now),
        Counter(workspace, last),
        Used(workspace),
        progress=progress,
    )
    names = set(markers)
    single = _single(names)
    asked_for = [*report.lines, *(line for line in single.values() if line not in report.lines)]
    making.lines = fill_lines(workspace, making.now, making.last, asked_for, progress)
    by_line = {one.line: one for one in making.lines}
    making.lines = making.lines[: len(report.lines)]
    explain_lines(making)
    heads = {name.partition(".")[0] for name in names if "." in name}
    lists: dict[str, Sequence[Row]] = {
        name: make(making) for name, make in LISTS.items() if name in heads
    }
    state, operations = state_code(workspace, now.unit), operation_count(workspace.database)
    facts = _facts(making, state, operations)
    for marker, line in single.items():
        cells = line_cells(by_line[line], now, last)
        facts[marker] = cells[_aspect(marker)]
    _note_codes(making)
    lists["gaps"] = _gap_rows(making)
    lists["codes"] = [
        {"list": ident(_(LIST_NAMES.get(name, name))), "code": ident(code), "name": Cell(word)}
        for (name, code), word in sorted(making.used.codes.items())
    ] or [{"name": Cell(_("No codes are used in this table."))}]
    lists["provenance"] = _provenance(making, state, operations)
    lists["definitions"] = _definitions(making)
    for name in (*LISTS, *_AFTER):
        lists.setdefault(name, ())
    content = Content(facts=facts, lists=lists)
    drawn = _charts(making, lists["units"])
    return Made(content, tuple(making.gaps), state, operations, len(making.lines), drawn)


def _charts(making: Making, units: Sequence[Row]) -> list[Bars]:
    """Return a chart of the units below for the first counts of the report's columns."""
    below = units[1:]
    found = []
    for name in making.report.units[:_CHARTS] if below else ():
        values = [row[name].value for row in below]
        measure = measure_of(name)
        factor = 100 if measure == "%" else 1
        series = tuple(
            None if isinstance(value, str) or value is None else value * factor for value in values
        )
        found.append(
            Bars(
                title=f"{name_of(name)} {period_words(making.question.period)}",
                labels=tuple(str(row["name"].value) for row in below),
                series=(Series(name_of(name), series),),
                measure=measure,
                decimals=2 if measure == "%" else 0,
                lying=True,
                unreported=frozenset(
                    at for at, value in enumerate(values) if value == _(NOT_REPORTED)
                ),
            )
        )
    return found


def state_code(workspace: Workspace, unit: str) -> str:
    """Return the code of all that is held here of a unit and those below: what was counted from."""
    database = workspace.database
    return head_code(
        Holding(chain.unit, unb64(chain.inc), tuple(heads))
        for chain in chains_within(database, unit)
        if (heads := held_heads(database, chain.id))
    )


def _aspect(marker: str) -> str:
    tail = marker.rpartition(".")[2]
    return tail if "." in marker and tail in _ASPECTS else "value"


def _single(names: Iterable[str]) -> dict[str, Line]:
    """Return the markers that stand for one figure: `S01`, `S01.last`, `S01/age:60.value`."""
    found = {}
    for name in sorted(names):
        head, dot, tail = name.rpartition(".")
        if head in LISTS or head in _AFTER:
            continue
        line = parse_line(head if dot and tail in _ASPECTS else name)
        if is_computable(line) or line.id in lacking():
            found[name] = line
    return found


def _facts(making: Making, state: str, operations: int) -> dict[str, Cell]:
    workspace, question = making.workspace, making.question
    period = question.period
    made = workspace.clock.now()
    facts: dict[str, Cell] = {
        "title": Cell(making.report.name()),
        "unit": Cell(unit_name(workspace.database, question.unit)),
        "unit_code": ident(question.unit),
        "period": ident(period_words(period)),
        "first_day": ident(period.first.isoformat()),
        "last_day": ident(period.last.isoformat()),
        "last_period": ident(period_words(making.last.question.period)),
        "basis": Cell(_(_BASES[question.basis])),
        "tree": Cell(_(_TREES[question.tree])),
        "date": ident(made.date().isoformat()),
        "made_at": ident(made.isoformat(timespec="seconds")),
        "state": ident(state),
        "version": ident(__version__),
        "operations": Cell(operations, "0"),
    }
    for name, value in statutory_cells(workspace, making.report.id).items():
        facts[name] = ident(value or _(_FILL_IN))
        if not value:
            why = _("nobody has said it yet: F4 on the screen Reports")
            making.gap(_("Official cells"), _(LABELS[name]), why)
    text = _("Counted from %(count)s entries, state %(state)s, program %(version)s, %(at)s")
    said = {
        "count": operations,
        "state": state,
        "version": __version__,
        "at": made.strftime("%Y-%m-%d %H:%M"),
    }
    facts["footer"] = Cell(render(text, said))
    return facts


def _note_codes(making: Making) -> None:
    """Let the code list hold what the lines are split by, too."""
    for one in making.lines:
        line = one.line
        listed = CODE_LISTS.get(line.dimension) or catalogue().axes.get(line.dimension, "")
        listed = line.dimension if line.counted else listed
        for code in line.codes:
            if listed and code in making.used.all(listed):
                making.used.label(listed, code)


def _gap_rows(making: Making) -> list[Row]:
    rows: list[Row] = [
        {"no": Cell(number, "0"), "where": Cell(where), "what": Cell(what), "why": Cell(why)}
        for number, (where, what, why) in enumerate(making.gaps, start=1)
    ]
    return rows or [{"why": Cell(_("No cell is empty."))}]


def _provenance(making: Making, state: str, operations: int) -> list[Row]:
    question = making.question
    period, last = question.period, making.last.question.period
    now = making.workspace.clock.now()
    facts: Mapping[str, str] = {
        _("Table"): making.report.name(),
        _("unit"): f"{unit_name(making.workspace.database, question.unit)} {question.unit}",
        _("period"): f"{period.text} ({period.first} – {period.last})",
        _("a year before"): f"{last.text} ({last.first} – {last.last})",
        _("basis"): _(_BASES[question.basis]),
        _("which units"): _(_TREES[question.tree]),
        _("entries counted from"): str(operations),
        _("state code"): state,
        _("program version"): __version__,
        _("written at"): now.isoformat(timespec="seconds"),
    }
    if making.now.incomplete:
        facts = {**facts, _("note"): making.now.incomplete}
    return [{"name": Cell(name), "value": ident(value)} for name, value in facts.items()]


def _definitions(making: Making) -> list[Row]:
    ids = [one.line.id for one in making.lines] + list(making.report.units)
    rows: list[Row] = []
    for name in dict.fromkeys(ids):
        known = registry().get(name)
        if known is None:
            continue
        rows.append(
            {
                "id": ident(known.id),
                "name": Cell(known.text("name", language())),
                "basis": Cell(known.text("basis", language())),
                "unit": Cell(known.unit),
                "rule_version": ident(known.rule_version),
                "source": Cell(known.source),
            }
        )
    return rows
