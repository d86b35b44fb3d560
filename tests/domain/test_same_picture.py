"""Pictures that stand under two records: the same answer as looking at every pair, in good time."""

from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from learnsite_desktop.domain.questions import Picture
from learnsite_desktop.domain.questions.pictures import same_picture

LIMITS: dict[str, Any] = {"Q3": {"alike_bits": 4, "look_kinds": ["banner", "work"]}}
LOOKS = ("", "0" * 16, "f0f0f0f0f0f0f0f0", "f0f0f0f0f0f0f0f1", "f0f0f0f0f0f0f0ff",
         "00f0f0f0f0f0f0f0", "70f0f0f0f0f0f071", "1234567812345678")  # fmt: skip


def pictures_of(drawn: list[tuple[int, int, int, list[str], str]]) -> list[Picture]:
    """Make pictures: kind, activity or session, whose, names, look."""
    made = []
    for key, (kind, owner, session, names, look) in enumerate(drawn):
        target, above = (100 + owner, None) if not session else (10 * owner + session, 100 + owner)
        word = ("banner", "work", "signin")[kind]
        content = frozenset(names)
        made.append(Picture(key, f"r{key:05}", "u", "", target, above, word, content, look))
    return made


def by_pairs(pictures: list[Picture]) -> set[tuple[frozenset[int], int]]:
    """Return (keys, how many look alike) of every group, looking at each two pictures."""
    bits, kinds = LIMITS["Q3"]["alike_bits"], LIMITS["Q3"]["look_kinds"]
    joined: dict[int, set[int]] = {one.key: {one.key} for one in pictures}
    alike: set[int] = set()
    for one, other in combinations(pictures, 2):
        places = {one.target, one.above} & {other.target, other.above}
        if one.target in places or other.target in places:
            continue
        looks = [int(each.look or "0", 16) for each in (one, other)]
        near = (
            all(looks)
            and one.kind in kinds
            and other.kind in kinds
            and (looks[0] ^ looks[1]).bit_count() <= bits
            and not one.names & other.names
        )
        if near:
            alike |= {one.key, other.key}
        if near or one.names & other.names:
            both = joined[one.key] | joined[other.key]
            for key in both:
                joined[key] = both
    groups = {frozenset(keys) for keys in joined.values() if len(keys) > 1}
    return {(keys, len(keys & alike)) for keys in groups}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 2),
            st.integers(0, 3),
            st.lists(st.sampled_from("abcd"), max_size=2),
            st.sampled_from(LOOKS),
        ),
        max_size=14,
    )
)
def test_it_is_what_every_pair_gives(drawn: list[tuple[int, int, int, list[str], str]]) -> None:
    pictures = pictures_of(drawn)
    found = {
        (frozenset(one.pictures), int(one.numbers["alike"]))
        for one in same_picture(pictures, LIMITS)
    }
    assert found == by_pairs(pictures)


class Counted(frozenset[str]):
    """Names that count how often they are compared."""

    asked = 0

    def isdisjoint(self, other: Any) -> bool:
        Counted.asked += 1
        return super().isdisjoint(other)


def test_thousands_of_one_picture_are_not_compared_two_by_two() -> None:
    """One file under each of 4,000 sessions, then 4,000 files of one look."""
    for names in (lambda _key: ["same"], lambda key: [f"n{key}"]):
        pictures = [
            Picture(key, f"r{key:05}", "u", "", key, 9999 + key % 7, "banner",
                    Counted(names(key)), "f0f0f0f0f0f0f0f0")
            for key in range(4000)
        ]  # fmt: skip
        Counted.asked = 0
        (found,) = same_picture(pictures, LIMITS)
        assert len(found.pictures) == 4000
        assert Counted.asked < 40_000
