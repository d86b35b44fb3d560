"""The operation line: one canonical JSON line per save, and its hash.

A line is UTF-8, NFC, keys sorted by code point, no spaces, only JSON's mandatory escapes; the hash
is SHA-256 of the line without its newline. Decoding is strict: whatever is not the one canonical
spelling of a well-formed operation is refused, so that equal meaning has equal bytes. Unknown keys
are accepted and, since the bytes themselves are what is stored and relayed, survive untouched.
"""

import hashlib
import json
import re
import unicodedata
from typing import Annotated, Any, Final

import msgspec

from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.refusals import Refusal

LINE_VERSION: Final = 1
SCHEMA_VERSION: Final = 1
MAX_LINE_BYTES: Final = 64 * 1024
SPLIT_LINE_BYTES: Final = 48 * 1024
MAX_PARENTS: Final = 64
COMMITMENT_SALT_BYTES: Final = 16

# 16 and 32 bytes as unpadded base64url; the last character's spare bits are zero.
is_id: Final = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]").fullmatch
is_hash: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]").fullmatch

_Int = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
_Scalar = _Int | str | bool | None
_Depth2 = _Int | str | bool | None | list[_Scalar]
_Depth3 = _Int | str | bool | None | list[_Depth2]
_Value = _Int | str | bool | None | list[_Depth3]


class Operation(msgspec.Struct, omit_defaults=True, frozen=True):
    """A decoded line. Ids and hashes are base64url text as in the line itself.

    `f` register → value, `pf` register → commitment or None (cleared), `par` the record's heads
    that the author had seen, `why` commitment of a reason, `at` wall time (shown, never trusted).
    Register values may be shared between operations: change none in place.
    """

    at: str
    inc: str
    k: str
    n: int
    prev: str
    r: str
    sv: int
    u: str
    un: str
    v: int
    f: dict[str, _Value] = {}
    par: list[str] = []
    pf: dict[str, str | None] = {}
    why: str = ""

    @property
    def kind(self) -> str:
        """The record's kind, e.g. "session" of "session.edit"."""
        return self.k.partition(".")[0]

    @property
    def verb(self) -> str:
        """What was done, e.g. "edit"."""
        return self.k.partition(".")[2]

    def writes(self) -> dict[str, Any]:
        """Registers written: public values, and commitments for private ones."""
        return {**self.f, **self.pf}


class _Skeleton(Operation, omit_defaults=True, frozen=True):
    """A line whose register values are still bytes."""

    f: dict[str, msgspec.Raw] = {}  # type: ignore[assignment]


class _Values(dict[bytes, Any]):
    """Register values by their bytes, decoded on first sight: marks repeat a handful of them."""

    def __missing__(self, raw: bytes) -> Any:
        """Return the value if `raw` is its canonical spelling."""
        value = _decode_value(raw)
        if _encode(value) != raw:
            raise Refusal("line_not_canonical")
        if len(self) >= _KEPT_VALUES:
            self.clear()
        if len(raw) <= _KEPT_VALUE_BYTES:
            self[raw] = value
        return value


_KEPT_VALUES: Final = 4096
_KEPT_VALUE_BYTES: Final = 64
_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(_Skeleton).decode
_decode_value = msgspec.json.Decoder(_Value).decode
_value_of: Final = _Values().__getitem__


def encode(operation: Operation) -> bytes:
    """Return the canonical line; raises Refusal `line_too_long` above 64 KiB."""
    line = _encode(operation)
    if not line.isascii() and not unicodedata.is_normalized("NFC", line.decode("utf-8")):
        raise Refusal("line_not_canonical", where=operation.r)
    if len(line) > MAX_LINE_BYTES:
        raise Refusal("line_too_long", where=operation.r)
    return line


def line_hash(line: bytes) -> bytes:
    """Return the operation's name: SHA-256 of its line."""
    return hashlib.sha256(line).digest()


def decode(line: bytes) -> Operation:
    """Return the operation of a line, or raise Refusal `line_malformed` / `line_not_canonical`."""
    if len(line) > MAX_LINE_BYTES:
        raise Refusal("line_too_long")
    try:
        skeleton = _decode(line)
        if _encode(skeleton) != line:
            _require_canonical(line)
        values = map(_value_of, map(bytes, skeleton.f.values()))
        operation = Operation(
            at=skeleton.at,
            inc=skeleton.inc,
            k=skeleton.k,
            n=skeleton.n,
            prev=skeleton.prev,
            r=skeleton.r,
            sv=skeleton.sv,
            u=skeleton.u,
            un=skeleton.un,
            v=skeleton.v,
            f=dict(zip(skeleton.f, values, strict=True)),
            par=skeleton.par,
            pf=skeleton.pf,
            why=skeleton.why,
        )
        if not line.isascii() and not unicodedata.is_normalized("NFC", line.decode("utf-8")):
            raise Refusal("line_not_canonical")
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refusal("line_malformed", detail=str(error)[:200]) from error
    _check_fields(operation)
    return operation


def _require_canonical(line: bytes) -> None:
    """Accept a line with unknown keys if it is canonical as a whole, else refuse it."""

    def no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("duplicate key")
        return found

    value = json.loads(line, object_pairs_hook=no_duplicates)
    known = {field.name for field in msgspec.structs.fields(Operation)}
    empty = [key for key in ("f", "pf", "par", "why") if key in value and not value[key]]
    if canonical(value) != line or empty or not set(value) - known:
        raise Refusal("line_not_canonical")
    _require_no_floats(value, depth=0)


def _require_no_floats(value: object, depth: int) -> None:
    if isinstance(value, float) or depth > 6:
        raise Refusal("line_malformed", detail="float or nesting")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            _require_no_floats(child, depth + 1)


def _check_fields(operation: Operation) -> None:
    problem = (
        (not 1 <= operation.v <= LINE_VERSION and "v")
        or (operation.n < 1 and "n")
        or (not operation.verb and "k")
        or (len(operation.par) > MAX_PARENTS and "par")
        or (operation.par != sorted(set(operation.par)) and "par")
        or (not (operation.un.isascii() and operation.un.isdigit()) and "un")
        or (operation.f.keys() & operation.pf.keys() and "pf")
        or (not is_id(operation.r) and "r")
        or (not is_id(operation.inc) and "inc")
        or (not is_hash(operation.prev) and "prev")
        or (not all(map(is_hash, operation.par)) and "par")
        or (operation.why and not is_hash(operation.why) and "why")
    )
    if problem:
        raise Refusal("line_malformed", detail=str(problem))
    for commitment in operation.pf.values():
        if commitment is not None and not is_hash(commitment):
            raise Refusal("line_malformed", detail="pf")


def commitment(salt: bytes, record: str, register: str, value: object) -> bytes:
    """Return the commitment that stands for a private register value.

    SHA-256(salt ‖ canonical [record, register, value]); `record` as in the line.
    """
    return hashlib.sha256(salt + canonical([record, register, value])).digest()


def genesis(certificate: bytes, unit: str) -> bytes:
    """Return the `prev` of the first operation of chain (incarnation, unit)."""
    return hashlib.sha256(certificate + unit.encode("ascii")).digest()


def text_of(raw: bytes) -> str:
    """Return an id or hash as it stands in a line."""
    return b64(raw)
