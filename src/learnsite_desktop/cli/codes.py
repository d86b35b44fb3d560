"""The port to reading photos, and letting time pass: both only where a command needs them."""

from threading import Event

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.platform.clock import SystemClock
from learnsite_desktop.services.transports import Pause
from learnsite_desktop.transport.picture_place import ReadCodes


def code_reader() -> ReadCodes:
    """Return what reads the QR codes in photos; each photo is opened by a child."""
    from learnsite_desktop.paint.codes import CodeReader  # noqa: PLC0415

    return CodeReader()


def pause_of(clock: Clock) -> Pause | None:
    """Return how to wait, None under a clock that was told: waiting would not move it."""
    return _rest if isinstance(clock, SystemClock) else None


def _rest(seconds: float) -> None:
    Event().wait(seconds)
