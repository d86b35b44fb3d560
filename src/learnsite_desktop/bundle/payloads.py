"""Payloads of the frames H, K, D, R, C, P, M and E; O has its own module, `ranges`.

Every JSON is canonical (see `domain.ids.canonical`); bytes inside JSON are base64url. Decoding
raises a Refusal; the reader adds the place.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.frames import TARGET_PAYLOAD_BYTES
from learnsite_desktop.domain.ids import HASH_BYTES, RECORD_ID_BYTES, b64, canonical, unb64
from learnsite_desktop.oplog.certificates import (
    MAX_REVOCATION_BYTES,
    Certificate,
    Checkpoint,
    parse_enrolment,
    parse_incarnation,
    parse_request,
    parse_revocation,
)
from learnsite_desktop.oplog.documents import Document, Receipt, parse_document, parse_receipt
from learnsite_desktop.oplog.line import COMMITMENT_SALT_BYTES, commitment, is_hash, is_id
from learnsite_desktop.oplog.signed import (
    SIGNATURE_BYTES,
    as_blob,
    as_integer,
    as_time,
    as_unit,
    malformed,
    strict_json,
)

FORMAT: Final = 1
KINDS: Final = frozenset({"up", "down", "relay", "peer"})
MEDIA_KINDS: Final = frozenset({"thumbnail", "original"})
MAX_MEDIA_BYTES: Final = 1024 * 1024
MAX_PRIVATE_BYTES: Final = 256 * 1024
KNOWN_BYTES: Final = 6
MAX_KNOWN: Final = 10_000
_MAX_HEADER_BYTES: Final = 256 * 1024
_SMALL_LIMIT: Final = 4096
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,64}/[a-z0-9.+-]{1,64}", re.ASCII)
_SIGNED_FROM: Final = len('["",') + 43 + len('"",') + 22
"""Where in a canonical line of frame P the record, register and value begin."""
_encode: Final = msgspec.json.Encoder().encode
_decode_texts: Final = msgspec.json.Decoder(tuple[str, str, str, str, str]).decode
_PERIOD: Final = re.compile(r"\d{4}(-\d\d|-Q[1-4]|-H[12]|-\d{4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Header:
    """Frame H: what a bundle is and between whom.

    `kind` up | down | relay | peer; `basis` hash of the receipt the sender built on; `counts` and
    `sizes` figures for display and quotas; `periods` the periods touched; `at` wall time; `known`
    the beginnings of the hashes of receipts that the sender holds: they need not come again.
    """

    kind: str
    from_unit: str
    from_inc: bytes
    to_unit: str
    at: str
    basis: bytes | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    periods: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    format: int = FORMAT
    min_reader: int = FORMAT
    known: tuple[bytes, ...] = ()


def encode_header(header: Header) -> bytes:
    """Return the payload of frame H."""
    body: dict[str, object] = {
        "at": header.at,
        "counts": dict(header.counts),
        "format": header.format,
        "from": header.from_unit,
        "from_inc": b64(header.from_inc),
        "kind": header.kind,
        "min_reader": header.min_reader,
        "periods": list(header.periods),
        "sizes": dict(header.sizes),
        "to": header.to_unit,
    }
    if header.basis is not None:
        body["basis"] = b64(header.basis)
    if header.known:
        body["known"] = [b64(item) for item in header.known[:MAX_KNOWN]]
    payload = canonical(body)
    decode_header(payload)
    return payload


def decode_header(payload: bytes) -> Header:
    """Return the header; BundleError `newer_format` if it needs a newer reader.

    Keys not known here are ignored, so that a later format can add some.
    """
    value = _strict_object(payload, "H", _MAX_HEADER_BYTES)
    if as_integer(value.get("min_reader"), 1, "H", "min_reader") > FORMAT:
        raise BundleError("newer_format", version=value["min_reader"])
    kind, periods = value.get("kind"), value.get("periods")
    if kind not in KINDS:
        raise malformed("H", "kind")
    if not isinstance(periods, list) or not all(_is_period(item) for item in periods):
        raise malformed("H", "periods")
    return Header(
        kind=str(kind),
        from_unit=as_unit(value.get("from"), "H", "from"),
        from_inc=as_blob(value.get("from_inc"), RECORD_ID_BYTES, "H", "from_inc"),
        to_unit=as_unit(value.get("to"), "H", "to"),
        at=as_time(value.get("at"), "H", "at"),
        basis=as_blob(value["basis"], HASH_BYTES, "H", "basis") if "basis" in value else None,
        counts=_figures(value, "counts"),
        periods=tuple(periods),
        sizes=_figures(value, "sizes"),
        format=as_integer(value.get("format"), 1, "H", "format"),
        min_reader=value["min_reader"],
        known=_parse_known(value.get("known", [])),
    )


def _parse_known(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MAX_KNOWN:
        raise malformed("H", "known")
    return tuple(as_blob(item, KNOWN_BYTES, "H", "known") for item in value)


def _is_period(value: object) -> bool:
    return isinstance(value, str) and _PERIOD.fullmatch(value) is not None


def _figures(value: dict[str, Any], key: str) -> dict[str, int]:
    figures = value.get(key)
    if not isinstance(figures, dict):
        raise malformed("H", key)
    return {name: as_integer(figure, 0, "H", key) for name, figure in figures.items()}


def _strict_object(payload: bytes, what: str, limit: int) -> dict[str, Any]:
    value = strict_json(payload, what, limit)
    if not isinstance(value, dict):
        raise malformed(what, "not an object")
    return value


def encode_lines(lines: Iterable[bytes], *, limit: int = TARGET_PAYLOAD_BYTES) -> Iterator[bytes]:
    """Yield payloads of LF-separated lines (K, D, R, P), split where `limit` bytes are passed.

    A single line may exceed `limit`; none may contain a LF, which canonical JSON never does.
    """
    kept: list[bytes] = []
    size = 0
    for line in lines:
        if kept and size + len(line) + 1 > limit:
            yield b"\n".join(kept)
            kept, size = [], 0
        kept.append(line)
        size += len(line) + 1
    if kept:
        yield b"\n".join(kept)


def decode_certificates(payload: bytes) -> list[Certificate]:
    """Return the certificates and requests of frame K, self-contained signatures checked."""
    return [_parse_certificate(line) for line in payload.split(b"\n")]


def _parse_certificate(line: bytes) -> Certificate:
    kind = _strict_object(line, "K", MAX_REVOCATION_BYTES).get("t")
    if kind == "incarnation":
        return parse_incarnation(line)
    if kind == "enrolment":
        return parse_enrolment(line)
    if kind == "request":
        return parse_request(line)
    if kind == "revocation":
        return parse_revocation(line)
    raise malformed("K", "t")


def decode_documents(payload: bytes) -> list[Document]:
    """Return the documents of frame D, signatures checked."""
    return [parse_document(line) for line in payload.split(b"\n")]


def decode_receipts(payload: bytes) -> list[Receipt]:
    """Return the receipts of frame R; signatures are checked where the key is known."""
    return [parse_receipt(line) for line in payload.split(b"\n")]


def encode_checkpoint(checkpoint: Checkpoint) -> bytes:
    """Return the payload of frame C: canonical [inc, un, n, head, sig]."""
    return canonical(
        [
            b64(checkpoint.inc),
            checkpoint.unit,
            checkpoint.n,
            b64(checkpoint.head),
            b64(checkpoint.sig),
        ]
    )


def decode_checkpoint(payload: bytes) -> Checkpoint:
    """Return the checkpoint of frame C; its signature is not checked here."""
    value = strict_json(payload, "C", _SMALL_LIMIT)
    if not isinstance(value, list) or len(value) != 5:
        raise malformed("C", "shape")
    return Checkpoint(
        inc=as_blob(value[0], RECORD_ID_BYTES, "C", "inc"),
        unit=as_unit(value[1], "C", "un"),
        n=as_integer(value[2], 1, "C", "n"),
        head=as_blob(value[3], HASH_BYTES, "C", "head"),
        sig=as_blob(value[4], SIGNATURE_BYTES, "C", "sig"),
    )


@dataclass(frozen=True, slots=True)
class PrivatePart:
    """A private register's value as it travels, keyed by its commitment.

    `record` is the record id as text; `value` any JSON value without floats.
    """

    commitment: bytes
    salt: bytes
    record: str
    register: str
    value: Any


def encode_private(part: PrivatePart) -> bytes:
    """Return one line of frame P: canonical [commitment, salt, record, register, value]."""
    return canonical([b64(part.commitment), b64(part.salt), part.record, part.register, part.value])


def decode_private(payload: bytes) -> list[PrivatePart]:
    """Return the private parts of frame P, each checked against its commitment."""
    return [_parse_text(line) or _parse_private(line) for line in payload.split(b"\n")]


def _parse_text(line: bytes) -> PrivatePart | None:
    """Return a part whose value is plain text, as nearly all are; None for any other or a bad one.

    A shorter way to what `_parse_private` gives: the committed text is cut from the line itself.
    """
    try:
        row = _decode_texts(line)
    except (msgspec.MsgspecError, ValueError):
        return None
    name, salt, record, register, value = row
    if len(line) > MAX_PRIVATE_BYTES or _encode(row) != line or not register:
        return None
    if not (is_hash(name) and is_id(salt) and is_id(record)):
        return None
    part = PrivatePart(unb64(name), unb64(salt), record, register, value)
    found = hashlib.sha256(part.salt + b"[" + line[_SIGNED_FROM:]).digest()
    return part if found == part.commitment else None


def _parse_private(line: bytes) -> PrivatePart:
    row = strict_json(line, "P", MAX_PRIVATE_BYTES)
    if not isinstance(row, list) or len(row) != 5 or not isinstance(row[3], str) or not row[3]:
        raise malformed("P", "shape")
    part = PrivatePart(
        commitment=as_blob(row[0], HASH_BYTES, "P", "commitment"),
        salt=as_blob(row[1], COMMITMENT_SALT_BYTES, "P", "salt"),
        record=b64(as_blob(row[2], RECORD_ID_BYTES, "P", "record")),
        register=row[3],
        value=row[4],
    )
    if commitment(part.salt, part.record, part.register, part.value) != part.commitment:
        raise malformed("P", "commitment")
    return part


@dataclass(frozen=True, slots=True)
class Media:
    """A photo as it travels: `kind` thumbnail | original, `hash` SHA-256 of `content`.

    `of` is the original's hash if this is its thumbnail, else the same as `hash`.
    """

    kind: str
    type: str
    hash: bytes
    of: bytes
    content: bytes


def encode_media(media: Media) -> bytes:
    """Return the payload of frame M: canonical {"hash","kind","of","type"}, LF, the bytes."""
    head = canonical(
        {"hash": b64(media.hash), "kind": media.kind, "of": b64(media.of), "type": media.type}
    )
    payload = head + b"\n" + media.content
    decode_media(payload)
    return payload


def decode_media(payload: bytes) -> Media:
    """Return the photo of frame M, its hash checked."""
    first, _, content = payload.partition(b"\n")
    value = _strict_object(first, "M", _SMALL_LIMIT)
    kind, media_type = value.get("kind"), value.get("type")
    if len(content) > MAX_MEDIA_BYTES or kind not in MEDIA_KINDS:
        raise malformed("M", "kind or size")
    if not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
        raise malformed("M", "type")
    media = Media(
        kind=str(kind),
        type=media_type,
        hash=as_blob(value.get("hash"), HASH_BYTES, "M", "hash"),
        of=as_blob(value.get("of"), HASH_BYTES, "M", "of"),
        content=content,
    )
    if hashlib.sha256(content).digest() != media.hash:
        raise malformed("M", "hash")
    return media


def end_message(header_hash: bytes, digest: bytes) -> bytes:
    """Return what the sender signs in frame E: canonical [SHA-256 of H's payload, hash]."""
    return canonical([b64(header_hash), b64(digest)])


def encode_end(digest: bytes, signature: bytes) -> bytes:
    """Return the payload of frame E: canonical {"hash","sig"}."""
    return canonical({"hash": b64(digest), "sig": b64(signature)})


def decode_end(payload: bytes) -> tuple[bytes, bytes]:
    """Return (hash, signature) of frame E."""
    value = _strict_object(payload, "E", _SMALL_LIMIT)
    return (
        as_blob(value.get("hash"), HASH_BYTES, "E", "hash"),
        as_blob(value.get("sig"), SIGNATURE_BYTES, "E", "sig"),
    )
