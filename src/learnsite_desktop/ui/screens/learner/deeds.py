"""What can be done with a learner from the card: looked at in full, printed, noted, let go."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.domain.printout import Printout
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.people import card as cards
from learnsite_desktop.services.people.consents import record_consent
from learnsite_desktop.services.people.enrolling import enrol, leave_class, open_classes
from learnsite_desktop.services.people.extract import extract
from learnsite_desktop.services.records import delete, require_record
from learnsite_desktop.services.sheet_pages import personal_notice
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.screens.learner.card_page import CardPage, Row
from learnsite_desktop.ui.screens.learner.forms import ClassCard, ConsentCard
from learnsite_desktop.ui.screens.learner.presenter import Shown, load, who_looked

Deed = Callable[[Workspace, StoredRecord], Any]


class Deeds(QObject):
    """Works on the learner that the card shows. `idle` says that no form is open any more."""

    idle = Signal()

    def __init__(self, desk: Desk, card: CardPage) -> None:
        super().__init__(card)
        self.desk, self.card = desk, card
        self.shown: Shown | None = None
        self._clear: dict[str, Any] = {}
        self.reason, self.consent = ReasonCard(), ConsentCard(lambda: desk.clock.now().date())
        self.classes = ClassCard()
        for form in self.forms():
            card.add_form(form)
            form.closed.connect(self.idle)
        self.consent.given.connect(self._note_consent)
        self.classes.chosen.connect(self._enrol)
        card.classes.crossed.connect(self._leave_class)

    def forms(self) -> tuple[Card, ...]:
        """The forms that may stand in place of the lists."""
        return self.reason, self.consent, self.classes

    def begin(self, record: str) -> None:
        """Show a learner, masked. Refuses `record_unknown`, `not_a_learner`, `record_deleted`."""
        self._clear = {}
        self.show(record)

    def close_forms(self) -> None:
        """Close what is open."""
        for form in self.forms():
            form.hide()
        self.card.show_lists()

    def show(self, record: str) -> None:
        """Show a learner as the card stands now; what was revealed stays."""
        self.shown = self.desk.read(lambda ws: load(ws, record))
        self.card.show_card(self.shown, self._clear)
        self.desk.look_up("", lambda ws, _progress: who_looked(ws, record), self.card.show_looked)

    def save(self) -> None:
        """Ctrl+S in a form."""
        for form in (self.consent, self.classes):
            if form.isVisible():
                form.save()

    def _only(self, wanted: Card) -> None:
        """Make room for one form; another one that is open is closed."""
        for form in self.forms():
            if form is not wanted:
                form.hide()
        self.card.show_forms()

    def _write(self, deed: Deed, done: Callable[[Any], None]) -> None:
        """Do something about the learner shown; `done` gets what it returns, unless refused."""
        if self.shown is None:
            return
        record = self.shown.card.record

        def ended(result: Any) -> None:
            if isinstance(result, CaptureResult) and result.refused:
                told = " ".join(issue_text(one) for one in result.issues if one.blocking)
                self.desk.say(told, Tone.ERROR)
            else:
                done(result)

        self.desk.write(
            _("Saving"),
            lambda ws, _progress: deed(ws, require_record(ws, f"learner:{record}")),
            ended,
        )

    def _said(self, text: str) -> Callable[[Any], None]:
        return lambda result: self.desk.say_done(text, result)

    def reveal(self) -> None:
        """Ask what the values in full are needed for, then show them."""
        if self._clear or self.shown is None:
            return
        operator = self.desk.operator
        self._only(self.reason)
        self.reason.ask(
            _("What are the full phone number, birth day and address needed for? It is noted."),
            _("Show (Enter)"),
            lambda why: self._write(
                lambda ws, stored: cards.reveal(ws, stored, why=why, operator=operator),
                self._revealed,
            ),
            hint=_("For example: calling about tomorrow's class"),
        )

    def _revealed(self, clear: dict[str, Any]) -> None:
        if self.shown is None or clear.get("id") != self.shown.card.record:
            return
        self._clear = clear
        self.show(self.shown.card.record)

    def print_extract(self) -> None:
        """What is kept about this person, on a page for them."""
        self._print(_("What is kept about you"), extract)

    def print_notice(self) -> None:
        """The notice that this person signs."""
        self._print(_("Notice and consent"), personal_notice)

    def _print(self, title: str, make: Callable[..., Printout]) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, stored: make(ws, stored, operator=operator),
            lambda page: self._show_paper(title, page),
        )

    def _show_paper(self, title: str, page: Printout) -> None:
        if self.shown is not None:
            show_paper(self.desk, self.card, f"{title} {self.shown.name}", page)
            self.show(self.shown.card.record)

    def ask_consent(self) -> None:
        """Open the form for a consent."""
        if self.shown is not None:
            self._only(self.consent)
            self.consent.ask(child=self.shown.card.age_under_14)

    def _note_consent(self, given: dict[str, str]) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, stored: record_consent(
                ws, stored, **given, why=_on_behalf(ws, stored), operator=operator
            ),
            self._said(_("Noted.")),
        )

    def choose_class(self) -> None:
        """Open the form for a class."""
        if self.shown is not None:
            self._only(self.classes)
            self.classes.ask(self.shown.name, self.desk.read(open_classes))

    def _enrol(self, activity: str) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, stored: enrol(ws, stored, activity, operator=operator),
            self._said(_("Is on the roster now.")),
        )

    def _leave_class(self, row: Row) -> None:
        operator = self.desk.operator
        self._write(
            lambda ws, _stored: leave_class(ws, require_record(ws, row.key), operator=operator),
            self._said(_("Left the class as of today; what was attended stays.")),
        )

    def let_go(self) -> None:
        """Delete somebody entered by mistake; sign off whom the unit above has received."""
        shown = self.shown
        if shown is None:
            return
        operator, name = self.desk.operator, shown.name
        self._only(self.reason)
        if shown.card.deletable:
            self.reason.ask(
                render(_("Delete %(name)s? Why?"), {"name": name}),
                _("Delete (Enter)"),
                lambda why: self._write(
                    lambda ws, stored: delete(ws, stored, why=why, operator=operator),
                    self._said(render(_("%(name)s is deleted."), {"name": name})),
                ),
                hint=_("For example: entered twice"),
            )
            return
        self.reason.ask(
            render(
                _("The unit above has received %(name)s, so the record stays. Sign off from all "
                  "classes as of today? Why?"),
                {"name": name},
            ),
            _("Sign off (Enter)"),
            lambda why: self._write(
                lambda ws, stored: cards.leave(ws, stored, why=why, operator=operator),
                self._said(render(_("%(name)s is signed off from all classes."), {"name": name})),
            ),
            hint=_("For example: moved away"),
        )  # fmt: skip


def _on_behalf(workspace: Workspace, stored: StoredRecord) -> str:
    return "" if stored.unit == workspace.unit else "代录"
