"""People recorded twice: who is found, what is linked unasked, what a refusal is worth."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.services.trial.people import Person, id_number
from tests.desks import (
    COUNTY,
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    learner,
    small_class,
)

_BORN = Person("", "F", date(1956, 4, 9))
NUMBER, OTHER_NUMBER = (id_number(_BORN, pair) for pair in (60, 61))
Row = dict[str, Any]


def people(desk: Desk, *entries: Row, source: str = "desk") -> dict[str, str]:
    """Enter learners at a desk; return their ids by ref."""
    answer = desk.capture(document(source, learners=list(entries)))
    ids: dict[str, str] = answer["ids"]["learner"]
    return ids


def person(ref: str, name: str = "周桂兰", **fields: Any) -> Row:
    """Return an entry; what is None is left out."""
    entry = learner(ref, name, **fields)
    return {key: value for key, value in entry.items() if value is not None}


def candidates(desk: Desk, *words: str) -> list[Row]:
    """Return the candidates of a desk."""
    found: list[Row] = desk("duplicates", *words)["candidates"]
    return found


def linked_to(desk: Desk) -> dict[str, set[str]]:
    """Return who is linked to whom."""
    rows = desk("learner", "list")["learners"]
    return {row["id"]: set(row["linked_to"]) for row in rows if row["linked_to"]}


def pair(*records: str) -> tuple[str, str]:
    one, other = sorted(records)
    return one, other


@pytest.fixture
def desks(enrolled: Line) -> Line:
    """Desks that keep ID numbers."""
    for desk in (enrolled.village, enrolled.sister):
        desk("policy", "id_numbers=on")
    return enrolled


def twice(desks: Line, first: Row, second: Row) -> tuple[str, str, Row]:
    """Enter one learner at each village, carry both up; return their ids and the last answer."""
    (one,) = people(desks.village, first).values()
    (other,) = people(desks.sister, second).values()
    desks.carry(desks.village, desks.township)
    row: Row = desks.carry(desks.sister, desks.township)
    return one, other, row


# What is linked unasked


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        (person("a"), person("b", mobile="14400000002"), "birth"),
        (
            person("a", id_kind="111", id_number=NUMBER),
            person("b", "周桂阑", birth=None, id_kind="111", id_number=NUMBER),
            "id",
        ),
    ],
)
def test_what_is_certain_is_linked_when_it_comes_in(
    desks: Line, first: Row, second: Row, rule: str
) -> None:
    township = desks.township
    one, other, row = twice(desks, first, second)
    assert (row["duplicate"], row["linked"]) == (1, 1)
    assert row["links"] == [{"a": min(one, other), "b": max(one, other), "rule": rule}]
    assert linked_to(township) == {one: {other}, other: {one}}
    assert candidates(township) == []
    (settled,) = candidates(township, "--state", "settled")
    assert (settled["state"], settled["rule"]) == ("linked", rule)
    assert township.is_sound()


def test_the_link_tells_nothing_private(desks: Line) -> None:
    one, other, _row = twice(desks, person("a"), person("b"))
    operation = desks.township.operations()[-1]
    assert operation.k == "link.create"
    assert operation.un == TOWNSHIP
    assert operation.f == {
        "a": min(one, other), "b": max(one, other), "linked": True, "rule": "birth",
    }  # fmt: skip
    assert not operation.pf


def test_a_preview_says_the_same_and_writes_nothing(desks: Line) -> None:
    people(desks.village, person("a"))
    people(desks.sister, person("b"))
    desks.carry(desks.village, desks.township)
    path = desks.sister.pack(TOWNSHIP, desks.stick / "seen")
    before = desks.township.dump()
    (seen,) = desks.township("receive", path, "--dry-run")["bundles"]
    assert desks.township.dump() == before
    (taken,) = desks.township.receive(path)
    assert (seen["duplicate"], seen["linked"]) == (taken["duplicate"], taken["linked"]) == (1, 1)
    after = desks.township.dump()
    (again,) = desks.township.receive(path)
    assert (again["outcome"], again["linked"], again["change"]) == ("held", 0, None)
    assert desks.township.dump() == after


def test_another_file_with_the_same_people_writes_nothing(desks: Line) -> None:
    twice(desks, person("a"), person("b"))
    before = len(desks.township.lines())
    row = desks.carry(desks.sister, desks.township)
    assert (row["linked"], row["links"]) == (0, [])
    assert len(desks.township.lines()) == before


def test_a_later_correction_makes_them_one(desks: Line) -> None:
    one, other, row = twice(desks, person("a"), person("b", birth="1956"))
    assert (row["duplicate"], row["linked"]) == (1, 0)
    desks.sister("edit", other, "birth=1956-04-09")
    row = desks.carry(desks.sister, desks.township)
    assert row["linked"] == 1
    assert linked_to(desks.township) == {one: {other}, other: {one}}


def test_a_link_taken_back_is_never_made_again(desks: Line) -> None:
    township = desks.township
    one, other, row = twice(desks, person("a"), person("b"))
    township("undo", str(row["change"]))
    assert linked_to(township) == {}
    assert candidates(township) == []
    assert township("duplicates", "--apply")["linked"] == []
    desks.sister("edit", other, "birth=1956-04-08")
    desks.carry(desks.sister, township)
    desks.sister("edit", other, "birth=1956-04-09")
    assert desks.carry(desks.sister, township)["linked"] == 0
    (settled,) = candidates(township, "--state", "settled")
    assert (settled["state"], pair(settled["a"], settled["b"])) == ("distinct", pair(one, other))
    township("link", one, other)
    assert linked_to(township) == {one: {other}, other: {one}}
    assert township.is_sound()


def test_the_policy_switches_it_off(desks: Line) -> None:
    desks.township("policy", "auto_link=off")
    one, other, row = twice(desks, person("a"), person("b"))
    assert (row["duplicate"], row["linked"]) == (1, 0)
    (found,) = candidates(desks.township)
    assert (found["rule"], found["automatic"]) == ("birth", True)
    answer = desks.township("duplicates", "--apply")
    assert answer["linked"] == [{"a": min(one, other), "b": max(one, other), "rule": "birth"}]
    assert answer["candidates"] == []
    desks.township("undo", str(answer["change"]))
    assert desks.township("duplicates", "--apply")["linked"] == []


def test_villages_link_nobody_by_themselves(desks: Line) -> None:
    people(desks.village, person("a"), person("b"))
    desks.carry(desks.village, desks.township)
    desks.carry(desks.township, desks.village)
    (link,) = desks.village("list", "link")["records"]
    assert link["in_unit"] == VILLAGE  # the township linked two of the village's own records
    assert len(linked_to(desks.village)) == 2
    written = [line for line in desks.village.operations() if line.k.startswith("link.")]
    assert [line.un for line in written] == [VILLAGE]
    assert written[0].why


def test_each_pair_is_linked_by_one_unit_only(desks: Line) -> None:
    """The county leaves to a township what lies in it, whatever it knows."""
    desks.township("policy", "auto_link=off")
    one, other, _row = twice(desks, person("a"), person("b"))
    row = desks.carry(desks.township, desks.county)
    assert (row["duplicate"], row["linked"]) == (2, 0)
    (own,) = people(desks.county, person("c")).values()
    row = desks.carry(desks.township, desks.county)
    desks.township("edit", one, "education=30", "--why", "核对")
    row = desks.carry(desks.township, desks.county)
    assert [item["rule"] for item in row["links"]] == ["birth"]
    assert {row["links"][0]["a"], row["links"][0]["b"]} == {own, one}
    (link,) = desks.county("list", "link")["records"]
    assert link["in_unit"] == COUNTY
    assert len(desks.county("duplicates", "--apply")["linked"]) == 1
    assert linked_to(desks.county)[own] == {one, other}


def test_two_units_that_link_the_same_pair_agree(desks: Line) -> None:
    desks.township("policy", "auto_link=off")
    twice(desks, person("a"), person("b"))
    desks.carry(desks.township, desks.county)
    for desk in (desks.township, desks.county):
        assert len(desk("duplicates", "--apply")["linked"]) == 1
    desks.carry(desks.township, desks.county)
    desks.carry(desks.county, desks.township)
    for desk in (desks.township, desks.county):
        assert desk("list", "link")["total"] == 1
        assert desk("conflicts")["conflicts"] == []
    assert desks.township.state(TOWNSHIP) == desks.county.state(TOWNSHIP)


# What is only proposed, and what is not


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        (person("a"), person("b", birth="1956"), "year"),
        (person("a", birth="1956-04"), person("b", birth="1956-04-09"), "year"),
        (
            person("a", birth=None, mobile="14400000001"),
            person("b", mobile="14400000001"),
            "mobile",
        ),
        (
            person("a", "王秀英", home_unit=SISTER, birth="1956"),
            person("b", "王秀瑛", birth="1956"),
            "similar",
        ),
        (
            person("a", id_kind="111", id_number=NUMBER),
            person("b", id_kind="111", id_number=OTHER_NUMBER),
            "birth",
        ),
    ],
)
def test_what_is_likely_is_only_proposed(desks: Line, first: Row, second: Row, rule: str) -> None:
    one, other, row = twice(desks, first, second)
    assert row["linked"] == 0
    answer = desks.township("duplicates")
    assert answer["total"] == 1
    (found,) = answer["candidates"]
    assert (found["a"], found["b"]) == pair(one, other)
    assert (found["rule"], found["automatic"], found["state"]) == (rule, False, "open")
    assert 0 < found["score"] < 95
    assert desks.township("duplicates", "--apply")["linked"] == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (person("a", birth=None), person("b")),
        (person("a"), person("b", birth="1956-04-10")),
        (person("a"), person("b", sex="M")),
        (person("a", mobile="14400000001"), person("b", "吴建国", sex="M", mobile="14400000001")),
    ],
)
def test_what_is_not_likely_is_not_proposed(desks: Line, first: Row, second: Row) -> None:
    twice(desks, first, second)
    assert candidates(desks.township) == []


def test_evidence_is_masked(desks: Line) -> None:
    twice(
        desks,
        person("a", mobile="14400000001", id_kind="111", id_number=NUMBER),
        person("b", birth="1956", mobile="14400000001"),
    )
    (found,) = candidates(desks.township)
    evidence = {row["field"]: row for row in found["evidence"]}
    assert evidence["name"]["result"] == "same"
    assert evidence["birth"] | {"a": "", "b": ""} == {
        "field": "birth", "result": "same_year", "a": "", "b": "",
    }  # fmt: skip
    assert {evidence["birth"]["a"], evidence["birth"]["b"]} == {"1956"}
    assert evidence["id_number"]["result"] == "unknown"
    text = json.dumps(found, ensure_ascii=False)
    for secret in ("周桂兰", "14400000001", NUMBER, "04-09"):
        assert secret not in text


def test_pages_units_and_totals(desks: Line) -> None:
    rows = [person(f"l{n}", f"周桂{name}", birth="1956") for n, name in enumerate("兰芳英")]
    people(desks.village, *rows)
    people(desks.sister, *rows)
    desks.carry(desks.village, desks.township)
    desks.carry(desks.sister, desks.township)
    everything = candidates(desks.township)
    assert len(everything) == 3
    answer = desks.township("duplicates", "--limit", "1", "--offset", "1")
    assert (answer["candidates"], answer["total"]) == (everything[1:2], 3)
    assert candidates(desks.township, "--unit", VILLAGE) == []
    assert desks.township.refuses("duplicates", "--unit", "999999999999") == "unit_unknown"
    assert desks.village.refuses("duplicates", "--unit", SISTER) == "unit_not_below"


def test_a_value_that_a_crowd_holds_tells_nobody_apart(
    desks: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learnsite_desktop.store.lookalikes.CROWD", 2)
    rows = [person(f"l{n}", birth="1956") for n in range(3)]
    people(desks.village, *rows)
    answer = desks.village("duplicates")
    assert answer["crowded"] == 1


# Refusals


def test_a_pair_refused_is_never_proposed_or_linked_again(desks: Line) -> None:
    township = desks.township
    one, other, _row = twice(desks, person("a"), person("b", birth="1956"))
    assert township("distinct", one, other)["operations"] == 1
    assert township("distinct", other, one)["operations"] == 0
    assert candidates(township) == []
    (settled,) = candidates(township, "--state", "settled")
    assert settled["state"] == "distinct"
    desks.sister("edit", other, "birth=1956-04-09")
    row = desks.carry(desks.sister, township)
    assert (row["duplicate"], row["linked"]) == (0, 0)
    assert township("duplicates", "--apply")["linked"] == []
    township("undo")
    assert [found["rule"] for found in candidates(township)] == ["birth"]


def test_a_link_by_hand_that_was_undone_is_asked_again_but_not_made_unasked(desks: Line) -> None:
    township = desks.township
    one, other, _row = twice(desks, person("a"), person("b", birth="1956"))
    township("link", one, other)
    township("undo")
    desks.sister("edit", other, "birth=1956-04-09")
    row = desks.carry(desks.sister, township)
    assert (row["linked"], linked_to(township)) == (0, {})
    assert [found["rule"] for found in candidates(township)] == ["birth"]
    assert township("duplicates", "--apply")["linked"] == []


def test_a_refusal_holds_for_the_whole_person(desks: Line) -> None:
    """Whoever is not A is not A's other records either."""
    township = desks.township
    ids = people(desks.village, person("a"), person("b", birth=None, mobile="14400000001"))
    (third,) = people(desks.sister, person("c", birth="1956", mobile="14400000001")).values()
    desks.carry(desks.village, township)
    desks.carry(desks.sister, township)
    township("link", ids["a"], ids["b"])
    township("distinct", third, ids["a"])
    assert candidates(township) == []
    township("link", third, ids["b"])
    assert linked_to(township)[third] == {ids["a"], ids["b"]}
    assert candidates(township, "--state", "settled")[0]["state"] == "linked"


