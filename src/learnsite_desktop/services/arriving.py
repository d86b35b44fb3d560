"""What a file will do here, record by record, seen in the very transaction that is taken back.

What a record was before is read beside that transaction, through a connection that does not see it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.fields import DELETED, OUTCOME_PREFIX, REVIEW_PREFIX
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.conflict_view import Show, shower
from learnsite_desktop.services.intake import Intake
from learnsite_desktop.services.labels import field_text, label_of, register_label, value_text
from learnsite_desktop.services.receiving import Received, Witness
from learnsite_desktop.services.workspace import DATABASE_NAME, Workspace
from learnsite_desktop.store import journal, lookups
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import (
    StoredRecord,
    find_record,
    merged_state,
    open_conflicts,
    records_by_keys,
)

MOST: Final = 2000
"""How many records of a file are told one by one."""
MOST_FIELDS: Final = 40
"""How many fields of a record are told one by one: a roll call may have hundreds of marks."""
CLASSES: Final = (
    "conflict", "quarantined", "waiting", "brought_back", "withdrawn", "fast_forward", "new",
    "duplicate", "linked", "gone",
)  # fmt: skip
"""What may become of a record, in the order in which records are told; `same` are not told.

A record may be in several: `duplicate` (may be somebody else who is held here) and `linked` come on
top; `withdrawn` stays taken back, `brought_back` was taken back and comes again with this file.
Taking a file back makes records `gone`.
"""


@dataclass(frozen=True, slots=True)
class Side:
    """A field before and after, in capture shape and in words; private values are masked.

    `disputed`: the two stay side by side until somebody decides.
    """

    field: str
    label: str
    old: Any
    new: Any
    old_text: str
    new_text: str
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that a file would create or change; `more` fields are not told."""

    record: str
    kind: str
    unit: str
    unit_name: str
    title: str
    classes: tuple[str, ...]
    fields: tuple[Side, ...] = ()
    more: int = 0


@dataclass(slots=True)
class Foreseen:
    """What a file would do: counts as `receive` gives them, and records, `left` of them untold."""

    result: Received
    records: list[Touched] = field(default_factory=list)
    left: int = 0


def witness(workspace: Workspace, seen: list[Foreseen], *, most: int = MOST) -> Witness:
    """Return what notes in `seen` what each file does that is received for a preview."""

    def look(result: Received, intake: Intake) -> None:
        classes = _classes(workspace, result, intake)
        order = _in_order(classes)
        told = list(changes_of_records(workspace, order[:most], classes))
        seen.append(Foreseen(result, told, max(0, len(order) - most)))

    return look


def foresee(
    workspace: Workspace, take: Callable[[Witness], Received], *, most: int = MOST
) -> Foreseen:
    """Return what `take` does, which receives one file for a preview before that witness."""
    seen: list[Foreseen] = []
    result = take(witness(workspace, seen, most=most))
    return seen[0] if seen and result.error is None else Foreseen(result)


def _classes(workspace: Workspace, result: Received, intake: Intake) -> dict[str, set[int]]:
    found = {name: set(records) for name, records in intake.classes.items() if name != "same"}
    found["brought_back"] = set(intake.brought_back)
    held = intake.classes.get("same", set()) | intake.classes.get("waiting", set())
    found["withdrawn"] = journal.records_withdrawn(workspace.database) & held
    found["duplicate"] = set(result.likenesses.suspects)
    linked = {name for pair in result.likenesses.links for name in (pair.a, pair.b)}
    stored = (find_record(workspace.database, name) for name in sorted(linked))
    found["linked"] = {one.key for one in stored if one is not None}
    return found


def _in_order(classes: Mapping[str, set[int]]) -> list[int]:
    """Return the records, each once, those that ask for somebody first."""
    found: dict[int, None] = {}
    for name in CLASSES:
        found |= dict.fromkeys(sorted(classes.get(name, ())))
    return list(found)


def changes_of_records(
    workspace: Workspace, keys: Sequence[int], classes: Mapping[str, set[int]]
) -> Iterator[Touched]:
    """Yield what became of records (store keys) in the transaction that is open now."""
    after = records_by_keys(workspace.database, keys)
    disputed: dict[int, set[str]] = {}
    for key, register in open_conflicts(workspace.database):
        disputed.setdefault(key, set()).add(register)
    with closing(Database(workspace.folder / DATABASE_NAME, readonly=True)) as database:
        before = records_by_keys(database, keys)
        for key in keys:
            now = after.get(key)
            if now is None:
                continue
            was = before.get(key)
            within = tuple(name for name in CLASSES if key in classes.get(name, ()))
            registers = disputed.get(key, set())
            compared = _Compared(workspace, database, was, now, registers)
            sides = list(compared.sides()) if was is not None and was.doc else []
            yield Touched(
                record=now.id,
                kind=now.kind,
                unit=now.unit,
                unit_name=unit_name(workspace.database, now.unit),
                title=label_of(workspace, now if now.doc else was or now),
                classes=within,
                fields=tuple(sides[:MOST_FIELDS]),
                more=max(0, len(sides) - MOST_FIELDS),
            )


