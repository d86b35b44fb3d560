"""Progress of long work on stderr."""

import time
from typing import Final, TextIO

from learnsite_desktop.platform.i18n import _

STEP_SECONDS: Final = 0.2
PLAIN_STEP_SECONDS: Final = 2.0


class StreamProgress:
    """Writes "label done/total" to a text stream, seldom enough not to slow the work down.

    On a terminal one line is rewritten; elsewhere a new line comes every two seconds, so that short
    work leaves no trace in a script's log.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._last = time.monotonic()
        self._open_line = False

    def __call__(self, done: int, total: int, label: str) -> None:
        """Show the state when enough time has passed since the last one."""
        now = time.monotonic()
        finished = bool(total) and done >= total
        step = STEP_SECONDS if self._terminal else PLAIN_STEP_SECONDS
        if now - self._last < step and not (finished and self._open_line):
            return
        self._last = now
        text = f"{_(label)} {done}/{total}" if total else f"{_(label)} {done}"
        if self._terminal:
            self._stream.write(f"\r\x1b[K{text}" + ("\n" if finished else ""))
            self._open_line = not finished
        else:
            self._stream.write(text + "\n")
        self._stream.flush()

    def close(self) -> None:
        """End an unfinished line."""
        if self._open_line:
            self._stream.write("\n")
            self._open_line = False
