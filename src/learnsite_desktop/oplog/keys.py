"""A device's key material: Ed25519 for signing, age identities for reading, and invites.

Secret keys exist in memory and in what `DeviceKeys.to_dict` returns, which the caller stores
sealed. They never stand in a bundle, a log or a `repr`.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from learnsite_desktop.domain.ids import b64, canonical, unb64

SEED_BYTES: Final = 32
INVITE_BYTES: Final = 16
INVITE_ID_BYTES: Final = 8

TokenBytes = Callable[[int], bytes]
"""A source of random bytes, `secrets.token_bytes` outside tests."""


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The keys of one device.

    `seed` is the Ed25519 private key (32 bytes), `identity` the device's age identity and
    `recovery` the unit's recovery identity as "AGE-SECRET-KEY-1…" text; None = kept elsewhere,
    then only its recipient is known.
    """

    seed: bytes = field(repr=False)
    identity: str = field(repr=False)
    recovery_recipient: str
    recovery: str | None = field(default=None, repr=False)

    @classmethod
    def mint(cls, token_bytes: TokenBytes = secrets.token_bytes) -> "DeviceKeys":
        """Return new keys; the age identities come from the library's own generator."""
        recovery = x25519.Identity.generate()
        return cls(
            seed=token_bytes(SEED_BYTES),
            identity=str(x25519.Identity.generate()),
            recovery_recipient=str(recovery.to_public()),
            recovery=str(recovery),
        )

    @classmethod
    def from_dict(cls, stored: Mapping[str, str]) -> "DeviceKeys":
        """Return keys from what `to_dict` gave; raises ValueError if they are not keys."""
        seed = unb64(stored["ed"])
        if len(seed) != SEED_BYTES:
            raise ValueError("not an Ed25519 seed")
        keys = cls(seed, stored["x"], stored["rec"], stored.get("rec_secret"))
        keys.identities()
        return keys

    def to_dict(self) -> dict[str, str]:
        """Return the keys as text values, secrets included."""
        stored = {"ed": b64(self.seed), "x": self.identity, "rec": self.recovery_recipient}
        return stored if self.recovery is None else {**stored, "rec_secret": self.recovery}

    def without_recovery(self) -> "DeviceKeys":
        """Return the same keys without the recovery identity, once it is printed or deposited."""
        return DeviceKeys(self.seed, self.identity, self.recovery_recipient)

    @property
    def public(self) -> bytes:
        """The Ed25519 public key, 32 bytes: the name of the device."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def recipient(self) -> str:
        """The age recipient ("age1…") of this device."""
        return str(_identity(self.identity).to_public())

    def identities(self) -> tuple[x25519.Identity, ...]:
        """Return the age identities that open bundles: the device's, then the recovery key's."""
        texts = (self.identity, self.recovery)
        return tuple(_identity(text) for text in texts if text is not None)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of `message`."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def _identity(text: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(text)
    except Exception as error:  # the text is secret: neither it nor the cause may be shown
        raise ValueError("not an age identity") from error


def mint_invite(token_bytes: TokenBytes = secrets.token_bytes) -> bytes:
    """Return a one-time invite secret of 128 bits."""
    return token_bytes(INVITE_BYTES)


def invite_id(secret: bytes) -> bytes:
    """Return the public name of an invite: the first 8 bytes of SHA-256(secret)."""
    return hashlib.sha256(secret).digest()[:INVITE_ID_BYTES]


def invite_mac(secret: bytes, public_key: bytes, x: str, rec: str, unit: str) -> bytes:
    """Return HMAC-SHA256(secret, canonical [ed, x, rec, un]), which ties an invite to keys."""
    message = canonical([b64(public_key), x, rec, unit])
    return hmac.new(secret, message, hashlib.sha256).digest()
