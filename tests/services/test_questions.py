"""Questions at the desks: answered, asked again when the facts change, the answer carried up."""

from pathlib import Path
from typing import Any

import pytest

from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, Line, learner, small_class


def overlapping() -> dict[str, Any]:
    """Return a class and a lecture elsewhere at the same time, with one woman in both."""
    content = small_class()
    content["sites"].append({**content["sites"][0], "ref": "p2", "name": "农家书屋"})
    content["activities"].append(
        {**content["activities"][0], "ref": "a2", "title": "健康讲座", "site": "p2", "kind": "03"}
    )
    session = {**content["sessions"][0], "ref": "s2", "activity": "a2", "start": "10:00"}
    content["sessions"].append({**session, "end": "11:00"})
    content["rollcalls"].append({"session": "s2", "rows": [{"learner": "l1", "status": "P"}]})
    return content


@pytest.fixture
def township(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "township", TOWNSHIP)
    desk("init", "--tier", "township", "--unit", TOWNSHIP)
    desk.capture(overlapping())
    return desk


def only(desk: Desk, *flags: str) -> dict[str, Any]:
    (question,) = desk("questions", *flags)["questions"]
    return dict(question)


def test_a_question_names_its_records_and_asks_in_words(township: Desk) -> None:
    question = only(township)
    assert (question["asks"], question["state"], question["day"]) == ("Q1", "open", "2026-03-03")
    assert [one["kind"] for one in question["records"]] == ["session", "session", "learner"]
    assert question["records"][2]["title"] == "周*兰"
    assert question["numbers"]["minutes"] == 30
    assert "30 分钟" in question["text"]
    assert question["units"] == [{"unit": VILLAGE, "name": question["units"][0]["name"]}]


def test_lists_are_narrowed(township: Desk) -> None:
    assert township("questions", "--period", "2026-03", "--unit", VILLAGE)["total"] == 1
    assert township("questions", "--period", "2026-04")["total"] == 0
    assert township("questions", "--unit", SISTER)["total"] == 0
    assert township("questions", "--id", "Q2")["total"] == 0
    page = township("questions", "--limit", "0")
    assert (page["questions"], page["total"]) == ([], 1)
    assert township.refuses("questions", "--period", "2026-13") == "period_invalid"


def test_an_answer_holds_until_the_facts_change(township: Desk) -> None:
    name = only(township)["id"]
    township("answer", name, "--text", "先到书屋签到，再去上课")
    question = only(township)
    assert (question["id"], question["state"]) == (name, "answered")
    (answer,) = question["answers"]
    assert (answer["text"], answer["current"], answer["unit"]) == (
        "先到书屋签到，再去上课", True, TOWNSHIP,
    )  # fmt: skip
    assert township("questions", "--state", "open")["total"] == 0

    township.capture({**overlapping(), "rollcalls": [
        {"session": "s2", "rows": [{"learner": "l2", "status": "P"}]},
    ]})  # fmt: skip
    question = only(township)
    assert (question["id"], question["state"]) == (name, "open")
    assert [one["current"] for one in question["answers"]] == [False]
    assert question["numbers"]["persons"] == 2

    township("answer", name, "--text", "先到书屋签到，再去上课")
    assert only(township)["state"] == "answered"


def test_an_answer_is_taken_back_by_undo(township: Desk) -> None:
    name = only(township)["id"]
    township("answer", name, "--text", "抄错了")
    township("undo")
    assert only(township)["state"] == "open"
    township("answer", name, "--text", "抄错了")
    assert only(township)["state"] == "answered"
    assert township.is_sound()


def test_what_is_not_asked_cannot_be_answered(township: Desk) -> None:
    name = only(township)["id"]
    assert township.refuses("answer", "Q1-2026-xyz", "--text", "好") == "question_unknown"
    assert township.refuses("answer", "何", "--text", "好") == "question_unknown"
    assert township.refuses("answer", name, "--text", " ") == "text_missing"
    (session, *_more) = only(township)["records"]
    township("delete", session["id"], "--why", "重复")
    assert township.refuses("answer", name, "--text", "好") == "question_unknown"


def test_an_answer_goes_up_and_is_read_there_with_its_words(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.found()
    line.enrol()
    line.village.capture(overlapping())
    line.carry(line.village, line.township)
    name = only(line.township)["id"]
    line.township("answer", name, "--text", "两处都去了")
    line.carry(line.township, line.county)
    question = only(line.county)
    assert (question["id"], question["state"]) == (name, "answered")
    assert question["answers"][0]["text"] == "两处都去了"
    assert line.county.is_sound()


def test_a_link_makes_one_person_of_two(township: Desk) -> None:
    content = overlapping()
    content["learners"] = [learner("l9", "周桂兰")]
    content["enrolments"] = []
    content["activities"] = []
    content["sites"] = []
    content["sessions"] = []
    content["rollcalls"] = [
        {
            "session": "s2",
            "rows": [{"learner": "l1", "status": None}, {"learner": "l9", "status": "P"}],
        }
    ]
    township.capture(content)
    assert township("questions")["total"] == 0
    township("link", "learner:l1", "learner:l9")
    question = only(township)
    assert question["numbers"]["persons"] == 1
    assert sum(one["kind"] == "learner" for one in question["records"]) == 2


def test_the_policy_may_set_other_thresholds(township: Desk) -> None:
    township("policy", "questions=Q1.overlap_minutes=31, Q5.share_percent=70")
    assert township("questions")["total"] == 0
    township("policy", "questions=Q1.overlap_minutes=30, Q1.of_another_version=1")
    assert township("questions")["total"] == 1
    for text in ("Q1.overlap_minutes=long", "Q9.x=1", "30"):
        assert township.refuses("policy", f"questions={text}") == "policy_value"
