"""Changes of the region tree that a unit proposes to its keeper, and what the keeper decides.

A proposal is a record of the proposing unit: it goes up with its files, and the decision comes
down with the answer. Only the keeper of the tree changes the tree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import units
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.region_deeds import DEEDS, Given, edit_of, said_of
from learnsite_desktop.services.region_edits import Edit, change_tree, look_ahead
from learnsite_desktop.services.trial.mark import refuse_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.records import (
    StoredRecord,
    find_record,
    operations_of,
    records_of_kind,
)

KIND: Final = "proposal"
OPEN, TAKEN, REFUSED = "open", "taken", "refused"
MAX_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a unit asks for: the `deed` on the unit `about` with what was filled in (`given`).

    `state` is open | taken | refused, `answer` what the keeper says, `decided` the day of it.
    """

    id: str
    unit: str
    unit_name: str
    deed: str
    about: str
    given: Given
    said: str
    why: str
    state: str
    decided: str
    answer: str

    def as_row(self) -> dict[str, Any]:
        """Return it for an answer of the command line."""
        names = ("id", "unit", "deed", "about", "said", "why", "state", "decided", "answer")
        row = {name: getattr(self, name) for name in names}
        return {**row, "on": self.given.on.isoformat() if self.given.on else ""}


def propose(
    workspace: Workspace,
    deed: str,
    about: str,
    given: Given,
    *,
    why: str = "",
    operator: str = "",
) -> tuple[str, ChangeSet]:
    """Write a proposal down; gives its id. It is tried on the tree in force before.

    Refuses `proposal_incomplete`, `proposal_own_tree` where this unit keeps the tree itself,
    `unit_unknown`, `unit_not_below`, `trial_not_real` and what the change itself refuses.
    """
    refuse_trial(workspace)
    edit = edit_of(deed, about, given) if deed in DEEDS else None
    if edit is None:
        raise Refusal("proposal_incomplete", where=about)
    if _keeps(workspace):
        raise Refusal("proposal_own_tree", where=workspace.unit)
    units.require_unit(workspace, about)
    tree = units.load_tree(workspace.database)
    if about not in tree.subtree(workspace.unit):
        raise Refusal("unit_not_below", where=about)
    look_ahead(workspace, edit)
    day = given.on.isoformat() if given.on else None
    what = [deed, about, *(getattr(given, name) or None for name in _TEXTS), day]
    named = replace(given, names={row.code: row.name for row in tree.rows()})
    said = said_of(deed, tree.require(about).name, named)
    writes: dict[str, object] = {"what": what, "said": said}
    if why.strip():
        writes["why"] = why.strip()[:MAX_TEXT]
    record = b64(derived_id(KIND, workspace.unit, workspace.now(), *map(str, what)))
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("proposed change of units"))
        writer.save(kind=KIND, record=record, unit=workspace.unit, writes=writes)
        return record, writer.finish()


_TEXTS: Final = ("code", "name", "kind", "parent", "into", "parts")
"""What is filled in, in the order in which the record holds it."""


def proposals(workspace: Workspace, state: str = "") -> list[Proposal]:
    """Return what this unit and those below it proposed, what is open first, else all by day."""
    found = [_proposal(workspace, one) for one in records_of_kind(workspace.database, KIND)]
    listed = [one for one in found if state in ("", one.state)]
    return sorted(listed, key=lambda one: (one.state != OPEN, one.given.on or date.max, one.id))


def to_answer(workspace: Workspace) -> list[Proposal]:
    """Return the proposals that wait for this unit's answer: none where it keeps no tree."""
    return proposals(workspace, OPEN) if _keeps(workspace) else []


