"""Signatures are checked as everybody else checks them: the published vectors of Ed25519."""

from pathlib import Path
from typing import Final

import cryptography_vectors
import pytest

from learnsite_desktop.oplog.signed import verify

ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""Of the group: adding it to the second half of a signature must not give another valid one."""
FILE: Final = Path(cryptography_vectors.__file__).parent / "asymmetric" / "Ed25519" / "sign.input"


def vectors() -> list[tuple[bytes, bytes, bytes]]:
    """Return (public key, signature, message) of each line `secret:public:message:signed:`."""
    found = []
    for line in FILE.read_text(encoding="ascii").splitlines():
        _secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        found.append((public, signed[:64], message))
    return found


@pytest.fixture(scope="module")
def published() -> list[tuple[bytes, bytes, bytes]]:
    found = vectors()
    assert len(found) == 1024
    return found


def test_every_published_signature_is_good(published: list[tuple[bytes, bytes, bytes]]) -> None:
    assert all(verify(*one) for one in published)


def test_nothing_else_is(published: list[tuple[bytes, bytes, bytes]]) -> None:
    """A bit, another message, another key, or the same signature written differently."""
    for number, (public, signature, message) in enumerate(published):
        bit = bytearray(signature)
        bit[number % 64] ^= 1 << number % 8
        assert not verify(public, bytes(bit), message)
        assert not verify(public, signature, message + b"\0")
        assert not verify(published[number - 1][0], signature, message)
        larger = int.from_bytes(signature[32:], "little") + ORDER
        assert not verify(public, signature[:32] + larger.to_bytes(32, "little"), message)
