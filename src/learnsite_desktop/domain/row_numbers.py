"""Row numbers as a clerk types them from a signed sheet: `7 15 22-24`, `+ 3 5`, `9L`.

Numbers stand apart by blanks or commas, a range has a dash, a letter after a number or range is a
mark's code instead of the usual one. A plus in front says that the numbers are those who came.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_PIECE: Final = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?([A-Z])?")
_BETWEEN: Final = re.compile(r"[\s,;、。；]+")
_DASHES: Final = str.maketrans(dict.fromkeys("–—―~～至到‐−", "-"))
LONGEST_RANGE: Final = 500


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """What was typed: `marks` maps row numbers to a mark's code, "" for the usual one.

    `came` says that the list names those present; `unread` are pieces that make no sense.
    """

    marks: dict[int, str]
    came: bool
    unread: tuple[str, ...]


def read_row_numbers(text: str) -> RowNumbers:
    """Return what the typed `text` means; full width and Chinese commas are taken as well."""
    plain = unicodedata.normalize("NFKC", text).upper().strip().translate(_DASHES)
    came = plain.startswith("+")
    plain = re.sub(r"\s*-\s*", "-", plain.removeprefix("+"))
    marks: dict[int, str] = {}
    unread: list[str] = []
    for piece in filter(None, _BETWEEN.split(plain)):
        found = _PIECE.fullmatch(piece)
        if found is None:
            unread.append(piece)
            continue
        first = int(found[1])
        last = int(found[2] or first)
        if not 0 < first <= last < first + LONGEST_RANGE:
            unread.append(piece)
            continue
        marks.update(dict.fromkeys(range(first, last + 1), found[3] or ""))
    return RowNumbers(marks, came, tuple(unread))
