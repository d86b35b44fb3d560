"""Choosing from a code list by typing a code, a part of the word, or its pinyin initials."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QCompleter, QLabel, QLineEdit, QVBoxLayout, QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.ui import icons, theme
from learnsite_desktop.ui.widgets.fields import LineField
from learnsite_desktop.ui.widgets.initials import initials
from learnsite_desktop.ui.widgets.typed import half_width

_CODE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Option:
    """One code of a list and its word in the language of the window."""

    code: str
    label: str


def matching(options: Iterable[Option], typed: str) -> list[Option]:
    """Return the options that a typed text may mean, the likeliest first; all of them for ""."""
    want = half_width(typed).lower()
    ranked = [(rank, option) for option in options if (rank := _rank(option, want)) is not None]
    return [option for rank, option in sorted(ranked, key=lambda pair: pair[0])]


def _rank(option: Option, want: str) -> int | None:
    code, label = option.code.lower(), option.label.lower()
    short = initials(label)
    tests = (
        want in (code, label),
        code.startswith(want),
        label.startswith(want),
        short.startswith(want),
        want in label,
        want in short,
    )
    return next((rank for rank, hit in enumerate(tests) if hit), None)


class CodeChoice(LineField):
    """One code of a list. Typing narrows the list, Enter takes its first, Down shows all."""

    def __init__(self, name: str, options: Sequence[Option], parent: QWidget | None = None) -> None:
        """`options` in the order in which they are shown."""
        super().__init__(name, parent)
        self._options: tuple[Option, ...] = tuple(options)
        self._model = QStandardItemModel(self)
        self._list = QCompleter(self._model, self)
        self._list.setWidget(self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(12)
        self._list.popup().setAccessibleName(name)
        self._list.activated[QModelIndex].connect(self._take)  # type: ignore[index]
        self.textEdited.connect(self._narrow)
        opener = QAction(_("Show the list"), self)
        icons.tint(opener, "down", "muted")
        opener.triggered.connect(self.open_list)
        self.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other options; the value stays."""
        self._options = tuple(options)
        self.set_value(self._value)

    def read(self, text: str) -> str | None:
        """Return the code of a whole word or code, or of the only option that a text can mean."""
        if not text.strip():
            return ""
        if text == self.shown(self._value):
            return self._value
        found = matching(self._options, text)
        exact = [option for option in found if _rank(option, half_width(text).lower()) == 0]
        certain = exact or (found if len(found) == 1 else [])
        return certain[0].code if certain else None

    def shown(self, value: str) -> str:
        """Return the word of a code; a code from elsewhere is shown as it stands."""
        return next((one.label for one in self._options if one.code == value), value)

    def line(self, option: Option) -> str:
        """Return how an option stands in the list."""
        return f"{option.code}  {option.label}"

    def offers(self, text: str) -> list[Option]:
        """Return what the list offers for a typed text, the likeliest first."""
        return matching(self._options, text) if text.strip() else []

    def value(self) -> str:
        """The code last taken, "" when empty."""
        return self._value

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Down and F4 open the list."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.open_list()
        else:
            super().keyPressEvent(event)

    def open_list(self) -> None:
        """Show every option."""
        self._open(self._options, self._value)

    def _narrow(self, text: str) -> None:
        found = self.offers(text)
        if found:
            self._open(found, found[0].code)
        else:
            self._list.popup().hide()

    def _open(self, options: Iterable[Option], code: str) -> None:
        self._model.clear()
        current = 0
        for place, option in enumerate(options):
            item = QStandardItem(self.line(option))
            item.setData(option.code, _CODE)
            self._model.appendRow(item)
            if option.code == code:
                current = place
        popup = self._list.popup()
        self._list.complete()
        popup.setCurrentIndex(self._list.completionModel().index(current, 0))

    def _take(self, index: QModelIndex) -> None:
        self.setText(self.shown(str(index.data(_CODE))))
        self.commit()
        # Choosing ends the field just as Enter does where nothing had to be chosen.
        QApplication.sendEvent(
            self,
            QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        )


class CodeChoices(QWidget):
    """Several codes of a list. Those chosen stand below the field as links that take them away.

    Backspace in the empty field takes the last away.
    """

    committed = Signal()

    def __init__(self, name: str, options: Sequence[Option], parent: QWidget | None = None) -> None:
        """`options` in the order in which they are shown."""
        super().__init__(parent)
        self._options = tuple(options)
        self._codes: list[str] = []
        self.field = self.adding(name, options)
        self.field.committed.connect(self._add)
        self.field.taken_back.connect(self._take_last)
        self._chosen = QLabel()
        self._chosen.setWordWrap(True)
        self._chosen.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._chosen.linkActivated.connect(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.field)
        layout.addWidget(self._chosen)
        self.setFocusProxy(self.field)
        theme.signals().changed.connect(self._show)
        self._show()

    def adding(self, name: str, options: Sequence[Option]) -> "Adding":
        """Return the field that adds; a subclass may use one of its own."""
        return Adding(name, options)

    def word(self, code: str) -> str:
        """Return how a chosen code is shown."""
        return next((one.label for one in self._options if one.code == code), code)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other options; what is chosen stays."""
        self._options = tuple(options)
        self.field.set_options(options)
        self._show()

    def values(self) -> list[str]:
        """The codes chosen, in the order of choosing."""
        return list(self._codes)

    def set_values(self, codes: Iterable[str]) -> None:
        """Show codes; nothing is told."""
        self._codes = list(codes)
        self._show()

    def _add(self) -> None:
        code = self.field.value()
        self.field.set_value("")
        if code and code not in self._codes:
            self._codes.append(code)
            self._changed()

    def _take_last(self) -> None:
        if self._codes:
            self._codes.pop()
            self._changed()

    def _remove(self, code: str) -> None:
        self._codes.remove(code)
        self._changed()

    def _changed(self) -> None:
        self._show()
        self.committed.emit()

    def _show(self) -> None:
        colour = theme.tokens().colour("link")
        self._chosen.setText(
            " &nbsp; ".join(
                f'<a href="{escape(code)}" style="color: {colour}; text-decoration: none">'
                f"{escape(self.word(code))}&nbsp;×</a>"
                for code in self._codes
            )
        )
        self._chosen.setVisible(bool(self._codes))
        words = "、".join(self.word(code) for code in self._codes)
        self.field.setAccessibleDescription(render(N_("Chosen: %(words)s"), {"words": words}))


class Adding(CodeChoice):
    """The field of many: it is emptied after each choice."""

    taken_back = Signal()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Take the last code away with Backspace in the empty field."""
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.taken_back.emit()
        else:
            super().keyPressEvent(event)
