"""On what kind of medium a folder lies.

A database that is written while a USB stick is pulled out, or over a network share, is lost sooner
or later; only bundle files belong there.
"""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final

import psutil

_LOG = logging.getLogger(__name__)
NETWORK_TYPES: Final = frozenset(
    [
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "vmhgfs",
        "webdav",
        "fuse.ceph",
        "fuse.cifs",
        "fuse.davfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.gvfsd-fuse",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "fuse.vmhgfs-fuse",
    ]
)


class Medium(StrEnum):
    """What a folder lies on."""

    FIXED = "fixed"
    NETWORK = "network"
    REMOVABLE = "removable"


@dataclass(frozen=True, slots=True)
class Partition:
    """One mounted file system, as the operating system lists it."""

    device: str
    mountpoint: PurePath
    kind: str
    options: frozenset[str]


def current_partitions() -> list[Partition]:
    """Return the file systems mounted now, network shares included.

    None where the system does not say, as without /proc: a folder then counts as lying on the
    computer's own disk, and the diary has a note of it. Work goes on.
    """
    try:
        mounted = psutil.disk_partitions(all=True)
    except OSError as error:
        _LOG.warning("the drives cannot be listed: %s", type(error).__name__)
        return []
    return [
        Partition(
            found.device,
            Path(found.mountpoint),
            found.fstype.lower(),
            frozenset(found.opts.lower().split(",")),
        )
        for found in mounted
    ]


def is_removable_device(device: str, block: Path = Path("/sys/class/block")) -> bool:
    """Whether a Linux block device can be pulled out: flagged removable, or on a USB bus.

    `block` is the kernel's device tree. A USB disk calls itself fixed, hence the second test.
    """
    entry = block / PurePath(device).name
    try:
        if not entry.exists():
            return False
        real = entry.resolve()
        if any(part.startswith("usb") for part in real.parts):
            return True
        for place in (real, real.parent):
            flag = place / "removable"
            if flag.is_file():
                return flag.read_text(encoding="ascii").strip() == "1"
    except OSError:  # closed to this user, or pulled out a moment ago
        return False
    return False


def medium_of(
    folder: PurePath,
    partitions: Iterable[Partition],
    removable: Callable[[str], bool] = is_removable_device,
) -> Medium:
    """Return what the absolute path `folder` lies on, by the longest matching mount point.

    The system's own disk counts as fixed whatever it is made of: a computer that runs from it
    has nothing better. Something unknown counts as fixed.
    """
    if folder.drive.startswith(("\\\\", "//")):
        return Medium.NETWORK
    under = [
        partition
        for partition in partitions
        if folder == partition.mountpoint or partition.mountpoint in folder.parents
    ]
    if not under:
        return Medium.FIXED
    nearest = max(enumerate(under), key=lambda item: (len(item[1].mountpoint.parts), item[0]))[1]
    if not nearest.mountpoint.drive and len(nearest.mountpoint.parts) == 1:
        return Medium.FIXED
    if _is_network(nearest):
        return Medium.NETWORK
    if nearest.options & {"removable", "cdrom"} or removable(nearest.device):
        return Medium.REMOVABLE
    return Medium.FIXED


def _is_network(partition: Partition) -> bool:
    if "remote" in partition.options:
        return True
    if partition.kind == "9p":
        # A Windows disk seen from WSL: shared memory, hence WAL, does not work across it. Other
        # uses of 9p are sandboxes whose only disk it is.
        return any("drvfs" in option for option in partition.options)
    return partition.kind in NETWORK_TYPES


def medium_of_folder(folder: Path) -> Medium:
    """Return what `folder` lies on at this moment; it need not exist yet."""
    return medium_of(Path(os.path.realpath(folder)), current_partitions())


def removable_folders(
    partitions: Iterable[Partition] | None = None,
    removable: Callable[[str], bool] = is_removable_device,
) -> list[Path]:
    """Return where sticks and other drives that can be pulled out are mounted now, in order.

    Empty card readers and discs are left out.
    """
    listed = list(current_partitions() if partitions is None else partitions)
    return [
        Path(one.mountpoint)
        for one in listed
        if one.kind
        and "cdrom" not in one.options
        and medium_of(one.mountpoint, [one], removable) is Medium.REMOVABLE
    ]


def is_writable(root: Path) -> bool:
    """Whether a drive can be written, as it is mounted; a lock that it hides shows in writing."""
    return os.access(root, os.W_OK)
