"""What the settings show, and the words for it."""

from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.operators import Operator, list_operators
from learnsite_desktop.services.policy import Setting, in_force
from learnsite_desktop.services.unit_card import UnitCard, unit_card
from learnsite_desktop.services.workspace import Workspace

POLICY_LABELS: Final = {
    "id_numbers": N_("ID numbers"),
    "minutes_per_hour": N_("Minutes of one learning hour"),
    "active_sessions_per_year": N_("Sessions a year of an active site"),
    "evidence_required": N_("Photos that every session needs"),
    "relay_private": N_("Passed on above the township"),
    "four_eyes": N_("Reviewer is not the author"),
    "review_sample": N_("Records drawn for review, percent"),
    "auto_link": N_("Link certain doubles by itself"),
    "media_per_bundle": N_("Photos in one file, MB"),
    "questions": N_("Other thresholds of questions"),
}
POLICY_HINTS: Final = {
    "id_numbers": N_("Off: a number is checked, gives sex and birth, and is not kept."),
    "minutes_per_hour": N_("Learning hours are counted with it."),
    "active_sessions_per_year": N_("A site with at least so many counts as active."),
    "evidence_required": N_("What a session has to show to count as proved (D03)."),
    "relay_private": N_("Personal values that the county gets to see; Space ticks one."),
    "four_eyes": N_("Nobody approves what he or she has entered."),
    "review_sample": N_("So many are looked at although nothing about them is suspicious."),
    "auto_link": N_("Equal ID number, or equal name, sex and whole birth day; can be undone."),
    "media_per_bundle": N_("What was asked for beyond that goes with the next file."),
    "questions": N_("For example Q1.overlap_minutes=30, Q5.share_percent=70; empty: as shipped."),
}
CHOICE_LABELS: Final = {
    "id_numbers": {"on": N_("keep"), "off": N_("do not keep")},
    "four_eyes": {"on": N_("required"), "off": N_("not required")},
    "auto_link": {"on": N_("on"), "off": N_("off")},
}
TIER_LABELS: Final = {
    "village": N_("village"),
    "township": N_("township"),
    "county": N_("county"),
}
_STATES: Final = {
    "enrolled": N_("enrolled"),
    "requested": N_("waits for the unit above"),
    "superseded": N_("replaced"),
    "revoked": N_("revoked"),
}
_ABOVE_ONLY: Final = frozenset(
    {"relay_private", "four_eyes", "review_sample", "auto_link", "questions"}
)
"""Settings that mean nothing at a village."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on the screen that comes from the workspace."""

    card: UnitCard
    operators: list[Operator]
    policy: list[Setting]


def read(workspace: Workspace) -> Shown:
    """Read what the screen shows; a short read."""
    policy = [
        one
        for one in in_force(workspace)
        if workspace.tier != "village" or one.key not in _ABOVE_ONLY
    ]
    return Shown(unit_card(workspace), list_operators(workspace, gone=True), policy)


def operator_text(one: Operator) -> str:
    """Return how an operator stands in the list."""
    if not one.until:
        return one.name
    return render(_("%(name)s (until %(day)s)"), {"name": one.name, "day": one.until})


def card_rows(card: UnitCard) -> list[tuple[str, str]]:
    """Return the unit's card as labels and values."""
    above = f"{card.above_name} ({card.above_code})" if card.above_code else _("none")
    computers = "\n".join(
        f"{name} · {_(_STATES.get(state, state))}" + (f" · {_('this computer')}" if own else "")
        for name, state, own in card.computers
    )
    return [
        (_("Unit"), f"{card.name} ({card.code}) · {_(TIER_LABELS.get(card.tier, card.tier))}"),
        (_("Unit above"), above),
        (_("Fingerprint of this computer"), card.fingerprint),
        (_("Computers of the unit"), computers),
        (_("Folder of the records"), str(card.folder)),
        (_("Automatic backups"), str(card.backups)),
    ]
