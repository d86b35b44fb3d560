"""Reader of format 1: takes frames one by one, checks all that the file itself can prove.

Checked: certificates and their self-signatures, documents, receipts, the hash chain inside every
range, genesis, checkpoints, private commitments, media hashes, the end frame. What the node holds
already (does a range continue a known head? may this author write here?) is for the receiver.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from learnsite_desktop.bundle.errors import BundleError, at_place
from learnsite_desktop.bundle.frames import Frame
from learnsite_desktop.bundle.payloads import (
    Header,
    Media,
    PrivatePart,
    decode_certificates,
    decode_checkpoint,
    decode_documents,
    decode_end,
    decode_media,
    decode_private,
    decode_receipts,
    end_message,
)
from learnsite_desktop.bundle.ranges import RangeHead, decode_range
from learnsite_desktop.oplog.certificates import (
    Certificate,
    Checkpoint,
    IncarnationCertificate,
    Request,
)
from learnsite_desktop.oplog.documents import Document, Receipt
from learnsite_desktop.oplog.signed import verify

MAX_CERTIFICATES_BYTES: Final = 64 * 1024 * 1024
MAX_CERTIFICATES: Final = 20_000
MAX_RANGES: Final = 200_000

FindIncarnation = Callable[[bytes], IncarnationCertificate | None]
"""Looks up a certificate this node holds: incarnation id → certificate or None."""


class BundleSink(Protocol):
    """Receives the content of a bundle in the order of its frames.

    Everything a call brings is checked in itself, but the bundle as a whole only once reading has
    returned: keep it in a transaction until then.
    """

    def certificates(self, certificates: list[Certificate]) -> None:
        """Take certificates and requests."""

    def documents(self, documents: list[Document]) -> None:
        """Take down documents."""

    def receipts(self, receipts: list[Receipt]) -> None:
        """Take receipts, signatures checked."""

    def range(
        self,
        head: RangeHead,
        lines: list[bytes],
        hashes: list[bytes],
        checkpoint: Checkpoint | None,
    ) -> None:
        """Take consecutive lines of one chain with their hashes.

        `checkpoint` signs the last of them; None if the next call continues this range.
        """

    def private(self, parts: list[PrivatePart]) -> None:
        """Take private parts, each matching its commitment."""

    def media(self, media: Media) -> None:
        """Take a photo."""


class NullSink:
    """A sink that keeps nothing: reading with it only checks."""

    def certificates(self, certificates: list[Certificate]) -> None:
        """Drop certificates."""

    def documents(self, documents: list[Document]) -> None:
        """Drop documents."""

    def receipts(self, receipts: list[Receipt]) -> None:
        """Drop receipts."""

    def range(
        self,
        head: RangeHead,
        lines: list[bytes],
        hashes: list[bytes],
        checkpoint: Checkpoint | None,
    ) -> None:
        """Drop lines."""

    def private(self, parts: list[PrivatePart]) -> None:
        """Drop private parts."""

    def media(self, media: Media) -> None:
        """Drop a photo."""


_Range = tuple[RangeHead, list[bytes], list[bytes]]
_Delivery = Callable[[], None]


def _deliver_nothing() -> None:
    return


class ReaderV1:
    """Checks the frames after H of one bundle and hands their content to `sink`.

    `counts` holds operations, certificates, documents, receipts, private, media; `incarnations`
    the certificates of frame K by id; `digest` and `sender` are set by the end frame.
    """

    def __init__(
        self, header: Header, header_payload: bytes, find: FindIncarnation, sink: BundleSink
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.incarnations: dict[bytes, IncarnationCertificate] = {}
        self.certificates: list[Certificate] = []
        self.checkpoints: list[Checkpoint] = []
        self.digest = b""
        self.sender: IncarnationCertificate | None = None
        self._header = header
        self._header_hash = hashlib.sha256(header_payload).digest()
        self._find = find
        self._sink = sink
        self._open: _Range | None = None
        self._chain: tuple[bytes, str] = (b"", "")
        self._requests: list[Request] = []
        self._certificate_bytes = 0
        self._takers: dict[str, Callable[[bytes], _Delivery]] = {
            "K": self._take_certificates,
            "D": self._take_documents,
            "R": self._take_receipts,
            "O": self._take_range,
            "C": self._take_checkpoint,
            "P": self._take_private,
            "M": self._take_media,
        }

    def take(self, frame: Frame) -> None:
        """Take the next frame other than H and E; raises BundleError."""
        with at_place(frame.place):
            deliver = self._takers[frame.type](frame.payload)
        deliver()  # outside: what the sink raises is not about the bundle

    def end(self, frame: Frame, digest: bytes) -> None:
        """Take frame E; `digest` is the hash of all frames before it."""
        with at_place(frame.place):
            claimed, signature = decode_end(frame.payload)
            if claimed != digest:
                raise BundleError("hash_mismatch")
            sender = self._incarnation(self._header.from_inc)
            if sender.unit != self._header.from_unit or not verify(
                sender.ed, signature, end_message(self._header_hash, digest)
            ):
                raise BundleError("sender_signature")
            for request in self._requests:
                request.verify(self._incarnation(request.inc))
        self.digest, self.sender = digest, sender

    def _incarnation(self, inc: bytes) -> IncarnationCertificate:
        found = self.incarnations.get(inc) or self._find(inc)
        if found is None:
            raise BundleError("author_unknown")
        return found

    def _take_certificates(self, payload: bytes) -> _Delivery:
        self._certificate_bytes += len(payload)
        if self._certificate_bytes > MAX_CERTIFICATES_BYTES:
            raise BundleError("part_too_large", limit=MAX_CERTIFICATES_BYTES)
        # Each costs a signature to check: counted before that is done.
        if self.counts["certificates"] + payload.count(b"\n") >= MAX_CERTIFICATES:
            raise BundleError("bundle_too_large", limit=MAX_CERTIFICATES)
        certificates = decode_certificates(payload)
        for item in certificates:
            if isinstance(item, IncarnationCertificate):
                self.incarnations[item.inc] = item
            elif isinstance(item, Request):
                self._requests.append(item)
        self.certificates += certificates
        self.counts["certificates"] += len(certificates)
        return partial(self._sink.certificates, certificates)

    def _take_documents(self, payload: bytes) -> _Delivery:
        documents = decode_documents(payload)
        self.counts["documents"] += len(documents)
        return partial(self._sink.documents, documents)

    def _take_receipts(self, payload: bytes) -> _Delivery:
        receipts = decode_receipts(payload)
        for receipt in receipts:
            receipt.verify(self._incarnation(receipt.by).ed)
        self.counts["receipts"] += len(receipts)
        return partial(self._sink.receipts, receipts)

    def _take_range(self, payload: bytes) -> _Delivery:
        head, lines, hashes = decode_range(payload)
        deliver = self._give_range(None)
        if self._open is None:
            self._begin_chain(head)
        else:
            before, _, last = self._open
            follows = (before.inc, before.unit, before.last + 1, last[-1])
            if (head.inc, head.unit, head.n, head.prev) != follows:
                raise BundleError("chain_broken", detail=f"n {head.n}")
        self._open = (head, lines, hashes)
        return deliver

    def _begin_chain(self, head: RangeHead) -> None:
        chain = (head.inc, head.unit)
        if chain < self._chain:
            raise BundleError("frame_order", after="O")
        self._chain = chain
        author = self._incarnation(head.inc)
        if head.n == 1 and head.prev != author.genesis(head.unit):
            raise BundleError("chain_broken", detail="n 1")

    def _take_checkpoint(self, payload: bytes) -> _Delivery:
        checkpoint = decode_checkpoint(payload)
        if self._open is None:
            raise BundleError("frame_order", after="C")
        head, _, hashes = self._open
        end = (head.inc, head.unit, head.last, hashes[-1])
        if (checkpoint.inc, checkpoint.unit, checkpoint.n, checkpoint.head) != end:
            raise BundleError("chain_broken", detail=f"n {checkpoint.n}")
        checkpoint.verify(self._incarnation(checkpoint.inc).ed)
        if len(self.checkpoints) >= MAX_RANGES:
            raise BundleError("bundle_too_large", limit=MAX_RANGES)
        self.checkpoints.append(checkpoint)
        deliver = self._give_range(checkpoint)
        self._open = None
        return deliver

    def _give_range(self, checkpoint: Checkpoint | None) -> _Delivery:
        """Return the delivery of the range held back until it was known how it goes on."""
        if self._open is None:
            return _deliver_nothing
        head, lines, hashes = self._open
        self.counts["operations"] += head.count
        return partial(self._sink.range, head, lines, hashes, checkpoint)

    def _take_private(self, payload: bytes) -> _Delivery:
        parts = decode_private(payload)
        self.counts["private"] += len(parts)
        return partial(self._sink.private, parts)

    def _take_media(self, payload: bytes) -> _Delivery:
        media = decode_media(payload)
        self.counts["media"] += 1
        return partial(self._sink.media, media)
