"""Finding the questions over many records: years of sessions are read in bulk and compared."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.questions import ASKS, Found, Lesson, Limits, Picture, read_limits
from learnsite_desktop.domain.questions.counts import entered_late, round_counts
from learnsite_desktop.domain.questions.pictures import same_picture
from learnsite_desktop.domain.questions.places import two_places
from learnsite_desktop.domain.questions.rolls import same_people
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services import policy
from learnsite_desktop.services.people.index import folded
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import questions as rows_of


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the rows that it is about."""

    found: Found
    lessons: tuple[Lesson, ...]
    pictures: tuple[Picture, ...]

    @property
    def days(self) -> list[str]:
        """The days that it is about, in order."""
        lessons, pictures = (one.day for one in self.lessons), (one.day for one in self.pictures)
        return sorted({*lessons, *pictures} - {""})

    @property
    def units(self) -> list[str]:
        """The units whose records it is about, in order."""
        return sorted({*(one.unit for one in self.lessons), *(one.unit for one in self.pictures)})


def limits_in_force(workspace: Workspace) -> Limits:
    """Return the thresholds: those shipped, and over them what the policy in force says.

    What the policy names and this version does not know is left aside.
    """
    found = {part: dict(values) for part, values in _shipped().items()}
    try:
        said = read_limits(policy.current(workspace)["questions"])
    except ValueError:  # kept by a version that took other numbers
        said = {}
    for (part, name), value in said.items():
        if isinstance(found.get(part, {}).get(name), int):
            found[part][name] = value
    return found


@cache
def _shipped() -> Limits:
    return tomllib.loads(resource("questions.toml").read_text("utf-8"))


def find_questions(
    workspace: Workspace,
    *,
    asks: Sequence[str] = ASKS,
    period: Period | None = None,
    progress: Progress = silent,
) -> list[Question]:
    """Return the questions of kinds `asks` with a session in the period (at any time if None)."""
    limits = limits_in_force(workspace)
    found: list[Question] = []
    years = _years(workspace, period)
    for done, year in enumerate(years):
        progress(done, len(years), N_("comparing records"))
        found += _of_year(workspace, year, limits, asks)
    if "Q3" in asks:
        pictures = rows_of.pictures(workspace.database, workspace.unit)
        shown = {one.key: one for one in pictures}
        found += [
            Question(one, (), tuple(shown[key] for key in one.pictures))
            for one in same_picture(pictures, limits)
        ]
    return [one for one in found if period is None or _touches(one, period)]


def _touches(one: Question, period: Period) -> bool:
    days = [as_date(day) for day in one.days]
    return not days or any(day is not None and period.contains(day) for day in days)


def _years(workspace: Workspace, period: Period | None) -> list[str]:
    if period is None:
        return rows_of.years(workspace.database, workspace.unit)
    return [f"{year:04d}" for year in range(period.first.year, period.last.year + 1)]


def _of_year(
    workspace: Workspace, year: str, limits: Limits, asks: Sequence[str]
) -> Iterator[Question]:
    if not set(asks) - {"Q3"}:
        return
    database, unit = workspace.database, workspace.unit
    span = (f"{year}-01-01", f"{year}-12-31")
    lessons = rows_of.lessons(database, unit, *span, limits["place"]["remote_delivery"])
    if "Q2" in asks:
        lessons = list(_taught(workspace, lessons, span))
    found: list[Iterable[Found]] = []
    if "Q1" in asks:
        found.append(two_places(lessons, limits, "Q1", lambda one: one.there))
    if "Q2" in asks:
        found.append(two_places(lessons, limits, "Q2", lambda one: one.teachers))
    if "Q4" in asks:
        found.append(same_people(lessons, limits))
    if "Q5" in asks:
        sites = {one.site for one in lessons if one.site is not None}
        ids = {site: workspace.idents.record(site) for site in sites}
        found.append(round_counts(lessons, limits, ids))
    if "Q6" in asks:
        found.append(entered_late(lessons, rows_of.entered(database, unit, *span), limits))
    shown = {one.key: one for one in lessons}
    for some in found:
        for one in some:
            yield Question(one, tuple(shown[key] for key in one.lessons), ())


def _taught(
    workspace: Workspace, lessons: Iterable[Lesson], span: tuple[str, str]
) -> Iterator[Lesson]:
    """Yield the sessions with their teachers; equal name and phone number are one person."""
    taught = rows_of.teachers(workspace.database, workspace.unit, *span)
    same = _same_staff(workspace) if taught else {}
    for lesson in lessons:
        staff = taught.get(lesson.key)
        if staff:
            persons = frozenset(same.get(person, person) for person in staff)
            yield replace(lesson, teachers=persons)
        else:
            yield lesson


def _same_staff(workspace: Workspace) -> dict[int, int]:
    rows = rows_of.staff_with_phone(workspace.database, workspace.unit)
    clear = workspace.vault.values([name for _key, *names in rows for name in names if name])
    first: dict[tuple[str, str], int] = {}
    same: dict[int, int] = {}
    for key, name, mobile in rows:
        called, phone = clear.get(name), clear.get(mobile)
        if isinstance(called, str) and isinstance(phone, str):
            same[key] = first.setdefault((folded(called), phone), key)
    return same
