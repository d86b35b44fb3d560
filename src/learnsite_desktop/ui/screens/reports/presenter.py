"""What the screen of reports shows, without a window: choices, rows, sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.periods import Period, PeriodKind, month_of, parse_period
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.figure_views.catalogue import name_of
from learnsite_desktop.services.figure_views.spans import before
from learnsite_desktop.services.figures import children_of
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import catalogue, reports_of
from learnsite_desktop.services.official.contents import Made
from learnsite_desktop.services.official.lines import NAMES
from learnsite_desktop.services.official.outline import Outline, outline
from learnsite_desktop.services.official.registry import TableCard, list_tables
from learnsite_desktop.services.official.written import Origin, Written
from learnsite_desktop.services.period_words import period_words
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name

SET: Final = "set"
_SCHOOL: Final = 9
"""The month in which a school year begins."""

ALL_SHOWN: Final = 12
_BACK: Final = {
    PeriodKind.QUARTER: 4,
    PeriodKind.MONTH: 12,
    PeriodKind.HALF: 3,
    PeriodKind.YEAR: 3,
    PeriodKind.SCHOOL_YEAR: 2,
}
BASES: Final = {"received": N_("as received"), "approved": N_("approved only")}
TREES: Final = {"then": N_("units as then"), "now": N_("units as now")}
PARTS: Final = {
    "numerator": N_("numerator"),
    "denominator": N_("denominator"),
    "named": N_("named"),
    "headcount": N_("head-count"),
}
ORIGINS: Final = {"own": N_("made by this program"), "request": N_("asked for")}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of any list of this screen; see `ui.widgets.row_list`. `what` is what it stands for."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""
    what: Any = None


Choice = tuple[str, str]
"""What is chosen, and its words."""


def departments(workspace: Workspace) -> list[Choice]:
    """Return the departments that reports are made for."""
    codes = codes_in_force(workspace.database)
    return [
        (code, codes.label("department", code, language())) for code in catalogue().departments()
    ]


def periods(today: date) -> list[Choice]:
    """Return the periods to choose from; the newest quarter that has ended comes first."""
    year, month = today.year, today.month
    school = parse_period(f"{year}-{year + 1}" if month >= _SCHOOL else f"{year - 1}-{year}")
    running = (
        before(parse_period(f"{year}-Q{(month + 2) // 3}")),
        before(month_of(today)),
        parse_period(f"{year}-H{(month + 5) // 6}"),
        parse_period(f"{year}"),
        school,
    )
    found: list[Period] = []
    for one in running:
        period = one
        for _step in range(_BACK[one.kind]):
            found.append(period)
            period = before(period)
    return [(one.text, period_words(one)) for one in [*found, month_of(today)]]


def units(workspace: Workspace, asked: Asked) -> list[Choice]:
    """Return the own unit and those directly below."""
    own = asked.question(workspace)
    codes = [workspace.unit, *children_of(workspace, own)]
    return [(code, unit_name(workspace.database, code)) for code in codes]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The reports of a department, each with its outline."""

    department: str
    name: str
    rows: tuple[Row, ...]
    outlines: dict[str, Outline]


def shelf(workspace: Workspace, department: str) -> Shelf:
    """Return what lies on a department's shelf; the whole set is the first row."""
    reports = reports_of(department)
    outlines = {report.id: outline(workspace, report.id) for report in reports}
    name = codes_in_force(workspace.database).label("department", department, language())
    rows = [_set_row(name, list(outlines.values()))]
    for report in reports:
        found = outlines[report.id]
        rows.append(
            Row(report.id, "report", (report.name(), _lines_text(found)), *_chip(found), report.id)
        )
    return Shelf(department, name, tuple(rows), outlines)


def _set_row(name: str, found: Sequence[Outline]) -> Row:
    lines = sum(len(one.counted) for one in found)
    lacking = sum(len(one.lacking) for one in found)
    said = {"name": name, "count": len(found)}
    title = render(_("The whole set for %(name)s: %(count)s workbooks"), said)
    counts = render(
        _("%(lines)s lines, %(lacking)s not computable"), {"lines": lines, "lacking": lacking}
    )
    status, word = _chip_of(max((len(one.unsaid) for one in found), default=0))
    return Row(SET, SET, (title, counts), status, word)


def _lines_text(found: Outline) -> str:
    said = {"lines": len(found.counted), "lacking": len(found.lacking)}
    text = _("%(lines)s lines, %(lacking)s not computable")
    return render(text if found.lacking else _("%(lines)s lines"), said)


