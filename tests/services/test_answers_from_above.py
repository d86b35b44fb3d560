"""Answers to proposals and reversals: a township between neither gives nor changes the county's."""

from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.store.records import find_record, records_of_kind
from tests.desks import VILLAGE, Desk, Line
from tests.services.test_words_from_above import (
    forge,
    line,
    same_everywhere,
    same_everywhere_after,
)

__all__ = ["line"]

LATER = "2027-02-01T10:00:00+08:00"
DAY = "2026-04-01"


def proposed(line: Line) -> str:
    """Let the village propose another name for itself; return the proposal, known to all three."""
    told = line.village("proposals", "make", "rename", VILLAGE, "--name", "新桥村", "--on", DAY)
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    return str(told["proposal"])


def answers(desk: Desk) -> list[tuple[str, str]]:
    return [(one["state"], one["answer"]) for one in desk("proposals", "list")["proposals"]]


@pytest.mark.parametrize("taken", [True, False])
def test_what_a_township_answers_is_no_answer(line: Line, taken: bool) -> None:
    """The keeper goes on being asked, and its own answer is the one that everybody reads."""
    record = proposed(line)
    forge(line.township, "proposal", record, {"decision": [taken, DAY, "算了"]})
    line.carry(line.township, line.county)
    line.carry(line.township, line.village)
    for desk in (line.county, line.township, line.village):
        assert answers(desk) == [("open", "")]
    line.county("proposals", "refuse", record, "--why", "先等一年")
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    for desk in (line.county, line.township, line.village):
        assert answers(desk) == [("refused", "先等一年")]
    same_everywhere(line)


@pytest.mark.parametrize("par", [None, []])
def test_a_township_does_not_answer_over_the_keeper(line: Line, par: list[str] | None) -> None:
    """Knowing of the answer it is set apart; beside it, the county's is shown."""
    record = proposed(line)
    line.county("proposals", "refuse", record, "--why", "先等一年")
    line.carry(line.county, line.township)
    words: dict[str, Any] = {} if par is None else {"par": par}
    forge(line.township, "proposal", record, {"decision": [True, DAY, "同意"]}, **words)
    line.carry(line.township, line.county)
    line.carry(line.township, line.village)
    for desk in (line.county, line.township, line.village):
        assert answers(desk) == [("refused", "先等一年")]
        apart = desk("quarantine")["items"]
        assert [one["code"] for one in apart] == ([] if words else ["outranked"])
    same_everywhere(line)


def locked(line: Line) -> str:
    """Lock the year and let the village correct its class since; return the session."""
    for desk in (line.village, line.township, line.county):
        desk.now = LATER
    line.village("submit", "--period", "2026-03")
    line.carry(line.village, line.township)
    line.township("lock", "2026-03")
    line.carry(line.township, line.county)
    line.county("lock", "2026")
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    with line.village.open(write=False) as workspace:
        session = records_of_kind(workspace.database, "session", unit=VILLAGE)[0].id
    corrected(line, session, "end=11:00")
    return session


def corrected(line: Line, session: str, what: str) -> None:
    line.village("edit", session, what, "--why", "记错了")
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)


def booked(desk: Desk, session: str) -> tuple[bool, list[str]]:
    """Return whether the entry of January is deleted, and the heads it counts."""
    record = b64(derived_id("reversal", session, "2027-01"))
    with desk.open(write=False) as workspace:
        held = find_record(workspace.database, record, "reversal")
        assert held is not None
        return held.deleted, held.doc["after"]


@pytest.mark.parametrize("writes", [{"_deleted": True}, {"after": []}])
def test_a_township_does_not_book_over_the_countys_reversal(
    line: Line, writes: dict[str, object]
) -> None:
    session = locked(line)
    record = line.county("reverse", session, "--period", "2027-01", "--why", "补正")["reversal"]
    line.carry(line.county, line.township)
    before = booked(line.county, session)
    corrected(line, session, "end=11:30")
    again = ("reverse", session, "--period", "2027-01", "--why", "再补正")
    assert line.township.refuses(*again) == "word_from_above"
    forge(line.township, "reversal", record, writes, why="改")
    line.carry(line.township, line.county)
    assert booked(line.county, session) == before
    (apart,) = line.county("quarantine")["items"]
    assert (apart["record"], apart["code"]) == (record, "outranked")
    line.county(*again)
    assert booked(line.county, session) != before
    line.carry(line.county, line.township)
    same_everywhere_after(line)


def test_a_session_that_goes_leaves_what_the_county_booked(line: Line) -> None:
    """The village may delete its class; that the year's figures were put right stays."""
    session = locked(line)
    line.county("reverse", session, "--period", "2027-01", "--why", "补正")
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    before = booked(line.county, session)
    gone = {"kind": "session", "record": session, "why": "重复", "reasons": {}}
    line.village.capture({"v": 1, "source": "edit", "unit": VILLAGE, "deletes": [gone]})
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    assert line.county("quarantine")["items"] == []
    assert booked(line.county, session) == before
    line.carry(line.county, line.township)
    same_everywhere_after(line)


def test_two_tiers_that_book_the_same_do_not_contradict_each_other(line: Line) -> None:
    """Neither knew of the other, and there is nothing to settle."""
    session = locked(line)
    for desk in (line.township, line.county):
        desk("reverse", session, "--period", "2027-01", "--why", "补正")
    before = booked(line.county, session)
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    for desk in (line.township, line.county):
        assert desk("conflicts")["conflicts"] == []
        assert booked(desk, session) == before
    same_everywhere_after(line)
