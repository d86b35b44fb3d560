"""Round head-counts (Q5) and sessions entered in one go long after (Q6)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from learnsite_desktop.domain.questions import Entered, Found, Lesson, Limits


def round_counts(
    lessons: Iterable[Lesson], limits: Limits, site_id: Mapping[int, str]
) -> Iterator[Found]:
    """Find sites whose head-counts are round numbers much too often (Q5); 0 is no head-count."""
    said = limits["Q5"]
    counts: dict[tuple[str, int], list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        if lesson.total and lesson.site is not None:
            counts[lesson.day[:4], lesson.site].append(lesson)
    for (year, site), held in sorted(counts.items()):
        if len(held) < int(said["least_counts"]):
            continue
        rounded = sum((one.total or 0) % int(said["multiple"]) == 0 for one in held)
        if rounded * 100 >= len(held) * int(said["share_percent"]):
            ordered = sorted(held, key=lambda one: (one.day, one.record))
            yield Found(
                "Q5",
                year,
                (site_id[site],),
                lessons=tuple(one.key for one in ordered),
                site=site,
                numbers={
                    "counts": len(held),
                    "round": rounded,
                    "estimates": sum(one.estimate for one in held),
                    "multiple": int(said["multiple"]),
                    "percent": rounded * 100 // len(held),
                },
            )


def entered_late(
    lessons: Iterable[Lesson], entered: Iterable[Entered], limits: Limits
) -> Iterator[Found]:
    """Find sessions of one unit entered on one computer in one go, long after they were held (Q6).

    Windows that share a session are one question.
    """
    said = limits["Q6"]
    wanted, window = int(said["sessions"]), timedelta(minutes=int(said["within_minutes"]))
    known = {one.key: one for one in lessons}
    first_said: dict[int, tuple[datetime, int]] = {}
    for entry in entered:
        when = _moment(entry.at)
        if when is None or entry.lesson not in known:
            continue
        if entry.lesson not in first_said or when < first_said[entry.lesson][0]:
            first_said[entry.lesson] = (when, entry.by)
    piles: dict[tuple[str, str, int], list[tuple[datetime, int]]] = defaultdict(list)
    for key, (when, by) in first_said.items():
        lesson = known[key]
        if (when.date() - date.fromisoformat(lesson.day)).days > int(said["days_late"]):
            piles[lesson.day[:4], lesson.unit, by].append((when, key))
    for (year, unit, _by), pile in sorted(piles.items()):
        for keys in _runs(sorted(pile), wanted, window):
            members = sorted((known[key] for key in keys), key=lambda one: (one.day, one.record))
            times = sorted(moment for moment, key in pile if key in keys)
            yield Found(
                "Q6",
                year,
                (unit, members[0].record),
                lessons=tuple(one.key for one in members),
                numbers={
                    "sessions": len(members),
                    "minutes": max(1, -((times[0] - times[-1]) // timedelta(minutes=1))),
                    "entered": times[0].date().isoformat(),
                    "days": int(said["days_late"]),
                },
            )


def _runs(
    pile: Sequence[tuple[datetime, int]], wanted: int, window: timedelta
) -> Iterator[set[int]]:
    """Yield the sessions of overlapping windows, each of at least `wanted` within `window`."""
    run: set[int] = set()
    end = -1
    for first in range(len(pile) - wanted + 1):
        last = first + wanted - 1
        if pile[last][0] - pile[first][0] > window:
            continue
        if run and first > end:
            yield run
            run = set()
        run |= {key for _moment_, key in pile[first : last + 1]}
        end = last
    if run:
        yield run


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
