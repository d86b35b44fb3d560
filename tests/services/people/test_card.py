"""A learner's card, consents, leaving, and what can no longer be deleted."""

from typing import Any

import pytest

from learnsite_desktop.domain.refusals import Cancelled
from learnsite_desktop.services.people import gathering
from learnsite_desktop.services.people.index import NameIndex
from tests.desks import SISTER, VILLAGE, Desk, Line, codes_of, document, learner, small_class
from tests.services.test_capture import id_number

Json = dict[str, Any]
GUARDIAN = {"name": "周国强", "relation": "父亲", "mobile": "14400000122", "date": "2026-01-05"}


@pytest.fixture
def desk(village: Desk) -> Desk:
    """A class of three, of whom one is a child, with two sessions held and one planned."""
    content = small_class(
        learners=[
            learner("l1", "周桂兰", mobile="14412345678", address="村东头"),
            learner("l2", "吴建国", sex="M"),
            learner("l3", "郑小英", birth="2015-06-01", guardian=GUARDIAN),
        ]
    )
    content["sessions"] += [
        {**content["sessions"][0], "ref": "s2", "date": "2026-03-10"},
        {**content["sessions"][0], "ref": "s3", "date": "2025-12-30"},
        {**content["sessions"][0], "ref": "s4", "date": "2026-04-10", "status": "planned"},
    ]
    content["rollcalls"] += [
        {"session": "s2", "rows": [{"learner": "l1", "status": "A"}]},
        {"session": "s3", "rows": [{"learner": "l1", "status": "L", "minutes": 60}]},
    ]
    content["enrolments"][0]["joined"] = "2025-12-01"
    village.capture(content)
    return village


def card(desk: Desk, record: str) -> Json:
    found: Json = desk("learner", "card", record)["card"]
    return found


def test_a_card_is_masked_and_counts(desk: Desk) -> None:
    shown = card(desk, "learner:l1")
    assert (shown["name"], shown["mobile"], shown["birth"]) == ("周*兰", "144****5678", "1956")
    assert (shown["address"], shown["guardian"], shown["age_under_14"]) == (True, None, False)
    lines = [(line["date"], line["status"], line["minutes"]) for line in shown["attended"]]
    assert lines == [
        ("2026-03-10", "A", None), ("2026-03-03", "P", 90), ("2025-12-30", "L", 60),
    ]  # fmt: skip
    assert (shown["minutes_total"], shown["minutes_year"]) == (150, 90)
    assert (shown["hours_total"], shown["hours_year"]) == ("3.3", "2.0")
    (line,) = shown["enrolments"]
    assert (line["title"], line["joined"], line["left"]) == ("书法班", "2025-12-01", "")
    desk("policy", "minutes_per_hour=60")
    assert card(desk, "learner:l1")["hours_total"] == "2.5"


def test_the_card_of_a_child_names_the_guardian_masked(desk: Desk) -> None:
    shown = card(desk, "learner:l3")
    assert shown["age_under_14"] is True
    assert shown["guardian"] == {**GUARDIAN, "name": "周*强", "mobile": "144****0122"}


def test_linked_records_share_a_card_and_a_session_counts_once(desk: Desk) -> None:
    desk("link", "learner:l1", "learner:l2")
    shown = card(desk, "learner:l1")
    assert [line["name"] for line in shown["linked"]] == ["吴*国"]
    assert len(shown["attended"]) == 4
    assert shown["minutes_total"] == 150


def test_what_is_no_learner_has_no_card(desk: Desk) -> None:
    assert desk.refuses("learner", "card", "session:s1") == "not_a_learner"
    desk("delete", "learner:l1", "--why", "重复")
    assert desk.refuses("learner", "card", "learner:l1") == "record_deleted"


