"""The right side of a roll call: row numbers, walk-ins, people counted without names, a remark."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.screens.roll_call.presenter import Roll
from learnsite_desktop.ui.screens.roll_call.walk_in import WalkIn
from learnsite_desktop.ui.widgets.fields import NumberField
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.issue_list import IssueList


class Panel(QScrollArea):
    """Everything that is typed about a session, from top to bottom in the order of the work."""

    list_wanted = Signal()
    """Down was pressed among the row numbers."""

    def __init__(self, walk_in: WalkIn) -> None:
        super().__init__()
        self.walk_in = walk_in
        self.about, self.totals = QLabel(), QLabel()
        self.about.setWordWrap(True)
        self.totals.setWordWrap(True)
        self.totals.setProperty("role", "heading")
        self.absent = QLineEdit()
        self.absent.setAccessibleName(_("Row numbers of those absent"))
        self.absent.setPlaceholderText(_("7 15 22-24 · + 3 5: only these came · 9L late"))
        self.absent.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        self.counts = {
            "total": NumberField(_("Counted without names")),
            "male": NumberField(_("of them men")),
            "over60": NumberField(_("60 and older")),
            "female": NumberField(_("of them women")),
        }
        self.estimate = QCheckBox(_("estimated"))
        self.notes = QLineEdit()
        self.notes.setAccessibleName(_("Remark"))
        self.why = QLineEdit()
        self.why.setAccessibleName(_("Reason for the correction"))
        self.why.setPlaceholderText(_("The unit above has this already: why is it changed?"))
        self.issues = IssueList()
        self.done = QPushButton(_("Finish (Ctrl+S)"))
        self.done.setProperty("role", "primary")
        icons.tint(self.done, "ok", "on_accent")
        self.again = QPushButton(_("Second roll call today (F6)"))
        self.photos = QPushButton(_("Photos (F4)"))
        icons.tint(self.photos, "evidence")
        self._lay_out()
        self._chain()

    def _lay_out(self) -> None:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(12, 0, 4, 0)
        column.addWidget(self.about)
        _titled(column, _("&Absent: row numbers"), self.absent)
        column.addWidget(self.totals)
        _titled(column, _("&Walk-ins"), self.walk_in, self.walk_in.line)
        column.addWidget(self._count_row())
        _titled(column, _("&Remark"), self.notes)
        column.addWidget(self.why)
        column.addWidget(self.issues)
        column.addStretch(1)
        column.addWidget(self.done)
        buttons = QWidget()
        row = FlowLayout(buttons, gap=6)
        row.addWidget(self.again)
        row.addWidget(self.photos)
        column.addWidget(buttons)
        self.setWidget(panel)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        """Return the width of what is inside: this panel scrolls up and down only."""
        beside = self.verticalScrollBar().sizeHint().width()
        return QSize(self.widget().minimumSizeHint().width() + beside, 0)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Ask for room again when what is inside needs another width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _count_row(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        for name in ("total", "male", "female", "over60"):
            field = self.counts[name]
            cell = QVBoxLayout()
            label = QLabel(field.accessibleName())
            label.setWordWrap(True)
            label.setBuddy(field)
            cell.addWidget(label, 1, Qt.AlignmentFlag.AlignBottom)
            cell.addWidget(field)
            row.addLayout(cell, 1)
        row.addWidget(self.estimate, 0, Qt.AlignmentFlag.AlignBottom)
        return box

    def _chain(self) -> None:
        """Enter goes down the panel; the tab key takes the same way and ends at the list.

        The women come last: they are worked out from the total and the men.
        """
        fields = list(self.counts.values())
        following: list[QWidget] = [*fields[1:], self.notes]
        for field, then in zip(fields, following, strict=True):
            # As if by Tab: what stands there is selected, so that typing replaces it.
            field.returnPressed.connect(partial(then.setFocus, Qt.FocusReason.TabFocusReason))
        last: QWidget = self.absent
        for widget in (
            self.walk_in.line,
            *fields,
            self.estimate,
            self.notes,
            self.why,
            self.done,
            self.again,
            self.photos,
        ):
            QWidget.setTabOrder(last, widget)
            last = widget

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Down from the row numbers goes into the list."""
        if event.key() == Qt.Key.Key_Down and self.absent.hasFocus():
            self.list_wanted.emit()
        else:
            super().keyPressEvent(event)

    def show_roll(self, roll: Roll) -> None:
        """Show a roll as it stands."""
        call = roll.call
        parts = [call.place, "、".join(call.teachers)]
        if call.sheet:
            parts.append(render(_("sheet %(code)s"), {"code": call.sheet}))
        if not call.lines:
            parts.append(_("Nobody is on the list: count the people, or add names as walk-ins."))
        self.about.setText(" · ".join(filter(None, parts)))
        self.totals.setText(roll.summary())
        self.why.setVisible(call.received)
        headcount = roll.state.headcount or {}
        for name, field in self.counts.items():
            if field.is_readable():
                field.set_number(headcount.get(name))
        self.estimate.blockSignals(True)
        self.estimate.setChecked(headcount.get("basis") == "estimate")
        self.estimate.blockSignals(False)
        self.notes.setText(roll.state.notes)

    def unread(self) -> NumberField | None:
        """Return the first field of the count that holds no number."""
        return next((one for one in self.counts.values() if not one.is_readable()), None)

    def counted(self, roll: Roll) -> dict[str, int | None]:
        """Return what stands in the fields of the count, as the person meant it.

        The women were worked out from the total and the men: when those change, they follow,
        unless typed anew.
        """
        values = {name: field.value() for name, field in self.counts.items()}
        known = roll.state.headcount or {}
        moved = any(values[name] != known.get(name) for name in ("total", "male"))
        if moved and values["female"] == known.get("female") and known.get("male") is not None:
            values["female"] = None
        return values


def _titled(column: QVBoxLayout, text: str, widget: QWidget, buddy: QWidget | None = None) -> None:
    label = QLabel(text)
    label.setBuddy(buddy or widget)
    column.addWidget(label)
    column.addWidget(widget)
