"""Edits: entries that change a stored record, and what they would change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from learnsite_desktop.domain.fields import REASONS
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import standing_words
from learnsite_desktop.services.capture.plan import ALIASES, Item, References
from learnsite_desktop.services.entries import entry_of, registers_of
from learnsite_desktop.services.workspace import Workspace


def edit_item(
    references: References,
    kind_name: str,
    record: object,
    given: object,
    why: str,
    whole: Mapping[str, Any] | None = None,
) -> Item:
    """Return the item of an edit: fields set on one stored (or just captured) record.

    `record` is a ref or id; `kind_name` may be empty when it is an id. Its issues say what is
    wrong with the edit itself.
    """
    name = ALIASES.get(kind_name, kind_name)
    kind = KINDS.get(name)
    found = references.resolve(name or "*", record)
    if found is None or (kind is None and name):
        item = Item(KINDS["session"], str(record or ""), {}, {}, "", "")
        item.issues.append(unknown_record(name, str(record)))
        return item
    kind = KINDS[found[0]]
    values = given if isinstance(given, Mapping) else {}
    entry = {"ref": found[1]}
    for key, value in values.items():
        spec = kind.fields.get(key)
        is_ref = spec is not None and spec.ref
        entry[key] = references.resolved(spec, value) if spec and is_ref else value
    item = Item(kind, str(record), values, entry, found[1], "", references.stored(*found), why=why)
    item.unit = references.unit_of(*found) or ""
    if item.stored is not None and item.stored.deleted:
        item.issues.append(replace(unknown_record(kind.name, str(record)), record=found[1]))
    if whole is not None:
        foreign_keys(item, whole, {"kind", "record", "set", "why", REASONS})
    if not isinstance(given, Mapping):
        params = {"key": "set", "expected": N_("an object")}
        item.issues.append(Issue("TYPE_WRONG", kind.name, item.ref, "set", params=params))
    return item


def join_reasons(item: Item, given: Mapping[str, Any], former: Mapping[str, Any]) -> None:
    """Add the reasons written beside an edit or a roll call to those of the record (`former`)."""
    new = given.get(REASONS)
    if not new:
        return
    known = item.entry.get(REASONS, former.get(REASONS))
    if isinstance(new, Mapping) and isinstance(known, Mapping):
        new = {**known, **new}
    item.entry[REASONS] = new


def stored_entry(workspace: Workspace, item: Item) -> dict[str, Any]:
    """Return a record in capture shape as stored, {} for a new one."""
    return entry_of(item.kind, item.stored.doc, workspace.vault) if item.stored else {}


def changed_registers(workspace: Workspace, item: Item) -> dict[str, Any]:
    """Return the registers whose value an item changes, in clear; unstated fields stay.

    The rest of an atomic group is what the author saw; a value that the record has got meanwhile
    is not written again.
    """
    stored = stored_entry(workspace, item)
    former = entry_of(item.kind, item.seen.doc, workspace.vault) if item.seen else stored
    given = {key: value for key, value in item.entry.items() if key != "ref"}
    writes = registers_of(item.kind, given, former)
    before = registers_of(item.kind, stored) if item.stored else {}
    changed: dict[str, Any] = {}
    for register, value in writes.items():
        if item.stored is None and value is None:
            continue
        if item.stored is None or before.get(register) != value:
            changed[register] = value
    return changed


def with_children(references: References, item: Item) -> list[tuple[str, str, str]]:
    """Return a record and its live children, children first: (kind, record, unit)."""
    found: list[tuple[str, str, str]] = []
    for kind in KINDS.values():
        if kind.parent and not kind.document:
            for child in references.children(item.kind.name, item.record, kind):
                if not references.goes_along(child):
                    continue
                below = Item(kind, "", {}, {}, child.id, child.unit, child)
                found += with_children(references, below)
    return [*found, (item.kind.name, item.record, item.unit)]


def immutable_changes(item: Item) -> list[Issue]:
    """Find changes to what makes a record the one it is."""
    if item.stored is None:
        return []
    found: list[Issue] = []
    for register in item.kind.registers:
        for spec in register.fields:
            if register.mutable or spec.name not in item.entry:
                continue
            if register.key not in item.stored.doc:
                continue  # a unit above wrote on it first: this save makes it
            if (
                item.entry[spec.name]
                != register.unpack(item.stored.doc.get(register.key))[spec.name]
            ):
                params = {"key": spec.name}
                issue = Issue("FIELD_IMMUTABLE", item.kind.name, item.ref, spec.name, params=params)
                found.append(issue)
    return found


def words_from_above(workspace: Workspace, item: Item) -> list[Issue]:
    """Find changes of what only the unit that said it, and units above that, may change."""
    if item.stored is None or not item.kind.is_ranked:
        return []
    return [
        Issue("FIELD_FROM_ABOVE", item.kind.name, item.ref, spec.name, params={"key": spec.name})
        for register in item.kind.registers
        for spec in register.fields
        if spec.name in item.entry
        and not standing_words.may_write(workspace, item.stored, [register.key])
    ]


def foreign_keys(item: Item, given: Mapping[str, Any], allowed: set[str]) -> None:
    """Note every key outside `allowed`."""
    for key in given:
        if key not in allowed:
            params = {"key": key}
            item.issues.append(Issue("KEY_UNKNOWN", item.kind.name, item.ref, key, params=params))


def unknown_record(kind: str, ref: str) -> Issue:
    """Return the issue of a reference to nothing."""
    return Issue("REF_UNKNOWN", kind, ref, "record", params={"value": ref, "kind": kind or "*"})


def as_given(references: References, issue: Issue) -> Issue:
    """Return an issue that names an entry of this capture, itself refused, as the file does."""
    place = (str(issue.params.get("kind")), str(issue.params.get("value")))
    item = references.items.get(place) if issue.code == "REF_UNKNOWN" else None
    return replace(issue, params={**issue.params, "value": item.ref}) if item else issue


def missing_value(kind: str, ref: str, key: str) -> Issue:
    """Return the issue of a value that must be given."""
    return Issue("REQUIRED_MISSING", kind, ref, key, params={"key": key})
