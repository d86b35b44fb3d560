"""The panel beside the list: the page of the current item, and the keys that decide about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.screens.review.pages import Page, as_html
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.scrolled import scrolled


class Panel(QWidget):
    """A page as text over a line of buttons. `wanted` brings the deed of the button pressed."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page: Page | None = None
        self.chosen = 0
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._area = scrolled(self.text)
        self._area.setMinimumHeight(1)
        self._line = QWidget()
        self._keys = FlowLayout(self._line)
        self._buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area, 1)
        column.addWidget(self._line)
        theme.signals().changed.connect(self._draw)

    def show_page(self, page: Page | None, note: str = "") -> None:
        """Show a page, or only a note."""
        self.page = page
        self.chosen = page.shown if page is not None else 0
        self._note = note
        self._area.verticalScrollBar().setValue(0)
        self._draw()
        for button in self._buttons:
            self._keys.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for key in page.keys if page is not None else ():
            button = QPushButton(f"{_(key.text)} {key.keys}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if key.primary:
                button.setProperty("role", "primary")
            icons.tint(button, key.icon, "on_accent" if key.primary else "text")
            button.clicked.connect(lambda _checked=False, deed=key.deed: self.wanted.emit(deed))
            self._keys.addWidget(button)
            self._buttons.append(button)

    def choose(self, place: int) -> bool:
        """Mark one of a conflict's values; False if there is no such one."""
        page = self.page
        if page is None or not 0 <= place < len(page.choices):
            return False
        self.chosen = place
        self._draw()
        return True

    def show_keys(self, *, shown: bool) -> None:
        """Show the line of buttons, or leave its room to something else."""
        self._line.setVisible(shown)

    def turn_page(self, step: int) -> None:
        """Move a long page down, or up."""
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + step * bar.pageStep() // 2)

    def deed_of(self, keys: str) -> str:
        """Return what a key does about the page shown, "" for nothing."""
        page = self.page
        found = (one.deed for one in page.keys if one.keys == keys) if page is not None else ()
        return next(iter(found), "")

    def _draw(self) -> None:
        page = self.page
        if page is None:
            self.text.setText(f"<p>{self._note}</p>" if self._note else "")
            return
        look = theme.tokens()
        html = as_html(page, self.chosen, look.colour, look.accent_bg, look.line)
        self.text.setText(html)

    _note = ""
