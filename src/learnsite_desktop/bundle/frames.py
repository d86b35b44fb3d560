"""Frames: type (1 byte), length of the payload (4 bytes, big-endian), payload.

Their order is fixed: H, K…, D…, R…, then per chain O… C, then P…, M…, E. Types a reader does not
know are skipped if lower-case, though they count in the hash, and refuse the file if upper-case.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from learnsite_desktop.bundle.errors import BundleError

HEAD_BYTES: Final = 5
MAX_PAYLOAD_BYTES: Final = 16 * 1024 * 1024
TARGET_PAYLOAD_BYTES: Final = 4 * 1024 * 1024
MAX_SKIPPED: Final = 10_000
"""How many frames of types it does not know a reader passes over: each costs time, none a byte."""
KNOWN: Final = "HKDROCPME"

_FOLLOWERS: Final = {
    "": "H",
    "H": "KDROPME",
    "K": "KDROPME",
    "D": "DROPME",
    "R": "ROPME",
    "O": "OC",
    "C": "OPME",
    "P": "PME",
    "M": "ME",
    "E": "",
}


class Frame(NamedTuple):
    """One frame as read: `type` a letter, `offset` its first byte in the uncompressed stream."""

    type: str
    payload: bytes
    offset: int

    @property
    def place(self) -> str:
        """The frame's name in messages, e.g. "O @ 1234"."""
        return f"{self.type} @ {self.offset}"


def frame_head(kind: str, size: int) -> bytes:
    """Return the five bytes before a payload of `size` bytes; ValueError above 16 MiB."""
    if size > MAX_PAYLOAD_BYTES:
        raise ValueError(f"frame {kind} of {size} bytes")
    return kind.encode("ascii") + size.to_bytes(4, "big")


class FrameOrder:
    """Follows the order of frame types; the writer uses it as well as the reader."""

    def __init__(self) -> None:
        self.last = ""

    def accept(self, kind: str, place: str) -> None:
        """Take the next known type, or raise BundleError `frame_order`."""
        if kind not in _FOLLOWERS[self.last]:
            raise BundleError("frame_order", place, after=self.last or "-")
        self.last = kind


class FrameParser:
    """Cuts a stream that arrives in pieces into frames and hashes it on the way.

    Memory stays within one frame and one piece. `digest` is the SHA-256 of all bytes before the
    frame E, skipped frames included; it is set once E has been read.
    """

    def __init__(self) -> None:
        self.digest = b""
        self._hash = hashlib.sha256()
        self._order = FrameOrder()
        self._buffer = bytearray()
        self._offset = 0
        self._skipped = 0

    def feed(self, piece: bytes) -> list[Frame]:
        """Return the known frames that `piece` completes; raises BundleError."""
        buffer = self._buffer
        buffer += piece
        frames: list[Frame] = []
        start = 0
        while len(buffer) - start >= HEAD_BYTES:
            kind, size = self._head(buffer[start : start + HEAD_BYTES])
            end = start + HEAD_BYTES + size
            if len(buffer) < end:
                break
            with memoryview(buffer) as view:
                frame = self._take(kind, view[start:end])
            start = end
            if frame is not None:
                frames.append(frame)
        del buffer[:start]
        if buffer and self._order.last == "E":
            raise BundleError("frame_order", f"@ {self._offset}", after="E")
        return frames

    def _skip(self, kind: str, offset: int) -> None:
        if self._order.last == "E":
            raise BundleError("frame_order", f"{kind} @ {offset}", after="E")
        self._skipped += 1
        if self._skipped > MAX_SKIPPED:
            raise BundleError("bundle_too_large", f"{kind} @ {offset}", limit=MAX_SKIPPED)

    def finish(self) -> None:
        """Raise BundleError unless the stream ended with the frame E."""
        if self._order.last != "E":
            raise BundleError("end_missing", f"@ {self._offset}")

    def _head(self, head: bytes | bytearray) -> tuple[str, int]:
        kind = chr(head[0])
        place = f"@ {self._offset}"
        if not ("A" <= kind <= "Z" or "a" <= kind <= "z"):
            raise BundleError("bundle_damaged", place)
        if kind.isupper() and kind not in KNOWN:
            raise BundleError("frame_unknown", f"{kind} {place}")
        if not self._order.last and kind != "H":
            raise BundleError("frame_order", f"{kind} {place}", after="-")
        size = int.from_bytes(head[1:], "big")
        if size > MAX_PAYLOAD_BYTES:
            raise BundleError("frame_too_large", f"{kind} {place}", limit=MAX_PAYLOAD_BYTES)
        return kind, size

    def _take(self, kind: str, whole: memoryview) -> Frame | None:
        offset = self._offset
        if kind in KNOWN:
            self._order.accept(kind, f"{kind} @ {offset}")
        else:
            self._skip(kind, offset)
        if kind == "E":
            self.digest = self._hash.digest()
        else:
            self._hash.update(whole)
        self._offset += len(whole)
        return Frame(kind, bytes(whole[HEAD_BYTES:]), offset) if kind in KNOWN else None


class FrameStream:
    """Turns frames into the bytes of a bundle, hashing them; the writer's side.

    `size` counts the bytes given out so far.
    """

    def __init__(self) -> None:
        self.size = 0
        self._hash = hashlib.sha256()
        self._order = FrameOrder()

    def pieces(self, frames: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
        """Yield head and payload of each (type, payload); raises BundleError `frame_order`."""
        for kind, payload in frames:
            if kind in KNOWN:
                self._order.accept(kind, f"{kind} @ {self.size}")
            head = frame_head(kind, len(payload))
            self._hash.update(head)
            self._hash.update(payload)
            self.size += len(head) + len(payload)
            yield head
            yield payload

    def digest(self) -> bytes:
        """Return the SHA-256 of all frames given out so far."""
        return self._hash.digest()
