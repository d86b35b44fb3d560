"""Telling a register book from other files at a glance, without reading it."""

import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Final

MAGIC: Final = "learnsite-register"
"""What stands in the first cell of a book's hidden sheet."""

BOOK: Final = "register_not_bundle"
"""Code of the refusal of a book where bundles are expected."""

_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_PARTS: Final = 500
_SUFFIXES: Final = frozenset({".xlsx", ".xls", ".et", ".ods", ".xlsm"})


def may_be_book(path: Path) -> bool:
    """Return whether a file is called as a workbook is."""
    return path.suffix.lower() in _SUFFIXES


def is_book_file(path: Path) -> bool:
    """Return whether a file looks like a register book; one that cannot be read does not."""
    try:
        if not may_be_book(path):
            return False
        told = path.stat()
        return told.st_size <= _MOST_BYTES and _is_book(path, told.st_size, told.st_mtime_ns)
    except OSError:
        return False


@lru_cache(maxsize=4096)
def _is_book(path: Path, size: int, stamp: int) -> bool:
    """Look into a file; a folder that is watched is looked at every few seconds. Raises OSError.

    What was found holds as long as `size` and `stamp`, the moment it was written, are the same.
    """
    del size, stamp
    sought = MAGIC.encode()
    if not zipfile.is_zipfile(path):
        return sought in path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [
                one
                for one in archive.infolist()[:_MOST_PARTS]
                if one.filename.startswith(("xl/shared", "xl/worksheets/"))
                or one.filename == "content.xml"
            ]
            if sum(one.file_size for one in parts) > _MOST_BYTES:
                return False
            return any(sought in archive.read(one) for one in parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return False
