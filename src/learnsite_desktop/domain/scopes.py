"""Who may write what: the authority decision over certificates that are already verified.

Everything starts at the trust root, one Ed25519 public key. Certificates hang below it: an issuer
may certify a device for unit U if it is the root, or if it is itself enrolled with the scope
"below X" and U lies under X without being X. As every step goes down the unit tree, the answer
exists, is unique, and does not depend on the order in which certificates became known.

An answer is a function of the operation's own fields, the certificates and the revocations. Other
operations are asked for only when a revocation names a branch of a forked chain.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

ScopeKind = Literal["own", "below", "for"]
QuarantineCode = Literal["not_enrolled", "out_of_scope", "revoked", "reason_missing"]
IsWithin = Callable[[str, str], bool]
"""`is_within(unit, ancestor)`: true if `unit` is `ancestor` or lies under it."""
OnBranch = Callable[[bytes, bytes], bool]
"""`on_branch(operation hash, head hash)`: the operation is the head or one of its `prev`s."""

FACT: Final = "fact"
REVIEW: Final = "review"
_SEVERITY: Final[tuple[QuarantineCode, ...]] = ("revoked", "reason_missing", "out_of_scope")


@dataclass(frozen=True, slots=True)
class Scope:
    """One line of an enrolment: `own` unit, units `below` it, or entering `for` another unit.

    `since` and `until` (ISO dates) are set for "for" only: the first day of entering for that unit
    and the last one, "" for no end.
    """

    kind: ScopeKind
    unit: str
    since: str = ""
    until: str = ""

    def covers(self, other: "Scope") -> bool:
        """Return whether whatever `other` allows is allowed by this one, too."""
        ends_later = not self.until or bool(other.until and other.until <= self.until)
        same = (self.kind, self.unit) == (other.kind, other.unit)
        return same and self.since <= other.since and ends_later


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An issuer's statement that a device works for `unit` with these scopes."""

    hash: bytes
    device: bytes
    unit: str
    scopes: tuple[Scope, ...]
    by: bytes


@dataclass(frozen=True, slots=True)
class RevokedHead:
    """The last operation of one branch of a chain that still stands after a revocation."""

    unit: str
    inc: bytes
    n: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Revocation:
    """A device is trusted no further than `heads`; chains not named fall whole.

    `keeps`: hashes of what the device issued that goes on standing: enrolments, revocations and
    down documents.
    """

    hash: bytes
    device: bytes
    heads: tuple[RevokedHead, ...]
    keeps: frozenset[bytes]
    by: bytes


