"""What every way of carrying promises, whatever lies between the two computers."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport.places import State
from tests.support import files_of
from tests.transport.places import KINDS, MAGIC, Bench, PulledDisk

CONTENT = MAGIC + bytes(range(256))
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here cuts the power."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    folder, own = tmp_path / "王小明 的U盘", tmp_path / "own"
    folder.mkdir()
    own.mkdir()
    return Bench(request.param, folder, own, PulledDisk(folder))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "outbox" / "410122101205-1.lsb"
    found.parent.mkdir()
    found.write_bytes(CONTENT)
    return found


class TestContract:
    """One class for folder, drive, drop folder and pictures."""

    def test_what_is_put_is_found_and_fetched(self, bench: Bench, file: Path) -> None:
        bench.transport().put(file)
        receiver = bench.transport()
        (found,) = bench.look(receiver)
        assert (found.state, found.refusal) == (State.NEW, None)
        assert found.digest == hashlib.sha256(CONTENT).digest()
        staged = receiver.fetch(found, bench.own)
        assert staged.read_bytes() == CONTENT
        assert staged.parent == bench.own
        assert staged.name == f"{found.digest.hex()[:32]}.lsb"
        assert file.read_bytes() == CONTENT

    def test_putting_twice_is_putting_once(self, bench: Bench, file: Path) -> None:
        bench.transport().put(file)
        before = files_of(bench.folder)
        bench.transport().put(file)
        assert files_of(bench.folder) == before
        (found,) = bench.look(bench.transport())
        assert found.state is State.NEW

    def test_what_was_taken_is_told_by_its_digest(self, bench: Bench, file: Path) -> None:
        bench.transport().put(file)
        receiver = bench.transport()
        (found,) = bench.look(receiver)
        receiver.mark_taken(found)
        (marked,) = bench.look(receiver)
        assert (marked.state, marked.digest) == (State.TAKEN, found.digest)
        (unmarked,) = bench.look(bench.transport())
        assert unmarked.state is State.NEW
        bench.taken.add(found.digest)
        (known,) = bench.look(bench.transport())
        assert known.state is State.TAKEN

    def test_two_files_are_two_candidates(self, bench: Bench, file: Path) -> None:
        other = file.with_name("other.lsb")
        other.write_bytes(CONTENT + b"more")
        for one in (file, other):
            bench.transport().put(one)
        receiver = bench.transport()
        contents = {receiver.fetch(found, bench.own).read_bytes() for found in bench.look(receiver)}
        assert contents == {CONTENT, CONTENT + b"more"}

    def test_what_lies_there_is_never_touched(self, bench: Bench, file: Path) -> None:
        (bench.folder / "工资表.xlsx").write_bytes(b"PK\x03\x04 nothing of ours")
        (bench.folder / "照片.jpg").write_bytes(b"no photo")
        bench.transport().put(file)
        before = files_of(bench.folder)
        receiver = bench.transport()
        (found,) = bench.look(receiver)
        receiver.fetch(found, bench.own)
        receiver.mark_taken(found)
        bench.look(receiver)
        assert files_of(bench.folder) == before

    def test_a_place_that_is_gone_is_named(self, bench: Bench, file: Path) -> None:
        bench.folder.rmdir()
        for act in (lambda: bench.transport().put(file), bench.transport().candidates):
            with pytest.raises(Refusal) as refused:
                act()
            assert (refused.value.code, refused.value.where) == ("place_gone", str(bench.folder))

    def test_a_file_that_is_gone_is_named(self, bench: Bench, file: Path) -> None:
        with pytest.raises(Refusal) as refused:
            bench.transport().put(file.with_name("nowhere.lsb"))
        assert refused.value.code == "file_missing"
        assert files_of(bench.folder) == {}

    @pytest.mark.parametrize("number", [errno.ENODEV, errno.EIO, errno.ENOENT, errno.ENOSPC])
    def test_whatever_step_of_putting_fails_nothing_half_can_be_received(
        self, bench: Bench, file: Path, number: int
    ) -> None:
        """Pulled out for good at every step in turn: nothing, or the whole; the retry works."""
        bench.disk.number = number
        bench.transport().put(file)
        steps, whole = bench.disk.steps, files_of(bench.folder)
        refused = set()
        for step in range(steps):
            for path in bench.folder.iterdir():
                path.unlink()
            bench.disk.left = step
            try:
                bench.transport().put(file)
            except Refusal as refusal:
                refused.add((step, refusal.code))
            bench.disk.left = -1
            assert file.read_bytes() == CONTENT
            receivable = [one for one in bench.look(bench.transport()) if one.state is State.NEW]
            assert all(one.digest == hashlib.sha256(CONTENT).digest() for one in receivable)
            bench.transport().put(file)
            left = {name for name in files_of(bench.folder) if not name.endswith(".part")}
            assert left == whole.keys(), step
        assert len(refused) > 5
        wanted = "disk_full" if number == errno.ENOSPC else "place_gone"
        assert {code for _step, code in refused} <= {wanted, "place_gone"}

    @pytest.mark.parametrize("number", [errno.ENODEV, errno.EIO, errno.ENOENT])
    def test_whatever_step_of_fetching_fails_nothing_half_is_staged(
        self, bench: Bench, file: Path, number: int
    ) -> None:
        bench.transport().put(file)
        bench.disk.number, bench.disk.root = number, bench.folder.parent
        receiver = bench.transport()
        (found,) = bench.look(receiver)
        staging = bench.folder.parent / "staging"
        staging.mkdir()
        bench.disk.steps = 0
        receiver.fetch(found, staging).unlink()
        for step in range(bench.disk.steps):
            bench.disk.left = step
            try:
                staged = receiver.fetch(found, staging)
            except Refusal:
                left = files_of(staging)
                assert {raw for name, raw in left.items() if name[-5:] != ".part"} <= {CONTENT}
                for name in left:
                    (staging / name).unlink()
            else:
                assert staged.read_bytes() == CONTENT
                staged.unlink()
            bench.disk.left = -1
        assert receiver.fetch(found, staging).read_bytes() == CONTENT

    def test_there_must_be_room(
        self, bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(PulledDisk, "free", lambda *_any: 1000)
        with pytest.raises(Refusal) as refused:
            bench.transport().put(file)
        assert (refused.value.code, refused.value.where) == ("disk_full", str(bench.folder))
        assert files_of(bench.folder) == {}

    def test_what_is_written_is_read_back(
        self, bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A stick that claims more room than it has gives zeros back."""

        def lose(disk: PulledDisk, path: Path) -> None:
            path.write_bytes(bytes(path.stat().st_size))

        monkeypatch.setattr(PulledDisk, "forget", lose)
        with pytest.raises(Refusal) as refused:
            bench.transport().put(file)
        assert refused.value.code == "copy_damaged"
        assert files_of(bench.folder) == {}

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            (errno.EROFS, "disk_readonly"),
            (errno.EACCES, "file_not_permitted"),
            (errno.ENAMETOOLONG, "place_too_long"),
        ],
    )
    def test_a_place_that_cannot_be_written_is_named_and_still_read(
        self, bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
    ) -> None:
        bench.transport().put(file)

        def refuse(*_any: object) -> None:
            raise OSError(number, "no", str(bench.folder))

        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(PulledDisk, "write", refuse)
            other = file.with_name("other.lsb")
            other.write_bytes(CONTENT + b"x")
            with pytest.raises(Refusal) as refused:
                bench.transport().put(other)
            assert (refused.value.code, refused.value.where) == (code, str(bench.folder))
        receiver = bench.transport()
        (found,) = bench.look(receiver)
        assert receiver.fetch(found, bench.own).read_bytes() == CONTENT

    def test_a_file_of_another_digest_by_now_is_not_taken(self, bench: Bench, file: Path) -> None:
        bench.transport().put(file)
        receiver = bench.transport()
        (found,) = bench.look(receiver)
        for path in [*bench.folder.iterdir(), *bench.own.rglob("*.frame")]:
            path.write_bytes(path.read_bytes()[:-1] + b"!")
        with pytest.raises(Refusal) as refused:
            receiver.fetch(found, bench.own)
        assert refused.value.code == "file_changed"
        assert [name for name in files_of(bench.own) if name.endswith(".lsb")] == []
