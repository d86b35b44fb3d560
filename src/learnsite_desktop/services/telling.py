"""What somebody must be told although the work went on: written to the diary, heard by the desk.

What is told is a `Refusal` that nobody raises, for its code, message and remedy. Whoever shows it
listens to the log records of this module, which carry it along.
"""

import logging
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.logs import CODE

_LOG: Final = logging.getLogger(__name__)
ATTRIBUTE: Final = "told"


def tell(code: str, /, where: str = "", **params: object) -> None:
    """Say something once, with the text of a refusal."""
    told = Refusal(code, where=where, **params)
    _LOG.warning("told: %s", code, extra={ATTRIBUTE: told, CODE: code})


class Listener(logging.Handler):
    """Hears what is told while it is entered; `heard` are the different ones, in order."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        super().__init__(logging.WARNING)
        self.heard: list[Refusal] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is told."""
        found = getattr(record, ATTRIBUTE, None)
        if isinstance(found, Refusal) and all(
            (found.code, found.where) != (one.code, one.where) for one in self.heard
        ):
            self.heard.append(found)

    def __enter__(self) -> "Listener":
        """Begin to listen."""
        _LOG.addHandler(self)
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop listening."""
        _LOG.removeHandler(self)
