"""Review: where a record stands with each tier above it, derived from its operations alone.

A verdict is a write of `review.<tier>.state`. An approval covers exactly what its author had seen:
the ancestors of its operation. What was written of the facts beside or after that stands as
edited since. A lock is a list of chain heads under `review.<tier>.lock`, see `locked_heads`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from learnsite_desktop.domain.fields import REVIEW_PREFIX
from learnsite_desktop.domain.ids import b64, is_hash, unb64
from learnsite_desktop.domain.merge import TIER_RANK, Merged, Node
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.refusals import Refusal

APPROVED: Final = "approved"
REJECTED: Final = "rejected"
OWN_LOCK: Final = "lock"
"""Register by which a unit locks its own records; it may not review itself."""
OPEN: Final = "open"
MAX_HEADS_PER_REGISTER: Final = 200


class State(StrEnum):
    """Where a record stands with one tier."""

    NONE = "none"
    RETURNED = "returned"
    EDITED = "edited"
    APPROVED = "approved"
    REJECTED = "rejected"


def state_register(tier: str) -> str:
    """Return the register that holds a tier's verdict."""
    return f"{REVIEW_PREFIX}{tier}.state"


def tier_of_state(register: str) -> str:
    """Return the tier whose verdict a register holds, "" for any other register."""
    parts = register.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == "review" and parts[2] == "state" else ""


def verdict_of(value: object) -> str:
    """Return "approved", "rejected" or "" of a verdict's value.

    Only an approval may name an operation behind a colon.
    """
    if not isinstance(value, str):
        return ""
    if value == APPROVED or value.startswith(f"{APPROVED}:"):
        return APPROVED
    return REJECTED if value == REJECTED else ""


def again(value: object, operation: bytes) -> object:
    """Return a verdict to be written again by an undo.

    An approval then names the operation that gave it: taking a later one back must not cover
    what was written since the first.
    """
    return f"{APPROVED}:{b64(operation)}" if value == APPROVED else value


def _coverer(node: Node, value: object) -> bytes:
    """Return the operation whose ancestors an approval covers."""
    _word, colon, name = str(value).partition(":")
    try:
        return unb64(name) if colon else node.hash
    except ValueError:
        return node.hash


def ancestors(ready: Iterable[Node], names: Iterable[bytes]) -> set[bytes]:
    """Return these operations and all that they build on."""
    parents = {node.hash: node.par for node in ready}
    stack = [name for name in names if name in parents]
    found: set[bytes] = set()
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += parents[name]
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A return on the record: which tier asked, and the operation that answered ("" while open)."""

    tier: str
    closed_by: str


@dataclass(slots=True)
class Standing:
    """Where a record stands with one tier; `since` are the fact operations it has not covered."""

    state: State = State.NONE
    since: list[bytes] = field(default_factory=list)


def covered_by(ready: Sequence[Node], merged: Merged, tier: str) -> set[bytes] | None:
    """Return the operations that a tier's approvals in force cover, None if there is none."""
    register = state_register(tier)
    if verdict_of(merged.shown.get(register)) != APPROVED:
        return None
    names = [
        _coverer(node, node.writes[register])
        for node in merged.live.get(register, ())
        if verdict_of(node.writes[register]) == APPROVED
    ]
    return ancestors(ready, names)


def standing(
    ready: Sequence[Node],
    merged: Merged,
    tier: str,
    returns: Collection[Asked],
    is_fact: Callable[[str], bool],
) -> Standing:
    """Return where a record stands with a tier: the gravest word that is true of it."""
    covered = covered_by(ready, merged, tier)
    facts = [node.hash for node in ready if any(is_fact(name) for name in node.writes)]
    since = [name for name in facts if name not in (covered or ())]
    mine = [item for item in returns if item.tier == tier]
    if verdict_of(merged.shown.get(state_register(tier))) == REJECTED:
        return Standing(State.REJECTED, since)
    if any(not item.closed_by for item in mine):
        return Standing(State.RETURNED, since)
    if covered is not None:
        return Standing(State.EDITED if since else State.APPROVED, since)
    answered = {item.closed_by for item in mine}
    edited = any(b64(name) in answered for name in since)
    return Standing(State.EDITED if edited else State.NONE, since)


