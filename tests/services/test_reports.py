"""The indicator workbook: the figures of the command, with where they come from."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.oracle.test_recount import golden, neighbour
from tests.services.test_figures import NOW, TOWN, said, workspace_of

Json = dict[str, Any]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "w"
    return workspace_of(folder, "township", TOWN, golden("sample_capture.json"), neighbour())


def rows_of(path: Path, sheet: int) -> list[tuple[Any, ...]]:
    return list(load_workbook(path).worksheets[sheet].iter_rows(values_only=True))


def test_it_shows_what_the_command_shows(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "指标.xlsx"
    answer = said(town, "report", "indicators", "--period", "2026-03", "--out", str(path))
    assert answer["path"] == str(path)
    values = said(town, "indicators", "--period", "2026-03")["values"]
    rows = {row[0]: row for row in rows_of(path, 0)}
    for value in values:
        row = rows[value["id"]]
        assert row[3:5] == (value["numerator"], value["denominator"])
        assert row[5] == pytest.approx(value["value"]) if value["value"] is not None else "–"
        assert row[9] == value["missing"]
    written = sum(
        cell is not None
        for number in range(len(load_workbook(path).sheetnames))
        for row in rows_of(path, number)
        for cell in row
    )
    assert written == answer["cells"]


def test_a_sheet_for_each_unit_below_and_one_that_explains(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    said(town, "report", "indicators", "--period", "2026-03", "--out", str(path))
    names = load_workbook(path).sheetnames
    children = said(town, "indicators", "--period", "2026-03", "--children", "--id", "S01")
    assert len(names) == len(children["values"]) + 2
    assert names[-2:] == ["图表", "说明"]
    told = {row[0]: row for row in rows_of(path, -1)}
    assert told["单位"][1] == TOWN
    assert told["制表时间"][1] == NOW
    assert told["状态"][1] == said(town, "state", "--unit", TOWN)["hash"]
    assert "实名" in told["S01"][2]
    assert ("age_band", "60", "60-69") in {row[:3] for row in rows_of(path, -1)}


def test_it_speaks_english(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    words = ("report", "indicators", "--period", "2026-03", "--out", str(path))
    said(town, "--lang", "en", *words)
    assert load_workbook(path).sheetnames[-1] == "Explanations"
    assert any("attendances" in row for row in rows_of(path, 0))


def test_a_former_file_is_replaced_and_a_missing_folder_made(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("old", encoding="utf-8")
    said(town, "report", "indicators", "--period", "2026-02", "--out", str(path))
    assert len(rows_of(path, 0)) > 10
    away = str(tmp_path / "none" / "a.xlsx")
    said(town, "report", "indicators", "--period", "2026-02", "--out", away)
    assert rows_of(Path(away), 0) == rows_of(path, 0)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.xlsx", "none"]