def test_persons_that_exclude_each_other_do_not_become_one_through_a_third(desks: Line) -> None:
    """A record without number fits two people of equal name and birth day with two numbers."""
    township = desks.township
    people(
        desks.village,
        person("a", id_kind="111", id_number=NUMBER),
        person("b", id_kind="111", id_number=OTHER_NUMBER),
    )
    people(desks.sister, person("c"))
    desks.carry(desks.village, township)
    assert desks.carry(desks.sister, township)["linked"] == 1
    groups = {frozenset({one, *others}) for one, others in linked_to(township).items()}
    assert [len(group) for group in groups] == [2]


# Marks of one person


def test_differing_marks_of_one_person_are_an_issue(desks: Line) -> None:
    village = desks.village
    content = small_class(learners=[person("l1"), person("l2"), person("l3", "郑秀英")])
    ids = village.capture(content)["ids"]["learner"]
    first, second = ids["l1"], ids["l2"]
    assert village("duplicates")["issues"] == []
    village("link", first, second)
    (issue,) = village("duplicates")["issues"]
    assert (issue["code"], issue["severity"]) == ("PERSON_TWICE", "warning")
    assert {(row["learner"], row["status"]) for row in issue["rows"]} == {
        (first, "P"), (second, "L"),
    }  # fmt: skip
    assert "周*兰 到" in issue["message"]
    assert "周桂兰" not in issue["message"]
    red = village("submit", "--period", "2026-03", code=1)["red"]
    assert [row["code"] for row in red] == ["PERSON_TWICE"]
    figures = village("indicators", "--period", "2026-03", "--unit", VILLAGE, "--id", "S01")
    assert figures["values"][0]["value"] == 1
    session = issue["record"]
    rows = [{"learner": second, "status": None}]
    village.capture(document("calls", rollcalls=[{"session": session, "rows": rows}]))
    assert village("duplicates")["issues"] == []
    assert village("submit", "--period", "2026-03")["submitted"]


