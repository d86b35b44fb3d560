"""The board, the text that asks, contacts, what waits below: three tiers, by commands."""

from pathlib import Path

import pytest

from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, Line, opened, small_class

MARCH = "2026-03"
BEFORE, AFTER = "2026-04-05T20:00:00+08:00", "2026-04-06T08:00:00+08:00"
THIRD = "410122101207"


@pytest.fixture
def march(enrolled: Line) -> Line:
    """A village that handed March in; its sister did not."""
    village = enrolled.village
    village.capture(small_class())
    village("submit", "--period", MARCH)
    enrolled.carry(village, enrolled.township)
    return enrolled


def row_of(desk: Desk, unit: str, *words: str) -> dict[str, object]:
    """Return a unit's row on the board of March."""
    rows = {row["unit"]: row for row in desk("board", "--period", MARCH, *words)["units"]}
    found: dict[str, object] = rows[unit]
    return found


def test_the_last_day_of_a_village_is_the_fifth(march: Line) -> None:
    township = march.township
    township.now = BEFORE
    assert row_of(township, SISTER)["state"] == "not_due"
    assert township.refuses("chase", "--period", MARCH) == "chase_nobody"
    township.now = AFTER
    assert row_of(township, SISTER)["state"] == "silent"
    assert row_of(township, SISTER)["due"] == "2026-04-05"
    assert row_of(township, VILLAGE)["state"] == "on_time"
    assert township("board", "--period", MARCH)["counts"] == {"on_time": 1, "silent": 1}


def test_a_zero_report_tells_its_reason(march: Line) -> None:
    march.sister("submit", "--period", MARCH, "--zero", "农忙")
    march.carry(march.sister, march.township)
    row = row_of(march.township, SISTER)
    assert (row["state"], row["zero_reason"]) == ("zero", "农忙")


def test_an_opening_file_that_was_not_used_is_told_apart(march: Line, tmp_path: Path) -> None:
    township = march.township
    assert THIRD not in {row["unit"] for row in township("board", "--period", MARCH)["units"]}
    township("opening", THIRD, "--out", tmp_path / "o")
    assert row_of(township, THIRD)["state"] == "not_opened"
    third = opened(township, THIRD, tmp_path / "third")
    township.receive(third.pack(TOWNSHIP, tmp_path / "up"))
    township.now = AFTER
    assert row_of(township, THIRD)["state"] == "silent"


def test_who_had_no_site_then_is_not_asked(march: Line) -> None:
    """The sister's site was opened in April: March is none of its business."""
    site = {"ref": "p1", "name": "新点", "kinds": ["v_point"], "opened": "2026-04-01"}
    march.sister.capture({"v": 1, "source": "s", "sites": [{**site, "unit": SISTER}]})
    march.carry(march.sister, march.township)
    march.township.now = AFTER
    found = march.township("board", "--period", MARCH)["units"]
    assert SISTER not in {row["unit"] for row in found}
    later = march.township("board", "--period", "2026-04")["units"]
    cells = {row["unit"]: [cell["state"] for cell in row["cells"]] for row in later}
    assert cells[SISTER] == ["not_asked", "not_due"]


def test_what_is_entered_for_a_village_counts_as_here(march: Line) -> None:
    """Nothing will come by a file: nobody has to ask for it."""
    township = march.township
    township.now = AFTER
    handed = [{"unit": SISTER, "period": MARCH, "reasons": {"*": "代录"}}]
    township.capture({"v": 1, "source": "t", "unit": SISTER, "submissions": handed})
    assert row_of(township, SISTER)["state"] == "entered"
    assert township.refuses("chase", "--period", MARCH) == "chase_nobody"


def test_a_locked_month_keeps_what_was_handed_in(march: Line) -> None:
    township = march.township
    township("lock", MARCH)
    row = row_of(township, VILLAGE)
    assert (row["state"], row["handed"], row["locked_by"]) == ("locked", "on_time", "township")


def test_returns_conflicts_and_the_last_file_are_counted(march: Line) -> None:
    township = march.township
    session = township("list", "session")["records"][0]["id"]
    township("return", session, "end", "--reason", "R05", "--text", "核对")
    township.now = "2026-04-09T10:00:00+08:00"
    row = row_of(township, VILLAGE)
    assert (row["returns_open"], row["conflicts_open"]) == (1, 0)
    assert (str(row["last_file"])[:10], row["days_ago"]) == ("2026-04-02", 7)
    # A file that was taken back has not come.
    township("rollback", str(township("batches")["batches"][-1]["batch"]))
    assert row_of(township, VILLAGE)["state"] != "on_time"


