"""What is here and does not count: held apart or waiting, in words, with what to do about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from learnsite_desktop.domain.masking import masked_field
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import batches
from learnsite_desktop.services.held_apart import HIDDEN, list_held_apart
from learnsite_desktop.services.labels import field_text, record_label
from learnsite_desktop.services.titles import field_label
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import ranks
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import find_record_row

WAITING: Final = "waiting"
_SHOWN_FIELDS: Final = 6
_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "not_enrolled": (
        N_("The computer that wrote it is not enrolled."),
        N_(
            "Ask %(unit)s for the fingerprint by phone and confirm the computer; then it counts "
            "by itself."
        ),
    ),
    "out_of_scope": (
        N_("Whoever wrote it may not write this."),
        N_("Let the unit whose business it is enter it, or enter it for that unit."),
    ),
    ranks.CODE: (
        N_("It changes what a unit above whoever wrote it has said."),
        N_("Ask the unit above to look again; nothing else has to be done here."),
    ),
    "revoked": (
        N_("The computer that wrote it was revoked before."),
        N_("If it is true, enter it again here for %(unit)s, or let %(unit)s do so."),
    ),
    "reason_missing": (
        N_("A unit above changed something of %(unit)s without a reason."),
        N_("Ask whoever wrote it to make the change again and say why."),
    ),
    WAITING: (
        N_("It builds on something that has not come yet: %(missing)s parts are missing."),
        N_("Write a receipt for %(unit)s (F10): its next file brings what is missing."),
    ),
}


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An operation that does not count: about which record, what it sets, why, and the remedy.

    `code` is `waiting` or why it is held apart; `title` and `sets` are masked.
    """

    key: str
    code: str
    kind: str
    title: str
    unit: str
    unit_name: str
    reason: str
    remedy: str
    by: str = ""
    at: str = ""
    sets: str = ""


def list_uncounted(workspace: Workspace) -> list[Uncounted]:
    """Return what is held apart, then what waits, oldest first each."""
    return [*_held_apart(workspace), *_waiting(workspace)]


def _held_apart(workspace: Workspace) -> Iterator[Uncounted]:
    for row in list_held_apart(workspace):
        kind = row["kind"].partition(".")[0]
        told = _told(workspace, row, row["code"], kind, row["unit"])
        by = unit_name(workspace.database, row["by"])
        sets = _sets(workspace, kind, row["set"])
        yield replace(told, by=by, at=row["at"], sets=sets)


def _waiting(workspace: Workspace) -> Iterator[Uncounted]:
    for row in batches.waiting(workspace):
        stored = find_record_row(workspace.database, row["record"])
        if stored is not None:
            yield _told(workspace, row, WAITING, stored.kind, stored.unit)


def _told(
    workspace: Workspace, row: Mapping[str, Any], code: str, kind: str, unit: str
) -> Uncounted:
    """Return what stands of a listed operation in words; who wrote it comes on top."""
    named = unit_name(workspace.database, unit) or unit
    said = {"unit": named, "missing": len(row.get("missing", ()))}
    reason, remedy = (render(text, said) for text in _REASONS[code])
    known = KINDS.get(kind)
    title = record_label(workspace, row["record"]) or (_(known.label) if known else kind)
    return Uncounted(row["op"], code, kind, title, unit, named, reason, remedy)


def _sets(workspace: Workspace, kind_name: str, fields: Mapping[str, Any]) -> str:
    """Return the fields that an operation would set in words, private ones masked."""
    kind = KINDS.get(kind_name)
    found = []
    for name, value in fields.items():
        field = kind.fields.get(name) if kind else None
        if field is None or kind is None:
            continue
        register = kind.by_field[name]
        shown = masked_field(field, value) if register.private and value != HIDDEN else value
        found.append(f"{field_label(kind_name, name)} {field_text(workspace, field, shown)}")
    return _("、").join(found[:_SHOWN_FIELDS])


def names_of(workspace: Workspace, units: Iterable[str]) -> dict[str, str]:
    """Return the names of units by their codes."""
    return {code: unit_name(workspace.database, code) or code for code in set(units)}
