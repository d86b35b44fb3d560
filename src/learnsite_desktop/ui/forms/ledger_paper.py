"""Which ledger to print or to write as a workbook, and whether with names in full."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.paint.booklet import PdfPrinter
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.ledger_files import ledger_printout, write_ledger
from learnsite_desktop.services.ledger_shapes import Ledger
from learnsite_desktop.services.ledgers import KINDS, Question, make_ledger
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.esc import EscFirst
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.form import FieldForm

_MASKED, _FULL = "1", "2"
_NAMES: Final = (
    (_MASKED, N_("names with a star, for hanging out")),
    (_FULL, N_("names in full; the reason is noted")),
)


class LedgerPaper(QFrame):
    """A card: which ledger, names masked or in full; Enter goes on, Esc closes."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._desk = desk
        EscFirst(self, self.shut)
        self._activity, self._as_book = "", False
        self.form = FieldForm()
        self.kind = CodeChoice(_("Which ledger"), ())
        self.names = CodeChoice(_("Names"), [Option(code, _(text)) for code, text in _NAMES])
        self.period = TextField(_("Period"), digits=True)
        self.reason = TextField(_("Reason"))
        self.form.add(_("Which ledger"), self.kind)
        self.form.add(_("Period"), self.period)
        self.form.add(_("Names"), self.names)
        self._caption = self.form.add(_("Reason"), self.reason)
        self.names.committed.connect(self._show_reason)
        self.form.enter.finished.connect(self._go)
        self._going = QPushButton()
        self._going.clicked.connect(self._go)
        closing = QPushButton(_("Close (Esc)"))
        closing.clicked.connect(self.shut)
        buttons = QHBoxLayout()
        buttons.addWidget(self._going)
        buttons.addWidget(closing)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.form)
        column.addLayout(buttons)
        self.hide()

    def begin(
        self, kinds: Sequence[str], period: str, *, activity: str = "", as_book: bool = False
    ) -> None:
        """Ask which of `kinds`; `as_book` writes a workbook, otherwise pages are shown."""
        self._activity, self._as_book = activity, as_book
        self.period.set_value(period)
        titles = {kind: _(KINDS[kind][0]) for kind in kinds}
        self.kind.set_options([Option(kind, title) for kind, title in titles.items()])
        self.kind.set_value(kinds[0])
        self.names.set_value(_MASKED)
        self.reason.set_value("")
        self._going.setText(_("Write a workbook (Enter)") if as_book else _("Show pages (Enter)"))
        icons.tint(self._going, "excel" if as_book else "print")
        self._show_reason()
        self.show()
        self.kind.setFocus(Qt.FocusReason.OtherFocusReason)
        self.kind.selectAll()

    def _show_reason(self) -> None:
        wanted = self.names.value() == _FULL
        self.reason.setVisible(wanted)
        self._caption.setVisible(wanted)

    def _go(self) -> None:
        for line in (self.period, self.reason):
            line.commit()
        reveal = self.names.value() == _FULL
        if reveal and not self.reason.value():
            self.form.problem(self.reason, _("Write what the full names are needed for."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        kind = self.kind.value()
        asked = Question(
            period=self.period.value(),
            activity=self._activity,
            reveal=reveal,
            why=self.reason.value(),
            operator=self._desk.operator,
        )
        if self._as_book:
            self._write(kind, asked)
        else:
            self._show(kind, asked)

    def _show(self, kind: str, asked: Question) -> None:
        def made(ledger: Ledger) -> None:
            self.shut()
            show_paper(self._desk, self.window(), ledger.title, ledger_printout(ledger))

        self._task(lambda ws, progress: make_ledger(ws, kind, asked, progress), made, asked)

    def _write(self, kind: str, asked: Question) -> None:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        name = f"{_(KINDS[kind][0])} {asked.period}.xlsx"
        start = Path(QStandardPaths.writableLocation(place)) / name
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Write a workbook"), str(start), _("Workbooks (*.xlsx)")
        )
        if not chosen:
            return
        out = Path(chosen)

        def written(_found: object) -> None:
            self.shut()
            self._desk.say(render(_("Written: %(path)s"), {"path": str(out)}), Tone.OK)

        def job(ws: Any, progress: Any) -> Any:
            return write_ledger(ws, kind, asked, out, PdfPrinter, progress)

        self._task(job, written, asked)

    def _task(self, job: Any, done: Any, asked: Question) -> None:
        """Do it in the reader lane; names in full are noted, which is a write."""
        label = _("Making the ledger")
        if asked.reveal:
            self._desk.write(label, job, done)
        else:
            self._desk.look_up(label, job, done)

    def shut(self) -> None:
        """Close the card."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