@dataclass(frozen=True, slots=True)
class Incarnation:
    """One life of a device's database: its id, device key, unit and tier as it claims them."""

    inc: bytes
    device: bytes
    unit: str
    tier: str
    of: bytes | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What the decision needs to know of one operation.

    `layer` is "fact", "review" (any tier's) or "review:<tier>"; `date` an ISO date or time.
    """

    inc: bytes
    unit: str
    layer: str
    has_why: bool
    date: str
    n: int
    hash: bytes


def _follows_number(_operation: bytes, _head: bytes) -> bool:
    return True


@dataclass(slots=True)
class _Grants:
    """What an incarnation may do in one unit, settled once per (incarnation, unit)."""

    enrolled: bool = False
    lines: list[tuple[Scope, tuple[Revocation, ...]]] = field(default_factory=list)


class Authority:
    """Answers for a fixed set of certificates; build a new one when the set grows.

    `tier_of(unit)`, if given, is the region tree's tier of a unit: an incarnation that claims
    another one is treated as not enrolled (None = the tree does not know the unit).
    `on_branch` settles to which branch of a forked chain an operation below a revoked head
    belongs; without it the running number alone decides.
    """

    def __init__(
        self,
        root: bytes,
        enrolments: Iterable[Enrolment],
        revocations: Iterable[Revocation],
        incarnations: Iterable[Incarnation],
        is_within: IsWithin,
        *,
        tier_of: Callable[[str], str | None] | None = None,
        on_branch: OnBranch = _follows_number,
    ) -> None:
        self._root = root
        self._within = is_within
        self._tier_of = tier_of
        self._on_branch = on_branch
        self._incarnations = {item.inc: item for item in incarnations}
        self._enrolments: dict[bytes, list[Enrolment]] = {}
        for enrolment in sorted(set(enrolments), key=lambda item: item.hash):
            self._enrolments.setdefault(enrolment.device, []).append(enrolment)
        self._revocations: dict[bytes, list[Revocation]] = {}
        for revocation in sorted(set(revocations), key=lambda item: item.hash):
            self._revocations.setdefault(revocation.device, []).append(revocation)
        self._governs: dict[tuple[bytes, str, bytes], bool] = {}
        self._grants: dict[tuple[bytes, str], _Grants] = {}

    def is_enrolled(self, device: bytes, unit: str | None = None) -> bool:
        """Return whether a chain of enrolments leads from the root to `device` (for `unit`).

        Revoked devices are not enrolled any more, though what they wrote before may stand.
        """
        return any(
            (unit is None or enrolment.unit == unit)
            and self._is_valid(enrolment)
            and not self._revoking(enrolment)
            for enrolment in self._enrolments.get(device, ())
        )

    def is_known(self, device: bytes, unit: str) -> bool:
        """Return whether `device` was ever enrolled for `unit`, revoked or not."""
        return any(
            enrolment.unit == unit and self._is_valid(enrolment)
            for enrolment in self._enrolments.get(device, ())
        )

    def is_revoked(self, device: bytes, unit: str) -> bool:
        """Return whether `device` was enrolled for `unit` and a standing revocation names it."""
        return self.is_known(device, unit) and not self.is_enrolled(device, unit)

    def is_plain(self, inc: bytes, unit: str) -> bool:
        """Return whether no revocation touches what an incarnation may do in a unit.

        Then its operations are judged by what they write and when, not by their place in the chain.
        """
        grants = self._grants_of(inc, unit)
        return bool(grants.lines) and not any(revocations for _scope, revocations in grants.lines)

    def scopes_of(self, device: bytes, unit: str) -> tuple[Scope, ...]:
        """Return the scopes the device really has for `unit`, without what no issuer could give."""
        found = {
            scope
            for enrolment in self._enrolments.get(device, ())
            if enrolment.unit == unit
            and self._is_valid(enrolment)
            and not self._revoking(enrolment)
            for scope in enrolment.scopes
            if self._may_grant(enrolment, scope)
        }
        return tuple(sorted(found, key=lambda one: (one.kind, one.unit, one.since, one.until)))

    def may_certify(self, issuer: bytes, unit: str) -> bool:
        """Return whether an enrolment for `unit` that `issuer` signed now would count."""
        return self._has_power(issuer, unit, b"")

    def may_publish(self, issuer: bytes, scope: str, name: bytes = b"") -> bool:
        """Return whether a down document by `issuer` binds the unit `scope` and what is below.

        `name` is the document's hash: those that a revocation keeps go on standing.
        """
        return issuer == self._root or any(
            self._within(scope, enrolment.unit)
            and Scope("below", enrolment.unit) in enrolment.scopes
            and self._is_valid(enrolment)
            and all(name in revocation.keeps for revocation in self._revoking(enrolment))
            for enrolment in self._enrolments.get(issuer, ())
        )

    def judge(self, deed: Deed) -> QuarantineCode | None:
        """Return why the operation is quarantined, or None if its author may write it."""
        grants = self._grants_of(deed.inc, deed.unit)
        if not grants.enrolled:
            return "not_enrolled"
        tier = self._incarnations[deed.inc].tier
        answers: set[QuarantineCode | None] = {"out_of_scope"}
        for scope, revocations in grants.lines:
            answer = _scope_answer(scope, deed, tier)
            if answer is None and any(self._is_cut_off(item, deed) for item in revocations):
                answer = "revoked"
            if answer is None:
                return None
            answers.add(answer)
        return next(code for code in _SEVERITY if code in answers)

    def _is_cut_off(self, revocation: Revocation, deed: Deed) -> bool:
        for head in revocation.heads:
            if head.inc != deed.inc or head.unit != deed.unit or deed.n > head.n:
                continue
            if deed.n == head.n:
                if deed.hash == head.head:
                    return False
            elif self._on_branch(deed.hash, head.head):
                return False
        return True

    def _grants_of(self, inc: bytes, unit: str) -> _Grants:
        key = (inc, unit)
        found = self._grants.get(key)
        if found is None:
            found = self._grants[key] = self._settle_grants(inc, unit)
        return found

    def _settle_grants(self, inc: bytes, unit: str) -> _Grants:
        grants = _Grants()
        incarnation = self._incarnations.get(inc)
        if incarnation is None or not self._tier_is_true(incarnation):
            return grants
        for enrolment in self._enrolments.get(incarnation.device, ()):
            if enrolment.unit != incarnation.unit or not self._is_valid(enrolment):
                continue
            grants.enrolled = True
            revocations = self._revoking(enrolment)
            grants.lines += [
                (scope, revocations)
                for scope in enrolment.scopes
                if self._may_grant(enrolment, scope) and self._reaches(scope, unit)
            ]
        return grants

    def _tier_is_true(self, incarnation: Incarnation) -> bool:
        known = self._tier_of(incarnation.unit) if self._tier_of else None
        return known is None or known == incarnation.tier

    def _reaches(self, scope: Scope, unit: str) -> bool:
        if scope.kind == "below":
            return unit != scope.unit and self._within(unit, scope.unit)
        return unit == scope.unit

    def _may_grant(self, enrolment: Enrolment, scope: Scope) -> bool:
        if scope.kind in ("own", "below") and scope.unit != enrolment.unit:
            return False
        return self._has_power(enrolment.by, scope.unit, enrolment.hash)

    def _is_valid(self, enrolment: Enrolment) -> bool:
        return self._has_power(enrolment.by, enrolment.unit, enrolment.hash)

    def _revoking(self, enrolment: Enrolment) -> tuple[Revocation, ...]:
        """Return the standing revocations of a device by someone above this enrolment's unit."""
        return tuple(
            revocation
            for revocation in self._revocations.get(enrolment.device, ())
            if self._has_power(revocation.by, enrolment.unit, revocation.hash)
        )

    def _has_power(self, issuer: bytes, unit: str, certificate: bytes) -> bool:
        """Return whether `issuer` governs `unit`, with a certificate that no revocation voids.

        Recursion ends: the issuer's own unit lies strictly above `unit` at every step.
        """
        if issuer == self._root:
            return True
        key = (issuer, unit, certificate)
        found = self._governs.get(key)
        if found is None:
            self._governs[key] = False  # ends the walk even in a unit tree with a loop
            found = self._governs[key] = any(
                self._governs_by(enrolment, unit, certificate)
                for enrolment in self._enrolments.get(issuer, ())
            )
        return found

    def _governs_by(self, enrolment: Enrolment, unit: str, certificate: bytes) -> bool:
        return (
            unit != enrolment.unit
            and Scope("below", enrolment.unit) in enrolment.scopes
            and self._within(unit, enrolment.unit)
            and self._is_valid(enrolment)
            and all(certificate in item.keeps for item in self._revoking(enrolment))
        )


def _scope_answer(scope: Scope, deed: Deed, tier: str) -> QuarantineCode | None:
    """Return what one scope that reaches the unit says of the deed; None = allowed."""
    if scope.kind == "below":
        if deed.layer == FACT:
            return None if deed.has_why else "reason_missing"
        return None if deed.layer in (REVIEW, f"{REVIEW}:{tier}") else "out_of_scope"
    if deed.layer != FACT:
        return "out_of_scope"
    if scope.kind == "for" and not is_open(scope, deed.date[:10]):
        return "out_of_scope"
    return None


def is_open(scope: Scope, day: str) -> bool:
    """Return whether a grant of entering holds on a day (ISO)."""
    return scope.since <= day and (not scope.until or day <= scope.until)


def superseded(incarnations: Iterable[Incarnation]) -> dict[bytes, frozenset[bytes]]:
    """Return each superseded incarnation id with the ids that took its place.

    A certificate supersedes only an incarnation of the same device and unit; others claim in vain.
    """
    known = {item.inc: item for item in incarnations}
    found: dict[bytes, frozenset[bytes]] = {}
    for item in known.values():
        old = known.get(item.of) if item.of else None
        if old and old.inc != item.inc and (old.device, old.unit) == (item.device, item.unit):
            found[old.inc] = found.get(old.inc, frozenset()) | {item.inc}
    return found
