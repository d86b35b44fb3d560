"""Files that are to be published: checked whole, refused with their place, or issued as one."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import publishing
from tests.desks import COUNTY, TOWNSHIP, VILLAGE, Desk, small_class

CODE = {"list": "topic", "code": "0501A", "parent": "0501", "zh": "硬笔书法"}
TARGET = {"indicator": "N01", "unit": TOWNSHIP, "year": 2026, "value": "85.5", "source": "县方案"}
NOTICE = {"title": "报送", "text": "请按时报送", "from": "2026-04-01", "to": "2026-04-10"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("publishing") / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    return desk


def table(folder: Path, rows: Any) -> Path:
    path = folder / "table.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "rows", "code", "where"),
    [
        ("codes", {"a": 1}, "publish_json_wrong", "table.json"),
        ("codes", ["x"], "publish_json_wrong", "codes[0]"),
        ("codes", [], "table_empty", "table.json"),
        ("codes", [CODE, {**CODE, "color": "red"}], "publish_column_unknown", "codes[1]"),
        ("codes", [{"list": "topic", "code": "x"}], "table_columns_missing", "table.json"),
        ("codes", [{**CODE, "zh": 1.5}], "publish_value_wrong", "codes[0]"),
        ("codes", [{**CODE, "zh": " "}], "publish_value_missing", "codes[0]"),
        ("codes", [{**CODE, "code": "书"}], "publish_value_wrong", "codes[0]"),
        ("codes", [{**CODE, "code": "0501"}], "codes_national", "codes[0]"),
        ("codes", [{**CODE, "parent": "9999"}], "codes_parent_unknown", "codes[0]"),
        ("codes", [{**CODE, "parent": ""}], "publish_value_missing", "codes[0]"),
        ("codes", [{**CODE, "list": "sex"}], "codes_list_fixed", "codes[0]"),
        ("codes", [{**CODE, "closed": "soon"}], "publish_value_wrong", "codes[0]"),
        ("codes", [CODE, CODE], "codes_repeated", "codes[0]: topic 0501A"),
        ("targets", [{**TARGET, "indicator": "Z99"}], "indicator_unknown", "targets[0]: Z99"),
        ("targets", [{**TARGET, "unit": "410100000000"}], "target_unit", "targets[0]"),
        ("targets", [{**TARGET, "year": "26"}], "publish_value_wrong", "targets[0]"),
        ("targets", [{**TARGET, "value": "viel"}], "publish_value_wrong", "targets[0]"),
        ("targets", [{**TARGET, "value": "NaN"}], "publish_value_wrong", "targets[0]"),
        ("targets", [{**TARGET, "value": "1E999999"}], "publish_value_wrong", "targets[0]"),
        ("targets", [{**TARGET, "value": "0." + "3" * 99}], "publish_value_wrong", "targets[0]"),
        ("targets", [{**TARGET, "source": ""}], "publish_value_missing", "targets[0]"),
        ("targets", [TARGET, TARGET], "publish_repeated", "targets[1]"),
        ("notices", [{**NOTICE, "to": "2026-03-31"}], "publish_value_wrong", "notices[0]"),
        ("notices", [{**NOTICE, "title": "长" * 101}], "publish_value_wrong", "notices[0]"),
    ],
)
def test_refused_with_its_place(
    county: Desk, tmp_path: Path, kind: str, rows: Any, code: str, where: str
) -> None:
    path = table(tmp_path, rows)
    before = county.dump()
    answer = county("publish", kind, path, code=1)
    assert (answer["error"]["code"], answer["error"]["where"]) == (code, where)
    assert answer["error"]["remedy"]
    assert county.dump() == before


def test_a_row_of_a_table_is_named_by_its_line(county: Desk, tmp_path: Path) -> None:
    path = tmp_path / "notices.csv"
    path.write_text(
        "title,text,from,to\n甲,乙,2026-04-01,2026-04-02\n丙,,2026-04-01,2026-04-02\n", "gbk"
    )
    answer = county("publish", "notices", path, code=1)
    assert (answer["error"]["code"], answer["error"]["where"]) == (
        "publish_value_missing",
        "第 3 行",
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("notices", "none.json"), "file_missing"),
        (("roster", "roster.csv"), "roster_unit_missing"),
        (("roster", "roster.csv", "--unit", VILLAGE), "receiver_unknown"),
        (("notices", "good.json", "--expires", "2026-04-01"), "publish_expired"),
        (("notices", "good.json", "--unit", "999999999999"), "unit_unknown"),
        (("codes", "codes.json", "--unit", TOWNSHIP), "document_not_ours"),
        (("forms", "empty.xlsx"), "publish_file_size"),
    ],
)
def test_refused(county: Desk, tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    (tmp_path / "roster.csv").write_text("姓名,性别\n王,男\n", encoding="utf-8")
    (tmp_path / "good.json").write_text(json.dumps([NOTICE]), encoding="utf-8")
    (tmp_path / "codes.json").write_text(json.dumps([CODE]), encoding="utf-8")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    kind, name, *rest = words
    assert county.refuses("publish", kind, tmp_path / name, *rest) == code


def test_a_code_is_closed_and_never_dropped(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    other = {**CODE, "code": "0502A", "parent": "0502", "zh": "国画"}
    desk("publish", "codes", table(tmp_path, [CODE, other]))
    assert desk.refuses("publish", "codes", table(tmp_path, [CODE])) == "codes_dropped"
    moved = [CODE, {**other, "parent": "0501"}]
    assert desk.refuses("publish", "codes", table(tmp_path, moved)) == "codes_parent_changed"
    closed = [CODE, {**other, "closed": "2026-04-02"}]
    assert desk("publish", "codes", table(tmp_path, {"codes": closed}))["version"] == 2
    (shown,) = desk("documents", "show", "codes")["documents"]
    assert shown["content"][1]["closed"] == "2026-04-02"


def test_a_code_that_has_ended_is_told_and_stays_valid(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    desk("publish", "codes", table(tmp_path, {"codes": [{**CODE, "closed": "2026-04-01"}]}))
    given = small_class(COUNTY)
    told = {}
    for opens in ("2026-03-01", "2026-04-01"):
        activity = {**given["activities"][0], "ref": opens, "topics": [CODE["code"]]}
        plain = small_class(COUNTY, activities=[{**activity, "opens": opens}])
        for section in ("sessions", "enrolments", "rollcalls"):
            plain.pop(section, None)
        answer = desk.capture({**plain, "source": opens})
        told[opens] = [(one["code"], one["severity"]) for one in answer["issues"]]
    assert told == {"2026-03-01": [], "2026-04-01": [("CODE_CLOSED", "note")]}


def test_versions_are_given_or_follow(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    path = table(tmp_path, [NOTICE])
    assert desk("publish", "notices", path)["version"] == 1
    assert desk("publish", "notices", path, "--version", "7")["version"] == 7
    assert desk("publish", "notices", path)["version"] == 8
    assert desk.refuses("publish", "notices", path, "--version", "8") == "document_version_used"
    # A line of its own for each unit it is for.
    assert desk("publish", "notices", path, "--unit", TOWNSHIP)["version"] == 1
    assert desk.refuses("documents", "show", "roster") == "document_missing"


def test_a_whole_tree_is_published_if_it_remembers(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    rows = desk.rows(
        "SELECT u.code, coalesce(p.code, ''), u.level, u.name, u.kind FROM unit u "
        "LEFT JOIN unit p ON p.id=u.parent ORDER BY u.code"
    )
    head = "code,parent,level,name,kind,valid_from,valid_to,successor,past\n"

    def tree(lines: list[tuple[Any, ...]]) -> Path:
        path = tmp_path / "tree.csv"
        text = "".join(",".join([*map(str, row), *[""] * (9 - len(row))]) + "\n" for row in lines)
        path.write_text(head + text, encoding="utf-8")
        return path

    assert desk("publish", "regions", tree(rows))["entries"] == len(rows)
    missing = [row for row in rows if row[0] != VILLAGE]
    assert desk.refuses("publish", "regions", tree(missing)) == "regions_code_dropped"
    moved = [(row[0], "410122102000", *row[2:]) if row[0] == VILLAGE else row for row in rows]
    assert desk.refuses("publish", "regions", tree(moved)) == "regions_history_lost"
    told = [
        (*row, "", "", "", f"{TOWNSHIP}:2026-03-01") if row[0] == VILLAGE else row for row in moved
    ]
    assert desk("publish", "regions", tree(told))["version"] == 3
    assert desk("units", "--unit", VILLAGE)["units"][0]["parent"] == "410122102000"


def test_a_preview_says_what_changes_and_issues_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    desk("publish", "targets", table(tmp_path, [TARGET, {**TARGET, "year": 2027}]))
    path = table(tmp_path, [{**TARGET, "value": "90"}, {**TARGET, "indicator": "N07"}])
    before = desk.dump()
    looked = desk("publish", "targets", path, "--dry-run")
    assert desk.dump() == before
    assert (looked["version"], looked["entries"]) == (2, 2)
    units = [one for one in desk("units")["units"] if one["tier"] in ("township", "village")]
    assert looked["units"] == len(units)
    assert [(one["state"], one["name"]) for one in looked["changes"]] == [
        ("changed", ["N01", TOWNSHIP, "2026"]),
        ("added", ["N07", TOWNSHIP, "2026"]),
        ("removed", ["N01", TOWNSHIP, "2027"]),
    ]
    assert looked["changes"][0]["before"] == {"value": "85.5"}
    assert looked["changes"][0]["after"] == {"value": "90"}
    issued = desk("publish", "targets", path)
    assert issued == looked


def test_a_notice_stands_beside_others_until_it_is_taken_down(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY, now="2026-04-05T09:00:00+08:00")
    desk("init", "--tier", "county", "--unit", COUNTY)
    old = {**NOTICE, "title": "过期", "from": "2026-03-01", "to": "2026-03-02"}
    desk("publish", "notices", table(tmp_path, [NOTICE, old]))
    desk("notice", "停电", "--text", "周五停电", "--to", "2026-04-09")
    shown = desk("notices")["notices"]
    assert [one["title"] for one in shown] == ["停电", "报送"]
    (held,) = desk("documents", "show", "notices")["documents"]
    assert [one["title"] for one in held["content"]] == ["报送", "停电"]  # what is over went
    desk("notice", "停电", "--text", "改到周六", "--to", "2026-04-09")
    assert [one["text"] for one in desk("notices")["notices"]] == ["改到周六", "请按时报送"]
    desk("notice", "停电", "--end")
    assert [one["title"] for one in desk("notices")["notices"]] == ["报送"]
    assert desk.refuses("notice", "停电", "--end") == "notice_unknown"
    assert desk.refuses("notice", "缺期限", "--text", "甲") == "publish_value_missing"


def test_a_table_written_to_edit_reads_back_as_it_was(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    empty = tmp_path / "codes.xlsx"
    assert desk("documents", "table", "codes", "--out", empty)["rows"] == 0
    assert desk("publish", "codes", empty, code=1)["error"]["code"] == "table_empty"
    tricky = {**CODE, "zh": "=1+1", "note": "'引号"}
    desk("publish", "codes", table(tmp_path, [tricky]))
    for suffix in ("xlsx", "csv"):
        out = tmp_path / f"written.{suffix}"
        assert desk("documents", "table", "codes", "--out", out)["rows"] == 1
        looked = desk("publish", "codes", out, "--dry-run")
        assert looked["changes"] == []
    whole = [
        {**TARGET, "unit": COUNTY, "tier": "village", "period": "month", "sense": "at_most"},
        {**TARGET, "unit": COUNTY, "class": "village_committee"},
        {**TARGET, "unit": COUNTY},
    ]
    assert len(desk("publish", "targets", table(tmp_path, whole), "--dry-run")["changes"]) == 3
    desk("publish", "targets", table(tmp_path, whole))
    for suffix in ("xlsx", "csv"):
        out = tmp_path / f"targets.{suffix}"
        assert desk("documents", "table", "targets", "--out", out)["rows"] == 3
        assert desk("publish", "targets", out, "--dry-run")["changes"] == []
    eased = [{**whole[0], "value": "1"}, *whole[1:]]
    (change,) = desk("publish", "targets", table(tmp_path, eased), "--dry-run")["changes"]
    assert change["name"][-2:] == ["village", "month"]
    assert desk.refuses("documents", "table", "roster", "--out", empty) == "document_no_table"
    assert desk.refuses("documents", "table", "codes", "--out", "x.pdf") == "report_suffix"


def test_taking_back_issues_what_was_before_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    with desk.open() as workspace:
        first = publishing.publish_file(workspace, "notices", table(tmp_path, [NOTICE]))
        second = publishing.publish_file(
            workspace, "notices", table(tmp_path, [{**NOTICE, "text": "改了"}])
        )
        with pytest.raises(Refusal) as refused:
            publishing.take_back(workspace, first)
        assert refused.value.code == "publish_not_newest"
        again = publishing.take_back(workspace, second)
        assert again.version == 3
        assert [one["text"] for one in publishing.notices(workspace, date(2026, 4, 2))] == [
            NOTICE["text"]
        ]
        assert publishing.take_back(workspace, again).version == 4
        codes = publishing.publish_file(workspace, "codes", table(tmp_path, [CODE]))
        with pytest.raises(Refusal) as refused:
            publishing.take_back(workspace, codes)
        assert refused.value.code == "publish_final"
