"""Corrections from the grid: a cell or a pasted block, asked about where a reason is wanted."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.session_edits import Change
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.ledger import presenter
from learnsite_desktop.ui.screens.ledger.columns import COLUMNS, block_of, read_block
from learnsite_desktop.ui.screens.ledger.grid import Grid, read_cell
from learnsite_desktop.ui.screens.ledger.model import LedgerModel
from learnsite_desktop.ui.screens.ledger.presenter import Correction
from learnsite_desktop.ui.screens.ledger.wanted import Wanted


class Correcting(QObject):
    """Takes what was typed or pasted to the records; `ended` when the grid has the word again."""

    ended = Signal()

    def __init__(self, desk: Desk, grid: Grid, model: LedgerModel) -> None:
        super().__init__(grid)
        self._desk, self._grid, self._model = desk, grid, model
        self._open: Correction | None = None
        self._sent = False
        self._waiting: list[tuple[Correction, Sequence[Issue]]] = []
        self.wanted = Wanted()
        self.wanted.answered.connect(self.go_on)
        self.wanted.dropped.connect(self._drop)
        grid.cells.written.connect(self._written)

    @property
    def pending(self) -> bool:
        """Whether a correction waits for a reason."""
        return self._open is not None

    def _written(self, cell: object) -> None:
        if not isinstance(cell, tuple):
            return
        row, column, text = cell
        line = self._model.line(row)
        fields = read_cell(column, text, self._desk.clock.now().date())
        if fields is None:
            said = {"text": text, "column": _(COLUMNS[column].heading)}
            told = N_("“%(text)s” is no valid “%(column)s”. Nothing was changed.")
            self._desk.say(render(told, said), Tone.WARNING)
        elif line is not None:
            self._begin([(line.row.record, fields)])

    def paste(self) -> None:
        """Put the clipboard's cells in from the chosen cell on, as one change."""
        row, column = self._grid.corner()
        if row < 0:
            self._desk.say(_("Choose the first cell, then paste."), Tone.WARNING)
            return
        block = block_of(QGuiApplication.clipboard().text())
        paste = read_block(block, column, self._desk.clock.now().date())
        trouble = presenter.paste_trouble(paste, self._model.rowCount() - row)
        if trouble:
            self._desk.say(trouble, Tone.WARNING)
            return
        lines = [self._model.line(row + number) for number in range(len(paste.rows))]
        self._begin(presenter.changes_of(lines, paste.rows))

    def _begin(self, changes: Sequence[Change]) -> None:
        try:
            correction = self._desk.read(lambda ws: presenter.correction_of(ws, changes))
        except Refusal as refusal:
            self._desk.feedback.refuse(refusal)
            return
        if correction.wants_why:
            self._ask(correction)
        else:
            self._save(correction)

    def _ask(self, correction: Correction, issues: Sequence[Issue] = ()) -> None:
        """Ask what a correction still needs; one that is being asked about already goes first."""
        if self._open is not None:
            self._waiting.append((correction, issues))
            self._desk.say(_("Answer below first; this correction is asked about next."), Tone.NOTE)
            return
        self._open = correction
        if issues:
            self.wanted.ask_reasons(issues, why=correction.wants_why)
        else:
            self.wanted.ask_why()

    def go_on(self) -> None:
        """Save with the reasons written."""
        if self._open is None or self._sent:
            return
        self.wanted.why.commit()
        why = self.wanted.why.value()
        if self._open.wants_why and not why:
            self.wanted.why.setFocus()
            return
        reasons = self.wanted.issues.reasons()
        self._open = replace(self._open, why=why, reasons=reasons or None)
        self._sent = True
        self._save(self._open)

    def _save(self, correction: Correction) -> None:
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _progress: presenter.correct(ws, correction, operator),
            lambda result: self._saved(correction, result),
            lambda refusal: self._failed(correction, refusal),
        )

    def _saved(self, correction: Correction, result: CaptureResult) -> None:
        asked = correction is self._open
        if asked:
            self._sent = False
        blocking = [issue for issue in result.issues if issue.blocking]
        errors = [issue for issue in blocking if issue.severity is Severity.ERROR]
        if blocking and not errors:
            if asked:
                self._open = None
            self._ask(correction, blocking)
            return
        if errors:
            self._desk.say(issue_text(errors[0]), Tone.ERROR)
        else:
            count = len(correction.changes)
            self._desk.say(render(N_("%(count)s sessions corrected."), {"count": count}))
        # Whoever writes in the next cell already is not disturbed.
        if asked:
            self.wanted.close_quietly()
            self._next()

    def _failed(self, correction: Correction, refusal: Refusal) -> None:
        """The disk refused: what was asked stays, to be tried again."""
        if correction is self._open:
            self._sent = False
        self._desk.feedback.refuse(refusal)

    def _next(self) -> None:
        self._open = None
        if self._waiting:
            self._ask(*self._waiting.pop(0))
        else:
            self.ended.emit()

    def _drop(self) -> None:
        # One that is on its way to the disk already says itself what became of it.
        if not self._sent:
            self._desk.say(_("Nothing was changed."), Tone.NOTE)
        self._sent = False
        self._next()

    def drop_all(self) -> None:
        """Drop what was not answered, for the screen is left."""
        self._waiting.clear()
        self.wanted.shut()
