"""Sealing private values at rest, and commitments that stand for them in operations."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from learnsite_desktop.domain.ids import b64, canonical, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.line import COMMITMENT_SALT_BYTES, commitment
from learnsite_desktop.store import private
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents

KEY_BYTES: Final = 32
BLIND_REGISTERS: Final = frozenset({"name", "mobile", "identity"})
_NONCE_BYTES: Final = 12


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
        """Return what was sealed; raises Refusal `private_unreadable` if it was altered."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
        except Exception as error:
            raise Refusal("private_unreadable") from error

    def commit(self, idents: Idents, record: str, register: str, value: object) -> str:
        """Store a private register value and return its commitment as text."""
        salt = self._tokens(COMMITMENT_SALT_BYTES)
        name = commitment(salt, record, register, value)
        self.keep(idents.ident(record), register, name, salt, value)
        return b64(name)

    def keep(self, ident: int, register: str, name: bytes, salt: bytes, value: object) -> None:
        """Store the value behind a commitment; a value already held stays as it is."""
        if register in BLIND_REGISTERS:
            private.add_blind(self._database, self.blind(register, _sought(value)), ident)
        sealed = self.seal(canonical([b64(salt), value]), name)
        private.add_part(self._database, name, ident, register, sealed)

    def reveal(self, name: str | None) -> Any:
        """Return the value behind a commitment, None if it is cleared or not held here."""
        found = self.part(name) if name else None
        return found[1] if found else None

    def part(self, name: str) -> tuple[bytes, Any] | None:
        """Return (salt, value) behind a commitment, None if it is not held here."""
        raw = unb64(name)
        sealed = private.part(self._database, raw)
        if sealed is None:
            return None
        salt, value = json.loads(self.unseal(sealed, raw))
        return unb64(salt), value

    def idents_with(self, register: str, value: object) -> list[int]:
        """Return keys of records that have, or once had, this private value."""
        return private.blind_idents(self._database, self.blind(register, _sought(value)))

    def blind(self, *values: object) -> bytes:
        """Return a keyed digest for finding equal private values; it never leaves this computer."""
        return hmac.new(self._blind_key, canonical(list(values)), hashlib.sha256).digest()[:16]


def _sought(value: object) -> object:
    """Return the part of a register value by which equal ones are found: a number of its kind."""
    return value[1] if isinstance(value, list) and len(value) > 1 else value
