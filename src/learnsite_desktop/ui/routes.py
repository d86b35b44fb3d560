"""Where a record is worked on, and how one goes to a field of it with one key."""

from typing import Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.ui.desk import Desk, Place
from learnsite_desktop.ui.forms.correction import Correction, can_correct

_SCREENS: Final = {
    "session": "roll_call",
    "activity": "activity",
    "learner": "learner",
    "evidence": "evidence",
}


def place_of(kind: str, record: str) -> Place | None:
    """Return where a record of a kind is worked on, None for one without a screen."""
    screen = _SCREENS.get(kind)
    return Place(screen, record) if screen else None


def go_to_field(
    desk: Desk,
    card: Correction,
    kind: str,
    record: str,
    field: str,
    *,
    note: str = "",
    issue: Issue | None = None,
) -> None:
    """Open a record at a field: in the card if it can be put right by itself, else its screen."""
    place = place_of(kind, record)
    if can_correct(kind, field) or place is None:
        card.begin(record, field if can_correct(kind, field) else "", note=note, issue=issue)
    elif kind == "session":
        desk.go(place.screen, f"{place.about} {field}")
    else:
        desk.go(place.screen, place.about)
