"""The screens: a screen is one folder and one entry here, imported when it is first shown."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from learnsite_desktop.domain.wording import N_

if TYPE_CHECKING:
    from learnsite_desktop.ui.screen import Screen

_WHERE: Final = "learnsite_desktop.ui.screens."


@dataclass(frozen=True, slots=True)
class Entry:
    """One screen: its name, label (message id) and icon."""

    name: str
    label: str
    icon: str

    def load(self) -> "type[Screen]":
        """Import the screen's class: `View` of its folder's `view` module."""
        found: type[Screen] = import_module(f"{package_of(self)}.view").View
        return found


def package_of(entry: Entry) -> str:
    """Return the name of the package that holds a screen's modules."""
    return f"{_WHERE}{entry.name}"


ENTRIES: Final[tuple[Entry, ...]] = (
    Entry("today", N_("Today"), "today"),
    Entry("inbox", N_("Inbox"), "inbox"),
    Entry("review", N_("Review"), "review"),
    Entry("ledger", N_("Ledger"), "ledger"),
    Entry("learners", N_("Learners"), "learners"),
    Entry("roster_import", N_("Import"), "import"),
    Entry("evidence", N_("Evidence"), "evidence"),
    Entry("submission", N_("Hand in"), "submit"),
    Entry("board", N_("Who hands in"), "calendar"),
    Entry("reports", N_("Reports"), "excel"),
    Entry("publishing", N_("Send down"), "exported"),
    Entry("indicators", N_("Figures"), "indicators"),
    Entry("supervision", N_("Supervision"), "final"),
    Entry("safety", N_("Backup"), "backup"),
    Entry("tools", N_("Tools"), "tools"),
    Entry("units", N_("Units and computers"), "units"),
    Entry("preferences", N_("Settings"), "settings"),
    Entry("manual", N_("Help"), "help"),
    Entry("checkup", N_("Self-check"), "heartbeat"),
    Entry("roll_call", N_("Roll call"), "roll-call"),
    Entry("activity", N_("Activity"), "series"),
    Entry("learner", N_("Learner"), "user"),
    Entry("updates", N_("Newer version"), "refresh"),
)
"""Every screen there is. One that no tier's list names is reached from another screen."""

_VILLAGE: Final = (
    *("today", "ledger", "learners", "roster_import", "evidence", "submission"),
    *("safety", "preferences", "manual"),
)
_TOWNSHIP: Final = (
    *("today", "inbox", "review", "board", "submission", "ledger", "learners", "indicators"),
    *("tools", "reports", "units", "preferences", "manual"),
)
_COUNTY: Final = (
    *("today", "inbox", "review", "board", "indicators", "reports", "publishing", "units"),
    *("supervision", "submission", "ledger", "learners", "tools", "preferences", "manual"),
)
LISTED: Final = {"village": _VILLAGE, "township": _TOWNSHIP, "county": _COUNTY}
"""The screens in the list of a tier's desk, in order; Alt+1…9 follows it."""


def entries_for(tier: str) -> list[Entry]:
    """Return the listed entries of a tier's desk, in order."""
    known = {entry.name: entry for entry in ENTRIES}
    return [known[name] for name in LISTED[tier] if name in known]


def entry_named(name: str) -> Entry:
    """Return the entry of a screen; KeyError if there is none."""
    for entry in ENTRIES:
        if entry.name == name:
            return entry
    raise KeyError(name)
