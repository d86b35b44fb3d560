"""The sticks plugged in, and what lies on each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform import drives
from learnsite_desktop.services.transports import lying_in, place_at
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.transport.disk import Disk


def drive_named(name: str) -> Path:
    """Return the drive of that place or name, such as “KINGSTON”. Refuses `drive_unknown`."""
    listed = drives.removable_folders()
    for one in listed:
        if name in {str(one), one.name} or Path(name) == one:
            return one
    known = "、".join(map(str, listed)) or "–"
    raise Refusal("drive_unknown", where=name, known=known)


@contextmanager
def _quiet() -> Iterator[None]:
    """Pass over what a stick pulled out meanwhile says."""
    try:
        yield
    except (Refusal, OSError):
        return


def list_drives(workspace: Workspace, most: int) -> list[dict[str, Any]]:
    """Return the sticks plugged in, and of each what lies on it, at most `most` files."""
    rows = []
    for one in drives.removable_folders():
        row: dict[str, Any] = {
            "path": str(one),
            "name": one.name or str(one),
            "free_bytes": None,
            "writable": drives.is_writable(one),
            "files": [],
        }
        with _quiet():
            row["free_bytes"] = Disk().free(one)
            row["files"] = lying_in(workspace, place_at(workspace, one), most=most)
        rows.append(row)
    return rows