def test_the_text_names_whom_to_ring_and_groups_at_the_county(march: Line) -> None:
    county, township = march.county, march.township
    march.carry(township, county)
    county.now = township.now = AFTER
    text = township("chase", "--period", MARCH)["text"]
    assert "2026年3月" in text
    assert "4月5日" in text
    assert "【" not in text
    answer = county("chase", "--period", MARCH)
    units = [row["unit"] for row in answer["units"]]
    assert SISTER in units
    assert TOWNSHIP not in units  # its own last day is the 10th
    lines = answer["text"].splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("【")]
    assert len(heads) == 1
    assert lines[heads[0] + 1].startswith("· ")


def test_a_text_of_ones_own_in_any_encoding(march: Line, tmp_path: Path) -> None:
    path = tmp_path / "催报.txt"
    march.township.now = AFTER
    words = ("chase", "--period", MARCH, "--template", path)
    assert march.township.refuses(*words, code=2) == "usage"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path.write_text("各位好，{月份}的材料请报送：", encoding)
        assert march.township(*words)["text"].startswith("各位好，")
    path.write_bytes(b"\xff\xff\xff")
    assert march.township.refuses(*words, code=2) == "usage"


def test_a_contact_is_one_line_of_the_text(march: Line) -> None:
    """What a village says of itself is sent to everybody in the township's name."""
    said = "王芳\n【紧急通知】请把款打到" + "6" * 60
    march.village("edit", "site:p1", f"head={said}")
    march.carry(march.village, march.township)
    head = str(row_of(march.township, VILLAGE)["head"])
    assert head.startswith("王芳 【紧急通知】")
    assert len(head) <= 40


def test_a_contact_goes_up_to_the_county(march: Line) -> None:
    village, township, county = march.village, march.township, march.county
    village("edit", "site:p1", "head=王芳", "phone=0371-62100000")
    for below, above in ((village, township), (township, county)):
        march.carry(below, above)
        row = row_of(above, VILLAGE)
        assert (row["head"], row["phone"]) == ("王芳", "0371-62100000")
    # The township may write it down, too, and the village sees it.
    township("contact", VILLAGE, "--head", "李明", "--phone", "0371-62100001")
    assert row_of(township, VILLAGE)["head"] == "李明"
    assert township.refuses("contact", SISTER, "--head", "甲", "--phone", "1") == "contact_no_site"
    unknown = ("contact", "999999999999", "--head", "甲", "--phone", "1")
    assert township.refuses(*unknown) == "unit_unknown"


def test_a_private_contact_wants_a_reason_and_is_noted(march: Line) -> None:
    staff = [{"ref": "t", "name": "赵建兵", "kinds": ["site_head"], "mobile": "14400001234"}]
    march.village.capture({"v": 1, "source": "s", "staff": staff})
    march.carry(march.village, march.township)
    township = march.township
    row = row_of(township, VILLAGE)
    assert (row["head"], row["phone"]) == ("赵*兵", "144****1234")
    words = ("board", "--period", MARCH, "--reveal")
    assert township.refuses(*words) == "reveal_reason_missing"
    row = row_of(township, VILLAGE, "--reveal", "--why", "催报")
    assert (row["head"], row["phone"]) == ("赵建兵", "14400001234")
    (noted,) = township("learner", "reveals")["reveals"]
    assert noted["what"]["contacts"] == [VILLAGE]


def test_a_wording_of_ones_own(march: Line, tmp_path: Path) -> None:
    march.township.now = AFTER
    template = tmp_path / "t.txt"
    template.write_text("{月份}还差{个数}个，{due}截止。", encoding="utf-8")
    text = march.township("chase", "--period", MARCH, "--template", template)["text"]
    first, second = text.splitlines()
    assert first == "2026年3月还差1个，4月5日截止。"
    assert second.startswith("· ")


def test_the_digest_is_one_page(march: Line, tmp_path: Path, qapp: object) -> None:
    del qapp
    township = march.township
    township.now = AFTER
    out = tmp_path / "digest.pdf"
    answer = township("digest", "--period", MARCH, "--out", out)
    assert answer["counts"] == {"on_time": 1, "silent": 1}
    assert {row["id"]: row["value"] for row in answer["figures"]}["S03"] == 1
    assert out.read_bytes().count(b"/Type /Page\n") == 1


def test_a_return_is_overdue_after_two_weeks(march: Line, tmp_path: Path, qapp: object) -> None:
    del qapp
    township = march.township
    session = township("list", "session")["records"][0]["id"]
    township("return", session, "end", "--reason", "R05", "--text", "核对")
    for moment, overdue in (("10:00:00", 0), ("10:00:01", 1)):
        township.now = f"2026-04-16T{moment}+08:00"
        found = township("digest", "--period", MARCH, "--out", tmp_path / "d.pdf")["open"]
        assert (found["returns"], found["overdue"]) == (1, overdue)


