"""The seal: frames → one zstd stream → age encryption, and back, both in bounded memory.

age proves that nothing was changed since some sender wrote it for us, not who the sender was; that
is the signature in frame E. Opening gives one BundleError for whatever the bytes may be.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import pyrage
import zstandard

from learnsite_desktop.bundle.diagnosis import is_cut_short
from learnsite_desktop.bundle.errors import BundleError

MAGIC: Final = b"age-encryption.org/v1\n"
MAGIC_ANY: Final = b"age-encryption.org/"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
MAX_AGE_HEAD_BYTES: Final = 64 * 1024
MAX_WINDOW_BYTES: Final = 16 * 1024 * 1024
LEVEL: Final = 3
WINDOW_LOG: Final = 24
HASH_LOG: Final = 20
"""Tables large enough to find an id or a commitment again that stands megabytes before."""

_ZSTD_HEAD_BYTES: Final = 18
_UNKNOWN_SIZE: Final = (2**64 - 1, 2**64 - 2)
_SLICE: Final = 512
_RATIO_FREE_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bundle may cost its reader.

    `file_bytes` size of the file, `total_bytes` size uncompressed, `ratio` how many times the
    compressed size that may be (counted from 64 MiB on: short streams of equal lines pack well).
    """

    file_bytes: int = 1024**3
    total_bytes: int = 1024**3
    ratio: int = 400


