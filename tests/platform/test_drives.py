"""On what medium a folder lies, by invented mount tables."""

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import NoReturn

import psutil
import pytest

from learnsite_desktop.platform import drives
from learnsite_desktop.platform.drives import Medium, Partition, medium_of
from tests.support import CommandLine

COUNTY = "410122000000"


def _mount(line: str) -> Partition:
    device, mountpoint, kind, options = line.split()
    return Partition(device, PurePosixPath(mountpoint), kind, frozenset(options.split(",")))


LINUX = [
    _mount("/dev/sda1 / ext4 rw"),
    _mount("/dev/sdb1 /media/wang/STICK vfat rw"),
    _mount("//server/share /mnt/share cifs rw"),
    _mount("server:/x /home/nfs nfs4 rw"),
    _mount("C: /mnt/c 9p rw,aname=drvfs;path=c:"),
    _mount("none /sandbox 9p rw,trans=fd"),
    _mount("/dev/sda1 /home/nfs/local ext4 rw"),
]
WINDOWS = [
    Partition("C:", PureWindowsPath("C:/"), "ntfs", frozenset({"rw", "fixed"})),
    Partition("E:", PureWindowsPath("E:/"), "fat32", frozenset({"rw", "removable"})),
    Partition("Z:", PureWindowsPath("Z:/"), "ntfs", frozenset({"rw", "remote"})),
]


@pytest.mark.parametrize(
    ("folder", "medium"),
    [
        ("/home/wang/learnsite", Medium.FIXED),
        ("/", Medium.FIXED),
        ("/media/wang/STICK/learnsite", Medium.REMOVABLE),
        ("/media/wang/STICK", Medium.REMOVABLE),
        ("/media/wang/STICKER", Medium.FIXED),
        ("/mnt/share/a/b", Medium.NETWORK),
        ("/home/nfs/data", Medium.NETWORK),
        ("/home/nfs/local/data", Medium.FIXED),
        ("/mnt/c/data", Medium.NETWORK),
        ("/sandbox/data", Medium.FIXED),
    ],
)
def test_linux(folder: str, medium: Medium) -> None:
    assert medium_of(PurePosixPath(folder), LINUX, lambda device: device == "/dev/sdb1") is medium


@pytest.mark.parametrize(
    ("folder", "medium"),
    [
        ("C:/Users/wang/AppData", Medium.FIXED),
        ("e:/learnsite", Medium.REMOVABLE),
        ("Z:/learnsite", Medium.NETWORK),
        ("//server/share/learnsite", Medium.NETWORK),
        ("Q:/unlisted", Medium.FIXED),
    ],
)
def test_windows(folder: str, medium: Medium) -> None:
    assert medium_of(PureWindowsPath(folder), WINDOWS, lambda _device: False) is medium


def test_a_system_that_runs_from_a_stick_may_keep_its_data_there() -> None:
    assert medium_of(PurePosixPath("/home/x"), LINUX[:1], lambda _device: True) is Medium.FIXED


def test_the_later_mount_on_one_place_wins() -> None:
    mounts = [_mount("/dev/sda2 /d ext4 rw"), _mount("//s/x /d cifs rw")]
    assert medium_of(PurePosixPath("/d/x"), mounts, lambda _device: False) is Medium.NETWORK


def test_removable_flag_of_the_kernel(tmp_path: Path) -> None:
    for name, bus, flag in (("sdb", "usb1", "0"), ("sdc", "ata1", "1"), ("sdd", "ata2", "0")):
        disk = tmp_path / "block" / bus / name
        (disk / f"{name}1").mkdir(parents=True)
        (disk / "removable").write_text(f"{flag}\n", encoding="ascii")
    found = {
        f"{name}1": drives.is_removable_device(f"/dev/{name}1", tmp_path / "block" / bus / name)
        for name, bus in (("sdb", "usb1"), ("sdc", "ata1"), ("sdd", "ata2"))
    }
    assert found == {"sdb1": True, "sdc1": True, "sdd1": False}
    assert not drives.is_removable_device("tmpfs", tmp_path)


def test_a_system_that_does_not_list_its_drives_is_worked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As in a chroot without /proc: the folder counts as a fixed one, and the diary says so."""

    def unlisted(*, all: bool) -> NoReturn:  # noqa: A002 - psutil's own word
        raise FileNotFoundError(2, "No such file or directory", "/proc/self/mounts")

    monkeypatch.setattr(psutil, "disk_partitions", unlisted)
    assert drives.medium_of_folder(tmp_path) is Medium.FIXED
    assert drives.removable_folders() == []
    (noted,) = {record.getMessage() for record in caplog.records}
    assert noted == "the drives cannot be listed: FileNotFoundError"
    assert CommandLine()(tmp_path / "county", "init", "--tier", "county", "--unit", COUNTY)["ok"]


def test_the_mount_table_of_this_computer_can_be_read(tmp_path: Path) -> None:
    assert all(isinstance(found.mountpoint, PurePath) for found in drives.current_partitions())
    assert isinstance(drives.medium_of_folder(tmp_path / "new"), Medium)
