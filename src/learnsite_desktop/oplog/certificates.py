"""Certificates: who a device is, what it may do, and up to where it is still trusted.

Each is a signed document (see `signed`). `parse_*` take the bytes as they travelled, check them
completely, signature included where its key stands in the document, and keep the bytes: what is
stored and relayed is what was signed.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.ids import HASH_BYTES, RECORD_ID_BYTES, b64, canonical
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import (
    Enrolment,
    Incarnation,
    Revocation,
    RevokedHead,
    Scope,
)
from learnsite_desktop.oplog.keys import (
    INVITE_ID_BYTES,
    DeviceKeys,
    TokenBytes,
    invite_id,
    invite_mac,
)
from learnsite_desktop.oplog.line import genesis, line_hash
from learnsite_desktop.oplog.signed import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    VERSION,
    Fields,
    Sign,
    as_blob,
    as_date,
    as_integer,
    as_unit,
    malformed,
    seal,
    verify,
)

NONCE_BYTES: Final = 16
MAX_CERTIFICATE_BYTES: Final = 64 * 1024
MAX_REVOCATION_BYTES: Final = 4 * 1024 * 1024
MAX_SCOPES: Final = 256
MAX_HEADS: Final = 20_000
TIERS: Final = frozenset({"village", "township", "county", "city", "province"})


@dataclass(frozen=True, slots=True)
class IncarnationCertificate:
    """A device's statement of one life of its database, signed by the device itself.

    `ed` public key, `x` and `rec` age recipients of device and recovery key, `of` the incarnation
    it takes the place of, after a restore or on a clone.
    """

    raw: bytes
    hash: bytes
    ed: bytes
    x: str
    rec: str
    unit: str
    tier: str
    nonce: bytes
    of: bytes | None
    at: str

    @property
    def inc(self) -> bytes:
        """The incarnation id: first 16 bytes of the certificate's hash."""
        return self.hash[:RECORD_ID_BYTES]

    @property
    def claim(self) -> Incarnation:
        """What the authority decision uses."""
        return Incarnation(self.inc, self.ed, self.unit, self.tier, self.of)

    def genesis(self, unit: str) -> bytes:
        """Return the `prev` of the first operation of this incarnation's chain for `unit`."""
        return genesis(self.raw, unit)


def make_incarnation(
    keys: DeviceKeys,
    *,
    unit: str,
    tier: str,
    at: str,
    of: bytes | None = None,
    token_bytes: TokenBytes = secrets.token_bytes,
) -> IncarnationCertificate:
    """Return a new incarnation certificate of the device that owns `keys`."""
    body = {
        "t": "incarnation",
        "v": VERSION,
        "ed": b64(keys.public),
        "x": keys.recipient,
        "rec": keys.recovery_recipient,
        "un": unit,
        "tier": tier,
        "nonce": b64(token_bytes(NONCE_BYTES)),
        "of": None if of is None else b64(of),
        "at": at,
    }
    return parse_incarnation(seal(body, keys.sign))


def parse_incarnation(raw: bytes) -> IncarnationCertificate:
    """Return a checked incarnation certificate, or raise a Refusal."""
    fields = Fields(raw, "incarnation", MAX_CERTIFICATE_BYTES)
    certificate = IncarnationCertificate(
        raw=raw,
        hash=line_hash(raw),
        ed=fields.blob("ed", KEY_BYTES),
        x=fields.recipient("x"),
        rec=fields.recipient("rec"),
        unit=fields.unit("un"),
        tier=fields.text("tier"),
        nonce=fields.blob("nonce", NONCE_BYTES),
        of=fields.optional_blob("of", RECORD_ID_BYTES),
        at=fields.time("at"),
    )
    if certificate.tier not in TIERS:
        raise malformed("incarnation", "tier")
    fields.require_signature(certificate.ed)
    return certificate