def test_equal_marks_of_one_person_are_no_issue(desks: Line) -> None:
    content = small_class(learners=[person("l1"), person("l2"), person("l3", "郑秀英")])
    content["rollcalls"][0]["rows"] = [
        {"learner": "l1", "status": "P"}, {"learner": "l2", "status": "P"},
    ]  # fmt: skip
    ids = desks.village.capture(content)["ids"]["learner"]
    desks.village("link", ids["l1"], ids["l2"])
    assert desks.village("duplicates")["issues"] == []


# Moving, and unlinking after months


def test_who_moves_is_a_new_record_and_one_person_above(desks: Line) -> None:
    township = desks.township
    old = small_class(VILLAGE, learners=[person("l1"), person("l2", "甲"), person("l3", "乙")])
    new = small_class(SISTER, learners=[person("l1", birth="1956"), person("l2", "丙"),
                                        person("l3", "丁")])  # fmt: skip
    new["sessions"][0] |= {"date": "2026-03-24"}
    for desk, content in ((desks.village, old), (desks.sister, new)):
        desk.capture(content)
        desks.carry(desk, township)
    one, other = (
        next(row["id"] for row in desk("list", "learner")["records"] if row["name"] == "周桂兰")
        for desk in (desks.village, desks.sister)
    )
    township("link", one, other)
    shown = township("learner", "card", other)["card"]
    assert [row["of"] for row in shown["attended"]] == [other, one]
    assert [row["record"] for row in shown["linked"]] == [one]
    assert linked_to(township) == {one: {other}, other: {one}}
    desks.carry(township, desks.village)
    assert linked_to(desks.village) == {}  # the village knows only its own record
    assert len(desks.village("learner", "card", one)["card"]["attended"]) == 1


