"""Paper: pages seen before they are printed, then printed or kept as a PDF file."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.printout import Printable
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.booklet import Booklet, PdfPrinter
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.printing import write_pages
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.widgets.pages import PagePreview

_DOTS_PER_MM: Final = 72 / 25.4


def show_paper(desk: Desk, parent: QWidget, name: str, *printables: Printable) -> None:
    """Show pages in a window of their own; `name` is its title and the name of a PDF file.

    A refusal (no Chinese font) stands in the bar.
    """
    try:
        booklet = Booklet(*printables)
    except Refusal as refusal:
        desk.feedback.refuse(refusal)
        return
    PaperDialog(desk, parent, name, booklet, printables).open()


def _window_of(widget: QWidget) -> QWidget:
    """Return the program's window: a dialog over it is too small a measure for a page."""
    window = widget.window()
    above = window.parentWidget()
    return window if above is None else _window_of(above)


class PaperDialog(QDialog):
    """Pages with what can be done with them: Enter prints, Ctrl+S keeps a PDF, Esc closes."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        name: str,
        booklet: Booklet,
        printables: tuple[Printable, ...],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name)
        self._desk, self._name, self._booklet, self._printables = desk, name, booklet, printables
        self._preview = PagePreview(name)
        size = booklet.size_mm(1)
        self._preview.show_pages(booklet.count, self._paint, (size.width(), size.height()))
        printing = QPushButton(_("Print… (Enter)"))
        printing.setProperty("role", "primary")
        icons.tint(printing, "print", "on_accent")
        printing.setDefault(True)
        printing.clicked.connect(self.print_out)
        keeping = QPushButton(_("Keep as PDF (Ctrl+S)"))
        keeping.clicked.connect(self.keep)
        QShortcut(QKeySequence("Ctrl+S"), self, self.keep)
        closing = QPushButton(_("Close (Esc)"))
        closing.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        for button in (printing, keeping, closing):
            button.setAutoDefault(button is printing)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self._preview, 1)
        column.addLayout(buttons)
        around = _window_of(parent).size()
        self.resize(around.width() * 3 // 4, around.height() * 9 // 10)
        printing.setFocus()

    def _paint(self, number: int, painter: QPainter) -> None:
        self._booklet.paint(painter, number, _DOTS_PER_MM)

    def print_out(self) -> None:
        """Choose a printer and print; the dialog closes when it was sent."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._name)
        chooser = QPrintDialog(printer, self)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.accepted.connect(lambda: self._send(printer))
        QDialog.open(chooser)  # its own `open` wants a slot of the old kind

    def _send(self, printer: QPrinter) -> None:
        self._booklet.print_on(printer)
        self._desk.say(_("Sent to the printer."), Tone.OK)
        self.accept()

    def keep(self) -> None:
        """Choose a name and write the PDF."""
        place = QStandardPaths.StandardLocation.DocumentsLocation
        start = Path(QStandardPaths.writableLocation(place)) / f"{self._name}.pdf"
        found, _kind = QFileDialog.getSaveFileName(
            self, _("Keep as PDF"), str(start), _("PDF files (*.pdf)")
        )
        if found:
            self.write_to(Path(found))

    def write_to(self, path: Path) -> None:
        """Write the PDF to a file; what stands in the way is told in the bar."""
        try:
            write_pages(path, PdfPrinter(), *self._printables)
        except (Refusal, OSError) as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            self._desk.feedback.refuse(refusal)
        else:
            self._desk.say(render(_("Written: %(path)s"), {"path": str(path)}), Tone.OK)
        self.accept()
