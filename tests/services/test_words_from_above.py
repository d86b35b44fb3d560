"""What a unit above says of a village: a township between them can neither close nor change it.

What no program would write is written here by the real writer, which asks nobody; files carry it.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64, capture_id, derived_id
from learnsite_desktop.services import packing, writing
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store.rebuild import rebuild
from learnsite_desktop.store.records import find_record, records_of_kind
from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, small_class
from tests.flows import model

ROUND = "2026年上半年督导"
MARCH = "2026-03"


@pytest.fixture
def line(enrolled: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Two villages with a class that the county knows."""
    enrolled.village.capture(small_class(VILLAGE))
    enrolled.carry(enrolled.village, enrolled.township)
    enrolled.carry(enrolled.township, enrolled.county)
    monkeypatch.setattr(writing, "require_verb", lambda *_names: None)
    monkeypatch.setattr(packing, "_periods", lambda *_words: [])
    return enrolled


def forge(desk: Desk, kind: str, record: str, writes: Mapping[str, object], **words: Any) -> str:
    """Write whatever is said; return the record."""
    record = record or b64(os.urandom(16))
    with desk.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="forged")
        writer.save(kind=kind, record=record, writes=writes, **{"unit": VILLAGE, **words})
        writer.finish()
    return record


def visit(desk: Desk, *words: str, code: int = 0) -> Any:
    """Write down a visit to the village."""
    told = ("--round", ROUND, "--checklist", "village")
    return desk("supervise", VILLAGE, *words, *told, code=code)


def asked_by_county(line: Line) -> str:
    """Let the county find something at the village; return the finding, known to all three."""
    visit(line.county, "1=unmet", "3=unmet")
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    return str(item(line.county, "1")["id"])


def item(desk: Desk, number: str) -> Any:
    found = [one for one in desk("findings")["findings"] if one["item"] == number]
    return found[0] if found else None


def same_everywhere(line: Line) -> None:
    """Every desk that holds the village's records holds the same of them, live and rebuilt.

    It is also what the oracles of authority and merging say of the operations held.
    """
    for desk in (line.county, line.township, line.village):
        assert desk.is_sound()
        model.check(model.read(desk.folder), model.Ledger(model.batches(desk.folder)))
    assert line.county.state(VILLAGE) == line.township.state(VILLAGE)
    before = line.county.state(VILLAGE)
    with line.county.open() as workspace, workspace.database.transaction():
        rebuild(workspace.database)
    assert line.county.state(VILLAGE) == before


@pytest.mark.parametrize(
    "writes",
    [
        {"_deleted": True},
        {"recheck": ["2026-04-02", True, None]},
        {"score": ["met", 10, 10]},
        {"due": "2099-01-01"},
        {"words": ["别的", None]},
    ],
)
def test_a_township_does_not_close_what_the_county_has_found(
    line: Line, writes: dict[str, object]
) -> None:
    """What it writes is set apart at every desk and can be seen there."""
    asked = asked_by_county(line)
    before = item(line.county, "1")
    forge(line.township, "finding", asked, writes)
    line.carry(line.township, line.county)
    line.carry(line.township, line.village)
    for desk in (line.county, line.township, line.village):
        assert item(desk, "1") == before
        (apart,) = desk("quarantine")["items"]
        assert (apart["record"], apart["code"], apart["by"]) == (asked, "outranked", TOWNSHIP)
    line.village("mend", asked, "--text", "已补")
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    line.county("recheck", asked)
    assert item(line.county, "1") is None
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    assert item(line.village, "1") is None
    same_everywhere(line)


@pytest.mark.parametrize("writes", [{"_deleted": True}, {"visited": "2020-01-01"}])
def test_nor_does_it_take_the_visit_back(line: Line, writes: dict[str, object]) -> None:
    asked_by_county(line)
    (seen,) = line.county("inspections")["inspections"]
    forge(line.township, "inspection", seen["id"], writes)
    line.carry(line.township, line.county)
    assert line.county("inspections")["inspections"] == [seen]
    same_everywhere(line)


def test_a_word_beside_the_countys_is_a_conflict_and_shows_the_countys(line: Line) -> None:
    """As if it had not known: then nobody knew of the other, and the county's stands."""
    asked = asked_by_county(line)
    before = item(line.county, "1")
    with line.township.open(write=False) as workspace:
        stored = find_record(workspace.database, asked, "finding")
        assert stored is not None
        doc = stored.doc
    begun = {name: doc[name] for name in ("inspection", "item")}
    forged = {**begun, "score": ["met", 10, 10], "_deleted": True, "recheck": ["x", True, None]}
    forge(line.township, "finding", asked, forged, par=[], verb="create")
    line.carry(line.township, line.county)
    disputed = {one["field"] for one in line.county("conflicts")["conflicts"]}
    assert {"_deleted", "recheck", "score"} <= disputed
    with line.county.open(write=False) as workspace:
        held = find_record(workspace.database, asked, "finding")
        assert held is not None
        assert (held.deleted, held.doc["score"]) == (False, doc["score"])
    assert item(line.county, "1") == before
    same_everywhere(line)


