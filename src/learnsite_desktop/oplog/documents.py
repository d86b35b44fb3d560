"""Receipts, which say what a node holds, and down documents, which carry what villages need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.ids import HASH_BYTES, RECORD_ID_BYTES, b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.oplog.line import line_hash
from learnsite_desktop.oplog.signed import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    VERSION,
    Fields,
    as_blob,
    as_integer,
    as_unit,
    malformed,
    seal,
)

MAX_RECEIPT_BYTES: Final = 8 * 1024 * 1024
MAX_DOCUMENT_BYTES: Final = 12 * 1024 * 1024
MAX_CHAINS: Final = 100_000
MAX_BRANCHES: Final = 1000
MAX_WANTS: Final = 100_000
MARK_BYTES: Final = 6
"""How many bytes of a document's hash tell it from others of its line."""
DOCUMENT_PREFIX: Final = "document."
"""Before kind and scope of a document held, in the counts of a receipt: its version."""
MARK_PREFIX: Final = "document_mark."
"""Before kind and scope of a document held, in the counts of a receipt: its mark, a number."""
ASIDE_PREFIX: Final = "document_aside."
"""Before kind and scope of a document that was not taken: its version."""
ASIDE_MARK_PREFIX: Final = "document_aside_mark."
"""Before kind and scope of a document that was not taken: its mark, a number."""
MAX_FOLLOWS: Final = 200
"""How many documents before it one names."""
DOCUMENT_KINDS: Final = frozenset(
    {"forms", "codes", "regions", "roster", "policy", "targets", "notices"}
)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a node holds of one chain: the last contiguous (n, hash) of each branch."""

    unit: str
    inc: bytes
    heads: tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptBody:
    """What a receipt says: what one node holds of a unit's subtree.

    `by` receiver incarnation, `unit` whose chains it is about, `number` running from 1 per `by`
    and unit, `previous` hash of the receipt before it, `outcomes` free per-record results, `media`
    and `private` the hashes and commitments wanted, `counts` figures for display,
    `certificates` one hash of those held about the unit's devices, None where it does not say.
    """

    by: bytes
    unit: str
    holds: tuple[Holding, ...]
    number: int
    at: str
    previous: bytes | None = None
    outcomes: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[bytes, ...] = ()
    private: tuple[bytes, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    certificates: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(ReceiptBody):
    """A receipt with the bytes as signed and their hash."""

    raw: bytes
    hash: bytes

    def verify(self, public_key: bytes) -> None:
        """Raise Refusal `part_signature` unless the receiver's device signed it."""
        Fields(self.raw, "receipt", MAX_RECEIPT_BYTES).require_signature(public_key)


def make_receipt(keys: DeviceKeys, body: ReceiptBody) -> Receipt:
    """Return the receipt signed by the device of incarnation `body.by`."""
    rows = [
        [item.unit, b64(item.inc), sorted([n, b64(head)] for n, head in item.heads)]
        for item in body.holds
    ]
    fields = {
        "t": "receipt",
        "v": VERSION,
        "by": b64(body.by),
        "unit": body.unit,
        "holds": sorted(rows),
        "number": body.number,
        "previous": None if body.previous is None else b64(body.previous),
        "outcomes": dict(body.outcomes),
        "wants": {
            "media": sorted(b64(item) for item in body.media),
            "private": sorted(b64(item) for item in body.private),
        },
        "counts": dict(body.counts),
        "at": body.at,
        **({"certificates": b64(body.certificates)} if body.certificates else {}),
    }
    return parse_receipt(seal(fields, keys.sign))


def parse_receipt(raw: bytes) -> Receipt:
    """Return a well-formed receipt; its signature needs `Receipt.verify` with the key of `by`."""
    fields = Fields(raw, "receipt", MAX_RECEIPT_BYTES)
    fields.blob("sig", SIGNATURE_BYTES)
    holds = tuple(_parse_holding(row) for row in fields.items("holds", MAX_CHAINS))
    if len({(item.unit, item.inc) for item in holds}) != len(holds):
        raise malformed("receipt", "holds")
    wants = fields.mapping("wants")
    return Receipt(
        raw=raw,
        hash=line_hash(raw),
        by=fields.blob("by", RECORD_ID_BYTES),
        unit=fields.unit("unit"),
        holds=holds,
        number=fields.integer("number", 1),
        previous=fields.optional_blob("previous", HASH_BYTES),
        outcomes=fields.mapping("outcomes"),
        media=_parse_wants(wants.get("media")),
        private=_parse_wants(wants.get("private")),
        counts={
            key: as_integer(value, 0, "receipt", "counts")
            for key, value in fields.mapping("counts").items()
        },
        certificates=fields.optional_blob("certificates", HASH_BYTES),
        at=fields.time("at"),
    )


