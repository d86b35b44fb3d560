"""The cells that an official table must carry: asked once, remembered, printed on every workbook.

What belongs to a table (its number, who made it, approval, how long it holds) is kept for each
report; who signs is kept for the unit.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.official.catalogue import report_named
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings

OF_TABLE: Final[Mapping[str, str]] = {
    "table_no": N_("Table number"),
    "authority": N_("Made by"),
    "approval": N_("Approval or filing number"),
    "valid_until": N_("Valid until"),
}
OF_UNIT: Final[Mapping[str, str]] = {
    "responsible": N_("Responsible person"),
    "compiler": N_("Filled in by"),
    "phone": N_("Telephone"),
}
LABELS: Final[Mapping[str, str]] = {**OF_TABLE, **OF_UNIT}
_PREFIX: Final = "official"
_LONGEST: Final = 100


def _key(report: str, name: str) -> str:
    return f"{_PREFIX}:{report if name in OF_TABLE else ''}:{name}"


def statutory_cells(workspace: Workspace, report: str) -> dict[str, str]:
    """Return the cells of a report by name, "" for what nobody has said yet."""
    database = workspace.database
    return {name: settings.read(database, _key(report, name)) for name in LABELS}


def unsaid(workspace: Workspace, report: str) -> list[str]:
    """Return the names of cells that nobody has said yet."""
    return [name for name, value in statutory_cells(workspace, report).items() if not value]


def set_statutory(workspace: Workspace, report: str, values: Sequence[str]) -> dict[str, str]:
    """Remember NAME=VALUE pairs, all or none; returns the cells of the report.

    Refuses `report_unknown`, `statutory_unknown` for a name there is not, and `statutory_report`
    where a cell of a table is set without a report.
    """
    if report:
        report_named(report)
    pairs = []
    for text in values:
        name, equals, value = text.partition("=")
        if name not in LABELS or not equals:
            raise Refusal("statutory_unknown", where=text, known=" ".join(LABELS))
        if name in OF_TABLE and not report:
            raise Refusal("statutory_report", where=name)
        pairs.append((_key(report, name), " ".join(value.split())[:_LONGEST]))
    if pairs:
        with workspace.database.transaction():
            for key, value in pairs:
                settings.write(workspace.database, key, value)
    return statutory_cells(workspace, report)
