"""One picture under two records (Q3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Final

from learnsite_desktop.domain.questions import Found, Limits, Picture
from learnsite_desktop.domain.questions.groups import Groups

_LOOK_BITS: Final = 64


def same_picture(pictures: Sequence[Picture], limits: Limits) -> Iterator[Found]:
    """Find pictures that stand under two records (Q3), one question for all that belong together.

    A picture of an activity may stand under its own session too.
    """
    groups = Groups([one.key for one in pictures])
    by_name: dict[str, list[Picture]] = defaultdict(list)
    for one in pictures:
        for name in one.names:
            by_name[name].append(one)
    for same in by_name.values():
        for keys in _together(same, by_look=False):
            _join(groups, keys)
    alike: set[int] = set()
    for near in _looking_alike(pictures, limits):
        for keys in _together(near, by_look=True):
            _join(groups, keys)
            alike.update(keys)
    known = {one.key: one for one in pictures}
    for group in groups.found():
        members = sorted((known[key] for key in group), key=lambda one: one.record)
        yield Found(
            "Q3",
            "",
            (members[0].record,),
            pictures=tuple(one.key for one in members),
            numbers={
                "pictures": len(members),
                "records": len({one.target for one in members}),
                "alike": len(alike & group),
            },
        )


def _elsewhere(one: Picture, other: Picture) -> bool:
    return one.target not in (other.target, other.above) and other.target != one.above


def _join(groups: Groups, keys: Sequence[int]) -> None:
    for key in keys[1:]:
        groups.join(keys[0], key)


def _together(pictures: Iterable[Picture], *, by_look: bool) -> Iterator[list[int]]:
    """Yield the keys of those that hang together by standing under two records each.

    `pictures` are one picture, or look like one (`by_look`: then only such count as are not the
    same file). One of thousands stands under each record, so that nearly every two belong together:
    whoever is found is taken off what is still to look at, and only what does not belong is met
    twice.
    """
    # Pictures of one record with the same names answer alike: one of them is asked.
    kinds: dict[tuple[frozenset[str], int, int | None], list[Picture]] = defaultdict(list)
    for one in pictures:
        kinds[one.names if by_look else frozenset(), one.target, one.above].append(one)
    left: dict[frozenset[str], dict[int, list[Picture]]] = defaultdict(dict)
    for number, ((names, _target, _above), same) in enumerate(kinds.items()):
        left[names][number] = same
    while left:
        names = next(iter(left))
        found = [_take(left, names, next(iter(left[names])))]
        for same in found:  # grows while it is walked
            asked = same[0]
            for other in [one for one in left if one.isdisjoint(asked.names) or not by_look]:
                elsewhere = [
                    number for number, near in left[other].items() if _elsewhere(asked, near[0])
                ]
                found += [_take(left, other, number) for number in elsewhere]
        if len(found) > 1:
            yield [one.key for same in found for one in same]


def _take(
    left: dict[frozenset[str], dict[int, list[Picture]]], names: frozenset[str], number: int
) -> list[Picture]:
    taken = left[names].pop(number)
    if not left[names]:
        del left[names]
    return taken


def _looking_alike(pictures: Sequence[Picture], limits: Limits) -> Iterator[list[Picture]]:
    """Yield those of each look, and of each two looks that differ in few bits.

    At least one part of two such looks is the same.
    """
    bits = int(limits["Q3"]["alike_bits"])
    kinds = frozenset(limits["Q3"]["look_kinds"])
    by_look: dict[int, list[Picture]] = defaultdict(list)
    for one in pictures:
        if one.kind in kinds and (look := _look(one.look)):
            by_look[look].append(one)
    yield from by_look.values()
    parts = bits + 1
    edges = [_LOOK_BITS * part // parts for part in range(parts + 1)]
    seen: set[tuple[int, int]] = set()
    for low, high in pairwise(edges):
        buckets: dict[int, list[int]] = defaultdict(list)
        mask = (1 << (high - low)) - 1
        for look in by_look:
            buckets[(look >> low) & mask].append(look)
        for bucket in buckets.values():
            for pair in combinations(bucket, 2):
                if (pair[0] ^ pair[1]).bit_count() <= bits and pair not in seen:
                    seen.add(pair)
                    yield by_look[pair[0]] + by_look[pair[1]]


def _look(text: str) -> int:
    """Return a look as a number, 0 for none: a picture of one colour looks like any other."""
    try:
        return int(text, 16) if text else 0
    except ValueError:
        return 0
