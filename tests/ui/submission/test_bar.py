"""The line to hand in with."""

from pathlib import Path

from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.screens.submission.bar import Bar, Where


def bar(qtbot: QtBot, folder: Path) -> Bar:
    """Return a bar as a window over `folder` shows it."""
    made = Bar(QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(made)
    return made


def test_the_folder_last_chosen_is_offered_first_next_time(qtbot: QtBot, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    assert bar(qtbot, tmp_path).place() == Where("chat")
    bar(qtbot, tmp_path).add_folder(shared)
    assert bar(qtbot, tmp_path).place() == Where("folder", shared)
    shared.rmdir()
    assert bar(qtbot, tmp_path).place() == Where("chat")


def test_a_stick_goes_before_the_folder(qtbot: QtBot, tmp_path: Path) -> None:
    shared, stick = tmp_path / "shared", tmp_path / "stick"
    shared.mkdir()
    stick.mkdir()
    one = bar(qtbot, tmp_path)
    one.add_folder(shared)
    one.show_drives([stick])
    assert one.place() == Where("stick", stick)
    one.show_drives([])
    assert one.place() == Where("folder", shared)
