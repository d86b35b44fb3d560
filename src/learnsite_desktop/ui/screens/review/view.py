"""The review on the screen: what waits at the left, what it is about at the right."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import work_queue as work
from learnsite_desktop.services.work_queue import WorkItem, lines_of
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.correction import Correction
from learnsite_desktop.ui.forms.files_below import FilesBelow
from learnsite_desktop.ui.forms.ledger_paper import LedgerPaper
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.routes import place_of
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.review.cards import ReturnCard, ValueCard
from learnsite_desktop.ui.screens.review.deeds import Deeds
from learnsite_desktop.ui.screens.review.details import page_of
from learnsite_desktop.ui.screens.review.filters import Filters
from learnsite_desktop.ui.screens.review.listing import Listing
from learnsite_desktop.ui.screens.review.looking import PARTS, RECORDS, Looking
from learnsite_desktop.ui.screens.review.panel import Panel
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST: Final = (work.CONFLICT, work.DUPLICATE, work.QUESTION, work.FIXED, work.EDITED)
_LOOK_MS: Final = 0


class View(Screen):
    """The list, the page of its current row, cards that open when they are needed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._begun = False
        self._asked_all: tuple[str, str, int] | None = None
        self.filters = Filters(desk)
        self.listing = Listing(lambda items: desk.read(lambda ws: lines_of(ws, items)))
        self.table, self.panel = self.listing.table, Panel()
        self.looking = Looking(desk, self)
        self.deeds = Deeds(desk, self.looking, self)
        self.returning, self.why, self.value = ReturnCard(), ReasonCard(), ValueCard(desk)
        self.correction, self.files = Correction(desk), FilesBelow(desk)
        self.paper = LedgerPaper(desk)
        self._cards = (self.returning, self.why, self.value, self.correction, self.files)
        self.empty = EmptyState("approved", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(_LOOK_MS)
        self._turn.timeout.connect(self._show_page)
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.filters.changed.connect(self._fill)
        self.filters.narrowed.connect(self._narrow)
        self.filters.left.connect(self._focus)
        self.looking.changed.connect(self._fill)
        self.deeds.gone.connect(self._gone)
        self.deeds.back.connect(lambda item: self._fill(item.key))
        self.table.moved.connect(self._turn.start)
        self.table.struck.connect(self._strike)
        self.table.doubleClicked.connect(lambda _index: self._do("open"))
        self.panel.wanted.connect(self._do)
        for card in (*self._cards, self.paper):
            card.closed.connect(self._focus)
        for keys, deed in (
            ("F3", lambda: self.filters.turn(1)),
            ("Shift+F3", lambda: self.filters.turn(-1)),
            ("F4", self.filters.enter_period),
            ("F6", self._approve_all),
            ("F7", self.files.begin),
        ):
            self.key(keys, self._unless_card(deed))
        for keys, deed in (
            ("Ctrl+Down", lambda: self.panel.turn_page(1)),
            ("Ctrl+Up", lambda: self.panel.turn_page(-1)),
            ("Ctrl+O", lambda: self.files.choose() if self.files.isVisible() else None),
        ):
            self.key(keys, deed)

    def _lay_out(self) -> None:
        self._both = QWidget()
        both = QHBoxLayout(self._both)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self._stack, 6)
        right = QVBoxLayout()
        right.addWidget(self.panel, 1)
        for card in (*self._cards, self.paper):
            if card is not self.files:
                right.addWidget(card)
            card.installEventFilter(self)
        both.addLayout(right, 7)
        buttons = QWidget()
        below = FlowLayout(buttons)
        for text, keys, icon, deed in (
            (_("Next group"), "F3", "filter", lambda: self.filters.turn(1)),
            (_("Approve what is not flagged"), "F6", "approved", self._approve_all),
            (_("Files for below"), "F7", "exported", self.files.begin),
            (_("Print the conflicts"), "Ctrl+P", "print", self.print_page),
        ):
            button = QPushButton(f"{text} {keys}")
            icons.tint(button, icon)
            button.clicked.connect(self._unless_card(deed))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filters)
        column.addWidget(self._both, 1)
        column.addWidget(self.files, 1)
        column.addWidget(buttons)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys of the page make room for a card, and come back after it."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            alone = not self._asking()
            self.panel.show_keys(shown=alone)
            # What a card asks is about the item it was opened for: no other is chosen meanwhile.
            self.filters.setEnabled(alone)
            self.table.setEnabled(alone)
            self._both.setVisible(self.files.isHidden())
        return super().eventFilter(watched, event)

    def _asking(self) -> bool:
        return not all(card.isHidden() for card in (*self._cards, self.paper))

    def _unless_card(self, deed: "Callable[[], object]") -> "Callable[[], None]":
        """Do it only while no card is open: what stands in one would be about something else."""

        def run() -> None:
            if self._asking():
                self.desk.say(_("Finish what is open first, or close it with Esc."), Tone.NOTE)
            else:
                deed()

        return run

    # What the window calls

    def open(self, about: str) -> None:
        """Show the list as it was left; `about` may name a group."""
        for card in self._cards:
            card.hide()
        stale = self.take_stale()
        self.filters.load(fresh=not self._begun)
        if about in work.GROUPS:
            self.filters.group = about
        if self._begun and not stale:
            self._fill()
        elif self._begun:
            self.looking.renew()
        else:
            self._begun = True
            self.table.touched = False
            self.looking.about(*self.filters.wanted())
        self._focus()

    def refresh(self, changes: ChangeSet) -> None:
        """Look anew after a change; an item whose decision was taken back is current again."""
        item = self.looking.taken_back(changes.records)
        if item is not None:
            self._fill(item.key)
            self._focus()
        elif not self.looking.is_own(changes.records):
            kinds = {kind for kind, _record in changes.records}
            quick = bool(kinds) and not kinds & {"learner", "link", "answer", "unit"}
            self.looking.renew((RECORDS,) if quick else PARTS)

    def leave(self) -> bool:
        """Stay once when an open card holds what was not saved."""
        self.paper.shut()
        return self.correction.leave()

    def finish(self) -> None:
        """Ctrl+S: the open card does what it is for."""
        for card, deed in (
            (self.returning, self.returning.send),
            (self.why, self.why.go_on),
            (self.value, self.value.take),
            (self.correction, self.correction.save),
            (self.files, self.files.write),
        ):
            if card.isVisible():
                deed()
                return
        self.desk.say(_("Everything is saved."))

    def search(self) -> None:
        """Ctrl+F: the unit."""
        if not self._asking():
            self.filters.enter_unit()

    def print_page(self) -> None:
        """Ctrl+P: the ledger of conflicts."""
        if self._asking():
            return
        _unit, period = self.filters.wanted()
        self.paper.begin(("conflicts",), period or self.desk.clock.now().strftime("%Y"))

    def next_problem(self) -> bool:
        """F8: the next conflict, pair, question or record that was changed."""
        if self._asking():
            return True
        self._focus()
        return self.listing.step_to(_FIRST)

    # Showing

    def _focus(self) -> None:
        if self.isHidden():
            return
        for card in self._cards:
            if not card.isHidden():
                return
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _narrow(self) -> None:
        wanted = self.filters.wanted()
        if wanted != (self.looking.unit, self.looking.period):
            self.table.touched = False
            self.looking.about(*wanted)

    def _fill(self, keep: str = "") -> None:
        """Show what is known to wait, in the group chosen."""
        queue = self.looking.queue()
        self.filters.show_counts(queue.counts)
        items = queue.of(self.filters.group)
        if keep and not any(item.key == keep for item in items):
            self.filters.group = ""
            items = queue.of("")
            self.filters.show_counts(queue.counts)
        self.listing.show(items, keep)
        self._tell(len(items))

    def _tell(self, count: int) -> None:
        looking = "" if self.looking.complete else _(" · still reading …")
        self.filters.told.setText(render(N_("%(count)s items"), {"count": count}) + looking)
        self._stack.setCurrentIndex(0 if count else 1)
        if not count:
            text = _("Nothing waits for a decision here. F7 writes the files for the units below.")
            if not self.looking.complete:
                text = _("Reading what waits …")
            elif self.filters.group:
                text = _("This group is done. F3 goes on to the next one.")
            self.empty.show_text(text)
        self._turn.start()

    def _gone(self, item: WorkItem) -> None:
        self.listing.take(item)
        self.filters.show_counts(self.looking.counts)
        self._tell(self.listing.model.rowCount())
        self._show_page()
        self._focus()

    def _show_page(self) -> None:
        """Show the page of the current item; one that is decided by now goes."""
        self._turn.stop()
        item = self.listing.current()
        if item is None:
            self.panel.show_page(None)
            return
        row, operator = self.looking.rows.get(item.key), self.desk.operator
        try:
            page = self.desk.read(lambda ws: page_of(ws, item, row, operator))
        except Refusal:
            page = None
        if page is None:
            self.panel.show_page(None, _("This has been decided meanwhile."))
            self.looking.renew()
            return
        self.panel.show_page(page)

    # Deeds

    def _strike(self, keys: str) -> None:
        if self._turn.isActive():
            self._show_page()
        panel = self.panel
        if keys in ("Left", "Right"):
            panel.choose(panel.chosen + (1 if keys == "Right" else -1))
        elif keys.isdecimal():
            panel.choose(int(keys) - 1)
        else:
            self._do(panel.deed_of(keys))

    def _do(self, deed: str) -> None:
        """Do something about the item shown."""
        page = self.panel.page
        if page is None or not deed:
            return
        item, title = page.item, page.title

        def later() -> None:
            self.listing.step()
            self._show_page()

        simple: dict[str, Callable[[], object]] = {
            "take": lambda: self.deeds.keep(item, page.choices[self.panel.chosen]),
            "same": lambda: self.deeds.judge(item, same=True),
            "two": lambda: self.deeds.judge(item, same=False),
            "approve": lambda: self.deeds.approve(item),
            "later": later,
            "open": lambda: self._open(item),
            "return": lambda: self.returning.ask(
                item, title, lambda *told: self.deeds.give_back(item, *told)
            ),
            "correct": lambda: self.correction.begin(item.record),
            "own": lambda: self._own(item, title),
        }
        asked: dict[str, tuple[str, str, Callable[[str], None]]] = {
            "reject": (
                _("Why is this not taken? It will be in no figure."),
                _("Do not take it (Enter)"),
                lambda why: self.deeds.reject(item, why),
            ),
            "explain": (
                _("What is the explanation?"),
                _("Keep it (Enter)"),
                lambda text: self.deeds.explain(item, text),
            ),
            "reveal": (
                _("What are the full values needed for? The reason is noted."),
                _("Show them (Enter)"),
                lambda why: self._reveal(item, why),
            ),
        }
        if deed in asked:
            self.why.ask(*asked[deed])
        else:
            simple[deed]()

    def _own(self, item: WorkItem, title: str) -> None:
        if item.note == work.AGAIN:
            self.correction.begin(item.record)
        elif not self.value.ask(item, title, lambda *told: self.deeds.put(item, *told)):
            self.desk.say(
                _("Take one of the values; if neither is right, correct it then by its record."),
                Tone.NOTE,
            )

    def _reveal(self, item: WorkItem, why: str) -> None:
        operator = self.desk.operator

        def shown(page: Any) -> None:
            if self.listing.current() is item and page is not None:
                self.panel.show_page(page)

        self.desk.write(
            _("Reading"), lambda ws, _progress: page_of(ws, item, None, operator, why=why), shown
        )

    def _open(self, item: WorkItem) -> None:
        record, kind = item.record, item.kind
        if item.group == work.QUESTION:
            rows = self.looking.rows.get(item.key, {}).get("records", ())
            first = next((one for one in rows if place_of(one["kind"], one["id"])), None)
            if first is None:
                return
            record, kind = first["id"], first["kind"]
        place = place_of(kind, record)
        if place is not None:
            self.desk.go(place.screen, place.about)

    def _approve_all(self) -> None:
        """F6: ask with the counts, and the same key again does it."""
        unit, period = self.filters.wanted()
        queue = self.looking.queue()
        count = queue.counts[work.OPEN]
        left = sum(queue.counts[group] for group in work.TO_DO) - count
        if not count:
            self._asked_all = None
            self.desk.say(_("Nothing here can be approved together."), Tone.NOTE)
            return
        if self._asked_all == (unit, period, count):
            self._asked_all = None
            self.deeds.approve_all(unit, period)
            return
        self._asked_all = (unit, period, count)
        said = {"count": count, "left": left, "unit": self.filters.unit.text()}
        said["period"] = self.filters.period.text()
        text = _(
            "Approve %(count)s records of %(unit)s, %(period)s? %(left)s that are flagged stay. "
            "F6 again does it."
        )
        self.desk.say(render(text, said), Tone.WARNING)
