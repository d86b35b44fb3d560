"""Files as offices write them, made byte by byte; nothing of the product is used."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlwt
from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


def xlsx(
    path: Path, sheets: Mapping[str, Rows], finish: Callable[[Workbook], None] | None = None
) -> Path:
    """Write a workbook; `finish` may do to it what rows cannot say."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if finish is not None:
        finish(book)
    book.save(path)
    book.close()
    return path


def xls(path: Path, sheets: Mapping[str, Rows], spans: Sequence[Sequence[int]] = ()) -> Path:
    """Write a workbook of the old kind; dates get a date format, `spans` are merged."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    style = [day] if hasattr(value, "year") else []
                    sheet.write(number, column, value, *style)
        for top, bottom, left, right in spans:
            sheet.merge(top, bottom, left, right)
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())
    return path


def text(path: Path, rows: Rows, encoding: str = "utf-8-sig", separator: str = ",") -> Path:
    """Write a CSV file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(
        [["" if cell is None else cell for cell in row] for row in rows]
    )
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def altered(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Change the text of one part of an .xlsx file."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    parts[part] = change(parts[part].decode("utf-8")).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return path


def from_1904(path: Path) -> Path:
    """Let the day numbers of a workbook count from 1904, as those of a Mac do."""
    return altered(
        path,
        "xl/workbook.xml",
        lambda xml: re.sub(r"<workbookPr\b[^>]*/>", '<workbookPr date1904="1"/>', xml),
    )


def encrypted(path: Path) -> Path:
    """Write the outline of a workbook with a password: a container with the name of its content."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    return path


def with_file_pass(path: Path) -> Path:
    """Put a FILEPASS record into an .xls file where its first BOF ends."""
    raw = bytearray(path.read_bytes())
    start = raw.index(bytes.fromhex("0908100000060500"))
    place = start + 20
    record = bytes.fromhex("2f000600000000000000")
    raw[place : place + len(record)] = record
    path.write_bytes(bytes(raw))
    return path
