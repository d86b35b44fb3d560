"""The marker that tells whether a database was put back or copied by hand.

A random word, the run, stands in the database and in a file beside it. It is renewed when a
session first writes something that others will build on, so a database copied before that no
longer fits the file. The file is written first and names the former run as well, until the new one
is safely in the database: a crash between the two fits either way. From then on the file also says
how many operations there were, at the first save of a session, its end, and every so many between:
a database that has fewer lost its newest part, such as the log beside it. What copies both, such
as an image of the disk, is found by those who receive from both (`forks`).
"""

import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.durable import put_in_place
from learnsite_desktop.store import settings
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.journal import last_operation

RUN_NAME: Final = "run.json"
RUN: Final = "run"
_RUN_BYTES: Final = 16
_NOTED_EVERY: Final = 200
"""How many operations may come before their count is noted anew; each save would cost a barrier."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the file says.

    The run, the one `before` it where the database may still name that one ("" where it names
    none), and how many operations the database had at least.
    """

    run: str = ""
    before: str | None = None
    operations: int = 0


class Marker:
    """The run of one data folder, opened for writing."""

    def __init__(
        self, folder: Path, database: Database, tokens: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """Compare file and database; `copied` says that they do not belong together."""
        self._path = folder / RUN_NAME
        self._database = database
        self._tokens = tokens
        self._run = ""
        self._noted = -1
        beside = _beside(self._path)
        fits = self._inside() in (beside.run, beside.before)
        self.lost = max(0, beside.operations - self._operations())
        """How many operations fewer there are than there were."""
        self.copied = not fits or self.lost > 0
        if not self.copied:
            self.settle()

    def begin_anew(self) -> None:
        """Name a run that fits no file, inside a transaction; `settle` after it makes it fit.

        A crash between the two leaves a copy that is noticed once more.
        """
        self._run = b64(self._tokens(_RUN_BYTES))
        settings.write(self._database, RUN, self._run)

    def renew(self) -> None:
        """Begin the run of this session, once; inside the transaction that writes."""
        self._database.after_commit(self._note)
        inside = self._inside()
        if self._run and inside == self._run:
            return
        self._run = b64(self._tokens(_RUN_BYTES))
        self._write(_Beside(self._run, inside, self._operations()))
        settings.write(self._database, RUN, self._run)
        self._noted = -1

    def _note(self) -> None:
        """Say in the file what has just been saved, if it is time to."""
        with suppress(Refusal):
            operations = self._operations()
            if self._noted < 0 or operations - self._noted >= _NOTED_EVERY:
                self._noted = operations
                self.settle()

    def settle(self) -> None:
        """Let the file name only the run that the database names; outside transactions."""
        if not self._database.is_open:
            return
        inside, operations = self._inside(), self._operations()
        if not inside:
            return
        with suppress(OSError):
            if _beside(self._path) != _Beside(inside, None, operations):
                self._write(_Beside(inside, None, operations))

    def _inside(self) -> str:
        return settings.read(self._database, RUN)

    def _operations(self) -> int:
        return last_operation(self._database)

    def _write(self, beside: _Beside) -> None:
        part = self._path.with_name(f"{RUN_NAME}.part")
        try:
            with part.open("w", encoding="utf-8") as file:
                json.dump(asdict(beside), file)
                file.flush()
                os.fsync(file.fileno())
            put_in_place(part, self._path)
        except BaseException as error:
            if isinstance(error, OSError):
                error.filename = error.filename or str(self._path)
            part.unlink(missing_ok=True)
            raise


def _beside(path: Path) -> _Beside:
    """Return what the file says; a file that cannot be read just now is an OSError.

    A virus scanner that holds it for a moment must not make a copy of this database.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        before = None if found["before"] is None else str(found["before"])
        return _Beside(str(found["run"]), before, int(found["operations"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return _Beside()


def entries_lost(folder: Path, database: Database) -> int:
    """Return how many operations fewer a database has than were noted beside it; it is only read.

    0 too where nothing can be told. What came after the last note is not counted.
    """
    with suppress(OSError):
        # The file first: whoever writes meanwhile only adds.
        noted = _beside(folder / RUN_NAME).operations
        return max(0, noted - last_operation(database))
    return 0


def settle_quietly(marker: Marker | None) -> None:
    """Settle at the end of a session; a damaged or full disk must not keep it from ending."""
    if marker is not None:
        with suppress(Refusal):
            marker.settle()


def accept_copy(folder: Path, database: Database) -> None:
    """Let a database that was put into a folder on purpose pass for the one that belongs there."""
    (folder / RUN_NAME).unlink(missing_ok=True)
    with database.transaction():
        settings.write(database, RUN, "")
