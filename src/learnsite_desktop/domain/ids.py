"""Identifiers: record ids, content hashes and the canonical JSON that both are taken from.

A record id is 16 bytes, an operation hash 32 bytes (SHA-256, never truncated). In text both are
base64url without padding: 22 and 43 characters.
"""

import binascii
import hashlib
import json
from typing import Final

RECORD_ID_BYTES: Final = 16
HASH_BYTES: Final = 32
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")
_PADDING: Final = ("", "===", "==", "=")
_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def b64(raw: bytes) -> str:
    """Return `raw` as base64url text without padding."""
    text = binascii.b2a_base64(raw, newline=False)
    return text.translate(_TO_URL).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """Return the bytes of unpadded base64url `text`.

    Raises ValueError for anything that `b64` would not have written, so that every byte string
    has exactly one spelling.
    """
    try:
        padded = (text + _PADDING[len(text) % 4]).encode("ascii")
        raw = binascii.a2b_base64(padded.translate(_FROM_URL))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"not base64url: {text!r}") from error
    if b64(raw) != text:
        raise ValueError(f"not canonical base64url: {text!r}")
    return raw


def is_record_id(text: str) -> bool:
    """Tell whether a text is a record id, and so nothing for people to read."""
    try:
        return len(unb64(text)) == RECORD_ID_BYTES
    except ValueError:
        return False


def is_hash(text: str) -> bool:
    """Tell whether a text is written like an operation hash or a device key."""
    try:
        return len(unb64(text)) == HASH_BYTES
    except ValueError:
        return False


def hash_in(value: object) -> bytes | None:
    """Return the hash that a register's value spells, None for anything else."""
    return unb64(value) if isinstance(value, str) and is_hash(value) else None


def canonical(value: object) -> bytes:
    """Return the one canonical JSON spelling of `value` as UTF-8.

    Keys sorted by code point, no spaces, only JSON's mandatory escapes. Floats, NaN and lone
    surrogates raise ValueError (UnicodeEncodeError is one).
    """
    return _ENCODER.encode(value).encode("utf-8")


def derived_id(*parts: object) -> bytes:
    """Return the 16-byte id of a record with a natural key.

    `parts` is the kind followed by the key, e.g. `derived_id("enrolment", activity, learner)`;
    ids inside a key are given as text.
    """
    return hashlib.sha256(canonical(list(parts))).digest()[:RECORD_ID_BYTES]


def capture_id(unit: str, source: str, kind: str, ref: str) -> bytes:
    """Return the id of a record that came through a capture file.

    The same source and ref name the same record on any computer of the unit.
    """
    return derived_id("capture", unit, source, kind, ref)