FIGURES = ("S01", "S02", "S03", "S05", "S06", "S07", "S08", "S09", "P01", "P03")


def figures(desk: Desk, period: str) -> list[Row]:
    """Return all figures of a desk's unit and of the units below it, by every cell that counts."""
    found: list[Row] = []
    for unit in (TOWNSHIP, VILLAGE, SISTER):
        for by in ((), ("--by", "age"), ("--by", "sex")):
            words = ("indicators", "--period", period, "--unit", unit, *by)
            found += desk(*words)["values"]
    return found


def months(unit: str, tag: str, day: str) -> Row:
    """Return a later month's session of the same class, everybody present."""
    session = {
        "ref": f"s{tag}", "activity": "a1", "date": day, "start": "09:00", "end": "10:30",
        "status": "held",
    }  # fmt: skip
    rows = [{"learner": ref, "status": "P", "minutes": 60} for ref in ("l1", "l2")]
    return document(unit=unit, sessions=[session], rollcalls=[{"session": f"s{tag}", "rows": rows}])


def run_months(desks: Line, *, link: bool) -> list[str]:
    """Let two villages record three people who are one, for months; return their ids."""
    for desk in (desks.village, desks.sister):
        content = small_class(desk.unit)
        content["learners"] = [
            person("l1", birth="1956"),
            person("l2", "孙玉", birth="1950"),
            person("l3", "丁", birth="1956"),
        ]
        desk.capture(content)
    (third,) = people(desks.village, person("l9", birth="1956-04")).values()
    rows = [{"learner": third, "status": "W", "minutes": 30}]
    desks.village.capture(document(rollcalls=[{"session": "s1", "rows": rows}]))
    for desk in (desks.village, desks.sister):
        desks.carry(desk, desks.township)
    first, second = (
        next(
            row["id"] for row in desk("list", "learner")["records"]
            if row["name"] == "周桂兰" and row["id"] != third
        )
        for desk in (desks.village, desks.sister)
    )  # fmt: skip
    if link:
        desks.township("link", first, second)
        desks.township("link", first, third)
    for number, day in enumerate(("2026-02-25", "2026-03-17", "2026-03-31")):
        for desk in (desks.village, desks.sister):
            desk.capture(months(desk.unit, f"m{number}", day))
            desks.carry(desk, desks.township)
    return [first, second, third]


