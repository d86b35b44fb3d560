"""The one way in which a file is copied: whole or not at all, and read back from the medium."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport.disk import Disk, told

PART: Final = ".part"
SPARE: Final = 64 * 1024
"""What must be free besides the file itself, in bytes: its name wants room too."""


def digest_of(disk: Disk, path: Path) -> bytes:
    """Return the SHA-256 of a file. Raises OSError."""
    digest = hashlib.sha256()
    for piece in disk.read(path):
        digest.update(piece)
    return digest.digest()


def require_room(disk: Disk, folder: Path, size: int) -> None:
    """Refuse `disk_full` where a file of this size has no room, and what `told` knows."""
    try:
        free = disk.free(folder)
    except OSError as error:
        raise told(error, folder) from error
    if free < size + SPARE:
        raise Refusal("disk_full", where=str(folder))


def deposit(disk: Disk, pieces: Iterable[bytes], target: Path, expect: bytes) -> None:
    """Write a file of digest `expect` under the name `target`, replacing none half-way.

    It is written under another name, seen onto the medium, read back from there and only then
    named. Refuses `copy_damaged` and what `told` knows, by the folder's name; refusals of
    whoever gives the pieces come through. Then nothing has the name, nor is anything left where
    it can still be removed.
    """
    folder, part = target.parent, target.with_name(target.name + PART)
    try:
        disk.write(part, pieces)
        disk.forget(part)
        if digest_of(disk, part) != expect:
            raise Refusal("copy_damaged", where=str(folder))
        disk.replace(part, target)
        disk.settle(folder)
    except OSError as error:
        raise told(error, folder) from error
    finally:
        _remove(disk, part)


def readable(disk: Disk, path: Path, place: Path) -> Iterator[bytes]:
    """Yield a file's pieces; what goes wrong is said of `place`, so that no other is blamed."""
    try:
        yield from disk.read(path)
    except FileNotFoundError as error:
        raise Refusal("file_missing", where=str(path)) from error
    except OSError as error:
        raise told(error, place) from error


def _remove(disk: Disk, part: Path) -> None:
    try:
        disk.remove(part)
    except OSError:  # the stick is gone, and the unfinished copy with it
        return
