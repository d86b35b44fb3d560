"""Qt's standard dialogs and menus, opened without the system's own, and the texts in them."""

import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtPrintSupport import QPageSetupDialog, QPrintDialog, QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCalendarWidget,
    QColorDialog,
    QComboBox,
    QErrorMessage,
    QFileDialog,
    QFontDialog,
    QGroupBox,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,  # noqa: TID251 - shown here as Qt makes it
    QPlainTextEdit,
    QProgressDialog,
    QScrollBar,
    QSpinBox,
    QTableView,
    QTabWidget,
    QTextEdit,
    QTreeView,
    QWidget,
    QWizard,
)


def _file_dialog(mode: QFileDialog.FileMode, accept: QFileDialog.AcceptMode) -> QFileDialog:
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(mode)
    dialog.setAcceptMode(accept)
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    return dialog


def _colours() -> QColorDialog:
    dialog = QColorDialog()
    dialog.setOptions(
        QColorDialog.ColorDialogOption.DontUseNativeDialog
        | QColorDialog.ColorDialogOption.ShowAlphaChannel
    )
    return dialog


def _box_with_all_buttons() -> QMessageBox:
    box = QMessageBox()
    for button in QMessageBox.StandardButton:
        if (
            button.value >= QMessageBox.StandardButton.Ok.value
            and button.value & (button.value - 1) == 0
        ):
            box.addButton(button)
    box.setDetailedText("详细")
    return box


def _input(mode: QInputDialog.InputMode) -> QInputDialog:
    dialog = QInputDialog()
    dialog.setInputMode(mode)
    return dialog


def _printing(dialog: Callable[[QPrinter], QWidget]) -> QWidget:
    printer = QPrinter()
    made = dialog(printer)
    _printers.append((made, printer))
    return made


# A dialog does not keep its printer alive.
_printers: list[tuple[QWidget, QPrinter]] = []


def _selectable() -> QLabel:
    label = QLabel("x")
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse
    )
    return label


DIALOGS: dict[str, Callable[[], QWidget]] = {
    "open a file": lambda: _file_dialog(
        QFileDialog.FileMode.ExistingFiles, QFileDialog.AcceptMode.AcceptOpen
    ),
    "save a file": lambda: _file_dialog(
        QFileDialog.FileMode.AnyFile, QFileDialog.AcceptMode.AcceptSave
    ),
    "choose a folder": lambda: _file_dialog(
        QFileDialog.FileMode.Directory, QFileDialog.AcceptMode.AcceptOpen
    ),
    "print": lambda: _printing(QPrintDialog),
    "page": lambda: _printing(QPageSetupDialog),
    "preview": lambda: _printing(QPrintPreviewDialog),
    "colour": _colours,
    "font": QFontDialog,
    "text": lambda: _input(QInputDialog.InputMode.TextInput),
    "number": lambda: _input(QInputDialog.InputMode.IntInput),
    "message": _box_with_all_buttons,
    "progress": QProgressDialog,
    "error": QErrorMessage,
    "calendar": QCalendarWidget,
    "wizard": QWizard,
}
FIELDS: dict[str, Callable[[], QWidget]] = {
    "line": lambda: QLineEdit("x"),
    "spin box": QSpinBox,
    "text": lambda: QTextEdit("x"),
    "plain text": lambda: QPlainTextEdit("x"),
    "label": _selectable,
    "scroll bar": lambda: QScrollBar(Qt.Orientation.Vertical),
}


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Yield (class, text) of everything that is written on a widget or within it."""
    widgets = [root, *root.findChildren(QWidget)]
    for widget in widgets:
        kind = type(widget).__name__
        yield kind, widget.toolTip()
        yield kind, widget.windowTitle()
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield kind, widget.text()
        if isinstance(widget, QGroupBox):
            yield kind, widget.title()
        if isinstance(widget, QTabWidget):
            yield from ((kind, widget.tabText(place)) for place in range(widget.count()))
        if isinstance(widget, QComboBox):
            yield from ((kind, widget.itemText(place)) for place in range(widget.count()))
        if isinstance(widget, QSpinBox):
            yield kind, widget.suffix()
        if isinstance(widget, (QTreeView, QTableView)) and widget.model() is not None:
            model = widget.model()
            for section in range(model.columnCount()):
                head = model.headerData(section, Qt.Orientation.Horizontal)
                yield f"{kind} heading", str(head or "")
    for action in root.findChildren(QAction):
        yield "action", action.text()


def menu_texts(widget: QWidget) -> list[tuple[str, str]]:
    """Open a widget's context menu as the right mouse button does; return its texts."""
    widget.show()
    found: list[tuple[str, str]] = []

    def read() -> None:
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            found.extend(("menu", action.text()) for action in menu.actions())
            menu.close()

    timer = QTimer()
    timer.timeout.connect(read)
    timer.start(0)
    place = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    scrolled = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    QApplication.sendEvent(scrolled, event)
    read()
    timer.stop()
    widget.close()
    return found


LATIN = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def is_untranslated(text: str) -> bool:
    """Tell whether a text has a Latin word and no Chinese; keys after a tab do not count."""
    bare = re.sub(r"<[^>]*>", "", text.partition("\t")[0])
    return bool(LATIN.search(bare)) and not CHINESE.search(bare)
