"""Choosing the unit for which one enters: a village without a computer, or one that asked."""

from typing import TYPE_CHECKING

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.entering import units_to_enter_for
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screens.tools import presenter
from learnsite_desktop.ui.screens.tools.page import Page
from learnsite_desktop.ui.screens.tools.presenter import Row
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from learnsite_desktop.services.entering import EnterFor


class EnteringPage(Page):
    """Enter on a unit: Today, activities, roll calls and imports are that unit's from then on."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Enter for a unit"))
        self._found: Sequence[EnterFor] = ()
        self.query = TextField(_("Search units"), placeholder=_("name or code of the unit"))
        self.query.textEdited.connect(lambda _text: self._draw())
        self.query.returnPressed.connect(self._first)
        self.list: RowList[Row] = RowList(
            _("Units below"), (_("Unit"), _("Under"), _("Sessions"), _("State")), wide=(0, 1)
        )
        self.list.chosen.connect(self._choose)
        self.list.typed.connect(self._type)
        self.column.addWidget(self.query)
        self.column.addWidget(self.list, 1)
        self.end_with({"F6": (_("Enter for the own unit again"), "back")})
        self.deeds["F6"].clicked.connect(lambda: self._enter_for("", ""))

    def open(self) -> None:
        """Read the units; the focus goes into the list."""
        self._found = self.desk.read(units_to_enter_for)
        self._draw()
        self.list.setFocus()

    def search(self) -> None:
        """To the search."""
        self.query.setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Somebody else may be entered for now."""
        del changes
        self._draw()

    def _draw(self) -> None:
        acting = self.desk.acting
        self.list.show_rows(presenter.unit_rows(self._found, acting, self.query.text()))
        self.deeds["F6"].setEnabled(acting != self.desk.unit)
        self.line.setText(
            _("What is entered becomes the unit's own, with this unit named as the one who wrote.")
        )

    def _type(self, text: str) -> None:
        self.query.setFocus()
        self.query.setText(text)
        self._draw()

    def _first(self) -> None:
        row = self.list.current()
        if row is not None:
            self._choose(row)

    def _choose(self, row: Row) -> None:
        self._enter_for(row.key, row.cells[0])

    def _enter_for(self, unit: str, name: str) -> None:
        self.desk.enter_for(unit)
        if unit:
            self.desk.go("today")
            self.desk.say(render(_("From now on you enter for %(name)s."), {"name": name}))
        else:
            self.desk.say(_("From now on you enter for your own unit."))
