"""Evidence files: kept by the hash of their content, beside the database."""

import hashlib
import os
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.capture.plan import Item
from learnsite_desktop.services.workspace import Workspace

CHUNK: Final = 1024 * 1024


def measure(item: Item, folder: Path | None) -> None:
    """Replace the file name in an evidence entry by content hash and size, before it is checked.

    Relative names are looked for in `folder`. A file that cannot be read is an issue.
    """
    name = item.entry.get("file")
    if item.kind.name != "evidence" or not isinstance(name, str) or item.source:
        return
    path = (folder or Path()) / name
    try:
        digest, size = _digest(path)
    except (OSError, ValueError):
        params = {"value": name}
        item.issues.append(Issue("FILE_UNREADABLE", "evidence", item.ref, "file", params=params))
        return
    item.source = path
    item.entry["file"] = b64(digest)
    item.entry["bytes"] = size


def _digest(path: Path) -> tuple[bytes, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.digest(), size


def path_of(workspace: Workspace, digest: bytes) -> Path:
    """Return where a file of this content hash is kept; names from outside never reach the disk."""
    text = digest.hex()
    return workspace.folder / "media" / text[:2] / text


def keep_bytes(workspace: Workspace, digest: bytes, content: bytes) -> None:
    """Keep content whose hash was checked; content already there is not written again."""
    target = path_of(workspace, digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as copy:
        copy.write(content)
        copy.flush()
        os.fsync(copy.fileno())
    part.replace(target)


def keep(workspace: Workspace, item: Item) -> None:
    """Copy an evidence entry's file into the workspace; one already there is not copied again."""
    if item.source is None:
        return
    digest, _size = _digest(item.source)
    target = path_of(workspace, digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with item.source.open("rb") as source, part.open("wb") as copy:
        while piece := source.read(CHUNK):
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    part.replace(target)
