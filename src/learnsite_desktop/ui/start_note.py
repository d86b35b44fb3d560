"""Notes in the diary how long a start took: numbers for whoever is asked why it is slow."""

import time

from PySide6.QtCore import QObject

from learnsite_desktop.ui.main_window import MainWindow


class StartNote(QObject):
    """Watches the one start of a process."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._paint: tuple[float, float] | None = None
        self._over = False
        window.painted.connect(self._painted)
        window.begun.connect(self._begun)

    def _painted(self) -> None:
        self._paint = (time.process_time(), time.time())

    def _begun(self) -> None:
        if self._over or self._paint is None:
            return
        self._over = True
        import logging  # noqa: PLC0415 - after the paint

        import psutil  # noqa: PLC0415

        from learnsite_desktop.platform.logs import FIGURES, START_FIGURES  # noqa: PLC0415

        cpu, now, born = time.process_time(), time.time(), psutil.Process().create_time()
        paint_cpu, paint_at = self._paint
        spent = (paint_cpu, paint_at - born, cpu, now - born)
        figures = {name: round(one * 1000) for name, one in zip(START_FIGURES, spent, strict=True)}
        logging.getLogger(__name__).info("started", extra={FIGURES: figures})
