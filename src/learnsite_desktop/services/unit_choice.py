"""Which units a figure counts: as the region tree stood then, or as it stands now."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from learnsite_desktop.domain import membership
from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.codes import local_codes
from learnsite_desktop.services.units import load_tree, tree_owner
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
    """Return the units directly below in a period; one that was not there if it was at work.

    At work is a unit, too, while anything that counts for it is.
    """
    known, today, now = load_tree(workspace.database), workspace.clock.now().date(), tree == NOW
    there, other = membership.children(known, unit, period.first, period.last, now=now, today=today)
    first, last = period.first.isoformat(), period.last.isoformat()
    at_work = []
    for code in other:
        flows = membership.members(known, code, period.last, now=now, today=today).flows
        stretches = [(one.unit, one.since, one.until) for one in flows]
        if store.any_held(workspace.database, stretches, first, last):
            at_work.append(code)
    return sorted([*there, *at_work])


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Units that count for a figure while what they enter does not come to this desk.

    `ask` is the nearest unit above to which it comes.
    """

    units: tuple[str, ...]
    ask: str


def elsewhere(workspace: Workspace, unit: str, tree: str) -> Elsewhere | None:
    """Return what counts for a unit "now" and is kept from this desk, None where nothing is.

    What travels follows today's parents: the records of a unit that ended stay with the units that
    it lay under, whoever took it over.
    """
    known, today = load_tree(workspace.database), workspace.clock.now().date()
    if tree != NOW or workspace.unit not in known:
        return None
    found = membership.members(known, unit, today, now=True, today=today).flows
    kept = sorted({one.unit for one in found} - set(known.subtree(workspace.unit)))
    if not kept:
        return None
    above = [
        code for code in known.ancestors(workspace.unit) if known.require(code).valid_on(today)
    ]
    holding = (code for code in above if set(kept) <= set(known.subtree(code)))
    return Elsewhere(tuple(kept), next(holding, tree_owner(workspace.database)))
