"""Why an age file cannot be read: was its end lost, or was something in it changed?

To age both are the same failure, to the person they are not: a file that was cut is copied again,
a changed one points to a bad stick. The answer is only used to choose the words of a refusal;
nothing read here without authentication is ever used for anything else.

The payload of an age file is a 16-byte nonce and chunks of 64 KiB, each with a 16-byte tag, under
ChaCha20-Poly1305; the chunk's nonce is an 11-byte counter and a byte that is 1 for the last chunk
(STREAM). Without the tag a chunk can still be deciphered, and a zstd stream that merely stops
was cut, while one that stops making sense was changed.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES: Final = 16
_TAG_BYTES: Final = 16
_CHUNK_BYTES: Final = 64 * 1024
_SEALED_BYTES: Final = _CHUNK_BYTES + _TAG_BYTES
_HEAD_BYTES: Final = 64 * 1024
_MAX_STANZAS: Final = 64
_SLICE: Final = 512
_MAX_WINDOW: Final = 16 * 1024 * 1024
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PREFIX_LETTERS: Final = len("AGE-SECRET-KEY-1")
_CHECKSUM_LETTERS: Final = 6


def is_cut_short(source: BinaryIO, secrets: Sequence[str], taken: int, limit: int) -> bool:
    """Return whether an unreadable age file looks as if its end were missing.

    `secrets` are the "AGE-SECRET-KEY-1…" of the reader, `taken` how many plain bytes age had
    given out before it failed, `limit` the greatest decompressed size that is looked at.
    """
    size = source.seek(0, 2)
    source.seek(0)
    head = source.read(_HEAD_BYTES)
    mac = head.find(b"\n--- ") + 1
    end = head.find(b"\n", mac) + 1 if mac else 0
    if not end:
        return size == len(head)
    start = end + _NONCE_BYTES
    if size <= start + _TAG_BYTES:
        return True
    if start + (taken // _CHUNK_BYTES + 1) * _SEALED_BYTES < size:
        return False
    file_key = _file_key(head[:mac], secrets)
    if file_key is None:
        return False
    key = _expand(file_key, head[end:start], b"payload")
    return any(_stops_early(source, start, size, key, flag, limit) for flag in (1, 0))


def _file_key(head: bytes, secrets: Sequence[str]) -> bytes | None:
    """Return the file key that one of the X25519 stanzas holds for one of the secrets."""
    lines = head.split(b"\n")
    stanzas = [
        (_unpadded(line.split(b" ")[2]), _unpadded(lines[index + 1]))
        for index, line in enumerate(lines[:-1])
        if line.startswith(b"-> X25519 ") and line.count(b" ") == 2
    ]
    for secret in secrets:
        private = X25519PrivateKey.from_private_bytes(_secret_bytes(secret))
        public = private.public_key().public_bytes_raw()
        for share, body in stanzas[:_MAX_STANZAS]:
            try:
                shared = private.exchange(X25519PublicKey.from_public_bytes(share))
                wrap = _expand(shared, share + public, b"age-encryption.org/v1/X25519")
                return ChaCha20Poly1305(wrap).decrypt(bytes(12), body, None)
            except (InvalidTag, ValueError):
                continue
    return None


def _stops_early(
    source: BinaryIO, start: int, size: int, key: bytes, flag: int, limit: int
) -> bool:
    """Decipher all chunks, the last with this final `flag`, and see how the zstd stream ends."""
    zstd = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj()
    given = 0
    try:
        for plain in _deciphered(source, start, size, key, flag):
            for at in range(0, len(plain), _SLICE):
                given += len(zstd.decompress(plain[at : at + _SLICE]))
                if zstd.eof or given > limit:
                    return False
    except zstandard.ZstdError:
        return False
    return True


def _deciphered(source: BinaryIO, start: int, size: int, key: bytes, flag: int) -> Iterator[bytes]:
    source.seek(start)
    count = -(-(size - start) // _SEALED_BYTES)
    for index in range(count):
        sealed = source.read(_SEALED_BYTES)
        nonce = index.to_bytes(11, "big") + bytes([flag if index == count - 1 else 0])
        counter = (1).to_bytes(4, "little")  # block 0 of the key stream makes the tag's key
        cipher = Cipher(ChaCha20(key, counter + nonce), mode=None).decryptor()
        yield cipher.update(sealed[:-_TAG_BYTES])


def _expand(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(secret)


def _unpadded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def _secret_bytes(secret: str) -> bytes:
    """Return the 32 bytes of a Bech32 identity that the library has accepted already."""
    letters = secret[_PREFIX_LETTERS:-_CHECKSUM_LETTERS].lower()
    number = 0
    for letter in letters:
        number = number * 32 + _BECH32.index(letter)
    spare = len(letters) * 5 - 256
    return (number >> spare).to_bytes(32, "big")
