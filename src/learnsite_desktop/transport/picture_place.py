"""A bundle as numbered pictures: drawn into one folder, read from photos in another.

Photos come in any order, several times, with other photos among them, over days: what was read of
a series is kept in a folder of ours until the whole is there.
"""

import hashlib
import io
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import segno

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.transport import pictures
from learnsite_desktop.transport.copying import PART, deposit, readable, require_room
from learnsite_desktop.transport.disk import Disk, Entry, told
from learnsite_desktop.transport.looks import Look, Looks
from learnsite_desktop.transport.pictures import Frame, Series
from learnsite_desktop.transport.places import Candidate, State, Taken, staged_name

ReadCodes = Callable[[Path], list[bytes]]
"""Gives what the QR codes in a photo hold; refuses what is no picture to be read."""
MOST_SERIES: Final = 16
"""So many unfinished or finished files are kept, those touched last."""
ERROR: Final = "m"

_PHOTO_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"BM")
_PHONE: Final = b"ftyp"
_HEAD_BYTES: Final = 16
_PIXELS: Final = 6
_QUIET: Final = 4
_FRAME: Final = ".frame"

Matrix = tuple[bytes, ...]
"""A QR code row by row with its quiet zone, one byte a module, 1 for a dark one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One numbered picture, `number` of `total`; `png` is the file for a screen."""

    number: int
    total: int
    matrix: Matrix
    png: bytes


DrawPages = Callable[[str, Sequence[Picture]], bytes]
"""Draws pictures on pages; gets the name of the bundle's file, returns a PDF."""


