"""One record as its reviewer sees it: fields, roll call, photos, warnings, returns, history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from learnsite_desktop.domain.fields import REASONS, layer_of
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue, settle
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.rules import RULES, check_fields
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.capture.answers import Answers
from learnsite_desktop.services.capture.plan import References
from learnsite_desktop.services.conflict_view import Show, author, shower
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.labels import label_of, register_label, value_text
from learnsite_desktop.services.returns import list_returns
from learnsite_desktop.services.review import objection
from learnsite_desktop.services.review_states import look_at, states_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import (
    LoggedOperation,
    StoredRecord,
    children_of,
    operations_of,
)
from learnsite_desktop.store.work_rows import present_and_marked, unit_names

VERB_WORDS: Final = {
    "create": N_("entered"),
    "edit": N_("corrected"),
    "delete": N_("deleted"),
    "undo": N_("took back"),
    "resolve": N_("decided a conflict"),
    "object": N_("objected"),
    "approve": N_("approved"),
    "reject": N_("rejected"),
}
"""What operations did, as message ids; others are not told."""
_TOLD: Final = 12
_REGISTERS: Final = 4


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a record's history: when, who, of which unit, what (message id), where, why."""

    at: str
    who: str
    unit: str
    verb: str
    fields: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record in words, private values masked.

    `roll` is (present, named) of a session's roll call, None for other kinds; `objection` the code
    of what stands against approving it, "" for nothing; `older` how many deeds are not told.
    """

    stored: StoredRecord
    title: str
    unit: str
    fields: tuple[tuple[str, str], ...]
    roll: tuple[int, int] | None
    photos: int
    warnings: tuple[Issue, ...]
    returns: tuple[Mapping[str, Any], ...]
    states: Mapping[str, str]
    history: tuple[Deed, ...]
    older: int
    objection: str


def record_view(workspace: Workspace, stored: StoredRecord, *, operator: str = "") -> RecordView:
    """Return a record with everything that a verdict on it needs."""
    show = shower(workspace, stored.kind, reveal=False)
    logged = operations_of(workspace.database, stored.key)
    roll = None
    if stored.kind == "session":
        roll = present_and_marked(workspace.database, stored.ident)
    looked = look_at(workspace, stored.key, stored.ident)
    return RecordView(
        stored=stored,
        title=label_of(workspace, stored),
        unit=unit_names(workspace.database, [stored.unit])[stored.unit],
        fields=tuple(_fields(workspace, stored, show)),
        roll=roll,
        photos=len(children_of(workspace.database, stored.id, "evidence", "target")),
        warnings=tuple(_warnings(workspace, stored)),
        returns=tuple(row for row in list_returns(workspace, stored) if row["tier"]),
        states=states_of(workspace, stored),
        history=tuple(_deed(workspace, stored, item) for item in reversed(logged[-_TOLD:])),
        older=max(0, len(logged) - _TOLD),
        objection=objection(workspace, stored, looked, operator),
    )


def _fields(workspace: Workspace, stored: StoredRecord, show: Show) -> Iterator[tuple[str, str]]:
    kind = KINDS[stored.kind]
    for register in kind.registers:
        value = stored.doc.get(register.key)
        if register.computed or register.key == REASONS or value is None:
            continue
        if register.layer != "fact":
            continue
        told = show(register.key, value)
        text = value_text(workspace, stored.kind, register.key, told)
        if text:
            yield register_label(workspace, stored.kind, register.key), text


def _warnings(workspace: Workspace, stored: StoredRecord) -> Iterator[Issue]:
    """Yield the warnings that hold of a record now, with the reasons written for them."""
    kind = KINDS[stored.kind]
    entry = {**entry_of(kind, stored.doc, workspace.vault), "ref": stored.id}
    reasons = entry.get(REASONS)
    if not isinstance(reasons, Mapping):
        return
    context = Answers(workspace, References(workspace, workspace.unit, "")).context()
    for field in kind.fields.values():
        if kind.by_field[field.name].computed:
            entry.pop(field.name, None)
    issues = check_fields(kind, entry, context)
    if kind.name in RULES:
        issues = [*issues, *RULES[kind.name](entry, context)]
    for issue in settle(issues, reasons):
        if issue.severity is Severity.WARNING and issue.reason:
            yield replace(issue, record=stored.id)


def _deed(workspace: Workspace, stored: StoredRecord, item: LoggedOperation) -> Deed:
    operation = item.operation
    names = author(workspace, unb64(item.hash), operation.u)
    kind = KINDS[stored.kind]
    marks = {name for name in operation.writes() if kind.map_of(name) is not None}
    plain = [
        name
        for name in operation.writes()
        if name not in marks
        and layer_of(kind, name) == "fact"
        and not (name in kind.by_register and kind.by_register[name].computed)
    ]
    labels = [register_label(workspace, stored.kind, name) for name in sorted(plain)]
    if marks:
        labels.append(register_label(workspace, stored.kind, min(marks)).split(" · ")[0])
    if operation.verb == "create":
        labels = []
    return Deed(
        at=operation.at,
        who=names["operator_name"],
        unit=names["unit_name"],
        verb=VERB_WORDS.get(operation.verb, N_("wrote")),
        fields=tuple(labels[:_REGISTERS]),
        why=workspace.vault.reveal(operation.why or None) or "",
    )