@dataclass(frozen=True, slots=True)
class EnrolmentCertificate:
    """An issuer's statement that device `device` works for `unit` with `scopes`."""

    raw: bytes
    hash: bytes
    device: bytes
    unit: str
    scopes: tuple[Scope, ...]
    by: bytes
    at: str

    @property
    def claim(self) -> Enrolment:
        """What the authority decision uses."""
        return Enrolment(self.hash, self.device, self.unit, self.scopes, self.by)


def make_enrolment(
    keys: DeviceKeys, *, device: bytes, unit: str, scopes: Iterable[Scope], at: str
) -> EnrolmentCertificate:
    """Return a certificate issued by the owner of `keys`."""
    body = {
        "t": "enrolment",
        "v": VERSION,
        "device": b64(device),
        "un": unit,
        "scopes": [_scope_row(scope) for scope in scopes],
        "by": b64(keys.public),
        "at": at,
    }
    return parse_enrolment(seal(body, keys.sign))


def parse_enrolment(raw: bytes) -> EnrolmentCertificate:
    """Return a checked enrolment, or raise a Refusal.

    The signature is the issuer's; whether the issuer may issue is `domain.scopes`' decision.
    """
    fields = Fields(raw, "enrolment", MAX_CERTIFICATE_BYTES)
    certificate = EnrolmentCertificate(
        raw=raw,
        hash=line_hash(raw),
        device=fields.blob("device", KEY_BYTES),
        unit=fields.unit("un"),
        scopes=tuple(_parse_scope(row) for row in fields.items("scopes", MAX_SCOPES)),
        by=fields.blob("by", KEY_BYTES),
        at=fields.time("at"),
    )
    fields.require_signature(certificate.by)
    return certificate


def _scope_row(scope: Scope) -> list[str]:
    row = [scope.kind, scope.unit]
    if scope.kind != "for":
        return row
    return [*row, scope.since, *([scope.until] if scope.until else [])]


def _parse_scope(row: Any) -> Scope:
    if isinstance(row, list) and len(row) >= 2:
        unit = as_unit(row[1], "enrolment", "scopes")
        if row[0] == "own" and len(row) == 2:
            return Scope("own", unit)
        if row[0] == "below" and len(row) == 2:
            return Scope("below", unit)
        if row[0] == "for" and len(row) in (3, 4):
            days = [as_date(day, "enrolment", "scopes") for day in row[2:]]
            if days == sorted(days):
                return Scope("for", unit, *days)
    raise malformed("enrolment", "scopes")


@dataclass(frozen=True, slots=True)
class Request:
    """A new device's request to be enrolled, tied to its keys by a one-time invite."""

    raw: bytes
    hash: bytes
    inc: bytes
    invite: bytes
    mac: bytes

    def verify(self, certificate: IncarnationCertificate) -> None:
        """Raise a Refusal unless the device of `certificate` signed the request for it."""
        if certificate.inc != self.inc:
            raise malformed("request", "inc")
        Fields(self.raw, "request", MAX_CERTIFICATE_BYTES).require_signature(certificate.ed)

    def matches(self, secret: bytes, certificate: IncarnationCertificate) -> bool:
        """Return whether the sender knew the invite `secret` (compared in constant time)."""
        mac = invite_mac(secret, certificate.ed, certificate.x, certificate.rec, certificate.unit)
        return self.invite == invite_id(secret) and hmac.compare_digest(mac, self.mac)


def make_request(keys: DeviceKeys, certificate: IncarnationCertificate, secret: bytes) -> Request:
    """Return the request of a freshly opened device that was given the invite `secret`."""
    mac = invite_mac(secret, certificate.ed, certificate.x, certificate.rec, certificate.unit)
    body = {
        "t": "request",
        "v": VERSION,
        "inc": b64(certificate.inc),
        "invite": b64(invite_id(secret)),
        "mac": b64(mac),
    }
    return parse_request(seal(body, keys.sign))