class _Compared:
    """A record as it was and as it is."""

    def __init__(
        self,
        workspace: Workspace,
        before: Database,
        was: StoredRecord | None,
        now: StoredRecord,
        disputed: set[str],
    ) -> None:
        self._workspace, self._before = workspace, before
        self._was, self._now, self._disputed = was, now, disputed
        self._show: Show = shower(workspace, now.kind, reveal=False)

    def sides(self) -> Iterator[Side]:
        """Yield disputed fields, then the others that differ."""
        was = {} if self._was is None else self._with_marks(self._before, self._was)
        if not self._now.doc:
            yield from self._sides(DELETED, old=False, new=True, disputed=False)
            return
        now = self._with_marks(self._workspace.database, self._now)
        rivals = self._rivals(was) if self._disputed else {}
        for register in sorted(self._disputed):
            values = was.get(register), rivals.get(register)
            yield from self._sides(register, *values, disputed=True)
        for register in (*was, *(name for name in now if name not in was)):
            if register in self._disputed or not self._is_told(register):
                continue
            values = was.get(register), now.get(register)
            if values[0] != values[1]:
                yield from self._sides(register, *values, disputed=False)

    def _is_told(self, register: str) -> bool:
        kind = KINDS.get(self._now.kind)
        if kind is None or register.startswith(OUTCOME_PREFIX):
            return False
        known = register in kind.by_register or kind.map_of(register) is not None
        return known or register == DELETED or register.startswith(REVIEW_PREFIX)

    def _with_marks(self, database: Database, stored: StoredRecord) -> dict[str, Any]:
        """Return the registers of a record, those of its roll call among them."""
        kind = KINDS.get(stored.kind)
        doc = dict(stored.doc)
        for family in kind.maps if kind else ():
            for learner, status, minutes, source, proxy in lookups.marks_of(database, stored.ident):
                name = f"{family.prefix}{self._workspace.idents.record(learner)}"
                doc[name] = [status, minutes, source, bool(proxy) if proxy is not None else None]
        return doc

    def _rivals(self, was: Mapping[str, Any]) -> dict[str, Any]:
        """Return for each disputed register the value that is not the one shown before."""
        merged = merged_state(self._workspace.database, self._now.key)
        found: dict[str, Any] = {}
        for register in self._disputed:
            if register == DELETED:
                found[register] = not was.get(DELETED)
                continue
            values = [node.writes.get(register) for node in merged.live.get(register, ())]
            found[register] = next((one for one in values if one != was.get(register)), None)
        return found

    def _sides(self, register: str, old: Any, new: Any, *, disputed: bool) -> Iterator[Side]:
        """Yield the fields of a register that differ, of a disputed one all."""
        workspace, kind = self._workspace, KINDS.get(self._now.kind)
        if register.startswith(REVIEW_PREFIX):
            yield Side(register, _("Review"), old, new, _verdict(old), _verdict(new), disputed)
            return
        shown = [self._show(register, value) for value in (old, new)]
        found = kind.by_register.get(register) if kind else None
        if found is None:
            texts = [value_text(workspace, self._now.kind, register, value) for value in shown]
            label = register_label(workspace, self._now.kind, register)
            yield Side(register, label, shown[0], shown[1], texts[0], texts[1], disputed)
            return
        if found.private and shown == [None, None]:
            texts = [_("not held here") if value is not None else "" for value in (old, new)]
            label = register_label(workspace, self._now.kind, register)
            yield Side(register, label, None, None, texts[0], texts[1], disputed)
            return
        group = len(found.fields) > 1
        for field_ in found.fields:
            was, is_ = ((one or {}).get(field_.name) if group else one for one in shown)
            if was != is_ or (disputed and not group):
                texts = [field_text(workspace, field_, value) for value in (was, is_)]
                label = _(field_.label)
                yield Side(field_.name, label, was, is_, texts[0], texts[1], disputed)


_VERDICTS: Final = {
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "returned": N_("Returned"),
    "edited": N_("Edited since"),
}


def _verdict(value: Any) -> str:
    found = value[0] if isinstance(value, list) and value else value
    return _(_VERDICTS[found]) if isinstance(found, str) and found in _VERDICTS else ""


_COUNTED: Final = {
    "new": N_("%(count)s new"),
    "fast_forward": N_("%(count)s changed"),
    "conflict": N_("%(count)s in conflict"),
    "duplicate": N_("%(count)s perhaps twice"),
    "linked": N_("%(count)s linked"),
    "quarantined": N_("%(count)s held apart"),
    "waiting": N_("%(count)s waiting"),
    "same": N_("%(count)s known"),
}


def counted(counts: Mapping[str, int], names: Iterable[str] = _COUNTED) -> str:
    """Return counts of records in words, those that are not zero."""
    return " · ".join(
        render(_COUNTED[name], {"count": counts[name]}) for name in names if counts.get(name)
    )
