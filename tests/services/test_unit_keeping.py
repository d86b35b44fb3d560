"""The tree kept with dates, opening files in a batch, who has opened, grants that end, the code."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.printout import Paragraph, Printable, Printout
from learnsite_desktop.domain.refusals import Cancelled
from learnsite_desktop.services.opening_slips import write_batch
from learnsite_desktop.services.openings import look_at_opening
from learnsite_desktop.services.unit_board import board
from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, Line, opened, small_class

DAY = "2026-04-01"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A county, a township, two villages, enrolled."""
    found = Line(tmp_path)
    found.found()
    found.enrol()
    return found


@pytest.fixture
def county(tmp_path: Path) -> Desk:
    """A county alone."""
    desk = Desk(tmp_path / "county", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    return desk


def unit_of(desk: Desk, code: str) -> dict[str, str]:
    """Return one unit as `units` lists it."""
    return next(row for row in desk("units")["units"] if row["code"] == code)


def found_by(desk: Desk, text: str) -> list[str]:
    """Return the codes that a search finds."""
    return [row["code"] for row in desk("units", "--find", text)["units"]]


# -- the tree


def test_a_former_name_is_kept_and_found(county: Desk) -> None:
    former = unit_of(county, VILLAGE)["name"]
    (row,) = county("regions", "rename", VILLAGE, "新桥村", "--on", DAY)["units"]
    assert row["former"] == f"{DAY}={former}"
    assert found_by(county, "新桥村") == [VILLAGE]
    assert VILLAGE in found_by(county, former)
    assert VILLAGE in found_by(county, "xqc")
    again = county("regions", "rename", VILLAGE, "老桥村", "--on", "2026-04-02")["units"][0]
    assert again["former"] == f"{DAY}={former};2026-04-02=新桥村"
    # A name cannot have ended before the one before it.
    assert county.refuses("regions", "rename", VILLAGE, "古桥村", "--on", DAY) == (
        "regions_date_order"
    )


def test_a_name_may_look_like_two_former_ones(county: Desk) -> None:
    for name in ("甲;2026-13-45=乙", "丙", "丁"):
        county("regions", "rename", VILLAGE, name)
    assert unit_of(county, VILLAGE)["name"] == "丁"
    assert VILLAGE in found_by(county, "甲")


def test_a_change_that_changes_nothing_issues_nothing(county: Desk) -> None:
    """Nor is it in the way of taking back the one before it."""
    first = unit_of(county, VILLAGE)["name"]
    done = county("regions", "rename", VILLAGE, "新名")
    same = county("regions", "rename", VILLAGE, "新名")
    assert (same["version"], same["units"]) == (done["version"], [])
    county("regions", "undo")
    assert unit_of(county, VILLAGE)["name"] == first


def test_former_names_travel_down_with_the_tree(line: Line) -> None:
    former = unit_of(line.county, VILLAGE)["name"]
    line.county("regions", "rename", VILLAGE, "新桥村", "--on", DAY)
    line.carry(line.county, line.township)
    assert unit_of(line.township, VILLAGE)["name"] == "新桥村"
    assert VILLAGE in found_by(line.township, former)


def test_a_dry_run_says_what_counts_elsewhere_and_writes_nothing(line: Line) -> None:
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    before = line.county.dump()
    told = line.county("regions", "merge", VILLAGE, "--into", SISTER, "--on", DAY, "--dry-run")
    assert line.county.dump() == before
    (effect,) = told["effects"]
    assert (effect["unit"], effect["sessions"], effect["learners"]) == (VILLAGE, 1, 3)
    names = {code: unit_of(line.county, code)["name"] for code in (VILLAGE, SISTER)}
    assert (effect["then"], effect["now"]) == (names[VILLAGE], names[SISTER])


@pytest.mark.parametrize(
    "words",
    [
        ("rename", VILLAGE, "新桥村"),
        ("close", VILLAGE, "--on", DAY),
        ("merge", VILLAGE, "--into", SISTER, "--on", DAY),
        ("move", VILLAGE, "--parent", "410122003000", "--on", DAY),
        ("convert", VILLAGE, "--into", "410122101399=新桥社区", "--on", DAY),
        ("split", VILLAGE, "--into", "410122101391=东村", "--into", "410122101392=西村",
         "--on", DAY),
        ("convert", TOWNSHIP, "--into", "410122009000=新街道", "--on", DAY),
    ],
)  # fmt: skip
def test_a_change_is_taken_back_by_a_further_version(county: Desk, words: tuple[str, ...]) -> None:
    before = {row["code"]: row for row in county("units")["units"]}
    issued = county("regions", *words)["version"]
    assert {row["code"]: row for row in county("units")["units"]} != before
    assert county("regions", "undo")["version"] == issued + 1
    after = {row["code"]: row for row in county("units")["units"]}
    assert {code: after[code] for code in before} == before
    # What was added keeps its code for ever, but stood for no day.
    assert all(
        after[code]["valid_from"] == after[code]["valid_to"] for code in set(after) - set(before)
    )
    assert county.refuses("regions", "undo") == "regions_undo_nothing"


def test_changes_are_taken_back_one_after_the_other(county: Desk) -> None:
    first = unit_of(county, VILLAGE)["name"]
    county("regions", "rename", VILLAGE, "甲村")
    county("regions", "rename", VILLAGE, "乙村")
    county("regions", "undo")
    assert unit_of(county, VILLAGE)["name"] == "甲村"
    county("regions", "undo")
    assert unit_of(county, VILLAGE)["name"] == first


def test_a_unit_in_use_is_not_undone(county: Desk, tmp_path: Path) -> None:
    new = "410122101399"
    county("regions", "add", f"{new}=新桥村", "--parent", TOWNSHIP, "--kind", "village_committee",
           "--on", DAY)  # fmt: skip
    county.capture(small_class(unit=new))
    assert county.refuses("regions", "undo") == "regions_undo_used"
    other = "410122101398"
    county("regions", "add", f"{other}=北桥村", "--parent", TOWNSHIP, "--kind",
           "village_committee", "--on", DAY)  # fmt: skip
    county("opening", other, "--out", tmp_path / "stick")
    assert county.refuses("regions", "undo") == "regions_undo_used"


def test_what_was_allowed_under_a_parent_of_the_meantime_stays(line: Line) -> None:
    """A move that is taken back forgets no parent: `certify` and receive decide by all of them."""
    line.county("regions", "move", VILLAGE, "--parent", "410122003000", "--on", DAY)
    line.county("regions", "undo")
    assert unit_of(line.county, VILLAGE)["parent"] == TOWNSHIP
    ever = line.county.rows(
        "SELECT a.code FROM unit_within w JOIN unit u ON u.id=w.unit JOIN unit a "
        "ON a.id=w.ancestor WHERE u.code=?", VILLAGE
    )  # fmt: skip
    assert ("410122003000",) in ever
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    assert line.carry(line.township, line.county)["quarantined"] == 0


# -- opening files


def test_all_without_one_get_a_file_and_a_slip(county: Desk, tmp_path: Path) -> None:
    stick, slips = tmp_path / "stick", tmp_path / "slips.pdf"
    done = county("opening", "--all", "--out", stick, "--slips", slips, "--contact", "王工 0371-1")
    townships = [row for row in county("units")["units"] if row["tier"] == "township"]
    assert {one["unit"] for one in done["files"]} == {row["code"] for row in townships}
    assert len(list(stick.glob("*.lso"))) == len(townships)
    assert len(re.findall(rb"/Type\s*/Page\b", slips.read_bytes())) == len(townships)
    # Nobody is given a second file by asking for all again; a unit that is named is.
    assert county.refuses("opening", "--all", "--out", stick) == "openings_none_chosen"
    again = county("opening", TOWNSHIP, "--out", stick)
    assert again["again"] == [TOWNSHIP]


def test_the_board_shows_the_number_of_the_newest_file(county: Desk, tmp_path: Path) -> None:
    """A slip lost is given again: whoever rings up reads the new one's number."""
    for _slip in range(6):
        path = county("opening", TOWNSHIP, "--out", tmp_path / "stick")["files"][0]["path"]
        shown = {row["unit"]: row for row in county("openings")["units"]}[TOWNSHIP]
        assert shown["check"] == look_at_opening(Path(path)).check


def test_a_slip_says_what_to_do_with_which_file(county: Desk, tmp_path: Path) -> None:
    pages: list[Printout] = []

    def printer(*printables: Printable) -> bytes:
        pages.extend(one for one in printables if isinstance(one, Printout))
        return b"%PDF"

    with county.open() as workspace:
        done = write_batch(
            workspace,
            [TOWNSHIP],
            tmp_path / "stick",
            slips=tmp_path / "slips.pdf",
            printer=printer,
            contact="王工 0371-1",
        )
    (page,), (file,) = pages, done.files
    facts = {value for _label, value in page.facts}
    assert {file.path.name, file.check, "王工 0371-1"} <= facts
    steps = [one.text for one in page.blocks if isinstance(one, Paragraph)]
    assert [text[:2] for text in steps[:5]] == ["1.", "2.", "3.", "4.", "5."]
    assert file.check in steps[2]
    # The number on the slip is the one that the file itself shows where it is opened.
    assert look_at_opening(file.path).check == file.check


def test_a_cancelled_batch_leaves_nothing(county: Desk, tmp_path: Path) -> None:
    def cancelling(done: int, total: int, label: str) -> None:
        del total, label
        if done == 5:
            raise Cancelled

    before = county.dump()
    with county.open() as workspace, pytest.raises(Cancelled):
        write_batch(
            workspace,
            board(workspace).without(),
            tmp_path / "stick",
            slips=tmp_path / "slips.pdf",
            printer=lambda *_pages: b"%PDF",
            progress=cancelling,
        )
    assert county.dump() == before
    assert not list((tmp_path / "stick").iterdir())
    assert not (tmp_path / "slips.pdf").exists()


def test_a_refused_batch_leaves_no_file(county: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert county.refuses("opening", TOWNSHIP, COUNTY[:-1] + "9", "--out", stick) == "unit_unknown"
    assert not list(tmp_path.glob("stick/*"))


def test_the_board_follows_a_village_from_nothing_to_its_first_file(
    line: Line, tmp_path: Path
) -> None:
    third = "410122101207"

    def state() -> dict[str, Any]:
        rows: dict[str, dict[str, Any]] = {
            row["unit"]: row for row in line.township("openings")["units"]
        }
        return rows[third]

    assert (state()["state"], state()["given_at"]) == ("none", None)
    given = line.township("opening", third, "--out", tmp_path / "stick")["files"][0]
    assert (state()["state"], state()["check"]) == ("given", given["check"])
    village = Desk(tmp_path / "third", third, now="2026-04-03T09:00:00+08:00")
    village("open", given["path"])
    assert state()["state"] == "given"  # nobody up there can know yet
    line.carry(village, line.township)
    shown = state()
    assert shown["state"] == "opened"
    assert shown["check"] is None
    assert shown["opened_at"].startswith("2026-04-03T09:00")
    assert shown["heard_at"].startswith("2026-04-02")
    counts = line.township("openings")["counts"]
    villages = [row for row in line.township("units")["units"] if row["parent"] == TOWNSHIP]
    assert counts == [{"tier": "village", "units": len(villages), "given": 3, "opened": 3}]
    # The county hears of it by the township's file.
    line.carry(line.township, line.county)
    above = {row["unit"]: row for row in line.county("openings")["units"]}
    assert above[third]["state"] == "opened"


# -- grants


def test_a_grant_ends_on_its_last_day(line: Line, tmp_path: Path) -> None:
    (computer,) = [row for row in line.township("devices")["devices"] if row["unit"] == VILLAGE]
    words = ("certify", computer["id"], "--for", SISTER, "--since", "2026-04-01")
    assert line.township.refuses(*words, "--until", "2026-03-31") == "scope_days_order"
    granted = line.township(*words, "--until", "2026-04-10")["device"]
    assert ["for", SISTER, "2026-04-01", "2026-04-10"] in granted["scopes"]
    line.carry(line.township, line.village)
    entered = small_class(unit=SISTER)
    line.village.now = "2026-04-10T20:00:00+08:00"
    assert line.village.capture(entered)["operations"] > 0
    taken = line.carry(line.village, line.township)
    assert taken["quarantined"] == 0
    line.village.now = "2026-04-11T08:00:00+08:00"
    late = {**entered, "learners": [{**entered["learners"][0], "ref": "l9", "name": "孙晚来"}]}
    assert line.village.capture(late, code=1)["error"]["code"] == "unit_not_below"


def test_a_grant_is_not_made_shorter_by_another(line: Line) -> None:
    (computer,) = [row for row in line.township("devices")["devices"] if row["unit"] == VILLAGE]
    words = ("certify", computer["id"], "--for", SISTER, "--since", "2026-04-01")
    line.township(*words)
    assert line.township.refuses(*words, "--until", "2026-04-10") == "scope_granted_longer"


# -- the recovery code


def test_the_code_is_proved_by_a_group_of_the_page(county: Desk, tmp_path: Path) -> None:
    groups = county("recovery-code", "--why", "打印")["code"].split("-")
    assert county.refuses("recovery-code", "--confirm", f"3={groups[3]}") == "recovery_group_wrong"
    done = county("recovery-code", "--confirm", f"3={groups[2].lower()}")
    assert done["confirmed"].startswith("2026-04-02")


def test_an_introduction_names_what_it_is_asked_for(line: Line, tmp_path: Path) -> None:
    third = opened(line.township, "410122101207", tmp_path / "third")
    line.carry(third, line.township)
    without = line.township("introduction", "--out", tmp_path / "without")
    line.county.receive(Path(without["path"]))
    assert not [row for row in line.county("devices")["devices"] if row["unit"] == third.unit]
    made = line.township("introduction", "--unit", third.unit, "--out", tmp_path / "with")
    line.county.receive(Path(made["path"]))
    (row,) = [row for row in line.county("devices")["devices"] if row["unit"] == third.unit]
    assert row["state"] == "enrolled"


# -- founding from an own list


def test_a_county_with_a_list_of_its_own_keeps_former_names(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["code", "parent", "level", "name", "kind", "former"])
        writer.writerow(["990000000000", "", 3, "演示县", "county", ""])
        writer.writerow(["990001000000", "990000000000", 4, "东镇", "town", "2020-01-01=东乡"])
    desk = Desk(tmp_path / "own", "990000000000")
    desk("init", "--tier", "county", "--unit", "990000000000", "--regions", path)
    assert found_by(desk, "东乡") == ["990001000000"]
