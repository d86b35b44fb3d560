"""Real bundles made in memory for the tests of the format."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from learnsite_desktop.bundle.payloads import (
    Header,
    Media,
    PrivatePart,
    encode_end,
    encode_header,
    end_message,
)
from learnsite_desktop.bundle.seal import seal_stream
from learnsite_desktop.bundle.writer import BundleContent, ChainRange, FramePair
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.scopes import Scope
from learnsite_desktop.oplog.certificates import (
    IncarnationCertificate,
    make_checkpoint,
    make_enrolment,
    make_incarnation,
    make_request,
)
from learnsite_desktop.oplog.documents import Holding, ReceiptBody, make_document, make_receipt
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.oplog.line import commitment

AT = "2026-03-31T09:00:00+08:00"
VILLAGE, TOWNSHIP = "410122100200", "410122100"


@dataclass(frozen=True, slots=True)
class Device:
    """A device with its keys and current incarnation."""

    keys: DeviceKeys
    certificate: IncarnationCertificate


def new_device(unit: str = VILLAGE, tier: str = "village") -> Device:
    """Return a fresh device of `unit`."""
    keys = DeviceKeys.mint()
    return Device(keys, make_incarnation(keys, unit=unit, tier=tier, at=AT))


def chain_lines(device: Device, count: int, unit: str = VILLAGE) -> tuple[list[bytes], bytes]:
    """Return `count` operation lines of the device's chain for `unit`, and the last one's hash."""
    inc, prev = device.certificate.inc, device.certificate.genesis(unit)
    lines = []
    for n in range(1, count + 1):
        record = hashlib.sha256(b"%d" % n).digest()[:16]
        operation = {
            "at": AT,
            "f": {"note": f'第{n}场 "prev":"\\" 签到'},
            "inc": b64(inc),
            "k": "session.edit",
            "n": n,
            "prev": b64(prev),
            "r": b64(record),
            "sv": 1,
            "u": "zhang",
            "un": unit,
            "v": 1,
        }
        lines.append(canonical(operation))
        prev = hashlib.sha256(lines[-1]).digest()
    return lines, prev


def chain_range(device: Device, count: int, unit: str = VILLAGE) -> ChainRange:
    """Return the device's whole chain for `unit` with its checkpoint."""
    lines, head = chain_lines(device, count, unit)
    point = make_checkpoint(device.keys.sign, device.certificate.inc, unit, count, head)
    return ChainRange(1, lines, point)


def private_part(number: int) -> PrivatePart:
    """Return a learner's name as it travels."""
    salt, record = bytes([number]) * 16, b64(bytes([number]) * 16)
    value = f"王小明{number}"
    return PrivatePart(commitment(salt, record, "name", value), salt, record, "name", value)


def full_content(device: Device, township: Device, operations: int = 12) -> BundleContent:
    """Return content with every frame type."""
    inc = device.certificate.inc
    enrolment = make_enrolment(
        township.keys,
        device=device.keys.public,
        unit=VILLAGE,
        scopes=[Scope("own", VILLAGE)],
        at=AT,
    )
    request = make_request(device.keys, device.certificate, b"0123456789abcdef")
    document = make_document(
        township.keys, kind="notices", version=3, scope=TOWNSHIP, body=["开会"], at=AT
    )
    receipt = make_receipt(
        township.keys,
        ReceiptBody(
            by=township.certificate.inc,
            unit=VILLAGE,
            holds=(Holding(VILLAGE, inc, ((5, bytes(32)),)),),
            number=1,
            at=AT,
        ),
    )
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 20
    digest = hashlib.sha256(photo).digest()
    return BundleContent(
        certificates=[
            device.certificate.raw,
            township.certificate.raw,
            enrolment.raw,
            request.raw,
        ],
        documents=[document.raw],
        receipts=[receipt.raw],
        ranges=[chain_range(device, operations)],
        private=[private_part(1), private_part(2)],
        media=[Media("thumbnail", "image/jpeg", digest, bytes(32), photo)],
    )


def header_of(device: Device, *, kind: str = "up") -> Header:
    """Return the header of a bundle from the device to the township."""
    unit = device.certificate.unit
    figures = {"operations": 12}
    return Header(
        kind, unit, device.certificate.inc, TOWNSHIP, AT, counts=figures, periods=("2026-03",)
    )


def ended(frames: Iterable[FramePair], device: Device) -> list[FramePair]:
    """Return frames (the first is H) with a true frame E of the device behind them."""
    held = list(frames)
    digest = hashlib.sha256()
    for kind, payload in held:
        digest.update(kind.encode() + len(payload).to_bytes(4, "big") + payload)
    signed = end_message(hashlib.sha256(held[0][1]).digest(), digest.digest())
    return [*held, ("E", encode_end(digest.digest(), device.keys.sign(signed)))]


def raw_stream(frames: Iterable[FramePair]) -> bytes:
    """Return frames as bytes, in whatever order they come."""
    return b"".join(
        kind.encode("latin-1") + len(payload).to_bytes(4, "big") + payload
        for kind, payload in frames
    )


def sealed(stream: bytes, recipient: str) -> bytes:
    """Return a decompressed stream as a sealed file."""
    target = io.BytesIO()
    seal_stream([stream], target, [recipient])
    return target.getvalue()


def full_frames(device: Device, township: Device, operations: int = 12) -> list[FramePair]:
    """Return all frames of a bundle with every type, E excluded."""
    header = encode_header(header_of(device))
    return [("H", header), *full_content(device, township, operations).frames()]


def stored(folder: Path, content: bytes) -> Path:
    """Return the path of a file with this content."""
    path = folder / "try.lsb"
    path.write_bytes(content)
    return path
