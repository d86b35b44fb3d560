"""Merging against a brute-force oracle, on random histories (P2, P7, P9, P10)."""

import gc
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnsite_desktop.domain import merge as merging
from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.merge import MAX_HEADS, Merged, Node, merge, ready_nodes
from tests.oracle import merge_oracle
from tests.oracle.merge_oracle import Op, Verdict, judge

VALUES: st.SearchStrategy[object] = st.sampled_from(
    [None, True, False, 0, 1, "", "1", "甲", ["P", 60, None, False], ["P", None, None, False]]
)
REGISTERS = ("name", "time", "a:l1", "a:l2", "review.township.state", "outcome.county")


def is_fact(register: str) -> bool:
    return not register.startswith(("review.", "outcome."))


@st.composite
def histories(draw: st.DrawFn, longest: int = 14) -> list[Op]:
    """Random operations on one record; now and then one names a parent nobody has."""
    ops: list[Op] = []
    for number in range(draw(st.integers(0, longest))):
        recent = st.sampled_from(ops[-6:]) if ops else st.nothing()
        chosen = draw(st.lists(recent, max_size=3, unique_by=id)) if ops else []
        parents = {op.hash for op in chosen}
        if draw(st.integers(0, 11)) == 0:
            parents.add(_name(b"nobody has this", number))
        writes: dict[str, object] = {
            draw(st.sampled_from(REGISTERS)): draw(VALUES) for _ in range(draw(st.integers(0, 3)))
        }
        if draw(st.integers(0, 5)) == 0:
            writes[DELETED] = draw(st.sampled_from([True, None]))
        name = _name(json.dumps(sorted(writes)).encode(), number, *sorted(parents))
        own, tier = draw(st.booleans()), draw(st.integers(0, 2))
        ops.append(Op(name, tuple(sorted(parents)), writes, own, tier))
    return ops


def _name(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode()).digest()


def nodes_of(ops: Sequence[Op]) -> list[Node]:
    return [Node(op.hash, op.parents, op.writes, op.own, op.tier) for op in ops]


def merged_of(ops: Sequence[Op]) -> tuple[Merged, frozenset[bytes]]:
    ready, waiting = ready_nodes(nodes_of(ops))
    assert {n.hash for n in ready}.isdisjoint(n.hash for n in waiting)
    assert {n.hash for n in (*ready, *waiting)} == {op.hash for op in ops}
    return merge(ready, is_fact), frozenset(node.hash for node in ready)


def verdict_of(ops: Sequence[Op]) -> Verdict:
    """Return what the product makes of the operations, in the oracle's words."""
    merged, ready = merged_of(ops)
    return Verdict(
        ready=ready,
        heads=merged.heads,
        live={key: sorted(node.hash for node in nodes) for key, nodes in merged.live.items()},
        shown=merged.shown,
        conflicts=merged.conflicts,
        deleted=merged.deleted,
        frozen=merged.frozen,
    )


@given(histories())
@settings(max_examples=400)
def test_p7_merging_equals_the_oracle(ops: list[Op]) -> None:
    assert verdict_of(ops) == judge(ops, is_fact)


@given(histories())
def test_deletions_compared_with_the_edits_part_by_part(ops: list[Op]) -> None:
    with mock.patch.object(merging, "_AT_ONCE", 1):
        in_parts = merged_of(ops)
    assert in_parts == merged_of(ops)


