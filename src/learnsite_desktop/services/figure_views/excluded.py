"""What does not count in a figure, and why: as far as its ground can tell."""

from collections.abc import Iterator
from typing import Any, Final

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import unit_choice
from learnsite_desktop.services.figure_ground import Question, ground_of, prepare, unit_key
from learnsite_desktop.services.indicators import Indicator, chosen
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import excluded as store
from learnsite_desktop.store.engine import Database

_TEXTS: Final = {
    "planned": N_("%(count)s sessions are only planned"),
    "cancelled": N_("%(count)s sessions were cancelled"),
    "rejected": N_("%(count)s sessions were rejected in review"),
    "frozen": N_("%(count)s sessions have too many versions at once; they want a decision"),
    "set_aside": N_("%(count)s sessions are of an activity that was rejected in review or deleted"),
    "not_approved": N_("%(count)s sessions are not approved, or came after the lock"),
    "headcount": N_("%(count)s persons were only counted, without a name"),
    "of_nobody": N_("%(count)s marks are of learners who were rejected in review or deleted"),
    "absent": N_("%(count)s marks say absent, on leave or the like"),
    "repeated": N_("%(count)s marks are a second one of the same person in the same session"),
    "elsewhere": N_("%(count)s persons live in another unit, or their home is not known"),
    "no_birth": N_("of %(count)s persons no birth year is known"),
    "not_here": N_("what %(count)s units entered does not come to this desk"),
}


def excluded(
    workspace: Workspace,
    name: str,
    *,
    period: str,
    unit: str,
    basis: str = "received",
    tree: str = unit_choice.THEN,
) -> list[dict[str, Any]]:
    """Return what an indicator leaves out for a unit and period: reason, count, text.

    Only what is there and left out; of what never came, only that units count whose entries never
    come here. Refuses `indicator_unknown`, `unit_unknown` and `period_invalid`.
    """
    (indicator,) = chosen([name])
    question = Question(parse_period(period), unit, basis, tree)
    unit_key(workspace, unit)
    with ground_of(workspace, question) as ground:
        prepare(workspace, ground, question, indicator, "")
        found = list(_counts(workspace.database, indicator, basis))
    away = unit_choice.elsewhere(workspace, unit, tree)
    found.append(("not_here", len(away.units) if away is not None else 0))
    return [
        {"reason": reason, "count": count, "text": render(_TEXTS[reason], {"count": count})}
        for reason, count in found
        if count
    ]


def _counts(database: Database, indicator: Indicator, basis: str) -> Iterator[tuple[str, int]]:
    needs = indicator.needs
    if "held" in needs:
        open_ones = store.not_held(database)
        yield "planned", open_ones.get("planned", 0)
        yield "cancelled", open_ones.get("cancelled", 0)
        rejected, frozen = store.barred(database)
        yield "rejected", rejected
        yield "frozen", frozen
        yield "set_aside", store.set_aside(database)
        if basis == "approved":
            yield "not_approved", store.not_taken(database)
    if "roll" in needs:
        if "'crowd'" not in indicator.numerator + indicator.denominator:
            yield "headcount", store.heads(database)
        yield "of_nobody", store.of_nobody(database)
        yield "absent", store.absent(database)
        yield "repeated", store.repeated(database)
    if "resident" in indicator.numerator:
        yield "elsewhere", store.elsewhere(database)
    if "ages" in needs:
        yield "no_birth", store.without_birth(database)
