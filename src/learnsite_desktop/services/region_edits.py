"""Edits of the region tree by its owner: each is issued as the next version of the document."""

from collections.abc import Callable
from datetime import date
from typing import Any

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.region_changes import require_succession
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.services import documents, enrolment, judging, units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.ingest import Ingest

Edit = Callable[[RegionTree], RegionTree]


def change_tree(workspace: Workspace, edit: Edit, *, on: date | None = None) -> dict[str, Any]:
    """Apply an edit and issue the tree; returns version and the rows that are other than before.

    `on` is the day of the change: today or earlier, as a tree knows no future parent. Refuses
    `document_not_ours`, `regions_date_future` and what the edit refuses.
    """
    if on is not None and on > workspace.clock.now().date():
        raise Refusal("regions_date_future", where=on.isoformat())
    with workspace.database.transaction():
        before = units.load_tree(workspace.database)
        after = edit(before)
        require_succession(before, after)
        changed = [row for row in after.rows() if before.get(row.code) != row]
        document = documents.publish(workspace, units.TREE, [row.as_row() for row in after.rows()])
        take_effect(workspace)
    return {"version": document.version, "units": [row.as_row() for row in changed]}


def take_effect(workspace: Workspace) -> None:
    """Let in what was held apart because its unit was unknown; inside the caller's transaction."""
    ingest = Ingest(workspace.database, workspace.idents)
    judge = enrolment.authority(workspace)
    judging.judge_anew(workspace, ingest, judging.doubtful_chains(workspace, judge))
    ingest.finish()