def _parse_holding(row: Any) -> Holding:
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[2], list):
        raise malformed("receipt", "holds")
    if not 1 <= len(row[2]) <= MAX_BRANCHES:
        raise malformed("receipt", "holds")
    heads = []
    for pair in row[2]:
        if not isinstance(pair, list) or len(pair) != 2:
            raise malformed("receipt", "holds")
        n = as_integer(pair[0], 1, "receipt", "holds")
        heads.append((n, as_blob(pair[1], HASH_BYTES, "receipt", "holds")))
    return Holding(
        as_unit(row[0], "receipt", "holds"),
        as_blob(row[1], RECORD_ID_BYTES, "receipt", "holds"),
        tuple(heads),
    )


def _parse_wants(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MAX_WANTS:
        raise malformed("receipt", "wants")
    return tuple(as_blob(item, HASH_BYTES, "receipt", "wants") for item in value)


@dataclass(frozen=True, slots=True)
class Document:
    """A down document: versioned data from above, e.g. code tables, for a unit's subtree.

    `scope` the unit it is for, `expires` an ISO date or None (past it things turn amber, nothing
    else), `body` any JSON without floats, `by` the issuer's device key.
    """

    raw: bytes
    hash: bytes
    kind: str
    version: int
    scope: str
    expires: str | None
    body: Any
    by: bytes
    at: str
    follows: tuple[bytes, ...] | None = None
    """The beginnings of the hashes of those before it that its issuer knew, the newest first.

    None in what was issued by a program that did not say so.
    """

    @property
    def mark(self) -> bytes:
        """The beginning of its hash, by which later ones name it."""
        return self.hash[:MARK_BYTES]

    def is_known_to(self, later: "Document") -> bool:
        """Whether the issuer of a later document says that it came after this one."""
        return self.mark in (later.follows or ())

    def says_what(self, other: "Document") -> bool:
        """Whether another one of this line says the very same under the same number."""
        same = (self.version, self.expires) == (other.version, other.expires)
        return same and bool(self.body == other.body)

    def require_newer_than(self, held: "Document") -> None:
        """Refuse one that may not take the place of the document of its line that is held.

        Refuses `document_older` for one that the held one came after, `document_behind` for one
        with a lower number that the issuer of the held one never knew, and `document_twice` for
        other content under the held number.
        """
        said = {"version": self.version, "held": held.version}
        if self.version == held.version and self.hash != held.hash:
            raise Refusal("document_twice", where=self.kind, **said)
        if self.version < held.version:
            # Of what an earlier program issued, and beyond what one names, nothing can be told.
            named = self.follows is not None and len(held.follows or ()) < MAX_FOLLOWS
            unknown = named and not self.is_known_to(held)
            raise Refusal(
                "document_behind" if unknown else "document_older", where=self.kind, **said
            )


def mark_number(name: bytes) -> int:
    """Return the mark of a document, by its hash, as the number that a receipt counts."""
    return int.from_bytes(name[:MARK_BYTES])


def make_document(
    keys: DeviceKeys,
    *,
    kind: str,
    version: int,
    scope: str,
    body: object,
    at: str,
    expires: str | None = None,
    follows: Sequence[bytes] | None = None,
) -> Document:
    """Return a document issued by the owner of `keys`, which follows those with these marks."""
    fields = {
        "t": "document",
        "v": VERSION,
        "kind": kind,
        "version": version,
        "scope": scope,
        "expires": expires,
        "body": body,
        "by": b64(keys.public),
        "at": at,
        "follows": None if follows is None else [b64(one) for one in follows[:MAX_FOLLOWS]],
    }
    return parse_document(seal(fields, keys.sign))


def parse_document(raw: bytes) -> Document:
    """Return a checked document, or raise a Refusal.

    Whether the issuer governs `scope` is `domain.scopes.Authority.may_certify`'s decision.
    """
    fields = Fields(raw, "document", MAX_DOCUMENT_BYTES)
    if "body" not in fields.values:
        raise malformed("document", "body")
    document = Document(
        raw=raw,
        hash=line_hash(raw),
        kind=fields.text("kind"),
        version=fields.integer("version", 1),
        scope=fields.unit("scope"),
        expires=fields.date("expires") if fields.has("expires") else None,
        body=fields.values["body"],
        by=fields.blob("by", KEY_BYTES),
        at=fields.time("at"),
        follows=_parse_follows(fields) if fields.has("follows") else None,
    )
    if document.kind not in DOCUMENT_KINDS:
        raise malformed("document", "kind")
    fields.require_signature(document.by)
    return document


def stored_document(raw: bytes) -> Document:
    """Return a document that was checked when it came.

    Refuses `stored_damaged`: nobody sent it wrong, it is no longer what was stored.
    """
    try:
        return parse_document(raw)
    except Refusal as refusal:
        raise Refusal("stored_damaged", where="document") from refusal


def _parse_follows(fields: Fields) -> tuple[bytes, ...]:
    rows = fields.items("follows", MAX_FOLLOWS)
    return tuple(as_blob(row, MARK_BYTES, "document", "follows") for row in rows)
