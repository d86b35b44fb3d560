"""Row numbers as they are typed from paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.row_numbers import read_row_numbers


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("7 15 22-24", [7, 15, 22, 23, 24]),
        ("7,15,22-24", [7, 15, 22, 23, 24]),
        ("７，１５、２２－２４", [7, 15, 22, 23, 24]),
        ("22 - 24", [22, 23, 24]),
        ("22至24 3", [22, 23, 24, 3]),
        ("3~5；9", [3, 4, 5, 9]),
        ("7 7", [7]),
        ("", []),
    ],
)
def test_read(text: str, rows: list[int]) -> None:
    typed = read_row_numbers(text)
    assert list(typed.marks) == rows
    assert set(typed.marks.values()) <= {""}
    assert not typed.came
    assert not typed.unread


def test_letters_and_plus() -> None:
    typed = read_row_numbers("+ 3 5-6 9l")
    assert typed.came
    assert typed.marks == {3: "", 5: "", 6: "", 9: "L"}


@pytest.mark.parametrize("text", ["7 x", "24-22", "0", "1-9999", "7..9", "12345", "--", "9LL"])
def test_unread_is_told(text: str) -> None:
    assert read_row_numbers(text).unread


@given(st.sets(st.integers(1, 60), min_size=1), st.data())
def test_ranges_mean_the_same(rows: set[int], data: st.DataObject) -> None:
    """Any way of writing a set of rows, with runs as ranges or not, is read as that set."""
    pieces: list[str] = []
    left = sorted(rows)
    while left:
        run = 1
        while run < len(left) and left[run] == left[0] + run:
            run += 1
        taken = data.draw(st.integers(1, run))
        pieces.append(str(left[0]) if taken == 1 else f"{left[0]}-{left[taken - 1]}")
        left = left[taken:]
    between = data.draw(st.sampled_from([" ", ",", "、", "  "]))
    assert set(read_row_numbers(between.join(pieces)).marks) == rows
