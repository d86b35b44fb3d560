"""Hand in: what is to be put right, one key to hand in, what has come back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QKeySequence,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform import drives
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.closing import next_to_hand_in
from learnsite_desktop.services.photo_files import is_photo
from learnsite_desktop.services.receipt_got import receipt_got_page
from learnsite_desktop.services.trial.mark import is_trial
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.correction import Correction
from learnsite_desktop.ui.forms.photo_card import PhotoCard
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.paper import show_paper
from learnsite_desktop.ui.routes import go_to_field
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.submission.arrivals import ArrivalCard, Receiving
from learnsite_desktop.ui.screens.submission.bar import Bar
from learnsite_desktop.ui.screens.submission.below import Below
from learnsite_desktop.ui.screens.submission.handing import Handing
from learnsite_desktop.ui.screens.submission.presenter import (
    Outcome,
    Row,
    Standings,
    handed_rows,
    held_line,
    look,
    month_label,
    problem_rows,
    ready_line,
    red_of,
)
from learnsite_desktop.ui.widgets.drops import Drops, WhileShown
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.row_list import RowList

POLL_MS: Final = 3000


class View(Screen):
    """The bar to hand in with, cards that open when they are needed, two lists."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._trial = desk.read(is_trial)
        self._stands: Standings | None = None
        self._red: list[tuple[Issue, str]] = []
        self.bar = Bar(desk.preferences)
        self.bar.period_chosen.connect(self._look_for_red)
        self.card, self.zero, self.arrivals = Correction(desk), ReasonCard(), ArrivalCard()
        for card in (self.card, self.zero, self.arrivals):
            card.closed.connect(self._focus)
        self.handing = Handing(desk, self.bar, self.zero, self._stopped)
        self.bar.hand_in.clicked.connect(self.handing.begin)
        self.receiving = Receiving(desk, self, self.arrivals)
        self.photos = PhotoCard(desk, self.receiving.from_photos)
        self.photos.closed.connect(self._focus)
        self.below = Below(desk)
        self.files = self.below.card
        self.files.closed.connect(self._focus)
        self.problems: RowList[Row] = RowList(
            _("To put right before handing in"),
            (_("Record"), _("Field"), _("What is asked"), _("State")),
            wide=(0, 2),
        )
        self.problems.chosen.connect(self._put_right)
        self.handed: RowList[Row] = RowList(
            _("Files handed in"),
            (_("Packed on"), _("Handed to"), _("Receipt"), _("File"), _("State")),
            wide=(3,),
        )
        self.handed.chosen.connect(self.handing.again)
        self._sound, self._held, self._banner = QLabel(), QLabel(), QLabel()
        Drops(self, self._dropped)
        poll = QTimer(self, interval=POLL_MS)
        poll.timeout.connect(self._look_for_drives)
        WhileShown(self, poll.start, poll.stop)
        self._lay_out()

    def _lay_out(self) -> None:
        self._sound.setProperty("tone", "ok")
        self._held.setProperty("role", "muted")
        for label in (self._sound, self._held, self._banner):
            label.setWordWrap(True)
        self._warning = QFrame()
        self._warning.setProperty("tone", "warning")
        QHBoxLayout(self._warning).addWidget(self._banner)
        self._files = QLabel(_("Files handed in (Enter copies one again)"))
        self._files.setProperty("role", "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._warning, self.bar, self.below, self.bar.found):
            column.addWidget(widget)
        for widget in (self.arrivals, self.photos, self.zero, self._sound):
            column.addWidget(widget)
        column.addWidget(self.problems, 20)
        column.addWidget(self.card)
        column.addWidget(self._files)
        column.addWidget(self._held)
        column.addWidget(self.handed, 10)
        column.addWidget(self.files, 20)
        column.addStretch(1)
        column.addWidget(self._deeds())
        for card in (self.card, self.zero, self.arrivals, self.photos, self.files):
            card.installEventFilter(self)
        for asked in (self.zero, self.arrivals, self.photos, self.files):
            asked.opening.connect(self._put_away)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Let the lists make room for a card, and come back after it."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._make_room()
        return super().eventFilter(watched, event)

    def _put_away(self) -> None:
        """Put the lists and the other cards away before a card is shown: the window grows not.

        What has arrived waits for its answer and stays.
        """
        for card in (self.zero, self.photos, self.files):
            card.hide()
        for widget in (self._sound, self.problems, self._files, self.handed, self._held):
            widget.hide()

    def _make_room(self) -> None:
        rows, handed = bool(self.problems.rows()), bool(self.handed.rows())
        asked = not all(
            card.isHidden() for card in (self.zero, self.arrivals, self.photos, self.files)
        )
        alone = not asked and self.card.isHidden()
        self._sound.setVisible(not rows and not asked)
        self.problems.setVisible(rows and not asked)
        for widget in (self._files, self.handed):
            widget.setVisible(handed and alone)
        self._held.setVisible(bool(self._held.text()) and alone)

    def _deeds(self) -> QWidget:
        row = QWidget()
        below = FlowLayout(row, gap=6)
        self._buttons: list[QPushButton] = []
        for text, icon, keys, deed in (
            (_("Receive a file"), "inbox", "Ctrl+O", self._choose),
            (_("Receive from the stick"), "stick", "F6", self._from_stick),
            (_("Photos of pictures"), "photo", "Ctrl+Shift+O", self.photos.begin),
            (_("Print the receipt"), "print", "", self.print_page),
            (_("Files for below"), "exported", "F7", self.files.begin),
        ):
            if keys == "F7" and self.desk.tier == "village":
                continue
            button = QPushButton(f"{text} {keys or 'Ctrl+P'}")
            icons.tint(button, icon)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _on=False, deed=deed: deed())
            self._buttons.append(button)
            below.addWidget(button)
            if keys:
                action = QAction(self)
                action.setShortcut(QKeySequence(keys))
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                action.triggered.connect(button.click)
                self.addAction(action)
        return row

    # What the window calls

    def open(self, about: str) -> None:
        """Show how things stand; the key that hands in is ready, or the first thing to put right.

        A file that was looked at and not answered still waits for its answer.

        `about` may name a period.
        """
        for card in (self.card, self.zero, self.photos, self.files):
            card.hide()
        self.take_stale()
        self.bar.show_drives(drives.removable_folders())
        self._load(period=about)
        self._look_for_red()
        self.below.load()
        self._focus()

    def refresh(self, changes: ChangeSet) -> None:
        """Ask anew how things stand."""
        del changes
        self._load(period=self.bar.period())
        self._look_for_red()
        self.below.load()

    def show_files(self, files: Sequence[Path]) -> None:
        """Show what files bring; Enter takes them in."""
        self.receiving.look_at(files)

    def leave(self) -> bool:
        """Stay once when the open card holds what was not saved."""
        return self.card.leave()

    def finish(self) -> None:
        """Save the open card, else hand in."""
        if self.card.isVisible():
            self.card.save()
        elif self.files.isVisible():
            self.files.write()
        elif self.zero.isVisible():
            self.zero.go_on()
        else:
            self.handing.begin()

    def print_page(self) -> None:
        """Show the newest receipt's page to print."""
        try:
            page = self.desk.read(receipt_got_page)
        except Refusal as refusal:
            self.desk.feedback.refuse(refusal)
            return
        show_paper(self.desk, self, f"{page.title} {page.caption}", page)

    def next_problem(self) -> bool:
        """Go to the next thing to put right."""
        self.problems.setFocus()
        return self.problems.select_next(("return", "red"))

    # Showing

    def _load(self, period: str = "") -> None:
        self._stands = stands = self.desk.read(look)
        today = self.desk.clock.now().date()
        months = list(stands.months)
        wanted = period or next_to_hand_in(months).period
        labels = [(due.period, month_label(due, today)) for due in reversed(months)]
        self.bar.show_months(labels, wanted, stands.above_name)
        self._held.setText(held_line(stands.held))
        days = stands.standing.days_since(self.desk.clock.now())
        late = bool(stands.standing.unreceipted) and days is not None and days >= 1
        said = {"days": days, "count": stands.standing.unreceipted}
        text = _("Not handed in for %(days)s days; %(count)s entries are not acknowledged above.")
        self._banner.setText(render(text, said))
        self._warning.setVisible(late)
        self.handed.show_rows(list(handed_rows(stands.handed)))
        self._draw_problems()

    def _draw_problems(self) -> None:
        if self._stands is None:
            return
        rows = list(problem_rows(self._stands.returns, self._red))
        focused = self.problems.hasFocus()
        self.problems.show_rows(rows)
        self._make_room()
        if self._trial:
            self._sound.setText(
                _(
                    "This is the trial village: nothing is handed in from here. To work in "
                    "earnest, end the trial and open the file from the township."
                )
            )
        elif not self._stands.above:
            self._sound.setText(_("No unit stands above this one. Files from below come in here."))
        else:
            self._sound.setText(ready_line(self._stands, self.bar.period()))
        if focused and not rows:
            self._focus()

    def _look_for_red(self) -> None:
        period = self.bar.period()
        if period:
            self.desk.look_up("", lambda ws, _progress: red_of(ws, period), self._take_red)

    def _take_red(self, red: list[tuple[Issue, str]]) -> None:
        self._red = red
        self._draw_problems()

    def _look_for_drives(self) -> None:
        self.desk.look_up(
            "", lambda _ws, _progress: drives.removable_folders(), self.bar.show_drives
        )

    def _focus(self) -> None:
        if self.isHidden():
            return
        if not self.arrivals.isHidden():
            self.arrivals.focus()
        elif not (self.zero.isHidden() and self.photos.isHidden() and self.files.isHidden()):
            return
        elif self.problems.rows():
            self.problems.setFocus()
        elif self._stands is None or not self._stands.above:
            self._buttons[0].setFocus()
        else:
            self.bar.hand_in.setFocus()

    def _put_right(self, row: Row) -> None:
        go_to_field(
            self.desk,
            self.card,
            row.record_kind,
            row.record,
            row.field,
            note=row.note,
            issue=row.issue,
        )

    def _stopped(self, outcome: Outcome) -> None:
        """Something has to be put right first: show it."""
        self._red = outcome.red
        self._draw_problems()
        self.problems.setFocus()
        self.problems.select_first(("red",))
        text = _("Not handed in: %(count)s things want to be put right. Enter goes there.")
        self.desk.say(render(text, {"count": len(outcome.red)}), Tone.ERROR)

    # Receiving

    def _dropped(self, files: list[Path]) -> None:
        """Look at the files dropped; photos are read for numbered pictures."""
        photos = [one for one in files if is_photo(one)]
        self.receiving.look_at([one for one in files if one not in photos])
        self.photos.read(photos)

    def _choose(self) -> None:
        """Ctrl+O: another folder where the files for below go, else a file to receive."""
        if self.files.isHidden():
            self.receiving.choose()
        else:
            self.files.choose()

    def _from_stick(self) -> None:
        self.receiving.from_folders(self.bar.sticks())
