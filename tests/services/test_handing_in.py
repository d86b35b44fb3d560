"""Handing in, carrying files, what units above hold, what a file brings before it is received."""

import errno
from pathlib import Path

import pytest

from learnsite_desktop.domain.progress import silent
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.platform.drives import Partition, removable_folders
from learnsite_desktop.services import packing
from learnsite_desktop.services.acknowledged import handed_out, held_above
from learnsite_desktop.services.arrivals import look_at
from learnsite_desktop.services.handing_in import bundles_in, carry, hand_in
from learnsite_desktop.services.receipt_got import receipt_got_page
from learnsite_desktop.transport.disk import Disk
from tests.desks import COUNTY, TOWNSHIP, VILLAGE, Desk, Line, small_class
from tests.support import files_of

PERIOD = "2026-03"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    found = Line(tmp_path)
    found.found()
    found.village.capture(small_class())
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "outbox" / "a.lsb"
    found.parent.mkdir()
    found.write_bytes(b"age-encryption.org/v1\n" + bytes(range(256)) * 20)
    return found


def test_handing_in_submits_packs_and_carries(line: Line, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    with line.village.open() as workspace:
        done = hand_in(workspace, PERIOD, to=stick)
    assert done.change.operations == 1
    assert done.path is not None
    assert done.path.parent == stick
    assert files_of(stick) == files_of(line.village.folder / "outbox")
    assert line.township.receive(done.path)[0]["outcome"] == "received"
    states = line.township("completeness", "--period", PERIOD)["units"]
    assert {row["unit"]: row["state"] for row in states}[VILLAGE] == "on_time"


def test_a_red_list_packs_nothing(line: Line) -> None:
    before = line.village.dump()
    with line.village.open() as workspace:
        done = hand_in(workspace, "2026-02")
    assert [issue.code for issue in done.red] == ["SUBMISSION_EMPTY"]
    assert done.packed is None
    assert line.village.dump() == before
    assert not (line.village.folder / "outbox").exists()


def test_a_place_that_is_gone_leaves_the_file_in_the_outbox(line: Line, tmp_path: Path) -> None:
    with line.village.open() as workspace:
        done = hand_in(workspace, PERIOD, to=tmp_path / "pulled")
        assert done.trouble is not None
        assert done.trouble.code == "place_gone"
        assert done.path is None
        assert done.change.operations == 1
        assert done.packed is not None
        assert carry(done.packed.written.path, tmp_path) == tmp_path / done.packed.written.path.name
    assert not (tmp_path / "pulled").exists()


@pytest.mark.parametrize("at", ["packing", "noting"])
def test_what_ends_before_there_is_a_file_records_nothing(
    line: Line, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    before = line.village.dump()

    def stop(*_given: object, **_more: object) -> None:
        raise Cancelled

    with line.village.open() as workspace:
        if at == "noting":
            monkeypatch.setattr(packing, "_note_outbox", stop)
        with pytest.raises(Cancelled):
            hand_in(workspace, PERIOD, progress=stop if at == "packing" else silent)
        assert line.village.dump() == before
        assert files_of(line.village.folder / "outbox") == {}
        monkeypatch.undo()
        assert hand_in(workspace, PERIOD).packed is not None
    assert line.village.is_sound()


def test_a_unit_without_one_above_does_not_hand_in(line: Line) -> None:
    line.county.capture(small_class(COUNTY))
    with line.county.open() as workspace, pytest.raises(Refusal) as refused:
        hand_in(workspace, PERIOD)
    assert refused.value.code == "no_unit_above"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EROFS, "disk_readonly"),
        (errno.EACCES, "file_not_permitted"),
        (errno.EIO, "place_gone"),
    ],
)
def test_a_copy_is_whole_or_not_there(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fail(_disk: Disk, path: Path, _pieces: object) -> None:
        path.write_bytes(b"half of it")
        raise OSError(number, "stick", str(tmp_path))

    stick = tmp_path / "usb"
    stick.mkdir()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Disk, "write", fail)
        with pytest.raises(Refusal) as refused:
            carry(file, stick)
    assert (refused.value.code, refused.value.where) == (code, str(stick))
    assert files_of(stick) == {}


