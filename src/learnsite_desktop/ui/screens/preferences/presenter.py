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
    "relay_private": N_("Passed on above the township"),
}
POLICY_HINTS: Final = {
    "id_numbers": N_("Off: a number is checked, gives sex and birth, and is not kept."),
    "minutes_per_hour": N_("Learning hours are counted with it."),
    "active_sessions_per_year": N_("A site with at least so many counts as active."),
    "relay_private": N_("Personal values that the county gets to see, by their field names."),
}
CHOICE_LABELS: Final = {"on": N_("keep"), "off": N_("do not keep")}
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
_ABOVE_ONLY: Final = frozenset({"relay_private"})
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