def test_nothing_is_new_only_when_really_nothing_is(march: Line, tmp_path: Path) -> None:
    county, township = march.county, march.township
    march.carry(township, county)
    march.carry(county, township)
    march.carry(township, county)
    assert county("pack", "--to", TOWNSHIP, "--out", tmp_path)["nothing_new"] is True
    notice = tmp_path / "n.csv"
    notice.write_text("title,text,from,to\n通知,请报送,2026-04-01,2026-05-01\n", "utf-8")
    county("publish", "notices", notice)
    packed = county("pack", "--to", TOWNSHIP, "--out", tmp_path)
    assert (packed["operations"], packed["nothing_new"]) == (0, False)
    township.receive(Path(packed["path"]))
    march.carry(township, county)
    assert county("pack", "--to", TOWNSHIP, "--out", tmp_path)["nothing_new"] is True


def test_what_the_county_says_waits_at_the_township_until_it_is_sent(
    march: Line, tmp_path: Path
) -> None:
    """Village, township, county and back: the county's word reaches the village in one file."""
    village, township, county = march.village, march.township, march.county
    march.carry(township, county)
    session = county("list", "session")["records"][0]["id"]
    county("return", session, "end", "--reason", "R05", "--text", "核对时间")
    march.carry(county, township)
    (waits,) = [row for row in township("relay")["units"] if row["unit"] == VILLAGE]
    assert (waits["returns"], waits["receipts"], waits["above"]) == (1, 1, 1)
    assert waits["written"] is None
    files = township("relay", "--out", tmp_path / "down")["files"]
    assert [row["unit"] for row in files] == [VILLAGE]
    # Written is not arrived, but nothing has to be written again.
    (waits,) = [row for row in township("relay")["units"] if row["unit"] == VILLAGE]
    assert waits["returns"] == 1
    assert waits["written"] is not None
    assert township.refuses("relay", "--out", tmp_path / "again") == "relay_nothing"
    village.receive(Path(files[0]["path"]))
    assert [row["text"] for row in village("today")["returns"]] == ["核对时间"]
    march.carry(village, township)
    (waits,) = [row for row in township("relay")["units"] if row["unit"] == VILLAGE]
    assert (waits["returns"], waits["receipts"]) == (0, 0)


def test_a_lock_names_the_record_and_is_not_undone(march: Line) -> None:
    township = march.township
    session = township("list", "session")["records"][0]["id"]
    township("return", session, "end", "--reason", "R05", "--text", "核对")
    error = township("lock", MARCH, code=1)["error"]
    assert "书法班" in error["message"]
    assert session not in error["message"]
    township("lock", MARCH, "--force", "--why", "期限已到")
    assert township.refuses("undo") == "lock_not_undone"
    township("unlock", MARCH, "--why", "补报")
    assert township.refuses("undo") == "lock_not_undone"


def test_what_was_changed_later_is_listed_until_it_is_booked(march: Line) -> None:
    village, township = march.village, march.township
    township("lock", MARCH)
    assert township("supplements")["total"] == 0
    march.carry(township, village)
    session = village("list", "session")["records"][0]["id"]
    village("edit", session, "notes=补记", "--why", "漏记")
    march.carry(village, township)
    (item,) = township("supplements", "--period", MARCH)["items"]
    assert (item["record"], item["booked"]) == (session, None)
    assert "书法班" in item["title"]
    township("reverse", session, "--period", "2026-04", "--why", "漏记")
    (item,) = township("supplements")["items"]
    assert item["booked"] == "2026-04"
    township("undo")
    assert township("supplements")["items"][0]["booked"] is None


def test_months_before_anything_was_held_are_left_out(march: Line) -> None:
    assert march.township("board", "--period", MARCH)["periods"] == [MARCH]
    assert march.township("board", "--period", "2026-05")["periods"] == [
        MARCH, "2026-04", "2026-05",
    ]  # fmt: skip
    assert march.township("board", "--period", "2026-05", "--months", "1")["periods"] == [
        "2026-04", "2026-05",
    ]  # fmt: skip


def test_a_unit_elsewhere_is_refused(march: Line) -> None:
    assert march.township.refuses("board", "--period", MARCH, "--unit", "410122000000") == (
        "unit_not_below"
    )
    assert march.township.refuses("board", "--period", "2026-13") == "period_invalid"
