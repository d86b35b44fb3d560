"""Bundles that a chat program or a person has wrapped into a ZIP file.

An archive is only looked at when its directory is small, has one file in it that begins as a
bundle does, and names sizes that a bundle may have. None of its names is ever used as a path.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport.disk import PIECE, native
from learnsite_desktop.transport.places import HEAD_BYTES, SUFFIX, Recognise

ZIP_MAGIC: Final = b"PK\x03\x04"
MOST_ENTRIES: Final = 16
MOST_DIRECTORY_BYTES: Final = 64 * 1024
MOST_BYTES: Final = 1024**3
MOST_RATIO: Final = 20
"""A bundle is compressed and sealed: it hardly shrinks. What grows this much is none."""

_RATIO_FREE_BYTES: Final = 1024 * 1024
_END_MAGIC: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_MOST_COMMENT: Final = 65535
_ENCRYPTED: Final = 1
_WRAPPED: Final = SUFFIX + ".zip"
_KNOWN_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError,
    struct.error,
)  # fmt: skip


def bundle_within(path: Path, recognise: Recognise) -> str | None:
    """Return the entry of an archive that is a bundle, None if it has nothing for us.

    Refuses `zip_several` (more than one bundle, or other files beside it), `zip_nested` (it lies
    in another archive within), `zip_locked` (a password), `zip_damaged`, `zip_too_large`. Raises
    OSError.
    """
    entries = _entries(path)
    if entries is None:
        return None
    with entries as archive:
        listed = archive.infolist()
        if len(listed) > MOST_ENTRIES:
            return None
        files = [one for one in listed if not (one.is_dir() or _is_litter(one.filename))]
        ours = [one for one in files if _begins(archive, one, recognise, path)]
        if not ours and any(one.filename.lower().endswith(_WRAPPED) for one in files):
            raise Refusal("zip_nested", where=path.name)
        if not ours:
            return None
        if len(files) > 1:
            raise Refusal("zip_several", where=path.name)
        _require_size(ours[0], path)
        return ours[0].filename


def _is_litter(name: str) -> bool:
    """Whether an entry is what a system adds unasked beside what was packed."""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last in (".DS_Store", "Thumbs.db", "desktop.ini")


def pieces_within(path: Path, recognise: Recognise) -> Iterator[bytes]:
    """Yield the bytes of the bundle in an archive. Refuses as `bundle_within`, and `zip_damaged`.

    Raises OSError.
    """
    entry = bundle_within(path, recognise)
    if entry is None:
        raise Refusal("zip_damaged", where=path.name)
    try:
        with zipfile.ZipFile(native(path)) as archive, archive.open(entry) as file:
            # No more comes out than the directory says; where that lies the checksum is wrong.
            while piece := file.read(PIECE):
                yield piece
    except _UNREADABLE as error:
        raise Refusal("zip_damaged", where=path.name) from error


def _entries(path: Path) -> zipfile.ZipFile | None:
    """Return an archive whose directory is small enough to be read, None for any other file."""
    if not _small_directory(path):
        return None
    try:
        return zipfile.ZipFile(native(path))
    except _UNREADABLE:
        return None


def _small_directory(path: Path) -> bool:
    """Whether the end record names few entries; the library would read a directory of any size."""
    with open(native(path), "rb") as file:  # noqa: PTH123
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_BYTES - _MOST_COMMENT))
        tail = file.read()
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) < at + _END_BYTES:
        return False
    count, length = map(int, struct.unpack("<HI", tail[at + 10 : at + 16]))
    return 0 < count <= MOST_ENTRIES and length <= MOST_DIRECTORY_BYTES


def _begins(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, recognise: Recognise, path: Path
) -> bool:
    """Whether an entry begins as a bundle does."""
    named = entry.filename.lower().endswith(SUFFIX)
    if entry.flag_bits & _ENCRYPTED:
        if named:
            raise Refusal("zip_locked", where=path.name)
        return False
    if entry.compress_type not in _KNOWN_METHODS:
        return False
    try:
        with archive.open(entry) as file:
            return recognise(file.read(HEAD_BYTES))
    except _UNREADABLE as error:
        if named:
            raise Refusal("zip_damaged", where=path.name) from error
        return False


def _require_size(entry: zipfile.ZipInfo, path: Path) -> None:
    most = max(_RATIO_FREE_BYTES, entry.compress_size * MOST_RATIO)
    if entry.file_size > min(MOST_BYTES, most):
        raise Refusal("zip_too_large", where=path.name, limit=MOST_BYTES)
