"""What the disk of the reliability suites is told and tells: faults to come, and what happened."""

import errno
from dataclasses import dataclass
from typing import Final

CHANGES: Final = frozenset(
    {"write", "create", "mkdir", "unlink", "rmdir", "rename", "fsync", "fsyncdir", "truncate"}
)
"""Requests that change the disk or wait for it."""
ROOM: Final = frozenset({"write", "create", "mkdir"})
"""Requests that need room."""
ALL: Final = CHANGES | {"lookup", "getattr", "open", "read", "opendir", "readdir", "statfs"}


@dataclass(frozen=True, slots=True)
class Event:
    """One change of the disk, one barrier, or the mark of a program that says where it stands.

    `kind` is a word of `CHANGES`, "mark" (the text is in `path`), or "folder" and "file" for what
    was there at the beginning. `node` is the file itself, whatever its name becomes.
    """

    kind: str
    node: int
    path: bytes
    offset: int = 0
    content: bytes = b""
    target: bytes = b""


@dataclass(frozen=True, slots=True)
class Fault:
    """From the `at`-th request of these kinds on, counted from 1, the disk fails with `errno`.

    Once only unless `lasting`; `half`: the first write that is struck is done in part; `kill`: who
    asks is killed instead. Files whose names end as `spared` are left alone.
    """

    at: int
    errno: int = errno.EIO
    kinds: frozenset[str] = CHANGES
    lasting: bool = True
    half: bool = False
    kill: bool = False
    spared: tuple[bytes, ...] = ()
