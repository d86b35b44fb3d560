"""Telling a register book from other files at a glance, without reading it."""

import zipfile
from pathlib import Path
from typing import Final

MAGIC: Final = "learnsite-register"
"""What stands in the first cell of a book's hidden sheet."""

_MOST_BYTES: Final = 64 * 1024 * 1024
_SUFFIXES: Final = frozenset({".xlsx", ".xls", ".et", ".ods", ".xlsm"})


def is_book_file(path: Path) -> bool:
    """Return whether a file looks like a register book; one that cannot be read does not."""
    sought = MAGIC.encode()
    try:
        if path.suffix.lower() not in _SUFFIXES or path.stat().st_size > _MOST_BYTES:
            return False
        if not zipfile.is_zipfile(path):
            return sought in path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            parts = [one for one in archive.infolist() if one.file_size <= _MOST_BYTES]
            return any(
                sought in archive.read(one)
                for one in parts
                if one.filename.startswith("xl/") or one.filename == "content.xml"
            )
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
