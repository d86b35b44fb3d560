"""Who a newcomer may be already: claims by the rules for persons, names alone as a hint."""

from typing import Any

import pytest

from learnsite_desktop.services.people.index import NameIndex, Person
from learnsite_desktop.services.people.near import CLAIMS, RULES, near
from tests.desks import SISTER, VILLAGE

HELD = Person("1", VILLAGE, "王秀英", "F", "1956-04-09", 1956, "14412345678", "410199195604090025")
INDEX = NameIndex(VILLAGE, [HELD])


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"id_number": "410199195604090025"}, "id_number"),
        ({"name": "李梅", "id_number": "４１０１９９ 19560409 0025"}, "id_number"),
        ({"name": "王秀英", "sex": "F", "birth": "1956-04-09"}, "birth"),
        ({"name": "王 秀英", "sex": "F", "birth": "1956"}, "year"),
        ({"name": "王秀英", "sex": "F", "birth": "1956-07"}, "year"),
        ({"name": "王秀英", "mobile": "144-1234-5678"}, "mobile"),
        ({"name": "王秀英", "sex": "M", "birth": "1956-04-09"}, "name"),
        ({"name": "王秀英", "sex": "F", "birth": "1957"}, "name"),
        ({"name": "王秀英"}, "name"),
        ({"name": "王秀瑛", "birth": "1956"}, "similar"),
        ({"name": "王秀兰", "birth": "1956-04-09"}, "similar"),
        ({"name": "王秀兰", "mobile": "14412345678"}, "similar"),
        ({"name": "王秀瑛"}, ""),
        ({"name": "王秀兰", "birth": "1956"}, ""),
        ({"name": "李国庆", "birth": "1956-04-09", "mobile": "14412345678"}, ""),
        ({"mobile": "14412345678"}, ""),
        ({"birth": "1956-04-09"}, ""),
        ({}, ""),
    ],
)
def test_what_two_learners_have_in_common(typed: dict[str, Any], rule: str) -> None:
    assert [hit.rule for hit in near(INDEX, **typed)] == ([rule] if rule else [])


def test_the_surest_first_then_the_own_unit_and_not_oneself() -> None:
    crowd = [
        Person("far", SISTER, "王秀英", "F", "1956", 1956),
        Person("own", VILLAGE, "王秀英", "F", "1956", 1956),
        Person("sure", SISTER, "王秀英", "F", "1956-04-09", 1956),
        Person("name", VILLAGE, "王秀英", "M", "1990", 1990, "14498765432"),
    ]
    index = NameIndex(VILLAGE, crowd)
    typed: dict[str, Any] = {"name": "王秀英", "sex": "F", "birth": "1956-04-09"}
    found = near(index, **typed)
    assert [hit.record for hit in found] == ["sure", "own", "far", "name"]
    assert found[-1].mobile == "144****5432"
    assert [hit.record for hit in near(index, **typed, skip="sure", limit=1)] == ["own"]


def test_a_name_alone_claims_nothing() -> None:
    assert set(RULES) - CLAIMS == {"name", "similar"}
