"""Signed documents: canonical JSON objects that carry an Ed25519 signature in `sig`.

The signature covers the canonical JSON of the object without `sig`. Reading is strict: bytes that
are not the one canonical spelling are refused, so that a hash names one meaning; keys a reader
does not know are kept in the bytes and covered by the signature.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyrage import RecipientError, x25519

from learnsite_desktop.domain.ids import b64, canonical, unb64
from learnsite_desktop.domain.refusals import Refusal

VERSION: Final = 1
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
MAX_DEPTH: Final = 16
MAX_INTEGER: Final = 2**53
MAX_UNIT_DIGITS: Final = 20
_SHORT_MESSAGE: Final = 1024

Sign = Callable[[bytes], bytes]
"""Signs a message with Ed25519: message → 64 bytes."""

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AGE_RECIPIENT: Final = re.compile(r"age1[0-9a-z]{58}", re.ASCII)


def malformed(what: str, detail: str) -> Refusal:
    """Return the refusal for a signed document whose content is not as specified."""
    return Refusal("part_malformed", where=what, detail=detail[:200])


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` is that of `message` by an Ed25519 key of 32 bytes.

    The answers about short messages are remembered: a bundle's certificates and checkpoints are
    met when it is checked, when it is taken in, and with every later bundle.
    """
    judge = _remembered if len(message) <= _SHORT_MESSAGE else _is_signature
    return judge(public_key, signature, message)


def _is_signature(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


_remembered = lru_cache(maxsize=8192)(_is_signature)


def strict_json(raw: bytes, what: str, limit: int) -> Any:
    """Return the value of canonical JSON bytes, or raise a Refusal.

    Refused: more than `limit` bytes, another spelling than the canonical one, duplicate keys,
    floats, integers beyond ±2⁵³, lone surrogates, nesting deeper than 16.
    """
    if len(raw) > limit:
        raise Refusal("part_too_large", where=what, limit=limit)
    try:
        value = msgspec.json.decode(raw)
        _check_value(value, what, 0)
        same = canonical(value) == raw
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise malformed(what, f"not strict JSON: {error}") from error
    if not same:
        raise malformed(what, "not canonical JSON")
    return value


def _check_value(value: object, what: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise malformed(what, "nested too deep")
    if isinstance(value, dict):
        for child in value.values():
            _check_value(child, what, depth + 1)
    elif isinstance(value, list):
        for child in value:
            _check_value(child, what, depth + 1)
    elif isinstance(value, float):
        raise malformed(what, "a float")
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise malformed(what, "an integer beyond 2^53")


def seal(body: Mapping[str, object], sign: Sign) -> bytes:
    """Return the canonical bytes of `body` with its `sig`; None values are left out."""
    kept = {key: value for key, value in body.items() if value is not None}
    return canonical({**kept, "sig": b64(sign(canonical(kept)))})


class Fields:
    """Typed reading of one signed document; every miss is a `part_malformed`.

    `t` is the expected type; a greater `v` than ours is refused with `newer_format`.
    """

    def __init__(self, raw: bytes, t: str, limit: int) -> None:
        value = strict_json(raw, t, limit)
        if not isinstance(value, dict):
            raise malformed(t, "not an object")
        self.what = t
        self.values: dict[str, Any] = value
        if self.text("t") != t:
            raise malformed(t, "t")
        if self.integer("v", 1) > VERSION:
            raise Refusal("newer_format", where=t)

    def require_signature(self, public_key: bytes) -> None:
        """Raise Refusal `part_signature` unless `sig` is by this key over the rest."""
        body = {key: value for key, value in self.values.items() if key != "sig"}
        if not verify(public_key, self.blob("sig", SIGNATURE_BYTES), canonical(body)):
            raise Refusal("part_signature", where=self.what)

    def has(self, key: str) -> bool:
        """Return whether the key is present."""
        return key in self.values

    def text(self, key: str, limit: int = 200) -> str:
        """Return a non-empty string of at most `limit` characters."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value or len(value) > limit:
            raise malformed(self.what, key)
        return value

    def blob(self, key: str, size: int) -> bytes:
        """Return the `size` bytes of a base64url value."""
        return as_blob(self.values.get(key), size, self.what, key)

    def optional_blob(self, key: str, size: int) -> bytes | None:
        """Return the bytes of a base64url value, or None if the key is absent."""
        return self.blob(key, size) if key in self.values else None

    def integer(self, key: str, least: int = 0) -> int:
        """Return an integer ≥ `least`."""
        return as_integer(self.values.get(key), least, self.what, key)

    def unit(self, key: str) -> str:
        """Return a unit code."""
        return as_unit(self.values.get(key), self.what, key)

    def time(self, key: str) -> str:
        """Return an RFC 3339 time with offset and seconds."""
        return as_time(self.values.get(key), self.what, key)

    def date(self, key: str) -> str:
        """Return an ISO date."""
        return as_date(self.values.get(key), self.what, key)

    def recipient(self, key: str) -> str:
        """Return an age X25519 recipient."""
        value = self.text(key)
        if not _AGE_RECIPIENT.fullmatch(value):
            raise malformed(self.what, key)
        try:
            x25519.Recipient.from_str(value)
        except RecipientError as error:
            raise malformed(self.what, key) from error
        return value

    def items(self, key: str, limit: int) -> list[Any]:
        """Return a list of at most `limit` entries."""
        value = self.values.get(key)
        if not isinstance(value, list) or len(value) > limit:
            raise malformed(self.what, key)
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """Return an object."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise malformed(self.what, key)
        return value

    def blobs(self, key: str, size: int, limit: int) -> tuple[bytes, ...]:
        """Return a list of base64url values of `size` bytes each."""
        return tuple(as_blob(item, size, self.what, key) for item in self.items(key, limit))


def as_blob(value: object, size: int, what: str, key: str) -> bytes:
    """Return the `size` bytes that base64url `value` spells."""
    if not isinstance(value, str):
        raise malformed(what, key)
    try:
        raw = unb64(value)
    except ValueError as error:
        raise malformed(what, key) from error
    if len(raw) != size:
        raise malformed(what, key)
    return raw


def as_integer(value: object, least: int, what: str, key: str) -> int:
    """Return `value` if it is an integer ≥ `least` (a boolean is none)."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise malformed(what, key)
    return value


def as_unit(value: object, what: str, key: str) -> str:
    """Return `value` if it is a unit code: ASCII digits."""
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()):
        raise malformed(what, key)
    if len(value) > MAX_UNIT_DIGITS:
        raise malformed(what, key)
    return value


def as_time(value: object, what: str, key: str) -> str:
    """Return `value` if it is RFC 3339 with offset and whole seconds."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise malformed(what, key)
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise malformed(what, key) from error
    return value


def as_date(value: object, what: str, key: str) -> str:
    """Return `value` if it is an ISO date."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise malformed(what, key)
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise malformed(what, key) from error
    return value
