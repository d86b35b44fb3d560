"""Certificates, receipts and documents: made, read back, and refused when they are not sound."""

import hashlib
import hmac
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import RevokedHead, Scope
from learnsite_desktop.oplog.certificates import (
    make_checkpoint,
    make_enrolment,
    make_incarnation,
    make_request,
    make_revocation,
    parse_enrolment,
    parse_incarnation,
    parse_request,
    parse_revocation,
)
from learnsite_desktop.oplog.documents import (
    Document,
    Holding,
    ReceiptBody,
    make_document,
    make_receipt,
    parse_document,
    parse_receipt,
)
from learnsite_desktop.oplog.keys import DeviceKeys, mint_invite
from learnsite_desktop.oplog.signed import seal, strict_json, verify

AT = "2026-03-31T09:00:00+08:00"
UNIT = "410122100200"
KEYS, OTHER = DeviceKeys.mint(), DeviceKeys.mint()
INCARNATION = make_incarnation(KEYS, unit=UNIT, tier="village", at=AT)
ENROLMENT = make_enrolment(
    OTHER,
    device=KEYS.public,
    unit=UNIT,
    scopes=[Scope("own", UNIT), Scope("for", "410122100201", "2026-01-01")],
    at=AT,
)
REVOCATION = make_revocation(
    OTHER,
    device=KEYS.public,
    heads=[RevokedHead(UNIT, INCARNATION.inc, 7, bytes(32))],
    keeps=[ENROLMENT.hash],
    at=AT,
)
REQUEST = make_request(KEYS, INCARNATION, bytes(16))
RECEIPT = make_receipt(
    OTHER,
    ReceiptBody(
        by=bytes(16),
        unit=UNIT,
        holds=(Holding(UNIT, INCARNATION.inc, ((7, bytes(32)), (9, b"\1" * 32))),),
        number=2,
        previous=b"\2" * 32,
        outcomes={"accepted": 3},
        media=(b"\3" * 32,),
        private=(b"\4" * 32,),
        counts={"operations": 16},
        at=AT,
    ),
)
DOCUMENT = make_document(
    OTHER,
    kind="codes",
    version=4,
    scope="410122",
    body={"甲": [1, None]},
    at=AT,
    expires="2027-01-01",
)
FOREIGN: tuple[object, ...] = (None, [], {}, "", -1, "x" * 300, [[1]], True)
PARSERS: list[tuple[bytes, Callable[[bytes], object]]] = [
    (INCARNATION.raw, parse_incarnation),
    (ENROLMENT.raw, parse_enrolment),
    (REVOCATION.raw, parse_revocation),
    (REQUEST.raw, parse_request),
    (RECEIPT.raw, parse_receipt),
    (DOCUMENT.raw, parse_document),
]


def refused(parse: Callable[[bytes], object], raw: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        parse(raw)
    return caught.value.code


def test_round_trips() -> None:
    assert parse_incarnation(INCARNATION.raw) == INCARNATION
    assert parse_enrolment(ENROLMENT.raw) == ENROLMENT
    assert parse_revocation(REVOCATION.raw) == REVOCATION
    assert parse_request(REQUEST.raw) == REQUEST
    assert parse_receipt(RECEIPT.raw) == RECEIPT
    assert parse_document(DOCUMENT.raw) == DOCUMENT
    assert ENROLMENT.scopes == (Scope("own", UNIT), Scope("for", "410122100201", "2026-01-01"))
    assert REVOCATION.claim.keeps == {ENROLMENT.hash}
    assert RECEIPT.holds[0].heads == ((7, bytes(32)), (9, b"\1" * 32))


def test_names_are_hashes_of_the_bytes() -> None:
    digest = hashlib.sha256(INCARNATION.raw).digest()
    assert (INCARNATION.hash, INCARNATION.inc) == (digest, digest[:16])
    genesis = hashlib.sha256(INCARNATION.raw + UNIT.encode()).digest()
    assert INCARNATION.genesis(UNIT) == genesis
    again = make_incarnation(KEYS, unit=UNIT, tier="village", at=AT, of=INCARNATION.inc)
    assert again.inc != INCARNATION.inc
    assert again.of == INCARNATION.inc
    assert again.claim.device == INCARNATION.claim.device


def test_same_randomness_gives_the_same_certificate() -> None:
    first, second = (
        make_incarnation(
            KEYS, unit=UNIT, tier="village", at=AT, token_bytes=lambda size: b"\7" * size
        )
        for _ in range(2)
    )
    assert first.raw == second.raw


@pytest.mark.parametrize(("raw", "parse"), PARSERS)
def test_every_changed_byte_is_refused(raw: bytes, parse: Callable[[bytes], object]) -> None:
    """A request's and a receipt's signature need a key from elsewhere."""

    def check(candidate: bytes) -> None:
        parse(candidate)
        if parse is parse_request:
            parse_request(candidate).verify(INCARNATION)
        elif parse is parse_receipt:
            parse_receipt(candidate).verify(OTHER.public)

    check(raw)
    for at, bit in itertools.product(range(0, len(raw), 3), (1, 32)):
        changed = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
        assert refused(check, changed) in {
            "part_malformed",
            "part_signature",
            "newer_format",
        }, changed
    for end in range(0, len(raw), 17):
        assert refused(check, raw[:end]) == "part_malformed"


@pytest.mark.parametrize(("raw", "parse"), PARSERS)
def test_every_missing_or_foreign_value_is_refused(
    raw: bytes, parse: Callable[[bytes], object]
) -> None:
    body = strict_json(raw, "test", len(raw))
    optional = {"of", "keeps", "previous", "expires"}
    keys = OTHER if body.get("by") == b64(OTHER.public) else KEYS
    for key in sorted(set(body) - {"sig"}):
        for value in FOREIGN:
            if value == [] and key in ("scopes", "heads", "holds", "keeps"):
                continue
            if (value == {} and key in ("outcomes", "counts")) or key == "body":
                continue
            altered = {name: item for name, item in body.items() if name != "sig"} | {key: value}
            candidate = seal(altered, keys.sign)
            if value is None and key in optional:
                parse(candidate)
            else:
                assert refused(parse, candidate) == "part_malformed", (key, value)


def test_unknown_keys_are_kept_under_the_signature() -> None:
    body = strict_json(INCARNATION.raw, "test", 10_000)
    body.pop("sig")
    raw = seal({**body, "zz": {"later": [1]}}, KEYS.sign)
    assert parse_incarnation(raw).raw == raw
    assert refused(parse_incarnation, raw.replace(b"later", b"Later")) == "part_signature"
    assert refused(parse_incarnation, seal({**body, "v": 9}, KEYS.sign)) == "newer_format"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"1",
        b'{"t":"incarnation","t":"incarnation"}',
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":1.0}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"a":' + b"[" * 100_000,
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"b":1,"a":2}',
        b'{"a":"\\u0041"}',
    ],
)
def test_hostile_json(raw: bytes) -> None:
    for parse in (parse_incarnation, parse_document, parse_receipt):
        assert refused(parse, raw) in {"part_malformed", "part_too_large"}


