"""Changes of the tree as proposals: made by a unit below, taken over or refused by the keeper."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.regions import RegionRow
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import region_proposals as service
from learnsite_desktop.services.region_edits import Edit, change_tree
from learnsite_desktop.services.region_proposals import OPEN, REFUSED, TAKEN, Proposal
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.screens.units import edits, presenter
from learnsite_desktop.ui.screens.units.presenter import Row
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from learnsite_desktop.ui.screens.units.deed_form import DeedForm

_STATES: Final = {
    OPEN: ("warning", N_("waits for an answer")),
    TAKEN: ("approved", N_("taken over")),
    REFUSED: ("error", N_("not taken over")),
}


def rows_of(found: Sequence[Proposal]) -> list[Row]:
    """Return a row for each proposal: who, what, why, and what the keeper said."""
    rows = []
    for one in found:
        status, word = _STATES[one.state]
        said = _("; ").join(part for part in (one.decided, one.answer) if part)
        proposed = _("; ").join(part for part in (one.said, one.why) if part)
        cells = (one.unit_name, proposed, said)
        rows.append(Row(one.id, one.state, cells, status, _(word)))
    return rows


class ProposalsCard(Card):
    """The list of proposals; whoever keeps the tree decides here."""

    def __init__(self) -> None:
        super().__init__()
        self.title.setText(_("Proposed changes of units"))
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.list: RowList[Row] = RowList(
            _("Proposals"),
            (_("Unit"), _("Proposed"), _("Answer"), _("State")),
            wide=(1, 2),
        )
        self.list.moved.connect(self._tell)
        self.whole = QLabel()
        self.whole.setWordWrap(True)
        self.whole.setProperty("role", "muted")
        self.reason = ReasonCard()
        for widget in (self.line, self.list, self.whole, self.reason):
            self.body.addWidget(widget)
        self.body.setStretch(1, 1)
        self.take = self.add_button(QPushButton(_("Fill the form (Enter)")))
        icons.tint(self.take, "ok")
        self.refuse = self.add_button(QPushButton(_("Refuse… (Del)")))
        icons.tint(self.refuse, "close")
        close = self.add_button(QPushButton(_("Close (Esc)")))
        close.clicked.connect(self.shut)
        self._around = (self.line, self.list, self.take, self.refuse, close)
        self.reason.opening.connect(lambda: self._show_around(shown=False))
        self.reason.closed.connect(self._to_list)

    def _tell(self) -> None:
        """Show the whole of the current row: a column may be too narrow for it."""
        row = self.list.current()
        self.whole.setText("" if row is None else " · ".join(filter(None, row.cells)))

    def _to_list(self) -> None:
        self._show_around(shown=True)
        self.list.setFocus()

    def _show_around(self, *, shown: bool) -> None:
        """The question why stands alone under the proposal; only the keeper is ever asked."""
        for widget in self._around:
            widget.setVisible(shown)

    def show_rows(self, rows: Sequence[Row], *, keeper: bool) -> None:
        """Show them; who does not keep the tree only reads what became of them."""
        self.reason.hide()
        self._show_around(shown=True)
        for button in (self.take, self.refuse):
            button.setVisible(keeper)
        text = _("Nothing was proposed. A township proposes a change with F3 on the unit.")
        if rows and keeper:
            text = _("Enter fills the form: look at what the change does, then do it.")
        elif rows:
            text = _("They go up with the next file; the answer comes back with what comes down.")
        self.line.setText(text)
        self.list.show_rows(rows)
        self.list.select_first((OPEN,))
        self.show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


class Page(Protocol):
    """The page of the tree, as far as proposals have to do with it."""

    forming: Any
    lists: QWidget
    search: QLineEdit
    listing: QPushButton
    form: "DeedForm"

    @property
    def keeps(self) -> bool:
        """Whether this unit keeps the tree."""

    @property
    def view(self) -> QWidget:
        """The tree."""

    def select(self, code: str) -> None:
        """Put a unit in hand."""

    def current_code(self) -> str:
        """The unit in hand."""

    def begin(self, deed: str) -> None:
        """Open the form of a change."""

    def put_away(self) -> None:
        """Close the form."""


class Proposals(QObject):
    """Drives the card beside the tree of `page`."""

    def __init__(self, desk: Desk, page: Page, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._page = desk, page
        self._known: dict[str, Proposal] = {}
        self._answering = ""
        self.card = ProposalsCard()
        self.card.list.chosen.connect(self._take_up)
        self.card.list.crossed.connect(self._ask_why)
        self.card.take.clicked.connect(lambda *_: self._with_current(self._take_up))
        self.card.refuse.clicked.connect(lambda *_: self._with_current(self._ask_why))
        self.card.closed.connect(self._back)

    def _with_current(self, deed: Callable[[Row], None]) -> None:
        row = self.card.list.current()
        if row is not None:
            deed(row)

    def _keeps(self) -> bool:
        return self._page.keeps

    # The list

    def count(self) -> None:
        """Say on the button how many wait."""
        waits = len(self._desk.read(lambda ws: service.proposals(ws, OPEN)))
        text = render(_("Proposals (%(count)s) F10"), {"count": waits})
        self._page.listing.setText(text if waits else _("Proposals F10"))

    def show(self) -> None:
        """F10: the list in the place of the tree."""
        if self._page.form.isVisible():
            return
        found = self._desk.read(service.proposals)
        self._known = {one.id: one for one in found}
        self._page.lists.hide()
        self.card.show_rows(rows_of(found), keeper=self._keeps())
        self._page.forming.emit()

    def _back(self) -> None:
        self._page.lists.show()
        self._page.forming.emit()
        self._page.view.setFocus()

    def _take_up(self, row: Row) -> None:
        """Fill the form of the change with what was proposed."""
        one = self._known[row.key]
        if not self._keeps() or one.state != OPEN:
            self._desk.say(one.answer or row.cells[1], Tone.NOTE)
            return
        self.card.shut()
        self._page.search.clear()
        self._page.select(one.about)
        if self._page.current_code() != one.about:
            self._desk.say(_("The unit is no longer in the list: refuse it, with the reason."))
            return
        self._page.begin(one.deed)
        self._page.form.fill(one.given)
        self._answering = one.id

    def _ask_why(self, row: Row) -> None:
        one, operator = self._known[row.key], self._desk.operator
        if not self._keeps() or one.state != OPEN:
            return

        def deed(why: str) -> None:
            self._desk.write(
                _("Saving"),
                lambda ws, _progress: service.refuse(ws, one.id, why, operator=operator),
                self._refused,
            )

        question = render(_("Why is it refused? “%(said)s” The unit reads it."), {"said": one.said})
        hint = _("For example: no decision of the county yet")
        self.card.reason.ask(question, _("Refuse (Enter)"), deed, hint=hint)

    def _refused(self, changes: ChangeSet) -> None:
        self.show()
        self.count()
        self._desk.say_done(_("Refused; the answer goes down with the next file."), changes)

    # Doing it

    def forget(self) -> None:
        """The form was closed: what is done next is no answer."""
        self._answering = ""

    def change(self, edit: Edit, on: date | None) -> Callable[[Workspace, Progress], Any]:
        """Return the change of the tree, which answers the proposal that filled the form."""
        answering, operator = self._answering, self._desk.operator

        def job(workspace: Workspace, _progress: Progress) -> dict[str, Any]:
            if answering:
                return service.take(workspace, answering, edit=edit, on=on, operator=operator)
            return change_tree(workspace, edit, on=on, operator=operator)

        return job

    def propose(self, form: "DeedForm", unit: RegionRow) -> None:
        """Write the change down as a proposal; its text is in the clipboard, too."""
        if form.outlook is None:
            self._desk.say(_("Something is missing: fill in the fields."), Tone.NOTE)
            return
        deed, given, operator = form.deed, form.given(), self._desk.operator
        why = form.reason()
        names = {
            row.code: row.name for row in self._desk.read(lambda ws: load_tree(ws.database)).rows()
        }
        text = presenter.proposal(
            edits.said_of(deed, unit.name, given),
            form.outlook,
            names,
            by=names.get(self._desk.unit, self._desk.unit),
            on=self._desk.clock.now().date(),
            why=why,
        )
        QGuiApplication.clipboard().setText(text)
        self._desk.write(
            _("Saving"),
            lambda ws, _progress: service.propose(
                ws, deed, unit.code, given, why=why, operator=operator
            )[1],
            self._proposed,
        )

    def _proposed(self, changes: ChangeSet) -> None:
        self._page.put_away()
        self.count()
        text = _("Proposed: it goes up with the next file. The text is copied too, for a message.")
        self._desk.say_done(text, changes)
