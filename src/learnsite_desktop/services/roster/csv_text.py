"""CSV files as Chinese offices write them: UTF-8 or GBK, commas, semicolons or tabs."""

import csv
import io
import re
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.reports.delimited import MARK, unguarded

ENCODINGS: Final = ("utf-8-sig", "gb18030")
_WIDE: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS: Final = ",\t;，"
_LOOKED_AT: Final = 20
_LOOKED_THROUGH: Final = 65_536
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')


def read_csv(raw: bytes, name: str) -> tuple[list[list[str]], str]:
    """Return the rows of a CSV file as text, and its encoding; row n is row n of Excel.

    Refuses `table_unreadable` when it is no text, or no CSV.
    """
    text, encoding = _decoded(raw, name)
    if "\0" in text:
        raise Refusal("table_kind", where=name)
    lines = _QUOTED.sub("", text[:_LOOKED_THROUGH]).splitlines()[:_LOOKED_AT]
    separator = max(_SEPARATORS, key=lambda each: sum(line.count(each) for line in lines))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = [[_plain(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise Refusal("table_unreadable", where=name) from error
    return rows, encoding


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    wide = _WIDE.get(raw[:2])
    for encoding in (wide,) if wide else ENCODINGS:
        try:
            return raw.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise Refusal("table_kind", where=name)


def _plain(cell: str) -> str:
    """Return a cell without the marks by which long numbers are kept as text: ="…", '…, tab.

    An apostrophe may be one that our own tables put in front (`reports.delimited`): of those just
    one goes, and what follows stands as it was.
    """
    text = cell.strip()
    if text.startswith(MARK):
        return unguarded(text).strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.removeprefix(MARK).strip()
