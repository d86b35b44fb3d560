"""What published sums tell of cells that are not: whether a hidden cell follows from the others.

A cell follows when it is a linear combination of what is told, as a total without the other cells
of its row. Where it does, something else has to be hidden with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

_PRIME: Final = 2**61 - 1
"""Fractions are reckoned modulo this: a row of ones and noughts gives the same answer."""

_Row = dict[str, int]
_K = TypeVar("_K")


@dataclass(frozen=True, slots=True)
class Told:
    """A number that is shown: the sum of some cells, of so many persons.

    `stays`: it is shown elsewhere too, so that hiding it here would help nobody.
    """

    key: int
    cells: frozenset[str]
    persons: int
    stays: bool = False


def hide_beside(told: Sequence[Told], secret: Collection[str]) -> set[int]:
    """Return the keys of what must not be told either, lest a secret cell follows.

    Of the numbers that give a cell away together the one of the fewest persons is hidden, one of
    nobody at last; nothing where only such as stay give it away.
    """
    hidden: set[int] = set()
    by_key = {one.key: one for one in told}
    beyond_help: set[str] = set()
    while True:
        basis = _basis([one for one in told if one.key not in hidden])
        leak = next(
            (
                (cell, found)
                for cell in sorted(set(secret) - beyond_help)
                if (found := _combination(basis, cell)) is not None
            ),
            None,
        )
        if leak is None:
            return hidden
        choice = [one for one in map(by_key.__getitem__, leak[1]) if not one.stays]
        if not choice:
            beyond_help.add(leak[0])
            continue
        hidden.add(min(choice, key=lambda one: (one.persons == 0, one.persons, one.key)).key)


def _basis(told: Sequence[Told]) -> dict[str, tuple[_Row, dict[int, int]]]:
    """Return rows in echelon form by their first cell, each with the numbers it is made of."""
    basis: dict[str, tuple[_Row, dict[int, int]]] = {}
    for one in sorted(told, key=lambda one: (len(one.cells), one.key)):
        row, made_of = _reduced(basis, dict.fromkeys(one.cells, 1), {one.key: 1})
        if row:
            first = min(row)
            by = pow(row[first], -1, _PRIME)
            basis[first] = _times(row, by), _times(made_of, by)
    return basis


def _combination(basis: dict[str, tuple[_Row, dict[int, int]]], cell: str) -> list[int] | None:
    """Return the numbers that a cell is a combination of, None if it is none."""
    row, made_of = _reduced(basis, {cell: 1}, {})
    return sorted(made_of) if not row else None


def _reduced(
    basis: dict[str, tuple[_Row, dict[int, int]]], row: _Row, made_of: dict[int, int]
) -> tuple[_Row, dict[int, int]]:
    """Return a row without the cells that rows of the basis begin with."""
    while pivots := [cell for cell in row if cell in basis]:
        first = min(pivots)
        by = -row[first]
        other, other_of = basis[first]
        row, made_of = _sum(row, other, by), _sum(made_of, other_of, by)
    return row, made_of


def _sum(one: dict[_K, int], other: dict[_K, int], by: int) -> dict[_K, int]:
    found = dict(one)
    for key, value in other.items():
        found[key] = (found.get(key, 0) + by * value) % _PRIME
    return {key: value for key, value in found.items() if value}


def _times(one: dict[_K, int], by: int) -> dict[_K, int]:
    return {key: value * by % _PRIME for key, value in one.items()}
