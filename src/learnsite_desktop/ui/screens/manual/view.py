"""The help: pages at the left, the page at the right; Esc goes back to the screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
)

from learnsite_desktop import __version__
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.updates.held import newest_for_here
from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.manual import presenter
from learnsite_desktop.ui.widgets.fields import TextField

_NAME = Qt.ItemDataRole.UserRole


class View(Screen):
    """One page at a time; the one of the screen that F1 was pressed at comes first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._pages = {one.name: one for one in presenter.pages()}
        self.sought = TextField(_("Find in the help"), placeholder=_("Find in the help (Ctrl+F)"))
        self.sought.textChanged.connect(self._list_pages)
        self.sought.returnPressed.connect(self._to_page)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Pages of the help"))
        self.list.setSpacing(2)
        self.list.currentItemChanged.connect(self._show)
        self.page = QTextBrowser()
        self.page.setAccessibleName(_("Help"))
        self.page.setOpenLinks(False)
        self.print = QPushButton(_("Print (Ctrl+P)"))
        icons.tint(self.print, "print")
        self.print.clicked.connect(self.print_page)
        self.program = QPushButton()
        icons.tint(self.program, "refresh")
        self.program.clicked.connect(lambda: desk.go("updates"))
        self.key("F5", self.program.click)
        side = QVBoxLayout()
        for part in (self.sought, self.list, self.program, self.print):
            side.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(side)
        row.addWidget(self.page, 1)
        theme.signals().changed.connect(self._fit)
        self._fit()

    def open(self, about: str) -> None:
        """Show the page of a screen; its own page explains the help itself."""
        self.sought.set_value("")
        self._list_pages()
        self._choose(about if about in self._pages else presenter.FIRST[0])
        newest = self.desk.read(newest_for_here)
        said = {"version": newest.version if newest else __version__}
        text = N_("Version %(version)s has come (F5)") if newest else N_("Version %(version)s (F5)")
        self.program.setText(render(text, said))
        self.page.setFocus()

    def search(self) -> None:
        """Put the focus where one searches."""
        self.sought.setFocus()
        self.sought.selectAll()

    def print_page(self) -> None:
        """Print the page that is shown."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        chooser = QPrintDialog(printer, self)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paper = QTextDocument(chooser)
        paper.setMarkdown(self._markdown())
        chooser.accepted.connect(lambda: paper.print_(printer))
        QDialog.open(chooser)  # its own `open` wants a slot of the old kind

    def _current(self) -> str:
        place = self.list.currentRow()
        return str(self.list.item(place).data(_NAME)) if place >= 0 else ""

    def _choose(self, name: str) -> None:
        for place in range(self.list.count()):
            if self.list.item(place).data(_NAME) == name:
                self.list.setCurrentRow(place)

    def _list_pages(self) -> None:
        before = self._current()
        self.list.blockSignals(True)
        self.list.clear()
        for one in presenter.having(list(self._pages.values()), self.sought.text()):
            item = QListWidgetItem(one.title)
            item.setData(_NAME, one.name)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._choose(before)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _to_page(self) -> None:
        self.page.setFocus()

    def _show(self) -> None:
        if self._current():
            self.page.document().setMarkdown(self._markdown())
            self.page.document().setDocumentMargin(self.fontMetrics().height())
            self.page.verticalScrollBar().setValue(0)

    def _markdown(self) -> str:
        one = self._pages[self._current()]
        return f"# {one.title}\n\n{one.text}\n"

    def _fit(self) -> None:
        self.list.setFixedWidth(self.fontMetrics().averageCharWidth() * 24)
        self.sought.setFixedWidth(self.list.width())
        self._show()
