"""A folder, on this computer or shared: files lie in it and in the folders right in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport.archives import ZIP_MAGIC, bundle_within, pieces_within
from learnsite_desktop.transport.copying import (
    PART,
    deposit,
    digest_of,
    readable,
    require_room,
)
from learnsite_desktop.transport.disk import Disk, Entry, told
from learnsite_desktop.transport.places import (
    HEAD_BYTES,
    Candidate,
    Recognise,
    State,
    Taken,
    staged_name,
)

UNFINISHED: Final = frozenset(
    {PART, ".crdownload", ".download", ".opdownload", ".partial", ".td", ".tmp", ".!ut"}
)
"""How programs name what they are still writing."""
_SMALLEST: Final = 22
"""What is shorter than the first line of a sealed file says nothing yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is, by its content: `digest` that of the bundle, in an archive perhaps.

    `waiting`: it may still be growing, and was not read.
    """

    digest: bytes = b""
    waiting: bool = False
    refusal: Refusal | None = None


class FolderPlace:
    """A folder as a way of carrying."""

    def __init__(
        self, folder: Path, recognise: Recognise, taken: Taken, disk: Disk | None = None
    ) -> None:
        """`recognise` knows the beginning of a sealed file."""
        self.folder = folder
        self._recognise = recognise
        self._taken = taken
        self._disk = disk or Disk()

    def put(self, file: Path, name: str = "") -> Path:
        """Copy a file there, under another `name` perhaps; the same one there is left as it is.

        Refuses `place_gone`, `file_missing`, `copy_damaged`, `disk_full`, `disk_readonly`,
        `file_not_permitted`, `place_too_long`.
        """
        wanted = self._digest(file)
        self.require_there()
        try:
            target = self._free_name(name or file.name, wanted)
            if self._disk.exists(target):
                return target
            require_room(self._disk, self.folder, self._disk.size(file))
        except OSError as error:
            raise told(error, self.folder) from error
        deposit(self._disk, readable(self._disk, file, file), target, wanted)
        return target

    def require_there(self) -> None:
        """Refuse `place_gone` for a folder that is not there."""
        if not self._disk.is_folder(self.folder):
            raise Refusal("place_gone", where=str(self.folder))

    def candidates(self) -> list[Candidate]:
        """Return the files that are bundles by their content, each content once."""
        found: dict[bytes, Candidate] = {}
        broken: list[Candidate] = []
        for entry in self.files():
            one = self.judged(entry)
            if one is None:
                continue
            if not one.digest:
                broken.append(one)
                continue
            held = found.get(one.digest)
            found[one.digest] = self._both(held, one) if held else one
        return sorted([*found.values(), *broken], key=lambda one: one.at, reverse=True)

    def judged(self, entry: Entry) -> Candidate | None:
        """Return what a file is, None for one that is not ours."""
        try:
            found = self.look(entry)
        except OSError as error:
            raise_if_gone(self._disk, self.folder, error)
            return None
        if found is None:
            return None
        state, refusal = State.NEW, found.refusal
        if refusal is not None:
            state = State.DAMAGED
        elif found.waiting:
            state, refusal = State.INCOMPLETE, Refusal("file_unfinished", where=entry.path.name)
        elif found.digest in self._taken:
            state = State.TAKEN
        return Candidate(
            name=entry.path.name,
            path=entry.path,
            size=entry.size,
            at=entry.at,
            state=state,
            digest=found.digest,
            refusal=refusal,
        )

    def look(self, entry: Entry) -> Found | None:
        """Return what a file is by its content. Raises OSError."""
        if entry.size < _SMALLEST:
            return None
        head = self._disk.head(entry.path, HEAD_BYTES)
        if self._recognise(head):
            if not self.is_settled(entry):
                return Found(waiting=True)
            return Found(digest_of(self._disk, entry.path))
        if not head.startswith(ZIP_MAGIC):
            return None
        try:
            if bundle_within(entry.path, self._recognise) is None:
                return None
            if not self.is_settled(entry):
                return Found(waiting=True)
            digest = hashlib.sha256()
            for piece in pieces_within(entry.path, self._recognise):
                digest.update(piece)
        except Refusal as refusal:
            return Found(refusal=refusal)
        return Found(digest.digest())

    def is_settled(self, entry: Entry) -> bool:
        """Whether nobody is still writing a file, as far as can be told."""
        return entry.path.suffix.lower() not in UNFINISHED

    def fetch(self, candidate: Candidate, staging: Path) -> Path:
        """Copy a candidate into a folder of ours and read it back there."""
        if candidate.refusal is not None:
            raise candidate.refusal
        target = staging / staged_name(candidate.digest)
        try:
            size = self._disk.size(candidate.path)
        except OSError as error:
            raise self._lost(candidate, error) from error
        require_room(self._disk, staging, size)
        deposit(self._disk, self._pieces(candidate), target, candidate.digest)
        return target

    def mark_taken(self, candidate: Candidate) -> None:
        """Remember it by its digest."""
        self._taken.add(candidate.digest)

    def files(self) -> Iterator[Entry]:
        """Yield the files of the folder and of those right in it. Refuses `place_gone`."""
        self.require_there()
        try:
            listed = self._disk.entries(self.folder)
        except OSError as error:
            raise told(error, self.folder) from error
        yield from (one for one in listed if not one.is_folder)
        for one in listed:
            if one.is_folder:
                try:
                    inside = self._disk.entries(one.path)
                except OSError:
                    continue  # a folder of others, closed to us
                yield from (file for file in inside if not file.is_folder)

    def _pieces(self, candidate: Candidate) -> Iterator[bytes]:
        """Yield the bundle; refuse `file_changed` if the file is another one by now."""
        digest = hashlib.sha256()
        try:
            zipped = self._disk.head(candidate.path, len(ZIP_MAGIC)) == ZIP_MAGIC
            pieces = (
                pieces_within(candidate.path, self._recognise)
                if zipped
                else self._disk.read(candidate.path)
            )
            for piece in pieces:
                digest.update(piece)
                yield piece
        except OSError as error:
            raise self._lost(candidate, error) from error
        if digest.digest() != candidate.digest:
            raise Refusal("file_changed", where=candidate.name)

    def _lost(self, candidate: Candidate, error: OSError) -> Refusal:
        """Return why a candidate cannot be read: it is gone, or its place is."""
        if isinstance(error, FileNotFoundError) and self._disk.is_folder(self.folder):
            return Refusal("file_missing", where=str(candidate.path))
        return told(error, self.folder)

    def _both(self, one: Candidate, other: Candidate) -> Candidate:
        newest = max(one, other, key=lambda each: each.at)
        return replace(newest, copies=one.copies + other.copies)

    def _digest(self, file: Path) -> bytes:
        try:
            return digest_of(self._disk, file)
        except FileNotFoundError as error:
            raise Refusal("file_missing", where=str(file)) from error
        except OSError as error:
            raise told(error, file) from error

    def _free_name(self, name: str, digest: bytes) -> Path:
        target, count = self.folder / name, 1
        while self._disk.exists(target) and digest_of(self._disk, target) != digest:
            count += 1
            target = self.folder / f"{PurePath(name).stem}-{count}{PurePath(name).suffix}"
        return target


def raise_if_gone(disk: Disk, folder: Path, error: OSError) -> None:
    """Refuse when not one file but its whole place cannot be read any more."""
    if not disk.is_folder(folder):
        raise told(error, folder) from error
