"""Figures as they are looked at: targets, trend, spread of a class, what is left out, drill."""

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.services.figure_views.catalogue import known, lacking
from learnsite_desktop.services.figure_views.compare import spread
from learnsite_desktop.services.figure_views.spans import before, span
from learnsite_desktop.services.figure_views.targets import starting_table
from learnsite_desktop.services.indicators import registry
from tests.desks import COUNTY, SAMPLE, TOWNSHIP, VILLAGE, Desk

MONTH = ("--period", "2026-03")
NOW = "2026-04-20T09:00:00+08:00"


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """The village of the month that is worked by hand."""
    desk = Desk(tmp_path / "village", VILLAGE)
    desk("init", "--tier", "village", "--unit", VILLAGE)
    desk.now = NOW
    desk("capture", SAMPLE)
    return desk


@pytest.fixture
def county(tmp_path: Path) -> Desk:
    """A county with nothing but its tree."""
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    desk.now = NOW
    return desk


def aimed(desk: Desk, tmp_path: Path, *rows: dict[str, object]) -> None:
    """Issue targets."""
    path = tmp_path / "targets.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    desk("publish", "targets", path)


def row(**values: object) -> dict[str, object]:
    """Return one target of the county."""
    return {"indicator": "N01", "unit": COUNTY, "year": 2026, "value": "80", "source": "x"} | values


def figure(desk: Desk, unit: str, name: str, period: str = "2026-03") -> Any:
    """Return one figure with its target."""
    words = ("indicators", "--targets", "--id", name, "--unit", unit, "--period", period)
    return desk(*words)["values"][0]


# Targets


def test_without_a_document_there_is_no_target(county: Desk) -> None:
    value = figure(county, COUNTY, "N01")
    assert (value["target"], value["light"]) == (None, "")
    assert county("targets")["targets"] == []


