"""Consents: what a learner, or the guardian of a child, has agreed to, when and on what."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from learnsite_desktop.domain.births import age_on, parse_birth
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.persons import GUARDED_UNDER
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.records import edit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord

LISTS: Final[Mapping[str, str]] = {
    "kind": "consent_kind",
    "by": "consent_by",
    "medium": "consent_medium",
}
"""The code list of each choice."""

SELF: Final = "self"
WITHDRAWN: Final = "withdrawn"
TOLD: Final = "notice"
"""A notice was given: no consent, and nothing that can be withdrawn."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent: codes of `LISTS` and the day."""

    kind: str
    date: str
    by: str
    medium: str


def consents_of(entry: Mapping[str, Any]) -> tuple[Consent, ...]:
    """Return a learner's consents as entered, the oldest first."""
    found = [
        Consent(*(str(given.get(key) or "") for key in ("kind", "date", "by", "medium")))
        for given in entry.get("consents") or ()
    ]
    return tuple(sorted(found, key=lambda consent: consent.date))


def in_force(consents: Iterable[Consent]) -> frozenset[str]:
    """Return the kinds that hold: a withdrawal ends all consents given until that day."""
    found: dict[str, str] = {}
    for consent in consents:
        if consent.kind == WITHDRAWN:
            ended = {k for k, day in found.items() if k != TOLD and day <= consent.date}
            found = {kind: day for kind, day in found.items() if kind not in ended}
        else:
            found[consent.kind] = max(found.get(consent.kind, ""), consent.date)
    return frozenset(found)


def require_learner(stored: StoredRecord) -> None:
    """Refuse `not_a_learner` for a record of another kind, `record_deleted` for one deleted."""
    if stored.kind != "learner":
        raise Refusal("not_a_learner", where=stored.id)
    if stored.deleted:
        raise Refusal("record_deleted", where=stored.id)


def is_guarded(workspace: Workspace, entry: Mapping[str, Any]) -> bool:
    """Return whether a learner is so young that a guardian answers for them."""
    birth = parse_birth(entry.get("birth")) or parse_birth(str(entry.get("birth_year")))
    today = workspace.clock.now().date()
    return birth is not None and age_on(birth.born, today) < GUARDED_UNDER


def record_consent(
    workspace: Workspace,
    stored: StoredRecord,
    *,
    kind: str,
    by: str,
    medium: str,
    day: str = "",
    why: str = "",
    operator: str = "",
) -> CaptureResult:
    """Add a consent, or its withdrawal, of a day ("" for today); the former ones stay.

    One that stands there already is not written again. Refuses `not_a_learner`, `consent_choice`,
    and `consent_by_guardian` for a child that consents itself; `why` is a must for a record of a
    unit below.
    """
    require_learner(stored)
    given = Consent(kind, day or workspace.clock.now().date().isoformat(), by, medium)
    for field, list_name in LISTS.items():
        value = getattr(given, field)
        if not shipped_codes().has(list_name, value):
            known = ", ".join(shipped_codes().codes(list_name))
            raise Refusal("consent_choice", where=value, known=known)
    entry = entry_of(KINDS["learner"], stored.doc, workspace.vault)
    if given.by == SELF and is_guarded(workspace, entry):
        raise Refusal("consent_by_guardian", where=stored.id, age=GUARDED_UNDER)
    listed = list(dict.fromkeys([*consents_of(entry), given]))
    values = [asdict(consent) for consent in listed]
    return edit(workspace, stored, {"consents": values}, why=why, operator=operator)
