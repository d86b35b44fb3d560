"""One writer at a time per workspace; readers take no lock."""

from pathlib import Path
from types import TracebackType
from typing import Final, Self

LOCK_NAME: Final = "writer.lock"


class LockBusy(Exception):
    """Another program, or another part of this one, is writing; `folder` is the workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(str(folder))


class WriterLock:
    """The right to write to one workspace, held by the operating system.

    It ends with this object and with the process, even a killed one, so that no stale lock is left
    behind. Taking it never waits.
    """

    def __init__(self, folder: Path) -> None:
        # Loaded here: a window that only shows its frame needs no lock yet.
        from filelock import FileLock  # noqa: PLC0415

        self._folder = folder
        self._lock: FileLock = FileLock(folder / LOCK_NAME, timeout=0, thread_local=False)

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock.is_locked

    def acquire(self) -> None:
        """Take the lock or raise LockBusy; the folder must exist."""
        from filelock import Timeout  # noqa: PLC0415

        if self._lock.is_locked:
            raise LockBusy(self._folder)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise LockBusy(self._folder) from error

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        self._lock.release()

    def __enter__(self) -> Self:
        """Take the lock."""
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        self.release()
