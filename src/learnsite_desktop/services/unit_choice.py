"""Which units a figure counts: as the region tree stood then, or as it stands now."""

from datetime import date
from typing import Final

from learnsite_desktop.domain import membership
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.codes import local_codes
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import unit_choice as store

TREES: Final = membership.TREES
THEN, NOW = TREES


def choose(workspace: Workspace, period: Period, unit: str, tree: str) -> None:
    """Fill the tables of the ground with the units and codes that count for a unit and period.

    Refuses `unit_succeeded`, when asked "now", for a unit that somebody else stands for today.
    """
    known, today = load_tree(workspace.database), workspace.clock.now().date()
    heir = known.require(known.standing(unit, today))
    if tree == NOW and heir.code != unit:
        ended = known.require(unit).valid_to
        raise Refusal("unit_succeeded", where=unit, unit=heir.code, name=heir.name, date=ended)
    found = membership.members(known, unit, period.last, now=tree == NOW, today=today)
    store.fill(
        workspace.database,
        flows=[(one.unit, one.since, one.until) for one in found.flows],
        stocks=found.stocks,
        partly=found.partly(period.first, period.last),
        heirs=found.heirs,
    )
    store.fill_codes(workspace.database, local_codes(workspace.database))


def asked_on(workspace: Workspace, unit: str, day: date) -> set[str]:
    """Return the units that lay under a unit on a day and existed then, itself included.

    A unit that took over from another asks for what lay under that one, too.
    """
    known, today = load_tree(workspace.database), workspace.clock.now().date()
    before = {row.code for row in known.rows() if known.standing(row.code, today) == unit}
    return {
        one.unit
        for code in before | {unit}
        for one in membership.members(known, code, day, now=False, today=today).flows
        if one.since <= day.isoformat() < one.until and known.require(one.unit).valid_on(day)
    }


def lying_under(
    workspace: Workspace, unit: str, period: Period, tree: str
) -> tuple[set[str], set[str]]:
    """Return the units whose reports of a period are a unit's: at any time, and on its last day.

    The unit itself is among them. What ended by the last day is among the former only.
    """
    known, today = load_tree(workspace.database), workspace.clock.now().date()
    before = {row.code for row in known.rows() if known.standing(row.code, today) == unit}
    first, last = period.first.isoformat(), period.last.isoformat()
    flows = [
        one
        for code in before | {unit}
        for one in membership.members(
            known, code, period.last, now=tree == NOW and code == unit, today=today
        ).flows
        if one.since <= last and first < one.until
    ]
    ever = {one.unit for one in flows}
    there = {one.unit for one in flows if last < one.until}
    return ever, {code for code in there if known.require(code).valid_on(period.last)}


def children_of(workspace: Workspace, period: Period, unit: str, tree: str) -> list[str]:
    """Return the units directly below in a period; one that ended before it if it was at work."""
    known, today = load_tree(workspace.database), workspace.clock.now().date()
    there, ended = membership.children(
        known, unit, period.first, period.last, now=tree == NOW, today=today
    )
    first, last = period.first.isoformat(), period.last.isoformat()
    late = store.with_sessions(workspace.database, ended, first, last) if ended else []
    return sorted([*there, *late])