@given(histories(), st.randoms(use_true_random=False))
def test_p2_order_and_repetition_do_not_matter(ops: list[Op], random: Random) -> None:
    mixed = [*ops, *ops[: len(ops) // 2]]
    random.shuffle(mixed)
    assert verdict_of(mixed) == verdict_of(ops)


@given(histories(longest=20))
def test_p9_no_deletion_hides_an_edit_it_did_not_know(ops: list[Op]) -> None:
    """In a deleted record every live deletion knew every fact written, or was known by it."""
    merged, ready = merged_of(ops)
    if not merged.deleted:
        return
    by_name = {op.hash: op for op in ops}
    before = merge_oracle.ancestors_of(by_name, ready)
    deletions = [n.hash for n in merged.live[DELETED] if n.writes[DELETED]]
    for name in ready:
        facts = [key for key in by_name[name].writes if key != DELETED and is_fact(key)]
        if facts:
            assert all(
                name == deletion or name in before[deletion] or deletion in before[name]
                for deletion in deletions
            )


@given(histories(longest=20))
def test_p10_a_register_shows_what_one_author_wrote(ops: list[Op]) -> None:
    """A group of fields is one register; its shown value is one operation's, never a mixture."""
    merged, _ready = merged_of(ops)
    for register, value in merged.shown.items():
        written = [op.writes[register] for op in ops if register in op.writes]
        assert any(value is one for one in written)


@given(histories(), st.sampled_from(REGISTERS), VALUES)
def test_p8_an_operation_that_knows_all_heads_closes_its_register(
    ops: list[Op], register: str, value: object
) -> None:
    merged, _ready = merged_of(ops)
    closing = Op(_name("close"), tuple(merged.heads), {register: value})
    after = verdict_of([*ops, closing])
    assert after.heads == [closing.hash]
    assert register not in after.conflicts
    assert after.shown[register] == value
    others = [key for key in merged.conflicts if key not in (register, DELETED)]
    assert [key for key in after.conflicts if key != DELETED] == others


def test_p8_two_resolutions_open_one_new_conflict() -> None:
    root = Op(b"r" * 32, (), {"name": "甲"})
    sides = [Op(bytes([n]) * 32, (root.hash,), {"name": str(n)}) for n in (1, 2)]
    heads = tuple(side.hash for side in sides)
    resolutions = [Op(bytes([n]) * 32, heads, {"name": str(n)}) for n in (11, 12)]
    assert verdict_of([root, *sides]).conflicts == ["name"]
    assert verdict_of([root, *sides, resolutions[0]]).conflicts == []
    both = verdict_of([root, *sides, *resolutions])
    assert both.conflicts == ["name"]
    assert both.live["name"] == [op.hash for op in resolutions]


def test_an_edit_beside_an_open_dispute_does_not_settle_it() -> None:
    root = Op(b"r" * 32, (), {"name": "甲"})
    deleted = Op(b"d" * 32, (root.hash,), {DELETED: True})
    edit = Op(b"e" * 32, (root.hash,), {"name": "乙"})
    later = Op(b"l" * 32, (deleted.hash, edit.hash), {"notes": "见过两者"})
    for bystander in ((), (later,)):
        verdict = verdict_of([root, deleted, edit, *bystander])
        assert (verdict.conflicts, verdict.deleted) == ([DELETED], False)
    for value in (True, None):
        settled = Op(b"s" * 32, (later.hash,), {DELETED: value})
        verdict = verdict_of([root, deleted, edit, later, settled])
        assert (verdict.conflicts, verdict.deleted) == ([], bool(value))


def test_a_delete_and_a_review_do_not_dispute() -> None:
    root = Op(b"r" * 32, (), {"name": "甲"})
    deleted = Op(b"d" * 32, (root.hash,), {DELETED: True})
    review = Op(b"v" * 32, (root.hash,), {"review.township.state": "approved"})
    edit = Op(b"e" * 32, (root.hash,), {"name": "乙"})
    assert verdict_of([root, deleted, review]).deleted
    disputed = verdict_of([root, deleted, edit])
    assert (disputed.conflicts, disputed.deleted) == ([DELETED], False)


@pytest.mark.parametrize("count", [MAX_HEADS, MAX_HEADS + 1])
def test_a_record_with_too_many_heads_is_frozen(count: int) -> None:
    root = Op(b"r" * 32, (), {"name": "甲"})
    sides = [Op(_name(n), (root.hash,), {"name": "乙"}) for n in range(count)]
    verdict = verdict_of([root, *sides])
    assert verdict.frozen is (count > MAX_HEADS)
    assert verdict == judge([root, *sides], is_fact)
    some = sorted(side.hash for side in sides)[:MAX_HEADS]
    freed = verdict_of([root, *sides, Op(_name("merge"), tuple(some), {})])
    assert not freed.frozen


def _seconds(count: int) -> float:
    """Return how long it takes to merge a linear history, the best of three."""
    nodes: list[Node] = []
    for number in range(count):
        parents = (nodes[-1].hash,) if nodes else ()
        writes = {f"a:l{number % 50}": ["P", None, None, False], "notes": str(number)}
        nodes.append(Node(_name(number), parents, writes))
    best = float("inf")
    for _round in range(3):
        with _unswept():
            start = time.process_time()
            ready, waiting = ready_nodes(reversed(nodes))
            merged = merge(ready, is_fact)
            best = min(best, time.process_time() - start)
        assert not waiting
        assert merged.heads == [nodes[-1].hash]
        assert len(merged.shown) == 51
    return best


@contextmanager
def _unswept() -> Iterator[None]:
    """Keep the collector of garbage out of what is measured: it looks at all that tests left."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_a_long_history_costs_in_proportion_to_its_length() -> None:
    """Ten times as long; a cost by its square would be a hundred times as much."""
    short, long = _seconds(5_000), _seconds(50_000)
    assert long < short * 60, f"{short:.3f} s for 5,000, {long:.3f} s for 50,000"


def _crossed(count: int) -> float:
    """Return how long it takes to merge operations of many parents and a register each."""
    nodes: list[Node] = []
    for number in range(count):
        parents = tuple(node.hash for node in nodes[-32:])
        writes = {f"r{number // 2}": number}
        nodes.append(Node(_name(number), parents, writes))
    with _unswept():
        start = time.process_time()
        merged = merge(nodes, is_fact)
        spent = time.process_time() - start
    assert all(merged.shown[f"r{number // 2}"] == number for number in range(1, count, 2))
    return spent


def test_many_registers_and_many_parents_cost_in_proportion() -> None:
    """Whoever may write a record may write such a one, for every desk above to merge."""
    short, long = (min(_crossed(count) for _ in range(3)) for count in (500, 4_000))
    assert long < short * 8 * 5, f"{short:.3f} s for 500, {long:.3f} s for 4,000"


@given(histories())
def test_registers_followed_part_by_part(ops: list[Op]) -> None:
    with mock.patch.object(merging, "_REGISTERS_AT_ONCE", 2):
        assert verdict_of(ops) == judge(ops, is_fact)
