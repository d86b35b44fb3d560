"""Folders as people have them: without rights, with long paths, with Chinese names and spaces."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desks import TOWNSHIP, VILLAGE, Desk
from tests.reliability.program import Launcher, answers
from tests.reliability.scenes import Scene, learners
from tests.support import table_dump

NAME = "张 三（老年 学校） 100%#&;'!"


def bound(launcher: Launcher, folder: Path, *words: str | Path) -> dict[str, Any]:
    """Run a command with nobody's rights but the owner's; return its answer or its error."""
    running = launcher.start(folder, *words, bound=True)
    running.wait()
    (answer,) = answers(running.acknowledged)
    if answer["ok"]:
        return answer
    found: dict[str, Any] = answer["error"] or answer["bundles"][0]["error"]
    return found


@pytest.fixture
def village(scene: Scene, tmp_path: Path) -> Desk:
    """The village's computer."""
    return Desk(scene.village(tmp_path / "village").folder, VILLAGE)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder in which its owner may only look."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize(
    "words", [("pack", "--to", TOWNSHIP, "--out"), ("backup",), ("move", "--out")]
)
@pytest.mark.parametrize("below", ["", "new"])
def test_a_folder_without_rights_is_refused_by_name(
    village: Desk, launcher: Launcher, locked: Path, words: tuple[str, ...], below: str
) -> None:
    lines, outbox = village.lines(), table_dump(village.folder)["outbox"]
    found = bound(launcher, village.folder, *words, locked / below)
    assert found["code"] == "file_not_permitted"
    assert str(locked) in found["where"]
    assert (village.lines(), table_dump(village.folder)["outbox"]) == (lines, outbox)
    assert list(locked.iterdir()) == []
    locked.chmod(0o700)
    assert bound(launcher, village.folder, *words, locked / below)["ok"]


def test_a_file_without_rights_is_refused_by_name(
    scene: Scene, launcher: Launcher, tmp_path: Path
) -> None:
    desk = scene.township(tmp_path / "township")
    before = table_dump(desk.folder)
    for command, source in (("receive", scene.up), ("inspect", scene.up)):
        copy = tmp_path / f"{command}.lsb"
        shutil.copyfile(source, copy)
        copy.chmod(0)
        found = bound(launcher, desk.folder, command, copy)
        assert found["code"] in {"file_not_permitted", "bundle_unreadable"}, found
        assert str(copy) in found["where"]
    assert table_dump(desk.folder)["op"] == before["op"]
    (tmp_path / "receive.lsb").chmod(0o600)
    assert bound(launcher, desk.folder, "receive", tmp_path / "receive.lsb")["ok"]


def test_a_data_folder_without_rights_is_refused_by_name(village: Desk, launcher: Launcher) -> None:
    state = village.state()
    files = [village.folder, *village.folder.rglob("*")]
    for path in files:
        path.chmod(0o500 if path.is_dir() else 0o400)
    words = ("edit", "session:s1", "notes=甲")
    found = bound(launcher, village.folder, *words)
    assert found["code"] in {"file_not_permitted", "disk_readonly", "database_unopenable"}, found
    assert str(village.folder) in found["where"]
    for path in files:
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert village.state() == state
    assert bound(launcher, village.folder, *words)["ok"]


def test_the_loop_runs_under_a_chinese_name_with_spaces(scene: Scene, tmp_path: Path) -> None:
    home, stick = tmp_path / NAME, tmp_path / f"{NAME} 的 U盘"
    village = Desk(scene.village(home / "我的 文档").folder, VILLAGE)
    township = Desk(scene.township(home / "镇 上").folder, TOWNSHIP)
    village.capture({"v": 1, "source": "names", "learners": learners("n", 3)})
    up = village.pack(TOWNSHIP, stick)
    assert township.receive(up)[0]["outcome"] == "received"
    assert village.receive(township.pack(VILLAGE, stick))[0]["outcome"] == "received"
    assert all(village.receipted(TOWNSHIP))
    copy = Path(village("backup", stick / "备份")["path"])
    again = Desk(home / "再 来", VILLAGE)
    again("restore", copy)
    assert again.is_sound()
    opened = township("opening", "410122101207", "--out", stick)["files"][0]["path"]
    new = Desk(home / "新 村", "410122101207")
    new("open", opened)
    assert new.is_sound()


def deep(folder: Path, size: int) -> Path:
    """Return a path below `folder` of so many bytes, made of names of Chinese characters."""
    while len(bytes(folder)) < size - 60:
        folder /= "学习点资料备份文件夹"
    return folder / ("x" * max(1, size - len(bytes(folder)) - 1))


def test_long_paths_work_or_are_refused_by_name(
    scene: Scene, village: Desk, tmp_path: Path
) -> None:
    for size in (300, 800):
        out = deep(tmp_path, size)
        assert village.pack(TOWNSHIP, out).is_file()
    assert Path(village("backup", deep(tmp_path, 300))["path"]).is_file()
    before = village.lines()
    nowhere, endless = tmp_path / ("学" * 90), deep(tmp_path, 4090)
    for words in (
        *(("pack", "--to", TOWNSHIP, "--out", out) for out in (nowhere, endless)),
        *(("backup", out) for out in (nowhere, endless, deep(tmp_path, 800))),
    ):
        error = village(*words, code=1)["error"]
        assert error["code"] == "place_too_long", error
    assert village.lines() == before
    short = Desk(scene.village(deep(tmp_path / "d", 400)).folder, VILLAGE)
    assert short.is_sound()
    long = Desk(deep(tmp_path / "d", 700), VILLAGE)
    shutil.copytree(short.folder, long.folder)
    assert long("edit", "session:s1", "notes=甲", code=1)["error"]["code"] == "place_too_long"
    new = Desk(deep(tmp_path / "e", 700), VILLAGE)
    error = new("restore", Path(village("backup", tmp_path / "b")["path"]), code=1)["error"]
    assert error["code"] == "place_too_long"
    assert not (new.folder / "learnsite.db").exists()
