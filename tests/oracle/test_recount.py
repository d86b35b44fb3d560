"""The recount itself is checked: against the month worked by hand and against tiny cases."""

import copy
import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.recount import Recount, recount, recount_cells
from tests.oracle.replay import identifier, replay
from tests.oracle.terms import Period, age_on, band

ROOT = Path(__file__).resolve().parents[2]
VILLAGE, OTHER, TOWN = "410122101205", "410122101206", "410122101000"
Json = dict[str, Any]


def regions() -> list[Json]:
    with (ROOT / "resources/regions/410122.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def golden(name: str) -> Json:
    content: Json = json.loads((ROOT / "tests/golden" / name).read_text(encoding="utf-8"))
    return content


def truth_of(*files: Json, **more: object) -> Json:
    captures = [
        {"n": number, "unit": file["unit"], "file": file} for number, file in enumerate(files)
    ]
    return {
        "regions": regions(),
        "now": "2026-04-20T09:00:00+08:00",
        "captures": captures,
        "received": [],
        **more,
    }


def sample() -> Json:
    return truth_of(golden("sample_capture.json"))


def named(kind: str, ref: str, unit: str = VILLAGE) -> Json:
    return {"unit": unit, "source": "rongzhuang-desk", "kind": kind, "ref": ref}


def test_the_month_worked_by_hand() -> None:
    worked = golden("sample_figures.json")
    counted = recount(sample(), VILLAGE, worked["period"], now=worked["now"])
    assert {
        name: {"numerator": figure.numerator, "denominator": figure.denominator}
        for name, figure in counted.items()
    } == worked["figures"]


@pytest.mark.parametrize("by", ["age", "sex", "category", "topic", "group"])
def test_the_cells_worked_by_hand(by: str) -> None:
    counted = recount_cells(sample(), VILLAGE, "2026-03", by)
    for name, cells in golden("sample_figures.json")["cells"].items():
        expected = {cell: count for cell, count in cells.items() if cell.startswith(f"{by}:")}
        found = {cell: figures[name].numerator for cell, figures in counted.items()}
        assert {cell: count for cell, count in found.items() if count} == expected


def test_altering_one_mark_changes_the_figures() -> None:
    truth = sample()
    before = recount(truth, VILLAGE, "2026-03")
    altered = copy.deepcopy(truth)
    altered["captures"][0]["file"]["rollcalls"][1]["rows"][0]["status"] = "A"
    after = recount(altered, VILLAGE, "2026-03")
    assert {name for name in before if before[name] != after[name]} == {
        *("S01", "S05", "S06", "S07", "S08", "S09", "G01")
    }


def test_edits_resolutions_and_deletes_act_in_order() -> None:
    first = {
        "n": 1,
        "unit": VILLAGE,
        "record": named("session", "s2"),
        "set": {"date": "2026-04-02"},
    }
    truth = sample() | {"edits": [first]}
    assert recount(truth, VILLAGE, "2026-03")["S03"].numerator == 4
    back = {
        "n": 2,
        "unit": VILLAGE,
        "record": named("session", "s2"),
        "field": "date",
        "value": "2026-03-05",
    }
    truth |= {"resolutions": [back]}
    assert recount(truth, VILLAGE, "2026-03")["S03"].numerator == 5
    truth |= {"deletes": [{"n": 3, "unit": VILLAGE, "record": named("activity", "a1")}]}
    counted = recount(truth, VILLAGE, "2026-03")
    assert (counted["S03"].numerator, counted["S09"].missing) == (2, "no enrolment ended")


def test_a_withdrawn_mark_is_gone() -> None:
    again = {
        "v": 1,
        "source": "rongzhuang-desk",
        "unit": VILLAGE,
        "rollcalls": [{"session": "s2", "rows": [{"learner": "l1", "status": None}]}],
    }
    counted = recount(truth_of(golden("sample_capture.json"), again), VILLAGE, "2026-03")
    assert (counted["S01"].numerator, counted["S08"].numerator) == (88, 9)


def test_linked_records_are_one_person_who_counts_once_per_session() -> None:
    truth = sample()
    pair = {"n": 5, "a": named("learner", "l1"), "b": named("learner", "l5"), "linked": True}
    linked = truth | {"links": [pair]}
    counted = recount(linked, VILLAGE, "2026-03")
    assert counted["S02"].numerator == 6
    # both were at s4 (60 and 90 minutes) and s6 (90 and 90): once each, the greatest counts
    assert counted["S01"].numerator == 89 - 2
    assert counted["S05"].numerator == 1085 - 60 - 90
    undone = linked | {"links": [pair, pair | {"n": 6, "linked": False}]}
    assert recount(undone, VILLAGE, "2026-03") == recount(truth, VILLAGE, "2026-03")


def neighbour() -> Json:
    file = copy.deepcopy(golden("sample_capture.json"))
    file |= {"unit": OTHER, "source": "dahong-desk"}
    for entry in [*file["sites"], *file["population"]]:
        entry["unit"] = OTHER
    return file


def test_a_township_adds_its_villages_and_counts_persons_again() -> None:
    truth = truth_of(golden("sample_capture.json"), neighbour())
    counted = recount(truth, TOWN, "2026-03")
    assert counted["S01"].numerator == 178
    assert counted["S02"].numerator == 14
    # l5 of each village lives in 410122101206, which lies in the township
    assert (counted["P01"].numerator, counted["P01"].denominator) == (14, 2400)
    assert (counted["N01"].numerator, counted["N01"].denominator) == (2, 22)
    alone = recount(truth, TOWN, "2026-03", without=frozenset({OTHER}))
    assert alone["S01"].numerator == 89


def test_what_never_came_takes_its_edits_along() -> None:
    edit = {"n": 9, "unit": TOWN, "record": named("session", "s2"), "set": {"status": "cancelled"}}
    truth = truth_of(golden("sample_capture.json"), neighbour(), edits=[edit])
    assert recount(truth, TOWN, "2026-03", without=frozenset({VILLAGE}))["S03"].numerator == 5
    with pytest.raises(KeyError):
        replay(sample() | {"edits": [edit | {"record": named("session", "s99")}]})


@pytest.mark.parametrize(
    ("at", "on_time"),
    [
        ("2026-04-05T23:59:59+08:00", 1),
        ("2026-04-06T00:00:00+08:00", 0),
        ("2026-04-02T08:00:00+08:00", 1),
    ],
)
def test_on_time_is_by_the_fifth_day(at: str, on_time: int) -> None:
    received = [{"unit": VILLAGE, "period": "2026-03", "at": at}]
    counted = recount(sample() | {"received": received}, VILLAGE, "2026-03")["D01"]
    assert (counted.numerator, counted.denominator) == (on_time, 1)


def test_a_month_that_has_not_ended_is_not_due() -> None:
    running = recount(sample(), VILLAGE, "2026-03", now="2026-03-31T23:00:00+08:00")["D01"]
    assert (running.denominator, bool(running.missing)) == (0, True)
    # over the quarter both sites are due for January and February, one for March
    assert (
        Recount(sample(), VILLAGE, "2026-Q1").all("2026-04-20T09:00:00+08:00")["D01"].denominator
        == 5
    )


def test_population_of_another_year_is_missing() -> None:
    counted = recount(sample(), VILLAGE, "2024-03")
    assert counted["P01"].missing == "population"
    assert counted["P01"].value is None


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2026-02", "2026-02-01", "2026-02-28", 1),
        ("2026-12", "2026-12-01", "2026-12-31", 1),
        ("2026-Q4", "2026-10-01", "2026-12-31", 3),
        ("2026-H2", "2026-07-01", "2026-12-31", 6),
        ("2024", "2024-01-01", "2024-12-31", 12),
        ("2025-2026", "2025-09-01", "2026-08-31", 12),
    ],
)
def test_periods(text: str, first: str, last: str, months: int) -> None:
    period = Period.parse(text)
    assert (period.first.isoformat(), period.last.isoformat(), period.months) == (
        first,
        last,
        months,
    )
    assert len(period.month_ends()) == months
    assert period.month_ends()[-1] == period.last


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("1966", date(2026, 6, 30), 59),
        ("1966", date(2026, 7, 1), 60),
        ("1966-03", date(2026, 3, 1), 60),
        ("1966-03-18", date(2026, 3, 17), 59),
        ("1968-02-29", date(2026, 2, 28), 57),
        ("1968-02-29", date(2026, 3, 1), 58),
        ("1968-02-29", date(2028, 2, 29), 60),
        (None, date(2026, 3, 1), None),
    ],
)
def test_ages(birth: str | None, day: date, age: int | None) -> None:
    assert age_on(birth, day) == age


def test_bands_cover_every_age() -> None:
    ages = (0, 5, 6, 13, 14, 17, 18, 34, 35, 44, 45, 59, 60, 69, 70, 79, 80, 120, None)
    codes = "00 00 06 06 14 14 18 18 35 35 45 45 60 60 70 70 80 80 NA"
    assert " ".join(band(age) for age in ages) == codes


def test_record_ids_follow_the_published_rule() -> None:
    ident = identifier("capture", VILLAGE, "rongzhuang-desk", "session", "s2")
    assert ident in replay(sample()).rows
    assert len(ident) == 22
