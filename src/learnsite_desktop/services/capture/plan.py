"""The plan of a capture: every entry with its record, unit and resolved references."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.fields import Field, FieldType, Kind, MapRegister
from learnsite_desktop.domain.ids import b64, capture_id, derived_id
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS, by_section
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord, children_of, find_record

# Records come before what refers to them.
ORDER = ("operators", "sites", "population", "staff", "venues", "learners", "activities",
         "enrolments", "sessions", "photos", "submissions")  # fmt: skip
ALIASES = {"photo": "evidence"}
ANY_ORDER = ("session", "activity", "site", "learner")


@dataclass(slots=True)
class Item:
    """One entry on its way: `entry` has references as record ids, `given` is as written.

    `par` and `seen`, if given, are the heads and the state that the author had before them;
    `origin` tells where the values came from (a file, a row), where nobody gives a reason.
    """

    kind: Kind
    ref: str
    given: Mapping[str, Any]
    entry: dict[str, Any]
    record: str
    unit: str
    stored: StoredRecord | None = None
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    why: str = ""
    issues: list[Issue] = field(default_factory=list)
    delete: bool = False
    sources: list[Path] = field(default_factory=list)
    par: list[str] | None = None
    seen: StoredRecord | None = None
    origin: str = ""

    @property
    def blocked(self) -> bool:
        """Whether an issue keeps it from being saved."""
        return any(issue.blocking for issue in self.issues)


class References:
    """Finds what a reference of one source means: an entry of this capture or a stored record."""

    def __init__(self, workspace: Workspace, unit: str, source: str) -> None:
        """`unit` is the one in whose name the source issues its refs."""
        self._workspace = workspace
        self._unit = unit
        self._source = source
        self._stored: dict[tuple[str, str], StoredRecord | None] = {}
        self.items: dict[tuple[str, str], Item] = {}

    @property
    def unit(self) -> str:
        """The unit in whose name the source issues its refs."""
        return self._unit

    def id_of(self, kind: str, ref: str) -> str:
        """Return the record id that this source's `ref` of a kind has."""
        return b64(capture_id(self._unit, self._source, kind, ref))

    def stored(self, kind: str, record: str) -> StoredRecord | None:
        """Return a stored record by id."""
        key = (kind, record)
        if key not in self._stored:
            self._stored[key] = find_record(self._workspace.database, record, kind)
        return self._stored[key]

    def resolve(self, kind: str, text: object) -> tuple[str, str] | None:
        """Return (kind, record id) that `text` means, None if there is no such record.

        `kind` "*" tries sessions, activities, sites, learners; `kind:ref` names one.
        """
        if not isinstance(text, str) or not text:
            return None
        if kind == "*":
            named, colon, rest = text.partition(":")
            if colon and ALIASES.get(named, named) in KINDS:
                return self.resolve(ALIASES.get(named, named), rest)
            tries = (self.resolve(each, text) for each in (*ANY_ORDER, *KINDS))
            return next((found for found in tries if found), None)
        for record in (self.id_of(kind, text), text):
            if (kind, record) in self.items or self.stored(kind, record):
                return kind, record
        return None

    def known(self, kind: str, record: str) -> bool:
        """Return whether a resolved reference stands: stored, or an entry that can be saved."""
        if kind == "*":
            return any(self.known(each, record) for each in KINDS)
        item = self.items.get((kind, record))
        if item is not None and not item.blocked and not item.delete:
            return True
        stored = self.stored(kind, record)
        return stored is not None and not stored.deleted

    def resolved(self, spec: Field, value: Any) -> Any:
        """Return a REF field's value with references as record ids; unknown ones as they are."""
        if spec.many and isinstance(value, list):
            return [self._one(spec.ref, member) for member in value]
        return self._one(spec.ref, value)

    def _one(self, kind: str, value: Any) -> Any:
        found = self.resolve(kind, value)
        return found[1] if found else value

    def children(self, kind: str, record: str, child: Kind) -> list[StoredRecord]:
        """Return live stored records of kind `child` that hang under a record."""
        spec = child.fields[child.parent]
        if spec.ref not in (kind, "*"):
            return []
        return children_of(self._workspace.database, record, child.name, spec.name)

    def goes_along(self, child: StoredRecord) -> bool:
        """Whether a child is deleted with its parent: what units above said of this one stays."""
        return not KINDS[child.kind].from_above or child.unit != self._workspace.unit

    def unit_of(self, kind: str, record: str) -> str | None:
        """Return the unit of a record that is planned or stored."""
        item = self.items.get((kind, record))
        if item is not None:
            return item.unit
        stored = self.stored(kind, record)
        return stored.unit if stored else None


def plan_entries(
    references: References, document: Mapping[str, Any], default_unit: str
) -> Iterator[Item]:
    """Yield an item for each entry of the record sections, in the order of dependence."""
    kinds = by_section()
    listed = [*(name for name in ORDER if name in kinds), *sorted(set(kinds) - set(ORDER))]
    for section in listed:
        for entry in document.get(section) or []:
            item = plan_entry(references, kinds[section], entry, default_unit)
            references.items[item.kind.name, item.record] = item
            yield item


def plan_entry(
    references: References, kind: Kind, given: Mapping[str, Any], default_unit: str
) -> Item:
    """Return the item of one entry."""
    entry = dict(given)
    if kind.unit_field and entry.get(kind.unit_field) in (None, ""):
        entry[kind.unit_field] = default_unit
    for spec in kind.capture_fields():
        if spec.type is FieldType.REF and spec.name in entry:
            entry[spec.name] = references.resolved(spec, entry[spec.name])
    ref = given.get("ref") if isinstance(given.get("ref"), str) else ""
    if kind.natural_key:
        record = b64(derived_id(kind.name, *(_key_text(entry, name) for name in kind.natural_key)))
    else:
        record = references.id_of(kind.name, str(ref))
    unit = unit_for(references, kind, entry, default_unit)
    stored = references.stored(kind.name, record)
    if ref:
        entry["ref"] = record
    return Item(kind, str(ref or ""), given, entry, record, unit, stored)


def _key_text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else str(value)


def unit_for(
    references: References, kind: Kind, entry: Mapping[str, Any], default_unit: str
) -> str:
    """Return the unit a record belongs to for ever: by its own field, its parent, or the file."""
    if kind.unit_field:
        value = entry.get(kind.unit_field)
        return value if isinstance(value, str) else default_unit
    if kind.parent:
        parent = kind.fields[kind.parent]
        found = references.resolve(parent.ref, entry.get(kind.parent))
        unit = references.unit_of(*found) if found else None
        return unit or default_unit
    return default_unit


def map_sections() -> dict[str, tuple[Kind, MapRegister]]:
    """Return the sections of map registers, e.g. roll calls: name → (owner kind, family)."""
    return {family.section: (kind, family) for kind in KINDS.values() for family in kind.maps}