class _Source:
    """What age reads while sealing: the compressed stream, pulled from an iterator of pieces."""

    def __init__(self, pieces: Iterable[bytes], size: int | None) -> None:
        parameters = zstandard.ZstdCompressionParameters.from_level(
            LEVEL,
            window_log=WINDOW_LOG,
            hash_log=HASH_LOG,
            chain_log=HASH_LOG,
            write_checksum=True,
            write_content_size=True,
        )
        compressor = zstandard.ZstdCompressor(compression_params=parameters)
        if size is None:
            self._zstd = compressor.compressobj()
        else:
            self._zstd = compressor.compressobj(size=size)
        self._packed = self._compress(pieces)
        self._ready = bytearray()
        self.error: BaseException | None = None

    def _compress(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            yield self._zstd.compress(piece)
        yield self._zstd.flush()

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, b"" at the end."""
        try:
            while size < 0 or len(self._ready) < size:
                piece = next(self._packed, None)
                if piece is None:
                    break
                self._ready += piece
        except BaseException as error:
            self.error = error
            raise
        end = len(self._ready) if size < 0 else size
        taken = bytes(self._ready[:end])
        del self._ready[:end]
        return taken


class _Target:
    """What age writes to; keeps the real error, which the library would turn into text."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.error: BaseException | None = None

    def write(self, piece: bytes) -> int:
        """Write all of `piece`; after a failure the library tries once more, which is too late."""
        if self.error is not None:
            raise self.error
        try:
            self._write(piece)
        except BaseException as error:
            self.error = error
            raise
        return len(piece)

    def flush(self) -> None:
        """Nothing to do: the owner of the file flushes it."""


def seal_stream(
    pieces: Iterable[bytes],
    target: BinaryIO,
    recipients: Sequence[str],
    *,
    content_size: int | None = None,
) -> None:
    """Compress and encrypt `pieces` for age `recipients` ("age1…") into `target`.

    `content_size`, if given, is declared in the zstd head and must be exact. Errors of the
    iterator and of `target` come through unchanged.
    """
    keys = [pyrage.x25519.Recipient.from_str(text) for text in sorted(set(recipients))]
    source, sink = _Source(pieces, content_size), _Target(target.write)
    try:
        pyrage.encrypt_io(source, sink, keys)
    except Exception as error:
        carried = source.error or sink.error
        if carried is None or carried is error:
            raise
        raise carried from None


class _Inflater:
    """Takes the decrypted stream in pieces, gives the decompressed one on, within limits."""

    def __init__(self, write: Callable[[bytes], object], limits: Limits) -> None:
        self._write = write
        self._limits = limits
        self._zstd = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).decompressobj()
        self._head: bytearray | None = bytearray()
        self.taken = 0
        self.given = 0

    def write(self, piece: bytes) -> None:
        """Decompress `piece`; raises BundleError."""
        self.taken += len(piece)
        if self._head is not None:
            self._head += piece
            if len(self._head) < _ZSTD_HEAD_BYTES:
                return
            piece = self._open_head()
        for start in range(0, len(piece), _SLICE):
            self._inflate(piece[start : start + _SLICE])

    def finish(self) -> None:
        """Raise BundleError unless the stream ended where it should."""
        if self._head is not None:
            piece = self._open_head()
            self._inflate(piece)
        if not self._zstd.eof:
            raise BundleError("bundle_truncated", "zstd")

    def _open_head(self) -> bytes:
        head = bytes(self._head or b"")
        self._head = None
        if not head.startswith(ZSTD_MAGIC):
            raise BundleError("not_a_bundle", "zstd")
        try:
            found = zstandard.get_frame_parameters(head)
        except zstandard.ZstdError as error:
            raise BundleError("bundle_damaged", "zstd", detail=str(error)) from error
        if found.window_size > MAX_WINDOW_BYTES:
            raise BundleError("window_too_large", "zstd", limit=MAX_WINDOW_BYTES)
        size = found.content_size
        if size not in _UNKNOWN_SIZE and size > self._limits.total_bytes:
            raise BundleError("bundle_too_large", "zstd", limit=self._limits.total_bytes)
        return head

    def _inflate(self, piece: bytes) -> None:
        if self._zstd.eof:
            raise BundleError("bundle_damaged", "zstd", detail="more after the end")
        try:
            out = self._zstd.decompress(piece)
        except zstandard.ZstdError as error:
            raise BundleError("bundle_damaged", "zstd", detail=str(error)) from error
        if self._zstd.unused_data:
            raise BundleError("bundle_damaged", "zstd", detail="more after the end")
        if not out:
            return
        self.given += len(out)
        packed = max(self.taken, _RATIO_FREE_BYTES // self._limits.ratio)
        if self.given > min(self._limits.total_bytes, packed * self._limits.ratio):
            raise BundleError("bundle_too_large", "zstd", limit=self._limits.total_bytes)
        self._write(out)


class _Reading:
    """What age reads while opening; an error of the medium is kept apart from one of the bytes."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.error: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes of the file."""
        try:
            return self._source.read(size)
        except OSError as error:
            self.error = error
            raise


def open_stream(
    source: BinaryIO,
    identities: Sequence[pyrage.x25519.Identity],
    write: Callable[[bytes], object],
    limits: Limits | None = None,
) -> None:
    """Decrypt and decompress the seekable `source`, calling `write` with each decompressed piece.

    Pieces are authentic (some holder of our recipient wrote them) but the stream may still end
    badly: nothing counts until this returns. Raises BundleError for anything about the bytes;
    errors raised by `write` come through unchanged.
    """
    limits = limits or Limits()
    _check_head(source, limits)
    inflater = _Inflater(write, limits)
    reading, sink = _Reading(source), _Target(inflater.write)
    try:
        pyrage.decrypt_io(reading, sink, list(identities))
    except Exception as error:
        if sink.error is not None:
            raise sink.error from None
        if reading.error is not None:
            raise BundleError("bundle_unreadable", str(reading.error)) from error
        raise _age_error(error, source, identities, inflater, limits) from error
    inflater.finish()


def _check_head(source: BinaryIO, limits: Limits) -> None:
    """Refuse what does not begin like an age file, before any cryptography."""
    try:
        size = source.seek(0, 2)
        source.seek(0)
        head = source.read(MAX_AGE_HEAD_BYTES)
        source.seek(0)
    except OSError as error:
        raise BundleError("bundle_unreadable", str(error)) from error
    if not head:
        raise BundleError("bundle_empty")
    if not head.startswith(MAGIC):
        raise BundleError(_foreign_code(head), "age")
    if size > limits.file_bytes:
        raise BundleError("bundle_too_large", "age", limit=limits.file_bytes)
    if b"\n--- " not in head:
        cut = size <= MAX_AGE_HEAD_BYTES and head.isascii()
        raise BundleError("bundle_truncated" if cut else "bundle_damaged", "age")


def _foreign_code(head: bytes) -> str:
    if MAGIC.startswith(head):
        return "bundle_truncated"
    if head.startswith(MAGIC_ANY) and head[len(MAGIC_ANY) :].split(b"\n")[0][:1] == b"v":
        return "newer_format"
    return "not_a_bundle"


def _age_error(
    error: Exception,
    source: BinaryIO,
    identities: Sequence[pyrage.x25519.Identity],
    inflater: _Inflater,
    limits: Limits,
) -> BundleError:
    if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
        return BundleError("wrong_receiver", "age")
    secrets = [str(identity) for identity in identities]
    try:
        cut = is_cut_short(source, secrets, inflater.taken, limits.total_bytes)
    except OSError as failed:
        return BundleError("bundle_unreadable", str(failed))
    return BundleError("bundle_truncated" if cut else "bundle_damaged", "age")
