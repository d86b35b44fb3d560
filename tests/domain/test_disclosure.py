"""Nothing hidden follows from what is told: held against plain elimination over fractions."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from learnsite_desktop.domain.disclosure import Told, hide_beside

CELLS = "abcdef"


def follows(told: Sequence[frozenset[str]], cell: str) -> bool:
    """Whether sums of cells give one of them: its row adds nothing to the rank of the others."""
    rows = [[Fraction(one in cells) for one in CELLS] for cells in told]
    target = [Fraction(one == cell) for one in CELLS]
    return rank(rows) == rank([*rows, target])


def rank(rows: list[list[Fraction]]) -> int:
    left, found = [list(row) for row in rows], 0
    for column in range(len(CELLS)):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        for row in left:
            by = row[column] / pivot[column]
            row[:] = [one - by * other for one, other in zip(row, pivot, strict=True)]
    return found


def test_the_smallest_other_cell_of_a_row_is_hidden_with_a_small_one() -> None:
    total = Told(0, frozenset("abcd"), 31, stays=True)
    row = [Told(1, frozenset("b"), 9), Told(2, frozenset("c"), 5), Told(3, frozenset("d"), 15)]
    assert hide_beside([total, *row], "a") == {2}
    assert hide_beside([total, *row[:2]], "a") == set()


def test_sums_of_several_cells_tell_as_well() -> None:
    """The total, the older ones together, and the younger ones but one."""
    told = [
        Told(0, frozenset("abcdef"), 60, stays=True),
        Told(1, frozenset("def"), 30),
        Told(2, frozenset("bc"), 28),
        Told(3, frozenset("bcd"), 36),
    ]
    hidden = hide_beside(told, "a")
    assert hidden in ({1}, {2})
    assert not follows([one.cells for one in told if one.key not in hidden], "a")


def test_who_is_alone_in_a_row_takes_an_empty_cell_along() -> None:
    told = [Told(0, frozenset("ab"), 2, stays=True), Told(1, frozenset("b"), 0)]
    assert hide_beside(told, "a") == {1}


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.tuples(st.frozensets(st.sampled_from(CELLS), min_size=1), st.integers(0, 9)),
        max_size=9,
    ),
    st.frozensets(st.sampled_from(CELLS), max_size=2),
)
def test_no_secret_cell_follows_and_no_more_is_hidden_than_was_told(
    drawn: list[tuple[frozenset[str], int]], secret: frozenset[str]
) -> None:
    told = [Told(key, cells, size) for key, (cells, size) in enumerate(drawn)]
    hidden = hide_beside(told, secret)
    rest = [one.cells for one in told if one.key not in hidden]
    assert not any(follows(rest, cell) for cell in secret)
    if not any(follows([one.cells for one in told], cell) for cell in secret):
        assert hidden == set()
