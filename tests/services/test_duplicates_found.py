"""Everything that the rules name is found, and nothing else, among people known in advance.

What must be found is worked out here from the people in clear, comparing whatever shares a value.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

from bench.doubles import CLOCK, county, judged, record_of, write_people
from bench.known_people import COUNTY, Known, Pair, Written, known_people
from learnsite_desktop.services import auto_links, duplicates, founding
from learnsite_desktop.services.duplicates import Candidate
from learnsite_desktop.services.workspace import Workspace

PEOPLE = 1_500
DAY = len("1956-04-09")


@pytest.fixture(scope="module")
def known() -> Known:
    return known_people(PEOPLE, seed=3)


@pytest.fixture(scope="module")
def workspace(known: Known, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with county(known, tmp_path_factory.mktemp("people") / "county") as found:
        yield found


@pytest.fixture(scope="module")
def pairs(workspace: Workspace) -> list[Candidate]:
    return duplicates.find_pairs(workspace)[0]


def sharing(known: Known, value: Callable[[Written], object]) -> set[Pair]:
    """Return the pairs of records with the same value, if it is known."""
    holders: dict[object, list[int]] = {}
    for place, written in enumerate(known.records):
        if value(written):
            holders.setdefault(value(written), []).append(place)
    return {pair for group in holders.values() for pair in combinations(group, 2)}


def agree(one: str, other: str) -> bool:
    """Whether two births may be one."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def expected(known: Known) -> dict[Pair, str]:
    """Return the pairs that the rules of plain equality name, by the surest rule."""
    found: dict[Pair, str] = {}
    named = sharing(known, lambda item: (item.name, item.sex))
    for pair in named | sharing(known, lambda item: (item.name, item.mobile) if item.mobile else 0):
        one, other = (known.records[place] for place in pair)
        doubted = one.number and other.number and one.number != other.number
        births_agree = agree(one.birth, other.birth)
        if one.name == other.name and one.sex == other.sex and births_agree:
            full = len(one.birth) == len(other.birth) == DAY
            found[pair] = "birth" if full else "year"
        phone = one.mobile and one.mobile == other.mobile and found.get(pair) != "birth"
        if phone and (births_agree or one.sex == other.sex):
            found[pair] = "mobile"
        if doubted and found.get(pair) in ("year", "mobile"):
            del found[pair]
    found |= dict.fromkeys(sharing(known, lambda item: item.number), "id")
    return found


def told(known: Known, pairs: list[Candidate]) -> dict[Pair, str]:
    """Return what was found, by places."""
    place_of = {record_of(place): place for place in range(len(known.records))}
    found = {}
    for item in pairs:
        one, other = sorted((place_of[item.first.record], place_of[item.second.record]))
        found[one, other] = item.verdict.rule
    return found


def test_exactly_the_pairs_of_the_rules_are_found(known: Known, pairs: list[Candidate]) -> None:
    found = told(known, pairs)
    wanted = expected(known)
    assert set(wanted.values()) == {"id", "birth", "mobile", "year"}
    assert {pair: rule for pair, rule in found.items() if rule != "similar"} == wanted
    similar = {pair for pair, rule in found.items() if rule == "similar"}
    assert similar
    for pair in similar:
        one, other = (known.records[place] for place in pair)
        assert one.name != other.name
        assert one.sex == other.sex
        assert agree(one.birth, other.birth)


def test_what_is_linked_is_right_and_hardly_anybody_is_missed(
    workspace: Workspace, known: Known, pairs: list[Candidate]
) -> None:
    found = judged(known, pairs, auto_links.certain(workspace, pairs))
    assert found["truth"] > 50
    assert found["precision_linked"] == 1.0
    assert found["recall_linked"] > 0.25
    assert found["recall"] > 0.95
    for rule in ("mobile", "similar"):
        counts = found["rules"][rule]
        assert counts["right"] >= 0.8 * counts["found"], rule


def test_newcomers_are_compared_with_everybody(
    workspace: Workspace, known: Known, pairs: list[Candidate]
) -> None:
    """What receiving asks about the people of one village is the whole search, narrowed to them."""
    unit = known.records[0].unit
    places = {place for place, item in enumerate(known.records) if item.unit == unit}
    seeds = []
    for place in places:
        written = known.records[place]
        for register, value in (
            ("name", written.name), ("mobile", written.mobile), ("identity", ["", written.number]),
        ):  # fmt: skip
            ident = workspace.idents.ident(record_of(place))
            seeds.append((workspace.vault.digest_of(register, value), ident))
    found = told(known, duplicates.find_pairs(workspace, seeds)[0])
    everything = told(known, pairs)
    wanted = {
        pair: rule for pair, rule in everything.items() if places & set(pair) and rule != "similar"
    }
    assert wanted
    assert {pair: rule for pair, rule in found.items() if rule != "similar"} == wanted


def test_each_pair_is_linked_once_and_then_nobody_is_left(tmp_path: Path) -> None:
    known = known_people(300, seed=5)
    founding.found(tmp_path / "county", CLOCK, tier="county", unit=COUNTY, tree=known.tree)
    with Workspace(tmp_path / "county", CLOCK, write=True) as workspace:
        write_people(workspace, known)
        linked, changes = auto_links.link_certain(workspace)
        assert linked
        assert changes.operations == len(linked)
        assert auto_links.link_certain(workspace)[0] == []
        pairs, _crowds = duplicates.find_pairs(workspace)
        assert not [item for item in pairs if item.verdict.automatic]