def test_unlinking_after_months_gives_the_figures_of_a_world_without_the_link(
    founded: Path, tmp_path: Path
) -> None:
    worlds = []
    for name in ("linked", "never"):
        shutil.copytree(founded / "enrolled", tmp_path / name)
        worlds.append(Line(tmp_path / name))
    linked, never = worlds
    first, second, third = run_months(linked, link=True)
    alike = run_months(never, link=False)
    assert [first, second, third] == alike
    counted = figures(linked.township, "2026-Q1")
    assert counted != figures(never.township, "2026-Q1")
    linked.township("unlink", first, second)
    assert linked_to(linked.township) == {second: {third}, third: {second}}
    never.township("link", second, third)
    assert figures(linked.township, "2026-Q1") == figures(never.township, "2026-Q1")
    linked.township("unlink", third, second)
    never.township("unlink", third, second)
    assert linked_to(linked.township) == {}
    assert figures(linked.township, "2026-Q1") == figures(never.township, "2026-Q1")
    linked.township("undo")
    linked.township("undo")
    assert figures(linked.township, "2026-Q1") == counted
    assert linked.township.is_sound()


def test_a_link_acts_only_where_both_learners_are_held(desks: Line) -> None:
    """A and C are one person only through B, whom the county does not know any more."""
    township, county = desks.township, desks.county
    (one,) = people(desks.village, person("a", "甲", birth=None)).values()
    desks.carry(desks.village, township)
    desks.carry(township, county)
    desks.carry(county, township)
    (middle,) = people(desks.sister, person("b", "乙", birth=None)).values()
    desks.carry(desks.sister, township)
    batch = desks.carry(township, county)["batch"]
    desks.carry(county, township)
    (last,) = people(desks.sister, person("c", "丙", birth=None)).values()
    desks.carry(desks.sister, township)
    township("link", one, middle)
    township("link", middle, last)
    desks.carry(township, county)
    assert linked_to(county)[one] == {middle, last}
    county("rollback", str(batch))
    assert linked_to(county) == {}
    county("reapply", str(batch))
    assert linked_to(county)[one] == {middle, last}
    assert county.is_sound()
