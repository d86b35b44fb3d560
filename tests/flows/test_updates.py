"""Newer programs go from the county to the villages by the same sticks as everything else."""

import shlex
import shutil
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.services.updates.running import publisher_keys
from learnsite_desktop.transport.disk import Disk
from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, Line, opened, small_class
from tests.support import files_of
from tests.tools.releases import INSTALLER, Computer, Publisher, text


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county, a township and two villages that know each other, to be copied by each test."""
    line = Line(tmp_path_factory.mktemp("updates"))
    line.found()
    line.enrol()
    return line.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    place = tmp_path / "line"
    shutil.copytree(founded, place)
    return Line(place)


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch, publisher: Publisher) -> Computer:
    return Computer(monkeypatch, publisher)


def held(desk: Desk) -> list[tuple[str, str, bool]]:
    """Return version, platform and whether it is for here, of what lies at a desk."""
    rows = desk("updates")["updates"]
    return [(row["version"], row["platform"], row["for_here"]) for row in rows]


def lying(folder: Path) -> list[str]:
    """Return the names of the update files in a folder."""
    return sorted(path.name for path in folder.glob("*.lsu"))


def rest(desk: Desk, folder: Path) -> None:
    """Let what lies in a folder rest: a moment ago it might still have been written."""
    desk("inbox", folder)
    moment = datetime.fromisoformat(desk.now) + timedelta(seconds=30)
    desk.now = moment.isoformat(timespec="seconds")


def from_stick(desk: Desk, stick: Path) -> tuple[list[Any], dict[str, str]]:
    """Receive all that is new on a stick; return the rows, and why other files were left."""
    rest(desk, stick)
    answer = desk("receive", "--from", stick)
    left = {
        row["file"]: row["error"]["code"] for row in answer["not_taken"] if row["error"] is not None
    }
    return answer["bundles"], left


def test_a_program_goes_from_the_county_to_a_village_and_is_made_ready(
    line: Line, publisher: Publisher, computer: Computer
) -> None:
    """Each with its own kind of computer; the township passes on what it cannot use itself."""
    line.village.capture(small_class())
    for platform in ("deb-amd64", "windows-x64"):
        made = line.county(
            "publish", "program", publisher.write(line.place / "built", platform=platform)
        )
        assert made["version"] == "99.0.0"
        assert made["units"] >= 3
    down = line.place / "down"
    packed = line.county("pack", "--to", TOWNSHIP, "--out", down)
    assert len(packed["programs"]) == len(lying(down)) == 2

    computer.runs("windows-x64")
    rows, left = from_stick(line.township, down)
    assert {row["kind"] for row in rows} == {"down", "program"}
    assert not left
    assert held(line.township) == [
        ("99.0.0", "deb-amd64", False),
        ("99.0.0", "windows-x64", True),
    ]
    waiting = {row["unit"]: row["program"] for row in line.township("relay")["units"]}
    assert waiting == {VILLAGE: "99.0.0", SISTER: "99.0.0"}
    stick = line.place / "villages"
    relayed = line.township("relay", "--out", stick)["files"]
    assert [len(row["programs"]) for row in relayed] == [2, 0], "one copy serves all"
    assert len(lying(stick)) == 2

    computer.runs("deb-amd64")
    rows, left = from_stick(line.village, stick)
    (program,) = [row for row in rows if row["kind"] == "program"]
    assert (program["outcome"], program["program"]) == ("received", "99.0.0")
    assert left["learnsite-99.0.0-windows-x64-setup.exe.lsu"] == "update_other_platform"
    assert held(line.village) == [("99.0.0", "deb-amd64", True)]
    before = line.village("state")["hash"]
    ready = line.village("updates", "--install")
    assert Path(ready["path"]).read_bytes() == INSTALLER
    assert ready["command"] == f"sudo apt install {ready['path']}"
    again = Desk(line.place / "again", VILLAGE)
    again("restore", ready["backup"])
    assert again("state")["hash"] == before
    assert line.village.is_sound()


def test_who_has_it_is_given_it_no_more(
    line: Line, publisher: Publisher, computer: Computer
) -> None:
    line.county("publish", "program", publisher.write(line.place / "built"))
    down, stick = line.place / "down", line.place / "villages"
    line.county("pack", "--to", TOWNSHIP, "--out", down)
    from_stick(line.township, down)
    line.township("relay", "--out", stick)
    from_stick(line.village, stick)
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)

    assert line.county("pack", "--to", TOWNSHIP, "--out", line.place / "d2")["programs"] == []
    assert line.township("pack", "--to", VILLAGE, "--out", line.place / "v2")["programs"] == []
    sister = line.township("pack", "--to", SISTER, "--out", line.place / "s2")
    assert len(sister["programs"]) == 1
    # Once it runs there, the township sees so.
    computer.runs("deb-amd64", "99.0.0")
    line.carry(line.village, line.township)
    below = {row["unit"]: row["version"] for row in line.township("updates")["below"]}
    assert below[VILLAGE] == "99.0.0"
    assert below[SISTER] != "99.0.0"


def test_a_restored_village_asks_for_it_again(
    line: Line, publisher: Publisher, computer: Computer
) -> None:
    """The word of a computer that was put back is worth nothing."""
    saved = line.village("backup", line.place / "saved")["path"]
    line.township("publish", "program", publisher.write(line.place / "built"))
    stick = line.place / "villages"
    line.township("pack", "--to", VILLAGE, "--out", stick)
    from_stick(line.village, stick)
    line.carry(line.village, line.township)
    restored = Desk(line.place / "restored", VILLAGE)
    restored("restore", saved)
    line.carry(restored, line.township)
    again = line.township("pack", "--to", VILLAGE, "--out", line.place / "v2")
    assert len(again["programs"]) == 1


def _cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-1000])
    return path


def _flipped(path: Path) -> Path:
    raw = bytearray(path.read_bytes())
    raw[-5000] ^= 1
    path.write_bytes(raw)
    return path


def _longer(path: Path) -> Path:
    path.write_bytes(path.read_bytes() + b"more")
    return path


def _later(path: Path) -> Path:
    path.write_bytes(path.read_bytes().replace(b" 1\n", b" 9\n", 1))
    return path


BAD: dict[str, tuple[Any, str]] = {
    "by somebody else": (lambda _one, at: Publisher().write(at), "update_foreign"),
    "in another's name": (
        lambda one, at: Publisher().write(at, after={"by": text(one.public)}),
        "update_foreign",
    ),
    "description changed": (
        lambda one, at: one.write(at, after={"version": "99.0.1"}),
        "update_foreign",
    ),
    "older": (lambda one, at: one.write(at, "0.0.9"), "update_older"),
    "the same": (lambda one, at: one.write(at, "0.1.0"), "update_same"),
    "another kind": (
        lambda one, at: one.write(at, platform="windows-x64"),
        "update_other_platform",
    ),
    "too far": (lambda one, at: one.write(at, follows="1.0.0"), "update_too_far"),
    "older records": (lambda one, at: one.write(at, schema=1), "update_schema_older"),
    "cut": (lambda one, at: _cut(one.write(at)), "update_truncated"),
    "flipped": (lambda one, at: _flipped(one.write(at)), "update_damaged"),
    "something after": (lambda one, at: _longer(one.write(at)), "update_damaged"),
    "other content": (
        lambda one, at: one.write(at, content=bytes(len(INSTALLER))),
        "update_damaged",
    ),
    "too large": (lambda one, at: one.write(at, size=200_000_001), "update_too_large"),
    "a name that hides": (lambda one, at: one.write(at, name=".x.deb"), "update_damaged"),
    "a name of another kind": (lambda one, at: one.write(at, name="x.exe"), "update_damaged"),
    "a device of Windows": (
        lambda one, at: one.write(at, platform="windows-x64", name="LPT1.exe"),
        "update_damaged",
    ),
    "a device with an ending": (lambda one, at: one.write(at, name="con.1.deb"), "update_damaged"),
    "no version": (lambda one, at: one.write(at, version="99.0"), "update_damaged"),
    "a later form": (lambda one, at: one.write(at, v=2), "newer_format"),
    "a later beginning": (lambda one, at: _later(one.write(at)), "newer_format"),
}


@pytest.mark.usefixtures("computer")
@pytest.mark.parametrize("case", list(BAD))
def test_what_is_refused_changes_nothing(line: Line, publisher: Publisher, case: str) -> None:
    make, code = BAD[case]
    path = make(publisher, line.place / "built")
    before = files_of(line.village.folder / "updates")
    assert line.village.refuses("receive", path) == code
    assert files_of(line.village.folder / "updates") == before == {}
    assert line.village("updates")["updates"] == []


@pytest.mark.usefixtures("computer")
def test_one_of_a_later_form_on_a_stick_is_told(line: Line, publisher: Publisher) -> None:
    stick = line.place / "later"
    _later(publisher.write(stick))
    rest(line.village, stick)
    (row,) = line.village("receive", "--from", stick, code=1)["bundles"]
    assert (row["outcome"], row["error"]["code"]) == ("refused", "newer_format")


def test_without_a_publisher_nothing_is_believed(
    line: Line, publisher: Publisher, computer: Computer
) -> None:
    computer.publishers([])
    assert line.village.refuses("receive", publisher.write(line.place)) == "update_no_publisher"
    assert line.village("updates")["publishers"] == 0


def test_the_program_as_it_is_believes_no_stranger(line: Line, publisher: Publisher) -> None:
    """With no key in its own files every update file is refused by name."""
    code = "update_foreign" if publisher_keys() else "update_no_publisher"
    assert line.village.refuses("receive", publisher.write(line.place)) == code


def test_an_older_one_never_takes_the_place_of_a_newer_one(
    line: Line, publisher: Publisher, computer: Computer
) -> None:
    old = publisher.write(line.place / "old", "98.0.0")
    line.village.receive(publisher.write(line.place / "new", "99.0.0"))
    assert line.village("updates", "--install")["version"] == "99.0.0"
    assert line.village.refuses("receive", old) == "update_older"
    line.village.receive(publisher.write(line.place / "newer", "99.1.0"))
    assert held(line.village) == [("99.1.0", "deb-amd64", True)]
    assert len(list((line.village.folder / "updates").iterdir())) == 1
    computer.runs("deb-amd64", "99.1.0")
    assert line.village.refuses("updates", "--install") == "update_none"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_step_that_some_need_first_is_kept_and_passed_on(
    line: Line, publisher: Publisher, computer: Computer, order: tuple[int, int]
) -> None:
    """The newest does not follow on what runs below; whichever is published first."""
    made = (
        publisher.write(line.place / "step", "98.0.0"),
        publisher.write(line.place / "new", "99.0.0", follows="98.0.0"),
    )
    for place in order:
        line.county("publish", "program", made[place])
        line.county("pack", "--to", TOWNSHIP, "--out", line.place / "down")
        from_stick(line.township, line.place / "down")
        line.carry(line.township, line.county)
    both = [("99.0.0", "deb-amd64", False), ("98.0.0", "deb-amd64", True)]
    assert held(line.township) == held(line.county) == both
    assert line.county("pack", "--to", TOWNSHIP, "--out", line.place / "again")["programs"] == []
    assert line.township("updates", "--install")["version"] == "98.0.0"
    line.township("relay", "--out", line.place / "villages")
    rest(line.village, line.place / "villages")
    told = line.village("receive", "--from", line.place / "villages", code=1)["error"]
    assert told["code"] == "update_too_far"
    assert line.village("updates", "--install")["version"] == "98.0.0"
    computer.runs("deb-amd64", "98.0.0")
    line.village.receive(made[1])
    assert held(line.village) == [("99.0.0", "deb-amd64", True)]
    assert line.township("updates", "--install")["version"] == "99.0.0"


@pytest.mark.usefixtures("computer")
def test_the_same_file_again_is_held(line: Line, publisher: Publisher) -> None:
    path = publisher.write(line.place / "usb")
    assert line.village.receive(path)[0]["outcome"] == "received"
    assert line.village.receive(path)[0]["outcome"] == "held"
    rows, _left = from_stick(line.village, path.parent)
    assert rows == []
    states = [row["state"] for row in line.village("inbox", path.parent)["files"]]
    assert states == ["taken"]


@pytest.mark.usefixtures("computer")
def test_a_preview_keeps_nothing(line: Line, publisher: Publisher) -> None:
    path = publisher.write(line.place / "usb")
    told = line.village("inspect", path)
    assert (told["kind"], told["version"], told["size"]) == ("program", "99.0.0", len(INSTALLER))
    rest(line.village, path.parent)
    (row,) = line.village("inbox", path.parent)["files"]
    assert (row["state"], row["kind"], row["program"]) == ("new", "program", "99.0.0")
    assert line.village("receive", path, "--dry-run")["bundles"][0]["outcome"] == "received"
    assert line.village("updates")["updates"] == []


@pytest.mark.usefixtures("computer")
def test_a_chat_program_may_wrap_it(line: Line, publisher: Publisher) -> None:
    path = publisher.write(line.place / "built")
    wrapped = line.place / "wrapped.zip"
    with zipfile.ZipFile(wrapped, "w") as archive:
        archive.write(path, path.name)
    assert line.village.receive(wrapped)[0]["outcome"] == "received"
    assert held(line.village) == [("99.0.0", "deb-amd64", True)]


@pytest.mark.usefixtures("computer")
def test_a_copy_that_still_comes_is_waited_for(line: Line, publisher: Publisher) -> None:
    stick = line.place / "usb"
    whole = publisher.write(line.place / "built")
    stick.mkdir()
    (stick / whole.name).write_bytes(whole.read_bytes()[:-1])
    rows, left = from_stick(line.village, stick)
    assert rows == []
    assert left == {whole.name: "update_truncated"}
    shutil.copyfile(whole, stick / whole.name)
    assert [row["outcome"] for row in from_stick(line.village, stick)[0]] == ["received"]


@pytest.mark.usefixtures("computer")
def test_a_village_sends_nothing_down(line: Line, publisher: Publisher) -> None:
    path = publisher.write(line.place / "built")
    assert line.village.refuses("publish", "program", path) == "update_nobody_below"
    assert line.county.refuses("publish", "program", line.place / "none") == "file_missing"
    (line.place / "photo.lsu").write_bytes(b"a photo")
    assert line.county.refuses("publish", "program", line.place / "photo.lsu") == "update_damaged"


def test_a_county_that_has_gone_on_itself_still_sends_it_down(
    line: Line, publisher: Publisher, computer: Computer
) -> None:
    computer.runs("deb-amd64", "99.0.0")
    path = publisher.write(line.place / "built")
    assert line.county("publish", "program", path, "--dry-run")["version"] == "99.0.0"
    assert held(line.county) == []
    line.county("publish", "program", path)
    assert held(line.county) == [("99.0.0", "deb-amd64", False)]
    assert line.county.refuses("updates", "--install") == "update_none"
    packed = line.county("pack", "--to", TOWNSHIP, "--out", line.place / "down")
    assert len(packed["programs"]) == 1


@pytest.mark.usefixtures("computer")
def test_the_second_computer_of_a_village_gets_it_too(line: Line, publisher: Publisher) -> None:
    second = opened(line.township, VILLAGE, line.place / "second")
    line.carry(second, line.township)
    line.carry(line.township, line.village)
    line.village.receive(publisher.write(line.place / "built"))
    packed = line.village("pack", "--to", VILLAGE, "--out", line.place / "peer")
    assert len(packed["programs"]) == 1
    rows, _left = from_stick(second, line.place / "peer")
    assert "program" in {row["kind"] for row in rows}
    assert line.village("pack", "--to", TOWNSHIP, "--out", line.place / "up")["programs"] == []


@pytest.mark.usefixtures("computer")
def test_what_was_spoilt_on_the_own_disk_is_not_installed(line: Line, publisher: Publisher) -> None:
    line.village.receive(publisher.write(line.place / "built"))
    (kept,) = (line.village.folder / "updates").iterdir()
    raw = bytearray(kept.read_bytes())
    raw[-1] ^= 1
    kept.write_bytes(raw)
    out = line.place / "out"
    assert line.village("updates", "--install", "--out", out, code=1)["error"]["code"] == (
        "update_damaged"
    )
    assert files_of(out) == {}
    # The remedy says to copy it again: that helps, from a stick too.
    rows, _left = from_stick(line.village, line.place / "built")
    assert [row["outcome"] for row in rows] == ["received"]
    assert line.village("updates", "--install", "--out", out)["version"] == "99.0.0"


@pytest.mark.usefixtures("computer")
def test_a_spoilt_copy_is_replaced_by_the_file_itself(line: Line, publisher: Publisher) -> None:
    path = publisher.write(line.place / "built")
    line.village.receive(path)
    (kept,) = (line.village.folder / "updates").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert [row["outcome"] for row in line.village.receive(path)] == ["received"]
    assert kept.read_bytes() == path.read_bytes()
    assert [row["outcome"] for row in line.village.receive(path)] == ["held"]


def test_what_was_unpacked_beside_it_does_not_stop_the_next_one(
    line: Line, publisher: Publisher, computer: Computer
) -> None:
    """Somebody may unpack a portable program where its installer lies."""
    computer.runs("linux-x86_64")
    line.village.receive(publisher.write(line.place / "one", platform="linux-x86_64"))
    made = line.village("updates", "--install")
    program = Path(made["path"]).with_name("learnsite-99.0.0") / "learnsite"
    program.parent.mkdir()
    program.write_bytes(b"")
    line.village.receive(publisher.write(line.place / "two", "99.1.0", "linux-x86_64"))
    assert line.village("updates", "--install")["version"] == "99.1.0"
    assert program.is_file()


def test_a_portable_program_is_unpacked_beside_the_old_one(
    line: Line, publisher: Publisher, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never among the records: where it can be written neither, at home."""
    computer.runs("linux-x86_64")
    line.village.receive(publisher.write(line.place / "usb", platform="linux-x86_64"))
    tools, home, chosen = (line.place / name for name in ("my tools", "home", "chosen"))
    (tools / "learnsite-0.1.0").mkdir(parents=True)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))

    def told(program: Path, *words: str | Path) -> tuple[Path, str]:
        monkeypatch.setattr(sys, "executable", str(program))
        made = line.village("updates", "--install", *words)
        place = Path(shlex.split(made["command"])[-1])
        assert shlex.split(made["command"])[:4] == ["tar", "--zstd", "-xf", made["path"]]
        assert f"{made['path']} 解压到 {place}" in made["steps"][1]
        return place, made["path"]

    place, archive = told(tools / "learnsite-0.1.0" / "learnsite")
    assert place == tools
    assert Path(archive).read_bytes() == INSTALLER
    among_records = line.village.folder / "updates" / "learnsite-0.1.0" / "learnsite"
    assert told(among_records)[0] == home
    assert told(line.place / "pulled out" / "learnsite" / "learnsite")[0] == home
    assert told(among_records, "--out", chosen) == (chosen, str(chosen / Path(archive).name))


