"""Frame O: a range of one chain, its lines without `prev`, which the reader puts back.

First line: canonical JSON {"count","inc","n","prev","un"}; then `count` operation lines, each
after a LF. In every line the value of the last `"prev":"` is empty; the reader inserts the
previous line's hash there (the head's `prev` for the first) and hashes the result, so the lines
prove their own order: 43 random characters per line, which do not compress, need not travel.
"""

import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.frames import TARGET_PAYLOAD_BYTES
from learnsite_desktop.domain.ids import HASH_BYTES, RECORD_ID_BYTES, b64, canonical, unb64
from learnsite_desktop.oplog.line import MAX_LINE_BYTES
from learnsite_desktop.oplog.signed import as_blob, as_integer, as_unit, strict_json

_PREV: Final = b'"prev":"'
_PREV_BYTES: Final = len(_PREV)
_PREV_TEXT: Final = 43
_LONGEST: Final = MAX_LINE_BYTES - _PREV_TEXT
_HEAD_LIMIT: Final = 1024
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class RangeHead:
    """Which lines a frame O holds: `count` operations of chain (inc, unit) from number `n` on.

    `prev` is the hash before the first line: the chain's genesis if `n` is 1.
    """

    inc: bytes
    unit: str
    n: int
    prev: bytes
    count: int

    @property
    def last(self) -> int:
        """Number of the last operation."""
        return self.n + self.count - 1


def encode_ranges(
    inc: bytes, unit: str, n: int, lines: Iterable[bytes], *, limit: int = TARGET_PAYLOAD_BYTES
) -> Iterator[bytes]:
    """Yield payloads of O frames below `limit` bytes for consecutive stored lines from `n` on.

    `lines` carry their real `prev`, without newline. ValueError if one has none.
    """
    bare: list[bytes] = []
    prev = b""
    size = _HEAD_LIMIT
    for line in lines:
        start = line.rfind(_PREV) + _PREV_BYTES
        end = start + _PREV_TEXT
        if start < _PREV_BYTES or line[end : end + 1] != b'"':
            raise ValueError(f"line {n + len(bare)} of a chain without prev")
        if bare and size + len(line) > limit:
            yield _range_payload(inc, unit, n, prev, bare)
            n += len(bare)
            bare, size = [], _HEAD_LIMIT
        if not bare:
            prev = line[start:end]
        bare.append(line[:start] + line[end:])
        size += len(line)
    if bare:
        yield _range_payload(inc, unit, n, prev, bare)


def _range_payload(inc: bytes, unit: str, n: int, prev: bytes, bare: list[bytes]) -> bytes:
    head = canonical(
        {"count": len(bare), "inc": b64(inc), "n": n, "prev": prev.decode("ascii"), "un": unit}
    )
    unb64(prev.decode("ascii"))
    return b"\n".join((head, *bare))


def decode_range(payload: bytes) -> tuple[RangeHead, list[bytes], list[bytes]]:
    """Return head, complete lines and their SHA-256 hashes of an O payload.

    Raises BundleError `part_malformed`. That each line is a sound operation of this chain with
    this number and this `prev` as its own top-level values is for its decoder to check.
    """
    break_at = payload.find(b"\n")
    head = _decode_head(payload[:break_at] if break_at >= 0 else payload)
    if payload.count(b"\n") != head.count:
        raise BundleError("part_malformed", detail="count")
    prev = b64(head.prev).encode("ascii")
    lines: list[bytes] = []
    hashes: list[bytes] = []
    to_text = binascii.b2a_base64
    with memoryview(payload) as view:
        while break_at >= 0:
            start = break_at + 1
            break_at = payload.find(b"\n", start)
            end = break_at if break_at >= 0 else len(payload)
            gap = payload.rfind(_PREV, start, end) + _PREV_BYTES
            if gap < start + _PREV_BYTES or payload[gap : gap + 1] != b'"':
                raise BundleError("part_malformed", detail=f"line {head.n + len(lines)}")
            if end - start > _LONGEST:
                raise BundleError("part_malformed", detail=f"line {head.n + len(lines)}")
            line = b"".join((view[start:gap], prev, view[gap:end]))
            digest = sha256(line).digest()
            lines.append(line)
            hashes.append(digest)
            prev = to_text(digest).translate(_URL_SAFE)[:_PREV_TEXT]
    return head, lines, hashes


def _decode_head(first: bytes) -> RangeHead:
    value = strict_json(first, "O", _HEAD_LIMIT)
    if not isinstance(value, dict) or set(value) != {"count", "inc", "n", "prev", "un"}:
        raise BundleError("part_malformed", detail="head")
    return RangeHead(
        inc=as_blob(value["inc"], RECORD_ID_BYTES, "O", "inc"),
        unit=as_unit(value["un"], "O", "un"),
        n=as_integer(value["n"], 1, "O", "n"),
        prev=as_blob(value["prev"], HASH_BYTES, "O", "prev"),
        count=as_integer(value["count"], 1, "O", "count"),
    )
