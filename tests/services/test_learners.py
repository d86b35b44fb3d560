"""Lists of persons: what is masked, what is found, what is noted."""

from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.store.private import reveals
from tests.desks import NOW, SISTER, VILLAGE, Desk, Line, document, learner, small_class
from tests.services.test_capture import id_number

Json = dict[str, Any]
NUMBER = id_number("41019919560409002")


@pytest.fixture
def desk(village: Desk) -> Desk:
    """A village that keeps ID numbers, with three learners of whom one is known in full."""
    village("policy", "id_numbers=on")
    known = {
        "mobile": "14412345678", "id_kind": "111", "id_number": NUMBER,
        "groups": [{"code": "farmer", "from": "2020-01-01"}],
    }  # fmt: skip
    village.capture(
        small_class(
            learners=[
                learner("l1", "周桂兰", **known),
                learner("l2", "吴亮", sex="M", birth="1955-03", mobile="0371-62181234"),
                learner("l3", "郑秀英", birth="1961"),
            ]
        )
    )
    return village


def names(answer: Json) -> set[str]:
    return {row["name"] for row in answer["learners"]}


def by_first(answer: Json) -> dict[str, Json]:
    """Return the rows by the family name, which no mask hides."""
    return {row["name"][0]: row for row in answer["learners"]}


def found(desk: Desk, query: str) -> set[str]:
    return names(desk("learner", "list", "--reveal", "--query", query))


def test_masked_unless_revealed(desk: Desk) -> None:
    answer = desk("learner", "list")
    assert answer["total"] == 3
    rows = by_first(answer)
    first, second, third = rows["周"], rows["吴"], rows["郑"]
    assert first == {
        "id": first["id"],
        "name": "周*兰",
        "sex": "F",
        "birth": "1956",
        "birth_precision": "year",
        "mobile": "144****5678",
        "id_number": f"410199********{NUMBER[-4:]}",
        "groups": ["farmer"],
        "linked_to": [],
        "unit": VILLAGE,
    }
    assert (second["name"], second["birth"], second["birth_precision"]) == ("吴*", "1955", "year")
    assert (third["mobile"], third["id_number"], third["groups"]) == (None, None, [])


def test_revealed_in_full(desk: Desk) -> None:
    rows = by_first(desk("learner", "list", "--reveal"))
    first, second, third = rows["周"], rows["吴"], rows["郑"]
    assert (first["name"], first["mobile"], first["id_number"]) == ("周桂兰", "14412345678", NUMBER)
    assert (first["birth"], first["birth_precision"]) == ("1956-04-09", "day")
    assert (second["birth"], second["birth_precision"]) == ("1955-03", "month")
    assert (third["birth"], third["birth_precision"]) == ("1961", "year")


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("桂", {"周桂兰"}),
        (" 周桂兰 ", {"周桂兰"}),
        ("5678", {"周桂兰"}),
        ("５６７８", {"周桂兰"}),
        ("1441234", set()),
        (NUMBER[-6:].lower(), {"周桂兰"}),
        (NUMBER[:6], set()),
        ("62181234", {"吴亮"}),
        ("0371-62181234", {"吴亮"}),
        ("-", set()),
        ("1956", set()),
        ("", {"周桂兰", "吴亮", "郑秀英"}),
    ],
)
def test_names_by_part_numbers_by_their_end(desk: Desk, query: str, who: set[str]) -> None:
    assert found(desk, query) == who


def test_the_masked_list_finds_the_same(desk: Desk) -> None:
    answer = desk("learner", "list", "--query", "周桂兰")
    assert (names(answer), answer["total"]) == ({"周*兰"}, 1)


def test_deleted_learners_are_left_out(desk: Desk) -> None:
    desk("delete", "learner:l1", "--why", "重复")
    assert found(desk, "") == {"吴亮", "郑秀英"}
    desk("undo")
    assert found(desk, "桂") == {"周桂兰"}


def test_pages(desk: Desk) -> None:
    everyone = desk("learner", "list")["learners"]
    answer = desk("learner", "list", "--limit", "1", "--offset", "1")
    assert (answer["learners"], answer["total"]) == (everyone[1:2], 3)
    assert desk("learner", "list", "--limit", "0")["learners"] == []


def test_who_looked_is_noted_and_sealed(desk: Desk, tmp_path: Path) -> None:
    desk("learner", "list", "--query", "周桂兰")
    assert desk("learner", "reveals")["reveals"] == []
    shown = desk("learner", "list", "--reveal", "--query", "周桂兰", "--why", "核对证书信息")
    desk("learner", "list", "--reveal", "--limit", "2", "--unit", VILLAGE)
    newest, oldest = desk("learner", "reveals")["reveals"]
    assert oldest == {
        "at": NOW,
        "operator": "",
        "what": {
            "list": "learner", "query": "周桂兰", "unit": "", "why": "核对证书信息", "count": 1,
            "records": [shown["learners"][0]["id"]],
        },
    }  # fmt: skip
    assert (newest["what"]["count"], newest["what"]["unit"]) == (2, VILLAGE)
    assert len(newest["what"]["records"]) == 2
    with desk.open(write=False) as workspace:
        for _at, _operator, what in reveals(workspace.database):
            assert what.isascii()
            assert "count" not in what


def test_a_reason_belongs_to_revealing(desk: Desk) -> None:
    assert desk("learner", "list", "--why", "看看", code=2)["error"]["code"] == "usage"


def test_an_unknown_unit_is_refused(desk: Desk) -> None:
    assert desk.refuses("learner", "list", "--unit", "999999999999") == "unit_unknown"


def test_a_person_of_two_villages(enrolled: Line) -> None:
    """The township sees both records, each naming the other, until they are taken apart."""
    enrolled.village.capture(document(unit=VILLAGE, learners=[learner("l1", "周桂兰")]))
    enrolled.sister.capture(
        document(
            unit=SISTER, learners=[learner("l1", "周桂兰", birth="1956"), learner("l2", "钱程")]
        )
    )
    enrolled.carry(enrolled.village, enrolled.township)
    enrolled.carry(enrolled.sister, enrolled.township)
    rows = enrolled.township("learner", "list")["learners"]
    a, b, other = (row["id"] for row in sorted(rows, key=lambda row: (row["name"], row["unit"])))
    assert len({a, b, other}) == 3
    enrolled.township("link", a, b)
    linked = {
        row["id"]: row["linked_to"] for row in enrolled.township("learner", "list")["learners"]
    }
    assert linked == {a: [b], b: [a], other: []}
    assert enrolled.township("learner", "list", "--unit", SISTER)["total"] == 2
    enrolled.township("unlink", a, b)
    rows = enrolled.township("learner", "list")["learners"]
    assert all(row["linked_to"] == [] for row in rows)


def test_above_the_township_only_the_year_is_known(enrolled: Line) -> None:
    """The county's policy keeps the birth day below: the public year is shown instead."""
    enrolled.township("policy", "relay_private=name")
    enrolled.village.capture(document(unit=VILLAGE, learners=[learner("l1", "周桂兰")]))
    enrolled.carry(enrolled.village, enrolled.township)
    enrolled.carry(enrolled.township, enrolled.county)
    (row,) = enrolled.county("learner", "list", "--reveal")["learners"]
    assert (row["name"], row["birth"], row["birth_precision"]) == ("周桂兰", "1956", "year")