def test_an_item_hung_under_the_countys_visit_gives_no_points(line: Line) -> None:
    asked_by_county(line)
    (seen,) = line.county("inspections")["inspections"]
    assert line.township.refuses("supervise", VILLAGE, "5=met", "--round", ROUND,
                                 "--checklist", "village") == "word_from_above"  # fmt: skip
    begun = {"inspection": seen["id"], "item": "5", "score": ["met", 1000, 1000]}
    record = b64(derived_id("finding", VILLAGE, seen["id"], "5"))
    forge(line.township, "finding", record, {**begun, "words": ["x", None]}, verb="create")
    line.carry(line.township, line.county)
    assert line.county("quarantine")["items"] == []
    assert line.county("inspections")["inspections"] == [seen]


def test_a_table_asked_for_below_takes_no_name_and_no_place(line: Line) -> None:
    """Names and ids are guessed by a village; the township registers its own all the same."""
    table = {"name": "问卷回收表", "department": "edu", "fields": ["问卷份数", "回收份数"]}
    path = line.place / "表.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    fields = [["问卷份数", None], ["回收份数", None]]
    said = {"name": table["name"], "department": "edu", "fields": fields}
    place = b64(capture_id(TOWNSHIP, "tables", "request", "问卷回收表"))
    for record in ("", place):
        forge(line.village, "request", record, said, verb="create")
    line.carry(line.village, line.township)
    added = line.township("tables", "add", path)
    with line.township.open(write=False) as workspace:
        held = find_record(workspace.database, added["record"], "request")
        assert held is not None
        assert held.unit == TOWNSHIP


def test_a_township_goes_on_with_its_own_visits(line: Line) -> None:
    visit(line.township, "1=unmet")
    line.carry(line.township, line.county)
    asked = item(line.county, "1")["id"]
    line.county("recheck", asked, "--failed", "--text", "县里再看")
    line.carry(line.county, line.township)
    assert line.township.refuses("recheck", asked) == "word_from_above"
    assert line.township.refuses("supervise", VILLAGE, "1=met", "--round", ROUND,
                                 "--checklist", "village") == "word_from_above"  # fmt: skip
    visit(line.township, "2=unmet")
    line.township("recheck", item(line.township, "2")["id"])
    assert item(line.township, "2") is None
    same_everywhere_after(line)


def same_everywhere_after(line: Line) -> None:
    line.carry(line.township, line.county)
    line.carry(line.township, line.village)
    same_everywhere(line)


def test_the_program_says_so_before_it_writes(line: Line) -> None:
    asked = asked_by_county(line)
    assert line.township.refuses("recheck", asked) == "word_from_above"
    gone = {"kind": "finding", "record": asked, "why": "误"}
    deletes = {"v": 1, "source": "edit", "unit": VILLAGE, "deletes": [gone]}
    refused = line.township.capture(deletes, code=1)
    assert refused["error"]["code"] == "word_from_above"
    assert line.township.refuses("delete", asked, "--why", "误") == "word_from_above"
    answer = line.township("edit", asked, "due=2027-01-01", "--why", "宽限", code=1)
    assert [issue["code"] for issue in answer["issues"]] == ["FIELD_FROM_ABOVE"]
    assert line.village.refuses("delete", asked, "--why", "误") == "word_from_above"


def returned(line: Line, by: Desk) -> tuple[str, str]:
    """Return the village's session; give it and the return, known to all three."""
    with by.open(write=False) as workspace:
        session = records_of_kind(workspace.database, "session", unit=VILLAGE)[0].id
    words = ("notes", "--reason", "R01", "--text", "请补")
    asked = by("return", session, *words)["return_id"]
    if by is line.county:
        line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    if by is line.township:
        line.carry(line.township, line.county)
    return session, asked


def open_returns(desk: Desk) -> list[str]:
    return [one["id"] for one in desk("returns")["returns"] if one["state"] == "open"]


@pytest.mark.parametrize("writes", [{"_deleted": True}, {"reason": "R02"}])
def test_a_village_does_not_delete_a_return(line: Line, writes: dict[str, object]) -> None:
    _session, asked = returned(line, line.township)
    assert line.village.refuses("delete", asked, "--why", "误") == "word_from_above"
    forge(line.village, "return", asked, writes)
    line.carry(line.village, line.township)
    assert open_returns(line.township) == [asked]
    (apart,) = line.township("quarantine")["items"]
    assert (apart["record"], apart["code"]) == (asked, "out_of_scope")


@pytest.mark.parametrize("par", [None, []])
@pytest.mark.parametrize("writes", [{"_deleted": True}, {"closed_by": "A" * 43}, {"reason": "R02"}])
def test_a_township_does_not_close_the_countys_return(
    line: Line, writes: dict[str, object], par: list[str] | None
) -> None:
    session, asked = returned(line, line.county)
    words = {} if par is None else {"par": par}
    forge(line.township, "return", asked, writes, why="替村里", **words)
    line.carry(line.township, line.county)
    assert open_returns(line.county) == [asked]
    (held,) = [one for one in line.county("returns")["returns"] if one["id"] == asked]
    assert held["reason"] == "R01"
    line.carry(line.township, line.village)
    line.village("edit", session, "notes=补好了")
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    assert open_returns(line.county) == []
    same_everywhere(line)


