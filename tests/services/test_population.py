"""Population: entered, copied, taken from tables, sums shown beside what the unit above says."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, codes_of

SOURCE = "派出所年报"


@pytest.fixture
def township(tmp_path: Path) -> Desk:
    """A township alone."""
    desk = Desk(tmp_path / "township", TOWNSHIP)
    desk("init", "--tier", "township", "--unit", TOWNSHIP)
    return desk


def numbers(desk: Desk, year: int = 2025) -> dict[str, tuple[int, int]]:
    """Return what is kept of a year, by unit."""
    rows = desk("population", "list", "--year", str(year))["units"]
    return {row["unit"]: (row["total"], row["over60"]) for row in rows if row["total"] is not None}


def enter(desk: Desk, unit: str, total: int, over60: int, *, code: int = 0) -> dict[str, object]:
    """Enter one unit's numbers of 2025."""
    answer: dict[str, object] = desk(
        "population", "set", unit, "--year", "2025", "--total", str(total),
        "--over60", str(over60), "--source", SOURCE, code=code,
    )  # fmt: skip
    return answer


def workbook(path: Path, *rows: list[object], title: str = "2025年人口情况表") -> Path:
    """Write a table as villages send it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([title])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


HEAD: list[object] = ["序号", "村（社区）", "总人口", "60岁及以上"]


def names(desk: Desk) -> dict[str, str]:
    """Return the names of units."""
    return {row["code"]: row["name"] for row in desk("units")["units"]}


def test_sums_stand_beside_the_own_entry_and_never_replace_it(township: Desk) -> None:
    enter(township, TOWNSHIP, 5000, 1200)
    enter(township, VILLAGE, 1000, 300)
    enter(township, SISTER, 2000, 400)
    answer = township("population", "list", "--year", "2025")
    below = [row for row in answer["units"] if row["unit"] != TOWNSHIP]
    assert answer["sum"] == {"total": 3000, "over60": 700, "missing": len(below) - 2}
    assert numbers(township)[TOWNSHIP] == (5000, 1200)


def test_an_impossible_entry_is_refused_whole(township: Desk) -> None:
    assert codes_of(enter(township, VILLAGE, 100, 101, code=1)) == [
        "POPULATION_OVER60_EXCEEDS_TOTAL"
    ]
    assert numbers(township) == {}
    words = ("population", "set", VILLAGE, "--year", "2025", "--total", "9", "--over60", "1")
    assert township.refuses(*words, "--source", " ") == "population_source_missing"
    assert township.refuses(
        "population", "set", COUNTY, "--year", "2025", "--total", "9", "--over60", "1",
        "--source", SOURCE,
    ) == "unit_not_below"  # fmt: skip


def test_last_year_is_copied_where_nothing_is_entered(township: Desk) -> None:
    enter(township, VILLAGE, 1000, 300)
    enter(township, SISTER, 2000, 400)
    township("population", "set", SISTER, "--year", "2026", "--total", "2100", "--over60", "450",
             "--source", "实地")  # fmt: skip
    done = township("population", "copy", "--year", "2026", "--source", "沿用上年")
    assert done["operations"] == 1
    assert numbers(township, 2026) == {VILLAGE: (1000, 300), SISTER: (2100, 450)}
    township("undo", str(done["change"]))
    assert numbers(township, 2026) == {SISTER: (2100, 450)}


def test_a_table_is_looked_at_taken_and_undone_as_one_change(
    township: Desk, tmp_path: Path
) -> None:
    called = names(township)
    path = workbook(
        tmp_path / "人口.xlsx",
        HEAD,
        [1, called[VILLAGE], 1000, 300],
        [2, called[SISTER], "2,000人", 400],
        ["", "合计", 3000, 700],
    )
    words = ("population", "import", path, "--source", SOURCE)
    seen = township(*words, "--dry-run")
    assert (seen["created"], seen["updated"], seen["operations"]) == (2, 0, 0)
    assert numbers(township) == {}
    done = township(*words)
    assert numbers(township) == {VILLAGE: (1000, 300), SISTER: (2000, 400)}
    assert township(*words)["same"] == 2
    township("undo", str(done["change"]))
    assert numbers(township) == {}


def test_faults_name_their_cell_and_the_rest_is_taken(township: Desk, tmp_path: Path) -> None:
    called = names(township)
    path = workbook(
        tmp_path / "人口.xlsx",
        HEAD,
        [1, "不存在村", 1000, 300],
        [2, called[VILLAGE], "很多", 300],
        [3, called[SISTER], 100, 101],
        [4, "410122101207", 900, 200],
        [5, called["410122101207"], 900, 200],
    )
    copy = tmp_path / "faults.xlsx"
    done = township("population", "import", path, "--source", SOURCE, "--faults", copy, code=1)
    assert [(one["row"], one["column"], one["code"]) for one in done["faults"]] == [
        (3, "B", "VILLAGE_UNKNOWN"),
        (4, "C", "COUNT_UNCLEAR"),
        (5, "D", "POPULATION_OVER60_EXCEEDS_TOTAL"),
        (7, "B", "POPULATION_ROW_REPEATED"),
    ]
    assert numbers(township) == {"410122101207": (900, 200)}
    assert copy.is_file()


def test_codes_years_and_sources_may_stand_in_columns(township: Desk, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "人口.xlsx",
        ["区划代码", "单位名称", "年份", "常住人口", "60岁以上人口", "数据来源"],
        [VILLAGE, "写错的名字", 2024, 10, 3, "普查"],
        [VILLAGE, "写错的名字", 2025, 11, 4, "年报"],
        [VILLAGE, "写错的名字", 2025, 12, 4, "年报"],
        title="人口",
    )
    done = township("population", "import", path, code=1)
    assert [one["code"] for one in done["faults"]] == ["POPULATION_ROW_REPEATED"]
    assert numbers(township, 2024) == {VILLAGE: (10, 3)}
    assert numbers(township, 2025) == {VILLAGE: (11, 4)}


@pytest.mark.parametrize("year", ["²", "99999", "9" * 5000, "1800", "0", "去年"])
def test_a_year_that_is_none_is_the_fault_of_its_row(
    township: Desk, tmp_path: Path, year: str
) -> None:
    """The others are taken."""
    path = workbook(
        tmp_path / "人口.xlsx",
        ["区划代码", "单位名称", "年份", "常住人口", "60岁以上人口", "数据来源"],
        [VILLAGE, "村", year, 10, 3, "普查"],
        [SISTER, "村", "２０２５年", 11, 4, "年报"],
        title="人口",
    )
    done = township("population", "import", path, code=1)
    assert [(one["row"], one["code"]) for one in done["faults"]] == [(3, "COUNT_UNCLEAR")]
    assert numbers(township) == {SISTER: (11, 4)}


def test_a_table_without_a_year_asks_for_it(township: Desk, tmp_path: Path) -> None:
    row = [1, names(township)[VILLAGE], 1000, 300]
    path = workbook(tmp_path / "人口.xlsx", HEAD, row, title="人口情况表")
    words = ("population", "import", path, "--source", SOURCE)
    assert township.refuses(*words, "--dry-run") == "population_year_missing"
    assert township(*words, "--year", "2023", "--dry-run")["created"] == 1
