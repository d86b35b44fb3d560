"""Looking at records and changing single ones: list, show, edit, delete, undo."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED, REASONS, REVIEW_PREFIX, Field, FieldType, Kind
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.merge import Merged
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import OWN_LOCK, known_period, tier_of_state
from learnsite_desktop.domain.review import again as verdict_again
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.capture.plan import ALIASES, References
from learnsite_desktop.services.entries import decode_field, entry_of
from learnsite_desktop.services.receipted import require_deletable
from learnsite_desktop.services.rejections import rejections_of
from learnsite_desktop.services.review_states import states_of
from learnsite_desktop.services.standing_words import require_may_write
from learnsite_desktop.services.taking_back import taken_back_beside
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Repeat, Writer
from learnsite_desktop.store import journal, lookups
from learnsite_desktop.store.records import (
    StoredRecord,
    find_record,
    heads_of,
    merged_state,
    merged_without,
    operations_of,
    record_by_key,
    records_of_kind,
)


def require_record(workspace: Workspace, text: str) -> StoredRecord:
    """Return the record of an id, or of kind:ref with the source's ref or an id.

    Refuses `record_unknown`.
    """
    kind, colon, rest = text.partition(":")
    if colon and ALIASES.get(kind, kind) in KINDS:
        name = ALIASES.get(kind, kind)
        found = find_record(workspace.database, rest, name)
        if found is None:
            found = _by_ref(workspace, name, rest)
    else:
        found = find_record(workspace.database, text)
    if found is None:
        raise Refusal("record_unknown", where=text)
    return found


def _by_ref(workspace: Workspace, kind: str, ref: str) -> StoredRecord | None:
    """Try the refs of every source this workspace has taken captures from, newest first."""
    for source, unit in journal.capture_sources(workspace.database):
        record = References(workspace, unit, source).id_of(kind, ref)
        found = find_record(workspace.database, record, kind)
        if found is not None:
            return found
    return None


def show(workspace: Workspace, stored: StoredRecord, *, history: bool = False) -> dict[str, Any]:
    """Return a record in capture shape with its heads, and its operations if asked for."""
    record = listed(workspace, stored, reveal=True)
    merged = merged_state(workspace.database, stored.key)
    record["conflicts"] = merged.conflicts
    review = {k: v for k, v in stored.doc.items() if k.startswith(("review.", "outcome."))}
    if review:
        record["review"] = review
    states = states_of(workspace, stored)
    if states:
        record["review_states"] = states
    rejected = [{"tier": one.tier, "why": one.why} for one in rejections_of(workspace, stored)]
    if rejected:
        record["rejected"] = rejected
    rows = _map_rows(workspace, stored)
    if rows:
        record["rows"] = rows
    found: dict[str, Any] = {
        "record": record,
        "heads": heads_of(workspace.database, stored.key),
    }
    if history:
        found["history"] = [
            {
                "op": logged.hash,
                "at": logged.operation.at,
                "operator": logged.operation.u,
                "unit": logged.author_unit,
                "kind": logged.operation.k,
                "state": logged.state.name.lower(),
                "why": workspace.vault.reveal(logged.operation.why),
                "set": _shown_writes(workspace, stored.kind, logged.operation.writes()),
            }
            for logged in operations_of(workspace.database, stored.key)
        ]
    return found


def _map_rows(workspace: Workspace, stored: StoredRecord) -> list[dict[str, Any]]:
    if stored.kind != "session":
        return []
    keys = ("status", "minutes", "source", "proxy")
    return [
        {
            "learner": workspace.idents.record(row[0]),
            **{
                key: bool(value) if key == "proxy" else value
                for key, value in zip(keys, row[1:], strict=True)
                if value is not None
            },
        }
        for row in lookups.marks_of(workspace.database, stored.ident)
    ]


def _shown_writes(
    workspace: Workspace, kind_name: str, writes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return register writes as fields, private ones opened where their value is held."""
    kind = KINDS.get(kind_name)
    shown: dict[str, Any] = {}
    for name, value in writes.items():
        register = kind.by_register.get(name) if kind else None
        if register is None:
            shown[name] = value
            continue
        clear = workspace.vault.reveal(value) if register.private else value
        for field in register.fields:
            shown[field.name] = decode_field(field, register.unpack(clear).get(field.name))
    return shown


def listed(workspace: Workspace, stored: StoredRecord, *, reveal: bool) -> dict[str, Any]:
    """Return a record's fields with its id, kind and unit."""
    kind = KINDS.get(stored.kind)
    vault = workspace.vault if reveal else None
    entry = entry_of(kind, stored.doc, vault) if kind else dict(stored.doc)
    found = {"id": stored.id, "type": stored.kind, "in_unit": stored.unit, **entry}
    if stored.deleted:
        found["deleted"] = True
    return found


