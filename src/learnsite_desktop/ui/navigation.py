"""The screens: a screen is one folder and one entry here, imported when it is first shown."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from learnsite_desktop.domain.wording import N_

if TYPE_CHECKING:
    from learnsite_desktop.ui.screen import Screen

_ALL: Final = ("village", "township", "county")
_WHERE: Final = "learnsite_desktop.ui.screens."


@dataclass(frozen=True, slots=True)
class Entry:
    """One screen: its name, label (message id), icon, the tiers that have it.

    An entry that is not `listed` is reached from another screen and has no place in the list.
    """

    name: str
    label: str
    icon: str
    tiers: tuple[str, ...] = _ALL
    listed: bool = True

    def load(self) -> "type[Screen]":
        """Import the screen's class: `View` of its folder's `view` module."""
        found: type[Screen] = import_module(f"{_WHERE}{self.name}.view").View
        return found


ENTRIES: Final[tuple[Entry, ...]] = (
    Entry("today", N_("Today"), "today"),
    Entry("ledger", N_("Ledger"), "ledger"),
    Entry("learners", N_("Learners"), "learners"),
    Entry("roster_import", N_("Import"), "import"),
    Entry("evidence", N_("Evidence"), "evidence"),
    Entry("submission", N_("Hand in"), "submit"),
    Entry("safety", N_("Backup"), "backup"),
    Entry("preferences", N_("Settings"), "settings"),
    Entry("manual", N_("Help"), "help"),
    Entry("roll_call", N_("Roll call"), "roll-call", listed=False),
    Entry("activity", N_("Activity"), "series", listed=False),
    Entry("learner", N_("Learner"), "user", listed=False),
)


def entries_for(tier: str) -> list[Entry]:
    """Return the listed entries of a tier's desk, in order; Alt+1…9 follows it."""
    return [entry for entry in ENTRIES if entry.listed and tier in entry.tiers]


def entry_named(name: str) -> Entry:
    """Return the entry of a screen; KeyError if there is none."""
    for entry in ENTRIES:
        if entry.name == name:
            return entry
    raise KeyError(name)
