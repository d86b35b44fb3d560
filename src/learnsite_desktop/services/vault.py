"""Sealing private values at rest, and commitments that stand for them in operations."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from learnsite_desktop.domain.ids import b64, canonical, hash_in, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.line import COMMITMENT_SALT_BYTES, commitment
from learnsite_desktop.store import private
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents

KEY_BYTES: Final = 32
BLIND_REGISTERS: Final = frozenset({"name", "mobile", "identity"})
_NONCE_BYTES: Final = 12
_CHUNK: Final = 500
_TRIED: Final = 20


class KeptPart(NamedTuple):
    """A private value on its way into the vault; `name` is its commitment."""

    ident: int
    register: str
    name: bytes
    salt: bytes
    value: object


class Vault:
    """Private values under the workspace key: AES-GCM, random nonces, bound to their commitment."""

    def __init__(
        self,
        database: Database,
        key: bytes,
        token_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Use the 32-byte workspace key."""
        self._database = database
        self._cipher = AESGCM(key)
        self._blind_key = hashlib.sha256(b"blind index" + key).digest()
        self._tokens = token_bytes

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """Return `plain` sealed; `bound_to` must be given again to open it."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Return what was sealed.

        Raises Refusal `private_damaged` if it was altered, `private_unreadable` if nothing that is
        held opens: then these are not its keys.
        """
        try:
            return self._decrypted(sealed, bound_to)
        except Exception as error:
            raise Refusal("private_damaged" if self.fits() else "private_unreadable") from error

    def _decrypted(self, sealed: bytes, bound_to: bytes) -> bytes:
        return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)

    def fits(self) -> bool:
        """Whether any of some values that are held opens with this key."""
        for name, sealed in private.some_parts(self._database, _TRIED):
            with suppress(Exception):
                self._decrypted(sealed, name)
                return True
        return False

    def commit(self, idents: Idents, record: str, register: str, value: object) -> str:
        """Store a private register value and return its commitment as text."""
        salt = self._tokens(COMMITMENT_SALT_BYTES)
        name = commitment(salt, record, register, value)
        self.keep(idents.ident(record), register, name, salt, value)
        return b64(name)

    def keep(self, ident: int, register: str, name: bytes, salt: bytes, value: object) -> None:
        """Store the value behind a commitment; a value already held stays as it is."""
        self.keep_all([KeptPart(ident, register, name, salt, value)])

    def held(self, names: Sequence[bytes]) -> set[bytes]:
        """Return those of the commitments whose values are held."""
        found: set[bytes] = set()
        for start in range(0, len(names), _CHUNK):
            found |= private.parts_held(self._database, list(names[start : start + _CHUNK]))
        return found

    def keep_all(self, parts: Sequence[KeptPart]) -> list[tuple[bytes, int]]:
        """Store many values; those already held stay as they are.

        Returns the digests by which equal ones are found, each with its record.
        """
        blinds = [
            (self.digest_of(part.register, part.value), part.ident)
            for part in parts
            if part.register in BLIND_REGISTERS
        ]
        private.add_blinds(self._database, blinds)
        private.add_parts(
            self._database,
            [
                (
                    part.name,
                    part.ident,
                    part.register,
                    self.seal(canonical([b64(part.salt), part.value]), part.name),
                )
                for part in parts
            ],
        )
        return blinds

    def reveal(self, name: str | None) -> Any:
        """Return the value behind a commitment, None if it is cleared or not held here."""
        found = self.part(name) if name else None
        return found[1] if found else None

    def part(self, name: object) -> tuple[bytes, Any] | None:
        """Return (salt, value) behind a commitment, None if it is not held here."""
        raw = hash_in(name)
        sealed = private.part(self._database, raw) if raw is not None else None
        if raw is None or sealed is None:
            return None
        return self.opened(sealed, raw)

    def opened(self, sealed: bytes, name: bytes) -> tuple[bytes, Any]:
        """Return (salt, value) of what is held under a commitment; refuses what `unseal` does."""
        salt, value = json.loads(self.unseal(sealed, name))
        return unb64(salt), value

    def values(self, names: Sequence[object]) -> dict[str, Any]:
        """Return the values behind many commitments; those not held here are left out.

        A private register may hold anything that somebody wrote there: that stands for nothing.
        """
        found: dict[str, Any] = {}
        for start in range(0, len(names), _CHUNK):
            some = map(hash_in, names[start : start + _CHUNK])
            raw = [name for name in some if name is not None]
            for name, sealed in private.parts(self._database, raw):
                found[b64(name)] = json.loads(self.unseal(sealed, name))[1]
        return found

    def idents_with(self, register: str, value: object) -> list[int]:
        """Return keys of records that have, or once had, this private value."""
        return private.blind_idents(self._database, self.digest_of(register, value))

    def digest_of(self, register: str, value: object) -> bytes:
        """Return the digest under which a value of `BLIND_REGISTERS` is found."""
        return self.blind(register, _sought(value))

    def blind(self, *values: object) -> bytes:
        """Return a keyed digest for finding equal private values; it never leaves this computer."""
        return hmac.digest(self._blind_key, canonical(list(values)), "sha256")[:16]


def _sought(value: object) -> object:
    """Return the part of a register value by which equal ones are found: a number of its kind."""
    return value[1] if isinstance(value, list) and len(value) > 1 else value
