"""What the window says on opening: records put back by hand, a computer that was revoked."""

from pathlib import Path

from learnsite_desktop.services import runs
from tests.desks import TOWNSHIP, VILLAGE, Desk, found_village, opened, small_class
from tests.ui.conftest import OpenWindow


def test_a_database_without_its_mark_is_told_once(tmp_path: Path, open_window: OpenWindow) -> None:
    village = found_village(tmp_path / "village")
    village.capture(small_class())
    (village.folder / runs.RUN_NAME).unlink()
    assert "手工" in open_window(village.folder).feedback.text
    diary = village.folder / "logs" / "learnsite.jsonl"
    assert "database_copied" in diary.read_text(encoding="utf-8")


def test_a_revoked_computer_is_told_whenever_it_opens(
    tmp_path: Path, open_window: OpenWindow
) -> None:
    township = Desk(tmp_path / "township", TOWNSHIP)
    township("init", "--tier", "township", "--unit", TOWNSHIP)
    village = opened(township, VILLAGE, tmp_path / "village")
    township.receive(village.pack(TOWNSHIP, tmp_path / "stick"))
    (row,) = township("devices", "--unit", VILLAGE)["devices"]
    file = township("revoke", row["fingerprint"], "--out", tmp_path / "stick")["path"]
    village.receive(Path(file))
    assert "吊销" in open_window(village.folder).feedback.text