def test_a_single_card_is_revealed_for_a_reason_only(desk: Desk) -> None:
    for words in ([], ["--why", " "]):
        asked = ("learner", "card", "learner:l1", "--reveal", *words)
        assert desk.refuses(*asked) == "reveal_reason_missing"
    shown = desk("learner", "card", "learner:l1", "--reveal", "--why", "电话核对")["revealed"]
    assert (shown["name"], shown["mobile"], shown["address"]) == (
        "周桂兰", "14412345678", "村东头",
    )  # fmt: skip
    (note,) = desk("learner", "reveals")["reveals"]
    assert (note["what"]["why"], note["what"]["records"]) == ("电话核对", [shown["id"]])


# Consents


def consent(desk: Desk, record: str, kind: str, *words: str) -> Json:
    found: Json = desk("learner", "consent", record, "--kind", kind, *words)
    return found


def test_consents_are_added_and_a_withdrawal_ends_them(desk: Desk) -> None:
    consent(desk, "learner:l1", "notice", "--by", "self", "--day", "2026-01-05")
    consent(desk, "learner:l1", "photo", "--by", "self", "--medium", "screen")
    shown = card(desk, "learner:l1")
    assert shown["consents"] == [
        {"kind": "notice", "date": "2026-01-05", "by": "self", "medium": "paper"},
        {"kind": "photo", "date": "2026-04-02", "by": "self", "medium": "screen"},
    ]
    assert shown["consents_in_force"] == ["notice", "photo"]
    consent(desk, "learner:l1", "withdrawn", "--by", "self")
    assert card(desk, "learner:l1")["consents_in_force"] == ["notice"]
    consent(desk, "learner:l1", "photo", "--by", "self", "--day", "2026-04-03")
    assert card(desk, "learner:l1")["consents_in_force"] == ["notice", "photo"]


def test_the_same_consent_twice_is_written_once(desk: Desk) -> None:
    consent(desk, "learner:l1", "photo", "--by", "self")
    assert consent(desk, "learner:l1", "photo", "--by", "self")["operations"] == 0


def test_for_a_child_the_guardian_consents(desk: Desk) -> None:
    asked = ("learner", "consent", "learner:l3", "--kind", "guardian", "--by")
    assert desk.refuses(*asked, "self") == "consent_by_guardian"
    desk(*asked, "guardian")
    assert card(desk, "learner:l3")["consents_in_force"] == ["guardian"]


@pytest.mark.parametrize(
    "words",
    [("all", "--by", "self"), ("photo", "--by", "son"), ("photo", "--by", "self", "--medium", "x")],
)
def test_only_what_stands_in_the_lists(desk: Desk, words: tuple[str, ...]) -> None:
    asked = ("learner", "consent", "learner:l1", "--kind", *words)
    assert desk.refuses(*asked) == "consent_choice"


# Leaving and deleting


def test_leaving_ends_open_classes_and_keeps_what_was_attended(desk: Desk) -> None:
    assert desk("learner", "leave", "learner:l1", "--day", "2026-03-31")["updated"] == {
        "enrolment": 1
    }
    shown = card(desk, "learner:l1")
    assert [(line["left"], line["result"]) for line in shown["enrolments"]] == [
        ("2026-03-31", "dropped")
    ]
    assert shown["minutes_total"] == 150
    assert desk("learner", "leave", "learner:l1", "--day", "2026-03-31")["operations"] == 0
    desk("undo")
    assert card(desk, "learner:l1")["enrolments"][0]["left"] == ""
    early = desk("learner", "leave", "learner:l1", "--day", "2020-01-01", code=1)
    assert codes_of(early)


