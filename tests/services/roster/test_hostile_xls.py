"""Workbooks of the old kind that ask for more memory than there is, or are put together wrongly.

The reader of values ends the whole program at the first, whatever Python says.
"""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from learnsite_desktop.services.roster import tables
from tests.desks import Desk, found_village
from tests.services.roster.books import xls

PEOPLE: Final = [["姓名", "性别"], ["王小明", "男"]]
SECTOR: Final = 512


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    return found_village(tmp_path / "village")


def record(raw: bytearray, kind: int, size: int) -> int:
    """Return where the content of the first record of a kind begins."""
    return raw.index(struct.pack("<HH", kind, size)) + 4


def extent(*places: int) -> Callable[[bytearray], None]:
    """Name other first and last rows and columns than there are."""

    def change(raw: bytearray) -> None:
        struct.pack_into("<IIHH", raw, record(raw, 0x0200, 14), *places)

    return change


def far_apart(raw: bytearray) -> None:
    struct.pack_into("<HH", raw, record(raw, 0x00FD, 10), 65535, 65535)


def strings(raw: bytearray) -> None:
    at = raw.index(struct.pack("<H", 0x00FC) + raw[raw.index(b"\xfc\x00") + 2 :][:2]) + 4
    struct.pack_into("<I", raw, at + 4, 0x7FFFFFFF)


def sheet_elsewhere(raw: bytearray) -> None:
    at = raw.index(struct.pack("<H", 0x0085)) + 4
    struct.pack_into("<I", raw, at, 0x00100000)


def no_extent_of_a_sector(raw: bytearray) -> None:
    struct.pack_into("<H", raw, 30, 0x7FFF)


def no_chain(raw: bytearray) -> None:
    struct.pack_into("<I", raw, 76, 0xFFFFFFFF)


HOSTILE: Final = {
    "three million million cells": (extent(0, 0x100000, 0, 0xFFFF), "table_too_large"),
    "the last row before the first": (extent(5, 2, 0, 1), "table_kind"),
    "the last column before the first": (extent(0, 2, 5, 1), "table_kind"),
    "a value in the farthest corner": (far_apart, "table_too_large"),
    "two thousand million texts": (strings, "table_too_large"),
    "a sheet that begins behind the end": (sheet_elsewhere, "table_kind"),
    "sectors of any size": (no_extent_of_a_sector, "table_kind"),
    "no sectors": (no_chain, "table_kind"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_it_is_refused_and_the_program_goes_on(village: Desk, tmp_path: Path, case: str) -> None:
    change, code = HOSTILE[case]
    path = xls(tmp_path / "bad.xls", {"a": PEOPLE})
    raw = bytearray(path.read_bytes())
    change(raw)
    path.write_bytes(raw)
    assert village.refuses("learner", "import", path) == code
    assert village.refuses("register", "read", path) == code


def test_a_whole_sheet_that_is_only_framed_is_read(village: Desk, tmp_path: Path) -> None:
    path = xls(tmp_path / "good.xls", {"a": PEOPLE})
    raw = bytearray(path.read_bytes())
    extent(0, 65536, 0, 256)(raw)
    path.write_bytes(raw)
    assert village("learner", "import", path)["created"]["learner"] == 1


def small(path: Path, stream: bytes) -> Path:
    """Write a workbook so short that its stream is kept among the small ones, in 64-byte pieces."""
    stream = stream.rstrip(b"\0").ljust(2048, b"\0")
    end, fat = 0xFFFFFFFE, 0xFFFFFFFD
    pieces, sectors = len(stream) // 64, len(stream) // SECTOR

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        return (head + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)).ljust(
            116, b"\0"
        ) + struct.pack("<IQ", start, size)[:12]

    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 2, 1, end, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    chain = [fat, end, end, *range(4, 3 + sectors), end]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    root = entry("Root Entry", 5, 1, 3, len(stream)) + entry(
        "Workbook", 2, 0xFFFFFFFF, 0, len(stream)
    )
    links = struct.pack(f"<{pieces}I", *range(1, pieces), end).ljust(SECTOR, b"\xff")
    path.write_bytes(header + table + root.ljust(SECTOR, b"\0") + links + stream)
    return path


def stream_of(path: Path) -> bytes:
    """Return the workbook of a file that xlwt wrote: it lies right behind the first sector."""
    return path.read_bytes()[SECTOR : SECTOR + 4096]


def test_a_short_workbook_is_read_and_bounded_too(village: Desk, tmp_path: Path) -> None:
    stream = bytearray(stream_of(xls(tmp_path / "plain.xls", {"a": PEOPLE})))
    extent(0, 0x100000, 0, 0xFFFF)(stream)
    assert village.refuses("learner", "import", small(tmp_path / "bad.xls", bytes(stream))) == (
        "table_too_large"
    )
    extent(0, 2, 0, 2)(stream)
    good = small(tmp_path / "good.xls", bytes(stream))
    assert [note.issue.code for note in tables.open_table(good).notes] == ["CELLS_NOT_TOLD"]
    assert village("learner", "import", good)["created"]["learner"] == 1


def test_spaces_without_end_are_not_unpacked(village: Desk, tmp_path: Path) -> None:
    """Half a gigabyte of them is half a megabyte in a chat program."""
    plain, path = tmp_path / "plain.xlsx", tmp_path / "spaces.xlsx"
    book = openpyxl.Workbook()
    for row in PEOPLE:
        book.worksheets[0].append(row)
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as to:
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                to.writestr(name, source.read(name))
                continue
            begin, end = source.read(name).split(b"</sheetData>")
            with to.open(name, "w") as part:
                part.write(begin)
                for _megabyte in range(256):
                    part.write(b" " * 1024 * 1024)
                part.write(b"</sheetData>" + end)
    assert path.stat().st_size < 1_000_000
    assert village.refuses("learner", "import", path) == "table_too_large"
