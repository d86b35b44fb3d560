"""Which two records may be one person: the rules, what speaks against them, and how surely."""

import pytest

from learnsite_desktop.domain.likeness import (
    DIFFERS,
    ONE_APART,
    SAME,
    SOUNDS,
    UNKNOWN,
    Traits,
    Verdict,
    compare,
    contradicts,
    judge,
)

NUMBER, OTHER = "410199195604091222", "410199195604091249"
PERSON = Traits("王秀英", "F", "1956-04-09", "14400000001", NUMBER, "410122101205")


def told(first: Traits, second: Traits, name: str = SAME, likeness: int = 100) -> Verdict | None:
    """Return the verdict, which must not depend on the order of the two."""
    found = judge(compare(first, second, name=name, likeness=likeness))
    assert found == judge(compare(second, first, name=name, likeness=likeness))
    return found


def plain(**known: str) -> Traits:
    """Return a woman of the name of whom nothing else is known but what is given."""
    return Traits("王秀英", **{"sex": "F", **known})


def rule(found: Verdict | None) -> tuple[str, bool] | None:
    return (found.rule, found.automatic) if found else None


@pytest.mark.parametrize("name", [SAME, SOUNDS, ONE_APART, DIFFERS, UNKNOWN])
def test_an_equal_id_number_links_whatever_the_name(name: str) -> None:
    assert told(PERSON, PERSON, name) == Verdict("id", 100, automatic=True)


def test_an_equal_id_number_of_plainly_somebody_else_is_only_shown() -> None:
    other_day = plain(birth="1956-04-10", id_number=NUMBER)
    assert rule(told(PERSON, other_day)) == ("id", False)
    husband = Traits("李建国", "M", id_number=NUMBER)
    assert rule(told(PERSON, husband, DIFFERS)) == ("id", False)
    assert rule(told(PERSON, Traits("王秀英", "M", id_number=NUMBER))) == ("id", True)


def test_name_sex_and_full_birth_day_link() -> None:
    day = plain(birth="1956-04-09")
    assert told(PERSON, day) == Verdict("birth", 95, automatic=True)
    assert rule(told(PERSON, plain(birth="1956-04-09", mobile="14400000002"))) == ("birth", True)
    doubted = told(PERSON, plain(birth="1956-04-09", id_number=OTHER))
    assert rule(doubted) == ("birth", False)
    assert doubted is not None
    assert doubted.score < 50


@pytest.mark.parametrize("sex", ["M", "U", ""])
def test_the_sex_belongs_to_the_rule(sex: str) -> None:
    assert told(plain(birth="1956-04-09"), plain(sex=sex, birth="1956-04-09")) is None


def test_two_of_unknown_sex_are_not_of_the_same_sex() -> None:
    unknown = plain(sex="U", birth="1956-04-09")
    assert told(unknown, unknown) is None


def test_a_birth_year_is_only_a_suggestion() -> None:
    year, month = told(PERSON, plain(birth="1956")), told(PERSON, plain(birth="1956-04"))
    assert rule(year) == rule(month) == ("year", False)
    assert year is not None
    assert month is not None
    assert year.score < month.score


@pytest.mark.parametrize("birth", ["1956-04-10", "1956-05", "1957"])
def test_births_that_exclude_each_other_are_nobody(birth: str) -> None:
    assert told(plain(birth="1956-04-09"), plain(birth=birth)) is None


def test_a_shared_phone_is_only_a_suggestion() -> None:
    phone = plain(sex="", mobile="14400000001")
    assert rule(told(PERSON, phone)) == ("mobile", False)
    typed_amiss = told(PERSON, plain(birth="1956-04-19", mobile="14400000001"))
    assert rule(typed_amiss) == ("mobile", False)
    assert typed_amiss is not None
    assert typed_amiss.score < 50
    son = Traits("王秀英", "M", "1980-01-01", "14400000001")
    assert told(PERSON, son) is None


def test_other_id_numbers_are_other_people() -> None:
    assert told(PERSON, plain(birth="1956", id_number=OTHER)) is None
    assert told(PERSON, plain(mobile="14400000001", id_number=OTHER)) is None


def test_a_name_alone_is_never_enough() -> None:
    assert told(plain(), plain()) is None
    assert told(PERSON, plain()) is None
    assert told(PERSON, plain(home="410122101205")) is None


def test_what_was_written_for_no_number_is_none() -> None:
    assert told(plain(id_number="无"), Traits("李四", "M", id_number="无"), DIFFERS) is None


def test_names_heard_amiss_need_more() -> None:
    sound = Traits("王秀瑛", "F", "1956", home="410122101205")
    assert rule(told(PERSON, sound, SOUNDS)) == ("similar", False)
    away = Traits("王秀瑛", "F", "1956", home="410122101206")
    assert told(PERSON, away, SOUNDS) is None
    assert told(PERSON, sound, ONE_APART, 80) is None
    assert told(PERSON, Traits("王秀瑛", "F"), SOUNDS) is None
    assert rule(told(PERSON, Traits("王秀媛", "F", "1956-04-09"), ONE_APART, 80)) == (
        "similar", False,
    )  # fmt: skip


def test_the_surer_rule_scores_higher() -> None:
    order = [
        told(PERSON, PERSON),
        told(PERSON, plain(birth="1956-04-09")),
        told(PERSON, plain(birth="1956", mobile="14400000001")),
        told(PERSON, plain(birth="1956")),
    ]
    scores = [found.score for found in order if found]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(order)


def test_whole_persons_exclude_each_other_by_any_of_their_records() -> None:
    year, numbered = plain(birth="1956"), plain(id_number=OTHER)
    assert not contradicts([PERSON], [year])
    assert contradicts([year, PERSON], [numbered])
    assert contradicts([PERSON], [year, plain(birth="1956-04-08")])