def test_what_the_unit_above_acknowledged_is_corrected_not_deleted(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    enrolled.carry(village, township)
    assert card(village, "learner:l1")["deletable"] is True
    enrolled.carry(township, village)
    shown = card(village, "learner:l1")
    assert (shown["received"], shown["deletable"]) == (True, False)
    assert shown["why_not_deletable"]
    for record in ("learner:l1", "session:s1", "activity:a1", "site:p1"):
        assert village.refuses("delete", record, "--why", "录错") == "received_not_deletable"
    assert village.refuses("undo") == "received_not_deletable"
    village("edit", "session:s1", "status=cancelled")
    assert card(village, "learner:l1")["minutes_total"] == 0
    village("learner", "leave", "learner:l1")
    village.capture(document(learners=[learner("l9", "新来的")]))
    assert village("delete", "learner:l9", "--why", "录错")["deleted"] == {"learner": 1}


def test_a_new_photo_under_a_received_record_does_not_free_it(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class(sessions=[], rollcalls=[]))
    enrolled.carry(village, township)
    enrolled.carry(township, village)
    village.capture(small_class())
    assert village.refuses("delete", "activity:a1", "--why", "停办") == "received_not_deletable"
    assert village("delete", "session:s1", "--why", "录错")["deleted"] == {"session": 1}


def test_what_only_this_desk_and_those_below_hold_may_be_deleted(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    enrolled.carry(village, township)
    session = township("list", "session")["records"][0]["id"]
    assert township("delete", session, "--why", "重复")["deleted"] == {"session": 1}


# Gathering


def test_the_command_finds_as_the_window_does(desk: Desk) -> None:
    for query in ("周", "zgl", "guilan", "5678", "zgl56"):
        answer = desk("learner", "search", query)
        assert [row["name"] for row in answer["learners"]] == ["周*兰"]
        assert (answer["learners"][0]["rank"], answer["more"]) == (1, False)
    assert desk("learner", "search", "z", "--limit", "1")["more"] is True
    assert desk("learner", "search", "周", "--unit", SISTER)["learners"] == []
    assert desk.refuses("learner", "search", "周", "--unit", "1") == "unit_unknown"


def test_id_numbers_are_searched_only_where_policy_keeps_them(village: Desk) -> None:
    number = id_number("41019919560409002")
    village("policy", "id_numbers=on")
    village.capture(small_class(learners=[
        learner("l1", "周桂兰", id_kind="111", id_number=number), learner("l2", "吴建国"),
        learner("l3", "郑秀英"),
    ]))  # fmt: skip
    tail = number[-4:]
    (hit,) = village("learner", "search", tail)["learners"]
    assert hit["why"] == "id_number"
    village("policy", "id_numbers=off")
    assert village("learner", "search", tail)["learners"] == []


def everything(index: NameIndex) -> list[Any]:
    return sorted(index.people(), key=lambda person: person.record)


def test_a_change_read_again_gives_what_reading_everything_gives(desk: Desk) -> None:
    with desk.open(write=False) as workspace:
        index = gathering.build_index(workspace)
    new = desk.capture(document(learners=[learner("l4", "翟新来", mobile="14455556666")]))
    record = new["ids"]["learner"]["l4"]
    second = desk("show", "learner:l2")["record"]["id"]
    gone = desk("show", "learner:l3")["record"]["id"]
    session = desk("show", "session:s1")["record"]["id"]
    desk("edit", second, "name=吴改名")
    desk("delete", gone, "--why", "重复")
    desk.capture(
        document(rollcalls=[{"session": "s1", "rows": [{"learner": "l4", "status": "W"}]}])
    )
    changes = [("learner", record), ("learner", second), ("learner", gone), ("session", session)]
    with desk.open(write=False) as workspace:
        index.renew(gathering.renewal(workspace, changes))
        anew = gathering.build_index(workspace)
    assert everything(index) == everything(anew)
    assert [hit.name for hit in index.search("wgm").hits] == ["吴改名"]
    assert index.search("zxl").hits[0].rank == 1


def test_reading_may_be_stopped_and_a_unit_alone_be_read(desk: Desk) -> None:
    def stop(done: int, total: int, label: str) -> None:
        raise Cancelled

    with desk.open(write=False) as workspace:
        with pytest.raises(Cancelled):
            gathering.build_index(workspace, progress=stop)
        assert len(gathering.build_index(workspace, VILLAGE)) == 3
        assert len(gathering.build_index(workspace, SISTER)) == 0
