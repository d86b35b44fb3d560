"""What rules may ask about the rest of the workspace.

Every question is a function that the caller supplies, answered from the store and the entries of
the same file together. A question left at its default gives an answer that makes the rule keep
silent, so that a single entry can be checked without a workspace.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from learnsite_desktop.domain.codes import CodeTables
from learnsite_desktop.domain.identity import CheckResult, IdentityCheck
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import Period

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site as rules need it; ``closed`` is the first day on which it is no longer valid."""

    opened: date | None = None
    closed: date | None = None


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """An activity as rules need it; ``ref`` and ``site`` are references as entries hold them.

    ``ended`` says that its unit was closed.
    """

    ref: str
    title: str
    site: str
    kind: str
    campaign: str = ""
    ended: "EndedFacts | None" = None


@dataclass(frozen=True, slots=True)
class EndedFacts:
    """A unit that was closed: its name, the first day without it, who goes on in its place."""

    name: str
    on: date
    onward: str


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session as rules need it; ``minutes`` is its length, None when its times are no times."""

    ref: str
    activity: str
    date: date
    start: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """One learner on a roster."""

    learner: str
    row: int | None = None
    joined: date | None = None
    left: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the learner was enrolled on ``day``."""
        begun = self.joined is None or self.joined <= day
        return begun and (self.left is None or day <= self.left)


def _unchecked(_kind: str, _value: str, _today: date) -> CheckResult:
    return CheckResult("valid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Today, the code tables, and the questions; references are passed as the entries hold them.

    ``latest`` is a day that has certainly come, later than ``today`` where this computer's clock
    lags; what lies up to it is not in the future. ``known(kind, ref)``: does a record of this kind
    exist. ``neighbours(site, title, day)``: sessions at the site, not cancelled, of activities with
    this title, on the day or one day away. ``named(session)``: number of present marks,
    None when not known yet. ``mobile_holders(mobile, ref)``: persons with this
    number, the asking one counted.
    ``held(unit, period)``: held sessions of the unit. ``farm_proof(learner)``: whether a
    farm-skills activity or a certificate is on record, None when not known.
    ``photo_elsewhere(entry)``: label of another record with the same picture, or blank;
    ``photo_alike(entry)``: of one with a picture that looks like it.
    """

    today: date
    latest: date = date.min
    codes: CodeTables
    identity: IdentityCheck = _unchecked
    unit_exists: Callable[[str], bool] = lambda _unit: True
    known: Callable[[str, str], bool] = lambda _kind, _ref: True
    site: Callable[[str], SiteFacts | None] = lambda _ref: None
    activity: Callable[[str], ActivityFacts | None] = lambda _ref: None
    session: Callable[[str], SessionFacts | None] = lambda _ref: None
    seats: Callable[[str], int | None] = lambda _venue: None
    roster: Callable[[str], Sequence[EnrolmentFacts]] = lambda _activity: ()
    neighbours: Callable[[str, str, date], Sequence[SessionFacts]] = lambda *_: ()
    named: Callable[[str], int | None] = lambda _session: None
    mobile_holders: Callable[[str, str], int] = lambda *_: 1
    held: Callable[[str, Period], int] = lambda *_: 0
    farm_proof: Callable[[str], bool | None] = lambda _learner: None
    photo_elsewhere: Callable[[Entry], str] = lambda _entry: ""
    photo_alike: Callable[[Entry], str] = lambda _entry: ""


Rule = Callable[[Entry, Context], list[Issue]]