# -- locks -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """The last operation of one branch of a chain that a lock covers."""

    inc: str
    n: int
    head: str


@dataclass(frozen=True, slots=True)
class Lock:
    """A period of one unit locked by a tier, with what it covers; `own` if by the unit itself.

    `open` if the tier has opened it again; `inherited` if only the unit above was named.
    """

    tier: str
    period: str
    heads: tuple[Head, ...]
    own: bool = False
    open: bool = False
    inherited: bool = False

    @property
    def rank(self) -> int:
        """How far up the tier stands."""
        return TIER_RANK.get(self.tier, 0)


def lock_register(tier: str, *, own: bool) -> str:
    """Return the register under which a tier locks a period of a unit."""
    return OWN_LOCK if own else f"{REVIEW_PREFIX}{tier}.lock"


def lock_writes(
    base: str, period: str, heads: Sequence[Head] | None, doc: Mapping[str, object]
) -> dict[str, object]:
    """Return the registers of a lock over the record's `doc`; no `heads` opens it again.

    Heads stand in as many registers as keep each line short enough.
    """
    writes: dict[str, object] = {name: None for name in doc if name.startswith(f"{base}.")}
    rows: list[object] = [[item.inc, item.n, item.head] for item in heads or ()]
    first, rest = rows[:MAX_HEADS_PER_REGISTER], rows[MAX_HEADS_PER_REGISTER:]
    writes[base] = [period, OPEN] if heads is None else [period, *first]
    for start in range(0, len(rest), MAX_HEADS_PER_REGISTER):
        part = f"{base}.{start // MAX_HEADS_PER_REGISTER + 1}"
        writes[part] = rest[start : start + MAX_HEADS_PER_REGISTER]
    return writes


def locks_in(doc: Mapping[str, object], own_tier: str) -> list[Lock]:
    """Return the locks that a submission's shown registers tell, the highest tier first.

    `own_tier` is the tier of the record's unit. What is not written as a lock is none.
    """
    found = []
    for register, value in doc.items():
        own = register == OWN_LOCK
        parts = register.split(".")
        if not own and (len(parts) != 3 or parts[0] != "review" or parts[2] != "lock"):
            continue
        if own and not TIER_RANK.get(own_tier):
            continue  # a village locks nothing: it would approve itself
        if not isinstance(value, list) or not value or not known_period(value[0]):
            continue
        rows = list(value[1:])
        more = 1
        while isinstance(part := doc.get(f"{register}.{more}"), list):
            rows += part
            more += 1
        tier = own_tier if own else parts[1]
        found.append(Lock(tier, value[0], tuple(_heads(rows)), own, rows == [OPEN]))
    return sorted(found, key=lambda lock: (-lock.rank, lock.tier))


def _heads(rows: Iterable[object]) -> Iterable[Head]:
    for row in rows:
        match row:
            case [str(inc), int(n), str(head)] if is_hash(head):
                yield Head(inc, n, head)


def narrowest(locks: Iterable[Lock], period: Period) -> Lock | None:
    """Return the shortest lock that holds the whole of a period; of several tiers the highest."""
    around = []
    for lock in locks:
        span = parse_period(lock.period)
        if not lock.open and span.first <= period.first and period.last <= span.last:
            around.append(((span.last - span.first).days, -lock.rank, lock.period, lock))
    return min(around, key=lambda entry: entry[:3])[3] if around else None


def governing(locks: Iterable[Lock], period: Period) -> Mapping[str, Lock]:
    """Return by month which lock rules a unit's figures of `period`; months without are left out.

    A month has one lock, whatever period is asked for: else months would not add up to quarters.
    """
    known = list(locks)
    found = {month.text: narrowest(known, month) for month in period.months()}
    return {month: lock for month, lock in found.items() if lock is not None}


def locked_months(locks: Iterable[Lock]) -> dict[str, Lock]:
    """Return every month of a unit that a lock rules, with that lock."""
    known = list(locks)
    found: dict[str, Lock] = {}
    for lock in known:
        if not lock.open:
            found |= governing(known, parse_period(lock.period))
    return found


def known_period(text: object) -> bool:
    """Return whether a lock names a period that this version can read."""
    if not isinstance(text, str):
        return False
    try:
        parse_period(text)
    except Refusal:
        return False
    return True