def _proposal(workspace: Workspace, stored: StoredRecord) -> Proposal:
    entry = entry_of(KINDS[KIND], stored.doc, None)
    if not _answered_by_keeper(workspace, stored):
        entry = {**entry, "taken": None, "decided": None, "answer": None}
    taken = entry.get("taken")
    state = OPEN if not isinstance(taken, bool) else TAKEN if taken else REFUSED

    def text(name: str) -> str:
        return str(entry.get(name) or "")

    return Proposal(
        id=stored.id,
        unit=stored.unit,
        unit_name=unit_name(workspace.database, stored.unit),
        deed=text("deed"),
        about=text("about"),
        given=_given(entry),
        said=text("said"),
        why=text("why"),
        state=state,
        decided=text("decided"),
        answer=text("answer"),
    )


def _answered_by_keeper(workspace: Workspace, stored: StoredRecord) -> bool:
    """Whether the tree's keeper, or a unit above it, has decided: units between may write, too."""
    if "decision" not in stored.doc:
        return False
    database = workspace.database
    keeper = units.tree_owner(database)
    authors = {
        one.author_unit
        for one in operations_of(database, stored.key)
        if one.state == OpState.READY and "decision" in one.operation.f
    }
    return not keeper or any(lookups.is_within(database, keeper, unit) for unit in authors)


def _given(entry: Mapping[str, Any]) -> Given:
    def text(name: str) -> str:
        return str(entry.get(name) or "")

    return Given(
        code=text("code"),
        name=text("name"),
        kind=text("sort"),
        parent=text("parent"),
        into=text("into"),
        parts=text("parts"),
        on=as_date(entry.get("on")),
    )


def take(
    workspace: Workspace,
    record: str,
    *,
    edit: Edit | None = None,
    on: date | None = None,
    operator: str = "",
) -> dict[str, Any]:
    """Take a proposal over into the tree and say so; returns as `change_tree` does.

    With `edit` and its day `on` that change is made instead of the one proposed. A day that lies
    ahead is refused by the tree: it is taken over when it has come. Refuses `proposal_unknown`,
    `proposal_decided` and what `change_tree` does.
    """
    proposal = _open(workspace, record)
    wanted = edit or edit_of(proposal.deed, proposal.about, proposal.given)
    if wanted is None:
        raise Refusal("proposal_incomplete", where=proposal.about)
    with workspace.database.transaction():
        done = change_tree(workspace, wanted, on=on or proposal.given.on, operator=operator)
        _decide(workspace, proposal, taken=True, text="", operator=operator)
    return done


def refuse(workspace: Workspace, record: str, why: str, *, operator: str = "") -> ChangeSet:
    """Refuse a proposal with a reason, which the proposing unit gets to read.

    Refuses `proposal_unknown`, `proposal_decided`, `reason_missing`, `document_not_ours`.
    """
    proposal = _open(workspace, record)
    if not why.strip():
        raise Refusal("reason_missing", where=record)
    if not _keeps(workspace):
        raise Refusal("document_not_ours", where=units.tree_owner(workspace.database))
    with workspace.database.transaction():
        return _decide(workspace, proposal, taken=False, text=why.strip(), operator=operator)


def _decide(
    workspace: Workspace,
    proposal: Proposal,
    *,
    taken: bool,
    text: str,
    operator: str,
) -> ChangeSet:
    today = workspace.clock.now().date().isoformat()
    writer = Writer(workspace, operator=operator, label=N_("answer to a proposal"))
    writer.save(
        kind=KIND,
        record=proposal.id,
        unit=proposal.unit,
        writes={"decision": [taken, today, text[:MAX_TEXT] or None]},
    )
    return writer.finish()


def _open(workspace: Workspace, record: str) -> Proposal:
    stored = find_record(workspace.database, record, KIND)
    if stored is None or stored.deleted:
        raise Refusal("proposal_unknown", where=record)
    found = _proposal(workspace, stored)
    if found.state != OPEN:
        raise Refusal("proposal_decided", where=found.said)
    return found


def _keeps(workspace: Workspace) -> bool:
    return units.tree_owner(workspace.database) in ("", workspace.unit)
