"""Evidence files: kept by the hash of their content, beside the database."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from learnsite_desktop.domain.ids import is_hash
from learnsite_desktop.oplog.line import Operation
from learnsite_desktop.platform.durable import make_folder, settle_names
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
    names = [name for name in (file, thumb) if isinstance(name, str) and is_hash(name)]
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
        self._growing: dict[bytes, Path] = {}

    def add(self, digest: bytes, content: bytes) -> None:
        """Take content whose hash was checked; what is kept already is passed over."""
        self._add(digest, [content])

    def add_file(self, source: Path) -> None:
        """Take a copy of a file."""
        self._add(digest_of(source)[0], _pieces(source))

    def _add(self, digest: bytes, pieces: Iterable[bytes]) -> None:
        if digest in self._held or path_of(self._workspace, digest).exists():
            return
        path = self._place_aside() / digest.hex()
        with path.open("wb") as copy:
            for piece in pieces:
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        self._held[digest] = path

    def _place_aside(self) -> Path:
        if self._aside is None:
            folder = self._workspace.subfolder(SCRATCH)
            self._aside = tempfile.TemporaryDirectory(dir=folder)
        return Path(self._aside.name)

    def add_piece(self, digest: bytes, piece: bytes) -> None:
        """Take the next piece of a large picture, in order; `digest` is that of the whole."""
        if digest in self._held or path_of(self._workspace, digest).exists():
            return
        path = self._growing.setdefault(digest, self._place_aside() / f"{digest.hex()}.part")
        with path.open("ab") as copy:
            copy.write(piece)

    def _join(self) -> None:
        """Keep the pictures whose pieces came whole; the others are asked for again."""
        for digest, path in self._growing.items():
            if digest_of(path)[0] == digest:
                self._add(digest, _pieces(path))
        self._growing.clear()

    def settle(self) -> None:
        """Put everything in its place."""
        self._join()
        for digest, path in self._held.items():
            target = path_of(self._workspace, digest)
            make_folder(target.parent)
            path.replace(target)
            self._settled.append(target)
        settle_names(self._settled)

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
