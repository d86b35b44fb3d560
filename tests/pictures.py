"""Pictures made by script, and their bytes taken apart by hand: nothing of the product."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter


def scene(width: int = 640, height: int = 480, seed: int = 1) -> QImage:
    """Return a picture with its upper left quarter red and patches that depend on `seed`."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(30, 30, 60))
    painter = QPainter(image)
    state = seed * 7919
    for row in range(6):
        for column in range(6):
            state = (state * 1103515245 + 12345) % 2**31
            shade = state >> 16 & 255
            place = QRect(column * width // 6, row * height // 6, width // 6, height // 6)
            painter.fillRect(place, QColor(shade // 2, shade, 255 - shade))
    painter.fillRect(QRect(0, 0, width // 2, height // 2), Qt.GlobalColor.red)
    painter.end()
    return image


def encoded(image: QImage, kind: str = "jpeg", quality: int = 90) -> bytes:
    """Return a picture as a file's bytes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(kind.encode()))
    writer.setQuality(quality)
    assert writer.write(image)
    return bytes(buffer.data().data())


def decoded(raw: bytes) -> QImage:
    """Return the picture of a file's bytes."""
    image = QImage.fromData(QByteArray(raw))
    assert not image.isNull()
    return image


def with_camera_notes(jpeg: bytes, orientation: int = 6) -> bytes:
    """Return a JPEG with an Exif segment as phones write it: turned, with place, time, camera."""
    place = b"GPS 34.4N 113.0E SECRET-PLACE"
    camera = b"SECRET-PHONE\0"
    entries = struct.pack("<HHII", 0x010F, 2, len(camera), 62)
    entries += struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack("<HHII", 0x8825, 4, 1, 80)
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 3) + entries + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff.ljust(62, b"\0") + camera.ljust(18, b"\0") + place
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    comment = b"\xff\xfe" + struct.pack(">H", 16) + b"SECRET-COMMENT"
    return jpeg[:2] + segment + comment + jpeg[2:]


def segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker, content) of a JPEG's segments up to its first scan."""
    stream = BytesIO(jpeg)
    assert stream.read(2) == b"\xff\xd8"
    while True:
        flag, marker = stream.read(2)
        assert flag == 0xFF
        (length,) = struct.unpack(">H", stream.read(2))
        yield marker, stream.read(length - 2)
        if marker == 0xDA:
            return


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def png_bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(bytes(4 * 1024 * 1024), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_bomb(jpeg: bytes) -> bytes:
    """Return a JPEG whose header says 65000 × 65000."""
    place = next(i for i in range(len(jpeg)) if jpeg[i : i + 2] in (b"\xff\xc0", b"\xff\xc2"))
    return jpeg[: place + 5] + struct.pack(">HH", 65000, 65000) + jpeg[place + 9 :]


def heic() -> bytes:
    """Return the beginning of a file as phones write it in HEIC."""
    box = b"ftyp" + b"heic" + b"\0\0\0\0" + b"mif1heicMiHE"
    return struct.pack(">I", len(box) + 4) + box + b"\0\0\0\x08meta" + bytes(200)


def photo_file(path: Path, seed: int = 1) -> Path:
    """Write a photo; return its path."""
    path.write_bytes(with_camera_notes(encoded(scene(seed=seed)), orientation=1))
    return path
