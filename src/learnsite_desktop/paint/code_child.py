"""The child that looks for QR codes in a stranger's photo: bounded memory and time, then gone.

It prints one JSON object: what the codes hold, in hexadecimal, or why the photo cannot be read.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import zxingcpp
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.photo_bytes import require_picture
from learnsite_desktop.paint.photo_child import MAX_BYTES, REFUSED, limit_resources, upright

SIDE: Final = 4096
"""Enough for a page of A4 that fills half of a photo: 10 dots a millimetre."""
MOST_CODES: Final = 32
_SMALLER: Final = (0.5, 0.7)
"""Noise and the grain of a screen vanish in a smaller picture."""


def main(arguments: Sequence[str]) -> int:
    """Read the codes of the photo at a path."""
    (source,) = map(Path, arguments)
    limit_resources()
    try:
        found: dict[str, Any] = {"codes": [raw.hex() for raw in codes_of(source)]}
    except Refusal as refusal:
        found = {"code": refusal.code, "params": refusal.params}
    except MemoryError:
        found = {"code": "photo_too_large", "params": {}}
    sys.stdout.write(json.dumps(found))
    return REFUSED if "code" in found else 0


def codes_of(source: Path) -> list[bytes]:
    """Return what the codes in a photo hold; its name says nothing. Refuses as for photos."""
    with source.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise Refusal("photo_too_large")
    return codes_in(upright(raw, require_picture(raw, ""), SIDE))


def codes_in(image: QImage) -> list[bytes]:
    """Return what the QR codes in a picture hold, each once."""
    found = dict.fromkeys(_read(image))
    for share in _SMALLER:
        size = QSize(round(image.width() * share), round(image.height() * share))
        smaller = image.scaled(
            size,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        found.update(dict.fromkeys(_read(smaller)))
    return list(found)[:MOST_CODES]


def _read(image: QImage) -> list[bytes]:
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    shape = (gray.height(), gray.bytesPerLine())
    lines = memoryview(bytes(gray.constBits())).cast("B", shape)
    found = zxingcpp.read_barcodes(
        lines, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [bytes(one.bytes) for one in found if one.valid]
