"""Reports: workbooks made from figures."""

from pathlib import Path
from typing import Any, Final

from learnsite_desktop import __version__
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.reports.charts import ChartSheet
from learnsite_desktop.reports.workbook import Cell, Sheet, SpecialSheet, ident, write_workbook
from learnsite_desktop.services import figures
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.figure_charts import charts_of_units
from learnsite_desktop.services.figure_ground import Question
from learnsite_desktop.services.indicators import CODE_LISTS, Indicator, chosen, registry
from learnsite_desktop.services.silence import NOT_REPORTED, is_silent, lacking_words, silence_words
from learnsite_desktop.services.unit_choice import THEN
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import figures as store
from learnsite_desktop.store.statehash import state_hash

KINDS: Final = ("indicators",)
SUFFIX: Final = ".xlsx"
HASHED_UP_TO: Final = 5_000
"""The state's hash reads the whole log; beyond this many operations it is left out."""

_COLUMNS: Final = (
    *(N_("id"), N_("name"), N_("unit of measure"), N_("numerator"), N_("denominator")),
    *(N_("value"), N_("named"), N_("head-count"), N_("basis"), N_("why there is no value")),
)
_WIDTHS: Final = (8, 24, 12, 12, 12, 12, 12, 12, 12, 32)
_BASES: Final = {"received": N_("as received"), "approved": N_("approved only")}
_TREES: Final = {"then": N_("as they stood then"), "now": N_("as they stand now")}


def write_report(
    workspace: Workspace,
    kind: str,
    *,
    period: str,
    out: Path,
    basis: str = "received",
    tree: str = THEN,
    progress: Progress,
) -> dict[str, Any]:
    """Write the workbook of a period for the own unit and those directly below, with charts.

    `kind` is `indicators`; `tree` as in `figures.indicators`. Returns `path` and `cells`, how many
    cells were written; a file of that name is replaced. Refuses `report_suffix` for a name that
    does not end in .xlsx, and what `figures.indicators` does; OSError where `out` cannot be
    written.
    """
    del kind  # there is one here, others are in `services.ledgers`
    if out.suffix.lower() != SUFFIX:
        raise Refusal("report_suffix", where=str(out), known=SUFFIX)
    question = Question(parse_period(period), workspace.unit, basis, tree)
    units = [workspace.unit, *figures.children_of(workspace, question)]
    sheets: list[Sheet | SpecialSheet] = []
    below = []
    for done, unit in enumerate(units):
        progress(done, len(units), N_("Counting"))
        values = figures.indicators(workspace, period=period, unit=unit, basis=basis, tree=tree)
        below += values if done else []
        sheets.append(_figures_sheet(workspace, unit, period, basis, values))
    sheets.append(_explanations(workspace, period, basis, tree))
    name = store.unit_name(workspace.database, workspace.unit)
    title = f"{name} {period} {_('Indicators')}"
    names = {unit: store.unit_name(workspace.database, unit) for unit in units[1:]}
    charts = charts_of_units(below, names, f"{title} · {_(_BASES[basis])}")
    if charts:
        sheets.insert(-1, ChartSheet(_("Charts"), charts))
    cells = write_workbook(out, sheets, title=title, made=workspace.clock.now())
    progress(len(units), len(units), N_("Counting"))
    return {"path": str(out), "cells": cells}


def _figures_sheet(
    workspace: Workspace, unit: str, period: str, basis: str, values: list[dict[str, Any]]
) -> Sheet:
    name = store.unit_name(workspace.database, unit)
    definitions = registry()
    lacking = {lacking_words(value) for value in values} - {""}
    rows = []
    for value in values:
        definition = definitions[value["id"]]
        rows.append(
            [
                ident(value["id"]),
                Cell(definition.text("name", language())),
                Cell(definition.unit),
                Cell(value["numerator"], "0"),
                Cell(value["denominator"], "0"),
                _value_cell(value),
                Cell(value["named"], "0"),
                Cell(value["headcount"], "0"),
                Cell(_(_BASES[basis])),
                Cell(value["missing"] or silence_words(value) or None),
            ]
        )
    return Sheet(
        title=name,
        heading=(f"{name} {period} {_('Indicators')}", f"{_('unit')}: {unit}", *lacking),
        columns=[_(column) for column in _COLUMNS],
        rows=rows,
        widths=_WIDTHS,
    )


def _value_cell(value: dict[str, Any]) -> Cell:
    """Return the value as its unit of measure wants it; where there is none, a dash.

    Where nothing was reported, the word for it.
    """
    if is_silent(value):
        return Cell(_(NOT_REPORTED))
    if value["value"] is None:
        return Cell("–")
    if value["unit_of_measure"] == "%":
        return Cell(value["value"], "0.00%")
    return Cell(value["value"], "0" if isinstance(value["value"], int) else "0.00")


def _explanations(workspace: Workspace, period: str, basis: str, tree: str) -> Sheet:
    """Return the sheet that says what was counted how, from what, when and by which program."""
    asked = parse_period(period)
    now = workspace.clock.now().isoformat(timespec="seconds")
    operations = store.operation_count(workspace.database)
    facts = [
        (_("unit"), workspace.unit),
        (_("period"), f"{period} ({asked.first.isoformat()} – {asked.last.isoformat()})"),
        (_("basis"), _(_BASES[basis])),
        (_("which units"), _(_TREES[tree])),
        (_("written at"), now),
        (_("program version"), __version__),
        (_("operations"), str(operations)),
    ]
    if operations <= HASHED_UP_TO:
        facts.append((_("state"), state_hash(workspace.database, workspace.unit)))
    rows = [[Cell(name), ident(text)] for name, text in facts]
    rows.append([])
    rows.append([Cell(_(title)) for title in _DEFINITION_COLUMNS])
    rows += [_definition(one) for one in chosen(None)]
    rows.append([])
    rows.append([Cell(_("code list")), Cell(_("code")), Cell(_("name"))])
    codes = shipped_codes()
    for name in CODE_LISTS.values():
        rows += [
            [ident(name), ident(code), Cell(codes.label(name, code, language()))]
            for code in codes.codes(name)
        ]
    return Sheet(
        title=_("Explanations"),
        heading=(_("What was counted, and how"),),
        columns=[_("item"), _("content")],
        rows=rows,
        widths=(20, 30, 60, 12, 10, 40, 40),
    )


def _definition(one: Indicator) -> list[Cell]:
    return [
        ident(one.id),
        Cell(one.text("name", language())),
        Cell(one.text("basis", language())),
        Cell(one.unit),
        ident(one.rule_version),
        Cell(one.source),
        Cell(" ".join(one.dimensions)),
    ]


_DEFINITION_COLUMNS: Final = (
    *(N_("id"), N_("name"), N_("definition"), N_("unit of measure"), N_("rule version")),
    *(N_("source"), N_("can be split by")),
)
