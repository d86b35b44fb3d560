"""What a disk may hold after the power went: made from the written-down life of one.

Durable is what a barrier came after: a file's content after its `fsync`, a name after the `fsync`
of its folder. Of everything else any part may be there: writes are left out, done out of order, or
torn at sectors; names are still the old ones. The model is stricter than the file systems in use.
"""

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.reliability.journal import Event

SECTOR: Final = 512
_FOLDER: Final = -1
_CONTENT: Final = ("write", "truncate")
_NAMING: Final = ("create", "mkdir", "unlink", "rmdir", "rename")


def _parent(path: bytes) -> bytes:
    return path.rpartition(b"/")[0]


def _name(names: dict[bytes, int], event: Event) -> None:
    """Let one change of names come true, as far as what it builds on has."""
    if event.kind in ("create", "mkdir"):
        names[event.path] = event.node if event.kind == "create" else _FOLDER
    elif event.kind == "rename":
        was_folder = names.pop(event.path, event.node) == _FOLDER
        names[event.target] = _FOLDER if was_folder else event.node
        for path in [path for path in names if path.startswith(event.path + b"/")]:
            names[event.target + path[len(event.path) :]] = names.pop(path)
    else:
        names.pop(event.path, None)


def _pieces(event: Event) -> list[tuple[int, bytes]]:
    """Cut a write at the sectors of the disk."""
    found, place = [], 0
    while place < len(event.content):
        offset = event.offset + place
        size = min(SECTOR - offset % SECTOR, len(event.content) - place)
        found.append((offset, event.content[place : place + size]))
        place += size
    return found


def _put(content: bytearray, offset: int, piece: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(piece)] = piece


def _write(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        del content[event.offset :]
        content.extend(bytes(event.offset - len(content)))
    else:
        _put(content, event.offset, event.content)


@dataclass(slots=True)
class Disk:
    """What is durable at one moment, and what is not yet."""

    contents: dict[int, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    names: dict[bytes, int] = field(default_factory=dict)
    writes: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    namings: list[Event] = field(default_factory=list)

    def happen(self, event: Event) -> None:
        """Let one event of the disk's life happen."""
        if event.kind == "folder":
            self.names[event.path] = _FOLDER
        elif event.kind == "file":
            self.names[event.path] = event.node
            self.contents[event.node] = bytearray(event.content)
        elif event.kind in _CONTENT:
            self.writes[event.node].append(event)
        elif event.kind in _NAMING:
            self.namings.append(event)
        elif event.kind == "fsync":
            for write in self.writes.pop(event.node, ()):
                _write(self.contents[event.node], write)
        elif event.kind == "fsyncdir":
            self._settle(event.path)

    def _settle(self, folder: bytes) -> None:
        later = []
        for event in self.namings:
            if _parent(event.target or event.path) == folder:
                _name(self.names, event)
            else:
                later.append(event)
        self.namings = later

    def after_the_cut(self, chance: random.Random, kept: float) -> dict[bytes, bytes | None]:
        """Return path → content (None: a folder) of a disk on which about `kept` of the rest is."""
        names = dict(self.names)
        for event in self.namings:
            if chance.random() < kept:
                _name(names, event)
        image: dict[bytes, bytes | None] = {}
        for path, node in sorted(names.items()):
            if _parent(path) and image.get(_parent(path), b"") is not None:
                continue  # its folder is not there
            image[path] = None if node == _FOLDER else self._content(node, chance, kept)
        return image

    def _content(self, node: int, chance: random.Random, kept: float) -> bytes:
        content = bytearray(self.contents.get(node, b""))
        waiting = self.writes.get(node, [])
        if kept == 1:
            for event in waiting:
                _write(content, event)
            return bytes(content)
        torn = chance.choice((0.0, 0.0, 0.5))
        for event in waiting:
            if chance.random() >= kept:
                continue
            if event.kind == "truncate" or not torn:
                _write(content, event)
                continue
            for offset, piece in _pieces(event):
                if chance.random() < torn:
                    _put(content, offset, piece)
        return bytes(content)


@dataclass(frozen=True, slots=True)
class Image:
    """One disk after a cut: what is on it, and the last mark that was reached before."""

    files: dict[bytes, bytes | None]
    mark: str
    place: str

    def write(self, folder: Path) -> None:
        """Make `folder` anew, with this content."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path, content in self.files.items():
            target = folder / path.decode()
            if content is None:
                target.mkdir()
            else:
                target.write_bytes(content)


KEPT: Final = (0.0, 1.0, 0.5, 0.9, 0.1)
"""How much of what had not passed a barrier survives; taken in turn."""


def cuts(events: Sequence[Event], count: int, seed: int) -> list[int]:
    """Return `count` numbers of events before which the power goes.

    Every barrier and every mark, just before and just after, as often as fit; the rest anywhere.
    """
    start = next(
        place for place, event in enumerate(events) if event.kind not in ("folder", "file")
    )
    chance = random.Random(seed)
    edges = [
        place + after
        for place, event in enumerate(events)
        for after in (0, 1)
        if event.kind in ("fsync", "fsyncdir", "mark")
    ]
    edges = sorted({place for place in edges if place >= start})
    if len(edges) > count:
        edges = sorted(chance.sample(edges, count))
    wanted = [place for place in edges for _turn in range(max(1, count // 2 // len(edges)))]
    wanted += [chance.randint(start, len(events)) for _ in range(count - len(wanted))]
    return sorted(wanted)


def images(events: Sequence[Event], count: int, seed: int) -> Iterator[Image]:
    """Yield `count` disks as cuts of the power leave them."""
    chance = random.Random(seed)
    disk, done, mark = Disk(), 0, ""
    for turn, place in enumerate(cuts(events, count, seed)):
        for event in events[done:place]:
            disk.happen(event)
            mark = event.path.decode() if event.kind == "mark" else mark
        done = max(done, place)
        files = disk.after_the_cut(chance, KEPT[turn % len(KEPT)])
        following = events[place] if place < len(events) else events[-1]
        yield Image(files, mark, f"{following.kind} {following.path.decode()}")
