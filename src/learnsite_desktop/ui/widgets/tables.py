"""Tables and lists that look and behave alike."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView
from shiboken6 import isValid

from learnsite_desktop.ui import theme
from learnsite_desktop.ui.widgets.chips import ChipDelegate

_ROW_LINES = 1.75
"""The height of a row in heights of a line of text."""


def settle(view: QTableView, name: str) -> None:
    """Give a table its rows by the size of letters, whole-row selection, zebra, chips and a name.

    Tab leaves the table, the arrow keys move inside it.
    """
    view.setAccessibleName(name)
    view.setAlternatingRowColors(True)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setItemDelegate(ChipDelegate(view))
    rows = view.verticalHeader()
    rows.setVisible(False)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    columns = view.horizontalHeader()
    columns.setHighlightSections(False)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    former = theme.points()

    def fit() -> None:
        nonlocal former
        if not (isValid(view) and isValid(rows)):
            theme.signals().changed.disconnect(fit)
            return
        height = QFontMetrics(theme.font_of(theme.points())).height()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(round(height * _ROW_LINES))
        for column in range(columns.count()):
            columns.resizeSection(column, columns.sectionSize(column) * theme.points() // former)
        former = theme.points()

    theme.signals().changed.connect(fit)
    fit()
