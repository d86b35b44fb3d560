"""The program in a process of its own, fed and killed from outside."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import IO, Any, Self

from tests.desks import NOW
from tests.reliability.faulty_disk import CHECKOUT


class Running:
    """One command: `acknowledged` grows line by line until the process is over."""

    def __init__(self, launcher: "Launcher", pid: int, stdin: int, stdout: int) -> None:
        self._launcher = launcher
        self._pid = pid
        self._stdout: IO[bytes] = os.fdopen(stdout, "rb")
        self._stdin = stdin
        self._feeding: Thread | None = None
        self.acknowledged: list[bytes] = []

    def feed(self, raw: bytes) -> None:
        """Give it its input, however slowly it takes it, and then no more."""
        self._feeding = Thread(target=self._write, args=(raw,))
        self._feeding.start()

    def _write(self, raw: bytes) -> None:
        try:
            with os.fdopen(self._stdin, "wb") as stdin:
                stdin.write(raw)
        except BrokenPipeError:
            return

    def line(self) -> bool:
        """Wait for one more acknowledged line; False when the process is over."""
        found = self._stdout.readline()
        # A last line may have been cut on its way: then nobody has read it.
        if found.endswith(b"\n"):
            self.acknowledged.append(found)
        return bool(found)

    def kill(self) -> int:
        """Kill it if it still runs; return how it ended: -9 killed, else its exit code."""
        status = self._launcher.end(self._pid)
        while self.line():
            pass
        self._stdout.close()
        if self._feeding:
            self._feeding.join()
        return status

    def wait(self) -> int:
        """Wait until it is over by itself, or killed by somebody else; return how it ended."""
        while self.line():
            pass
        return self.kill()


class Launcher:
    """Starts the program; a context manager."""

    def __init__(self) -> None:
        self._near, far = socket.socketpair()
        with far:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.launcher", str(far.fileno())],
                cwd=CHECKOUT,
                pass_fds=[far.fileno()],
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            )
        self._answers = self._near.makefile("r", encoding="ascii")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._answers.close()
        self._near.close()
        self._process.wait(30)

    def start(
        self,
        folder: Path,
        *words: str | Path,
        stdin: bytes = b"",
        now: str = NOW,
        bound: bool = False,
    ) -> Running:
        """Start a command on a workspace; `bound` by the rights of files, even as root."""
        given = ["--data", str(folder), "--json", "--now", now, *map(str, words)]
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        order = json.dumps({"words": given, "bound": bound}).encode()
        socket.send_fds(self._near, [order], [theirs_in, theirs_out])
        pid = int(self._answers.readline())
        os.close(theirs_in)
        os.close(theirs_out)
        running = Running(self, pid, ours_in, ours_out)
        running.feed(stdin)
        return running

    def end(self, pid: int) -> int:
        """Kill a child and return how it ended."""
        self._near.sendall(json.dumps({"end": pid}).encode())
        return int(self._answers.readline())


def answers(lines: list[bytes]) -> list[dict[str, Any]]:
    """Return acknowledged lines as objects."""
    return [json.loads(line) for line in lines]
