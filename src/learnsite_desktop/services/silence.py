"""Silence 未报: of which units below no report of a period is held, so that 0 says nothing.

A report is one of a unit and month that has ended. Due are the reports that completeness asks for
and those that were handed in; done is what was handed in, or entered here for the unit, with a zero
report or without. This desk's own report is never due to itself; nothing is due of the months
before anything was entered here, as on the board (of a period that ended before, its last month
stands for all).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.unit_choice import lying_under
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import figures as store
from learnsite_desktop.store.board import first_month

NOT_REPORTED: Final = N_("Not handed in")
MARK: Final = "*"
_VILLAGES: Final = N_("%(count)s villages have not reported")
_OWN: Final = N_("%(count)s months of its own are not reported")
_REPORTS: Final = N_("%(count)s reports have not been handed in")
_ASKED: Final = N_("nothing reported: 0 of %(due)s reports")
_UNASKED: Final = N_("nothing reported: no unit below was asked")
_VILLAGE: Final = 5


@dataclass(frozen=True, slots=True)
class Handed:
    """The reports of a unit, with those below, and period: `due`, `done`, both counts.

    `villages` is how many village-level units below lack one, `own` how many of its own months the
    unit itself lacks. `below` says whether the unit lies below this desk, `ended` whether any month
    of the period has ended.
    """

    due: int
    done: int
    villages: int
    own: int
    below: bool
    ended: bool

    @property
    def silent(self) -> bool:
        """Whether no report at all is held where one could be; a desk asks itself for none."""
        return self.ended and not self.done and (self.below or self.due > 0)

    @property
    def said(self) -> dict[str, int]:
        """The counts with plain keys."""
        return {
            "due": self.due,
            "done": self.done,
            "villages": self.villages,
            "own": self.own,
        }


class Reports:
    """The reports held of the units below this desk, each month read once."""

    def __init__(self, workspace: Workspace) -> None:
        """Read nothing yet."""
        self._workspace = workspace
        self._today = workspace.clock.now().date()
        key = store.unit_key(workspace.database, workspace.unit)
        self._begun = first_month(workspace.database, key) if key is not None else ""
        self._months: dict[str, list[tuple[str, int, bool]]] = {}

    def of(self, unit: str, period: Period, tree: str) -> Handed:
        """Return the reports of a unit with those below it, which lie there by `tree`."""
        due = done = own = 0
        lacking: set[str] = set()
        months = [one for one in period.months() if one.last < self._today]
        begun = [one for one in months if one.text >= self._begun]
        for month in begun or months[-1:]:
            ever, last = lying_under(self._workspace, unit, month, tree)
            for code, level, there in self._month(month.text, month.last):
                if code not in (ever if there else last):
                    continue
                due += 1
                done += there
                own += code == unit and not there
                if not there and level == _VILLAGE and code != unit:
                    lacking.add(code)
        below = unit != self._workspace.unit
        return Handed(due, done, len(lacking), own, below, bool(months))

    def _month(self, month: str, last: date) -> list[tuple[str, int, bool]]:
        """Return (unit, level, whether it is there) of the reports of a month."""
        if month not in self._months:
            own, database = self._workspace.unit, self._workspace.database
            key = store.unit_key(database, own)
            rows = [] if key is None else store.submissions(database, key, month, last.isoformat())
            self._months[month] = [
                (code, int(level), bool(there))
                for code, level, _zero, _received, there in rows
                if code != own
            ]
        return self._months[month]


def is_silent(value: Mapping[str, Any]) -> bool:
    """Return whether a figure's 0 stands for no report at all."""
    return bool(value.get("silent"))


def silent_words(value: Mapping[str, Any]) -> str:
    """Return why a figure that `is_silent` says nothing."""
    handed = value["handed_in"]
    return render(_ASKED, {"due": handed["due"]}) if handed["due"] else _(_UNASKED)


def shown(value: Mapping[str, Any], text: str) -> str:
    """Return `text`, what a figure reads as, or the word for a figure that `is_silent`."""
    return _(NOT_REPORTED) if is_silent(value) else text


def silence_words(value: Mapping[str, Any]) -> str:
    """Return what is to be said of the reports behind a figure, "" where none is lacking."""
    return silent_words(value) if is_silent(value) else lacking_words(value)


def lacking_words(value: Mapping[str, Any]) -> str:
    """Return how many reports a figure that says something lacks, "" where none is lacking.

    Figures that were kept before reports were counted beside them lack none.
    """
    handed = value.get("handed_in")
    if not handed or handed["done"] == handed["due"] or not (handed["done"] or value["value"]):
        return ""
    if handed["villages"]:
        return render(_VILLAGES, {"count": handed["villages"]})
    missing = handed["due"] - handed["done"]
    return render(_OWN if handed["own"] == missing else _REPORTS, {"count": missing})
