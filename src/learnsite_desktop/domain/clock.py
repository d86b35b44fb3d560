"""Time as an argument: decisions never look at a clock of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware of its offset."""


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for tests, demonstrations and `--now`."""

    moment: datetime

    def __post_init__(self) -> None:
        """Refuse a moment without offset: it would mean another time on another computer."""
        if self.moment.utcoffset() is None:
            raise ValueError(f"a clock needs an offset: {self.moment.isoformat()}")

    def now(self) -> datetime:
        """Return the fixed moment."""
        return self.moment
