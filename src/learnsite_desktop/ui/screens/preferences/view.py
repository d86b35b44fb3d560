"""The settings: what is changed holds at once; there is nothing to save."""

from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform import i18n
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services import operators, policy
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.ui import language, theme
from learnsite_desktop.ui.beginning import begin_again
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.preferences import presenter
from learnsite_desktop.ui.screens.preferences.sections import (
    CardSection,
    LookSection,
    OperatorSection,
    PolicySection,
)
from learnsite_desktop.ui.tokens import DARK


class View(Screen):
    """Four cards in two columns."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.look = LookSection()
        self.operators = OperatorSection()
        self.policy = PolicySection()
        self.card = CardSection(self._open_folder, self._to_check)
        self.key("F6", self._to_check)
        self.look.letters.chosen.connect(lambda points: self._frame().set_look(points=int(points)))
        self.look.dark.chosen.connect(lambda code: self._frame().set_look(dark=code == "dark"))
        self.look.language.chosen.connect(self._speak)
        self.operators.added.connect(self._add)
        self.operators.renamed.connect(self._rename)
        self.operators.left.connect(self._let_go)
        self.policy.set_to.connect(self._set_policy)
        theme.signals().changed.connect(self._look_changed)
        self._build()

    def _build(self) -> None:
        inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(0, 0, 0, 0)
        for parts in ((self.look, self.operators), (self.policy, self.card)):
            column = QVBoxLayout()
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            self._columns.addLayout(column, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns below each other where two do not fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        parts = (self.look, self.operators, self.policy, self.card)
        widest = max(part.minimumSizeHint().width() for part in parts)
        fits = 2 * widest + self.fontMetrics().height() * 3 <= self.width()
        way = QBoxLayout.Direction
        self._columns.setDirection(way.LeftToRight if fits else way.TopToBottom)

    def open(self, about: str) -> None:  # noqa: ARG002
        """Show how things stand."""
        self._show()
        self.look.letters.setFocus()

    def refresh(self, changes: ChangeSet) -> None:  # noqa: ARG002
        """Show the operators as they are now."""
        self._show()

    def _frame(self) -> MainWindow:
        window = self.window()
        assert isinstance(window, MainWindow)  # noqa: S101
        return window

    def _show(self) -> None:
        shown = self.desk.read(presenter.read)
        self._show_look()
        self.operators.show_operators(shown.operators, self.desk.operator)
        self.policy.show_policy(shown.policy)
        self.card.show_card(shown.card)
        self._fit()
        # Once more when all of it has its letters: only then it is known how wide it wants to be.
        QTimer.singleShot(0, self, self._fit)

    def _look_changed(self) -> None:
        if isValid(self.look.letters):  # a window on its way out hears the next one's look
            self._show_look()

    def _show_look(self) -> None:
        self.look.letters.show_value(str(theme.points()))
        self.look.dark.show_value("dark" if theme.tokens() is DARK else "light")
        self.look.language.show_value(i18n.language())

    # Deeds

    def _speak(self, code: object) -> None:
        if code == i18n.language():
            return
        window = self._frame()
        language.speak(window.preferences, str(code))
        # This screen goes away with the rest: not while its own button is being pressed.
        QTimer.singleShot(0, window, lambda: begin_again(window))

    def _add(self, name: object) -> None:
        self.desk.write(
            _("Saving"),
            lambda ws, _p: operators.add_operator(ws, str(name), operator=self.desk.operator),
            self._named,
        )

    def _rename(self, what: object) -> None:
        record, name = _pair(what)
        self.desk.write(
            _("Saving"),
            lambda ws, _p: operators.rename_operator(ws, record, name, operator=self.desk.operator),
            self._named,
        )

    def _named(self, result: Any) -> None:
        assert isinstance(result, CaptureResult)  # noqa: S101
        self.operators.clear_name()
        self.desk.say(_("Saved."))

    def _let_go(self, what: object) -> None:
        record, back = _pair(what)
        self.desk.write(
            _("Saving"),
            lambda ws, _p: operators.let_go(
                ws, record, back=bool(back), operator=self.desk.operator
            ),
        )

    def _set_policy(self, what: object) -> None:
        key, value = _pair(what)
        self.desk.write(
            _("Saving"), lambda ws, _p: policy.apply(ws, [f"{key}={value}"]), self._policy_set
        )

    def _policy_set(self, _result: Any) -> None:
        self.desk.say(_("Saved."))

    def _to_check(self) -> None:
        self.desk.go("checkup")

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.desk.folder)))


def _pair(what: object) -> tuple[str, Any]:
    assert isinstance(what, tuple)  # noqa: S101
    return what[0], what[1]
