"""The diary: JSON lines, rotation, no personal values."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from learnsite_desktop.platform import logs

LOG = logging.getLogger("learnsite_desktop.tests")


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Path]:
    opened = logs.open_diary(tmp_path)
    yield tmp_path / "logs" / "learnsite.jsonl"
    logs.close_diary(opened)


def test_one_json_object_per_line(diary: Path) -> None:
    LOG.info("received %s", 3)
    LOG.warning("第二行")
    lines = [json.loads(line) for line in diary.read_text(encoding="utf-8").splitlines()]
    assert [(line["level"], line["text"]) for line in lines] == [
        ("info", "received 3"),
        ("warning", "第二行"),
    ]


def test_exceptions_keep_places_and_lose_messages(diary: Path) -> None:
    def fail() -> None:
        try:
            raise ValueError("王小明")
        except ValueError as error:
            raise RuntimeError("13812345678") from error

    try:
        fail()
    except RuntimeError:
        LOG.exception("stopped")
    text = diary.read_text(encoding="utf-8")
    error = json.loads(text)["error"]
    assert (error["type"], error["cause"]["type"]) == ("RuntimeError", "ValueError")
    assert "test_logs.py" in error["frames"][-1]
    assert "王小明" not in text
    assert "138" not in text.replace(json.loads(text)["at"], "")


def test_a_refusal_leaves_its_code_and_its_place(diary: Path) -> None:
    """What somebody was told, without what it was about."""
    try:
        raise OSError("王小明")
    except OSError as error:
        logs.note_refusal(LOG, "disk_full", error)
    (line,) = logs.read_diary(diary.parent.parent, 10)
    assert line["code"] == "disk_full"
    assert "test_logs.py" in str(line["error"])
    assert "王小明" not in diary.read_text(encoding="utf-8")


def test_the_newest_lines_are_read_over_all_files(diary: Path) -> None:
    """The order is that of writing, half a line from a lost power is passed over."""
    folder = diary.parent.parent
    assert logs.read_diary(folder, 5) == []
    diary.parent.mkdir()
    with diary.open("a", encoding="utf-8") as file:
        file.write('{"text": "cut o')
    diary.with_name(f"{diary.name}.1").write_text('{"text": "1"}\n{"text": "2"}\n', "utf-8")
    diary.with_name(f"{diary.name}.2").write_text('{"text": "0"}\n', "utf-8")
    assert [line["text"] for line in logs.read_diary(folder, 9)] == ["0", "1", "2"]
    assert [line["text"] for line in logs.read_diary(folder, 2)] == ["1", "2"]


def test_it_rotates_and_keeps_three(diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        LOG.info("%s %s", number, "x" * (logs.MAX_BYTES // 10))
    kept = sorted(path.name for path in diary.parent.iterdir())
    assert kept == [diary.name, *(f"{diary.name}.{number}" for number in (1, 2, 3))]
    assert all(path.stat().st_size <= logs.MAX_BYTES for path in diary.parent.iterdir())


def test_nothing_is_created_before_the_first_line_or_without_a_folder(tmp_path: Path) -> None:
    opened = logs.open_diary(tmp_path)
    assert list(tmp_path.iterdir()) == []
    logs.close_diary(opened)
    assert logs.open_diary(tmp_path / "nowhere") is None
    logs.close_diary(None)


def test_a_diary_that_cannot_be_written_does_not_stop_the_work(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file in the way", encoding="utf-8")
    opened = logs.open_diary(tmp_path)
    try:
        LOG.error("still here")
    finally:
        logs.close_diary(opened)
    assert (tmp_path / "logs").is_file()
