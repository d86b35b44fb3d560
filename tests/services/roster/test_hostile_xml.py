"""Workbooks whose XML wants to grow, or to read files of this computer, are refused whole."""

import re
import zipfile
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from tests.desks import Desk, found_village

STRINGS: Final = "xl/sharedStrings.xml"
SCHEMA: Final = "http://schemas.openxmlformats.org"
CONTENT: Final = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
RELATION: Final = (
    f'<Relationship Id="rIdX" Type="{SCHEMA}/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>'
)
LAUGHS: Final = '<!ENTITY l0 "lol">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)
HOSTILE: Final = {
    "a billion laughs": (LAUGHS, "&l9;"),
    "quadratic": (f'<!ENTITY a "{"A" * 50_000}">', "&a;" * 5_000),
    "a file of this computer": ('<!ENTITY e SYSTEM "file:///etc/passwd">', "&e;"),
    "another one's words": ('<!ENTITY e "李四">', "王&e;明"),
}


def workbook(path: Path, strings: str) -> Path:
    """Write a roster of one person whose name stands in the table of shared strings."""
    plain = path.with_name("plain.xlsx")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["姓名", "性别"])
    sheet.append(["?", "男"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode("utf-8")
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(r'<c r="A2"[^>]*>.*?</c>', '<c r="A2" t="s"><v>0</v></c>', text)
            text = text.replace("</Types>", CONTENT) if name == "[Content_Types].xml" else text
            if name == "xl/_rels/workbook.xml.rels":
                text = text.replace("</Relationships>", RELATION)
            target.writestr(name, text)
        target.writestr(STRINGS, strings)
    return path


def strings_of(name: str, declared: str = "") -> str:
    main = f"{SCHEMA}/spreadsheetml/2006/main"
    kind = f"<!DOCTYPE sst [{declared}]>" if declared else ""
    table = f'<sst xmlns="{main}" count="1" uniqueCount="1"><si><t>{name}</t></si></sst>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{kind}{table}'


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    return found_village(tmp_path / "village")


def test_shared_strings_are_read(village: Desk, tmp_path: Path) -> None:
    path = workbook(tmp_path / "good.xlsx", strings_of("王小明"))
    assert village("learner", "import", path)["created"]["learner"] == 1
    assert village("learner", "list", "--query", "王小明")["total"] == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_declared_entities_refuse_the_file(village: Desk, tmp_path: Path, name: str) -> None:
    declared, text = HOSTILE[name]
    path = workbook(tmp_path / "bad.xlsx", strings_of(text, declared))
    assert village.refuses("learner", "import", path) == "table_kind"


def stretched(path: Path, cell: str) -> Path:
    """Write a roster of one person with one more cell in the farthest corner of the sheet."""
    plain = path.with_name("plain.xlsx")
    book = openpyxl.Workbook()
    book.worksheets[0].append(["姓名", "性别"])
    book.worksheets[0].append(["王小明", "男"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode("utf-8")
            if name == "xl/worksheets/sheet1.xml":
                far = f'<row r="1048576">{cell}</row></sheetData>'
                text = text.replace("</sheetData>", far)
            target.writestr(name, text)
    return path


def test_a_cell_in_the_farthest_corner_does_not_end_the_program(
    village: Desk, tmp_path: Path
) -> None:
    """The reader of values would make room for 17 thousand million cells, and abort."""
    path = stretched(tmp_path / "far.xlsx", '<c r="XFD1048576"><v>1</v></c>')
    assert village.refuses("learner", "import", path) == "table_too_large"


def test_a_blank_cell_there_does_not_matter(village: Desk, tmp_path: Path) -> None:
    path = stretched(tmp_path / "far.xlsx", '<c r="XFD1048576" s="0"/>')
    assert village("learner", "import", path)["created"]["learner"] == 1
