"""The few operations on files that carrying needs, each where it can be made to fail by a test.

Paths longer than 260 characters are written so that Windows takes them.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, Self

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.disk_errors import disk_code
from learnsite_desktop.platform.durable import settle_folder

PIECE: Final = 1024 * 1024

_OF_THE_PLACE: Final = frozenset({"disk_full", "disk_readonly", "place_too_long"})
_LONG_FROM: Final = 240
"""Windows takes 260 characters, folders fewer; longer ones want the prefix."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a folder: `at` seconds since 1970, `stamp` the same moment to the nanosecond."""

    path: Path
    size: int
    stamp: int
    is_folder: bool

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return what stands at a path. Raises OSError."""
        told = os.stat(native(path))  # noqa: PTH116
        return cls(path, told.st_size, told.st_mtime_ns, stat.S_ISDIR(told.st_mode))

    @property
    def at(self) -> float:
        """When it was last written, in seconds since 1970."""
        return self.stamp / 1e9


class Disk:
    """Files as the system keeps them. Every method raises OSError as the system does."""

    def is_folder(self, path: Path) -> bool:
        """Whether there is such a folder now."""
        return os.path.isdir(native(path))  # noqa: PTH112 - `native` gives text

    def entries(self, folder: Path) -> list[Entry]:
        """Return files and folders right in a folder; what goes away meanwhile is left out."""
        found = []
        with os.scandir(native(folder)) as listed:
            for one in listed:
                try:
                    told = one.stat()
                    is_folder = one.is_dir()
                except OSError:
                    continue
                found.append(
                    Entry(folder / one.name, told.st_size, told.st_mtime_ns, is_folder=is_folder)
                )
        return found

    def device(self, path: Path) -> int:
        """Return the number of the file system on which something lies."""
        return os.stat(native(path)).st_dev  # noqa: PTH116

    def exists(self, path: Path) -> bool:
        """Whether something has this name."""
        return os.path.exists(native(path))  # noqa: PTH110

    def size(self, path: Path) -> int:
        """Return the size of a file in bytes."""
        return os.stat(native(path)).st_size  # noqa: PTH116

    def free(self, folder: Path) -> int:
        """Return how many bytes can still be written there."""
        return shutil.disk_usage(native(folder)).free

    def head(self, path: Path, count: int) -> bytes:
        """Return the first bytes of a file."""
        with open(native(path), "rb") as file:  # noqa: PTH123
            return file.read(count)

    def read(self, path: Path) -> Iterator[bytes]:
        """Yield the bytes of a file in pieces."""
        with open(native(path), "rb") as file:  # noqa: PTH123
            while piece := file.read(PIECE):
                yield piece

    def write(self, path: Path, pieces: Iterable[bytes]) -> None:
        """Write a file and see it onto the medium."""
        with open(native(path), "wb") as file:  # noqa: PTH123
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())

    def forget(self, path: Path) -> None:
        """Ask that what is in memory of a file be dropped, so that reading reads the medium.

        As far as the system can: Linux does, elsewhere nothing happens.
        """
        advise = getattr(os, "posix_fadvise", None)
        if advise is None:
            return
        handle = os.open(native(path), os.O_RDONLY)
        try:
            advise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)

    def replace(self, path: Path, target: Path) -> None:
        """Give a file another name, at once."""
        os.replace(native(path), native(target))  # noqa: PTH105

    def settle(self, folder: Path) -> None:
        """See the names in a folder onto the medium, where the system can."""
        settle_folder(folder)

    def remove(self, path: Path) -> None:
        """Remove a file of ours if it is there."""
        try:
            os.unlink(native(path))  # noqa: PTH108
        except FileNotFoundError:
            return


def native(path: PurePath) -> str:
    """Return a path as text for the system; on Windows a long one gets the prefix it needs."""
    text = str(path)
    if os.name != "nt":
        return text
    return windows_path(text)


def windows_path(text: str) -> str:
    r"""Return an absolute Windows path so that it may be long: `\\?\C:\…` or `\\?\UNC\…`."""
    if len(text) < _LONG_FROM or text.startswith("\\\\?\\"):
        return text
    if text.startswith("\\\\"):
        return "\\\\?\\UNC\\" + text[2:]
    if text[1:3] == ":\\":
        return "\\\\?\\" + text
    return text


def told(error: OSError, place: Path) -> Refusal:
    """Return the refusal of what went wrong at a place that people know."""
    code = disk_code(error)
    if code in _OF_THE_PLACE:
        return Refusal(code, where=str(place))
    if isinstance(error, (PermissionError, IsADirectoryError, NotADirectoryError)):
        return Refusal("file_not_permitted", where=str(place))
    # A stick that is pulled out fails in many ways, as a broken one does.
    return Refusal("place_gone", where=str(place))
