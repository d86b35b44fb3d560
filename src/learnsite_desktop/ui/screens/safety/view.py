"""The backup screen: one key copies everything to the stick; below, the way back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.backups import SUFFIX, backup, last_backup
from learnsite_desktop.services.handover import handover_page
from learnsite_desktop.services.moving import move_out
from learnsite_desktop.services.restoring import Look, look_into
from learnsite_desktop.services.safekeeping import replace_with
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import ask
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.safety import presenter
from learnsite_desktop.ui.screens.safety.cards import LookCard, MoveCard
from learnsite_desktop.ui.screens.safety.presenter import Places, Row
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.row_list import RowList


class View(Screen):
    """Backups, the way back from them, moving, handing over."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._places: Places | None = None
        self._waiting: Callable[[], None] | None = None
        self._automatic, self._carried = QLabel(), QLabel()
        self.target = QComboBox()
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.target.setAccessibleName(_("Where the copy goes"))
        self.now = QPushButton(_("Back up now (Ctrl+S)"))
        self.now.setProperty("role", "primary")
        self.now.setAutoDefault(True)
        icons.tint(self.now, "backup", "on_accent")
        self.list: RowList[Row] = RowList(
            _("Backups"), (_("Made"), _("File"), _("Size")), wide=(1,)
        )
        self._empty = EmptyState(
            "backup",
            _("No backup yet. The program makes one by itself at the start and at the end."),
        )
        self.look, self.moving = LookCard(), MoveCard()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        state = QVBoxLayout()
        for label in (self._carried, self._automatic):
            state.addWidget(label)
        top.addLayout(state, 1)
        top.addWidget(self.target)
        top.addWidget(self.now)
        for widget in (self.list, self._empty, self.look, self.moving):
            self._stack.addWidget(widget)
        below = QHBoxLayout()
        for text, icon, keys, deed in (
            (_("Open a backup"), "folder", "Ctrl+O", self._open_file),
            (_("Self-check"), "heartbeat", "F5", lambda: self.desk.go("checkup")),
            (_("New computer"), "forward", "F6", self._begin_move),
            (_("Hand-over page"), "print", "F7", self.print_page),
        ):
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            button.clicked.connect(deed)
            self.key(keys, button.click)
            below.addWidget(button)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(below)

    def _connect(self) -> None:
        self.now.clicked.connect(self.finish)
        self.list.chosen.connect(lambda row: self._look_into(Path(row.key)))
        self.look.wanted.connect(self._restore)
        self.moving.wanted.connect(self._move)
        for card in (self.look, self.moving):
            card.closed.connect(self._back_to_list)
        self.desk.backed_up.connect(self._look_around)

    # What the window calls

    def open(self, about: str) -> None:
        """Show how things stand; the focus is on the one thing to do.

        `about` may be the path of a backup to look into.
        """
        self._stack.setCurrentWidget(self.list)
        self._show_state()
        self._look_around()
        self.now.setFocus()
        if about:
            self._look_into(Path(about))

    def refresh(self, changes: ChangeSet) -> None:
        """Nothing that is entered shows here."""

    def finish(self) -> None:
        """Ctrl+S: copy everything to the chosen place now."""
        if self._places is None:
            self._waiting = self.finish
            return
        self._to_place(_("Choose where the copy goes"), self._back_up)

    def print_page(self) -> None:
        """Show the page for whoever takes over; it is printed or kept as a file from there."""
        title = _("Hand-over")
        self.desk.look_up(
            _("Making the hand-over page"),
            lambda ws, _progress: handover_page(ws),
            lambda page: show_paper(self.desk, self, title, page),
        )

    def search(self) -> None:
        """Ctrl+F: to the list of backups."""
        self._back_to_list()

    # Showing

    def _show_state(self) -> None:
        last, now = self.desk.read(last_backup), self.desk.clock.now()
        automatic, carried = presenter.state_lines(last, now)
        self._automatic.setText(automatic)
        self._automatic.setProperty("role", "muted")
        self._carried.setText(carried)
        self._carried.setProperty("tone", "error" if last.overdue(now) else "ok")
        self._carried.style().unpolish(self._carried)
        self._carried.style().polish(self._carried)

    def _look_around(self) -> None:
        folder, now = self.desk.folder, self.desk.clock.now()
        self.desk.look_up(
            "", lambda _ws, _progress: presenter.look_around(folder, now), self._show_places
        )

    def _show_places(self, places: Places) -> None:
        self._places = places
        former = self.target.currentData()
        self.target.clear()
        for stick in places.sticks:
            self.target.addItem(render(_("stick %(path)s"), {"path": str(stick)}), stick)
        self.target.addItem(_("another folder…"), None)
        kept = self.target.findData(former) if former is not None else -1
        self.target.setCurrentIndex(max(kept, 0))
        self.list.show_rows(places.rows)
        if self._stack.currentWidget() in (self.list, self._empty):
            self._stack.setCurrentWidget(self.list if places.rows else self._empty)
        self._show_state()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting()

    def _back_to_list(self) -> None:
        there = self._places is not None and bool(self._places.rows)
        self._stack.setCurrentWidget(self.list if there else self._empty)
        (self.list if there else self.now).setFocus()

    # Copies

    def _to_place(self, title: str, deed: Callable[[Path], None]) -> None:
        """Do something with the chosen stick, or with a folder that is asked for."""
        stick = self.target.currentData()
        if stick is not None:
            deed(Path(stick))
            return
        found = QFileDialog.getExistingDirectory(self, title)
        if found:
            deed(Path(found))

    def _back_up(self, folder: Path) -> None:
        def written(answer: dict[str, Any]) -> None:
            size = f"{answer['bytes'] / 1024 / 1024:.1f}"
            said = {"path": answer["path"], "size": size, "count": answer["operations"]}
            text = _("Copied and read back: %(path)s, %(size)s MB, %(count)s entries.")
            self.desk.say(render(text, said))
            self.desk.backed_up.emit()

        self.desk.write(_("Copying everything"), lambda ws, _p: backup(ws, folder), written)

    # The way back

    def _open_file(self) -> None:
        places = self._places.sticks if self._places is not None else ()
        start = str(places[0]) if places else ""
        found, _kind = QFileDialog.getOpenFileName(
            self, _("Choose a backup"), start, f"*{SUFFIX} *.db (*{SUFFIX} *.db)"
        )
        if found:
            self._look_into(Path(found))

    def _look_into(self, path: Path) -> None:
        def looked(look: Look) -> None:
            self._stack.setCurrentWidget(self.look)
            self.look.show_look(path, look)

        self.desk.look_up(
            _("Looking into the backup"), lambda ws, _progress: look_into(path, ws), looked
        )

    def _restore(self) -> None:
        path, window = self.look.path, self.window()
        if not isinstance(window, MainWindow) or not ask(
            self,
            _("Restore a backup"),
            _(
                "The backup takes the place of the present records. These are set aside first and "
                "can be brought back the same way. Photos stay."
            ),
            _("Restore"),
        ):
            return
        from learnsite_desktop.ui.beginning import begin_after  # noqa: PLC0415 - opens screens

        begin_after(
            window,
            _("Restoring the backup"),
            lambda folder, clock: replace_with(folder, path, clock),
            render(_("Restored from %(file)s."), {"file": path.name}),
        )

    # The move

    def _begin_move(self) -> None:
        self._stack.setCurrentWidget(self.moving)
        stick = self.target.currentData()
        self.moving.begin(Path(stick) if stick is not None else None)

    def _move(self) -> None:
        self._to_place(_("Choose where the records go"), self._move_to)

    def _move_to(self, folder: Path) -> None:
        def moved(answer: dict[str, Any]) -> None:
            from learnsite_desktop.ui.beginning import begin_after  # noqa: PLC0415

            window = self.window()
            if isinstance(window, MainWindow):
                said = render(_("Everything is in %(path)s."), {"path": answer["path"]})
                begin_after(window, _("Closing the records"), lambda *_: None, said)

        self.desk.write(_("Copying everything"), lambda ws, _p: move_out(ws, folder), moved)
