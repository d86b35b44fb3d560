"""Asking for what was not handed in: the text, whom to ring, showing private numbers."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtWidgets import QWidget

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.board import Board
from learnsite_desktop.services.chase import chase
from learnsite_desktop.services.contacts import set_contact
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.screens.board.cards import ChaseCard, ContactCard
from learnsite_desktop.ui.screens.board.matrix import Matrix


class Shown(Protocol):
    """What the deeds need of the screen."""

    found: Board | None
    matrix: Matrix
    chase: ChaseCard
    contact: ContactCard

    def show_card(self, card: QWidget) -> None:
        """Show a card in the place of the matrix."""

    def ask(self, question: str, yes: str, deed: Callable[[str], None], *, hint: str = "") -> None:
        """Ask why."""

    def back(self) -> None:
        """Show the matrix."""

    def load(self, why: str = "") -> None:
        """Look again, with a reason at private contacts in full."""

    def listed(self) -> list[str]:
        """Return the units of all lines shown, [] where that is everybody."""


class Asking:
    """The deeds; `screen` is what they show their cards on."""

    def __init__(self, desk: Desk, screen: Shown) -> None:
        self._desk, self._screen = desk, screen
        self._asked: list[str] = []
        screen.chase.kept.connect(self._kept)
        screen.chase.copied.connect(lambda: desk.say(_("Copied: paste it into the chat.")))
        screen.contact.wanted.connect(self._keep_contact)

    def chase_all(self) -> None:
        """Show the text for everybody who is shown and owes the month."""
        self._chase(self._screen.listed())

    def chase_one(self) -> None:
        """Show the text for the line one stands on."""
        line = self._screen.matrix.current()
        if line is not None:
            self._chase([row.unit for row in line.rows])

    def _chase(self, units: Sequence[str]) -> None:
        self._asked = list(units)
        found, card = self._screen.found, self._screen.chase
        if found is None:
            return
        try:
            made = chase(found, self._asked, template=card.template)
        except Refusal:
            text = _("Nobody has to be asked for %(period)s here.")
            self._desk.say(render(text, {"period": found.period.text}), Tone.OK)
            return
        self._screen.show_card(card)
        card.show_text(made)

    def _kept(self) -> None:
        self._desk.say(_("The wording is kept on this computer."))
        self.again()

    def again(self) -> None:
        """Show the text anew for those it was shown for."""
        self._chase(self._asked)

    def ask_contact(self) -> None:
        """Ask whom to ring at the unit one stands on."""
        line = self._screen.matrix.current()
        if line is not None:
            self._screen.show_card(self._screen.contact)
            self._screen.contact.ask(line.key, line.name, line.first.contact)

    def _keep_contact(self, asked: tuple[str, str, str]) -> None:
        unit, head, phone = asked
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _progress: set_contact(ws, unit, head, phone, operator=operator),
            lambda result: self._desk.say_done(_("The contact is saved."), result),
        )
        self._screen.back()

    def reveal(self) -> None:
        """Ask what private names and numbers are needed for, then show them."""
        self._screen.ask(
            _("What are the private names and numbers needed for? It is noted."),
            _("Show (Enter)"),
            self._screen.load,
            hint=_("For example: asking for the monthly report by telephone"),
        )
