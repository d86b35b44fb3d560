"""Opening a bundle: `scan` checks it whole and tells what it is, `replay` hands over its content.

Both read the file from the start in bounded memory and check the same things, so a file that
changes between the two passes is refused as well. Whatever the bytes are, the only exception
about them is BundleError; what a sink raises comes through unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyrage import x25519

from learnsite_desktop.bundle.errors import BundleError, at_place
from learnsite_desktop.bundle.frames import Frame, FrameParser
from learnsite_desktop.bundle.payloads import Header, decode_header
from learnsite_desktop.bundle.readers.v1 import (
    BundleSink,
    FindIncarnation,
    NullSink,
    ReaderV1,
)
from learnsite_desktop.bundle.seal import Limits, open_stream
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.oplog.certificates import (
    Certificate,
    Checkpoint,
    IncarnationCertificate,
)

READERS: Final = MappingProxyType({1: ReaderV1})
"""Reader class by `min_reader` of the header: the version whose rules the file keeps."""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """What a bundle that passed all checks is.

    `bundle_id` base64url of the first 16 bytes of `digest`, the hash of its frames; `sender` the
    certificate the end signature was checked with (proof of who wrote it, not of their right to);
    `checkpoints` the end of every range; `counts` of operations, certificates, documents,
    receipts, private and media; `size` uncompressed bytes.
    """

    header: Header
    bundle_id: str
    digest: bytes
    sender: IncarnationCertificate
    certificates: tuple[Certificate, ...]
    checkpoints: tuple[Checkpoint, ...]
    counts: dict[str, int]
    size: int


def _knows_nobody(_inc: bytes) -> IncarnationCertificate | None:
    return None


def scan(
    path: Path,
    identities: Sequence[x25519.Identity],
    find: FindIncarnation = _knows_nobody,
    *,
    limits: Limits | None = None,
    expect: bytes | None = None,
) -> BundleSummary:
    """Check the whole bundle at `path` and return its summary; raises BundleError.

    `identities` as of `DeviceKeys.identities`; `find` gives the incarnation certificates this
    node holds, those in the bundle's own frame K are found without it. `expect` as in `replay`.
    """
    return replay(path, identities, NullSink(), find, limits=limits, expect=expect)


def replay(
    path: Path,
    identities: Sequence[x25519.Identity],
    sink: BundleSink,
    find: FindIncarnation = _knows_nobody,
    *,
    limits: Limits | None = None,
    expect: bytes | None = None,
) -> BundleSummary:
    """Hand the content of the bundle at `path` to `sink`, checking it again; returns the summary.

    Raises BundleError, possibly after the sink has been given something. `expect` is the digest
    of an earlier scan: BundleError `hash_mismatch` if the file is another one by now.
    """
    walk = _Walk(sink, find)
    try:
        source = path.open("rb")
    except OSError as error:
        raise BundleError("bundle_unreadable", str(path)) from error
    with source:
        open_stream(source, identities, walk.feed, limits)
    summary = walk.finish()
    if expect is not None and summary.digest != expect:
        raise BundleError("hash_mismatch", path.name)
    return summary


class _Walk:
    """Feeds decompressed pieces to the frame parser and its frames to the right reader."""

    def __init__(self, sink: BundleSink, find: FindIncarnation) -> None:
        self._sink = sink
        self._find = find
        self._parser = FrameParser()
        self._header: Header | None = None
        self._reader: ReaderV1 | None = None
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Take the next decompressed bytes."""
        self._size += len(piece)
        for frame in self._parser.feed(piece):
            if self._reader is None:
                self._begin(frame)
            elif frame.type == "E":
                self._reader.end(frame, self._parser.digest)
            else:
                self._reader.take(frame)

    def _begin(self, frame: Frame) -> None:
        with at_place(frame.place):
            self._header = decode_header(frame.payload)
        reader = READERS[self._header.min_reader]
        self._reader = reader(self._header, frame.payload, self._find, self._sink)

    def finish(self) -> BundleSummary:
        """Return the summary once the stream has ended well."""
        self._parser.finish()
        reader, header = self._reader, self._header
        if reader is None or header is None or reader.sender is None:
            raise BundleError("end_missing")
        return BundleSummary(
            header=header,
            bundle_id=b64(reader.digest[:RECORD_ID_BYTES]),
            digest=reader.digest,
            sender=reader.sender,
            certificates=tuple(reader.certificates),
            checkpoints=tuple(reader.checkpoints),
            counts=dict(reader.counts),
            size=self._size,
        )
