"""How long a start takes, for whoever measures it: written to a file, then the window closes.

Asked for with the variable `LEARNSITE_START_TIMES`, the path of that file. It gets a JSON object:
`paint` and `filled` (CPU and wall seconds since the process began, up to the first paint and to the
day's list), `loaded` (names of the modules that were there at the first paint) and `peak_kb`.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from learnsite_desktop.ui.main_window import MainWindow

VARIABLE: Final = "LEARNSITE_START_TIMES"


class StartTimes(QObject):
    """Watches one start."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        super().__init__(window)
        self._window, self._out = window, out
        self._found: dict[str, Any] = {}
        self._over = False
        window.painted.connect(self._painted)
        window.begun.connect(self._begun)

    def _painted(self) -> None:
        cpu, now, loaded = time.process_time(), time.time(), sorted(sys.modules)
        self._found |= {"paint": _spent(cpu, now), "loaded": loaded}

    def _begun(self) -> None:
        desk = self._window.desk
        for lane in (desk.reader, desk.writer) if desk is not None else ():
            lane.changed.connect(self._look)
        QTimer.singleShot(0, self, self._look)

    def _look(self) -> None:
        desk = self._window.desk
        if not self._over and (desk is None or (desk.reader.idle and desk.writer.idle)):
            self._over = True
            self._window.repaint()
            cpu, now = time.process_time(), time.time()
            self._found |= {"filled": _spent(cpu, now), "peak_kb": _peak_kb()}
            self._out.write_text(json.dumps(self._found), encoding="utf-8")
            QTimer.singleShot(0, self._window, self._window.close)


def _spent(cpu: float, now: float) -> dict[str, float]:
    import psutil  # noqa: PLC0415 - only when somebody measures

    return {"cpu": cpu, "wall": now - psutil.Process().create_time()}


def _peak_kb() -> int:
    """Return the most memory the process has had at a time, 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = [line.split()[1] for line in lines.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) if found else 0
