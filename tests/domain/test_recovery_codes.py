"""The recovery code survives being read aloud and typed, and says where it was typed wrongly."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.recovery_codes import WrongCode, from_code, to_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SEED = bytes(range(32))
KNOWN = "000GC-40R4Y-0M301-E209M-185G2-R38EE-1W810-24GKG-2GAH0-C5RR1-34D1A-P70XT-3RFN4-50GZP"
SEEDS = st.binary(min_size=32, max_size=32)


def test_a_known_code() -> None:
    """What is printed once must be read by every later version."""
    assert to_code(SEED) == KNOWN
    assert from_code(KNOWN) == SEED


@given(SEEDS)
def test_there_and_back(seed: bytes) -> None:
    code = to_code(seed)
    groups = code.split("-")
    assert len(groups) == 14
    assert {len(group) for group in groups} == {5}
    assert from_code(code) == seed


def full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " \n"),
        lambda code: code.replace("-", "—"),
        lambda code: code.replace("0", "O").replace("1", "l"),
        full_width,
    ],
)
def test_ways_of_typing_it(typed: Callable[[str], str]) -> None:
    assert from_code(typed(to_code(SEED))) == SEED


@given(SEEDS, st.integers(0, 69), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found_in_its_group(seed: bytes, place: int, other: str) -> None:
    plain = to_code(seed).replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]
    if wrong == plain:
        return
    with pytest.raises(WrongCode) as found:
        from_code(wrong)
    assert found.value.groups == (place // 5 + 1,)


@given(SEEDS, st.integers(0, 13), st.integers(0, 3))
def test_two_swapped_neighbours_are_found(seed: bytes, group: int, place: int) -> None:
    plain = to_code(seed).replace("-", "")
    at = group * 5 + place
    wrong = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    if wrong == plain:
        return
    with pytest.raises(WrongCode) as found:
        from_code(wrong)
    assert found.value.groups == (group + 1,)


@given(SEEDS, st.permutations(range(14)))
def test_groups_in_another_order_are_found(seed: bytes, order: list[int]) -> None:
    groups = to_code(seed).split("-")
    wrong = [groups[place] for place in order]
    if wrong == groups:
        return
    with pytest.raises(WrongCode) as found:
        from_code("-".join(wrong))
    moved = tuple(i + 1 for i in range(14) if order[i] != i)
    assert set(found.value.groups) == set(moved)


@pytest.mark.parametrize("text", ["", "0", "ABCDE-" * 13, "U" * 70, "学" * 70])
def test_no_code_at_all(text: str) -> None:
    with pytest.raises(WrongCode):
        from_code(text)