@pytest.mark.usefixtures("computer")
def test_a_file_that_is_not_for_here_is_read_once(
    line: Line, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have 200 MB, and lies in the folder from which everything is received every day."""
    stick = line.place / "usb"
    other = publisher.write(stick, platform="windows-x64")
    rest(line.village, stick)
    line.village("receive", "--from", stick)
    read: list[Path] = []
    whole = Disk.read

    def noted(disk: Disk, path: Path) -> Iterator[bytes]:
        read.append(path)
        return whole(disk, path)

    monkeypatch.setattr(Disk, "read", noted)
    own = publisher.write(stick)
    rows, left = from_stick(line.village, stick)
    assert [row["outcome"] for row in rows] == ["received"]
    assert left == {other.name: "update_other_platform"}
    assert own in read
    assert other not in read


@pytest.mark.usefixtures("computer")
def test_a_full_stick_keeps_no_bundle_back(line: Line, publisher: Publisher) -> None:
    """The unit's own file is what counts; the program comes with the next stick."""
    line.county("publish", "program", publisher.write(line.place / "built"))
    down = line.place / "down"
    down.mkdir()
    # A folder of that name stands where the copy would go.
    (down / "learnsite_99.0.0_amd64.deb.lsu").mkdir()
    answer = line.county("pack", "--to", TOWNSHIP, "--out", down)
    assert answer["programs"] == []
    assert Path(answer["path"]).is_file()


@pytest.mark.usefixtures("computer")
def test_it_is_in_no_backup_and_no_figure(line: Line, publisher: Publisher) -> None:
    before = line.county("state")["hash"]
    line.county("publish", "program", publisher.write(line.place / "built"))
    assert line.county("state")["hash"] == before
    saved = Path(line.county("backup", line.place / "saved")["path"]).read_bytes()
    assert INSTALLER[:1000] not in saved


@pytest.mark.usefixtures("computer")
def test_a_program_is_for_everybody_below(line: Line, publisher: Publisher) -> None:
    path = publisher.write(line.place / "built")
    assert line.county("publish", "program", path, "--unit", TOWNSHIP, code=2)["ok"] is False