def test_a_copy_is_read_back(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(_disk: Disk, path: Path, _pieces: object) -> None:
        path.write_bytes(b"something else")

    stick = tmp_path / "usb"
    stick.mkdir()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Disk, "write", lose)
        with pytest.raises(Refusal) as refused:
            carry(file, stick)
    assert refused.value.code == "copy_damaged"
    assert files_of(stick) == {}


def test_the_same_file_again_is_there_once_another_gets_its_own_name(
    file: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    assert carry(file, stick) == carry(file, stick)
    assert len(files_of(stick)) == 1
    file.write_bytes(b"another")
    assert carry(file, stick).name == "a-2.lsb"
    assert files_of(stick)["a-2.lsb"] == b"another"


def test_bundles_are_known_by_content(file: Path, tmp_path: Path) -> None:
    (file.parent / "收到的").mkdir()
    renamed = file.rename(file.parent / "收到的" / "最终版(1).docx")
    (file.parent / "b.lsb").write_bytes(b"nothing")
    assert bundles_in(file.parent) == [renamed]
    assert bundles_in(tmp_path / "nowhere") == []


def test_only_drives_that_can_be_pulled_out_are_offered() -> None:
    def drive(place: str, kind: str, *options: str) -> Partition:
        return Partition(f"dev-{place}", Path(place), kind, frozenset(options))

    listed = [
        drive("/", "ext4"),
        drive("/media/stick", "vfat"),
        drive("/media/card", "exfat", "removable"),
        drive("/media/reader", "", "removable"),
        drive("/media/disc", "iso9660", "cdrom"),
        drive("/mnt/share", "cifs"),
    ]
    found = removable_folders(listed, lambda device: device == "dev-/media/stick")
    assert found == [Path("/media/stick"), Path("/media/card")]


def test_who_holds_how_much(line: Line) -> None:
    def held(desk: Desk) -> dict[str, tuple[int, int]]:
        with desk.open(write=False) as workspace:
            return {one.unit: (one.held, one.total) for one in held_above(workspace)}

    def handed(desk: Desk) -> list[tuple[bool, int | None]]:
        with desk.open(write=False) as workspace:
            return sorted((one.receipted, one.number) for one in handed_out(workspace))

    assert held(line.village) == {}
    line.carry(line.village, line.township)
    assert handed(line.village) == [(False, None)]
    line.carry(line.township, line.village)
    total = len(line.village.lines())
    assert held(line.village) == {TOWNSHIP: (total, total)}
    assert handed(line.village) == [(True, 1)]
    line.village("edit", "activity:a1", "title=书法提高班")
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    assert held(line.village) == {TOWNSHIP: (total, total + 1), COUNTY: (total, total + 1)}
    line.carry(line.village, line.township)
    assert handed(line.village) == [(False, None), (True, 1)]


def test_the_page_of_a_receipt_that_came(line: Line) -> None:
    with line.village.open(write=False) as workspace, pytest.raises(Refusal) as refused:
        receipt_got_page(workspace)
    assert refused.value.code == "receipt_none"
    line.carry(line.village, line.township)
    line.carry(line.township, line.village)
    with line.village.open(write=False) as workspace:
        page = receipt_got_page(workspace)
    assert page.code.startswith(f"LSR:{TOWNSHIP}:{VILLAGE}:1:")


def test_a_file_is_told_before_it_is_kept(line: Line, tmp_path: Path) -> None:
    line.carry(line.village, line.township)
    line.carry(line.township, line.village)
    session = line.township("list", "session")["records"][0]["id"]
    for field in ("start", "rows"):
        line.township("return", session, field, "--reason", "R05", "--text", "核对")
    back = line.township.pack(VILLAGE, tmp_path / "back")
    before = line.village.dump()
    with line.village.open() as workspace:
        arrival = look_at(workspace, back)
    assert line.village.dump() == before
    assert arrival.error is None
    assert arrival.returns == 2
    assert arrival.result.counts["new"] == 2
    line.village.receive(back)
    with line.village.open() as workspace:
        again = look_at(workspace, back)
    assert (again.returns, again.changes, again.receipts) == (0, 0, [])
    with line.township.open() as workspace:
        assert look_at(workspace, back).error is not None
