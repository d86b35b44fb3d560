"""Writing a bundle: `.part` → fsync → read back and verify → rename → fsync of the folder.

Nothing under the final name is ever half a bundle, and a bundle that its own writer cannot read
never gets one.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from learnsite_desktop.bundle.frames import FrameStream
from learnsite_desktop.bundle.payloads import (
    Header,
    Media,
    PrivatePart,
    encode_checkpoint,
    encode_end,
    encode_header,
    encode_lines,
    encode_media,
    encode_private,
    end_message,
)
from learnsite_desktop.bundle.ranges import encode_ranges
from learnsite_desktop.bundle.reader import scan
from learnsite_desktop.bundle.seal import seal_stream
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.certificates import Checkpoint, IncarnationCertificate
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.platform.disk_errors import disk_code
from learnsite_desktop.platform.durable import settle_folder

FramePair = tuple[str, bytes]
"""Frame type and payload."""

_HASH_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ChainRange:
    """Consecutive stored lines of one chain, `first` the first's number, up to a checkpoint.

    `lines` may be a generator; it is read once, when the bundle is written.
    """

    first: int
    lines: Iterable[bytes]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class BundleContent:
    """What goes into a bundle besides its header; every part is read once, in frame order.

    `certificates`, `documents` and `receipts` are the bytes as signed. `ranges` must come sorted
    by (incarnation id bytes, unit code); the checkpoint names the chain.
    """

    certificates: Iterable[bytes] = ()
    documents: Iterable[bytes] = ()
    receipts: Iterable[bytes] = ()
    ranges: Iterable[ChainRange] = ()
    private: Iterable[PrivatePart] = ()
    media: Iterable[Media] = ()

    def frames(self) -> Iterator[FramePair]:
        """Yield the frames between H and E."""
        for kind, lines in (("K", self.certificates), ("D", self.documents), ("R", self.receipts)):
            for payload in encode_lines(lines):
                yield kind, payload
        for item in self.ranges:
            point = item.checkpoint
            for payload in encode_ranges(point.inc, point.unit, item.first, item.lines):
                yield "O", payload
            yield "C", encode_checkpoint(point)
        for payload in encode_lines(encode_private(part) for part in self.private):
            yield "P", payload
        for media in self.media:
            yield "M", encode_media(media)


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """A bundle on disk: `bundle_id` as in `BundleSummary`, `size` bytes, `sha256` of the file."""

    path: Path
    bundle_id: str
    digest: bytes
    size: int
    sha256: bytes
    counts: dict[str, int]


def write_bundle(
    path: Path,
    header: Header,
    content: BundleContent,
    *,
    recipients: Iterable[str],
    keys: DeviceKeys,
    sender: IncarnationCertificate,
    known: Sequence[IncarnationCertificate] = (),
    fsync: bool = True,
) -> WrittenBundle:
    """Write the bundle to `path` and return what was written.

    `recipients` are the receivers' age recipients; the sender's own device is added so that the
    file can be read back. `sender` is the certificate of `header.from_inc`, signed for with
    `keys`; `known` are authors' certificates that the bundle itself does not carry. An existing
    file of that name is replaced. Raises Refusal `disk_full` or `file_not_permitted`, and
    BundleError if the read-back fails; then neither the file nor a `.part` remains.
    """
    part = path.with_name(path.name + ".part")
    try:
        digest = _write_part(part, header, content, [*recipients, keys.recipient], keys, fsync)
        certificates = {item.inc: item for item in (*known, sender)}
        summary = scan(part, keys.identities(), certificates.get, expect=digest)
        size, sha256 = _measure(part)
        part.replace(path)
        if fsync:
            settle_folder(path.parent)
    except OSError as error:
        _remove(part)
        raise _write_refusal(error, path) from error
    except BaseException:
        _remove(part)
        raise
    bundle_id = b64(digest[:RECORD_ID_BYTES])
    return WrittenBundle(path, bundle_id, digest, size, sha256, summary.counts)


def _write_part(
    part: Path,
    header: Header,
    content: BundleContent,
    recipients: Sequence[str],
    keys: DeviceKeys,
    fsync: bool,  # noqa: FBT001 - private, passed on by name's order
) -> bytes:
    stream = FrameStream()
    digests: list[bytes] = []

    def all_frames() -> Iterator[FramePair]:
        payload = encode_header(header)
        yield "H", payload
        yield from content.frames()
        digests.append(stream.digest())
        message = end_message(hashlib.sha256(payload).digest(), digests[0])
        yield "E", encode_end(digests[0], keys.sign(message))

    with part.open("wb") as target:
        seal_stream(stream.pieces(all_frames()), target, recipients)
        target.flush()
        if fsync:
            os.fsync(target.fileno())
    return digests[0]


def _measure(path: Path) -> tuple[int, bytes]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as source:
        while piece := source.read(_HASH_PIECE):
            digest.update(piece)
            size += len(piece)
    return size, digest.digest()


def _remove(part: Path) -> None:
    """Remove what is half written; on a stick that was pulled out it stays."""
    with suppress(OSError):
        part.unlink(missing_ok=True)


def _write_refusal(error: OSError, path: Path) -> BaseException:
    code = disk_code(error)
    if code in ("disk_full", "disk_readonly"):
        return Refusal(code, where=str(path))
    if isinstance(error, PermissionError):
        return Refusal("file_not_permitted", where=str(path))
    if isinstance(error, FileNotFoundError):
        return Refusal("file_missing", where=str(path.parent))
    error.filename = error.filename or str(path)
    return error
