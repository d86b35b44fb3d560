"""Reports: a department's whole set with one key, what it lacks, where a number came from."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
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
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.official import datapackage, dhis2, statutory
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.catalogue import report_named
from learnsite_desktop.services.official.contents import Made
from learnsite_desktop.services.official.writing import (
    Wrote,
    copy_template,
    file_name,
    look,
    open_name,
    set_name,
    write_official,
    write_set,
)
from learnsite_desktop.services.official.written import list_written
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.reports import presenter
from learnsite_desktop.ui.screens.reports.bar import Bar
from learnsite_desktop.ui.screens.reports.cards import StatutoryCard
from learnsite_desktop.ui.screens.reports.pages import LookPage
from learnsite_desktop.ui.screens.reports.past import Past
from learnsite_desktop.ui.screens.reports.presenter import SET, Row, Shelf
from learnsite_desktop.ui.screens.reports.tables import Tables
from learnsite_desktop.ui.widgets.row_list import RowList
from learnsite_desktop.ui.widgets.scrolled import scrolled

_FOLDER: Final = "reports_folder"


class View(Screen):
    """The choices, a department's shelf with what each report holds, the deeds below."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shelf: Shelf | None = None
        self.bar = Bar(desk.preferences)
        self.bar.changed.connect(self._load)
        heads = (_("Report"), _("Holds"), _("Official cells"))
        self.list: RowList[Row] = RowList(_("Reports"), heads, wide=(0,))
        self.list.chosen.connect(lambda _row: self.finish())
        self.list.moved.connect(self._tell)
        self._about, self._target, self._below = QLabel(), QLabel(), QWidget()
        self.card, self.look = StatutoryCard(), LookPage()
        self._stack = QStackedWidget()
        self.past = Past(desk, self._show_page)
        self.tables = Tables(desk, self, self._show_page)
        self._lay_out()
        for page in (self.look, self.past.list, self.tables.page):
            page.closed.connect(self._back)
        self.card.closed.connect(self._back)
        self.look.rows.chosen.connect(lambda _row: self.finish())
        self.look.add_button(_("Write the workbook (Ctrl+S)"), "excel", self.finish, primary=True)
        self.look.add_button(_("Back (Esc)"), "back", self._back)

    def _lay_out(self) -> None:
        for label in (self._about, self._target):
            label.setWordWrap(True)
        self._target.setProperty("role", "muted")
        shelf = QWidget()
        column = QVBoxLayout(shelf)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 3)
        inside = QWidget()
        said = QVBoxLayout(inside)
        said.setContentsMargins(0, 0, 0, 0)
        said.addWidget(self._about)
        said.addStretch(1)
        column.addWidget(scrolled(inside), 2)
        column.addWidget(self._target)
        self._front = shelf
        for page in (shelf, self.card, self.look, *self.past.pages, self.tables.page):
            self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.bar)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self._below)
        self._below.setLayout(self._deeds())

    def _deeds(self) -> QVBoxLayout:
        """Return the deeds in two lines: at the largest letters one would be too wide."""
        self.write = QPushButton(_("Write (Enter)"))
        self.write.setProperty("role", "primary")
        icons.tint(self.write, "excel", "on_accent")
        self.write.clicked.connect(self.finish)
        lines = (QHBoxLayout(), QHBoxLayout())
        lines[0].addWidget(self.write)
        for line, text, icon, keys, deed in (
            (0, _("Look first"), "eye", "F5", self._look),
            (0, _("Official cells"), "note", "F4", self._ask_cells),
            (0, _("Folder"), "folder", "Ctrl+O", self._choose_folder),
            (1, _("Written reports"), "clock", "F3", self._show_past),
            (1, _("Tables"), "ledger", "F7", self._show_tables),
            (1, _("Open data"), "exported", "F6", self._write_open),
            (1, _("Template"), "series", "Ctrl+E", self._copy_template),
        ):
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(deed)
            self.key(keys, deed)
            lines[line].addWidget(button)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        for one in lines:
            one.addStretch(1)
            below.addLayout(one)
        return below

    # What the window calls

    def open(self, about: str) -> None:
        """Show the shelf of the department last chosen; `about` may name a period."""
        self.take_stale()
        today = self.desk.clock.now().date()
        choices = presenter.periods(today)
        asked = Asked(period=choices[0][0])
        self.bar.offer(
            self.desk.read(presenter.departments),
            choices,
            self.desk.read(lambda ws: presenter.units(ws, asked)),
        )
        if about:
            self.bar.choose(about)
        self._load()
        self._back()

    def refresh(self, changes: ChangeSet) -> None:
        """Ask anew what there is."""
        del changes
        self._load()
        self.tables.refresh()

    def finish(self) -> None:
        """Ctrl+S or Enter: keep the open card, else write what is chosen."""
        if self._stack.currentWidget() is self.card:
            self.card.save()
        elif self._stack.currentWidget() is self.tables.page:
            self.tables.finish()
        elif self._stack.currentWidget() in (self._front, self.look):
            self._write()

    def search(self) -> None:
        """Ctrl+F: to the number that is asked about."""
        self.past.search()

    def leave(self) -> bool:
        """Nothing typed here is lost but an open card, which is closed."""
        return True

    # The shelf

    def _load(self) -> None:
        department = self.bar.chosen_department()
        self._shelf = self.desk.read(lambda ws: presenter.shelf(ws, department))
        self.list.show_rows(self._shelf.rows)
        self._tell()

    def _tell(self) -> None:
        row, shelf = self.list.current(), self._shelf
        if row is None or shelf is None:
            return
        whole = row.kind == SET
        text = presenter.set_text(shelf) if whole else ""
        found = shelf.outlines.get(row.key)
        self._about.setText(text if found is None else presenter.outline_text(found))
        asked, folder = self.bar.asked(), self._folder()
        name = self.desk.read(
            lambda ws: (
                set_name(ws, shelf.department, asked)
                if whole
                else file_name(ws, report_named(row.key), asked)
            )
        )
        text = _("Enter writes %(name)s into %(folder)s.")
        self._target.setText(render(text, {"name": name, "folder": str(folder)}))

    def _show_page(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        # A page has its own deeds; the keys of the others work from there, too.
        self._below.setVisible(page is self._front)

    def _back(self) -> None:
        self._show_page(self._front)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # The folder

    def _folder(self) -> Path:
        kept = str(self.desk.preferences.value(_FOLDER, ""))
        if kept and Path(kept).is_dir():
            return Path(kept)
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(place) / _("learnsite reports")

    def _choose_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, _("Where reports go"), str(self._folder()))
        if found:
            self.desk.preferences.setValue(_FOLDER, found)
            self._tell()

    # Writing

    def _write(self) -> None:
        row, asked, folder = self.list.current(), self.bar.asked(), self._folder()
        if row is None or self._shelf is None:
            return
        department = self._shelf.department
        if row.kind == SET:
            self.desk.look_up(
                _("Writing reports"),
                lambda ws, progress: write_set(ws, department, asked, folder, progress),
                self._wrote,
            )
            return
        report = row.key

        def job(workspace: Any, progress: Any) -> list[Wrote]:
            out = folder / file_name(workspace, report_named(report), asked)
            return [
                write_official(
                    workspace, report, asked, out, department=department, progress=progress
                )
            ]

        self.desk.look_up(_("Writing reports"), job, self._wrote)

    def _wrote(self, done: list[Wrote]) -> None:
        if self._stack.currentWidget() is self.look:
            self._back()
        if not done:
            return
        folder = done[0].path.parent
        said = {
            "count": len(done),
            "folder": str(folder),
            "gaps": sum(len(one.gaps) for one in done),
            "state": done[0].state,
        }
        text = _(
            "Written: %(count)s workbooks in %(folder)s, state %(state)s. %(gaps)s empty cells are "
            "explained in them."
        )
        unknown = sorted({name for one in done for name in one.unknown})
        if unknown:
            text = _("Written into %(folder)s, but the template names what there is not: %(names)s")
            said["names"] = "、".join(unknown)
        tone = Tone.WARNING if unknown else Tone.OK
        self.desk.say(render(text, said), tone, _open_action(folder))

    def _look(self) -> None:
        row, asked = self.list.current(), self.bar.asked()
        if row is None or row.kind == SET:
            self.list.select_first(("report",))
            row = self.list.current()
        if row is None:
            return
        report = row.key

        def looked(found: tuple[Made, list[str]]) -> None:
            made, _unsaid = found
            self.look.rows.show_rows(presenter.look_rows(made))
            said = {"name": row.cells[0], "period": asked.period, "state": made.state}
            text = _("%(name)s, %(period)s, state %(state)s")
            self.look.say(render(text, said))
            self._show_page(self.look)
            self.look.focus()

        self.desk.look_up(
            _("Counting"), lambda ws, progress: look(ws, report, asked, progress), looked
        )

    # Official cells

    def _ask_cells(self) -> None:
        row = self.list.current()
        if row is None or self._stack.currentWidget() is not self._front:
            return
        if row.kind == SET:
            self.list.select_first(("report",))
            row = self.list.current()
        if row is None:
            return
        report = row.key
        cells = self.desk.read(lambda ws: statutory.statutory_cells(ws, report))
        self._show_page(self.card)
        self.card.show_cells(row.cells[0], cells, partial(self._keep_cells, report))

    def _keep_cells(self, report: str, values: list[str]) -> None:
        def kept(_cells: Any) -> None:
            self._load()
            self.desk.say(_("Kept: the official cells are printed on every workbook."))

        self.desk.write(
            _("Keeping the official cells"),
            lambda ws, _progress: statutory.set_statutory(ws, report, values),
            kept,
        )

    def _copy_template(self) -> None:
        row = self.list.current()
        if row is None or row.kind == SET:
            self.desk.say(_("Choose one report first: each has a template."), Tone.NOTE)
            return
        report = row.key
        path = self.desk.read(lambda ws: copy_template(ws, report))
        text = _("The template is %(path)s: change it in Excel or WPS; the next report uses it.")
        self.desk.say(render(text, {"path": str(path)}), Tone.OK, _open_action(path.parent))

    # What was written, tables, open data

    def _show_past(self) -> None:
        self.past.show(self.desk.read(list_written))

    def _show_tables(self) -> None:
        self.tables.show()

    def _write_open(self) -> None:
        asked = self.bar.asked()
        name = self.desk.read(lambda ws: open_name(ws, asked))
        folder = self._folder() / name

        def job(workspace: Any, progress: Any) -> Path:
            datapackage.write_package(workspace, asked, folder, progress)
            if dhis2.knows(asked.period):
                dhis2.write_values(workspace, asked, folder / "dataValueSets.json", progress)
            return folder

        def wrote(place: Path) -> None:
            text = _("Figures for other programs are in %(folder)s: CSV, datapackage, DHIS2.")
            self.desk.say(render(text, {"folder": str(place)}), Tone.OK, _open_action(place))

        self.desk.look_up(_("Writing open data"), job, wrote)


def _open_action(folder: Path) -> Action:
    return Action(_("Open the folder"), partial(_open_folder, folder))


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