def list_records(
    workspace: Workspace, kind_name: str, *, query: str = "", unit: str = "", period: str = ""
) -> list[dict[str, Any]]:
    """Return the live records of a kind, those whose shown text contains `query` if given.

    `period` keeps records dated in it or whose span of days reaches into it; kinds without dates
    are not narrowed by it. Private values other than names are left out here; see
    `services.learners` for people. Refuses `kind_unknown`, `unit_unknown`, `period_invalid`.
    """
    name = ALIASES.get(kind_name, kind_name)
    kind = KINDS.get(name)
    if kind is None or kind.document:
        known = ", ".join(k for k, v in KINDS.items() if not v.document)
        raise Refusal("kind_unknown", where=kind_name, known=known)
    if unit:
        require_unit(workspace, unit)
    within = parse_period(period) if period else None
    rows = []
    for stored in records_of_kind(workspace.database, name, unit=unit):
        row = listed(workspace, stored, reveal=False)
        title = kind.by_field.get(kind.title_field)
        if title is not None and title.private:
            value = workspace.vault.reveal(stored.doc.get(title.key))
            if value is not None:
                row[kind.title_field] = value
        if query and not any(query in str(value) for value in row.values()):
            continue
        if within is None or dated_in(kind, row, within):
            rows.append(row)
    return rows


_SPANS: Final = (("opens", "closes"), ("joined", "left"), ("opened", "closed"), ("from", "to"))


def dated_in(kind: Kind, row: Mapping[str, Any], period: Period) -> bool:
    """Return whether a record belongs to a period: by its own period or year, date, or span."""
    for name in ("period", "year"):
        if name in kind.fields:
            if not known_period(str(row.get(name))):
                return False
            own = parse_period(str(row[name]))
            return period.first <= own.first and own.last <= period.last
    if "date" in kind.fields:
        day = as_date(row.get("date"))
        return day is not None and period.contains(day)
    for first, last in _SPANS:
        if first in kind.fields:
            begun, ended = as_date(row.get(first)), as_date(row.get(last))
            return not (begun and begun > period.last) and not (ended and ended < period.first)
    return True


