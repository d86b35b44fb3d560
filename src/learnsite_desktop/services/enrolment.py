"""Enrolment: who may write what, and how a device comes to be trusted."""

import hashlib
import json
from base64 import b32encode
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final

from learnsite_desktop.domain.fields import OUTCOME_PREFIX, REVIEW_PREFIX, Kind, layer_of
from learnsite_desktop.domain.ids import b64, derived_id, unb64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import OWN_LOCK
from learnsite_desktop.domain.scopes import (
    Authority,
    Deed,
    Enrolment,
    Incarnation,
    Scope,
    superseded,
)
from learnsite_desktop.oplog.certificates import (
    EnrolmentCertificate,
    IncarnationCertificate,
    Request,
    RevocationCertificate,
    make_enrolment,
    parse_enrolment,
    parse_incarnation,
    parse_revocation,
)
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.oplog.line import Operation
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, settings, trust
from learnsite_desktop.store.branches import Branches
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.ingest import Quarantine

OPENER: Final = "opener"
Certificate = IncarnationCertificate | EnrolmentCertificate | RevocationCertificate


_KEYED: Final = {
    "submission": ("period",),
    "population": ("year",),
    "answer": ("question",),
    "inspection": ("round",),
    "finding": ("inspection", "item"),
}
"""Kinds whose ids follow from unit and these registers."""
_LOCKED: Final = "submission"
"""The kind that may begin with a lock of its period."""


def fingerprint(device: bytes) -> str:
    """Return the short name of a device key that people compare by phone: 12 characters."""
    text = b32encode(hashlib.sha256(device).digest()).decode("ascii")[:12]
    return "-".join(text[start : start + 4] for start in (0, 4, 8))


# Certificates never change and are many at a county: each is verified once per run.
_incarnation_of = lru_cache(maxsize=16384)(parse_incarnation)
_enrolment_of = lru_cache(maxsize=16384)(parse_enrolment)


@lru_cache(maxsize=16384)
def _claimed(body: bytes) -> Incarnation:
    return _incarnation_of(body).claim


@lru_cache(maxsize=16384)
def _granted(body: bytes) -> Enrolment:
    return _enrolment_of(body).claim


def known_incarnations(database: Database) -> list[IncarnationCertificate]:
    """Return all incarnation certificates held here."""
    return [_incarnation_of(body) for body in trust.incarnations(database)]


def known_enrolments(database: Database) -> list[EnrolmentCertificate]:
    """Return all enrolment certificates held here."""
    return [_enrolment_of(body) for body in trust.certificates(database, "enrolment")]


def _provisional(workspace: Workspace) -> list[Enrolment]:
    """Return what holds here before the first round trip with the unit above is done.

    This device works for its own unit, and so does the device that wrote our opening file for its
    unit. Elsewhere neither counts until a real certificate says so.
    """
    trusted = [(workspace.keys.device.public, workspace.unit, workspace.tier)]
    opener = settings.read(workspace.database, OPENER)
    if opener:
        device, unit, tier = json.loads(opener)
        trusted.append((unb64(device), unit, tier))
    return [
        Enrolment(b"provisional" + device, device, unit, tuple(scopes_for(tier, unit)), by)
        for device, unit, tier in trusted
        for by in [workspace.root]
    ]


def authority(
    workspace: Workspace, *, provisional: bool = True, also: Sequence[Certificate] = ()
) -> Authority:
    """Return the authority that the certificates held here make, and those of `also` with them.

    Without `provisional`, only what a real chain of certificates says.
    """
    database = workspace.database
    within: dict[tuple[str, str], bool] = {}

    def is_within(unit: str, ancestor: str) -> bool:
        key = (unit, ancestor)
        if key not in within:
            within[key] = lookups.is_within(database, unit, ancestor)
        return within[key]

    return Authority(
        workspace.root,
        [
            *map(_granted, trust.certificates(database, "enrolment")),
            *(_provisional(workspace) if provisional else []),
            *(one.claim for one in also if isinstance(one, EnrolmentCertificate)),
        ],
        [
            *(parse_revocation(body).claim for body in trust.certificates(database, "revocation")),
            *(one.claim for one in also if isinstance(one, RevocationCertificate)),
        ],
        [
            *(_claimed(body) for body in trust.incarnations(database)),
            *(one.claim for one in also if isinstance(one, IncarnationCertificate)),
        ],
        is_within,
        tier_of=lambda unit: lookups.tier_of(database, unit),
        on_branch=Branches(database).leads_to,
    )


