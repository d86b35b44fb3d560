"""One picture under two records (Q3)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
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
    alike: set[int] = set()
    for same in by_name.values():
        for one, other in combinations(same, 2):
            if _elsewhere(one, other):
                groups.join(one.key, other.key)
    for one, other in _looking_alike(pictures, limits):
        if _elsewhere(one, other) and not one.names & other.names:
            groups.join(one.key, other.key)
            alike |= {one.key, other.key}
    known = {one.key: one for one in pictures}
    for keys in groups.found():
        members = sorted((known[key] for key in keys), key=lambda one: one.record)
        yield Found(
            "Q3",
            "",
            (members[0].record,),
            pictures=tuple(one.key for one in members),
            numbers={
                "pictures": len(members),
                "records": len({one.target for one in members}),
                "alike": len(alike & keys),
            },
        )


def _elsewhere(one: Picture, other: Picture) -> bool:
    return one.target not in (other.target, other.above) and other.target != one.above


def _looking_alike(
    pictures: Sequence[Picture], limits: Limits
) -> Iterator[tuple[Picture, Picture]]:
    """Yield pairs whose looks differ in few bits; at least one part of them is then the same."""
    bits = int(limits["Q3"]["alike_bits"])
    kinds = frozenset(limits["Q3"]["look_kinds"])
    parts = bits + 1
    edges = [_LOOK_BITS * part // parts for part in range(parts + 1)]
    looks = [(one, look) for one in pictures if one.kind in kinds and (look := _look(one.look))]
    seen: set[tuple[int, int]] = set()
    for low, high in pairwise(edges):
        buckets: dict[int, list[tuple[Picture, int]]] = defaultdict(list)
        mask = (1 << (high - low)) - 1
        for one, look in looks:
            buckets[(look >> low) & mask].append((one, look))
        for bucket in buckets.values():
            for (one, look), (other, look2) in combinations(bucket, 2):
                near = (look ^ look2).bit_count() <= bits
                if near and (one.key, other.key) not in seen:
                    seen.add((one.key, other.key))
                    yield one, other


def _look(text: str) -> int:
    """Return a look as a number, 0 for none: a picture of one colour looks like any other."""
    try:
        return int(text, 16) if text else 0
    except ValueError:
        return 0
