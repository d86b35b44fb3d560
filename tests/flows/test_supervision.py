"""Supervision between separate folders: visits, what is asked, answers, the second look."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, Line, small_class
from tests.pictures import photo_file

ROUND = "2026年上半年督导"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    line = Line(tmp_path_factory.mktemp("supervision"))
    line.found()
    line.village.capture(small_class())
    line.enrol()
    return line.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    place = tmp_path / "line"
    shutil.copytree(founded, place)
    return Line(place)


def visit(desk: Desk, unit: str, *words: str, code: int = 0, checklist: str = "village") -> Any:
    """Write a visit down."""
    return desk("supervise", unit, *words, "--round", ROUND, "--checklist", checklist, code=code)


def states(desk: Desk) -> dict[str, str]:
    """Return the state of every finding that asks for something, by its item."""
    return {one["item"]: one["state"] for one in desk("findings")["findings"]}


def finding(desk: Desk, item: str) -> Any:
    (found,) = [one for one in desk("findings")["findings"] if one["item"] == item]
    return found


def test_points_are_of_what_was_looked_at(line: Line) -> None:
    """Items: 10 points each for 1 to 3, 15 for 4; half for partly unless points are given."""
    visit(line.township, VILLAGE, "1=met", "2=partly", "3=partly:7", "4=unmet", "9=unseen")
    (seen,) = line.township("inspections")["inspections"]
    assert (seen["points"], seen["most"]) == (10 + 5 + 7 + 0, 10 + 10 + 10 + 15)
    assert (seen["open"], seen["overdue"]) == (3, 0)
    assert states(line.township) == {"2": "open", "3": "open", "4": "open"}
    assert {one["due"] for one in line.township("findings")["findings"]} == {"2026-05-02"}
    line.township.now = "2026-05-03T09:00:00+08:00"
    assert set(states(line.township).values()) == {"overdue"}
    assert line.township("inspections")["inspections"][0]["overdue"] == 3


def test_a_later_visit_adds_to_the_same_round(line: Line) -> None:
    first = visit(line.township, VILLAGE, "1=unmet", "2=met")
    again = visit(line.township, VILLAGE, "1=met", "5=met")
    assert again["inspection"] == first["inspection"]
    (seen,) = line.township("inspections")["inspections"]
    assert (seen["points"], seen["most"], seen["open"]) == (35, 35, 0)
    same = visit(line.township, VILLAGE, "5=met")
    assert same["operations"] == 0
    line.township("undo")
    (seen,) = line.township("inspections")["inspections"]
    assert (seen["points"], seen["open"]) == (10, 1)


def test_from_the_visit_to_the_second_look_by_files_alone(line: Line) -> None:
    visit(line.township, VILLAGE, "3=unmet", "--text", "3=没有计划")
    line.carry(line.township, line.village)
    asked = finding(line.village, "3")
    assert (asked["text"], asked["state"], asked["clause"]) == ("没有计划", "open", "A-II-4")
    line.village("mend", asked["id"], "--text", "计划已上墙")
    line.carry(line.village, line.township)
    assert states(line.township) == {"3": "answered"}
    line.township(
        "recheck", asked["id"], "--failed", "--text", "计划没有日期", "--due", "2026-06-01"
    )
    line.carry(line.township, line.village)
    again = finding(line.village, "3")
    assert (again["state"], again["due"], again["text"]) == ("open", "2026-06-01", "计划没有日期")
    line.village("mend", asked["id"], "--text", "日期已补")
    line.carry(line.village, line.township)
    assert states(line.township) == {"3": "answered"}
    line.township("recheck", asked["id"])
    assert states(line.township) == {}
    (closed,) = line.township("findings", "--state", "closed")["findings"]
    assert closed["answer"] == "日期已补"
    line.carry(line.township, line.village)
    assert states(line.village) == {}
    assert line.village.refuses("mend", asked["id"], "--text", "再改") == "finding_closed"
    line.carry(line.township, line.county)
    assert line.county("inspections")["inspections"][0]["points"] == 0
    for desk in (line.county, line.township, line.village):
        assert desk.is_sound()


def test_the_county_asks_a_village_through_its_township(line: Line) -> None:
    visit(line.county, VILLAGE, "10=unmet")
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    asked = finding(line.village, "10")
    line.village("mend", asked["id"], "--text", "已补签")
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    assert states(line.county) == {"10": "answered"}
    assert line.county("quarantine")["items"] == []


def test_the_inspected_unit_cannot_change_what_was_found(line: Line) -> None:
    visit(line.township, VILLAGE, "3=unmet")
    line.carry(line.township, line.village)
    asked = finding(line.village, "3")
    answer = line.village("edit", asked["id"], "due=2027-01-01", code=1)
    assert [issue["code"] for issue in answer["issues"]] == ["FIELD_FROM_ABOVE"]
    assert line.village.refuses("supervise", VILLAGE, "1=met", "--round", ROUND,
                                "--checklist", "village") == "unit_not_below"  # fmt: skip
    assert line.sister("findings")["findings"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((VILLAGE, "99=met"), "finding_item_unknown"),
        ((VILLAGE, "1=good"), "finding_verdict"),
        ((VILLAGE, "1=met:11"), "finding_points"),
        ((TOWNSHIP, "1=met"), "unit_not_below"),
        (("410122999999", "1=met"), "unit_unknown"),
        ((VILLAGE, "1=met", "--on", "2026-04-03"), "inspection_day"),
    ],
)
def test_refused_with_nothing_written(line: Line, words: tuple[str, ...], code: str) -> None:
    refused = line.township.refuses("supervise", *words, "--round", ROUND, "--checklist", "village")
    assert refused == code


def test_a_round_keeps_its_checklist(line: Line) -> None:
    visit(line.county, TOWNSHIP, "1=met", checklist="township")
    words = ("supervise", TOWNSHIP, "1=met", "--round")
    assert line.county.refuses(*words, ROUND, "--checklist", "village") == "inspection_checklist"
    assert line.county.refuses(*words, " ", "--checklist", "township") == "inspection_round"
    assert line.county.refuses(*words, ROUND, "--checklist", "x") == "checklist_unknown"


def test_every_item_names_a_clause_and_every_clause_known_codes(line: Line) -> None:
    clauses = {one["id"]: one for one in line.county("clauses")["clauses"]}
    lists = line.county("checklists")["checklists"]
    assert {item["clause"] for one in lists for item in one["items"]} <= {*clauses, "A-III-4"}
    departments = {duty["lead"] for one in clauses.values() for duty in one["duties"]}
    assert departments <= {"edu", "wmb", "hrss", "dpf", "agri", "cult", "mca"}
    for one in lists:
        assert len({item["id"] for item in one["items"]}) == len(one["items"])


def test_the_evidence_of_a_clause_in_one_folder(line: Line, tmp_path: Path) -> None:
    photo = photo_file(tmp_path / "现场.jpg")
    line.village("photo", "add", photo, "--to", "session:s1", "--kind", "wide")
    line.carry(line.village, line.township)
    out = tmp_path / "out"
    answer = line.township("evidence-folder", "B-E", "--period", "2026-03", "--out", out)
    assert (answer["sessions"], answer["photos"], answer["missing"]) == (1, 1, 0)
    folder = Path(answer["path"])
    assert folder.parent == out
    sums = (folder / "SHA256SUMS.txt").read_text("utf-8").splitlines()
    assert len(sums) == 2
    for text in sums:
        digest, name = text.split("  ", 1)
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    book = openpyxl.load_workbook(next(folder.glob("*.xlsx")))
    texts = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert "书法班" in texts
    assert not any("周桂兰" in text for text in texts)
    figures = {row[0]: row for row in book.worksheets[1].iter_rows(values_only=True)}
    shown = line.township("indicators", "--period", "2026-03", "--id", "P03")["values"][0]
    assert figures["P03"][2] == shown["numerator"]
    # Another topic: nothing in March is evidence for skills.
    none = line.township("evidence-folder", "A-II-3", "--period", "2026-03", "--out", out)
    assert (none["sessions"], none["photos"]) == (0, 0)
    assert (
        line.township.refuses("evidence-folder", "B-E", "--period", "2026-03", "--out", str(out))
        == "file_exists"
    )
    only = line.township(
        "evidence-folder", "B-E", "--period", "2026-03", "--out", tmp_path / "p", "--publishable"
    )
    assert only["photos"] == 0


def test_the_evidence_of_an_activity_with_a_long_name(line: Line, tmp_path: Path) -> None:
    """Names of files are counted in bytes on some file systems, and rare characters have four."""
    line.village("edit", "activity:a1", f"title={'𠀀' * 90}")
    line.village("photo", "add", photo_file(tmp_path / "p.jpg"), "--to", "session:s1",
                 "--kind", "wide")  # fmt: skip
    words = ("evidence-folder", "B-E", "--period", "2026-03", "--out", tmp_path / "out")
    assert line.village(*words)["photos"] == 1


def test_units_see_only_their_own(line: Line) -> None:
    visit(line.township, VILLAGE, "1=unmet")
    visit(line.township, SISTER, "2=unmet")
    line.carry(line.township, line.village)
    line.carry(line.township, line.sister)
    assert set(states(line.village)) == {"1"}
    assert set(states(line.sister)) == {"2"}
    assert [one["unit"] for one in line.township("inspections")["inspections"]] == [VILLAGE, SISTER]
    (one,) = line.township("inspections", "--unit", SISTER)["inspections"]
    assert one["unit"] == SISTER
    assert line.township.refuses("findings", "--unit", COUNTY[:-1] + "9") == "unit_unknown"
