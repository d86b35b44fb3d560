"""What an .xlsx file says beyond its values: hidden rows, error cells, formulas never calculated.

The reader of values shows an error and a formula without a saved result as an empty cell, and does
not tell hidden rows. A quick look for the words decides whether a sheet is read for them at all.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal

MAX_UNPACKED: Final = 256 * 1024 * 1024
"""Five million cells in the usual spelling; while it is read, twice as much memory is needed."""

MAX_CELLS: Final = 5_000_000
"""Of one sheet, blank ones among them: the reader of values makes room for a whole rectangle."""
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_HINT: Final = re.compile(rb"hidden=|<(?:[a-z]+:)?f[ >/]|t=[\"']e[\"']")
_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]+)")
_CELL: Final = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,9})[\"']")
_TRUE: Final = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one sheet, counted from 0: hidden rows, cells with an error, cells never calculated."""

    hidden: frozenset[int] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    unsaved: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class BookMarks:
    """Marks by name of sheet, and whether day numbers count from 1904."""

    sheets: Mapping[str, Marks] = field(default_factory=dict)
    date1904: bool = False


def marks_of(raw: bytes, name: str) -> BookMarks | None:
    """Return the marks of an .xlsx file, None for another kind of zip file.

    Refuses `table_kind` for a broken file and `table_too_large` for one that unpacks beyond reason.
    """
    from defusedxml import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import ParseError  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise Refusal("table_too_large", where=name)
            return _book(archive, name)
    except (
        zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, NotImplementedError,
        RuntimeError, EOFError, OSError, ValueError,
    ) as error:  # fmt: skip
        raise Refusal("table_kind", where=name) from error


def _book(archive: zipfile.ZipFile, name: str) -> BookMarks | None:
    if "xl/workbook.xml" not in archive.namelist():
        return None
    parts = {part.lower(): part for part in archive.namelist()}
    book = _tree(archive.read("xl/workbook.xml"))
    links = _tree(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
    sheets: dict[str, Marks] = {}
    epoch = False
    for element in book.iter():
        tag = _local(element.tag)
        if tag == "workbookPr":
            epoch = element.get("date1904") in _TRUE
        if tag != "sheet":
            continue
        link = next((value for key, value in element.items() if key.endswith("}id")), "")
        part = posixpath.normpath(posixpath.join("/xl", targets.get(link, ""))).lstrip("/")
        if part.lower() in parts:
            raw = archive.read(parts[part.lower()])
            if _named_extent(raw) > MAX_CELLS and _filled_extent(raw) > MAX_CELLS:
                raise Refusal("table_too_large", where=name)
            sheets[str(element.get("name"))] = _sheet(raw)
    return BookMarks(sheets, epoch)


def _named_extent(raw: bytes) -> int:
    """Return how many cells the rectangle has in which all named cells lie, blank ones too."""
    columns: set[bytes] = set()
    last = 0
    for place in _CELL.finditer(raw):
        columns.add(place[1])
        last = max(last, int(place[2]))
    widest = max((_column(letters.decode("ascii").upper()) for letters in columns), default=0)
    return last * (widest + 1)


def _filled_extent(raw: bytes) -> int:
    """Return the same for the cells with a content; blank ones are only coloured or framed."""
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    last = widest = 0
    for _event, element in iterparse(io.BytesIO(raw)):
        tag = _local(element.tag)
        place = _PLACE.fullmatch(element.get("r", "").upper()) if tag == "c" else None
        if place is not None and len(element):
            last, widest = max(last, int(place[2])), max(widest, _column(place[1]) + 1)
        elif tag == "row":
            element.clear()
    return last * widest


def _sheet(raw: bytes) -> Marks:
    if not _HINT.search(raw):
        return Marks()
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    hidden: set[int] = set()
    errors: set[tuple[int, int]] = set()
    unsaved: set[tuple[int, int]] = set()
    number = -1
    for event, element in iterparse(io.BytesIO(raw), events=("start", "end")):
        tag = _local(element.tag)
        if event == "start" and tag == "row":
            number = int(element.get("r", number + 2)) - 1
            if element.get("hidden") in _TRUE:
                hidden.add(number)
        elif event == "end" and tag == "c":
            _cell(element, errors, unsaved)
        elif event == "end" and tag == "row":
            element.clear()
    return Marks(frozenset(hidden), frozenset(errors), frozenset(unsaved))


def _cell(element: Any, errors: set[tuple[int, int]], unsaved: set[tuple[int, int]]) -> None:
    place = _PLACE.fullmatch(element.get("r", ""))
    if place is None:
        return
    where = (int(place[2]) - 1, _column(place[1]))
    parts = {_local(child.tag): child.text for child in element}
    if element.get("t") == "e":
        errors.add(where)
    elif "f" in parts and not parts.get("v") and element.get("t") != "str":
        unsaved.add(where)


def _column(letters: str) -> int:
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - ord("A") + 1
    return number - 1


def _local(tag: str) -> str:
    return tag.removeprefix(_MAIN).removeprefix(_STRICT)


def _tree(raw: bytes) -> Any:
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    return fromstring(raw)
