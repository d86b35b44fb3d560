"""What goes or comes back with a record whose deletion was in dispute."""

from collections import Counter
from collections.abc import Iterator

from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.capture.plan import References
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.conflict_rows import deleted_under, deletions_before
from learnsite_desktop.store.records import (
    StoredRecord,
    merged_state,
    operations_of,
    record_by_key,
)


def follow(
    workspace: Workspace, stored: StoredRecord, *, deleted: bool
) -> list[tuple[str, str, bool]]:
    """Return (kind, record, deleted) of what must follow a record, children first.

    With a deleted record its live children go. With a record that is kept those come back which
    the disputed deletion took along: they were deleted right before it, by the same hand and for
    the same reason. Children belong to the unit of their parent.
    """
    if deleted:
        return [(kind, record, True) for kind, record in _alive(workspace, stored)]
    taken = _taken_along(workspace, stored)
    return [
        (child.kind, child.id, False)
        for child in _gone(workspace, stored)
        if _deletions(workspace, child) & taken
    ]


def taken_along(workspace: Workspace, stored: StoredRecord) -> dict[str, int]:
    """Return, by kind, how many children went with a record's disputed deletion.

    They come back when the record is kept.
    """
    return dict(Counter(kind for kind, _record, _gone in follow(workspace, stored, deleted=False)))


def _alive(workspace: Workspace, stored: StoredRecord) -> Iterator[tuple[str, str]]:
    references = References(workspace, workspace.unit, "")
    for kind in KINDS.values():
        if kind.parent and not kind.document:
            for child in references.children(stored.kind, stored.id, kind):
                if child.unit == stored.unit and references.goes_along(child):
                    yield from _alive(workspace, child)
                    yield child.kind, child.id


def _gone(workspace: Workspace, stored: StoredRecord) -> Iterator[StoredRecord]:
    references = References(workspace, workspace.unit, "")
    for kind in KINDS.values():
        spec = kind.fields.get(kind.parent)
        if spec is None or kind.document or spec.ref not in (stored.kind, "*"):
            continue
        for key in deleted_under(workspace.database, kind.name, spec.name, stored.ident):
            child = record_by_key(workspace.database, key)
            if child.unit == stored.unit and references.goes_along(child):
                yield child
                yield from _gone(workspace, child)


def _deletions(workspace: Workspace, stored: StoredRecord) -> set[bytes]:
    live = merged_state(workspace.database, stored.key).live.get(DELETED, ())
    return {node.hash for node in live if node.writes[DELETED]}


def _taken_along(workspace: Workspace, stored: StoredRecord) -> set[bytes]:
    """Return the deletions of other records that belong to the disputed ones of this record."""
    database, reveal = workspace.database, workspace.vault.reveal
    reasons = {
        item.hash: reveal(item.operation.why or None)
        for item in operations_of(database, stored.key)
    }
    found: set[bytes] = set()
    for name in _deletions(workspace, stored):
        for other, operation in deletions_before(database, name):
            if reveal(operation.why or None) != reasons[b64(name)]:
                break
            found.add(other)
    return found
