"""The check as a supporter hears it on the phone, and the same for programs."""

import io
import json
import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from learnsite_desktop.cli import checkups
from learnsite_desktop.cli.main import _run_shell
from learnsite_desktop.services import checkup
from learnsite_desktop.store import measures
from learnsite_desktop.store.engine import Database
from tests.desks import NOW, Desk, found_village, small_class

Usage = namedtuple("Usage", "total used free")
DEAD_BATTERY = "1999-01-01T08:00:00+08:00"


@pytest.fixture
def village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A village with a class; its computer has a Chinese font."""
    monkeypatch.setattr(checkups, "chinese_fonts", lambda: 3)
    desk = found_village(tmp_path / "village")
    desk.capture(small_class())
    return desk


def spoken(desk: Desk, monkeypatch: pytest.MonkeyPatch, *words: str, now: str = NOW) -> list[str]:
    """Return the lines that a person sees, the exit code first."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    code = _run_shell(["--data", str(desk.folder), "--now", now, "check", *words], None)
    out.flush()
    shown: bytes = out.buffer.getvalue()
    return [str(code), *shown.decode("utf-8").splitlines()]


def numbered(lines: list[str]) -> list[str]:
    return [line for line in lines if line[:1].isdigit() and ". " in line]


def codes(lines: list[str]) -> dict[str, str]:
    """Return the word of every line by its code."""
    return {line.split()[1]: line.split("[")[1].partition("]")[0] for line in numbered(lines)}


def test_the_verdict_comes_first_and_every_line_is_short(
    village: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    village("backup", village.folder.parent / "stick")
    village("backup", "--auto")
    lines = spoken(village, monkeypatch)
    assert lines[:2] == ["0", "一切正常"]
    found = numbered(lines)
    assert [line.split(".")[0] for line in found] == [str(n + 1) for n in range(len(found))]
    assert set(codes(lines)) == {"SJ1", "SJ2", "CP1", "CP2", "SZ1", "ZT1", "BF1", "BF2", "CW1"}
    assert all(len(line) <= 50 for line in lines)
    assert codes(spoken(village, monkeypatch, "--deep"))["SJ3"] == "正常"


def test_for_programs_the_keys_are_as_before(village: Desk) -> None:
    answer = village("check", "--deep")
    contract = {"problems", "projection_equal", "sqlite", "cipher", "free_bytes"}
    assert contract | {"ok", "clock_behind_days", "findings"} == set(answer)
    assert answer["projection_equal"] is True
    assert {one["code"] for one in answer["findings"]} >= {"SJ1", "SJ2", "SJ3"}


def test_tables_changed_from_outside(village: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(village.folder / "learnsite.db")
    database.execute("UPDATE activity SET title='从外面改的'")
    database.close()
    lines = spoken(village, monkeypatch, "--deep")
    assert lines[:2] == ["1", "有 1 处要处理"]
    assert lines[2].startswith("1. SJ3 [要处理]")
    assert "备份" in lines[3]
    assert not any("从外面改的" in line for line in lines)
    assert village("check", "--deep", code=1)["problems"][0]["code"] == "projection_differs"


def test_a_file_that_is_no_database(village: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (village.folder / "learnsite.db").write_bytes(b"nothing at all " * 900)
    lines = spoken(village, monkeypatch)
    assert lines[:2] == ["1", "有 1 处要处理"]
    assert lines[2].startswith("1. SJ0 [要处理]")
    assert village("check", code=1)["error"]["code"] == "database_damaged"


def test_a_page_in_the_middle_is_damaged(village: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    village("backup", "--auto")
    path = village.folder / "learnsite.db"
    database = Database(path)
    database.close_to_one_file()
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 8192] = b"\x5a" * 8192
    path.write_bytes(whole)
    found = codes(spoken(village, monkeypatch, "--deep"))
    assert "要处理" in {found.get("SJ0"), found.get("SJ1"), found.get("SJ2"), found.get("SJ3")}


def test_a_disk_that_is_nearly_full(village: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Free room is measured against the size of the records, and said in figures."""
    real = shutil.disk_usage(village.folder)
    for free, state in ((120_000_000, "要处理"), (400_000_000, "正常")):
        told = Usage(real.total, real.total - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder, told=told: told)
        lines = spoken(village, monkeypatch)
        assert codes(lines)["CP1"] == state
        assert any(f"{free // 1024 // 1024} MB" in line for line in lines)
    monkeypatch.setattr(measures, "file_bytes", lambda _database: 300_000_000)
    assert codes(spoken(village, monkeypatch))["CP1"] == "要处理"


def test_a_clock_that_was_set_back(village: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any receipt: what was entered here is later than the clock."""
    lines = spoken(village, monkeypatch, now=DEAD_BATTERY)
    assert codes(lines)["SZ1"] == "要处理"
    assert any("1999-01-01 08:00" in line and "9953" in line for line in lines)
    assert codes(spoken(village, monkeypatch))["SZ1"] == "正常"


def test_a_computer_without_a_chinese_font(village: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for count, word in ((0, "要处理"), (1, "正常"), (None, "未查看")):
        monkeypatch.setattr(checkups, "chinese_fonts", lambda count=count: count)
        assert codes(spoken(village, monkeypatch))["ZT1"] == word


def test_mistakes_of_the_last_week_are_counted(
    village: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = village.folder / "logs" / "learnsite.jsonl"
    diary.parent.mkdir(exist_ok=True)
    moments = ("2026-04-01T01:00:00+00:00", "2026-03-01T01:00:00+00:00", "kein Datum")
    lines = [json.dumps({"at": at, "level": "error", "from": "x", "text": "y"}) for at in moments]
    diary.write_text("\n".join([*lines, '{"at": "2026-04', "[]", ""]), encoding="utf-8")
    found = spoken(village, monkeypatch)
    assert codes(found)["CW1"] == "要留意"
    assert any("出错 1 次" in line for line in found)


def test_a_computer_that_was_revoked_is_told_so(
    village: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ZS1" not in codes(spoken(village, monkeypatch))
    monkeypatch.setattr(checkup, "own_revocation", lambda _ws: "2026-03-01T08:00:00+08:00")
    lines = spoken(village, monkeypatch)
    assert codes(lines)["ZS1"] == "要处理"
    assert any("2026-03-01" in line for line in lines)
