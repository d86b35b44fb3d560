from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from tests.desks import found_village
from tests.tools.qtkeys import Keys
from tests.ui.conftest import *
def test_x(open_window, qtbot, tmp_path):
    desk = found_village(tmp_path / "data")
    window = open_window(desk.folder)
    f=lambda s: print(s, QGuiApplication.focusWindow(), QApplication.focusWidget(), QApplication.activeWindow())
    f("opened")
    keys = Keys(qtbot, window)
    f("keys")
    window.go("preferences")
    f("went")
    keys.press("F2")
    f("pressed")
    qtbot.wait(100)
    f("later")
    assert 0
