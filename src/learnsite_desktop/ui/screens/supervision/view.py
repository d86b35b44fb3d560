"""Supervision: what is to be mended, the visits of each round, the evidence of every clause."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.figure_views.spans import before
from learnsite_desktop.services.supervision import findings as service
from learnsite_desktop.services.supervision.evidence import write_evidence
from learnsite_desktop.services.supervision.rounds import inspect_unit
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.supervision import presenter
from learnsite_desktop.ui.screens.supervision.finding_card import FindingCard
from learnsite_desktop.ui.screens.supervision.visit_card import VisitCard
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.fields import TextField
from learnsite_desktop.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from learnsite_desktop.ui.screens.supervision.presenter import Row, Seen

_FINDINGS, _VISITS, _CLAUSES = range(3)
PAGES: Final = ("Ctrl+1", "Ctrl+2", "Ctrl+3")


class View(Screen):
    """Three lists, one at a time, and the cards of a visit and of a finding."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._seen: Seen | None = None
        self.findings: RowList[Row] = RowList(
            _("To be mended"),
            (_("Unit"), _("What is asked for"), _("Found"), _("Due"), _("Round"), _("State")),
            wide=(0, 1, 2),
        )
        self.visits: RowList[Row] = RowList(
            _("Visits"),
            (_("Unit"), _("Checklist"), _("Day"), _("Points"), _("State")),
            wide=(0, 1),
        )
        self.clauses: RowList[Row] = RowList(
            _("Clauses"),
            (_("Clause"), _("Content"), _("File number"), _("Led by"), _("Indicators"), ""),
            wide=(1, 2, 3, 4),
        )
        self.period, self.unit = TextField(_("Period")), CodeChoice(_("Unit"), ())
        self.visit = VisitCard(lambda: desk.clock.now().date())
        self.card = FindingCard()
        self._empty = EmptyState("ok", "")
        self._pages = QStackedWidget()
        self._tabs: list[QPushButton] = []
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        for number, (text, icon) in enumerate(
            ((_("To be mended"), "warning"), (_("Visits"), "review"), (_("Clauses"), "note"))
        ):
            button = QPushButton(f"{text} ({PAGES[number]})")
            button.setCheckable(True)
            icons.tint(button, icon)
            button.clicked.connect(lambda _on, page=number: self._turn_to(page))
            self.key(PAGES[number], button.click)
            self._tabs.append(button)
            above.addWidget(button)
        above.addStretch(1)
        self.new = QPushButton(_("New visit (Ctrl+N)"))
        self.new.setProperty("role", "primary")
        icons.tint(self.new, "add", "on_accent")
        above.addWidget(self.new)
        for page in (self._stacked(self.findings), self.visits, self._clause_page()):
            self._pages.addWidget(page)
        self._lists = QWidget()
        column = QVBoxLayout(self._lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(above)
        column.addWidget(self._pages, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        for widget in (self._lists, self.visit, self.card):
            whole.addWidget(widget, 1)

    def _stacked(self, rows: QWidget) -> QWidget:
        self._room = QStackedWidget()
        self._room.addWidget(rows)
        self._room.addWidget(self._empty)
        return self._room

    def _clause_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.clauses, 1)
        below = QHBoxLayout()
        self.period.setPlaceholderText("2026-Q1")
        self.unit.setPlaceholderText(_("this unit and all below"))
        below.addWidget(self.period, 1)
        below.addWidget(self.unit, 2)
        button = QPushButton(_("Evidence folder (Enter)"))
        icons.tint(button, "folder")
        button.clicked.connect(self._write_evidence)
        below.addWidget(button)
        below.addStretch(2)
        column.addLayout(below)
        return page

    def _connect(self) -> None:
        self.new.clicked.connect(self._new_visit)
        self.key("Ctrl+N", self._new_visit)
        self.key("F4", self._fail)
        self.findings.chosen.connect(lambda row: self._open_finding(row.key))
        self.visits.chosen.connect(lambda row: self._go_on(row.key))
        self.clauses.chosen.connect(lambda _row: self._write_evidence())
        self.visit.wanted.connect(self._save_visit)
        self.visit.closed.connect(self._settle)
        self.card.closed.connect(self._settle)
        self.card.passed.connect(lambda: self._look_again(passed=True))
        self.card.failed.connect(self._fail)
        self.card.answered.connect(self._answer)

    # What the window calls

    def open(self, about: str) -> None:
        """Show what is to be mended; `about` may be a finding."""
        self._load()
        if not self.period.value():
            today = self.desk.clock.now().date()
            running = parse_period(f"{today.year}-Q{(today.month + 2) // 3}")
            self.period.set_value(before(running).text)
        self._turn_to(_FINDINGS)
        if about:
            self._open_finding(about)

    def refresh(self, changes: ChangeSet) -> None:
        """Ask anew; where there was nothing before, the focus goes to what there is now."""
        del changes
        self._load()
        if any(button.hasFocus() for button in self._tabs):
            self._settle()

    def leave(self) -> bool:
        """A visit that was begun is kept."""
        if self.visit.isVisible() and self.visit.given() is not None:
            self._save_visit()
        return True

    def finish(self) -> None:
        """Ctrl+S: save the visit, or say that the finding is mended."""
        if self.visit.isVisible():
            self._save_visit()
        elif self.card.isVisible():
            self.card.do()

    def next_problem(self) -> bool:
        """Go to the next finding."""
        self._turn_to(_FINDINGS)
        return self.findings.select_next(("finding",))

    # Showing

    def _load(self) -> None:
        self._seen = seen = self.desk.read(presenter.look)
        self.findings.show_rows(presenter.finding_rows(seen))
        self.visits.show_rows(presenter.inspection_rows(seen))
        self.clauses.show_rows(presenter.clause_rows())
        self.unit.set_options([Option(code, name) for code, name, _tier in seen.below])
        self._room.setCurrentIndex(0 if seen.findings else 1)
        said = _("Nothing is to be mended.")
        if not seen.inspections and seen.below:
            said = _("No visit yet. Ctrl+N writes one down, item by item.")
        self._empty.show_text(said)
        self.new.setVisible(bool(seen.below))

    def _turn_to(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        for number, button in enumerate(self._tabs):
            button.setChecked(number == page)
        self._settle()

    def _settle(self) -> None:
        cards = self.visit.isVisible() or self.card.isVisible()
        self._lists.setVisible(not cards)
        if cards:
            return
        lists = (self.findings, self.visits, self.clauses)
        shown = lists[self._pages.currentIndex()]
        (shown if shown.rows() else self._tabs[self._pages.currentIndex()]).setFocus()

    # Visits

    def _new_visit(self) -> None:
        if self._seen is not None and self._seen.below:
            self._open_visit("", "")

    def _go_on(self, inspection: str) -> None:
        found = self._seen.inspections if self._seen is not None else ()
        for one in found:
            if one.id == inspection:
                self._open_visit(one.unit, one.round)

    def _open_visit(self, unit: str, name: str) -> None:
        assert self._seen is not None  # noqa: S101 - callers looked
        self._lists.hide()
        self.card.hide()
        self.visit.begin(self._seen, unit, name)

    def _save_visit(self) -> None:
        given = self.visit.given()
        visit = self.visit.visit
        if given is None or visit is None:
            self.desk.say(_("Choose the unit, name the round, judge at least one item."), Tone.NOTE)
            return
        unit, name, day, verdicts = given
        by, operator = self.visit.by.value(), self.desk.operator
        left = visit.left

        def ended(done: ChangeSet) -> None:
            said = {"count": len(verdicts), "left": left}
            text = _("The visit is saved: %(count)s items, %(left)s not judged. It goes down with "
                     "the next receipt.")  # fmt: skip
            self.desk.say_done(render(text, said), done)

        self.visit.hide()
        self._settle()
        self.desk.write(
            _("Saving the visit"),
            lambda ws, _progress: inspect_unit(
                ws,
                unit,
                verdicts,
                round_name=name,
                checklist=visit.checklist.id,
                visited=day,
                visitors=by,
                operator=operator,
            )[1],
            ended,
        )

    # Findings

    def _open_finding(self, record: str) -> None:
        seen = self._seen
        found = [one for one in seen.findings if one.id == record] if seen is not None else []
        if seen is None or not found:
            return
        self._lists.hide()
        one = found[0]
        own = one.unit in (self.desk.unit, self.desk.acting)
        self.card.begin(one, seen.names.get(one.unit, one.unit), own=own)

    def _look_again(self, *, passed: bool) -> None:
        one, text, operator = self.card.finding, self.card.text.value(), self.desk.operator
        if one is None:
            return
        self._end_card(
            lambda ws, _progress: service.recheck(
                ws, one.id, passed=passed, text=text, operator=operator
            ),
            _("Closed: it is mended.") if passed else _("It stays open; the unit is told."),
        )

    def _fail(self) -> None:
        if self.card.isVisible() and self.card.no.isVisible() and self.card.words():
            self._look_again(passed=False)

    def _answer(self) -> None:
        one, text, operator = self.card.finding, self.card.text.value(), self.desk.operator
        if one is None:
            return
        self._end_card(
            lambda ws, _progress: service.answer_finding(ws, one.id, text, operator=operator),
            _("Answered. It goes up with the next file that you hand in."),
        )

    def _end_card(self, job: Any, said: str) -> None:
        self.card.hide()
        self._settle()
        self.desk.write(_("Saving"), job, lambda done: self.desk.say_done(said, done))

    # Evidence

    def _write_evidence(self) -> None:
        row = self.clauses.current()
        self.period.commit()
        self.unit.commit()
        period, unit = self.period.value(), self.unit.value()
        if row is None or not period:
            return
        folder = QFileDialog.getExistingDirectory(self, _("Where the evidence goes"))
        if not folder:
            return

        def ended(done: dict[str, Any]) -> None:
            text = _("Written: %(sessions)s sessions, %(photos)s photos, %(figures)s figures.")
            show = Action(_("Open the folder"), lambda: _open(done["path"]))
            self.desk.say(render(text, done), Tone.OK, show)

        self.desk.look_up(
            _("Gathering the evidence"),
            lambda ws, progress: write_evidence(
                ws, row.key, period=period, unit=unit, out=Path(folder), progress=progress
            ),
            ended,
        )


def _open(path: str) -> None:
    """Show a folder in the computer's own way."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
