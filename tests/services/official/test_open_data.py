"""Data for other programs: accepted by the validators of those who read it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.desks import TOWNSHIP, VILLAGE, Desk, learner

PERIOD = ("--period", "2026-03")
VALUE_SET: dict[str, Any] = {
    "type": "object",
    "required": ["dataSet", "completeDate", "period", "orgUnit", "dataValues"],
    "additionalProperties": False,
    "properties": {
        "dataSet": {"type": "string", "minLength": 1},
        "completeDate": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "period": {"type": "string", "pattern": r"^\d{4}((0[1-9]|1[0-2])|Q[1-4]|S[12])?$"},
        "orgUnit": {"type": "string", "minLength": 1},
        "attributeOptionCombo": {"type": "string"},
        "idScheme": {"enum": ["UID", "CODE", "NAME"]},
        "dataElementIdScheme": {"enum": ["UID", "CODE", "NAME"]},
        "orgUnitIdScheme": {"enum": ["UID", "CODE", "NAME"]},
        "categoryOptionComboIdScheme": {"enum": ["UID", "CODE", "NAME"]},
        "dataValues": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["dataElement", "period", "orgUnit", "value"],
                "additionalProperties": False,
                "properties": {
                    "dataElement": {"type": "string", "pattern": r"^[A-Z]\d{2}(\.[ND])?$"},
                    "period": {"type": "string"},
                    "orgUnit": {"type": "string", "pattern": r"^\d{12}$"},
                    "categoryOptionCombo": {"type": "string"},
                    "value": {"type": "string", "pattern": r"^-?\d+$"},
                    "comment": {"type": "string"},
                },
            },
        },
    },
}
"""What the guide of DHIS2 for developers says of a data value set in JSON (whole numbers only)."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def test_the_package_is_valid(desk: Desk, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    answer = desk("datapackage", *PERIOD, "--out", tmp_path / "p")
    report = frictionless.validate(answer["path"])
    assert report.valid, report.flatten(["type", "fieldName", "note"])
    # A validator that lets everything pass proves nothing.
    figures = tmp_path / "p" / "figures.csv"
    text = figures.read_text(encoding="utf-8-sig").replace('"S01"', '"S01",7', 1)
    figures.write_text(text, encoding="utf-8-sig")
    assert not frictionless.validate(answer["path"]).valid


def test_it_holds_the_commands_figures_and_no_persons(desk: Desk, tmp_path: Path) -> None:
    desk("datapackage", *PERIOD, "--out", tmp_path)
    values = desk("indicators", *PERIOD, "--children")["values"]
    written = {
        (one["indicator"], one["unit"]): one
        for one in rows(tmp_path / "figures.csv")
        if not one["dimension"]
    }
    assert len(written) == len(values)
    for value in values:
        row = written[value["id"], value["unit"]]
        assert row["numerator"] == str(value["numerator"])
        assert row["denominator"] == str(
            value["denominator"] if value["denominator"] is not None else ""
        )
        assert row["missing"] == (value["missing"] or "")
        assert row["unit"].isdigit()
    whole = "".join(path.read_text(encoding="utf-8-sig") for path in tmp_path.glob("*.csv"))
    assert "孙桂芳" not in whole
    assert "郑老师" not in whole
    # What a spreadsheet would take for a formula is marked.
    assert {one["name"] for one in rows(tmp_path / "sites.csv")} == {"'=荣庄教学点", "荣庄教学点"}


def test_few_sensitive_persons_are_not_told(desk: Desk, tmp_path: Path) -> None:
    desk("datapackage", *PERIOD, "--out", tmp_path)
    cells = {
        (one["indicator"], one["code"]): one
        for one in rows(tmp_path / "figures.csv")
        if one["dimension"] == "group"
    }
    few = cells["S02", "disabled"]
    assert (few["value"], few["numerator"], few["missing"]) == ("", "", "<3")
    assert cells["S01", "disabled"]["value"] == ""
    assert cells["S02", "farmer"]["value"] == "4"
    desk("dhis2", *PERIOD, "--out", tmp_path / "d.json")
    content = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))
    combos = {one["categoryOptionCombo"] for one in content["dataValues"]}
    assert "GROUP_farmer" in combos
    assert "GROUP_disabled" not in combos


def test_what_is_not_told_does_not_follow_from_the_total(desk: Desk, tmp_path: Path) -> None:
    """Everybody is of one age: with one band left out, the others would tell it."""
    guardian = {"name": "孙桂芳", "relation": "母亲", "mobile": "14400000103", "date": "2026-02-01"}
    child = learner("c1", "小宝", birth="2021-05-01", guardian=guardian, consents=[
        {"kind": kind, "date": "2026-02-01", "by": "guardian", "medium": "paper"}
        for kind in ("notice", "guardian")
    ])  # fmt: skip
    held = {"session": "s1", "rows": [{"learner": "c1", "status": "P"}]}
    entered = {"v": 1, "source": "village", "unit": VILLAGE}
    desk.capture({**entered, "learners": [child], "rollcalls": [held]})
    shown = {
        value["cell"]: value["numerator"]
        for value in desk("indicators", *PERIOD, "--by", "age", "--id", "S02")["values"]
    }
    assert shown["age:00"] == 1
    desk("datapackage", *PERIOD, "--out", tmp_path)
    ages = {
        one["code"]: one
        for one in rows(tmp_path / "figures.csv")
        if (one["indicator"], one["dimension"]) == ("S02", "age")
    }
    assert (ages["00"]["value"], ages["00"]["missing"]) == ("", "<3")
    untold = {code for code, one in ages.items() if one["value"] == ""}
    assert len(untold) == 2
    assert sum(shown[f"age:{code}"] for code in untold) > 3
    desk("dhis2", *PERIOD, "--out", tmp_path / "d.json")
    content = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))
    combos = {one["categoryOptionCombo"] for one in content["dataValues"]}
    assert not combos & {f"AGE_{code}" for code in untold}
    assert any(one.startswith("AGE_") for one in combos)


def test_the_value_set_is_as_dhis2_wants_it(desk: Desk, tmp_path: Path) -> None:
    answer = desk("dhis2", *PERIOD, "--out", tmp_path / "d.json")
    content = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))
    assert not list(Draft202012Validator(VALUE_SET).iter_errors(content))
    assert (content["period"], content["orgUnit"]) == ("202603", TOWNSHIP)
    assert len(content["dataValues"]) == answer["values"]
    known = {
        (one["dataElement"], one["orgUnit"]): int(one["value"])
        for one in content["dataValues"]
        if one["categoryOptionCombo"] == "default"
    }
    for value in desk("indicators", *PERIOD, "--children")["values"]:
        if value["denominator"] is None:
            continue
        key = (f"{value['id']}.D", value["unit"])
        assert known[key] == value["denominator"]
        assert known[f"{value['id']}.N", value["unit"]] == value["numerator"]
    assert known["S01", TOWNSHIP] > 0
    names = [
        (one["dataElement"], one["orgUnit"], one["categoryOptionCombo"])
        for one in content["dataValues"]
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("period", "told"),
    [("2026-03", "202603"), ("2026-Q1", "2026Q1"), ("2026-H1", "2026S1"), ("2026", "2026")],
)
def test_periods(desk: Desk, tmp_path: Path, period: str, told: str) -> None:
    desk("dhis2", "--period", period, "--out", tmp_path / "d.json")
    assert json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))["period"] == told


def test_a_school_year_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    assert desk.refuses("dhis2", "--period", "2025-2026", "--out", path) == "dhis_period"
    assert not path.exists()
