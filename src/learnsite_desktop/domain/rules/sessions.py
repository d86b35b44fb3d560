"""Rules for sessions and their roll calls."""

from collections.abc import Mapping
from datetime import date

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.rules.context import (
    ActivityFacts,
    Context,
    EnrolmentFacts,
    Entry,
    SessionFacts,
)
from learnsite_desktop.domain.rules.values import as_minute, day, length, number, part, parts, text
from learnsite_desktop.domain.wording import N_

SHORTEST, LONGEST_USUAL, LONGEST = 20, 240, 480
EARLIEST, LATEST = 6 * 60, 22 * 60
CROWD_PER_SEAT = 5
CLASS, ADVICE_DESK = "01", "09"
WALK_IN_STATUS, WALK_IN_SOURCE = "W", "walk_in"
ABSENT = frozenset({"A", "X"})


def check_session(entry: Entry, context: Context) -> list[Issue]:
    """Check times, date, status, head-count and likely repetitions of a session."""
    ref = text(entry, "ref")
    activity = context.activity(text(entry, "activity"))
    issues = [
        *_times(entry, ref),
        *_status(entry, ref, context),
        *_headcount(entry, ref, activity, context),
    ]
    on = day(entry, "date")
    if activity is not None and on is not None and text(entry, "status") != "cancelled":
        issues += [
            *_repetition(entry, on, activity, context),
            *_after_closing(ref, on, activity),
        ]
    return issues


def _times(entry: Entry, ref: str) -> list[Issue]:
    """Start, end and the length between them."""
    minutes = length(entry)
    if minutes is None:
        return []
    if minutes <= 0:
        return [Issue("SESSION_END_NOT_AFTER_START", "session", ref)]
    issues: list[Issue] = []
    params = {"minutes": minutes}
    if minutes > LONGEST:
        issues.append(Issue("SESSION_TOO_LONG", "session", ref, params=params))
    elif not SHORTEST <= minutes <= LONGEST_USUAL:
        issues.append(Issue("SESSION_LENGTH_UNUSUAL", "session", ref, params=params))
    start, end = as_minute(entry.get("start")), as_minute(entry.get("end"))
    if (start is not None and start < EARLIEST) or (end is not None and end > LATEST):
        issues.append(Issue("SESSION_HOURS_UNUSUAL", "session", ref))
    return issues


def _status(entry: Entry, ref: str, context: Context) -> list[Issue]:
    """Held only up to today; attendance of a cancelled session is not counted."""
    status, on = text(entry, "status"), day(entry, "date")
    if status == "held" and on is not None and on > max(context.today, context.latest):
        return [Issue("SESSION_HELD_IN_FUTURE", "session", ref)]
    if status == "cancelled" and (part(entry, "headcount") or context.named(ref)):
        return [Issue("SESSION_MARKS_NOT_COUNTED", "session", ref)]
    return []


def _headcount(
    entry: Entry, ref: str, activity: ActivityFacts | None, context: Context
) -> list[Issue]:
    """Parts within the total, a crowd that fits the room, names where they are expected."""
    headcount = part(entry, "headcount")
    total = number(headcount, "total") if headcount else None
    if headcount is None or total is None:
        return []
    issues: list[Issue] = []
    male, female, over60 = (number(headcount, key) or 0 for key in ("male", "female", "over60"))
    shares = ((N_("men and women together"), male + female), (N_("60 and older"), over60))
    for name, size in shares:
        if size > total:
            params: dict[str, object] = {"part": name}
            issues.append(Issue("HEADCOUNT_PART_EXCEEDS_TOTAL", "session", ref, params=params))
    seats = context.seats(text(entry, "venue")) if text(entry, "venue") else None
    campaign = activity is not None and bool(activity.campaign)
    if seats and total > CROWD_PER_SEAT * seats and not campaign:
        params = {"total": total, "seats": seats}
        issues.append(Issue("HEADCOUNT_OVER_SEATS", "session", ref, params=params))
    advice = activity is not None and activity.kind == ADVICE_DESK
    if total and text(entry, "status") == "held" and context.named(ref) == 0 and not advice:
        issues.append(Issue("SESSION_HEADCOUNT_ONLY", "session", ref))
    return issues


def _after_closing(ref: str, on: date, activity: ActivityFacts) -> list[Issue]:
    """Note a session that its unit was no longer there for; it counts all the same."""
    ended = activity.ended
    if ended is None or on < ended.on:
        return []
    params = {"unit": ended.name, "day": ended.on.isoformat(), "onward": ended.onward}
    return [Issue("SESSION_AFTER_CLOSING", "session", ref, params=params)]


def _repetition(entry: Entry, on: date, activity: ActivityFacts, context: Context) -> list[Issue]:
    """Look for the same title at the same site a day apart or less.

    Sessions of one activity follow each other by nature; among them only the same day and start
    is a repetition.
    """
    ref, start = text(entry, "ref"), text(entry, "start")
    for other in context.neighbours(activity.site, activity.title, on):
        if other.ref == ref:
            continue
        same_start = other.date == on and other.start == start
        if same_start or other.activity != activity.ref:
            params = {"other": f"{activity.title} {other.date.isoformat()} {other.start}".strip()}
            return [Issue("SESSION_DUPLICATE", "session", ref, params=params)]
    return []


def check_rollcall(entry: Entry, context: Context) -> list[Issue]:
    """Check marks of a session ``{session, rows}``: each learner once, on the roster or a walk-in.

    The roster binds where there is one: in classes, and wherever somebody is enrolled.
    """
    ref = text(entry, "session")
    session = context.session(ref)
    roster = {row.learner: row for row in context.roster(session.activity)} if session else {}
    activity = context.activity(session.activity) if session else None
    bound = bool(roster) or (activity is not None and activity.kind == CLASS)
    issues: list[Issue] = []
    seen: set[str] = set()
    for row in parts(entry, "rows"):
        learner = text(row, "learner")
        if learner in seen:
            issues.append(_mark("MARK_REPEATED", ref, learner))
        seen.add(learner)
        if row.get("status") is None or session is None:
            continue
        if bound:
            issues += _roster(row, session, roster)
        minutes = number(row, "minutes")
        if minutes is not None and session.minutes is not None and minutes > session.minutes:
            issues.append(_mark("MARK_MINUTES_TOO_MANY", ref, learner, minutes=minutes))
    return issues


def _roster(row: Entry, session: SessionFacts, roster: Mapping[str, EnrolmentFacts]) -> list[Issue]:
    """One mark against the roster; a walk-in needs no place on it."""
    learner = text(row, "learner")
    if text(row, "status") == WALK_IN_STATUS or text(row, "source") == WALK_IN_SOURCE:
        return []
    place = roster.get(learner)
    if place is None:
        return [_mark("MARK_NOT_ON_ROSTER", session.ref, learner)]
    if not place.covers(session.date) and text(row, "status") not in ABSENT:
        return [_mark("MARK_OUTSIDE_ENROLMENT", session.ref, learner)]
    return []


def _mark(code: str, ref: str, learner: str, **params: object) -> Issue:
    """Return an issue of one mark."""
    return Issue(code, "session", ref, params={"learner": learner, **params})
