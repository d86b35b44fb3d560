"""What merging must give, the long way: all ancestor sets written out, all pairs compared.

Standard library only. Slow on purpose: each answer follows its definition word by word.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

DELETED = "_deleted"
FROZEN_ABOVE = 64
ASIDE = ("review.", "outcome.")


@dataclass(frozen=True)
class Op:
    """An operation: its name, the parents it names, the registers it writes, who wrote it."""

    hash: bytes
    parents: tuple[bytes, ...]
    writes: Mapping[str, object]
    own: bool = True
    tier: int = 0


@dataclass(frozen=True)
class Verdict:
    """What must be shown of a record."""

    ready: frozenset[bytes]
    heads: list[bytes]
    live: dict[str, list[bytes]]
    shown: dict[str, object]
    conflicts: list[str]
    deleted: bool
    frozen: bool


def ready_of(ops: Mapping[bytes, Op]) -> frozenset[bytes]:
    """An operation is ready when all its parents are: add ready ones until none is left to add."""
    ready: set[bytes] = set()
    while True:
        more = {
            op.hash
            for op in ops.values()
            if op.hash not in ready and all(parent in ready for parent in op.parents)
        }
        if not more:
            return frozenset(ready)
        ready |= more


def ancestors_of(ops: Mapping[bytes, Op], names: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """Every operation's ancestors, itself not included."""
    found: dict[bytes, set[bytes]] = {}
    pending = sorted(names)
    while pending:
        for name in list(pending):
            parents = ops[name].parents
            if all(parent in found for parent in parents):
                found[name] = set(parents).union(*(found[parent] for parent in parents))
                pending.remove(name)
    return found


def _same(one: object, other: object) -> bool:
    return _text(one) == _text(other)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _choose(register: str, writers: list[Op], is_fact: Callable[[str], bool]) -> object:
    if register.startswith("outcome."):
        return min((op.writes[register] for op in writers), key=str)
    best = writers[0]
    for op in writers[1:]:
        if register.startswith("review.") or not is_fact(register):
            better = (op.tier, op.hash) > (best.tier, best.hash)
        else:
            better = (op.own, op.hash) > (best.own, best.hash)
        best = op if better else best
    return best.writes[register]


def judge(given: Iterable[Op], is_fact: Callable[[str], bool]) -> Verdict:
    """Return what the set of operations on one record gives."""
    ops = {op.hash: op for op in given}
    ready = ready_of(ops)
    before = ancestors_of(ops, ready)
    live: dict[str, list[bytes]] = {}
    for name in sorted(ready):
        for register in ops[name].writes:
            overwritten = any(
                name in before[other] and register in ops[other].writes for other in ready
            )
            if not overwritten:
                live.setdefault(register, []).append(name)
    conflicts = {
        register
        for register, names in live.items()
        if not register.startswith("outcome.")
        for one, other in combinations(names, 2)
        if not _same(ops[one].writes[register], ops[other].writes[register])
    }
    if _disputed(ops, ready, before, live.get(DELETED, []), is_fact):
        conflicts.add(DELETED)
    shown = {
        register: _choose(register, [ops[name] for name in names], is_fact)
        for register, names in live.items()
    }
    if not is_fact(DELETED):
        _hush(ops, before, live, shown, conflicts, is_fact)
    heads = [name for name in sorted(ready) if not any(name in before[other] for other in ready)]
    return Verdict(
        ready=ready,
        heads=heads,
        live=live,
        shown=shown,
        conflicts=sorted(conflicts),
        deleted=bool(shown.get(DELETED)) and DELETED not in conflicts,
        frozen=len(heads) > FROZEN_ABOVE,
    )


def _hush(
    ops: Mapping[bytes, Op],
    before: Mapping[bytes, set[bytes]],
    live: Mapping[str, list[bytes]],
    shown: dict[str, object],
    conflicts: set[str],
    is_fact: Callable[[str], bool],
) -> None:
    """Where units above make a record: what one says beside a higher one is in dispute, not shown.

    What stands then is what would stand had it not been said.
    """

    def words(op: Op) -> set[str]:
        if op.own:
            return set()
        return {key for key in op.writes if not is_fact(key) and not key.startswith(ASIDE)}

    hushed = {
        one
        for one in before
        for other in before
        if words(ops[one]) and words(ops[other]) and ops[other].tier > ops[one].tier
        if one not in before[other] and other not in before[one]
    }
    for register in [key for key, names in live.items() if hushed & set(names)]:
        writers = [n for n in before if register in ops[n].writes]
        if not any(register in words(ops[name]) for name in hushed & set(live[register])):
            continue
        heard = [name for name in writers if name not in hushed]
        last = [n for n in heard if not any(n in before[other] for other in heard)]
        shown.pop(register)
        if last:
            shown[register] = _choose(register, [ops[name] for name in sorted(last)], is_fact)
        said = [ops[name].writes[register] for name in hushed & set(live[register])]
        if not last or any(value != shown[register] for value in said):
            conflicts.add(register)


def _disputed(
    ops: Mapping[bytes, Op],
    ready: Iterable[bytes],
    before: Mapping[bytes, set[bytes]],
    writers: list[bytes],
    is_fact: Callable[[str], bool],
) -> bool:
    """Whether a live deletion and an operation that writes a fact do not know of each other."""
    for deletion in writers:
        if not ops[deletion].writes[DELETED]:
            continue
        for name in ready:
            concurrent = (
                name != deletion and name not in before[deletion] and deletion not in before[name]
            )
            said = [
                key
                for key in ops[name].writes
                if key != DELETED and (is_fact(key) or not key.startswith(ASIDE))
            ]
            if concurrent and said:
                return True
    return False
