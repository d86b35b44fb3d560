"""What an .xls file says beyond its values: hidden rows, error cells, from when days count.

An .xls file is a container of streams, kept in sectors that are chained like the files of an old
floppy; the stream `Workbook` is a row of records (kind, length, content).
"""

import struct
from collections.abc import Iterator
from typing import Final

from learnsite_desktop.services.roster.xlsx_marks import BookMarks, Marks

_LAST: Final = 0xFFFFFFFA
"""Sector numbers from here on are no sectors: the end of a chain, a free sector."""

_ENTRY: Final = 128
_SMALL: Final = 4096
_LISTED: Final = 109
_SHEET, _EPOCH, _SCRAMBLED, _END = 0x0085, 0x0022, 0x002F, 0x000A
_ROW, _FORMULA, _ERROR = 0x0208, 0x0006, 0x0205
_IS_HIDDEN: Final = 0x20
_WORKSHEET: Final = 0


class Scrambled(Exception):
    """The content is protected by a password."""


def marks_of(raw: bytes) -> BookMarks | None:
    """Return the marks of an .xls file; None if its build is beyond this reader.

    Raises Scrambled for a file with a password.
    """
    try:
        stream = _workbook(raw)
        return None if stream is None else _marks(stream)
    except (struct.error, IndexError, UnicodeDecodeError):
        return None


def _workbook(raw: bytes) -> bytes | None:
    """Return the stream of the workbook, None if it is missing or kept among the small ones."""
    (shift,) = struct.unpack_from("<H", raw, 30)
    first_directory, first_list = (struct.unpack_from("<I", raw, at)[0] for at in (48, 68))
    size = 1 << shift

    def sector(number: int) -> bytes:
        return raw[size * (number + 1) : size * (number + 2)]

    places = list(struct.unpack_from(f"<{_LISTED}I", raw, 76))
    while first_list < _LAST and len(places) * size <= len(raw):
        more = struct.unpack(f"<{size // 4}I", sector(first_list))
        places += more[:-1]
        first_list = more[-1]
    chain: list[int] = []
    for place in places:
        if place < _LAST:
            chain += struct.unpack(f"<{size // 4}I", sector(place))

    def follow(number: int) -> bytes:
        found: list[bytes] = []
        while number < _LAST and len(found) <= len(chain):
            found.append(sector(number))
            number = chain[number]
        return b"".join(found)

    directory = follow(first_directory)
    for at in range(0, len(directory), _ENTRY):
        entry = directory[at : at + _ENTRY]
        (length,) = struct.unpack_from("<H", entry, 64)
        name = entry[: max(length - 2, 0)].decode("utf-16-le")
        start, bytes_ = struct.unpack_from("<II", entry, 116)
        if name in ("Workbook", "Book"):
            return follow(start)[:bytes_] if bytes_ >= _SMALL else None
    return None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _END:
            return


def _marks(stream: bytes) -> BookMarks:
    sheets: dict[str, Marks] = {}
    date1904 = False
    for kind, content in _records(stream, 0):
        if kind == _SCRAMBLED:
            raise Scrambled
        if kind == _EPOCH:
            date1904 = content[:2] == b"\x01\x00"
        if kind == _SHEET and content[5] == _WORKSHEET:
            (start,) = struct.unpack_from("<I", content, 0)
            sheets[_name(content)] = _sheet(stream, start)
    return BookMarks(sheets, date1904)


def _name(content: bytes) -> str:
    length, wide = content[6], content[7] & 1
    return content[8 : 8 + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1")


def _sheet(stream: bytes, start: int) -> Marks:
    hidden: set[int] = set()
    errors: set[tuple[int, int]] = set()
    for kind, content in _records(stream, start):
        if kind == _ROW and struct.unpack_from("<H", content, 12)[0] & _IS_HIDDEN:
            hidden.add(struct.unpack_from("<H", content, 0)[0])
        elif (kind == _ERROR and content[7]) or (kind == _FORMULA and _is_error(content)):
            errors.add(struct.unpack_from("<HH", content, 0))
    return Marks(frozenset(hidden), frozenset(errors))


def _is_error(content: bytes) -> bool:
    return content[6] == 2 and content[12:14] == b"\xff\xff"
