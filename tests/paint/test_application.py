"""Drawing and windows in one process: Qt takes one application, so it must fit both."""

import os
import subprocess
import sys

import pytest

PAINT_FIRST = (
    "from learnsite_desktop.paint.booklet import drawing_application\n"
    "from PySide6.QtWidgets import QApplication, QLabel\n"
    "drawing_application()\n"
    "app = QApplication.instance()\n"
    "assert isinstance(app, QApplication), app\n"
    "QLabel('x').show()\n"
)
WITHOUT_WINDOWS = (
    "import sys\n"
    "from learnsite_desktop.paint.booklet import drawing_application\n"
    "drawing_application()\n"
    "assert 'PySide6.QtWidgets' not in sys.modules\n"
)


@pytest.mark.parametrize(
    "lines", ["import PySide6.QtWidgets\n" + PAINT_FIRST, WITHOUT_WINDOWS], ids=["window", "page"]
)
def test_what_is_drawn_first_leaves_room_for_a_window(lines: str) -> None:
    """And what only draws loads no widgets."""
    found = subprocess.run(
        [sys.executable, "-c", lines],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert found.returncode == 0, found.stderr
