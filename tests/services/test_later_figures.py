"""Figures of whole years, of trained groups, of registers and campaigns: worked by hand, recounted,
and listed row by row.

Two years of one village. Persons: e1 and e2 are elders, e2 comes five times only, but long; y1 is
young; f1 a professional farmer, k1 low-skilled. In the year before came e1, y1 and one who left.
"""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.desks import VILLAGE, Desk, document, found_village, learner
from tests.oracle.recount import recount

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-04-02T10:00:00+08:00"
YEAR = "2025"
WORKED = {
    "P04": (2, 200),
    "P09": (2, 3),
    "G02": (1, None),
    "G05": (1, None),
    "T03": (2, 1000),
    "R03": (120, 1000),
    "E01": (26, None),
}
"""Numerator and denominator of 2025."""


def _activity(ref: str, **fields: Any) -> dict[str, Any]:
    return {
        "ref": ref, "title": f"活动{ref}", "site": "p1", "kind": "03", "edu_kinds": ["50"],
        "topics": ["0501"], "delivery": "10", "form": "F2", "vocational": "V2", **fields,
    }  # fmt: skip


def _held(ref: str, activity: str, date: str, **fields: Any) -> dict[str, Any]:
    return {
        "ref": ref, "activity": activity, "date": date, "start": "09:00", "end": "10:30",
        "status": "held", **fields,
    }  # fmt: skip


def two_years() -> dict[str, Any]:
    """Return what the village enters."""
    people = [
        learner("e1", "孙桂芳", birth="1950-03-01"),
        learner("e2", "马国强", birth="1955"),
        learner("e3", "宋玉梅", birth="1951"),
        learner("y1", "韩振华", birth="1990"),
        learner("gone", "赵金凤", birth="1960"),
        learner("f1", "王秀兰", birth="1975", groups=[{"code": "pro_farmer"}]),
        learner("k1", "张大山", birth="1980", groups=[{"code": "low_skill"}]),
    ]
    weekly = [_held(f"w{n}", "a1", f"2025-0{n}-10", end="10:00") for n in range(1, 7)]
    long = [_held(f"d{n}", "a1", f"2025-07-0{n}", end="12:00") for n in range(1, 4)]
    return document(
        "two-years",
        unit=VILLAGE,
        sites=[
            {
                "ref": "p1", "unit": VILLAGE, "name": "荣庄教学点", "opened": "2019-05-01",
                "kinds": ["v_point"],
            }
        ],
        population=[
            {"unit": VILLAGE, "year": 2024, "total": 1000, "over60": 200, "source": "年报"}
        ],
        staff=[
            {"ref": "t1", "name": "郑老师", "kinds": ["part_teacher", "volunteer"]},
            {"ref": "t2", "name": "钱志愿", "kinds": ["volunteer"]},
            {"ref": "t3", "name": "周志愿", "kinds": ["volunteer"], "to": "2025-12-30"},
        ],
        venues=[
            {"ref": "v1", "name": "教室", "kind": "classroom", "area_m2": 80},
            {"ref": "v2", "name": "书屋", "kind": "bookroom", "area_m2": 40},
            {"ref": "v3", "name": "晒场", "kind": "open_air"},
        ],
        learners=people,
        activities=[
            _activity("a1"),
            _activity("a2", topics=["0901", "0501"], vocational="V1"),
            _activity("a3", campaign="全民终身学习活动周 2025"),
        ],
        sessions=[
            _held("b1", "a1", "2024-05-10"),
            *weekly,
            *long,
            _held("s1", "a2", "2025-08-05"),
            _held("c1", "a3", "2025-10-20", headcount={"total": 25, "basis": "counted"}),
        ],
        rollcalls=[
            {
                "session": "b1",
                "rows": [{"learner": ref, "status": "P"} for ref in ("e1", "y1", "gone")],
            },
            *(
                {"session": one["ref"], "rows": [{"learner": "e1", "status": "P"}]}
                for one in weekly
            ),
            # e2: 3 times 180 minutes are 12 hours of 45 minutes; e3: 2 times.
            *(
                {
                    "session": one["ref"],
                    "rows": [{"learner": ref, "status": "P"} for ref in refs],
                }
                for one, refs in zip(long, (("e2", "e3"), ("e2", "e3"), ("e2",)), strict=True)
            ),
            {
                "session": "s1",
                "rows": [{"learner": ref, "status": "P"} for ref in ("f1", "k1", "y1")],
            },
            {"session": "c1", "rows": [{"learner": "f1", "status": "P"}]},
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The village with its two years."""
    made = found_village(tmp_path_factory.mktemp("later") / "w")
    made.capture(two_years())
    return made


def figures(desk: Desk, *words: str) -> dict[str, Any]:
    """Return the command's figures by id."""
    return {one["id"]: one for one in desk("indicators", "--unit", VILLAGE, *words)["values"]}


def truth() -> dict[str, Any]:
    """Return the same as the recount reads it."""
    with (ROOT / "resources/regions/410122.csv").open(encoding="utf-8", newline="") as file:
        regions = list(csv.DictReader(file))
    entered = two_years()
    return {
        "regions": regions, "now": NOW, "received": [],
        "captures": [{"n": 1, "unit": VILLAGE, "file": entered}],
    }  # fmt: skip


def test_the_year_is_as_worked_by_hand_and_as_recounted(desk: Desk) -> None:
    found = figures(desk, "--period", YEAR)
    recounted = recount(truth(), VILLAGE, YEAR)
    for name, (numerator, denominator) in WORKED.items():
        one, other = found[name], recounted[name]
        assert (one["numerator"], one["denominator"]) == (numerator, denominator), name
        assert (other.numerator, other.denominator) == (numerator, denominator), name


@pytest.mark.parametrize("name", WORKED)
def test_every_figure_lists_its_rows(desk: Desk, name: str) -> None:
    words = ("--period", YEAR, "--unit", VILLAGE)
    listed = desk("drill", name, *words)
    assert sum(row["contribution"] for row in listed["records"]) == WORKED[name][0]
    assert all(row["label"] for row in listed["records"])
    below = desk("drill", name, *words, "--part", "denominator")["records"]
    assert sum(row["contribution"] for row in below) == (WORKED[name][1] or 0)


@pytest.mark.parametrize("period", ["2025-03", "2025-Q1", "2025-H1"])
def test_what_is_of_a_year_has_no_value_for_less(desk: Desk, period: str) -> None:
    found = figures(desk, "--period", period)
    for name in ("P04", "P09"):
        assert found[name]["value"] is None
        assert "一整年" in found[name]["missing"]
        assert recount(truth(), VILLAGE, period)[name].missing


def test_retention_is_not_told_for_what_is_approved(desk: Desk) -> None:
    """The year before lies outside what a lock of this period covers."""
    assert figures(desk, "--period", YEAR, "--basis", "approved")["P09"]["value"] is None


def test_a_room_without_its_area_leaves_no_figure(tmp_path: Path) -> None:
    entered = two_years()
    del entered["venues"][1]["area_m2"]
    desk = found_village(tmp_path / "w")
    desk.capture(entered)
    found = figures(desk, "--period", YEAR)["R03"]
    assert (found["numerator"], found["value"]) == (80, None)
    assert "面积" in found["missing"]


def test_definitions_that_share_their_queries_differ_by_their_codes(desk: Desk) -> None:
    found = figures(desk, "--period", YEAR)
    assert [found[name]["numerator"] for name in ("T01", "T02", "T03")] == [0, 1, 2]
