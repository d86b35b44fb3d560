"""The near end of `disk_server`: a mounted folder that can be told to fail."""

import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from tests.reliability.journal import Event, Fault

CHECKOUT = Path(__file__).resolve().parents[2]


def unavailable() -> str:
    """Return why no such disk can be mounted here, "" if one can."""
    if not sys.platform.startswith("linux"):
        return "only Linux has /dev/fuse"
    if os.geteuid() != 0:
        return "only root may mount a disk"
    if not Path("/dev/fuse").exists():
        return "this system has no /dev/fuse"
    return ""


class FaultyDisk:
    """A disk at `place`; what is written there lies in `folder`, out of the faults' reach."""

    def __init__(self, parent: Path) -> None:
        self.folder = parent / "disk-behind"
        self.place = parent / "disk"
        self.folder.mkdir(parents=True)
        self.place.mkdir()
        near, far = socket.socketpair()
        with far:
            self._server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.reliability.disk_server"),
                    *(str(self.folder), str(self.place), str(far.fileno())),
                ],
                cwd=CHECKOUT,
                pass_fds=[far.fileno()],
                start_new_session=True,
            )
        self._orders = Connection(near.detach())
        refused = self._orders.recv()
        if refused:
            raise OSError(f"the disk cannot be mounted: {refused}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._orders.close()
        self._server.wait(30)

    def _order(self, name: str, *arguments: object) -> Any:
        self._orders.send((name, *arguments))
        return self._orders.recv()

    def record(self) -> None:
        """Begin to write down what happens; what is there counts as durable."""
        self._order("record")

    def written_down(self) -> list[Event]:
        """Return what happened since `record`."""
        found: list[Event] = self._order("written_down")
        return found

    def arm(self, fault: Fault) -> None:
        """Let the disk fail from now on as `fault` says."""
        self._order("arm", fault)

    def mend(self) -> tuple[int, list[str]]:
        """End the fault; return how many requests counted and the first ones that were struck."""
        seen, struck = self._order("arm", None)
        return seen, struck

    def changed(self) -> None:
        """Say that `folder` was changed directly."""
        self._order("forget")

    def mark(self, text: str) -> None:
        """Write a mark down, in order with everything that this process has done on the disk."""
        (self.place / f".mark-{text}").exists()
