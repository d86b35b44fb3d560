"""Who a newcomer may be already, while one types; one key takes that person instead."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.people.near import CLAIMS, RULES, Near


class KnownPeople(QFrame):
    """A list of those who are alike; `wanted` brings the record that is to be taken instead."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._found: Sequence[Near] = ()
        self._title, self._note = QLabel(), QLabel()
        for label in (self._title, self._note):
            label.setWordWrap(True)
        self._title.setProperty("role", "heading")
        self._note.setProperty("role", "muted")
        self.list = QListWidget()
        self.list.setAccessibleName(_("Known already?"))
        self.list.setWordWrap(True)
        self.list.itemActivated.connect(lambda _item: self.take())
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self.list, 1)
        column.addWidget(self._note)
        column.addStretch(0)
        self.show_people((), new=True)

    @property
    def sure(self) -> bool:
        """Whether one of them is probably the same person."""
        return any(one.rule in CLAIMS for one in self._found)

    def show_people(self, found: Sequence[Near], *, new: bool) -> None:
        """Show people; of a `new` learner one may be taken instead, else opened to look at."""
        if found == self._found and self.list.count():
            return
        self._found = found
        self._title.setText(_("Known already?"))
        self.list.clear()
        sexes = shipped_codes().words("sex", language())
        for one in found:
            parts = (one.name, sexes.get(one.sex, ""), str(one.birth_year or ""), one.mobile)
            item = QListWidgetItem(f"{' '.join(filter(None, parts))}\n{_(RULES[one.rule])}")
            self.list.addItem(item)
        self.list.setCurrentRow(0 if found else -1)
        self.list.setVisible(bool(found))
        taking = _("F5 opens the one marked; what was typed here is dropped.")
        looking = _("F5 opens the one marked.")
        nobody = _("Nobody like this is known. Names that look alike are shown here as you type.")
        self._note.setText((taking if new else looking) if found else nobody)
        tone = "warning" if self.sure else ""
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def take(self) -> None:
        """F5: take the one that is marked."""
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            self.wanted.emit(self._found[row].record)