def test_too_large_is_refused_before_it_is_read() -> None:
    assert refused(parse_incarnation, b" " * 70_000) == "part_too_large"


def test_invite_ties_the_request_to_the_keys() -> None:
    secret = mint_invite()
    request = make_request(KEYS, INCARNATION, secret)
    request.verify(INCARNATION)
    assert request.invite == hashlib.sha256(secret).digest()[:8]
    message = canonical([b64(INCARNATION.ed), INCARNATION.x, INCARNATION.rec, UNIT])
    assert request.mac == hmac.digest(secret, message, "sha256")
    assert request.matches(secret, INCARNATION)
    assert not request.matches(mint_invite(), INCARNATION)
    stranger = make_incarnation(OTHER, unit=UNIT, tier="village", at=AT)
    assert not request.matches(secret, stranger)
    assert refused(lambda raw: parse_request(raw).verify(stranger), request.raw) == "part_malformed"


def test_checkpoint_is_verified_by_the_device_key() -> None:
    point = make_checkpoint(KEYS.sign, INCARNATION.inc, UNIT, 5, bytes(32))
    assert point.message() == canonical([b64(INCARNATION.inc), UNIT, 5, b64(bytes(32))])
    point.verify(KEYS.public)
    with pytest.raises(Refusal) as caught:
        point.verify(OTHER.public)
    assert caught.value.code == "part_signature"


@given(st.binary(max_size=64), st.binary(max_size=80), st.binary(max_size=20))
def test_verify_never_raises(key: bytes, signature: bytes, message: bytes) -> None:
    assert not verify(key, signature, message)


def _issued(version: int, body: str, follows: list[bytes] | None) -> Document:
    return make_document(
        KEYS, kind="notices", version=version, scope=UNIT, body=body, at=AT, follows=follows
    )


def test_older_or_other_documents_are_refused() -> None:
    """What the one in use came after is old; what its issuer never knew tells of a mix-up."""
    first = _issued(1, "a", [])
    second = _issued(2, "b", [first.mark])
    unknown = _issued(1, "c", [])
    unsaid = _issued(1, "d", None)
    second.require_newer_than(first)
    second.require_newer_than(second)
    assert parse_document(second.raw).follows == (first.mark,)
    for one, held, code in (
        (first, second, "document_older"),
        (unsaid, second, "document_older"),
        (unknown, second, "document_behind"),
        (unknown, _issued(2, "b", None), "document_behind"),
        (unknown, first, "document_twice"),
    ):
        with pytest.raises(Refusal) as caught:
            one.require_newer_than(held)
        assert caught.value.code == code


def test_keys_are_stored_and_never_shown() -> None:
    stored = KEYS.to_dict()
    assert DeviceKeys.from_dict(stored) == KEYS
    secrets = {stored["ed"], stored["x"], stored["rec_secret"]}
    assert not any(secret in repr(KEYS) for secret in secrets)
    parted = KEYS.without_recovery()
    assert DeviceKeys.from_dict(parted.to_dict()) == parted
    assert "rec_secret" not in parted.to_dict()
    assert (len(KEYS.identities()), len(parted.identities())) == (2, 1)
    assert str(KEYS.identities()[1].to_public()) == INCARNATION.rec == parted.recovery_recipient
    for broken in ({**stored, "ed": "AA"}, {**stored, "x": stored["x"][:-1]}):
        with pytest.raises(ValueError, match="not an") as caught:
            DeviceKeys.from_dict(broken)
        assert broken["x"] not in str(caught.value)
