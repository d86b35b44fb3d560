"""Pinyin initials of names and labels, without loading a dictionary.

The first level of GB 2312 stands in pinyin order, so an initial follows from a character's place.
Good for units and short lists of known words; names of people have their readings stored at save.
"""

from bisect import bisect_right
from typing import Final

_FIRST: Final = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS: Final = "abcdefghjklmnopqrstwxyz"
_STARTS: Final = [char.encode("gb2312") for char in _FIRST]
_LAST: Final = "座".encode("gb2312")


def initials(text: str) -> str:
    """Return the pinyin initial of every character, other characters as they are, lower case."""
    return "".join(map(_initial, text)).lower()


def _initial(char: str) -> str:
    try:
        place = char.encode("gb2312")
    except UnicodeEncodeError:
        return char
    if len(place) == 1 or not _STARTS[0] <= place <= _LAST:
        return char
    return _LETTERS[bisect_right(_STARTS, place) - 1]
