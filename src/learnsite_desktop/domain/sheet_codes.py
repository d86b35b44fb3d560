"""Codes of printed sheets: eight characters that people read off paper and type.

The alphabet leaves out what looks alike (0 O, 1 I L). The last character is a check: its 31
characters count modulo a prime and every place has its own weight, so that one wrong character, or
two that changed places, never give another code.
"""

import hashlib
import re
import unicodedata
from typing import Final

from learnsite_desktop.domain.refusals import Refusal

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 8
SCAN_PREFIX: Final = "LSS"

_BASE: Final = len(ALPHABET)
_BETWEEN: Final = re.compile(r"[\s\-‐‑–—_.·]+")


def sheet_code(record: str, attempt: int = 0) -> str:
    """Return the code of a sheet's record id; the next `attempt` gives another one."""
    digest = hashlib.sha256(f"sheet code {record} {attempt}".encode()).digest()
    number = int.from_bytes(digest, "big")
    places = []
    for _place in range(LENGTH - 1):
        number, place = divmod(number, _BASE)
        places.append(place)
    check = _weighed(places) * pow(-LENGTH, -1, _BASE) % _BASE
    return "".join(ALPHABET[place] for place in (*places, check))


def read_code(text: str) -> str:
    """Return the code that somebody typed, or that a reader took from the QR code of a sheet.

    Case, full width, spaces and hyphens do not matter. Refuses `sheet_code_wrong`.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    if plain.startswith(f"{SCAN_PREFIX}:"):
        plain = plain.split(":")[1]
    plain = _BETWEEN.sub("", plain)
    places = [ALPHABET.find(character) for character in plain]
    if len(places) != LENGTH or -1 in places or _weighed(places) % _BASE:
        raise Refusal("sheet_code_wrong", where=text)
    return plain


def spaced(code: str) -> str:
    """Return a code in two groups, as it is printed."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"


def scan_text(code: str, page: int) -> str:
    """Return what stands in the QR code of a page, counted from 1."""
    return f"{SCAN_PREFIX}:{code}:{page}"


def _weighed(places: list[int]) -> int:
    return sum(weight * place for weight, place in enumerate(places, start=1))
