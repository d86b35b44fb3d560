"""Workspaces: one writer, suitable media, founding and opening, policy."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform import drives
from learnsite_desktop.platform.drives import Partition
from learnsite_desktop.services.workspace import DATABASE_NAME, KEYS_NAME
from learnsite_desktop.store.engine import Database
from tests.desks import (
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    found_village,
    learner,
    opened,
    small_class,
    twin_of,
)

# One writer


def test_a_second_writer_is_refused_while_readers_work(village: Desk) -> None:
    village.capture(small_class())
    with village.open():
        answer = village("edit", "session:s1", "notes=x", code=1)
        assert answer["error"]["code"] == "workspace_busy"
        assert village.capture(small_class(), code=1)["error"]["code"] == "workspace_busy"
        with pytest.raises(Refusal) as caught, village.open():
            pass
        assert caught.value.code == "workspace_busy"
        for words in (
            ["list", "session"], ["show", "session:s1", "--history"], ["state"], ["units"],
            ["indicators", "--period", "2026-03"], ["conflicts"], ["outbox"], ["policy"],
            ["check", "--deep"],
        ):  # fmt: skip
            assert village(*words)["ok"] is True
    village("edit", "session:s1", "notes=x")


def test_the_lock_of_another_process_counts_and_ends_with_it(village: Desk, tmp_path: Path) -> None:
    script = tmp_path / "window.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from learnsite_desktop.platform.clock import SystemClock\n"
        "from learnsite_desktop.services.workspace import Workspace\n"
        "with Workspace(Path(sys.argv[1]), SystemClock(), write=True):\n"
        "    print('open', flush=True)\n"
        "    sys.stdin.read()\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, str(script), str(village.folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as window:  # fmt: skip
        assert window.stdout is not None
        assert window.stdout.readline().strip() == b"open"
        content = document(learners=[learner("l1", "周桂兰")])
        assert village.capture(content, code=1)["error"]["code"] == "workspace_busy"
        assert village("list", "learner")["total"] == 0
        os.kill(window.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        window.wait()
    assert village.capture(content)["created"] == {"learner": 1}


# Media


def mounted(kind: str, options: str) -> Callable[[Path], list[Partition]]:
    """Return a mount table that has a drive of this kind at a folder."""
    return lambda place: [
        Partition("/dev/sda1", Path("/"), "ext4", frozenset({"rw"})),
        Partition("/dev/sdb1", place, kind, frozenset(options.split(","))),
    ]


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("vfat", "rw,removable", "data_folder_removable"),
        ("cifs", "rw", "data_folder_network"),
        ("ntfs", "rw,remote", "data_folder_network"),
    ],
)
def test_data_folders_on_unsuitable_media_are_refused(
    village: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, options: str,
    code: str,
) -> None:  # fmt: skip
    files = village("backup", tmp_path / "backup")
    opening_file = tmp_path / "x.lso"
    table = mounted(kind, options)
    monkeypatch.setattr(drives, "current_partitions", lambda: table(tmp_path.resolve()))
    fresh = Desk(tmp_path / "stick" / "workspace", VILLAGE)
    answer = fresh("init", "--tier", "village", "--unit", VILLAGE, code=1)
    assert answer["error"]["code"] == code
    assert answer["error"]["remedy"]
    assert fresh("restore", files["path"], code=1)["error"]["code"] == code
    assert not (fresh.folder / DATABASE_NAME).exists()
    assert not (fresh.folder / KEYS_NAME).exists()
    assert not opening_file.exists()
    content = document(learners=[learner("l1", "周桂兰")])
    assert village.capture(content, code=1)["error"]["code"] == code
    assert village("list", "learner")["total"] == 0


# Missing and altered parts


def test_without_a_workspace_everything_is_refused(tmp_path: Path) -> None:
    nowhere = Desk(tmp_path / "nothing", VILLAGE)
    for words in (["state"], ["list", "learner"], ["capture", "-"], ["pack", "--to", VILLAGE,
                  "--out", str(tmp_path / "x")]):  # fmt: skip
        assert nowhere(*words, code=1)["error"]["code"] == "workspace_missing"
    assert not nowhere.folder.exists()


@pytest.mark.parametrize("content", [None, b"", b"{}", b"not json", b'{"device": {}}'])
def test_missing_or_spoilt_keys_are_told(village: Desk, content: bytes | None) -> None:
    path = village.folder / KEYS_NAME
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for words in (["state"], ["policy", "id_numbers=on"]):
        assert village(*words, code=1)["error"]["code"] == "keys_missing"


def test_the_key_file_is_for_its_owner_alone(village: Desk) -> None:
    assert (village.folder / KEYS_NAME).stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_keys_of_another_workspace_do_not_open_private_values(tmp_path: Path) -> None:
    first, second = found_village(tmp_path / "1"), found_village(tmp_path / "2")
    first.capture(small_class())
    (first.folder / KEYS_NAME).write_bytes((second.folder / KEYS_NAME).read_bytes())
    answer = first("show", "learner:l1", code=1)
    assert answer["error"]["code"] == "private_unreadable"


def test_a_newer_or_foreign_database_is_refused_for_reading_too(village: Desk) -> None:
    for pragma, code in (("user_version=99", "database_newer"), ("application_id=7",
                         "database_foreign")):  # fmt: skip
        copy = twin_of(village, village.folder.with_name(code))
        database = Database(copy.folder / DATABASE_NAME)
        database.execute(f"PRAGMA {pragma}")
        database.close()
        for words in (["state"], ["policy", "id_numbers=on"]):
            assert copy(*words, code=1)["error"]["code"] == code


# Founding and opening


def test_init_answers_and_founds_each_tier(tmp_path: Path) -> None:
    for tier, unit in (("county", COUNTY), ("township", TOWNSHIP), ("village", VILLAGE)):
        desk = Desk(tmp_path / tier, unit)
        answer = desk("init", "--tier", tier, "--unit", unit)
        assert (answer["unit"], answer["tier"]) == (unit, tier)
        assert len(answer["fingerprint"].replace("-", "")) == 12
        assert len(answer["database_id"]) == 22
        (device,) = desk("devices")["devices"]
        assert (device["state"], device["fingerprint"]) == ("enrolled", answer["fingerprint"])


@pytest.mark.parametrize(
    ("tier", "unit", "code"),
    [
        ("township", VILLAGE, "tier_mismatch"),
        ("village", COUNTY, "tier_mismatch"),
        ("village", "419999999999", "regions_not_shipped"),
        ("village", "nonsense", "regions_not_shipped"),
    ],
)
def test_faulty_inits_are_refused(tmp_path: Path, tier: str, unit: str, code: str) -> None:
    desk = Desk(tmp_path / "new", unit)
    answer = desk("init", "--tier", tier, "--unit", unit, code=1)
    assert answer["error"]["code"] == code
    assert not desk.folder.exists()


def test_an_existing_workspace_is_never_founded_or_opened_over(line: Line) -> None:
    file = line.township("opening", VILLAGE, "--out", line.stick)["files"][0]["path"]
    keys = (line.village.folder / KEYS_NAME).read_bytes()
    for words in (["init", "--tier", "village", "--unit", VILLAGE], ["open", file]):
        assert line.village.refuses(*words) == "workspace_exists"
    assert (line.village.folder / KEYS_NAME).read_bytes() == keys


def test_open_answers_and_brings_region_tree_and_policy(line: Line) -> None:
    line.township("policy", "minutes_per_hour=50")
    files = line.township("opening", VILLAGE, "--out", line.stick)["files"]
    assert [entry["unit"] for entry in files] == [VILLAGE]
    desk = Desk(line.place / "second", VILLAGE)
    answer = desk("open", files[0]["path"])
    assert {"unit", "tier", "database_id", "fingerprint"} < set(answer)
    assert (answer["unit"], answer["tier"]) == (VILLAGE, "village")
    assert desk("policy")["policy"]["minutes_per_hour"] == "50"
    assert desk("units")["units"] == line.township("units")["units"]
    other = opened(line.township, VILLAGE, line.place / "third")
    assert other("state")["operations"] == 0


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([COUNTY], "unit_not_below"),
        ([TOWNSHIP], "unit_not_below"),
        (["410122102000"], "unit_not_below"),
        ([VILLAGE, "419999999999"], "unit_unknown"),
    ],
)
def test_faulty_openings_write_nothing(line: Line, codes: list[str], code: str) -> None:
    assert line.township.refuses("opening", *codes, "--out", line.stick / "new") == code
    assert not (line.stick / "new").exists()


def spoilt(raw: bytes) -> list[bytes]:
    """Return an opening file cut, flipped, re-addressed, emptied and replaced."""
    body = json.loads(raw)
    middle = len(raw) // 2
    return [
        b"",
        raw[:-40],
        raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
        raw.replace(VILLAGE.encode(), b"410122101206"),
        json.dumps({**body, "tier": "county"}).encode("utf-8"),
        json.dumps({key: value for key, value in body.items() if key != "invite"}).encode("utf-8"),
        b"[1]",
        b"\x00" * 4096,
    ]


def test_cut_altered_and_foreign_opening_files_are_refused(line: Line) -> None:
    path = Path(line.township("opening", VILLAGE, "--out", line.stick)["files"][0]["path"])
    desk = Desk(line.place / "second", VILLAGE)
    for number, raw in enumerate(spoilt(path.read_bytes())):
        file = line.stick / f"{number}.lso"
        file.write_bytes(raw)
        assert desk("open", file, code=1)["error"]["code"] == "opening_unreadable", number
        assert not (desk.folder / DATABASE_NAME).exists()
    answer = desk("open", line.stick / "absent.lso", code=1)
    assert answer["error"]["code"] in ("opening_unreadable", "file_missing")


def test_an_opening_file_holds_no_device_key(line: Line) -> None:
    path = Path(line.township("opening", VILLAGE, "--out", line.stick)["files"][0]["path"])
    secret = json.loads((line.township.folder / KEYS_NAME).read_text(encoding="utf-8"))
    stack, values = [secret], []
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.values()
        else:
            values.append(str(value).encode("utf-8"))
    raw = path.read_bytes()
    assert len(values) >= 3
    secrets = [value for value in values if not value.startswith(b"age1")]
    assert len(secrets) < len(values)
    assert not [value for value in secrets if value in raw]


# Policy


def test_policy_is_shown_set_and_checked(village: Desk) -> None:
    shown = village("policy")["policy"]
    assert shown["id_numbers"] == "off"
    assert shown["minutes_per_hour"] == "45"
    assert village("policy", "id_numbers=on", "minutes_per_hour=50")["policy"] == {
        **shown, "id_numbers": "on", "minutes_per_hour": "50",
    }  # fmt: skip
    for words, code in (
        (["id_numbers=perhaps"], "policy_value"),
        (["minutes_per_hour=0"], "policy_value"),
        (["minutes_per_hour=x"], "policy_value"),
        (["id_numbers=off", "colour=red"], "policy_unknown"),
        (["id_numbers"], "policy_unknown"),
    ):
        assert village.refuses("policy", *words) == code
    assert village("policy")["policy"]["id_numbers"] == "on"


def test_policy_of_the_county_comes_down(enrolled: Line) -> None:
    enrolled.county("policy", "active_sessions_per_year=24")
    enrolled.carry(enrolled.county, enrolled.township)
    enrolled.carry(enrolled.township, enrolled.village)
    for desk in (enrolled.township, enrolled.village):
        assert desk("policy")["policy"]["active_sessions_per_year"] == "24"


def test_check_says_what_is_wrong(village: Desk) -> None:
    village.capture(small_class())
    answer = village("check", "--deep")
    assert answer["problems"] == []
    assert answer["projection_equal"] is True
    assert answer["free_bytes"] > 0
    assert "cipher" in answer
    database = Database(village.folder / DATABASE_NAME)
    database.execute("UPDATE session SET date='2026-03-04'")
    ((number, raw),) = database.rows("SELECT id, line FROM op ORDER BY id DESC LIMIT 1")
    database.execute("UPDATE op SET line=? WHERE id=?", [raw.replace(b"-03-03", b"-03-05"), number])
    database.close()
    answer = village("check", "--deep", code=1)
    assert {problem["code"] for problem in answer["problems"]} >= {
        "projection_differs",
        "chain_broken",
    }
    assert answer["projection_equal"] is False


def test_units_are_a_list_like_the_others(line: Line) -> None:
    every = line.county("units")
    assert every["total"] == len(every["units"]) > 3
    page = line.county("units", "--limit", "2", "--offset", "1")
    assert (page["units"], page["total"]) == (every["units"][1:3], every["total"])
    below = line.county("units", "--unit", TOWNSHIP)["units"]
    assert {row["code"] for row in below} >= {TOWNSHIP, VILLAGE}
    assert {row["parent"] for row in below if row["code"] != TOWNSHIP} == {TOWNSHIP}
    (top,) = line.county("units", "--tree", "--unit", TOWNSHIP)["units"]
    assert top["code"] == TOWNSHIP
    assert len(top["children"]) == len(below) - 1
