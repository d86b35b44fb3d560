"""Evidence files: kept by the hash of their content, beside the database."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from learnsite_desktop.services.workspace import Workspace

CHUNK: Final = 1024 * 1024


def digest_of(path: Path) -> tuple[bytes, int]:
    """Return (SHA-256, size in bytes) of a file."""
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(path):
        digest.update(piece)
        size += len(piece)
    return digest.digest(), size


def path_of(workspace: Workspace, digest: bytes) -> Path:
    """Return where a file of this content hash is kept; names from outside never reach the disk."""
    text = digest.hex()
    return workspace.folder / "media" / text[:2] / text


def keep_bytes(workspace: Workspace, digest: bytes, content: bytes) -> None:
    """Keep content whose hash was checked; content already there is not written again."""
    _keep(path_of(workspace, digest), [content])


def keep_file(workspace: Workspace, source: Path) -> None:
    """Copy a file into the workspace; one already there is not copied again."""
    digest, _size = digest_of(source)
    _keep(path_of(workspace, digest), _pieces(source))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _keep(target: Path, pieces: Iterable[bytes]) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as copy:
        for piece in pieces:
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    part.replace(target)
