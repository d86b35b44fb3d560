"""Forms: label, field, and what is wrong with it, one under the other."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.widgets.enter import EnterMovesOn
from learnsite_desktop.ui.widgets.fields import LineField


class FieldForm(QWidget):
    """Labelled fields. Enter goes from one to the next (`enter.finished` after the last)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        column.addStretch(1)
        self._grid.setColumnStretch(1, 1)
        self._notes: dict[QWidget, QLabel] = {}
        self._hints: dict[QWidget, str] = {}
        self._wrong: list[QWidget] = []
        self._off: set[QWidget] = set()
        self.enter = EnterMovesOn(self)
        theme.signals().changed.connect(self._fit)
        self._fit()

    def add(self, label: str, widget: QWidget, *, hint: str = "") -> QLabel:
        """Add a field with its label; `hint` stands under it. Return the label.

        The label is the field's accessible name unless it has one. A LineField that is not
        understood says so by itself.
        """
        for reached in (widget, widget.focusProxy()):
            if reached is not None and not reached.accessibleName():
                reached.setAccessibleName(label.replace("&", ""))
        caption = QLabel(label)
        caption.setBuddy(widget)
        note = QLabel(hint, self)  # with its parent: it would flash as a window of its own
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        note.setVisible(bool(hint))
        cell = QVBoxLayout()
        cell.setSpacing(2)
        cell.addWidget(widget)
        cell.addWidget(note)
        row = self._grid.rowCount()
        self._grid.addWidget(
            caption, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
        )
        self._grid.addLayout(cell, row, 1)
        self._notes[widget], self._hints[widget] = note, hint
        if isinstance(widget, LineField):
            widget.misread.connect(lambda: self.problem(widget, _("Not understood. Type it anew.")))
            widget.editingFinished.connect(lambda: self._forgive(widget))
        caption.setMinimumHeight(widget.sizeHint().height())
        return caption

    def add_wide(self, widget: QWidget) -> None:
        """Add something across both columns."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def show_row(self, widget: QWidget, *, shown: bool) -> None:
        """Show or hide a field together with its label and what stands under it."""
        (self._off.discard if shown else self._off.add)(widget)
        note = self._notes[widget]
        note.setVisible(shown and bool(note.text()))
        widget.setVisible(shown)
        for label in self.findChildren(QLabel):
            if label.buddy() is widget:
                label.setVisible(shown)

    def problem(self, widget: QWidget, text: str, tone: str = "error") -> None:
        """Say under a field what is wrong with it, as error or warning; "" shows its hint."""
        note = self._notes[widget]
        note.setText(text or self._hints[widget])
        note.setVisible(bool(note.text()) and widget not in self._off)
        note.setProperty("tone", tone if text else "")
        note.setProperty("role", "" if text else "muted")
        note.style().unpolish(note)
        note.style().polish(note)
        widget.setAccessibleDescription(note.text())
        if text and widget not in self._wrong:
            self._wrong.append(widget)
        elif not text and widget in self._wrong:
            self._wrong.remove(widget)

    def problems(self) -> list[QWidget]:
        """The fields with a problem, from top to bottom."""
        return [widget for widget in self._notes if widget in self._wrong]

    def go_to_next_problem(self) -> bool:
        """Put the focus into the next field with a problem; False when there is none."""
        wrong = self.problems()
        if not wrong:
            return False
        inside = [widget.hasFocus() or widget.isAncestorOf(self.focusWidget()) for widget in wrong]
        place = inside.index(True) + 1 if True in inside else 0
        wrong[place % len(wrong)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the letters in size."""
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        super().changeEvent(event)

    def _forgive(self, field: LineField) -> None:
        misread = _("Not understood. Type it anew.")
        if field.is_readable() and self._notes[field].text() == misread:
            self.problem(field, "")

    def _fit(self) -> None:
        unit = self.fontMetrics().height()
        self._grid.setVerticalSpacing(unit // 2)
        self._grid.setHorizontalSpacing(unit // 2)
        for field in self._notes:
            caption = next(
                (label for label in self.findChildren(QLabel) if label.buddy() is field), None
            )
            if caption is not None:
                caption.setMinimumHeight(field.sizeHint().height())
