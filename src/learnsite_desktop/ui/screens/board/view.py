"""The board: who has handed in, the text that asks, the digest, closing and opening months."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.periods import month_of
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.board import Board, board, newest_period
from learnsite_desktop.services.chase import period_words
from learnsite_desktop.services.digest import Digest, digest, digest_page
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.board.asking import Asking
from learnsite_desktop.ui.screens.board.cards import (
    ChaseCard,
    ContactCard,
    LaterCard,
    LockCard,
)
from learnsite_desktop.ui.screens.board.closing import Closing
from learnsite_desktop.ui.screens.board.matrix import Matrix
from learnsite_desktop.ui.screens.board.presenter import (
    Line,
    detail,
    heading_of,
    is_month,
    lines_of,
    month_shown,
    months_to_choose,
    summary,
)
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.flow import FlowLayout


class View(Screen):
    """The matrix with the months above and the deeds below; cards take its place."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: Board | None = None
        self._inside = ""
        self._period = ""
        self._chasing = False
        self.months = QComboBox()
        self.months.setAccessibleName(_("Month"))
        self.months.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.months.activated.connect(lambda _place: self._choose_month())
        self._where, self._summary, self._detail = QLabel(), QLabel(), QLabel()
        self.matrix = Matrix()
        chosen = QShortcut(QKeySequence("Return"), self.months)
        chosen.setContext(Qt.ShortcutContext.WidgetShortcut)
        chosen.activated.connect(self.matrix.setFocus)
        self.matrix.chosen.connect(self._enter)
        self.matrix.left.connect(self._go_out)
        self.matrix.stepped.connect(lambda step: self._step(int(step)))
        self.matrix.moved.connect(self._tell)
        self._empty = EmptyState("submit", "")
        self.chase, self.contact = ChaseCard(desk.preferences), ContactCard()
        self.lock, self.later = LockCard(), LaterCard()
        self.reason = ReasonCard()
        self._stack = QStackedWidget()
        self.asking = Asking(desk, self)
        self.closing = Closing(desk, self.lock, self.later, self.ask, self.show_card, self.back)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.months)
        for label in (self._where, self._summary):
            label.setWordWrap(True)
            top.addWidget(label, 1)
        for widget in (
            self.matrix, self._empty, self.chase, self.contact, self.lock, self.later,
        ):  # fmt: skip
            self._stack.addWidget(widget)
        self._detail.setWordWrap(True)
        self._detail.setProperty("role", "muted")
        self._deeds = QWidget()
        both, below = QVBoxLayout(self._deeds), FlowLayout(gap=6)
        self.buttons: dict[str, QPushButton] = {}
        for name, text, icon, keys, deed in (
            ("chase", _("Ask"), "chat", "F5", self.asking.chase_all),
            ("digest", _("Digest"), "print", "Ctrl+P", self.print_page),
            ("lock", _("Lock"), "lock", "F6", lambda: self.closing.look(self._period)),
            ("unlock", _("Unlock"), "undo", "Shift+F6", lambda: self.closing.unlock(self._period)),
            ("later", _("Later changes"), "series", "F4", self.closing.look_later),
            ("contact", _("Contact"), "user", "F3", self.asking.ask_contact),
            ("reveal", _("Numbers"), "eye", "Ctrl+R", self._reveal),
        ):
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(deed)
            self.buttons[name] = button
            below.addWidget(button)
            if keys not in ("Ctrl+P", "F4", "Ctrl+R"):
                self.key(keys, self._unless_card(button.click))
        self.key("F4", self._on_f4)
        self.key("Ctrl+R", self._reveal)
        self.chase.uncovered.connect(self._reveal)
        self.key("Shift+F5", self._unless_card(self.asking.chase_one))
        self.buttons["chase"].setToolTip(_("Shift+F5 asks the unit one stands on alone"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self._detail)
        both.addLayout(below)
        column.addWidget(self.reason)
        column.addWidget(self._deeds)

    def _connect(self) -> None:
        for card in (self.chase, self.contact, self.lock, self.later):
            card.closed.connect(self.back)
        self.reason.closed.connect(self.back)

    # What the window calls

    def open(self, about: str) -> None:
        """Show the last month that has ended, or the month that `about` names."""
        self._period = about or self._period or self.desk.read(newest_period)
        self.take_stale()
        self.months.clear()
        today = self.desk.clock.now().date()
        for period, label in months_to_choose(today):
            self.months.addItem(label, period)
        self._stack.setCurrentWidget(self.matrix)
        self.back()
        self.load()
        self.matrix.setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Look at everything again."""
        del changes
        self.load()

    def leave(self) -> bool:
        """A card that is open is closed; nothing of it is kept."""
        self.reason.hide()
        return True

    def finish(self) -> None:
        """Ctrl+S: do what the open card is for."""
        card = self._stack.currentWidget()
        if card is self.chase:
            self.chase.keep()
        elif card is self.lock:
            self.lock.do()
        elif card is self.contact:
            self.contact.do()

    def search(self) -> None:
        """Ctrl+F: choose the month."""
        self.months.setFocus()

    def print_page(self) -> None:
        """Show the digest, to be printed or kept as a file."""
        period = month_shown(self._period)

        def made(found: Digest) -> None:
            page = digest_page(found)
            show_paper(self.desk, self, page.title, page)

        self.desk.look_up(
            _("Making the digest"),
            lambda ws, progress: digest(ws, period, progress=progress),
            made,
        )

    def next_problem(self) -> bool:
        """Go to the next unit that is to be asked."""
        self.back()
        return self.matrix.select_owing()

    # Showing

    def load(self, why: str = "") -> None:
        """Ask for the board; with a reason private contacts stand in full, once."""
        period, operator = month_shown(self._period), self.desk.operator
        self._chasing = self._chasing and bool(why)
        self.months.setCurrentIndex(max(0, self.months.findData(self._period)))

        def look(ws: Workspace, _progress: Progress) -> Board:
            return board(ws, period, reveal=bool(why), why=why, operator=operator)

        task = self.desk.write if why else self.desk.look_up
        task(_("Looking at what was handed in"), look, self._take)

    def _take(self, found: Board) -> None:
        if found.period.text != month_shown(self._period):
            return  # the month was changed meanwhile: another answer is coming
        self.found = found
        if self._inside and not any(row.unit == self._inside for row in found.rows):
            self._inside = ""
        self._draw()
        if self._chasing:
            self._chasing = False
            self.asking.again()

    def _draw(self, select: str = "") -> None:
        found = self.found
        if found is None:
            return
        lines = lines_of(found, self._inside)
        now = self.desk.clock.now()
        running = month_of(now.date())
        headings = [heading_of(period, running) for period in found.periods]
        self.matrix.inside = bool(self._inside)
        self.matrix.show_lines(lines, found.periods, headings, now)
        if select:
            self.matrix.select(select)
        inside = next((row.name for row in found.rows if row.unit == self._inside), "")
        said = {"unit": found.name, "name": inside}
        where = render(_("%(unit)s › %(name)s (Esc goes back)"), said) if inside else found.name
        if not is_month(self._period):
            said = {"unit": where, "month": period_words(found.period)}
            where = render(_("%(unit)s, as of %(month)s; F6 locks the whole year"), said)
        self._where.setText(where)
        self._summary.setText(summary(found))
        if self._stack.currentWidget() in (self.matrix, self._empty):
            self.back()
        self._tell()

    def back(self) -> None:
        """Show the matrix, or what to do where there is nothing to show."""
        there = self.found is not None and bool(self.found.rows)
        if self.found is not None and not there:
            self._empty.show_text(
                _("No unit below takes part yet. Make opening files for them under “Units”.")
            )
        focused = self.isVisible() and not self.months.hasFocus()
        shown: QWidget = self.matrix if there or self.found is None else self._empty
        self._stack.setCurrentWidget(shown)
        self._deeds.setVisible(self.reason.isHidden())
        if focused and self.reason.isHidden():
            self.matrix.setFocus()

    def ask(self, question: str, yes: str, deed: Callable[[str], None], *, hint: str = "") -> None:
        """Ask why, in the place of the deeds."""
        self._deeds.hide()
        self.reason.ask(question, yes, deed, hint=hint)

    def show_card(self, card: QWidget) -> None:
        """Show a card in the place of the matrix."""
        self._stack.setCurrentWidget(card)
        self._deeds.hide()

    def _tell(self) -> None:
        line = self.matrix.current()
        text = detail(line, self.found) if line is not None and self.found is not None else ""
        self._detail.setText(text)

    def _unless_card(self, deed: Callable[[], object]) -> Callable[[], None]:
        """Do it only while the matrix is shown: cards have keys of their own."""

        def run() -> None:
            if self._stack.currentWidget() is self.matrix and self.reason.isHidden():
                deed()

        return run

    def _on_f4(self) -> None:
        """Change the wording where the text is shown, else show what was corrected later."""
        if self._stack.currentWidget() is self.chase:
            self.chase.change()
        else:
            self._unless_card(self.closing.look_later)()

    def _reveal(self) -> None:
        """Ask why, then show private numbers: in the text if that is what is shown."""
        shown = self._stack.currentWidget()
        if shown in (self.matrix, self.chase) and self.reason.isHidden():
            self._chasing = shown is self.chase
            self.asking.reveal()

    # Going about

    def listed(self) -> list[str]:
        """Return the units of all lines shown, [] where that is everybody."""
        if self.found is None or not self._inside:
            return []
        return [row.unit for line in lines_of(self.found, self._inside) for row in line.rows]

    def _enter(self, line: Line) -> None:
        if line.group:
            self._inside = line.key
            self._draw(select=line.key)
        else:
            self.asking.chase_one()

    def _go_out(self) -> None:
        former, self._inside = self._inside, ""
        self._draw(select=former)

    def _choose_month(self) -> None:
        self._period = str(self.months.currentData())
        self._where.setText("")
        self.load()

    def _step(self, step: int) -> None:
        place = self.months.currentIndex() - step
        if 0 <= place < self.months.count() and is_month(str(self.months.itemData(place))):
            self.months.setCurrentIndex(place)
            self._choose_month()
            self.matrix.setFocus()
