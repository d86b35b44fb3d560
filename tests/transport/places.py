"""Places to carry files through, each with a disk that can be made to fail at any step."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtGui import QImage

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.code_child import codes_in
from learnsite_desktop.transport.disk import Disk, Entry
from learnsite_desktop.transport.drive import DrivePlace
from learnsite_desktop.transport.drop import DropPlace
from learnsite_desktop.transport.folder import FolderPlace
from learnsite_desktop.transport.picture_place import PicturePlace
from learnsite_desktop.transport.places import Candidate, Taken, Transport

MAGIC = b"age-encryption.org/v1\n"


def sealed(head: bytes) -> bool:
    return head.startswith(MAGIC)


def codes_of(photo: Path) -> list[bytes]:
    """Read a photo in this very process."""
    image = QImage(str(photo))
    if image.isNull():
        raise Refusal("photo_damaged", where=photo.name)
    return codes_in(image)


class Ticking:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime.fromisoformat("2026-04-02T10:00:00+08:00")

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class PulledDisk(Disk):
    """A disk on which everything below `root` fails from the `left`-th step on, as `number`.

    Every call is a step and so is every piece read or written. `left` below 0: never.
    """

    def __init__(self, root: Path, number: int = errno.ENODEV) -> None:
        self.root = root
        self.number = number
        self.left = -1
        self.steps = 0

    def _step(self, path: Path) -> None:
        if self.root not in (path, *path.parents):
            return
        self.steps += 1
        if self.left == 0:
            raise OSError(self.number, os.strerror(self.number), str(path))
        self.left -= 1 if self.left > 0 else 0

    def is_folder(self, path: Path) -> bool:
        try:
            self._step(path)
        except OSError:
            return False
        return super().is_folder(path)

    def entries(self, folder: Path) -> list[Entry]:
        self._step(folder)
        return super().entries(folder)

    def device(self, path: Path) -> int:
        self._step(path)
        return super().device(path)

    def exists(self, path: Path) -> bool:
        try:
            self._step(path)
        except OSError:
            return False
        return super().exists(path)

    def size(self, path: Path) -> int:
        self._step(path)
        return super().size(path)

    def free(self, folder: Path) -> int:
        self._step(folder)
        return super().free(folder)

    def head(self, path: Path, count: int) -> bytes:
        self._step(path)
        return super().head(path, count)

    def read(self, path: Path) -> Iterator[bytes]:
        self._step(path)
        yield from self._stepping(path, super().read(path))

    def write(self, path: Path, pieces: Iterable[bytes]) -> None:
        self._step(path)
        halves = (half for piece in pieces for half in (piece[:99], piece[99:]))
        super().write(path, self._stepping(path, halves))
        self._step(path)

    def _stepping(self, path: Path, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._step(path)
            yield piece

    def forget(self, path: Path) -> None:
        self._step(path)
        super().forget(path)

    def replace(self, path: Path, target: Path) -> None:
        self._step(target)
        super().replace(path, target)

    def settle(self, folder: Path) -> None:
        self._step(folder)
        super().settle(folder)

    def remove(self, path: Path) -> None:
        self._step(path)
        super().remove(path)


@dataclass
class Bench:
    """A sender's file, a place between, and a receiver's side of it.

    `sender` and `receiver` are transports of their own, as on two computers; `look` is a whole look
    at the place, however often that kind of place has to be looked at.
    """

    kind: str
    folder: Path
    own: Path
    disk: PulledDisk
    clock: Ticking = field(default_factory=Ticking)
    taken: set[bytes] = field(default_factory=set)
    plugged: bool = True

    def transport(self) -> Transport:
        """Return one side."""
        return _KINDS[self.kind](self)

    def look(self, transport: Transport) -> list[Candidate]:
        """Return what lies there once it has rested."""
        transport.candidates()
        self.clock.wait(60)
        return transport.candidates()

    def drives(self) -> list[Path]:
        """Return the drives plugged in."""
        return [self.folder] if self.plugged else []


def _taken(bench: Bench) -> Taken:
    return Taken(bench.taken.__contains__)


_KINDS: dict[str, Callable[[Bench], Transport]] = {
    "folder": lambda bench: FolderPlace(bench.folder, sealed, _taken(bench), bench.disk),
    "drive": lambda bench: DrivePlace(
        bench.folder, bench.drives, sealed, _taken(bench), bench.disk
    ),
    "drop": lambda bench: DropPlace(
        bench.folder, sealed, _taken(bench),
        clock=bench.clock, looks=bench.own / "looks.json", disk=bench.disk,
    ),
    "pictures": lambda bench: PicturePlace(
        bench.folder, _taken(bench),
        store=bench.own / "pictures", read=codes_of, disk=bench.disk,
    ),
}  # fmt: skip
KINDS = tuple(_KINDS)
