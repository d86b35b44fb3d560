"""The grid of figures: the units' names stay in sight, Enter opens, Esc goes up a unit."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.screens.indicators.model import UNIT, FiguresModel
from learnsite_desktop.ui.widgets.chips import (
    CHIP_ROLE,
    Chip,
    ChipDelegate,
    chip_size,
    paint_chip,
)
from learnsite_desktop.ui.widgets.tables import settle

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PAD: Final = 2
Index = QModelIndex | QPersistentModelIndex


class _Names(QTableView):
    """The first column once more, over the grid: it stays where the grid scrolls sideways."""

    def __init__(self, grid: "Grid", model: FiguresModel) -> None:
        super().__init__(grid)
        self.setModel(model)
        settle(self, _("Units of the table"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(grid.verticalScrollMode())
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


class _Figures(ChipDelegate):
    """Chips stand at the right, as the numbers without one do."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the cell, then its chip."""
        chip = index.data(CHIP_ROLE)
        if not isinstance(chip, Chip):
            super().paint(painter, option, index)
            return
        QStyledItemDelegate.initStyleOption(self, option, index)
        option.text = ""  # type: ignore[attr-defined]
        view = option.widget  # type: ignore[attr-defined]
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        metrics: QFontMetrics = option.fontMetrics  # type: ignore[attr-defined]
        place: QRect = option.rect.adjusted(2, 0, -2, 0)  # type: ignore[attr-defined]
        place.setLeft(max(place.left(), place.right() + 1 - chip_size(metrics, chip).width()))
        paint_chip(painter, place, chip, metrics)


class Grid(QTableView):
    """Cells of figures, one current.

    `opened` brings the index that Enter or a double click chose; `moved` tells of another current
    cell; `risen` that Esc asks for the unit above.
    """

    opened = Signal(object)
    moved = Signal()
    risen = Signal()

    def __init__(self, model: FiguresModel) -> None:
        super().__init__()
        self._figures = model
        self._names: _Names | None = None
        self.can_rise = False
        """Whether Esc means the unit above, not the screen before."""
        self.setModel(model)
        settle(self, _("Figures"))
        self.setItemDelegate(_Figures(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        columns = self.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        columns.sectionResized.connect(lambda *_size: self._place())
        names = _Names(self, model)
        self._names = names
        self.verticalScrollBar().valueChanged.connect(names.verticalScrollBar().setValue)
        names.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        names.clicked.connect(self.setCurrentIndex)
        names.doubleClicked.connect(self.opened.emit)
        self.doubleClicked.connect(self.opened.emit)
        model.modelReset.connect(self.fit)
        model.rowsInserted.connect(lambda *_rows: self.fit())
        theme.signals().changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Give every column room for its heading and its figures, all names the same."""
        metrics = QFontMetrics(theme.font_of(theme.points()))
        wide = metrics.horizontalAdvance("0")
        names = [row.name for row in self._figures.rows] or [_("Unit")]
        longest = max(metrics.horizontalAdvance(f"{name}  ") for name in names)
        self.setColumnWidth(UNIT, min(max(longest, wide * 10), wide * 26) + wide * _PAD)
        for column in range(1, self._figures.columnCount()):
            heading = self._figures.headerData(column, Qt.Orientation.Horizontal)
            lines = str(heading or "").split("\n")
            self.setColumnWidth(
                column,
                max(metrics.horizontalAdvance(line) for line in [*lines, "0000000000"])
                + wide * _PAD,
            )
        if self._names is not None:
            for column in range(1, self._figures.columnCount()):
                self._names.setColumnHidden(column, True)
        self._place()

    def _place(self) -> None:
        if self._names is None:
            return
        width, header, edge = (
            self.columnWidth(UNIT),
            self.horizontalHeader().height(),
            self.frameWidth(),
        )
        self._names.setColumnWidth(UNIT, width)
        self._names.horizontalHeader().setFixedHeight(header)
        self._names.setGeometry(edge, edge, width, header + self.viewport().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Keep the names beside the figures, and the current one in view."""
        super().resizeEvent(event)
        self._place()
        self.scrollTo(self.currentIndex())

    def updateGeometries(self) -> None:
        """Keep the names as high as the headings are now."""
        super().updateGeometries()
        self._place()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
        /,
    ) -> None:
        """Bring a cell into view, not under the names."""
        super().scrollTo(index, hint)
        if index.column() > UNIT:
            hidden = self.columnWidth(UNIT) - self.visualRect(index).left()
            if hidden > 0:
                bar = self.horizontalScrollBar()
                bar.setValue(bar.value() - hidden)

    def currentChanged(self, current: Index, previous: Index, /) -> None:
        """Tell that another cell is current; a name is marked where it is seen."""
        super().currentChanged(current, previous)
        if self._names is not None:
            self._names.setCurrentIndex(self._figures.index(current.row(), UNIT))
        self.moved.emit()

    def event(self, event: QEvent, /) -> bool:
        """Claim Esc while there is a unit to go up to."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.can_rise
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Esc goes up, all else moves about."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain == Qt.KeyboardModifier.NoModifier and event.key() in _ENTER:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self.can_rise:
            self.risen.emit()
        else:
            super().keyPressEvent(event)
