"""The import: a file is dropped, looked at, put right where needed, and taken."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import register_book, roster
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.people import people_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.roster_import import books
from learnsite_desktop.ui.screens.roster_import.options import Options
from learnsite_desktop.ui.screens.roster_import.presenter import Asked, Wish, places
from learnsite_desktop.ui.screens.roster_import.seen import Seen
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.flow import FlowLayout

SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".xlsm", ".et", ".ods", ".xlsb")


class View(Screen):
    """On the left what the table is taken for, on the right what would become of its rows."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wish: Wish | None = None
        self._table: roster.Table | None = None
        self._preview: roster.Preview | None = None
        self._asked = 0
        self._folder = ""
        self.setAcceptDrops(True)
        self.options = Options(lambda: desk.clock.now().date())
        self.seen = Seen(people_of(desk))
        self._file = QLabel()
        self._file.setProperty("role", "heading")
        self.empty = EmptyState(
            "excel",
            _("Drop a list here (Excel, WPS or CSV), or choose it. Nothing is written before you "
              "have looked at it."),
            _("Choose a file (Ctrl+O)"),
            self.choose,
        )  # fmt: skip
        self.empty.button.setAutoDefault(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._work())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack, 1)
        self.options.wanted.connect(self._look)
        self.seen.decided.connect(self._decide)
        for keys, deed in (("Ctrl+O", self.choose), ("Ctrl+E", self.write_copy),
                           ("F5", self.read_again), ("F6", self.seen.toggle)):  # fmt: skip
            self.key(keys, deed)

    def _work(self) -> QWidget:
        work = QWidget()
        columns = QHBoxLayout()
        columns.addWidget(self.options, 4)
        columns.addWidget(self.seen, 7)
        self.take_button = self._button(_("Take what is right (Ctrl+S)"), "ok", self.finish)
        self.take_button.setProperty("role", "primary")
        icons.tint(self.take_button, "ok", "on_accent")
        buttons = QWidget()
        below = FlowLayout(buttons, gap=6)
        for button in (
            self.take_button,
            self._button(_("Coloured copy (Ctrl+E)"), "excel", self.write_copy),
            self._button(_("Read again (F5)"), "refresh", self.read_again),
            self._button(_("Other file (Ctrl+O)"), "folder", self.choose),
        ):
            below.addWidget(button)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._file)
        column.addLayout(columns, 1)
        column.addWidget(buttons)
        return work

    def _button(self, text: str, icon: str, deed: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(True)
        icons.tint(button, icon)
        button.clicked.connect(deed)
        return button

    # What the window calls

    def open(self, about: str) -> None:
        """Show the file in hand, or ask for one; `about` may be a path."""
        if about:
            self.load(Path(about))
        if self._wish is None:
            self._stack.setCurrentWidget(self.empty)
            self.empty.button.setFocus()
            return
        if self.take_stale():
            self._look(self._wish)
        (self.seen.table if self._wish.complete else self.options.activity).setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Look at the file again: what was new may be kept by now, or no longer."""
        del changes
        if self._wish is not None and self._table is not None:
            self._look(self._wish)

    def finish(self) -> None:
        """Ctrl+S: take what is right."""
        preview, operator = self._preview, self.desk.operator
        if preview is None:
            self.desk.say(_("Choose a file first, and say what it is."), Tone.NOTE)
            return
        if not preview.created and not preview.updated:
            self._say_nothing(preview)
            return
        self._preview = None
        self.take_button.setEnabled(False)
        self.desk.back_up("import")
        self.desk.write(
            _("Taking the list"),
            lambda ws, progress: books.take(ws, preview, operator, progress),
            self._taken,
            lambda refusal: self._not_taken(preview, lambda: self.desk.feedback.refuse(refusal)),
        )

    def next_problem(self) -> bool:
        """F8: the next row with a fault."""
        return self.seen.next_fault()

    def search(self) -> None:
        """Ctrl+F: look for a learner."""
        self.desk.go("learners")

    # The file

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Take files that may be tables."""
        if any(_is_table(url) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Look at the first table that was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if _is_table(url)]
        if paths:
            event.acceptProposedAction()
            self.load(paths[0])

    def choose(self) -> None:
        """Ask for a file; the window goes on meanwhile."""
        places_of = QStandardPaths.writableLocation
        start = self._folder or places_of(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        dialog = QFileDialog(self, _("Choose a list"), start, f"{_('Lists')} ({kinds})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.load(Path(path)))
        dialog.open()

    def load(self, path: Path) -> None:
        """Read a file; of the same one again, or its copy, what it was to be taken as stays."""
        self._folder = str(path.parent)
        former = self._wish
        if former is not None and path in (former.path, roster.marked_path(former.path)):
            self._begin(replace(former, path=path, mapping={}))
        else:
            self._begin(Wish(path))

    def read_again(self) -> None:
        """F5: read the file anew, after it was put right in Excel."""
        if self._wish is not None:
            self._begin(self._wish)

    def _begin(self, wish: Wish) -> None:
        self._asked += 1
        asked = self._asked

        def done(table: roster.Table) -> None:
            if asked == self._asked:
                self._table = table
                self._told(table, wish)

        self.desk.look_up(
            _("Reading the file"), lambda _ws, _progress: roster.open_table(wish.path), done
        )

    def _look(self, wish: Wish) -> None:
        """Find out in the reader lane what would become of the table."""
        table = self._table
        if table is None:
            return
        self._wish = wish
        self._asked += 1
        asked = self._asked
        known = self.desk.read(places)
        self.options.setVisible(wish.kind != books.KIND)
        if wish.kind != books.KIND:
            self.options.show_wish(wish, known, table)
        self._preview = None
        self.take_button.setEnabled(False)
        if self._stack.currentWidget() is self.empty:
            self._stack.setCurrentIndex(1)
            self.seen.table.setFocus()
        if not wish.complete:
            self._ask_class(any_there=bool(known.classes))
            return

        def look(workspace: Workspace, progress: Progress) -> roster.Preview:
            return books.look(workspace, table, wish, progress)

        def done(preview: roster.Preview) -> None:
            if asked == self._asked:
                self._show(preview)

        self.desk.look_up(_("Looking at the list"), look, done)

    def _told(self, table: roster.Table, wish: Wish) -> None:
        """Look at a table that was read; a register says itself what it is."""
        there = {sheet.name for sheet in table.sheets if sheet.visible}
        wish = replace(wish, sheets=tuple(filter(there.__contains__, wish.sheets)))
        if register_book.is_book(table):
            wish = replace(wish, kind=books.KIND)
        elif wish.kind == books.KIND:
            wish = Wish(wish.path)
        try:
            self._file.setText(books.heading(table, wish))
        except Refusal as refusal:
            self._table = None
            self.desk.feedback.refuse(refusal)
            return
        self._look(wish)

    def _ask_class(self, *, any_there: bool) -> None:
        """A roster belongs to a class; where there is none yet, one is made first."""
        self.seen.clear(_("Choose the class whose roster this is."))
        self.options.activity.setFocus()
        if not any_there:
            self.desk.say(
                _("There is no class yet. Enter the class first; this list waits here meanwhile."),
                Tone.NOTE,
                Action(_("New activity"), lambda: self.desk.go("activity")),
            )

    def _show(self, preview: roster.Preview) -> None:
        self._preview = preview
        self.take_button.setEnabled(bool(preview.created or preview.updated))
        if preview.target.kind != books.KIND:
            self.options.show_preview(preview)
        self.seen.show_preview(preview)
        if self.isVisible() and not self.options.isAncestorOf(self.focusWidget()):
            self.seen.table.setFocus()

    def _decide(self, told: tuple[Asked, str]) -> None:
        if self._wish is not None:
            self._look(self._wish.decided(*told))

    # Taking

    def _taken(self, taken: roster.Taken) -> None:
        seen = taken.preview
        text = render(
            _("Taken: %(new)s new, %(changed)s changed."),
            {"new": seen.created, "changed": seen.updated},
        )
        if not seen.faulty_rows:
            self.desk.say_done(text, taken)
            return
        rest = render(
            _("%(count)s rows with faults are left: write the coloured copy, put it right there "
              "and drop it here again."),
            {"count": seen.faulty_rows},
        )  # fmt: skip
        action = Action(_("Coloured copy"), self.write_copy)
        self.desk.say(f"{text} {rest}", Tone.WARNING, action)

    def _not_taken(self, preview: roster.Preview, tell: Callable[[], None]) -> None:
        self._show(preview)
        tell()

    def _say_nothing(self, preview: roster.Preview) -> None:
        if preview.faulty_rows:
            text = _("Nothing can be taken: look at the faults (F8), or write the coloured copy.")
            self.desk.say(text, Tone.WARNING, Action(_("Coloured copy"), self.write_copy))
        else:
            self.desk.say(_("Everything in this file is kept already."), Tone.NOTE)

    def write_copy(self) -> None:
        """Ctrl+E: write a copy of the file with the faults, beside it."""
        preview = self._preview
        if preview is None or not preview.faults:
            self.desk.say(_("There are no faults to write."), Tone.NOTE)
            return
        path = roster.marked_path(preview.table.path)
        self.desk.look_up(
            _("Writing the coloured copy"),
            lambda _ws, _progress: roster.write_faults(preview, path),
            lambda count: self._written(path, count),
        )

    def _written(self, path: Path, count: int) -> None:
        said = {"name": path.name, "count": count}
        self.desk.say(
            render(_("%(count)s faults are marked in “%(name)s”, beside the list."), said),
            Tone.OK,
            Action(_("Open the folder"), partial(_open_folder, path.parent)),
        )


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _is_table(url: QUrl) -> bool:
    return url.isLocalFile() and Path(url.toLocalFile()).suffix.lower() in SUFFIXES
