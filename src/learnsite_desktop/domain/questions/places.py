"""One person or one teacher at two places at a time (Q1, Q2)."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Final

from learnsite_desktop.domain.questions import Found, Lesson, Limits

_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", re.ASCII)


def overlap(one: Lesson, other: Lesson) -> int:
    """Return for how many minutes two sessions of one day go on at the same time."""
    return min(_minute(one.end), _minute(other.end)) - max(_minute(one.start), _minute(other.start))


def apart(one: Lesson, other: Lesson) -> bool:
    """Whether two sessions were held at two places: in other venues, or else at other sites."""
    if one.remote or other.remote:
        return False
    if one.venue is not None and other.venue is not None:
        return one.venue != other.venue
    return one.site != other.site


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else 0


def two_places(
    lessons: Iterable[Lesson], limits: Limits, asks: str, who: Callable[[Lesson], frozenset[int]]
) -> Iterator[Found]:
    """Find who is at two places at a time (Q1 learners, Q2 teachers): one question a pair."""
    least = int(limits[asks]["overlap_minutes"])
    by_day: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_day[lesson.day].append(lesson)
    for day, held in sorted(by_day.items()):
        seen: dict[int, list[Lesson]] = defaultdict(list)
        for lesson in sorted(held, key=lambda one: one.record):
            for person in who(lesson):
                seen[person].append(lesson)
        shared: dict[tuple[Lesson, Lesson], list[int]] = defaultdict(list)
        for person, theirs in seen.items():
            for one, other in combinations(theirs, 2) if len(theirs) > 1 else ():
                if apart(one, other) and overlap(one, other) >= least:
                    shared[one, other].append(person)
        for (one, other), people in shared.items():
            yield Found(
                asks,
                day[:4],
                (one.record, other.record),
                lessons=(one.key, other.key),
                people=tuple(sorted(people)),
                numbers={"persons": len(people), "minutes": overlap(one, other), "day": day},
            )
