"""Update files: recognised by their beginning, checked whole, the installer taken out of them."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.releases import (
    KIND,
    MAGIC,
    MAX_DESCRIPTION_BYTES,
    MAX_INSTALLER_BYTES,
    Release,
    is_published,
    parse_release,
)
from learnsite_desktop.platform.durable import named, put_in_place
from learnsite_desktop.services.updates.running import Running, running

SUFFIX: Final = ".lsu"
PIECE: Final = 1024 * 1024
_FAMILY: Final = re.compile(rb"LEARNSITE PROGRAM [1-9][0-9]{0,5}\n")
"""How update files begin, also those of a later form."""
_HEAD_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class UpdateFile:
    """An update file whose description the publisher signed; at `start` begins the installer."""

    path: Path
    release: Release
    start: int


def begins(head: bytes) -> bool:
    """Whether a file that begins like this is meant as an update file."""
    return _FAMILY.match(head) is not None


def is_update(path: Path) -> bool:
    """Tell by its content whether a file is meant as an update file; never refuses."""
    try:
        with path.open("rb") as file:
            return begins(file.read(_HEAD_BYTES))
    except OSError:
        return False


def read_update(path: Path, here: Running, name: str = "") -> UpdateFile:
    """Return what an update file says; only its beginning is read. Raises OSError.

    `name` is what people call it. Refuses `update_no_publisher`, `update_foreign`,
    `update_damaged`, `update_truncated`, `update_too_large`, `newer_format`.
    """
    name = name or path.name
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if begins(head) and not head.startswith(MAGIC):
            raise Refusal("newer_format", where=name)
        if not here.publishers:
            raise Refusal("update_no_publisher", where=name)
        file.seek(len(MAGIC))
        if not head.startswith(MAGIC):
            raise Refusal("update_damaged", where=name)
        line = file.readline(MAX_DESCRIPTION_BYTES + 1)
        start, size = file.tell(), os.fstat(file.fileno()).st_size
    try:
        release = parse_release(line.removesuffix(b"\n"))
    except Refusal as refusal:
        if refusal.code == "newer_format":
            raise
        raise Refusal("update_damaged", where=name) from refusal
    if not is_published(release, here.publishers):
        raise Refusal("update_foreign", where=name)
    if release.size > MAX_INSTALLER_BYTES:
        raise Refusal("update_too_large", where=name, limit=MAX_INSTALLER_BYTES // 1_000_000)
    if size - start < release.size:
        raise Refusal("update_truncated", where=name)
    if not line.endswith(b"\n") or size - start > release.size:
        raise Refusal("update_damaged", where=name)
    return UpdateFile(path, release, start)


def require_whole(update: UpdateFile, name: str = "") -> None:
    """Read the installer through; refuse `update_damaged` if it is not the one described."""
    digest = hashlib.sha256()
    for piece in _pieces(update):
        digest.update(piece)
    if digest.digest() != update.release.sha256:
        raise Refusal("update_damaged", where=name or update.path.name)


def write_installer(update: UpdateFile, folder: Path) -> Path:
    """Write the installer into a folder, whole or not at all. Raises OSError.

    Refuses `update_damaged`: then there is none.
    """
    target = folder / update.release.name
    part = target.with_name(f"{target.name}.part")
    digest = hashlib.sha256()
    try:
        with part.open("wb") as out:
            for piece in _pieces(update):
                digest.update(piece)
                with named(target):
                    out.write(piece)
            with named(target):
                out.flush()
                os.fsync(out.fileno())
        if digest.digest() != update.release.sha256:
            raise Refusal("update_damaged", where=update.path.name)
        put_in_place(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


def write_update(release: Release, installer: Path, folder: Path) -> Path:
    """Write the update file of an installer, named after it; return its path. Raises OSError."""
    target = folder / f"{release.name}{SUFFIX}"
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as out, installer.open("rb") as source:
        out.write(MAGIC + release.raw + b"\n")
        for piece in _rest(source):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    put_in_place(part, target)
    return target


def described(path: Path) -> dict[str, Any]:
    """Return what an update file is, with the keys of a bundle and its own. Raises OSError.

    Refuses what `read_update` does.
    """
    release = read_update(path, running()).release
    return {
        "kind": KIND,
        "from": None,
        "to": None,
        "bundle_id": None,
        "at": release.at,
        "counts": {},
        "periods": [],
        "min_reader": 1,
        "format": 1,
        "from_inc": None,
        "version": release.version,
        "platform": release.platform,
        "size": release.size,
        "follows": release.follows,
        "schema": release.schema,
    }


def _pieces(update: UpdateFile) -> Iterator[bytes]:
    with update.path.open("rb") as file:
        file.seek(update.start)
        yield from _rest(file)


def _rest(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