def test_a_record_that_goes_answers_what_was_asked_of_it(line: Line) -> None:
    """The return stays and is closed by the deletion: it was the township's word."""
    line.village.capture(
        {"v": 1, "source": "more", "sessions": [
            {"ref": "s9", "activity": activity(line.village), "date": "2026-03-20",
             "start": "09:00", "end": "10:00", "status": "held"}]}
    )  # fmt: skip
    line.carry(line.village, line.township)
    with line.township.open(write=False) as workspace:
        sessions = records_of_kind(workspace.database, "session", unit=VILLAGE)
        session = next(one.id for one in sessions if one.doc["date"] == "2026-03-20")
    words = ("notes", "--reason", "R01", "--text", "请补")
    asked = line.township("return", session, *words)["return_id"]
    line.carry(line.township, line.village)
    gone = {"kind": "session", "record": session, "why": "重复"}
    line.village.capture({"v": 1, "source": "edit", "deletes": [gone]})
    line.carry(line.village, line.township)
    assert line.township("quarantine")["items"] == []
    (held,) = [one for one in line.township("returns")["returns"] if one["id"] == asked]
    assert held["state"] == "closed"
    assert line.township.is_sound()


def activity(desk: Desk) -> str:
    with desk.open(write=False) as workspace:
        return records_of_kind(workspace.database, "activity", unit=VILLAGE)[0].id


def test_a_measured_fact_is_written_by_the_tier_it_names(line: Line) -> None:
    """A township tells when it received, not when the county did."""
    line.village("submit", "--period", MARCH)
    line.carry(line.village, line.township)
    with line.township.open(write=False) as workspace:
        (submission,) = records_of_kind(workspace.database, "submission", unit=VILLAGE)
    forge(line.township, "submission", submission.id, {"outcome.county": "2020-01-01T00:00:00Z"})
    line.carry(line.township, line.county)
    (apart,) = line.county("quarantine")["items"]
    assert (apart["record"], apart["code"]) == (submission.id, "out_of_scope")
    with line.county.open(write=False) as workspace:
        held = find_record(workspace.database, submission.id, "submission")
        assert held is not None
        assert "outcome.county" not in held.doc or held.doc["outcome.county"] > "2026"


def test_a_return_in_the_name_of_another_tier_takes_nothing_out_of_the_approved_figures(
    line: Line,
) -> None:
    """It is nobody's: the approval stands. One that its tier did write holds the record up."""
    with line.township.open(write=False) as workspace:
        session = records_of_kind(workspace.database, "session", unit=VILLAGE)[0].id
    line.township("approve", session)
    said = {"record": session, "field": "notes", "reason": "R01", "text": "x", "tier": "county"}
    forge(line.township, "return", "", said, verb="create")
    line.carry(line.township, line.county)
    asked = ("indicators", "--period", MARCH, "--basis", "approved", "--id", "S03")
    for desk in (line.township, line.county):
        assert desk(*asked)["values"][0]["value"] == 1
    line.county("return", session, "notes", "--reason", "R01", "--text", "请补")
    assert line.county(*asked)["values"][0]["value"] == 0


@pytest.mark.parametrize("times", [1, 70])
@pytest.mark.parametrize("writes", [{"review.township.state": "rejected"}, {"reason": "R02"}])
def test_a_township_does_not_silence_the_countys_return(
    line: Line, writes: dict[str, object], times: int
) -> None:
    """Neither by a verdict beside it nor by more branches than a line may name."""
    with line.township.open(write=False) as workspace:
        session = records_of_kind(workspace.database, "session", unit=VILLAGE)[0].id
    line.township("approve", session)
    line.carry(line.township, line.county)
    words = ("notes", "--reason", "R01", "--text", "请补")
    asked = line.county("return", session, *words)["return_id"]
    line.carry(line.county, line.township)
    with line.township.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="forged")
        for number in range(times):
            writer.save(
                kind="return", record=asked, unit=VILLAGE, writes=writes, par=[], why=str(number)
            )
        writer.finish()
    line.carry(line.township, line.county)
    counted = ("indicators", "--period", MARCH, "--basis", "approved", "--id", "S03")
    for desk in (line.county, line.township):
        assert desk(*counted)["values"][0]["value"] == 0
        assert desk.is_sound()


def test_what_is_set_apart_is_told_once(line: Line) -> None:
    """A later file that has nothing to do with it says nothing of it."""
    asked = asked_by_county(line)
    forge(line.township, "finding", asked, {"due": "2099-01-01"})
    assert line.carry(line.township, line.county)["quarantined"] == 1
    assert line.carry(line.township, line.county)["quarantined"] == 0
    same_everywhere_after(line)
