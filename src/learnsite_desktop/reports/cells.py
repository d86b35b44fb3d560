"""Making text safe for a spreadsheet cell.

What people typed must never act: no formula, no control character, nothing silently cut. The text
stays readable, and every change to it can be seen.
"""

import re
from typing import Final

MAX_UNITS: Final = 32_767
"""Most UTF-16 code units that Excel keeps in a cell."""

CUT_MARK: Final = "…（内容过长，已截断）"
_DELETE: Final = 0x7F
_PICTURES: Final = 0x2400
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_STARTERS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == _DELETE:
        return chr(_PICTURES + 0x21)
    return chr(_PICTURES + code) if code < 0x20 else "\ufffd"


def printable(text: str) -> str:
    """Return `text` as a cell can hold it.

    Line ends become LF; control characters their pictures (U+0000 shows as ␀), half characters and
    non-characters `�`; what is longer than a cell is cut with a mark at its end.
    """
    clean = _UNFIT.sub(_visible, text.replace("\r\n", "\n"))
    return cut(clean, MAX_UNITS)


def cut(text: str, limit: int) -> str:
    """Return at most `limit` UTF-16 code units of `text`, with a mark where it was cut."""
    if 2 * len(text) <= limit or _units(text) <= limit:
        return text
    room = limit - _units(CUT_MARK)
    raw = text.encode("utf-16-le")[: 2 * room]
    return raw.decode("utf-16-le", "ignore") + CUT_MARK


def _units(text: str) -> int:
    return len(text) + sum(1 for character in text if character > "\uffff")


def stored(text: str) -> str:
    """Return printable `text` as the file must hold it: `_x0041_` is an escape to a reader."""
    return _ESCAPE_LIKE.sub("_x005F_", text) if "_x" in text else text


def acts(text: str) -> bool:
    """Return whether a spreadsheet might take `text` for a formula when it is typed again."""
    return text.startswith(_STARTERS)
