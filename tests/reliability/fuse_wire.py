"""The words that the kernel and a file system in user space exchange over `/dev/fuse`.

Only what a plain disk needs. Sizes and orders are those of `linux/fuse.h`, protocol 7.31.
"""

import os
import struct
from collections.abc import Iterable
from typing import Final

LOOKUP: Final = 1
FORGET: Final = 2
GETATTR: Final = 3
SETATTR: Final = 4
MKDIR: Final = 9
UNLINK: Final = 10
RMDIR: Final = 11
RENAME: Final = 12
OPEN: Final = 14
READ: Final = 15
WRITE: Final = 16
STATFS: Final = 17
RELEASE: Final = 18
FSYNC: Final = 20
FLUSH: Final = 25
INIT: Final = 26
OPENDIR: Final = 27
READDIR: Final = 28
RELEASEDIR: Final = 29
FSYNCDIR: Final = 30
ACCESS: Final = 34
CREATE: Final = 35
INTERRUPT: Final = 36
DESTROY: Final = 38
BATCH_FORGET: Final = 42
RENAME2: Final = 45

SIZE_GIVEN: Final = 8
"""The bit of SETATTR that asks for another length."""
MODE_GIVEN: Final = 1
MOST_WRITTEN: Final = 1024 * 1024
BUFFER: Final = MOST_WRITTEN + 64 * 1024

REQUEST: Final = struct.Struct("<IIQQIIII")
ANSWER: Final = struct.Struct("<IiQ")
WRITE_IN: Final = struct.Struct("<QQIIQII")
SETATTR_IN: Final = struct.Struct("<IIQQQQQQIIIIIIII")
OPENED: Final = struct.Struct("<QIi")
_ATTR: Final = struct.Struct("<QQQQQQIIIIIIIIII")
_ENTRY: Final = struct.Struct("<QQQQII")
_INIT_OUT: Final = struct.Struct("<IIIIHHIIHHI28x")
_STATFS: Final = struct.Struct("<QQQQQIIII24x")
_DIRENT: Final = struct.Struct("<QQII")
_BIG_WRITES: Final = 1 << 5
_MAX_PAGES: Final = 1 << 22
_DIRECTORY: Final = 4
_FILE: Final = 8


def hello() -> bytes:
    """Return the answer to INIT: no locks, no caching of attributes, writes of a megabyte."""
    flags = _BIG_WRITES | _MAX_PAGES
    return _INIT_OUT.pack(7, 31, 128 * 1024, flags, 16, 12, MOST_WRITTEN, 1, 256, 0, 0)


def attributes(node: int, found: os.stat_result) -> bytes:
    """Return what is known of a file; the node stands for its inode number."""
    seconds = [int(moment) for moment in (found.st_atime, found.st_mtime, found.st_ctime)]
    return _ATTR.pack(
        node, found.st_size, found.st_blocks, *seconds, 0, found.st_mtime_ns % 10**9, 0,
        found.st_mode, found.st_nlink, found.st_uid, found.st_gid, 0, 4096, 0,
    )  # fmt: skip


def entry(node: int, found: os.stat_result) -> bytes:
    """Return the answer to LOOKUP, MKDIR and the like; nothing in it may be remembered."""
    return _ENTRY.pack(node, 0, 0, 0, 0, 0) + attributes(node, found)


def attributes_answer(node: int, found: os.stat_result) -> bytes:
    """Return the answer to GETATTR and SETATTR."""
    return struct.pack("<QII", 0, 0, 0) + attributes(node, found)


def room(found: os.statvfs_result, *, full: bool) -> bytes:
    """Return the answer to STATFS: a disk that is `full` has no room left."""
    left = (0, 0) if full else (found.f_bfree, found.f_bavail)
    return _STATFS.pack(
        found.f_blocks, *left, found.f_files, found.f_ffree,
        found.f_bsize, 255, found.f_frsize, 0,
    )  # fmt: skip


def listing(names: Iterable[tuple[bytes, bool]], offset: int, size: int) -> bytes:
    """Return the entries (name, is a directory) of a folder from `offset` on, as fit in `size`."""
    body = bytearray()
    for place, (name, folder) in enumerate(names, start=1):
        if place <= offset:
            continue
        piece = _DIRENT.pack(1, place, len(name), _DIRECTORY if folder else _FILE) + name
        piece += bytes(-len(piece) % 8)
        if len(body) + len(piece) > size:
            break
        body += piece
    return bytes(body)


def names_in(body: bytes) -> list[bytes]:
    """Return the zero-terminated names of a request."""
    return body.split(b"\0")[:-1]
