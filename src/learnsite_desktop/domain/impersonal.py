"""What may stand in a text for strangers: a sieve that nothing personal passes.

Collecting by name keeps personal values out; the sieve is the second lock. It lets through what
our own code is made of - plain ASCII words, codes, versions, moments, statements of the database -
and leaves out Chinese, addresses of mail, places on a disk, and digits in long rows, as telephone
numbers, ID numbers and the codes of units are.
"""

import re
from collections.abc import Mapping
from typing import Final

LEFT_OUT: Final = "(left out)"

_PLAIN: Final = re.compile(r"[\t\n\x20-\x7e]*", re.ASCII)
_PERSONAL: Final = re.compile(
    r"[0-9]{7,}"  # telephones, ID numbers, units
    r"|[0-9](?:[ -]?[0-9]){8,}"  # the same with gaps
    r"|[@~/\\]"  # mail, places on a disk, addresses of a network
)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII
)

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def sieved(value: object) -> Plain:
    """Return a value of JSON with everything left out that is not certainly impersonal.

    Keys are held to the same rule: those that do not pass are gathered under one.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value if is_impersonal(value) else LEFT_OUT
    if isinstance(value, Mapping):
        return {
            (str(key) if is_impersonal(str(key)) else LEFT_OUT): sieved(one)
            for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [sieved(one) for one in value]
    return LEFT_OUT


def is_impersonal(text: str) -> bool:
    """Whether a text is made of what our own code is made of."""
    if is_moment(text):
        return True
    return _PLAIN.fullmatch(text) is not None and _PERSONAL.search(text) is None


def is_moment(text: str) -> bool:
    """Whether a text is a day, or a day with a time, as we write them."""
    return _MOMENT.fullmatch(text) is not None
