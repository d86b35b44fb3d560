"""The table of a down document as a file to edit: written out, changed in Excel, issued again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.reports.table_file import SUFFIXES, write_table
from learnsite_desktop.reports.workbook import Sheet, ident
from learnsite_desktop.services import units
from learnsite_desktop.services.publishing.outlook import held_body, rows_of
from learnsite_desktop.services.publishing.words import heading_of
from learnsite_desktop.services.workspace import Workspace

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "codes": ("list", "code", "parent", "zh", "en", "closed", "note"),
    "targets": (
        *("indicator", "unit", "year", "value", "source"),
        *("tier", "class", "period", "sense"),
    ),
    "notices": ("title", "text", "from", "to"),
    "regions": (
        *("code", "parent", "level", "name", "kind"),
        *("valid_from", "valid_to", "successor", "past", "former"),
    ),
}
"""The columns of the kinds that are tables, as `publish` reads them."""
_WIDTH: Final = 18


def write_table_of(workspace: Workspace, kind: str, out: Path, *, unit: str = "") -> dict[str, Any]:
    """Write the table in use, only its headings if there is none; returns `path` and `rows`.

    Every cell is text, as it is read again. Refuses `document_no_table` for a kind that is not a
    table and `report_suffix` for a name that ends neither in .xlsx nor in .csv.
    """
    columns = COLUMNS.get(kind)
    if columns is None:
        raise Refusal("document_no_table", where=kind, known=" ".join(COLUMNS))
    if out.suffix.lower() not in SUFFIXES:
        raise Refusal("report_suffix", where=str(out), known=" ".join(SUFFIXES))
    rows = _rows(workspace, kind, unit or workspace.unit)
    sheet = Sheet(
        title=kind,
        heading=(),
        columns=columns if kind == units.TREE else [heading_of(name) for name in columns],
        rows=[[ident(_text(row.get(name))) for name in columns] for row in rows],
        widths=(_WIDTH,) * len(columns),
    )
    write_table(out, sheet, title=_("Table to issue"), made=workspace.clock.now())
    return {"path": str(out), "rows": len(rows)}


def _rows(workspace: Workspace, kind: str, scope: str) -> list[Mapping[str, Any]]:
    if kind == units.TREE:
        return [row.as_row() for row in units.load_tree(workspace.database).rows()]
    return rows_of(held_body(workspace, kind, scope))


def _text(value: Any) -> str:
    return "" if value is None else str(value)
