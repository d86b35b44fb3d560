"""The recovery code: a root key's seed as groups of letters and digits that a person can type.

Fourteen groups of five characters of Crockford's alphabet (no I, L, O, U): four carry 20 bits, the
fifth checks them and their place, so a wrong or swapped character, and a group in the wrong place,
is found and named. The last 24 of the 280 bits are a digest of the seed, for all groups together.
"""

import hashlib
import unicodedata
from typing import Final

SEED_BYTES: Final = 32
GROUPS: Final = 14
GROUP_CHARACTERS: Final = 5
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
_DIGEST_BYTES: Final = 3
_LABEL: Final = b"learnsite recovery code 1"
_FIELD: Final = 0b100101
"""x⁵ + x² + 1: what makes five bits a field, in which a check finds swapped neighbours too."""


class WrongCode(ValueError):
    """A code that was not typed as it was printed; `groups` (from 1) are wrong, none if all fit."""

    def __init__(self, groups: tuple[int, ...] = ()) -> None:
        super().__init__("not a recovery code")
        self.groups = groups


def to_code(seed: bytes) -> str:
    """Return the code of a seed of 32 bytes, its groups joined by hyphens."""
    number = int.from_bytes(seed + _digest(seed), "big")
    groups = []
    for place in range(GROUPS):
        shift = 20 * (GROUPS - 1 - place)
        values = [number >> (shift + bits) & 31 for bits in (15, 10, 5, 0)]
        values.append(_check(values, place))
        groups.append("".join(_ALPHABET[value] for value in values))
    return "-".join(groups)


def from_code(text: str) -> bytes:
    """Return the seed of a typed code; raises WrongCode.

    Spaces, hyphens, small letters and full-width characters do not matter; I and L are read as 1,
    O as 0.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    typed = "".join(character for character in plain if character.isalnum())
    if len(typed) != GROUPS * GROUP_CHARACTERS or not set(typed) <= set(_ALPHABET):
        raise WrongCode(_strange(typed))
    number, wrong = 0, []
    for place in range(GROUPS):
        start = place * GROUP_CHARACTERS
        values = [_ALPHABET.index(one) for one in typed[start : start + GROUP_CHARACTERS]]
        if values[-1] != _check(values[:-1], place):
            wrong.append(place + 1)
        for value in values[:-1]:
            number = number << 5 | value
    raw = number.to_bytes(SEED_BYTES + _DIGEST_BYTES, "big")
    seed = raw[:SEED_BYTES]
    if wrong or raw[SEED_BYTES:] != _digest(seed):
        raise WrongCode(tuple(wrong))
    return seed


def _strange(typed: str) -> tuple[int, ...]:
    """Return the groups with a character that no code has; none if the length is wrong."""
    if len(typed) != GROUPS * GROUP_CHARACTERS:
        return ()
    strange = {i // GROUP_CHARACTERS + 1 for i, one in enumerate(typed) if one not in _ALPHABET}
    return tuple(sorted(strange))


def _digest(seed: bytes) -> bytes:
    return hashlib.sha256(_LABEL + seed).digest()[:_DIGEST_BYTES]


def _check(values: list[int], place: int) -> int:
    """Return the check of four values of five bits at a place: one wrong or two swapped show."""
    found = place + 1
    for weight, value in enumerate(values, start=1):
        found ^= _times(value, 1 << weight if weight < 5 else 1)
    return found


def _times(first: int, second: int) -> int:
    product = 0
    while second:
        if second & 1:
            product ^= first
        first <<= 1
        if first & 32:
            first ^= _FIELD
        second >>= 1
    return product
