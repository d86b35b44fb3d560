"""Edits of the region tree by its owner: each is issued as the next version of the document."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.region_changes import require_succession, taken_back
from learnsite_desktop.domain.region_joining import joined
from learnsite_desktop.domain.regions import RegionRow, RegionTree
from learnsite_desktop.services import documents, enrolment, judging, other_versions, units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings, trust, unit_board
from learnsite_desktop.store.ingest import Ingest

Edit = Callable[[RegionTree], RegionTree]
_LOG: Final = "regions_log"
_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Effect:
    """A unit whose records count elsewhere "as now" than "as then": how many, and for whom.

    `then` is the unit that they counted for on their day, `now` the one that they count for today.
    """

    unit: str
    name: str
    sessions: int
    learners: int
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an edit would change: (row before or None, row after), and the records it touches."""

    changed: tuple[tuple[RegionRow | None, RegionRow], ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class LastEdit:
    """The change of the tree that can be taken back: when, and the units it was about."""

    at: str
    units: tuple[str, ...]


def look_ahead(workspace: Workspace, edit: Edit, *, on: date | None = None) -> Outlook:
    """Say what an edit would change, writing nothing; refuses as `change_tree`."""
    before, after = _apply(workspace, edit, on)
    changed = _changed(before, after)
    return Outlook(
        tuple((before.get(row.code), row) for row in changed),
        tuple(_effects(workspace, before, after, changed)),
    )


def change_tree(
    workspace: Workspace, edit: Edit, *, on: date | None = None, operator: str = ""
) -> dict[str, Any]:
    """Apply an edit and issue the tree; returns version and the rows that are other than before.

    `on` is the day of the change: today or earlier, as a tree knows no future parent. What changes
    nothing issues nothing. What another computer of this unit changed, and its tree set aside here
    says, is taken over with it. Refuses `document_not_ours`, `regions_date_future` and what the
    edit refuses.
    """
    with workspace.database.transaction():
        before, after = _apply(workspace, edit, on)
        changed = _changed(before, after)
        aside = other_versions.trees_aside(workspace)
        if not changed and not aside and _version(workspace):
            return {"version": _version(workspace), "units": []}
        rows = [row.as_row() for row in after.rows()]
        document = documents.publish(workspace, units.TREE, rows, joins=aside)
        take_effect(workspace)
        former = [before.require(row.code).as_row() for row in changed if row.code in before]
        _note(
            workspace,
            {
                "version": document.version,
                "at": workspace.now(),
                "operator": operator,
                "before": former,
                "added": [row.code for row in changed if row.code not in before],
            },
        )
    return {"version": document.version, "units": [row.as_row() for row in changed]}


def last_edit(workspace: Workspace) -> LastEdit | None:
    """Return the change that `undo_tree` would take back, None without one."""
    log = _log(workspace)
    if not log or log[-1]["version"] != _version(workspace):
        return None
    one = log[-1]
    return LastEdit(one["at"], (*(row["code"] for row in one["before"]), *one["added"]))


def undo_tree(workspace: Workspace) -> dict[str, Any]:
    """Take the last change of the tree back, as a new version; returns as `change_tree`.

    Refuses `regions_undo_nothing` when the tree was replaced since or never changed here, and
    `regions_undo_used` once something was recorded for a unit that the change added.
    """
    with workspace.database.transaction():
        if last_edit(workspace) is None:
            raise Refusal("regions_undo_nothing", where=workspace.unit)
        log = _log(workspace)
        one = log.pop()
        for code in one["added"]:
            if unit_board.is_used(workspace.database, code):
                raise Refusal("regions_undo_used", where=code)
        before = units.load_tree(workspace.database)
        rows = [_row_of(row) for row in one["before"]]
        after = taken_back(before, rows, one["added"], workspace.clock.now().date())
        require_succession(before, after)
        document = documents.publish(workspace, units.TREE, [row.as_row() for row in after.rows()])
        take_effect(workspace)
        if log:
            # The tree is again the one that the change before this one left.
            log[-1]["version"] = document.version
        settings.write(workspace.database, _LOG, json.dumps(log, ensure_ascii=False))
    changed = _changed(before, after)
    return {"version": document.version, "units": [row.as_row() for row in changed]}


def take_effect(workspace: Workspace) -> None:
    """Let in what was held apart because its unit was unknown; inside the caller's transaction."""
    ingest = Ingest(workspace.database, workspace.idents)
    judge = enrolment.authority(workspace)
    judging.judge_anew(workspace, ingest, judging.doubtful_chains(workspace, judge))
    # A chain of a unit that the tree knows now is in doubt no more; what was set apart still is.
    judging.free(workspace, ingest)
    ingest.finish()


def _apply(workspace: Workspace, edit: Edit, on: date | None) -> tuple[RegionTree, RegionTree]:
    if on is not None and on > workspace.clock.now().date():
        raise Refusal("regions_date_future", where=on.isoformat())
    before = units.load_tree(workspace.database)
    after = edit(before)
    require_succession(before, after)
    return before, with_trees_aside(workspace, after)


def with_trees_aside(workspace: Workspace, tree: RegionTree) -> RegionTree:
    """Return a tree with what this unit's trees that are set aside say besides."""
    for one in other_versions.trees_aside(workspace):
        tree = joined(tree, RegionTree.of(one.body))
    return tree


def join_trees(tree: RegionTree) -> RegionTree:
    """Change nothing oneself: the edit that takes over what trees set aside say, and no more."""
    return tree


def _changed(before: RegionTree, after: RegionTree) -> list[RegionRow]:
    return [row for row in after.rows() if before.get(row.code) != row]


def _effects(
    workspace: Workspace, before: RegionTree, after: RegionTree, changed: list[RegionRow]
) -> list[Effect]:
    found = []
    for row in changed:
        old = before.get(row.code)
        heir = after.standing(row.code)
        if heir != row.code:
            then, now = row.code, heir
        elif old is not None and old.parent != row.parent:
            then, now = old.parent, row.parent
        else:
            continue
        database = workspace.database
        found.append(
            Effect(
                row.code,
                row.name,
                sessions=unit_board.count_records(database, row.code, "session"),
                learners=unit_board.count_records(database, row.code, "learner"),
                then=after.require(then).name,
                now=after.require(now).name,
            )
        )
    return found


def _row_of(row: dict[str, Any]) -> RegionRow:
    """Return one stored row, without its former parents: those of the tree in force go on."""
    alone = RegionTree.of([{**row, "parent": "", "past": ""}]).rows()[0]
    return replace(alone, parent=str(row["parent"]))


def _version(workspace: Workspace) -> int:
    held = trust.document(workspace.database, units.TREE, workspace.unit)
    return held[0] if held else 0


def _log(workspace: Workspace) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(settings.read(workspace.database, _LOG, "[]"))
    return found


def _note(workspace: Workspace, entry: dict[str, Any]) -> None:
    log = [*_log(workspace), entry][-_KEPT:]
    settings.write(workspace.database, _LOG, json.dumps(log, ensure_ascii=False))
