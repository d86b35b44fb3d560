"""A photo made fit to keep, apart from how it is made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoded:
    """A photo drawn anew and its thumbnail, both JPEG bytes that hold nothing but the picture.

    `original` is the SHA-256 of the file it was made of. `dhash` are 64 bits as 16 hex digits:
    pictures that look alike differ in few of them (see `distance`). Sides in pixels.
    """

    photo: bytes
    thumb: bytes
    original: bytes
    dhash: str
    width: int
    height: int


def distance(first: str, second: str) -> int:
    """Return in how many of 64 bits two `dhash` differ; 64 when one is not such a text."""
    try:
        return (int(first, 16) ^ int(second, 16)).bit_count()
    except ValueError:
        return 64