def quarantine(workspace: Workspace, judge: Authority) -> Quarantine:
    """Return the decision that receiving asks for each operation: None, or why it is held apart."""
    answers: dict[tuple[str, str, frozenset[str], bool], str | None] = {}

    def decide(operation: Operation, name: bytes) -> str | None:
        if not operation.par and operation.kind in _KEYED and not _is_its_own(operation):
            return "out_of_scope"
        layers = layers_of(KINDS.get(operation.kind), operation)
        key = (operation.inc, operation.un, layers, bool(operation.why))
        if key in answers:
            return answers[key]
        answer = _judge(judge, operation, name, layers)
        # With revocations, or outside the plain yes, the place in the chain and the date matter.
        plain = answer is None and judge.is_plain(unb64(operation.inc), operation.un)
        if plain and not _dated(workspace, operation):
            answers[key] = answer
        return answer

    return decide


def _is_its_own(operation: Operation) -> bool:
    """Whether a record whose id follows from unit and period begins under its own unit's id.

    Such ids can be worked out by anybody: a record begun under a neighbour's, or begun without what
    it follows from before whoever is to write it, would take its place.
    """
    keys = [tuple(str(operation.f.get(name)) for name in _KEYED[operation.kind])]
    for register, value in operation.f.items() if operation.kind == _LOCKED else ():
        locks = register == OWN_LOCK or register.startswith("review.")
        keys.extend((str(one),) for one in (value[:1] if locks and isinstance(value, list) else ()))
    return operation.f.get("unit", operation.un) == operation.un and any(
        b64(derived_id(operation.kind, operation.un, *key)) == operation.r for key in keys
    )


def _dated(workspace: Workspace, operation: Operation) -> bool:
    """Whether the author enters for another unit, which is allowed from a date on only."""
    body = trust.incarnation(workspace.database, unb64(operation.inc))
    if body is None:
        return True
    home = parse_incarnation(body).unit
    return not lookups.is_within(workspace.database, operation.un, home)


def _judge(
    judge: Authority, operation: Operation, name: bytes, layers: frozenset[str]
) -> str | None:
    for layer in sorted(layers):
        answer = judge.judge(
            Deed(
                inc=unb64(operation.inc),
                unit=operation.un,
                layer=layer,
                has_why=bool(operation.why),
                date=operation.at,
                n=operation.n,
                hash=name,
            )
        )
        if answer is not None:
            return answer
    return None


_FACT = frozenset({"fact"})


@lru_cache
def _facts_only(kind: str) -> bool:
    return all(register.layer == "fact" for register in KINDS[kind].registers)


def layers_of(kind: Kind | None, operation: Operation) -> frozenset[str]:
    """Return the layers an operation writes: "fact", "review" or "review:<tier>"."""
    plain = kind is None or _facts_only(kind.name)
    names = "\n".join((*operation.f, *operation.pf))
    if plain and "review." not in names and "outcome." not in names:
        return _FACT
    found: set[str] = set()
    for register in (*operation.f, *operation.pf):
        layer = layer_of(kind, register)
        if register.startswith((REVIEW_PREFIX, OUTCOME_PREFIX)):
            layer = f"review:{register.split('.')[1]}"
        found.add(layer)
    return frozenset(found) or _FACT


def scopes_for(tier: str, unit: str) -> list[Scope]:
    """Return the scopes an ordinary enrolment grants."""
    own = [Scope("own", unit)]
    return own if tier == "village" else [*own, Scope("below", unit)]


def issuing_keys(workspace: Workspace, unit: str) -> DeviceKeys:
    """Return the keys with which this computer certifies and revokes computers of a unit.

    For its own unit the root's, elsewhere its own. Refuses `certify_out_of_reach`.
    """
    keys = workspace.keys.root if unit == workspace.unit else workspace.keys.device
    if keys is None or not authority(workspace).may_certify(keys.public, unit):
        raise Refusal("certify_out_of_reach", where=unit)
    return keys


def enrol(
    workspace: Workspace,
    certificate: IncarnationCertificate,
    request: Request | None,
    *,
    extra: Scope | None = None,
) -> EnrolmentCertificate:
    """Issue and store an enrolment for a device; inside the caller's transaction.

    `extra` is a scope on top of the ordinary ones. Refuses `certify_out_of_reach` when this
    computer may not certify for the unit.
    """
    keys = issuing_keys(workspace, certificate.unit)
    workspace.note_writing()
    enrolment = make_enrolment(
        keys,
        device=certificate.ed,
        unit=certificate.unit,
        scopes=[
            *scopes_for(certificate.tier, certificate.unit),
            *([extra] if extra is not None else []),
        ],
        at=workspace.now(),
    )
    store_incarnation(workspace, certificate)
    store_enrolment(workspace, enrolment)
    if request is not None:
        trust.use_invite(workspace.database, request.invite, certificate.ed)
    return enrolment


