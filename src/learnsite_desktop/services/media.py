"""Evidence files: kept by the hash of their content, beside the database."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from learnsite_desktop.oplog.line import Operation
from learnsite_desktop.services.workspace import MEDIA, SCRATCH, Workspace

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
    return workspace.folder / MEDIA / text[:2] / text


def evidence_named(operation: Operation) -> dict[str, str]:
    """Return the pictures that an operation on evidence names: hash → hash of the full picture."""
    content, thumb = operation.f.get("content"), operation.f.get("thumb")
    file = content[0] if isinstance(content, list) and content else None
    names = [name for name in (file, thumb) if isinstance(name, str)]
    return dict.fromkeys(names, names[0] if names else "")


class Arrivals:
    """Evidence files on their way in: kept aside until it is sure that they stay.

    A context manager round the transaction that writes what names them. `settle`, called last in
    it, puts the files in their places; when the transaction fails after all, they go again.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        self._held: dict[bytes, Path] = {}
        self._settled: list[Path] = []

    def add(self, digest: bytes, content: bytes) -> None:
        """Take content whose hash was checked; what is kept already is passed over."""
        self._add(digest, [content])

    def add_file(self, source: Path) -> None:
        """Take a copy of a file."""
        self._add(digest_of(source)[0], _pieces(source))

    def _add(self, digest: bytes, pieces: Iterable[bytes]) -> None:
        if digest in self._held or path_of(self._workspace, digest).exists():
            return
        if self._aside is None:
            folder = self._workspace.subfolder(SCRATCH)
            self._aside = tempfile.TemporaryDirectory(dir=folder)
        path = Path(self._aside.name) / digest.hex()
        with path.open("wb") as copy:
            for piece in pieces:
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        self._held[digest] = path

    def settle(self) -> None:
        """Put everything in its place."""
        for digest, path in self._held.items():
            target = path_of(self._workspace, digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            self._settled.append(target)

    def __enter__(self) -> Self:
        """Return the empty store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what did not stay."""
        if error is not None:
            for path in self._settled:
                path.unlink(missing_ok=True)
        if self._aside is not None:
            self._aside.cleanup()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
