"""Setting one field of many records: looked at first, then done as one change with a reason.

What cannot be set is left out and named: records of a locked month, those for whose unit this
computer may not enter, those that a rule objects to. Private values are not for batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import Field, FieldType, Kind
from learnsite_desktop.domain.ids import canonical
from learnsite_desktop.domain.periods import Period, month_of, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import Lock, governing
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import capture
from learnsite_desktop.services.capture.apply import check_items
from learnsite_desktop.services.capture.plan import ALIASES
from learnsite_desktop.services.entering import may_enter_for
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.labels import field_text, label_of
from learnsite_desktop.services.lock_reading import locks_of
from learnsite_desktop.services.records import dated_in, typed_fields
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import StoredRecord, records_of_kind

CHANGE: Final = "change"
SAME: Final = "same"
CANNOT: Final = "cannot"
MOST: Final = 5_000
"""Records in one batch: more than this is no correction any more."""
LOCKED: Final = "batch_locked"
NOT_BELOW: Final = "batch_not_below"
_SETTABLE: Final = frozenset(
    {FieldType.TEXT, FieldType.CODE, FieldType.INT, FieldType.BOOL, FieldType.DATE, FieldType.TIME}
)
_WORDS: Final[Mapping[str, str]] = {
    LOCKED: N_("its month is locked"),
    NOT_BELOW: N_("of a unit that this computer does not enter for"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to set where: `field` of the records of a kind to `value` (None clears it).

    `where` are fields and the values they must have, None for none; a field of many values must
    hold the value. Of a unit and those below, of a period, if given.
    """

    kind: str
    field: str
    value: Any
    where: tuple[tuple[str, Any], ...] = ()
    unit: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A record and what would become of it: `state` change | same | cannot, `code` why it cannot.

    `old` is in capture shape; `message` says a `code` in words.
    """

    stored: StoredRecord
    old: Any
    state: str
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """The records of a batch, those that change first."""

    wanted: Wanted
    rows: tuple[BatchRow, ...]

    def count(self, state: str) -> int:
        """Return how many records are in a state."""
        return sum(row.state == state for row in self.rows)


@dataclass(frozen=True, slots=True)
class BatchDone:
    """A batch as it was carried out."""

    batch: Batch
    change: ChangeSet


def kinds_for_batches() -> list[Kind]:
    """Return the kinds that have a field to set in a batch."""
    return [kind for kind in KINDS.values() if kind.section and fields_for_batches(kind)]


def fields_for_batches(kind: Kind) -> list[Field]:
    """Return the fields of a kind that a batch may set."""
    return [
        field
        for register in kind.registers
        for field in register.fields
        if register.mutable
        and not register.private
        and not register.computed
        and register.layer == "fact"
        and len(register.fields) == 1
        and field.type in _SETTABLE
    ]


def look(workspace: Workspace, wanted: Wanted, *, progress: Progress = silent) -> Batch:
    """Return what a batch would do; writes nothing.

    Refuses `kind_unknown`, `field_unknown`, `batch_field` for a field that no batch sets,
    `batch_private` for a private one, `batch_too_many`, `unit_unknown`, `period_invalid`.
    """
    kind = _kind(wanted.kind)
    wanted = _typed(kind, wanted)
    stored = list(_found(workspace, kind, wanted))
    if len(stored) > MOST:
        raise Refusal("batch_too_many", where=kind.name, count=len(stored), most=MOST)
    locks: dict[str, Sequence[Lock]] = {}
    rows = [_row(workspace, kind, wanted, one, locks) for one in stored]
    rows = _checked(workspace, rows, wanted, progress)
    order = {CHANGE: 0, CANNOT: 1, SAME: 2}
    rows.sort(key=lambda row: order[row.state])
    return Batch(wanted, tuple(rows))


def carry_out(
    workspace: Workspace,
    wanted: Wanted,
    *,
    why: str,
    operator: str = "",
    progress: Progress = silent,
) -> BatchDone:
    """Set the field wherever it can be set, as one change; the reason stands on every operation.

    Refuses `reason_missing`, `batch_nothing`, and what `look` refuses.
    """
    if not why.strip():
        raise Refusal("reason_missing", where=wanted.field)
    batch = look(workspace, wanted, progress=progress)
    edits = [
        _edit(row.stored, batch.wanted, why.strip()) for row in batch.rows if row.state == CHANGE
    ]
    if not edits:
        raise Refusal("batch_nothing", where=wanted.field, count=len(batch.rows))
    document = {"v": 1, "source": "edit", "edits": edits}
    result = capture(workspace, document, operator=operator, progress=progress)
    if result.refused:
        raise Refusal("changed_since", where=wanted.field)
    return BatchDone(batch, result.change)


def shown(workspace: Workspace, batch: Batch, rows: Sequence[BatchRow]) -> list[dict[str, str]]:
    """Return rows in words: record, unit, unit_name, title, old, new, state, code, message."""
    field = KINDS[batch.wanted.kind].fields[batch.wanted.field]
    new = field_text(workspace, field, batch.wanted.value)
    return [
        {
            "record": row.stored.id,
            "unit": row.stored.unit,
            "unit_name": unit_name(workspace.database, row.stored.unit),
            "title": label_of(workspace, row.stored),
            "old": field_text(workspace, field, row.old),
            "new": new,
            "state": row.state,
            "code": row.code,
            "message": row.message,
        }
        for row in rows
    ]


def _kind(name: str) -> Kind:
    known = {kind.name: kind for kind in kinds_for_batches()}
    found = known.get(ALIASES.get(name, name))
    if found is None:
        raise Refusal("kind_unknown", where=name, known=", ".join(known))
    return found


def _typed(kind: Kind, wanted: Wanted) -> Wanted:
    names = [wanted.field, *(name for name, _value in wanted.where)]
    for name in names:
        register = kind.by_field.get(name)
        if register is None:
            raise Refusal("field_unknown", where=name, kind=kind.name)
        if register.private:
            raise Refusal("batch_private", where=name)
    if wanted.field not in {field.name for field in fields_for_batches(kind)}:
        raise Refusal("batch_field", where=wanted.field)
    value = wanted.value if wanted.value not in ("", []) else None
    where = tuple((name, _one(kind, name, wanted_value)) for name, wanted_value in wanted.where)
    return replace(wanted, kind=kind.name, value=_one(kind, wanted.field, value), where=where)


def _one(kind: Kind, name: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    return typed_fields(kind.name, {name: value})[name]


def _found(workspace: Workspace, kind: Kind, wanted: Wanted) -> Iterator[StoredRecord]:
    if wanted.unit:
        require_unit(workspace, wanted.unit)
    period = parse_period(wanted.period) if wanted.period else None
    for stored in records_of_kind(workspace.database, kind.name, unit=wanted.unit):
        entry = entry_of(kind, stored.doc, None)
        if period is not None and not dated_in(kind, entry, period):
            continue
        if all(_has(kind.fields[name], entry.get(name), value) for name, value in wanted.where):
            yield stored


def _has(field: Field, value: Any, asked: Any) -> bool:
    if asked is None:
        return value in (None, "", [])
    if field.many:
        wanted = asked if isinstance(asked, list) else [asked]
        return isinstance(value, list) and all(one in value for one in wanted)
    return canonical(value) == canonical(asked)


def _row(
    workspace: Workspace,
    kind: Kind,
    wanted: Wanted,
    stored: StoredRecord,
    locks: dict[str, Sequence[Lock]],
) -> BatchRow:
    old = entry_of(kind, stored.doc, None).get(wanted.field)
    if canonical(old) == canonical(wanted.value):
        return BatchRow(stored, old, SAME)
    code = ""
    if stored.unit not in locks:
        locks[stored.unit] = locks_of(workspace, stored.unit)
    if not may_enter_for(workspace, stored.unit):
        code = NOT_BELOW
    elif _locked(stored, locks[stored.unit]):
        code = LOCKED
    return BatchRow(stored, old, CANNOT if code else CHANGE, code, _(_WORDS.get(code, "")))


def _locked(stored: StoredRecord, locks: Sequence[Lock]) -> bool:
    day = as_date(stored.doc.get("date"))
    if not locks or day is None:
        return False
    month: Period = month_of(day)
    return bool(governing(locks, month))


def _checked(
    workspace: Workspace, rows: Sequence[BatchRow], wanted: Wanted, progress: Progress
) -> list[BatchRow]:
    """Return the rows with what the rules object to left out of the change."""
    edits = [_edit(row.stored, wanted, "x") for row in rows if row.state == CHANGE]
    if not edits:
        return list(rows)
    progress(0, len(edits), N_("checking"))
    blocking: dict[str, tuple[str, str]] = {}
    for issue in check_items(workspace, lambda _references: (), {"edits": edits}):
        if issue.blocking:
            said = (issue.code, str(issue.shown(render)["message"]))
            blocking.setdefault(issue.record or issue.ref, said)
    return [
        replace(
            row,
            state=CANNOT,
            code=blocking[row.stored.id][0],
            message=blocking[row.stored.id][1],
        )
        if row.state == CHANGE and row.stored.id in blocking
        else row
        for row in rows
    ]


def _edit(stored: StoredRecord, wanted: Wanted, why: str) -> dict[str, Any]:
    values = {wanted.field: wanted.value}
    return {"kind": stored.kind, "record": stored.id, "set": values, "why": why}
