"""Numbered pictures on the screen, one after the other, to be photographed; or onto paper."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.paint.booklet import PdfPrinter
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.picture_pages import Drawn, draw_pictures, keep_pictures
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.widgets.flow import FlowLayout

_ON: Final = frozenset(
    {
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_Space,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    }
)
_BACK: Final = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Backspace, Qt.Key.Key_PageUp})
_LEAST: Final = 290


def show_pictures(desk: Desk, parent: QWidget, file: Path, unit: str) -> None:
    """Draw a file packed for a unit and show its pictures; a refusal stands in the bar."""

    def drawn(made: Drawn | Refusal) -> None:
        if isinstance(made, Refusal):
            desk.feedback.refuse(made)
        else:
            CodeScreen(desk, parent, made).open()

    def draw(workspace: Workspace, _progress: Progress) -> Drawn | Refusal:
        try:
            return draw_pictures(workspace, file, unit)
        except Refusal as refusal:
            return refusal

    desk.look_up(_("Drawing the pictures"), draw, drawn)


class CodeFace(QWidget):
    """One picture as large as fits, black on white whatever the look of the window is."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._image = QImage()

    def show_png(self, png: bytes, name: str) -> None:
        """Show a picture; `name` is what a screen reader says."""
        self._image = QImage.fromData(png)
        self.setAccessibleName(name)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return a size at which phones still read it."""
        return QSize(_LEAST, _LEAST)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it square, in the middle, without smoothing its edges away."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        side = min(self.width(), self.height())
        area = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self._image)
        painter.end()


class CodeScreen(QDialog):
    """Pictures to photograph: Enter or Right goes on, Ctrl+P prints, Ctrl+S keeps, Esc closes."""

    def __init__(self, desk: Desk, parent: QWidget, drawn: Drawn) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Bundle in pictures"))
        self._desk, self._drawn, self.number = desk, drawn, 1
        self._told = QLabel()
        self._told.setWordWrap(True)
        self.caption = QLabel()
        self.caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.caption.setProperty("role", "title")
        self.face = CodeFace()
        said = {"count": len(drawn.pngs), "spare": drawn.spare}
        text = _(
            "Photograph all %(count)s pictures, each sharply and from the front; the order does "
            "not matter. The unit that receives them copies the photos to its computer."
        )
        self._told.setText(render(text, said))
        column = QVBoxLayout(self)
        column.addWidget(self._told)
        column.addWidget(self.face, 1)
        column.addWidget(self.caption)
        column.addWidget(self._buttons())
        around = parent.window().size()
        self.resize(around.width() * 9 // 10, around.height() * 19 // 20)
        self._show()
        self.face.setFocus()

    def _buttons(self) -> QWidget:
        row = QWidget()
        line = FlowLayout(row, gap=6)
        for text, icon, deed in (
            (_("Next (Enter)"), "forward", lambda: self.turn(1)),
            (_("Before (←)"), "back", lambda: self.turn(-1)),
            (_("Print… (Ctrl+P)"), "print", self.print_out),
            (_("Keep as pictures (Ctrl+S)"), "folder", self.keep),
            (_("Close (Esc)"), "close", self.reject),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            icons.tint(button, icon)
            button.clicked.connect(lambda *_, deed=deed: deed())
            line.addWidget(button)
        QShortcut(QKeySequence("Ctrl+P"), self, self.print_out)
        QShortcut(QKeySequence("Ctrl+S"), self, self.keep)
        return row

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Go from picture to picture."""
        key = Qt.Key(event.key())
        if key in _ON:
            self.turn(1)
        elif key in _BACK:
            self.turn(-1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.number = 1 if key == Qt.Key.Key_Home else len(self._drawn.pngs)
            self._show()
        else:
            super().keyPressEvent(event)

    def turn(self, step: int) -> None:
        """Go on by some pictures; there it ends at the first and the last."""
        self.number = min(max(1, self.number + step), len(self._drawn.pngs))
        self._show()

    def _show(self) -> None:
        said = {"number": self.number, "count": len(self._drawn.pngs)}
        text = render(_("Picture %(number)s of %(count)s"), said)
        if self.number == len(self._drawn.pngs):
            text = render(_("Picture %(number)s of %(count)s: the last one"), said)
        self.caption.setText(text)
        self.face.show_png(self._drawn.pngs[self.number - 1], text)

    def print_out(self) -> None:
        """Show the pages, two pictures on each, to print."""
        show_paper(self._desk, self, self._drawn.file.stem, *self._drawn.sheets)

    def keep(self) -> None:
        """Choose a folder and write the pictures and their pages into it."""
        found = QFileDialog.getExistingDirectory(self, _("Where to put the pictures"))
        if not found:
            return
        folder, drawn = Path(found), self._drawn
        self._desk.look_up(
            _("Writing the pictures"),
            lambda _ws, _progress: keep_pictures(drawn, folder, PdfPrinter()),
            lambda path: self._desk.say(
                render(_("Written: %(path)s"), {"path": str(path)}), Tone.OK
            ),
        )
        self.accept()
