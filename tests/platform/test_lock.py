"""One writer per workspace."""

import subprocess
import sys
from pathlib import Path

import pytest

from learnsite_desktop.platform.lock import LockBusy, WriterLock

HOLDER = """
import sys
from pathlib import Path
from learnsite_desktop.platform.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_second_writer_in_this_program_is_refused(tmp_path: Path) -> None:
    first = WriterLock(tmp_path)
    with first:
        assert first.held
        with pytest.raises(LockBusy) as caught:
            WriterLock(tmp_path).acquire()
        assert caught.value.folder == tmp_path
        with pytest.raises(LockBusy):
            first.acquire()
    with WriterLock(tmp_path) as again:
        assert again.held
    assert not first.held


def test_other_workspaces_are_free(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with WriterLock(tmp_path / "a"), WriterLock(tmp_path / "b") as other:
        assert other.held


def test_another_program_holds_it_until_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(LockBusy):
            WriterLock(tmp_path).acquire()
        holder.kill()
        holder.wait()
    with WriterLock(tmp_path) as lock:
        assert lock.held


def test_release_without_holding_is_harmless(tmp_path: Path) -> None:
    WriterLock(tmp_path).release()
