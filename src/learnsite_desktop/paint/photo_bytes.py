"""What a picture file is, read from its bytes before any decoder sees them."""

from typing import Final

from learnsite_desktop.domain.refusals import Refusal

EXTENSIONS: Final = {
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".jpe": "jpeg",
    ".jfif": "jpeg",
    ".png": "png",
    ".bmp": "bmp",
    ".webp": "webp",
}
"""File name extensions of the pictures taken in, and the format that each one names."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PHONE_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
     b"avif", b"avis"}
)  # fmt: skip
_BRAND_PLACES: Final = range(8, 64, 4)
_JPEG_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_END: Final = 0xD9
_JPEG_SCAN: Final = 0xDA
_WEBP_MOVING: Final = 0x02


def require_picture(raw: bytes, extension: str) -> str:
    """Return the format of a picture file, "jpeg" | "png" | "bmp" | "webp".

    `extension` is that of its name, such as ".jpg", in lower case or "". Refuses `photo_empty`,
    `photo_heic`, `photo_kind` (no picture, or of another sort), `photo_lying` (the name says
    another format than the content), `photo_moving` and `photo_damaged` (its end is missing).
    """
    if not raw:
        raise Refusal("photo_empty")
    found = _format(raw)
    if extension not in EXTENSIONS and extension:
        raise Refusal("photo_kind")
    if extension and EXTENSIONS[extension] != found:
        raise Refusal("photo_lying", said=extension.lstrip("."), found=found)
    if _CHECKS[found](raw):
        return found
    raise Refusal("photo_damaged")


def _format(raw: bytes) -> str:
    if raw.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if raw.startswith(_PNG):
        return "png"
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "webp"
    if raw.startswith(b"BM"):
        return "bmp"
    if raw[4:8] == b"ftyp" and not _PHONE_BRANDS.isdisjoint(
        raw[place : place + 4] for place in _BRAND_PLACES
    ):
        raise Refusal("photo_heic")
    if raw.startswith((b"GIF87a", b"GIF89a")):
        raise Refusal("photo_moving")
    raise Refusal("photo_kind")


def _whole_jpeg(raw: bytes) -> bool:
    """Follow the segments to the end mark; what cameras append after it does not count."""
    place = 2
    while place + 4 <= len(raw) and raw[place] == 0xFF:
        marker = raw[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _JPEG_ALONE:
            place += 2
        else:
            place += 2 + int.from_bytes(raw[place + 2 : place + 4], "big")
            if marker == _JPEG_SCAN:
                place = _after_scan(raw, place)
        if raw[place : place + 2] == bytes((0xFF, _JPEG_END)):
            return True
    return False


def _after_scan(raw: bytes, place: int) -> int:
    """Return where the marker after entropy-coded bytes stands; the end if there is none."""
    while (place := raw.find(b"\xff", place)) >= 0 and place + 1 < len(raw):
        if raw[place + 1] != 0 and raw[place + 1] not in _JPEG_ALONE:
            return place
        place += 2
    return len(raw)


def _whole_png(raw: bytes) -> bool:
    """Follow the chunks to the last one; an animation is refused."""
    place = len(_PNG)
    while place + 12 <= len(raw):
        name = raw[place + 4 : place + 8]
        if name == b"acTL":
            raise Refusal("photo_moving")
        place += 12 + int.from_bytes(raw[place : place + 4], "big")
        if name == b"IEND":
            return place <= len(raw)
    return False


def _whole_webp(raw: bytes) -> bool:
    if raw[12:16] == b"VP8X" and raw[20:21] and raw[20] & _WEBP_MOVING:
        raise Refusal("photo_moving")
    return len(raw) >= 8 + int.from_bytes(raw[4:8], "little")


def _whole_bmp(raw: bytes) -> bool:
    return len(raw) >= max(54, int.from_bytes(raw[2:6], "little"))


_CHECKS: Final = {
    "jpeg": _whole_jpeg,
    "png": _whole_png,
    "webp": _whole_webp,
    "bmp": _whole_bmp,
}
