"""For which units this computer may enter: its own, those below, and those granted (代录)."""

from dataclasses import dataclass

from learnsite_desktop.domain.periods import month_of
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import is_open
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.units import load_tree, require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import entered_for, lookups


@dataclass(frozen=True, slots=True)
class EnterFor:
    """A unit for which one may enter here: `above` the unit over it by name.

    `opened` whether a computer of its own is known here; `sessions` held there this month.
    """

    code: str
    name: str
    above: str
    opened: bool
    sessions: int


def may_enter_for(workspace: Workspace, unit: str) -> bool:
    """Return whether what is entered here for a unit today will count.

    A grant to enter for a unit that does not lie below holds from its first day to its last.
    """
    if lookups.is_within(workspace.database, unit, workspace.unit):
        return True
    today = workspace.now()[:10]
    device = workspace.keys.device.public
    return any(
        scope.kind == "for" and scope.unit == unit and is_open(scope, today)
        for scope in enrolment.authority(workspace).scopes_of(device, workspace.unit)
    )


def enter_for(workspace: Workspace, unit: str) -> None:
    """Enter for a unit from now on in this open workspace, "" for the own one again.

    New records are that unit's, each with the reason that it was entered for it; records that
    exist keep their unit. Refuses `unit_unknown`, `unit_not_below`.
    """
    if unit:
        require_unit(workspace, unit)
        if not may_enter_for(workspace, unit):
            raise Refusal("unit_not_below", where=unit)
    workspace.acting = unit or workspace.unit


def units_to_enter_for(workspace: Workspace) -> list[EnterFor]:
    """Return the units for which one may enter today, those without a computer first."""
    tree, today = load_tree(workspace.database), workspace.clock.now().date()
    month = month_of(today)
    opened = entered_for.with_computer(workspace.database)
    held = entered_for.held_between(
        workspace.database, month.first.isoformat(), month.last.isoformat()
    )
    device = workspace.keys.device.public
    codes = {code for code in tree.subtree(workspace.unit) if code != workspace.unit}
    codes |= {
        scope.unit
        for scope in enrolment.authority(workspace).scopes_of(device, workspace.unit)
        if scope.kind == "for" and is_open(scope, today.isoformat())
    }
    found = []
    for code in codes:
        row = tree.get(code)
        if row is None or not row.valid_on(today):
            continue
        above = tree.get(row.parent) if row.parent else None
        found.append(
            EnterFor(code, row.name, above.name if above else "", code in opened, held.get(code, 0))
        )
    return sorted(found, key=lambda one: (one.opened, one.code))
