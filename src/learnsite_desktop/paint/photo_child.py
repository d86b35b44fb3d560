"""The child that decodes strangers' pictures: one picture, bounded memory and time, then gone.

It writes `photo.jpg` and `thumb.jpg` into a folder and prints one JSON object. The pictures are
drawn anew, so that nothing of the original but its pixels is in them: no place, no time, no camera.
"""

import errno
import hashlib
import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QImageWriter, QPainter

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.photo_bytes import require_picture

MAX_BYTES: Final = 60 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
MAX_ADDED_MEMORY: Final = 1024 * 1024 * 1024
"""Address space that decoding may take on top of what the started program has, in bytes."""
MAX_SECONDS: Final = 60
MAX_WRITTEN: Final = 32 * 1024 * 1024

PHOTO_SIDE: Final = 2560
PHOTO_QUALITY: Final = 82
PHOTO_FILE: Final = "photo.jpg"
THUMB_SIDES: Final = (320, 240, 160)
THUMB_QUALITIES: Final = (75, 60, 45, 30)
THUMB_BYTES: Final = 30 * 1024
THUMB_FILE: Final = "thumb.jpg"

_ALLOCATION_MEGABYTES: Final = 256
_HASH_COLUMNS: Final = 9
_HASH_ROWS: Final = 8
REFUSED: Final = 3
"""Exit code: the printed object holds the refusal."""


def main(arguments: Sequence[str]) -> int:
    """Re-encode the picture of a path into a folder; `arguments` are the two."""
    source, folder = map(Path, arguments)
    limit_resources()
    try:
        found = _encode(source, folder)
    except Refusal as refusal:
        found = {"code": refusal.code, "params": refusal.params}
    except MemoryError:
        found = {"code": "photo_too_large", "params": {}}
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        found = {"code": "disk_full", "params": {}}
    sys.stdout.write(json.dumps(found))
    return REFUSED if "code" in found else 0


def limit_resources() -> None:
    """Bound memory, time and written bytes where the system can; Qt's own limit holds everywhere.

    Windows has no such call here: the pixel count, Qt's limit and the parent's clock remain.
    """
    QImageReader.setAllocationLimit(_ALLOCATION_MEGABYTES)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_WRITTEN, MAX_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = _address_space()
    if taken:
        bound = taken + MAX_ADDED_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _address_space() -> int:
    """Return the bytes of address space in use, 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    import resource  # noqa: PLC0415 - there is none on Windows

    return pages * resource.getpagesize()


def _encode(source: Path, folder: Path) -> dict[str, Any]:
    if source.stat().st_size > MAX_BYTES:
        raise Refusal("photo_too_large")
    with source.open("rb") as file:
        raw = file.read(MAX_BYTES)
    picture = upright(raw, require_picture(raw, source.suffix.lower()))
    photo = _fitted(picture, PHOTO_SIDE)
    (folder / PHOTO_FILE).write_bytes(_jpeg(photo, PHOTO_QUALITY))
    (folder / THUMB_FILE).write_bytes(_thumbnail(photo))
    return {
        "original": hashlib.sha256(raw).hexdigest(),
        "dhash": _difference_hash(photo),
        "width": photo.width(),
        "height": photo.height(),
    }


def upright(raw: bytes, format_: str, side: int = PHOTO_SIDE) -> QImage:
    """Return the decoded picture as people see it, opaque, in usual colours, with nothing else.

    Its long side is at most `side`.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(raw))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(format_.encode("ascii")))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise Refusal("photo_damaged")
    if size.width() * size.height() > MAX_PIXELS:
        raise Refusal("photo_too_large")
    if max(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(_square(side), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise Refusal("photo_damaged")
    if image.colorSpace().isValid():
        image = image.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    drawn = QImage(image.size(), QImage.Format.Format_RGB32)
    drawn.fill(Qt.GlobalColor.white)
    painter = QPainter(drawn)
    painter.drawImage(0, 0, image)
    painter.end()
    return drawn


def _square(side: int) -> QSize:
    return QSize(side, side)


def _fitted(image: QImage, side: int) -> QImage:
    """Return the picture with its long side at most `side`."""
    if max(image.width(), image.height()) <= side:
        return image
    return image.scaled(
        _square(side),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _jpeg(image: QImage, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(quality)
    writer.setOptimizedWrite(True)
    if not writer.write(image):
        raise MemoryError
    return bytes(buffer.data().data())


def _thumbnail(photo: QImage) -> bytes:
    """Return the best small picture that is small enough."""
    tries = (
        _jpeg(_fitted(photo, side), quality) for side in THUMB_SIDES for quality in THUMB_QUALITIES
    )
    return next(raw for raw in tries if len(raw) <= THUMB_BYTES)


def _difference_hash(photo: QImage) -> str:
    """Return 64 bits as 16 hex digits: is each cell of a tiny picture darker than its right one."""
    tiny = photo.scaled(
        QSize(_HASH_COLUMNS, _HASH_ROWS),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QImage.Format.Format_Grayscale8)
    bits = 0
    for row in range(_HASH_ROWS):
        greys = [tiny.pixelColor(column, row).value() for column in range(_HASH_COLUMNS)]
        for left, right in pairwise(greys):
            bits = bits << 1 | (left < right)
    return f"{bits:016x}"
