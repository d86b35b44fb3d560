"""The card of a visit: where, which round, and every item of the checklist by one key."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.supervision.rounds import Verdict
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.supervision.presenter import (
    VERDICT_KEYS,
    Row,
    Seen,
    Visit,
    lists_for,
)
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.fields import DateField, TextField
from learnsite_desktop.ui.widgets.row_list import RowList

_WIDTH: Final = 12
_KEYS: Final = N_("1 met · 2 partly · 3 not met · 4 not looked at · Enter: words")


class VisitCard(Card):
    """Unit and round above, the items below; 1 2 3 4 judge, Enter goes to the words."""

    wanted = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._seen: Seen | None = None
        self.visit: Visit | None = None
        self.title.setText(_("Visit"))
        self.unit = CodeChoice(_("Unit visited"), ())
        self.round = TextField(_("Round"))
        self.day = DateField(_("Day of the visit"), today)
        self.by = TextField(_("Inspectors"))
        self.items: RowList[Row] = RowList(
            _("Items"),
            (_("No."), _("What is asked for"), _("Look at"), _("Points"), _("Found"), _("Verdict")),
            wide=(1, 2, 4),
        )
        self.text = TextField(_("What was found"))
        self._hint, self._item = QLabel(), QLabel()
        self._item.setWordWrap(True)
        self._hint.setProperty("role", "muted")
        self._lay_out()
        self.unit.committed.connect(self._show_items)
        self.unit.returnPressed.connect(self._to_items)
        self.round.returnPressed.connect(self._to_items)
        self.round.committed.connect(self._show_items)
        self.items.typed.connect(self._judge)
        self.items.chosen.connect(lambda _row: self._to_words())
        self.items.moved.connect(self._show_words)
        self.text.committed.connect(self._say)
        self.text.returnPressed.connect(self._next)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        for label, widget, share in (
            (_("Unit"), self.unit, 3), (_("Round"), self.round, 3),
            (_("Day"), self.day, 2), (_("Inspectors"), self.by, 2),
        ):  # fmt: skip
            caption = QLabel(label)
            caption.setBuddy(widget)
            above.addWidget(caption)
            above.addWidget(widget, share)
        below = QHBoxLayout()
        caption = QLabel(_("What was found"))
        caption.setBuddy(self.text)
        below.addWidget(caption)
        below.addWidget(self.text, 1)
        self.body.addLayout(above)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.items, 1)
        self.body.addWidget(self._item)
        self.body.addLayout(below)
        self.save = self.add_button(QPushButton(_("Save the visit (Ctrl+S)")))
        self.save.setProperty("role", "primary")
        self.save.clicked.connect(self.wanted)
        self.add_button(QPushButton(_("Let it be (Esc)"))).clicked.connect(self.shut)

    def begin(self, seen: Seen, unit: str = "", round_name: str = "") -> None:
        """Open, at the unit or, if that is known, at the items."""
        self._seen = seen
        self.unit.set_options([Option(code, name) for code, name, _tier in seen.below])
        self.unit.set_value(unit)
        self.round.set_value(round_name or seen.last_round or self._half_year())
        self.day.set_value(self._today().isoformat())
        self.by.set_value("")
        self._show_items()
        self.show()
        where: QWidget = self.items if unit else self.unit
        where.setFocus(Qt.FocusReason.OtherFocusReason)

    def _half_year(self) -> str:
        today = self._today()
        said = {"year": today.year}
        if today.month <= _WIDTH // 2:
            return render(_("First half of %(year)s"), said)
        return render(_("Second half of %(year)s"), said)

    def _show_items(self) -> None:
        """Show the checklist of the unit's tier, with what was found before in this round."""
        unit, name = self.unit.value(), self.round.value()
        seen = self._seen
        tier = next((tier for code, _name, tier in seen.below if code == unit), "") if seen else ""
        lists = lists_for(tier)
        if seen is None or not lists:
            self.visit = None
            self.items.show_rows([])
            self._hint.setText(_("Choose the unit first: its checklist follows from its tier."))
            return
        self._hint.setText(_(_KEYS))
        known = (one for one in seen.inspections if (one.unit, one.round) == (unit, name))
        before = next(known, None)
        rules = next((one for one in lists if before and one.id == before.checklist), lists[0])
        self.visit = Visit.of(rules, before)
        if before is not None:
            self.day.set_value(before.visited)
        self.items.show_rows(self.visit.rows())
        self._show_words()

    def _to_items(self) -> None:
        """Enter in the unit or the round: to the items, if there are any."""
        if self.items.rows():
            self.items.setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge(self, key: str) -> None:
        row = self.items.current()
        verdict = VERDICT_KEYS.get(key)
        if row is None or verdict is None or self.visit is None:
            return
        self.visit.judge(row.key, verdict)
        self._draw()
        place = self.items.currentIndex()
        below = place.siblingAtRow(place.row() + 1)
        if below.isValid():
            self.items.setCurrentIndex(below)

    def _draw(self) -> None:
        row = self.items.current()
        if self.visit is not None:
            self.items.show_rows(self.visit.rows(), select=row.key if row is not None else "")

    def _to_words(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.text.selectAll()

    def _show_words(self) -> None:
        row = self.items.current()
        said = self.visit.verdicts.get(row.key) if row is not None and self.visit else None
        self.text.set_value(said.text if said is not None else "")
        self._item.setText(" · ".join(part for part in row.cells[1:3] if part) if row else "")

    def _say(self) -> None:
        row = self.items.current()
        before = self.visit.verdicts.get(row.key) if row is not None and self.visit else None
        text = self.text.value()
        if row is None or self.visit is None or text == (before.text if before else ""):
            return
        self.visit.say(row.key, text)
        self._draw()

    def _next(self) -> None:
        self.text.commit()
        self.items.setFocus(Qt.FocusReason.OtherFocusReason)

    def given(self) -> tuple[str, str, date | None, dict[str, Verdict]] | None:
        """Return unit, round, day and verdicts; None where something is missing."""
        for entered in (self.unit, self.round, self.day, self.by, self.text):
            entered.commit()
        if self.visit is None or not self.visit.verdicts or not self.round.value():
            return None
        day = self.day.value()
        return (
            self.unit.value(),
            self.round.value(),
            date.fromisoformat(day) if day else None,
            dict(self.visit.verdicts),
        )
