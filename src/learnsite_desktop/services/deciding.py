"""Deciding what the work list holds: pairs of learners, and everything that is not flagged."""

from itertools import product

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.likeness import refuses
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.duplicates import require_below
from learnsite_desktop.services.links import distinguish, link, link_record
from learnsite_desktop.services.review import Approval, approve_listed
from learnsite_desktop.services.work_queue import OPEN, WorkItem, record_items
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.people import cluster_members
from learnsite_desktop.store.records import StoredRecord, find_record_row


def is_settled(workspace: Workspace, first: StoredRecord, second: StoredRecord) -> bool:
    """Whether two learners are one person by now, one is gone, or they were said to be two."""
    if first.deleted or second.deleted:
        return True
    persons = [_records_of(workspace, one) for one in (first, second)]
    if first.id in persons[1]:
        return True
    return any(_is_refused(workspace, one, other) for one, other in product(*persons))


def _records_of(workspace: Workspace, stored: StoredRecord) -> list[str]:
    """Return the ids of all records of a learner's person."""
    if not lookups.links_of(workspace.database, stored.ident):
        return [stored.id]
    members = cluster_members(workspace.database, stored.ident)
    return [b64(record) for _ident, record, _unit in members]


def _is_refused(workspace: Workspace, one: str, other: str) -> bool:
    """Whether somebody has said of two learners that they are not one person."""
    link_id = link_record(one, other)
    stored = find_record_row(workspace.database, link_id)
    if stored is None or not stored.doc:
        return False
    linked, rule = bool(stored.doc.get("linked")), str(stored.doc.get("rule"))
    return refuses(linked=linked, rule=rule, standing=not stored.deleted)


def decide_pair(
    workspace: Workspace,
    first: StoredRecord,
    second: StoredRecord,
    *,
    same: bool,
    operator: str = "",
) -> ChangeSet:
    """Say of a suspected pair that it is one person, or that it is two.

    Refuses `pair_settled` where that has been decided, perhaps through a third record, and what
    `link` and `distinct` refuse.
    """
    if is_settled(workspace, first, second):
        raise Refusal("pair_settled", where=first.id)
    say = link if same else distinguish
    return say(workspace, first, second, operator=operator)


def unflagged(workspace: Workspace, *, unit: str = "", period: str = "") -> list[WorkItem]:
    """Return the records that may be approved together: nothing is said against them.

    Neither in conflict nor returned, edited, warned of or in the sample. Refuses what
    `approve_unflagged` refuses.
    """
    require_below(workspace, unit)
    within = parse_period(period) if period else None
    return [item for item in record_items(workspace, unit, within) if item.group == OPEN]


def approve_unflagged(
    workspace: Workspace,
    *,
    unit: str = "",
    period: str = "",
    operator: str = "",
    progress: Progress = silent,
) -> Approval:
    """Approve all that is not flagged in a unit and below, of a period if given, as one change.

    What the four-eyes policy leaves to somebody else stands in `skipped`. Refuses `unit_unknown`,
    `unit_not_below`, `period_invalid`.
    """
    progress(0, 0, N_("reading"))
    wanted = [item.record for item in unflagged(workspace, unit=unit, period=period)]
    return approve_listed(workspace, wanted, operator=operator, progress=progress)