def store_incarnation(workspace: Workspace, certificate: IncarnationCertificate) -> bool:
    """Store an incarnation certificate; True if it is new."""
    return trust.add_incarnation(
        workspace.database,
        workspace.idents,
        inc=certificate.inc,
        device=certificate.ed,
        unit=certificate.unit,
        body=certificate.raw,
        own=certificate.ed == workspace.keys.device.public,
    )


def store_certificate(
    workspace: Workspace, certificate: EnrolmentCertificate | RevocationCertificate
) -> bool:
    """Store an enrolment or revocation; True if it is new."""
    if isinstance(certificate, EnrolmentCertificate):
        return store_enrolment(workspace, certificate)
    return trust.add_certificate(
        workspace.database,
        name=certificate.hash,
        type_="revocation",
        device=certificate.device,
        body=certificate.raw,
    )


def store_enrolment(workspace: Workspace, enrolment: EnrolmentCertificate) -> bool:
    """Store an enrolment certificate; True if it is new."""
    return trust.add_certificate(
        workspace.database,
        name=enrolment.hash,
        type_="enrolment",
        device=enrolment.device,
        body=enrolment.raw,
    )


def invited(workspace: Workspace, request: Request, certificate: IncarnationCertificate) -> bool:
    """Return whether a request proves a still unused invite given out here for that unit."""
    found = trust.invite(workspace.database, request.invite)
    if found is None:
        return False
    unit, secret, device = found
    return (
        unit == certificate.unit
        and device in (None, certificate.ed)
        and request.matches(secret, certificate)
    )


class Computers:
    """Which computers work for which unit, by the certificates held when this is made."""

    def __init__(self, workspace: Workspace) -> None:
        """Read the certificates; who is enrolled is settled when first asked."""
        self._workspace = workspace
        self._everyone = known_incarnations(workspace.database)

    @cached_property
    def judge(self) -> Authority:
        """The authority that these certificates make."""
        return authority(self._workspace)

    @cached_property
    def _gone(self) -> Mapping[bytes, frozenset[bytes]]:
        return superseded(item.claim for item in self._everyone)

    def of(self, unit: str) -> list[IncarnationCertificate]:
        """Return the enrolled, not superseded incarnations of a unit."""
        return [
            item
            for item in self._everyone
            if item.unit == unit
            and item.inc not in self._gone
            and self.judge.is_enrolled(item.ed, unit)
        ]


def live_incarnations(workspace: Workspace, unit: str) -> list[IncarnationCertificate]:
    """Return the enrolled, not superseded incarnations of one unit; of many ask `Computers`."""
    return Computers(workspace).of(unit)


def device_state(judge: Authority, certificate: IncarnationCertificate, gone: set[bytes]) -> str:
    """Return "enrolled", "superseded", "revoked" or "requested"."""
    if judge.is_revoked(certificate.ed, certificate.unit):
        return "revoked"
    if certificate.inc in gone:
        return "superseded"
    return "enrolled" if judge.is_enrolled(certificate.ed, certificate.unit) else "requested"


def own_revocation(workspace: Workspace) -> str:
    """Return since when this computer is revoked (RFC 3339), "" if it is not."""
    device = workspace.keys.device.public
    found = [
        item
        for item in map(parse_revocation, trust.certificates(workspace.database, "revocation"))
        if item.device == device
    ]
    if not found or not authority(workspace).is_revoked(device, workspace.unit):
        return ""
    return min(item.at for item in found)


def device_row(
    judge: Authority, certificate: IncarnationCertificate, gone: set[bytes]
) -> dict[str, object]:
    """Return a device for listing."""
    return {
        "id": b64(certificate.ed),
        "unit": certificate.unit,
        "inc": b64(certificate.inc),
        "fingerprint": fingerprint(certificate.ed),
        "state": device_state(judge, certificate, gone),
        "scopes": [
            [scope.kind, scope.unit, *filter(None, (scope.since, scope.until))]
            for scope in judge.scopes_of(certificate.ed, certificate.unit)
        ],
    }
