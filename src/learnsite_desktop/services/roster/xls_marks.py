"""What an .xls file says beyond its values: hidden rows, error cells, from when days count.

The same walk bounds it: the reader of values makes room for whatever a file names, and the system
ends a program that asks for more memory than there is.

An .xls file is a container of streams, kept in sectors that are chained like the files of an old
floppy; the stream `Workbook` is a row of records (kind, length, content).
"""

import struct
from collections.abc import Iterator
from typing import Final

from learnsite_desktop.services.roster.xlsx_marks import MAX_CELLS, BookMarks, Marks

_LAST: Final = 0xFFFFFFFA
"""Sector numbers from here on are no sectors: the end of a chain, a free sector."""

_ENTRY: Final = 128
_SHIFTS: Final = (9, 12)
"""A sector has 512 or 4,096 bytes, as powers of two."""

_SMALL: Final = 4096
_PIECE: Final = 64
_LISTED: Final = 109
_SHEET, _EPOCH, _SCRAMBLED, _END = 0x0085, 0x0022, 0x002F, 0x000A
_ROW, _FORMULA, _ERROR = 0x0208, 0x0006, 0x0205
_IS_HIDDEN: Final = 0x20
_EXTENT, _STRINGS, _MANY = 0x0200, 0x00FC, 0x00BD
_VALUES: Final = frozenset({_FORMULA, _MANY, 0x00D6, 0x00FD, 0x0203, 0x0204, _ERROR, 0x027E})
"""Cells with a value, many in a row among them."""

_WIDEST: Final = 65536 * 256
"""All cells that an .xls sheet can have; programs name as many for a sheet that is only framed."""

_SMALLEST_STRING: Final = 3
_WORKSHEET: Final = 0


class Scrambled(Exception):
    """The content is protected by a password."""


class Oversized(Exception):
    """More room is asked for than a list of people needs."""


class Broken(Exception):
    """It is not put together as an .xls file is."""


def marks_of(raw: bytes) -> BookMarks | None:
    """Return the marks of an .xls file; None if its names or sheets are beyond this reader.

    Raises Scrambled for a file with a password, Oversized, Broken.
    """
    try:
        stream = _workbook(raw)
        if stream is None:
            raise Broken
        _require_bounded(stream)
    except (struct.error, IndexError) as error:
        raise Broken from error
    try:
        return _marks(stream)
    except (struct.error, IndexError, UnicodeDecodeError):
        return None


def _require_bounded(stream: bytes) -> None:
    """Raise Oversized for a sheet whose values lie too far apart, or with too much announced."""
    for kind, content in _records(stream, 0):
        if kind == _STRINGS and len(content) >= 8:
            (count,) = struct.unpack_from("<I", content, 4)
            if count * _SMALLEST_STRING > len(stream):
                raise Oversized
        if kind == _SHEET:
            (start,) = struct.unpack_from("<I", content, 0)
            _require_bounded_sheet(stream, start)


def _require_bounded_sheet(stream: bytes, start: int) -> None:
    rows = columns = 0
    for kind, content in _records(stream, start):
        if kind == _EXTENT:
            form = "<IIHH" if len(content) == 14 else "<HHHH"
            top, bottom, left, right = struct.unpack_from(form, content, 0)
            if 0 < bottom < top or 0 < right < left:
                raise Broken
            if max(top, bottom) * max(left, right) > _WIDEST:
                raise Oversized
        elif kind in _VALUES:
            row, column = struct.unpack_from("<HH", content, 0)
            if kind == _MANY:
                (column,) = struct.unpack_from("<H", content, len(content) - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    if rows * columns > MAX_CELLS:
        raise Oversized


def _workbook(raw: bytes) -> bytes | None:
    """Return the stream of the workbook, None if it is missing."""
    (shift,) = struct.unpack_from("<H", raw, 30)
    first_directory, first_list = (struct.unpack_from("<I", raw, at)[0] for at in (48, 68))
    if shift not in _SHIFTS:
        return None
    size = 1 << shift

    def sector(number: int) -> bytes:
        # The last one may end with the file.
        return raw[size * (number + 1) : size * (number + 2)].ljust(size, b"\0")

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
    listed = _listed(directory)
    place = listed.get("Workbook") or listed.get("Book")
    if place is None:
        return None
    start, length = place
    if length >= _SMALL:
        return follow(start)[:length]
    (first_small,) = struct.unpack_from("<I", raw, 60)
    links = follow(first_small)
    return _small(follow(struct.unpack_from("<I", directory, 116)[0]), links, start)[:length]


def _listed(directory: bytes) -> dict[str, tuple[int, int]]:
    """Return the streams by name: first sector and length in bytes."""
    found: dict[str, tuple[int, int]] = {}
    for at in range(0, len(directory), _ENTRY):
        entry = directory[at : at + _ENTRY]
        name = entry[:64].decode("utf-16-le", "replace").partition("\0")[0]
        found.setdefault(name, struct.unpack_from("<II", entry, 116))
    return found


def _small(stream: bytes, links: bytes, number: int) -> bytes:
    """Return a small stream, kept in pieces of one of the great ones."""
    found: list[bytes] = []
    while number < _LAST and len(found) * 4 <= len(links):
        found.append(stream[_PIECE * number : _PIECE * (number + 1)])
        (number,) = struct.unpack_from("<I", links, number * 4)
    return b"".join(found)


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
