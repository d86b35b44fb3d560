"""Rejections: what units above have taken out of every figure, by which tier and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.review import REJECTED, tier_of_state
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import agenda as store
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.records import StoredRecord, operations_of, record_by_key

TOLD_DAYS: Final = 62
"""How long a rejection stands among the day's work; it holds on after that."""

TIERS: Final = {"township": N_("township"), "county": N_("county")}
"""Who may reject, as message ids, the lowest first."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that a tier has rejected; `at` is the wall time of the verdict, `why` its reason."""

    record: str
    kind: str
    about: str
    tier: str
    at: str
    why: str


def rejections_of(workspace: Workspace, stored: StoredRecord) -> Iterator[Rejected]:
    """Yield what the tiers that reject a record have said of it, lowest tier first."""
    tiers = {
        tier_of_state(name): name
        for name, value in stored.doc.items()
        if tier_of_state(name) and value == REJECTED
    }
    if not tiers:
        return
    logged = operations_of(workspace.database, stored.key)
    about = title_of(workspace, stored.id)
    for tier, register in sorted(tiers.items(), key=lambda one: (TIER_RANK.get(one[0], 0), one)):
        said = [
            one.operation
            for one in logged
            if one.state is OpState.READY and one.operation.writes().get(register) == REJECTED
        ]
        if said:
            newest = max(said, key=lambda operation: operation.at)
            why = str(workspace.vault.reveal(newest.why or None) or "")
            yield Rejected(stored.id, stored.kind, about, tier, newest.at, why)


def newly_rejected(workspace: Workspace, unit: str, day: date) -> list[Rejected]:
    """Return what was rejected of a unit's records in the weeks before a day, the newest first."""
    since = days_after(day, -TOLD_DAYS).isoformat()
    found = [
        one
        for key in store.rejected_keys(workspace.database, unit, sorted(KINDS))
        for one in rejections_of(workspace, record_by_key(workspace.database, key))
        if one.at >= since
    ]
    return sorted(found, key=lambda one: (one.at, one.record), reverse=True)


def rejection_words(one: Rejected) -> str:
    """Return who rejected a record and why, in one line."""
    said = {"unit": _(TIERS[one.tier]) if one.tier in TIERS else one.tier, "why": one.why}
    return render(N_("%(unit)s: %(why)s. It counts in no figure."), said)