def typed_fields(kind_name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values given as words on a command line, in the type of their field.

    Text fields keep digits as text, a list field takes a comma-separated word.
    """
    kind = KINDS[kind_name]
    found: dict[str, Any] = {}
    for name, value in values.items():
        found[name] = _typed(kind.fields.get(name), value)
    return found


def _typed(spec: Field | None, value: Any) -> Any:
    if spec is None:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and spec.type is not FieldType.INT:
        value = str(value)
    if spec.many and isinstance(value, str):
        return [part for part in value.split(",") if part]
    return value


def edit(
    workspace: Workspace,
    stored: StoredRecord,
    fields: Mapping[str, Any],
    *,
    why: str = "",
    operator: str = "",
    reasons: Mapping[str, str] | None = None,
) -> CaptureResult:
    """Set fields of one record; unit rules and issues are those of capture.

    A record of a unit below wants a reason. Refuses `record_deleted`, `field_unknown`,
    `reason_missing`.
    """
    kind = KINDS[stored.kind]
    if stored.deleted:
        raise Refusal("record_deleted", where=stored.id)
    for name in fields:
        if name not in kind.fields and name != REASONS:
            raise Refusal("field_unknown", where=name, kind=kind.name)
    if stored.unit != workspace.unit and not why.strip():
        raise Refusal("reason_missing", where=stored.id)
    edited: dict[str, Any] = {
        "kind": stored.kind, "record": stored.id, "set": dict(fields), "why": why,
    }  # fmt: skip
    if reasons:
        edited[REASONS] = dict(reasons)
    document = {"v": 1, "source": "edit", "unit": stored.unit, "edits": [edited]}
    return capture(workspace, document, operator=operator)


def delete(
    workspace: Workspace, stored: StoredRecord, *, why: str, operator: str = ""
) -> CaptureResult:
    """Delete a record with its live children, as one change.

    Refuses `reason_missing`, `record_deleted`, `word_from_above` for what a unit above has said,
    and `received_not_deletable` for what a unit above has acknowledged.
    """
    if not why.strip():
        raise Refusal("reason_missing", where=stored.id)
    if stored.deleted:
        raise Refusal("record_deleted", where=stored.id)
    require_may_write(workspace, stored.kind, stored.id, [DELETED])
    require_deletable(workspace, [stored, *_below(workspace, stored)])
    deletes = [{"kind": stored.kind, "record": stored.id, "why": why}]
    document = {"v": 1, "source": "edit", "unit": stored.unit, "deletes": deletes}
    return capture(workspace, document, operator=operator)


def undo(workspace: Workspace, change: int | None, *, operator: str = "") -> ChangeSet:
    """Undo a change made here (the last one if None) by new operations.

    Every register gets the value it showed before. Changes that were undone in their turn count as
    not made, so that one can go back step by step; undoing an undoing makes the change undoable
    again. Refuses `change_unknown`, `change_undone`, and `changed_since` when one of these
    registers was written again after, or something new hangs under a record that would go, and
    `received_not_deletable` when a unit above has acknowledged such a record, and `lock_not_undone`
    for a lock, which has an order and wants a reason.
    """
    database = workspace.database
    number = journal.last_change(database) if change is None else change
    undone = journal.change_undone(database, number) if number is not None else None
    if number is None or undone is None:
        raise Refusal("change_unknown", where=str(change or ""))
    if undone:
        raise Refusal("change_undone", where=str(number))
    if journal.change_label(database, number) in ("lock", "unlock"):
        raise Refusal("lock_not_undone", where=str(number))
    by_record: dict[int, set[bytes]] = {}
    for record, name in journal.change_operations(database, number):
        by_record.setdefault(record, set()).add(name)
    undoing = _Undoing(set(by_record), journal.taken_back_since(database, number))
    with database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("undo"))
        for record, names in reversed(by_record.items()):
            _undo_record(workspace, writer, record_by_key(database, record), names, undoing)
        changes = writer.finish()
        # Where what stood before is what stands now nothing is written, and yet it is taken back.
        for record in by_record:
            stored = record_by_key(database, record)
            if (stored.kind, stored.id) not in changes.records:
                changes.records.append((stored.kind, stored.id))
        journal.mark_undone(database, number, changes.change)
    return changes


@dataclass(frozen=True, slots=True)
class _Undoing:
    """A change being undone: its records, and later operations that have taken each other back."""

    records: set[int]
    void: set[bytes]


def _undo_record(
    workspace: Workspace,
    writer: Writer,
    stored: StoredRecord,
    own: set[bytes],
    undoing: _Undoing,
) -> None:
    database = workspace.database
    names = own | undoing.void
    now = merged_state(database, stored.key)
    former = merged_without(database, stored.key, names)
    written = {
        register
        for logged in operations_of(database, stored.key)
        if logged.hash in {b64(name) for name in own}
        for register in logged.operation.writes()
    }
    beside = taken_back_beside(workspace.database, stored.key, written, names, former)
    if beside is None:
        raise Refusal("changed_since", where=stored.id)
    if not former.heads:
        if not {node.hash for nodes in now.live.values() for node in nodes} <= names:
            raise Refusal("changed_since", where=stored.id)
        if any(child.key not in undoing.records for child in _children(workspace, stored)):
            raise Refusal("changed_since", where=stored.id)
        # A lock does not go with its record: whose record it is could lift it by deleting that.
        locks = [name for name in written if name == OWN_LOCK or name.startswith(REVIEW_PREFIX)]
        writes: dict[str, object] = {DELETED: True, **dict.fromkeys(locks)}
    else:
        writes = {
            register: _again(stored.kind, register, former)
            for register in sorted(written)
            if canonical(_stood(register, former)) != canonical(_stood(register, now))
            or register in beside
            or tier_of_state(register)  # equal words may cover different operations
        }
    if writes.get(DELETED):
        require_deletable(workspace, [stored])
    why = "撤销" if stored.unit != workspace.unit else ""
    if writes:
        writer.save(
            kind=stored.kind, record=stored.id, unit=stored.unit, writes=writes, verb="undo",
            why=why,
        )  # fmt: skip


def _below(workspace: Workspace, stored: StoredRecord) -> Iterator[StoredRecord]:
    """Yield everything that hangs under a record."""
    for child in _children(workspace, stored):
        yield child
        yield from _below(workspace, child)


def _children(workspace: Workspace, stored: StoredRecord) -> Iterator[StoredRecord]:
    references = References(workspace, workspace.unit, "")
    for kind in KINDS.values():
        if kind.parent and not kind.document:
            yield from references.children(stored.kind, stored.id, kind)


def _stood(register: str, merged: Merged) -> object:
    """Return what a register showed; a record whose deletion is in dispute was not deleted."""
    if register == DELETED and register in merged.conflicts:
        return None
    return merged.shown.get(register)


def _again(kind: str, register: str, former: Merged) -> object:
    """Return a former value to write again: a private one by its commitment."""
    value = _stood(register, former)
    if tier_of_state(register) and former.live.get(register):
        return verdict_again(value, former.live[register][-1].hash)
    if KINDS[kind].is_private(register):
        return Repeat(value if isinstance(value, str) else None)
    return value
