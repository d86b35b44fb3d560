"""The two cards of the topmost unit in the first run: which of them is shown, what they begin."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui.first_run import steps
from learnsite_desktop.ui.first_run.cards import Card
from learnsite_desktop.ui.first_run.topmost import FoundCard, RecoverCard, TopmostCard

Begin = Callable[[str, Callable[[Any], steps.Begun]], None]


class AtTheTop:
    """Founding and recovering. `others` make way while one of the two cards is shown.

    `begin` takes a label and the job that makes the workspace at `folder`; nothing is begun while
    the page with these cards is disabled, as it is while something is being made.
    """

    def __init__(
        self, page: QWidget, folder: Path, clock: Clock, others: tuple[Card, ...], begin: Begin
    ) -> None:
        self._page, self._others, self._begin = page, others, begin
        self._folder, self._clock = folder, clock
        self.founding, self.recovering = FoundCard(), RecoverCard(self._ask_folder)
        self.cards: tuple[TopmostCard, ...] = (self.founding, self.recovering)
        self.founding.wanted.connect(self._found)
        self.recovering.wanted.connect(self._recover)
        for card in self.cards:
            card.hide()
            card.closed.connect(self._put_away)

    def show_card(self, card: TopmostCard) -> None:
        """Show one of the two, and nothing else."""
        if not self._idle():
            return
        for one in (*self._others, *self.cards):
            one.setVisible(one is card)
        card.begin()

    def shown(self) -> TopmostCard | None:
        """Return the card that is shown."""
        return next((card for card in self.cards if not card.isHidden()), None)

    def choose_table(self) -> None:
        """Ctrl+O: a region table of one's own."""
        card = self.shown()
        if card is not None:
            card.choose_table()

    def _idle(self) -> bool:
        return all(card.isEnabled() for card in self._others)

    def _put_away(self) -> None:
        for one in self._others:
            one.show()
        for card in self.cards:
            card.hide()

    def _ask_folder(self) -> Path | None:
        title = _("Choose where the file for the units below goes")
        found = QFileDialog.getExistingDirectory(self._page, title)
        return Path(found) if found else None

    def _found(self) -> None:
        card, unit = self.founding, self.founding.unit
        if unit is not None and self._idle():
            name = card.name.text().strip()
            self._begin(
                _("Founding"),
                lambda _p: steps.found_top(unit, card.tree, self._folder, self._clock, name),
            )

    def _recover(self, out: Path) -> None:
        card, unit = self.recovering, self.recovering.unit
        if unit is not None and self._idle():
            code = card.code.text()
            self._begin(
                _("Recovering"),
                lambda _p: steps.recover_top(unit, card.tree, self._folder, self._clock, code, out),
            )
