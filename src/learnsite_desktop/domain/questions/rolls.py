"""The same people in the roll calls of different lessons (Q4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from learnsite_desktop.domain.questions import Found, Lesson, Limits
from learnsite_desktop.domain.questions.groups import Groups


def same_people(lessons: Iterable[Lesson], limits: Limits) -> Iterator[Found]:
    """Find roll calls that are nearly the same people in several lessons (Q4).

    Lessons of one class count as one and are not compared with each other.
    """
    said = limits["Q4"]
    percent, wanted = int(said["equal_percent"]), int(said["sessions"])
    stable = frozenset(said["stable_kinds"])
    by_year: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        if len(lesson.people) >= int(said["least_people"]):
            by_year[lesson.day[:4]].append(lesson)
    for year, held in sorted(by_year.items()):
        groups = Groups([one.key for one in held])
        for one, other in _nearly_equal(held, percent, stable):
            groups.join(one.key, other.key)
        known = {one.key: one for one in held}
        for keys in groups.found():
            members = sorted((known[key] for key in keys), key=lambda one: (one.day, one.record))
            counted = len({_counted_as(one, stable) for one in members})
            if counted >= wanted:
                common = frozenset.intersection(*(one.people for one in members))
                yield Found(
                    "Q4",
                    year,
                    (members[0].record,),
                    lessons=tuple(one.key for one in members),
                    numbers={
                        "sessions": len(members),
                        "lessons": counted,
                        "persons": len(common),
                        "percent": percent,
                    },
                )


def _counted_as(lesson: Lesson, stable: frozenset[str]) -> tuple[str, int]:
    if lesson.kind in stable and lesson.activity is not None:
        return "activity", lesson.activity
    return "session", lesson.key


def _nearly_equal(
    lessons: Sequence[Lesson], percent: int, stable: frozenset[str]
) -> Iterator[tuple[Lesson, Lesson]]:
    """Yield the pairs to compare whose people are equal to `percent` of all in either.

    Two such lists of n people share at least one of the n·(100−percent)/100+1 who stand in the
    fewest roll calls; only lists that do are compared.
    """
    rank: dict[int, int] = defaultdict(int)
    for lesson in lessons:
        for person in lesson.people:
            rank[person] += 1
    by_person: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        few = len(lesson.people) * (100 - percent) // 100 + 1
        ordered = sorted(lesson.people, key=lambda person: (rank[person], person))[:few]
        as_one = _counted_as(lesson, stable)
        met: set[int] = set()
        for person in ordered:
            for other in by_person[person]:
                if other.key not in met and _counted_as(other, stable) != as_one:
                    met.add(other.key)
                    if _equal(lesson.people, other.people, percent):
                        yield other, lesson
            by_person[person].append(lesson)


def _equal(one: frozenset[int], other: frozenset[int], percent: int) -> bool:
    small, large = sorted((len(one), len(other)))
    if small * 100 < large * percent:
        return False
    both = len(one & other)
    return both * 100 >= (small + large - both) * percent
