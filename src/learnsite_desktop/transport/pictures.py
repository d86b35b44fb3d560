"""A small bundle as numbered pictures: its bytes cut into frames, each in a QR code of its own.

A frame says of which file it is (the beginning of the file's SHA-256 and its size), how many
pictures there are and which one it is, and carries a checksum. Spare pictures at the end are the
exclusive or of a group, so that one picture missing in each group can be made up:

    "LSQ1" | 8 digest | 4 size | 1 pictures with content | 1 spare ones | 1 number from 1 | content
    | 4 CRC-32

Numbers are big-endian. All pictures of a file carry equally much, the last one filled with zeros.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final

MAGIC: Final = b"LSQ1"
NAME_BYTES: Final = 8
MOST_BYTES: Final = 60 * 1024
"""The largest file that travels as pictures."""
CONTENT_BYTES: Final = 1340
"""What one picture carries: with its head and checksum, what a QR code of 137 × 137 modules with
medium correction (15 %) holds."""
GROUP: Final = 8
"""So many pictures share a spare one."""

_HEAD_BYTES: Final = len(MAGIC) + NAME_BYTES + 7
_CRC_BYTES: Final = 4
_MOST_PICTURES: Final = 200


@dataclass(frozen=True, slots=True)
class Series:
    """The pictures of one file: `name` is how its SHA-256 begins, `size` its bytes."""

    name: bytes
    size: int
    filled: int
    spare: int

    @property
    def total(self) -> int:
        """How many pictures there are."""
        return self.filled + self.spare

    @property
    def each(self) -> int:
        """How many bytes of the file a picture carries."""
        return -(-self.size // self.filled)

    def group(self, number: int) -> list[int]:
        """Return the pictures that share a spare one with picture `number`, all of them.

        Neighbours are in different groups: a lost sheet costs each group one picture.
        """
        if not self.spare:
            return [number]
        place = (number - 1) % self.spare if number <= self.filled else number - self.filled - 1
        return [*range(place + 1, self.filled + 1, self.spare), self.filled + 1 + place]


@dataclass(frozen=True, slots=True)
class Frame:
    """What one picture says; `number` counts from 1, spare ones last."""

    series: Series
    number: int
    content: bytes


def series_of(raw: bytes, content: int = CONTENT_BYTES) -> Series:
    """Return how a file is cut; `content` is what a picture carries at most."""
    filled = max(1, -(-len(raw) // content))
    spare = -(-filled // GROUP) if filled > 1 else 0
    return Series(hashlib.sha256(raw).digest()[:NAME_BYTES], len(raw), filled, spare)


def frames_of(raw: bytes, content: int = CONTENT_BYTES) -> list[bytes]:
    """Return the frames of a file, in the order of their numbers."""
    series = series_of(raw, content)
    padded = raw.ljust(series.each * series.filled, b"\0")
    pieces = {
        number: padded[(number - 1) * series.each : number * series.each]
        for number in range(1, series.filled + 1)
    }
    for number in range(series.filled + 1, series.total + 1):
        pieces[number] = _either(pieces[one] for one in series.group(number)[:-1])
    return [_encoded(Frame(series, number, piece)) for number, piece in sorted(pieces.items())]


def decoded(raw: bytes) -> Frame | None:
    """Return the frame that a code holds, None for any other code or a damaged one."""
    if not raw.startswith(MAGIC) or len(raw) <= _HEAD_BYTES + _CRC_BYTES:
        return None
    body, check = raw[:-_CRC_BYTES], raw[-_CRC_BYTES:]
    if zlib.crc32(body).to_bytes(_CRC_BYTES, "big") != check:
        return None
    name = body[len(MAGIC) : len(MAGIC) + NAME_BYTES]
    head = body[len(MAGIC) + NAME_BYTES : _HEAD_BYTES]
    size, (filled, spare, number) = int.from_bytes(head[:4], "big"), head[4:]
    content = body[_HEAD_BYTES:]
    sizes_fit = 0 < size <= MOST_BYTES and 0 < filled <= _MOST_PICTURES and spare <= filled
    if not sizes_fit or not 0 < number <= filled + spare:
        return None
    series = Series(name, size, filled, spare)
    return Frame(series, number, content) if len(content) == series.each else None


def made_up(series: Series, contents: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the contents with those added that a spare picture can make up."""
    found = dict(contents)
    for place in range(series.spare):
        group = series.group(series.filled + 1 + place)
        missing = [number for number in group if number not in found]
        if len(missing) == 1:
            found[missing[0]] = _either(found[one] for one in group if one in found)
    return found


def missing(series: Series, contents: Mapping[int, bytes]) -> list[int]:
    """Return the numbers of the pictures still wanted, spare ones left out."""
    found = made_up(series, contents)
    return [number for number in range(1, series.filled + 1) if number not in found]


def put_together(series: Series, contents: Mapping[int, bytes]) -> bytes | None:
    """Return the file, None if its digest is not the one the pictures name.

    None may be missing.
    """
    found = made_up(series, contents)
    raw = b"".join(found[number] for number in range(1, series.filled + 1))[: series.size]
    return raw if hashlib.sha256(raw).digest().startswith(series.name) else None


def _encoded(frame: Frame) -> bytes:
    series = frame.series
    counts = bytes((series.filled, series.spare, frame.number))
    body = MAGIC + series.name + series.size.to_bytes(4, "big") + counts + frame.content
    return body + zlib.crc32(body).to_bytes(_CRC_BYTES, "big")


def _either(pieces: Iterable[bytes]) -> bytes:
    """Return the exclusive or of pieces of one length."""
    listed = list(pieces)
    size = len(listed[0])
    whole = reduce(lambda left, right: left ^ right, (int.from_bytes(one, "big") for one in listed))
    return whole.to_bytes(size, "big")