def _chip(found: Outline) -> tuple[str, str]:
    return _chip_of(len(found.unsaid))


def _chip_of(unsaid: int) -> tuple[str, str]:
    if unsaid:
        return "warning", render(_("%(count)s official cells open"), {"count": unsaid})
    return "ok", _("ready")


def outline_text(found: Outline) -> str:
    """Say what a report will hold, and what it lacks and why."""
    parts = [render(_("Holds: %(what)s."), {"what": some(found.counted)})]
    if found.units:
        text = _("For every unit below: %(what)s.")
        parts.append(render(text, {"what": "、".join(found.units)}))
    if found.lacking:
        listed = [f"{name}（{why}）" for name, why in found.lacking]
        parts.append(render(_("Not computable: %(what)s."), {"what": some(listed)}))
    if found.unsaid:
        text = _("Official cells nobody has said yet (F4): %(what)s.")
        parts.append(render(text, {"what": "、".join(found.unsaid)}))
    return "\n".join(parts)


def set_text(found: Shelf) -> str:
    """Say what a whole set will hold."""
    names = [row.cells[0] for row in found.rows if row.kind == "report"]
    lacking = dict.fromkeys(one for each in found.outlines.values() for one in each.lacking)
    unsaid = dict.fromkeys(one for each in found.outlines.values() for one in each.unsaid)
    whole = Outline(tuple(names), tuple(lacking), (), tuple(unsaid))
    return outline_text(whole)


def some(texts: Sequence[str]) -> str:
    """Return the first of many words, and how many more there are."""
    shown = "、".join(texts[:ALL_SHOWN])
    rest = len(texts) - ALL_SHOWN
    return shown if rest <= 0 else f"{shown}{render(_(' and %(count)s more'), {'count': rest})}"


def look_rows(made: Made) -> list[Row]:
    """Return the lines of a report as they would be printed, then what is empty and why."""
    rows: list[Row] = []
    lists = made.content.lists
    for line in lists["lines"]:
        texts = tuple(_text(line[name]) for name in ("name", "value", "last", "change", "missing"))
        rows.append(Row(f"line-{len(rows)}", "line", (*texts, ""), what=None))
    if made.gaps:
        count = render(_("Empty cells, and why (%(count)s)"), {"count": len(made.gaps)})
        rows.append(Row("gaps", "heading", (count, "", "", "", "", "")))
    rows += [
        Row(f"gap-{number}", "gap", (f"{where} · {what}", "", "", "", why, ""))
        for number, (where, what, why) in enumerate(made.gaps)
    ]
    return rows


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if "%" in cell.format:
        return f"{value * 100:.2f}%"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def written_rows(found: Sequence[Written]) -> list[Row]:
    """Return the reports written here, newest first."""
    return [
        Row(
            one.key,
            "written",
            (one.at[:16].replace("T", " "), one.title, one.period, one.state),
            "note",
            render(_("%(count)s cells"), {"count": one.cells}),
            one,
        )
        for one in found
    ]


def number_rows(workspace: Workspace, found: Sequence[Origin]) -> Iterator[Row]:
    """Yield the numbers of a written report with what each of them is."""
    for number, one in enumerate(found):
        cells = (
            f"{one.sheet} {one.address}",
            origin_text(one),
            _what(one),
            unit_name(workspace.database, one.unit),
            one.period,
        )
        yield Row(f"{number}", "number", (*cells, ""), what=one)


def _what(one: Origin) -> str:
    """Say what a number is: the figure, and which part of it."""
    name = _(NAMES[one.id]) if one.id in NAMES else name_of(one.id)
    return f"{name} · {_(PARTS[one.part])}" if one.part in PARTS else name


def origin_text(one: Origin) -> str:
    """Return a number as a person would write it."""
    if isinstance(one.value, str):
        return one.value
    return f"{one.value:,}" if isinstance(one.value, int) else f"{one.value:,.4g}"


def table_rows(workspace: Workspace) -> list[Row]:
    """Return the registered tables, asked-for ones first."""
    codes = codes_in_force(workspace.database)
    found = sorted(list_tables(workspace), key=lambda one: one.origin == "own")
    return [_table_row(one, codes) for one in found]


def _table_row(one: TableCard, codes: Any) -> Row:
    who = codes.label("department", one.department, language())
    columns = render(_("%(count)s columns"), {"count": len(one.columns)})
    status = "note" if one.origin == "own" else "ok"
    return Row(one.key, "table", (one.name, who, columns), status, _(ORIGINS[one.origin]), one)
