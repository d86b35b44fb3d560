"""Identity numbers: what a check tells, what a number says itself, how it is masked.

The checks themselves rest on a library and stand in the services; rules receive them as a
function.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from learnsite_desktop.domain.issues import Issue

_FULL_LENGTH, _OLD_LENGTH = 18, 15
_MASK_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Outcome of checking one number.

    ``result`` is one of ``valid valid_normalised valid_unknown_area valid_checksum_age_warn
    legacy15 landline invalid invalid_excel15``; ``normalised`` the cleaned number, blank when
    invalid; ``upgrade`` the 18-digit form of an old ID number; ``issues`` all findings, also
    those that the one-word result does not show.
    """

    result: str
    normalised: str = ""
    issues: tuple[Issue, ...] = ()
    upgrade: str = ""

    @property
    def accepted(self) -> bool:
        """Tell whether the number may be stored."""
        return not self.result.startswith("invalid")


IdentityCheck = Callable[[str, str, date], CheckResult]


def sex_of(number: str) -> str | None:
    """``M`` or ``F`` by the order number of a cleaned resident ID number, else None."""
    if len(number) == _FULL_LENGTH and number[:17].isdecimal():
        return "M" if int(number[16]) % 2 else "F"
    if len(number) == _OLD_LENGTH and number.isdecimal():
        return "M" if int(number[14]) % 2 else "F"
    return None


def birth_of(number: str) -> date | None:
    """Return the birth day in a cleaned resident ID number, or None if there is no such day."""
    if len(number) == _FULL_LENGTH and number[:17].isdecimal():
        digits = number[6:14]
    elif len(number) == _OLD_LENGTH and number.isdecimal():
        digits = f"19{number[6:12]}"
    else:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def masked(kind: str, value: str) -> str:
    """Return a value as others may see it.

    ``cn_id`` keeps the first 6 and last 4 characters (review lists), ``cn_id_public`` the first 6
    and last 2, ``mobile`` the first 3 and last 4, ``name`` the first and, from three characters
    on, the last one. What is too short for its mask is hidden whole; other kinds pass unchanged.
    """
    if kind == "name":
        kept = (1, 0) if len(value) <= _MASK_SHORTEST else (1, 1)
        return value if len(value) < _MASK_SHORTEST else _starred(value, *kept)
    shapes = {"cn_id": (6, 4), "cn_id_public": (6, 2), "mobile": (3, 4)}
    if kind not in shapes:
        return value
    return _starred(value, *shapes[kind])


def _starred(value: str, head: int, tail: int) -> str:
    """``value`` with all but its ends replaced by stars, or wholly when too short."""
    hidden = len(value) - head - tail
    if hidden < 1:
        return "*" * len(value)
    return value[:head] + "*" * hidden + (value[-tail:] if tail else "")
