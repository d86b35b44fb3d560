"""How the characters of a name are read: all readings without tones, the likely one first.

Surnames are often read otherwise than the same character elsewhere (曾 zeng, 单 shan); the table of
`resources/names` puts that reading first, the others still count.
"""

import os
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import product
from typing import Final

from learnsite_desktop.platform.resources import resource

ALL_READINGS_OF_FIRST: Final = 4
"""So many characters count with all their readings, those after them with the likely one."""

_UMLAUT: Final = "̈"


@cache
def _dictionary() -> Mapping[int, str]:
    """Return the readings of the library by code point: "zēng,céng"."""
    # Phrases would cost 45 MB and half a second, and a name is no phrase.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415

    found: Mapping[int, str] = PINYIN_DICT
    return found


@cache
def _surnames() -> dict[str, str]:
    """Return the first letters of surnames that are read otherwise, the likely one first."""
    lines = resource("names", "pinyin_surnames.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


@cache
def readings(character: str, *, surname: bool = False) -> tuple[str, ...]:
    """Return the ways a character is read, as typed: small letters, ü as v, the likely one first.

    A character without reading is read as itself if it is a letter or digit, otherwise not at all.
    """
    listed = _dictionary().get(ord(character), "")
    if not listed:
        return (character.casefold(),) if character.isalnum() else ("",)
    found = list(dict.fromkeys(_typed(word) for word in listed.split(",")))
    if surname:
        letters = _surnames().get(character, "")
        found.sort(key=lambda word: (letters + word[0]).index(word[0]))
    return tuple(found)


def _typed(word: str) -> str:
    """Return a syllable as it is typed."""
    plain = unicodedata.normalize("NFD", word).replace(f"u{_UMLAUT}", "v")
    return "".join(letter for letter in plain if letter.isalpha() and letter.isascii())


@lru_cache(maxsize=1 << 14)
def spelling(name: str) -> str:
    """Return a name as it is most likely read, syllables joined."""
    return "".join(
        readings(character, surname=place == 0)[0] for place, character in enumerate(name)
    )


def initials(name: str, *, surname: bool) -> list[str]:
    """Return the first letters of a name in every way it may be read, the likely one first."""
    letters = []
    for place, character in enumerate(name):
        words = readings(character, surname=surname and place == 0)
        first = list(dict.fromkeys(word[:1] for word in words))
        letters.append(first if place < ALL_READINGS_OF_FIRST else first[:1])
    return ["".join(choice) for choice in product(*letters)]


def sounds_alike(one: str, other: str) -> bool:
    """Return whether two names of the same length may be read alike."""
    return len(one) == len(other) and all(
        set(readings(first, surname=place == 0)) & set(readings(second, surname=place == 0))
        for place, (first, second) in enumerate(zip(one, other, strict=True))
    )
