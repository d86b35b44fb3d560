"""Entries that would overwrite a correction from above: they want a reason written now."""

from collections.abc import Mapping
from typing import Any, Final

from learnsite_desktop.domain.fields import REASONS
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.capture import closed
from learnsite_desktop.services.capture.edits import (
    changed_registers,
    immutable_changes,
    stored_entry,
    words_from_above,
)
from learnsite_desktop.services.capture.plan import Item
from learnsite_desktop.services.corrected import buried
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.conflict_rows import has_word_from_above

CODE: Final = "CORRECTION_OVERWRITTEN"


def changes_of_note(workspace: Workspace, item: Item) -> list[Issue]:
    """Find changes to a record's identity, of what units above said, of locked periods."""
    return [
        *immutable_changes(item),
        *words_from_above(workspace, item),
        *_overwritten(workspace, item),
        *closed.into_locked(workspace, item),
    ]


def _overwritten(workspace: Workspace, item: Item) -> list[Issue]:
    stored, database = item.stored, workspace.database
    if stored is None or not has_word_from_above(database, stored.key, workspace.unit):
        return []
    marks = _marks_given(item)
    registers = set(changed_registers(workspace, item)) | set(marks)
    found = []
    for one in buried(workspace, stored, registers, item.par):
        if one.register in marks and marks[one.register] == one.after:
            continue
        spec = item.kind.by_register.get(one.register)
        label = spec.fields[0].label if spec else item.kind.maps[0].label
        params = {
            "name": _(label),
            "at": one.item.operation.at[:10],
            "given": workspace.vault.reveal(one.item.operation.why or None) or "",
        }
        field = spec.fields[0].name if spec else "rows"
        found.append(Issue(CODE, item.kind.name, item.ref, field, params=params))
    return found


def _marks_given(item: Item) -> dict[str, Any]:
    """Return the map registers that the rows of an item name, with the values they give."""
    return {
        f"{family.prefix}{row[family.key.name]}": None
        if row.get(family.fields[0].name) is None
        else [row.get(field.name) for field in family.fields]
        for family in item.kind.maps
        for row in item.rows
        if isinstance(row.get(family.key.name), str)
    }


def fresh_reasons(workspace: Workspace, item: Item, full: Mapping[str, Any]) -> dict[str, str]:
    """Return the reasons that count for an item.

    Those of its record hold on; only the one for overwriting a correction was for that correction.
    The reason of an edit itself answers it too.
    """
    found = full.get(REASONS)
    reasons = dict(found) if isinstance(found, Mapping) else {}
    former = stored_entry(workspace, item).get(REASONS)
    if isinstance(former, Mapping) and former.get(CODE) == reasons.get(CODE):
        reasons.pop(CODE, None)
    if item.why.strip():
        reasons[CODE] = item.why
        reasons.setdefault(closed.CODE, item.why)
    return reasons
