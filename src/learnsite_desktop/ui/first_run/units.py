"""Units to begin at the top with, as rows of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from learnsite_desktop.services.regions import Foundable


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that may be founded."""

    unit: Foundable
    kind: str = "unit"
    status: str = ""

    @property
    def key(self) -> str:
        """The unit's code."""
        return self.unit.code

    @property
    def cells(self) -> tuple[str, ...]:
        """Name, code, the units above it."""
        return self.unit.name, self.unit.code, self.unit.above

    @property
    def word(self) -> str:
        """How many units lie below."""
        return str(self.unit.below)


def rows_of(found: Iterable[Foundable]) -> list[UnitRow]:
    """Return the rows of units."""
    return [UnitRow(unit) for unit in found]