def test_the_published_table_can_be_issued_and_covers_the_catalogue(
    county: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "start.csv"
    assert county("targets", "--out", path)["path"] == str(path)
    assert path.read_bytes() == starting_table().read_bytes()
    county("publish", "targets", path)
    told = county("targets")["targets"]
    with path.open(encoding="utf-8", newline="") as file:
        assert len(told) == len(list(csv.DictReader(file)))
    assert all(one["source"] for one in told)
    assert county.refuses("targets", "--out", path) == "file_exists"


def test_the_closest_target_of_the_nearest_year_counts(county: Desk, tmp_path: Path) -> None:
    aimed(
        county,
        tmp_path,
        row(unit="", tier="township", value="50"),
        row(unit="", **{"class": "town"}, value="60"),
        row(unit=TOWNSHIP, value="70"),
        row(unit=TOWNSHIP, value="75", year=2025),
        row(unit=TOWNSHIP, value="99", year=2027),
        row(unit="", tier="village", value="10"),
    )
    tree = {one["code"]: one for one in county("units")["units"]}
    streets = [
        code for code in tree if tree[code]["parent"] == COUNTY and "街道" in tree[code]["name"]
    ]
    towns = [
        code
        for code in tree
        if tree[code]["parent"] == COUNTY and tree[code]["name"].endswith("镇")
    ]
    other = next(code for code in towns if code != TOWNSHIP)

    def value(unit: str, period: str = "2026-03") -> str:
        return str(figure(county, unit, "N01", period)["target"]["value"])

    assert value(TOWNSHIP) == "70"
    assert value(TOWNSHIP, "2025-06") == "75"
    assert value(TOWNSHIP, "2024-06") == "75"
    assert value(TOWNSHIP, "2030") == "99"
    assert value(other) == "60"
    assert value(streets[0]) == "50"
    assert value(VILLAGE) == "10"
    assert figure(county, COUNTY, "N01")["target"] is None


def test_lights_are_exact_and_may_point_downwards(village: Desk, tmp_path: Path) -> None:
    """14 of 89 are named: 15.73 %; 8.33 sites per 10,000 residents."""
    township = Desk(tmp_path / "town", TOWNSHIP)
    township("init", "--tier", "township", "--unit", TOWNSHIP)
    township.now = NOW
    township("capture", SAMPLE)

    def light(value: str, name: str = "S07", **more: object) -> str:
        aimed(township, tmp_path, row(indicator=name, unit=VILLAGE, value=value, **more))
        return str(figure(township, VILLAGE, name)["light"])

    assert light("15.7") == "met"
    assert light("15.74") == "missed"
    assert light("15.7", sense="at_most") == "missed"
    assert light("16", sense="at_most") == "met"
    assert light("8.33", "N09") == "met"
    assert light("8.34", "N09") == "missed"
    # A yearly target says nothing about a month; a figure that is missing is neither.
    assert light("1", period="year") == ""
    assert light("1", "N02") == ""
    del village


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tier": "hamlet"}, "publish_value_wrong"),
        ({"class": "castle"}, "publish_value_wrong"),
        ({"period": "week"}, "publish_value_wrong"),
        ({"sense": "about"}, "publish_value_wrong"),
        ({"unit": ""}, "publish_value_missing"),
        ({"indicator": "Z99"}, "indicator_unknown"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(
    county: Desk, tmp_path: Path, change: dict[str, object], code: str
) -> None:
    path = tmp_path / "targets.json"
    path.write_text(json.dumps([row(**change)]), encoding="utf-8")
    assert county.refuses("publish", "targets", path) == code


# The catalogue


def test_what_cannot_be_computed_says_what_is_missing(county: Desk) -> None:
    values = county("indicators", *MONTH, "--all")["values"]
    empty = {one["id"]: one for one in values if one["id"] not in registry()}
    assert set(empty) == set(lacking())
    assert len(values) == len(known()) == 60
    for one in empty.values():
        assert one["value"] is None
        assert one["missing"]


# Trend


def test_periods_go_back_by_their_own_kind() -> None:
    texts = {
        "2026-03": "2026-02",
        "2026-01": "2025-12",
        "2026-Q1": "2025-Q4",
        "2026-Q3": "2026-Q2",
        "2026-H1": "2025-H2",
        "2026-H2": "2026-H1",
        "2026": "2025",
        "2025-2026": "2024-2025",
    }
    assert {text: before(parse_period(text)).text for text in texts} == texts
    lengths = {"2026-03": 12, "2026-Q1": 4, "2026-H1": 4, "2026": 3, "2025-2026": 3}
    assert {text: len(span(text)) for text in lengths} == lengths


def test_a_trend_is_the_figure_of_each_period(village: Desk) -> None:
    told = village("trend", "S03", *MONTH)
    assert told["periods"][-2:] == ["2026-02", "2026-03"]
    assert [one["numerator"] for one in told["values"]][-2:] == [1, 5]
    assert [one["period"] for one in told["values"]] == told["periods"]
    quarter = village("trend", "S07", "--period", "2026-Q1")["values"]
    assert [one["value"] is None for one in quarter] == [True, True, True, False]


# The spread of a class


def test_quartiles_are_those_of_the_whole_class() -> None:
    found = spread([4.0, 1.0, None, 2.0, 3.0, 5.0])
    assert (found.count, found.missing) == (5, 1)
    marks = (found.least, found.quarter, found.median, found.three_quarters, found.greatest)
    assert marks == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert spread([None]).median is None
    assert spread([2.0]).three_quarters == 2.0


def test_a_class_has_units_of_one_kind_in_the_order_of_their_codes(county: Desk) -> None:
    told = county("compare", "N01", *MONTH, "--unit", TOWNSHIP)
    codes = [one["unit"] for one in told["values"]]
    assert codes == sorted(codes)
    assert TOWNSHIP in codes
    kinds = {one["code"]: one["name"] for one in county("units")["units"]}
    assert all(kinds[code].endswith("镇") for code in codes)
    # Nobody below was ever asked: their 0 says nothing, and nothing lies anywhere.
    assert told["own"] is None
    assert (told["spread"]["count"], told["spread"]["missing"]) == (0, len(codes))
    assert all(one["silent"] and one["value"] == 0 for one in told["values"])
    words = ("compare", "N01", *MONTH, "--unit", TOWNSHIP, "--class", "kind:subdistrict")
    assert county.refuses(*words) == "class_unknown"


def test_units_with_a_kind_of_site_are_a_class_too(village: Desk) -> None:
    told = village("compare", "S03", *MONTH, "--class", "site:v_elder")
    assert {one["class"] for one in told["classes"]} == {
        *("kind:village_committee", "site:v_elder", "site:v_point"),
    }
    assert [one["unit"] for one in told["values"]] == [VILLAGE]


# What is left out, and where a figure comes from


def test_what_does_not_count_is_said(village: Desk) -> None:
    def reasons(name: str) -> dict[str, int]:
        found = village("excluded", name, *MONTH)["excluded"]
        return {one["reason"]: one["count"] for one in found}

    # s3 was cancelled; l6 was absent in s2, l1 in s5; 75 were only counted; l5 lives elsewhere.
    assert reasons("S01") == {"cancelled": 1, "absent": 2}
    assert reasons("S02") == {"cancelled": 1, "absent": 2, "headcount": 75}
    assert reasons("P01") == {"cancelled": 1, "absent": 2, "headcount": 75, "elsewhere": 1}
    assert reasons("S03") == {"cancelled": 1}
    assert reasons("N05") == {"cancelled": 1}
    assert reasons("T02") == {}


def test_a_contribution_names_its_sign_in_row(village: Desk) -> None:
    records = village("drill", "S07", *MONTH)["records"]
    held = {one["id"] for one in village("list", "session", "--period", "2026-03")["records"]}
    learners = {one["id"] for one in village("list", "learner")["records"]}
    assert {one["session"] for one in records} <= held
    assert {one["learner"] for one in records} <= learners
    crowd = [one for one in village("drill", "S01", *MONTH)["records"] if one["learner"] is None]
    assert sorted(one["contribution"] for one in crowd) == [35, 40]
    (teacher,) = village("drill", "T02", *MONTH)["records"]
    assert teacher["kind"] == "staff"
    assert teacher["label"] == "李*远"


def test_evidence_counts_by_the_kinds_that_the_policy_asks_for(village: Desk) -> None:
    assert figure(village, VILLAGE, "D03")["numerator"] == 0
    assert village.refuses("policy", "evidence_required=selfie") == "policy_value"
    assert village("policy")["policy"]["evidence_required"] == "banner,wide,signin"


def test_a_value_reads_in_its_unit_of_measure(village: Desk) -> None:
    value = figure(village, VILLAGE, "N09")
    assert Fraction(value["numerator"], value["denominator"]) == Fraction(1, 1200)
    assert value["value"] == pytest.approx(1 / 1200)
