"""The self-check: how this computer stands, in lines that can be read out on the phone."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.paint import surroundings
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import checkup, diagnostics, health
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.checkup import presenter
from learnsite_desktop.ui.screens.checkup.pack import PackCard
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.row_list import RowList

_TONES = {True: "ok", False: "error"}


class View(Screen):
    """The lines of the check; the pack that can be sent lies behind them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.verdict, self._said, self.next_step = QLabel(), QLabel(), QLabel()
        self.verdict.setProperty("role", "title")
        self._said.setProperty("role", "muted")
        self.next_step.setAccessibleName(_("What to do next"))
        for label in (self.verdict, self._said, self.next_step):
            label.setWordWrap(True)
        self.list: RowList[presenter.Row] = RowList(
            _("Results of the check"),
            (_("No."), _("Code to say"), _("What is so"), _("State")),
            wide=(2,),
        )
        self.list.moved.connect(self._show_step)
        self.pack = PackCard()
        self.pack.wanted.connect(self.finish)
        self.pack.closed.connect(self._to_lines)
        self._stack = QStackedWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.verdict, self._said):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addWidget(self.next_step)
        buttons = FlowLayout(gap=8)
        for text, icon, keys, deed in (
            (_("Check again"), "refresh", "F5", self._check),
            (_("Thorough check"), "review", "F6", self._check_deep),
            (_("Diagnostics pack"), "exported", "F7", self._collect),
        ):
            button = QPushButton(f"{text} {keys}")
            button.setAutoDefault(True)
            icons.tint(button, icon)
            button.clicked.connect(deed)
            self.key(keys, button.click)
            buttons.addWidget(button)
        column.addLayout(buttons)
        self._stack.addWidget(lines)
        self._stack.addWidget(self.pack)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def open(self, about: str) -> None:  # noqa: ARG002 - it is about this computer
        """Look over everything anew."""
        self._to_lines()
        self._check()

    def refresh(self, changes: ChangeSet) -> None:
        """Nothing that is entered shows here."""

    def search(self) -> None:
        """Ctrl+F: to the lines."""
        self._to_lines()

    def next_problem(self) -> bool:
        """F8: to the next line that asks for something."""
        return self._stack.currentIndex() == 0 and self.list.select_next(presenter.PROBLEMS)

    # The check

    def _check(self) -> None:
        self._look(deep=False)

    def _check_deep(self) -> None:
        self._look(deep=True)

    def _look(self, *, deep: bool) -> None:
        fonts = surroundings.chinese_fonts()

        def look(workspace: Workspace, _progress: Progress) -> list[checkup.Finding]:
            found = health.check(workspace, deep=deep)
            return checkup.look_over(workspace, found, chinese_fonts=fonts)

        self.verdict.setText(_("Checking"))
        self.desk.look_up(
            _("Checking"),
            look,
            self._show,
            lambda refusal: self._show([checkup.of_refusal(refusal)]),
        )

    def _show(self, findings: list[checkup.Finding]) -> None:
        self.verdict.setText(checkup.verdict(findings))
        self.verdict.setProperty("tone", _TONES[checkup.is_well(findings)])
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)
        self._said.setText(presenter.said_of(self.desk.clock.now()))
        self.list.show_rows(presenter.rows(findings))
        self.list.select_first()
        self._show_step()

    def _show_step(self) -> None:
        row = self.list.current()
        self.next_step.setText(f"→ {row.next_step}" if row is not None and row.next_step else "")

    def _to_lines(self) -> None:
        self._stack.setCurrentIndex(0)
        self.list.setFocus()

    # The pack

    def _collect(self) -> None:
        folder, clock, screen = self.desk.folder, self.desk.clock, surroundings.facts()
        self.desk.look_up(
            _("Gathering the diagnostics pack"),
            lambda _ws, _progress: diagnostics.collect(folder, clock, screen=screen),
            self._show_pack,
        )

    def _show_pack(self, pack: diagnostics.Pack) -> None:
        self._stack.setCurrentWidget(self.pack)
        self.pack.show_pack(pack)

    def finish(self) -> None:
        """Ctrl+S: save the pack that is shown; without one, gather it first."""
        pack = self.pack.pack
        if self._stack.currentWidget() is not self.pack or pack is None:
            self._collect()
            return
        name = diagnostics.name_at(self.desk.clock.now())
        found, _kind = QFileDialog.getSaveFileName(
            self, _("Save the diagnostics pack"), str(Path.home() / name), "*.zip (*.zip)"
        )
        if not found:
            return
        path = Path(found).with_suffix(diagnostics.SUFFIX)

        def saved(_size: Any) -> None:
            self._to_lines()
            show = Action(_("Show the folder"), lambda: _show_folder(path.parent))
            text = _("Saved: %(file)s. Send this file to whoever supports you.")
            self.desk.say(render(text, {"file": path.name}), Tone.OK, show)

        self.desk.look_up(
            _("Saving the diagnostics pack"),
            lambda _ws, _progress: diagnostics.write(pack, path),
            saved,
        )


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