def parse_request(raw: bytes) -> Request:
    """Return a well-formed request; its signature needs `Request.verify`."""
    fields = Fields(raw, "request", MAX_CERTIFICATE_BYTES)
    fields.blob("sig", SIGNATURE_BYTES)
    return Request(
        raw=raw,
        hash=line_hash(raw),
        inc=fields.blob("inc", RECORD_ID_BYTES),
        invite=fields.blob("invite", INVITE_ID_BYTES),
        mac=fields.blob("mac", HASH_BYTES),
    )


@dataclass(frozen=True, slots=True)
class RevocationCertificate:
    """An issuer's statement that a device is trusted up to `heads` and no further.

    `keeps`: hashes of what the device issued that goes on standing: enrolments, revocations and
    down documents.
    """

    raw: bytes
    hash: bytes
    device: bytes
    heads: tuple[RevokedHead, ...]
    keeps: tuple[bytes, ...]
    by: bytes
    at: str

    @property
    def claim(self) -> Revocation:
        """What the authority decision uses."""
        return Revocation(self.hash, self.device, self.heads, frozenset(self.keeps), self.by)


def make_revocation(
    keys: DeviceKeys,
    *,
    device: bytes,
    heads: Iterable[RevokedHead],
    at: str,
    keeps: Iterable[bytes] = (),
) -> RevocationCertificate:
    """Return a revocation issued by the owner of `keys`."""
    kept = sorted(b64(item) for item in keeps)
    body = {
        "t": "revocation",
        "v": VERSION,
        "device": b64(device),
        "heads": sorted([item.unit, b64(item.inc), item.n, b64(item.head)] for item in heads),
        "keeps": kept or None,
        "by": b64(keys.public),
        "at": at,
    }
    return parse_revocation(seal(body, keys.sign))


def parse_revocation(raw: bytes) -> RevocationCertificate:
    """Return a checked revocation, or raise a Refusal."""
    fields = Fields(raw, "revocation", MAX_REVOCATION_BYTES)
    certificate = RevocationCertificate(
        raw=raw,
        hash=line_hash(raw),
        device=fields.blob("device", KEY_BYTES),
        heads=tuple(_parse_head(row) for row in fields.items("heads", MAX_HEADS)),
        keeps=fields.blobs("keeps", HASH_BYTES, MAX_HEADS) if fields.has("keeps") else (),
        by=fields.blob("by", KEY_BYTES),
        at=fields.time("at"),
    )
    fields.require_signature(certificate.by)
    return certificate


def _parse_head(row: Any) -> RevokedHead:
    if not isinstance(row, list) or len(row) != 4:
        raise malformed("revocation", "heads")
    return RevokedHead(
        as_unit(row[0], "revocation", "heads"),
        as_blob(row[1], RECORD_ID_BYTES, "revocation", "heads"),
        as_integer(row[2], 1, "revocation", "heads"),
        as_blob(row[3], HASH_BYTES, "revocation", "heads"),
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of how far a chain goes: operation `n` of (inc, unit) is `head`."""

    inc: bytes
    unit: str
    n: int
    head: bytes
    sig: bytes

    def message(self) -> bytes:
        """Return what is signed: canonical [inc, un, n, head]."""
        return canonical([b64(self.inc), self.unit, self.n, b64(self.head)])

    def verify(self, public_key: bytes) -> None:
        """Raise Refusal `part_signature` unless the chain's device signed it."""
        if not verify(public_key, self.sig, self.message()):
            raise Refusal("part_signature", where="checkpoint")


def make_checkpoint(sign: Sign, inc: bytes, unit: str, n: int, head: bytes) -> Checkpoint:
    """Return a checkpoint signed by the device of incarnation `inc`."""
    message = Checkpoint(inc, unit, n, head, b"").message()
    return Checkpoint(inc, unit, n, head, sign(message))


Certificate = IncarnationCertificate | EnrolmentCertificate | Request | RevocationCertificate
