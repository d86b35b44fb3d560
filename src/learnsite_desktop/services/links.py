"""Links: two learner records are one person. Reversible; acts only in the projection."""

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, record_by_key


def link(
    workspace: Workspace,
    first: StoredRecord,
    second: StoredRecord,
    *,
    linked: bool,
    operator: str = "",
) -> ChangeSet:
    """Link two learners, or take the first out of its cluster (`linked` false: all its links).

    Refuses `link_learners` for anything but two learners, `unit_not_below` when they do not both
    lie in this unit's subtree.
    """
    if first.kind != "learner" or second.kind != "learner" or first.id == second.id:
        raise Refusal("link_learners", where=f"{first.id} {second.id}")
    database = workspace.database
    unit = lookups.common_unit(database, first.unit, second.unit)
    if unit is None or not lookups.is_within(database, unit, workspace.unit):
        raise Refusal("unit_not_below", where=second.unit)
    with database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("link"))
        pair = _write(workspace, writer, (first, second), unit, linked=linked)
        if not linked:
            for key in lookups.links_of(database, first.ident):
                stored = record_by_key(database, key)
                if stored.doc.get("linked") and stored.id != pair:
                    writer.save(
                        kind="link",
                        record=stored.id,
                        unit=stored.unit,
                        writes={"linked": False},
                        why=_why(workspace, stored.unit),
                    )
        return writer.finish()


def _write(
    workspace: Workspace,
    writer: Writer,
    pair: tuple[StoredRecord, StoredRecord],
    unit: str,
    *,
    linked: bool,
) -> str:
    """Write the link of a pair unless it says so already; return the link's record id."""
    a, b = sorted(item.id for item in pair)
    record = b64(derived_id("link", a, b))
    stored = writer.find("link", record)
    if stored is not None and stored.doc.get("linked") is linked:
        return record
    writes: dict[str, object] = {"linked": linked, "rule": "manual"}
    if stored is None:
        writes |= {"a": a, "b": b}
    writer.save(kind="link", record=record, unit=unit, writes=writes, why=_why(workspace, unit))
    return record


def _why(workspace: Workspace, unit: str) -> str:
    return "" if unit == workspace.unit else "同一人认定"