class PicturePlace:
    """Numbered pictures as a way of carrying."""

    def __init__(
        self,
        folder: Path,
        taken: Taken,
        *,
        store: Path,
        read: ReadCodes,
        draw: DrawPages | None = None,
        disk: Disk | None = None,
        only: Collection[Path] = (),
        progress: Progress = silent,
    ) -> None:
        """`folder` gets pictures or holds photos; what was read so far is kept in `store`.

        With `only` no other photos of the folder are read; `progress` hears of each photo.
        """
        self.folder = folder
        self._taken = taken
        self._store = store
        self._read = read
        self._draw = draw
        self._disk = disk or Disk()
        self._only = frozenset(only)
        self._progress = progress
        self._looks = Looks(store / "photos.json")

    def put(self, file: Path) -> Path:
        """Write a file as pictures, and as pages to print; return the folder.

        Refuses `pictures_too_large`, and as a folder does. Then none of them is there.
        """
        raw = b"".join(readable(self._disk, file, file))
        if not self._disk.is_folder(self.folder):
            raise Refusal("place_gone", where=str(self.folder))
        written: list[Path] = []
        try:
            for name, content in self._files(file.name, raw):
                require_room(self._disk, self.folder, len(content))
                target = self.folder / name
                written.append(target)
                deposit(self._disk, [content], target, hashlib.sha256(content).digest())
        except BaseException:
            for target in written:
                with suppress(OSError):
                    self._disk.remove(target)
            raise
        return self.folder

    def _files(self, name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield names and contents of the pictures, the pages last."""
        drawn = pictures_of(raw, name)
        stem, digits = PurePath(name).stem, len(str(len(drawn)))
        for one in drawn:
            yield f"{stem}-{one.number:0{digits}}-{one.total}.png", one.png
        if self._draw is not None:
            yield f"{stem}.pdf", self._draw(name, drawn)

    def candidates(self) -> list[Candidate]:
        """Read the photos not read yet; return each file that pictures are there of.

        A photo that cannot be read is named with its refusal.
        """
        found: list[Candidate] = []
        there: set[Path] = set()
        photos = list(self._photos())
        for number, entry in enumerate(photos):
            self._progress(number, len(photos), N_("Reading the photos"))
            there.add(entry.path)
            refusal = self._take_in(entry)
            if refusal is not None:
                found.append(_unreadable(entry, refusal))
        found += [one for folder in self._kept() if (one := self._candidate(folder)) is not None]
        self._looks.keep(there)
        return sorted(found, key=lambda one: one.at, reverse=True)

    def fetch(self, candidate: Candidate, staging: Path) -> Path:
        """Put a file together in a folder of ours."""
        if candidate.refusal is not None:
            raise candidate.refusal
        frames = self._frames(candidate.path)
        raw = _whole(frames)
        if raw is None or hashlib.sha256(raw).digest() != candidate.digest:
            raise Refusal("file_changed", where=candidate.name)
        target = staging / staged_name(candidate.digest)
        require_room(self._disk, staging, len(raw))
        deposit(self._disk, [raw], target, candidate.digest)
        return target

    def mark_taken(self, candidate: Candidate) -> None:
        """Remember it by its digest."""
        self._taken.add(candidate.digest)

    # -- photos ------------------------------------------------------------------------------------

    def _photos(self) -> Iterator[Entry]:
        """Yield the picture files of the folder. Refuses `place_gone`."""
        try:
            listed = self._disk.entries(self.folder)
        except OSError as error:
            raise told(error, self.folder) from error
        for entry in sorted(listed, key=lambda one: one.path.name):
            if entry.is_folder or entry.path.suffix.lower() == PART:
                continue
            if self._only and entry.path not in self._only:
                continue
            try:
                head = self._disk.head(entry.path, _HEAD_BYTES)
            except OSError:
                continue
            if head.startswith(_PHOTO_BEGINNINGS) or head[4:8] == _PHONE:
                yield entry

    def _take_in(self, entry: Entry) -> Refusal | None:
        """Keep the frames of a photo, once; return why it cannot be read."""
        seen = self._looks.get(entry.path)
        if seen is not None and seen.is_of(entry):
            return None
        try:
            codes = self._read(entry.path)
        except Refusal as refusal:
            return refusal
        for raw in codes:
            frame = pictures.decoded(raw)
            if frame is not None:
                self._keep(frame, raw)
        self._looks.set(entry.path, Look(entry.size, entry.stamp, 0.0, ""))
        return None

    # -- what was read so far ----------------------------------------------------------------------

    def _keep(self, frame: Frame, raw: bytes) -> None:
        """Keep a frame under names made of numbers; of two that differ the first stays."""
        series = frame.series
        name = f"{series.name.hex()}-{series.size}-{series.filled}-{series.spare}"
        folder = self._store / name
        target = folder / f"{frame.number}{_FRAME}"
        try:
            if not folder.is_dir():
                folder.mkdir(parents=True)
                self._make_room()
            if not target.exists():
                deposit(self._disk, [raw], target, hashlib.sha256(raw).digest())
        except OSError as error:
            raise told(error, self._store) from error

    def _make_room(self) -> None:
        for folder in self._kept()[MOST_SERIES:]:
            shutil.rmtree(folder, ignore_errors=True)

    def _kept(self) -> list[Path]:
        """Return the folders of the series kept, the last touched first."""
        if not self._store.is_dir():
            return []
        folders = [one for one in self._store.iterdir() if one.is_dir()]
        return sorted(folders, key=lambda one: one.stat().st_mtime_ns, reverse=True)

    def _frames(self, folder: Path) -> list[Frame]:
        """Return the frames of one series that can still be read."""
        found = []
        for file in folder.glob(f"*{_FRAME}"):
            frame = pictures.decoded(file.read_bytes())
            if frame is not None:
                found.append(frame)
        return found

    def _candidate(self, folder: Path) -> Candidate | None:
        """Return what is there of one file."""
        frames = self._frames(folder)
        if not frames:
            return None
        series = frames[0].series
        name, at = series.name.hex()[:8], folder.stat().st_mtime
        state, digest = State.NEW, b""
        refusal: Refusal | None = None
        wanted = pictures.missing(series, _contents(frames))
        if wanted:
            state, refusal = State.INCOMPLETE, _missing(series, len(frames), wanted)
        else:
            raw = _whole(frames)
            if raw is None:
                state, refusal = State.DAMAGED, Refusal("pictures_wrong", where=name)
                shutil.rmtree(folder, ignore_errors=True)
                self._looks.forget()
            else:
                digest = hashlib.sha256(raw).digest()
                state = State.TAKEN if digest in self._taken else State.NEW
        return Candidate(
            name=name,
            path=folder,
            size=series.size,
            at=at,
            state=state,
            digest=digest,
            refusal=refusal,
        )


def pictures_of(raw: bytes, name: str = "") -> list[Picture]:
    """Return a file's numbered pictures. Refuses `pictures_too_large`."""
    if len(raw) > pictures.MOST_BYTES:
        raise Refusal("pictures_too_large", where=name, size=_kib(len(raw)),
                      limit=_kib(pictures.MOST_BYTES))  # fmt: skip
    frames = pictures.frames_of(raw)
    return [_picture(number, len(frames), one) for number, one in enumerate(frames, 1)]


def _picture(number: int, total: int, frame: bytes) -> Picture:
    code = segno.make_qr(frame, mode="byte", error=ERROR)
    rows = code.matrix_iter(1, _QUIET)
    matrix = tuple(bytes(module > 0 for module in row) for row in rows)
    buffer = io.BytesIO()
    code.save(buffer, kind="png", scale=_PIXELS, border=_QUIET)
    return Picture(number, total, matrix, buffer.getvalue())


def _contents(frames: Sequence[Frame]) -> dict[int, bytes]:
    return {frame.number: frame.content for frame in frames}


def _whole(frames: Sequence[Frame]) -> bytes | None:
    if not frames or pictures.missing(frames[0].series, _contents(frames)):
        return None
    return pictures.put_together(frames[0].series, _contents(frames))


def _missing(series: Series, held: int, wanted: Sequence[int]) -> Refusal:
    return Refusal(
        "pictures_missing",
        where=series.name.hex()[:8],
        held=held,
        total=series.total,
        missing="、".join(map(str, wanted)),
    )


def _unreadable(entry: Entry, refusal: Refusal) -> Candidate:
    return Candidate(
        name=entry.path.name,
        path=entry.path,
        size=entry.size,
        at=entry.at,
        state=State.DAMAGED,
        refusal=refusal,
    )


def _kib(size: int) -> int:
    return -(-size // 1024)
