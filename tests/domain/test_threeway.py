"""What authors had in common, compared with the definition word by word."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.merge import Node, ready_nodes
from learnsite_desktop.domain.threeway import common_past, past_of, state_of
from tests.oracle.merge_oracle import Op, ancestors_of


@st.composite
def histories(draw: st.DrawFn) -> list[Node]:
    """Return operations of one record that name earlier ones as parents."""
    count = draw(st.integers(1, 9))
    names = [bytes([number]) * 32 for number in range(count)]
    nodes: list[Node] = []
    for number, name in enumerate(names):
        earlier = st.sampled_from(names[:number]) if number else st.nothing()
        par = draw(st.lists(earlier, max_size=min(number, 3), unique=True))
        writes = draw(st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2), max_size=2))
        nodes.append(Node(name, tuple(sorted(par)), writes))
    return nodes


@given(histories(), st.data())
def test_pasts_are_those_of_the_definition(nodes: list[Node], choice: st.DataObject) -> None:
    known = {node.hash: node for node in nodes}
    ops = {node.hash: Op(node.hash, node.par, node.writes) for node in nodes}
    above = ancestors_of(ops, ops)
    some = st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=3, unique=True)
    names = choice.draw(some)
    for name in names:
        assert past_of(known, [name]) == above[name]
    assert common_past(known, names) == set.intersection(*(above[name] for name in names))


@given(histories())
def test_the_state_before_holds_nothing_that_an_author_did_not_know(nodes: list[Node]) -> None:
    ready, _waiting = ready_nodes(nodes)
    known = {node.hash: node for node in ready}
    for one, other in pairwise(sorted(known)):
        past = common_past(known, [one, other])
        before = state_of(ready, past, lambda _register: True)
        live = {node.hash for group in before.live.values() for node in group}
        assert live <= past


def test_nothing_has_nothing_in_common() -> None:
    assert common_past({}, []) == set()
    assert past_of({}, [b"x" * 32]) == set()
