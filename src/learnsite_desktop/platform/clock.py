"""The computer's own clock."""

from datetime import UTC, datetime


class SystemClock:
    """The wall clock of this computer, in its local offset."""

    def now(self) -> datetime:
        """Return the present moment, aware of the local offset."""
        return datetime.now(UTC).astimezone()
