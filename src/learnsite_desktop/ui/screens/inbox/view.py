"""Inbox: what has come, one key to take it in; the journal behind it, what does not count."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.arriving import Foreseen
from learnsite_desktop.services.at_hand import AtHand
from learnsite_desktop.services.enrolment import fingerprint
from learnsite_desktop.services.photo_files import is_photo
from learnsite_desktop.services.register_files import BOOK
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.forms.files_below import FilesBelow
from learnsite_desktop.ui.forms.photo_card import PhotoCard
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.inbox import presenter
from learnsite_desktop.ui.screens.inbox.board import BoardBar
from learnsite_desktop.ui.screens.inbox.confirming import ComputerCard
from learnsite_desktop.ui.screens.inbox.journal import Journal
from learnsite_desktop.ui.screens.inbox.looking import Looking
from learnsite_desktop.ui.screens.inbox.pages import Pages
from learnsite_desktop.ui.screens.inbox.pile import Pile
from learnsite_desktop.ui.screens.inbox.presenter import Row
from learnsite_desktop.ui.screens.inbox.working import Working
from learnsite_desktop.ui.widgets.drops import Drops, WhileShown
from learnsite_desktop.ui.widgets.flow import FlowLayout


class View(Screen):
    """The board, the files at hand, and the pages behind them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        Drops(self, self._add)
        self.pile = Pile()
        self.looking = Looking(desk, self.pile, self)
        WhileShown(self, self.looking.start, self.looking.stop)
        self.below = FilesBelow(desk, self.pile.senders)
        self.working = Working(desk, self.pile, self.below.begin, self)
        self.pages = Pages(self._choose)
        self.journal = Journal(desk, self.pages, self)
        self.board = BoardBar(desk)
        self.card = ComputerCard()
        self.photos = PhotoCard(desk, lambda found: self.looking.add_found(found.files))
        self._watched = QLabel()
        self._watched.setWordWrap(True)
        self._watched.setProperty("role", "muted")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.take = QPushButton()
        self.take.setProperty("role", "primary")
        self.take.setAutoDefault(True)
        icons.tint(self.take, "inbox", "on_accent")
        self.spoilt = QLabel()
        self.spoilt.setProperty("tone", "error")
        told = QHBoxLayout()
        told.addWidget(self.spoilt)
        told.addWidget(self._watched, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.board)
        column.addWidget(self.card)
        column.addWidget(self.photos)
        column.addWidget(self.pages, 1)
        column.addWidget(self.below, 1)
        column.addLayout(told)
        self._places, self._ways = self._deeds()
        column.addWidget(self._places)
        column.addWidget(self._ways)

    def _deeds(self) -> tuple[QWidget, QWidget]:
        rows = (
            (
                (_("Choose files"), "folder", "Ctrl+O", self._choose_place),
                (_("Sticks"), "stick", "F6", self.looking.look_at_sticks),
                (_("Watch a folder"), "eye", "F10", self._watch),
            ),
            (
                (_("Preview all"), "search", "F5", self._foresee),
                (_("Journal"), "ledger", "F4", self.journal.show_batches),
                (_("Not counted"), "clock", "F3", self.journal.show_uncounted),
                (_("Files for below"), "exported", "F7", self.below.begin),
                (_("Photos of pictures"), "photo", "Ctrl+Shift+O", self.photos.begin),
            ),
        )
        bars = (QWidget(), QWidget())
        lines = [FlowLayout(bar, gap=6) for bar in bars]
        lines[0].addWidget(self.take)
        self._buttons: dict[str, QPushButton] = {}
        for line, row in zip(lines, rows, strict=True):
            for text, icon, keys, deed in row:
                button = QPushButton(f"{text} {keys}")
                icons.tint(button, icon)
                button.setAutoDefault(True)
                button.clicked.connect(lambda *_, deed=deed: deed())
                self.key(keys, deed)
                self._buttons[keys] = button
                line.addWidget(button)
        return bars

    def _connect(self) -> None:
        self.take.clicked.connect(self.finish)
        self.looking.changed.connect(self._draw)
        # One row alone: drawing all anew would hold the window up.
        self.working.heard.connect(
            lambda one: self.pages.files.list.change_row(presenter.file_row(one.file, self.pile))
        )
        self.working.ended.connect(self._ended)
        self.pages.files.list.chosen.connect(lambda row: self._open(row.about))
        self.pages.files.list.crossed.connect(self._leave_out)
        self.pages.turned.connect(self._turned)
        self.below.closed.connect(self.pages.focus)
        for card in (self.below, self.photos):
            card.installEventFilter(self)
        self.below.opening.connect(lambda: self._make_room(self.photos))
        self.photos.opening.connect(lambda: self._make_room(self.below))
        self.card.wanted.connect(self.working.confirm)
        self.card.closed.connect(self.pages.focus)
        self.photos.closed.connect(self.pages.focus)
        self.journal.moved.connect(self.pile.forget_batch)
        self.journal.moved.connect(lambda _number: self.looking.look_again())
        self.journal.moved.connect(lambda _number: self.journal.show_batches())

    # What the window calls

    def open(self, about: str) -> None:
        """Show what has come; `about` may name a page: batches or uncounted."""
        self.take_stale()
        self.below.hide()
        self.board.ask()
        self._draw()
        if about == "batches":
            self.journal.show_batches()
        elif about == "uncounted":
            self.journal.show_uncounted()
        else:
            self.pages.turn_to(self.pages.files)
            if not self.pages.files.list.rows():
                self._buttons["Ctrl+O"].setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Ask anew how things stand."""
        del changes
        self.board.ask()
        self.journal.renew()

    def show_files(self, files: Sequence[Path]) -> None:
        """Show what files would change; Ctrl+S takes them in."""
        self.pages.turn_to(self.pages.files)
        self.looking.add(files, self._show_opened)

    def finish(self) -> None:
        """Take all new files in; in a preview, or at the files for below, do what is shown."""
        if not self.below.isHidden():
            self.below.write()
        elif self.pages.shown is self.pages.records:
            self.pages.records.confirm()
        else:
            self._take(self.pile.wanted())

    def next_problem(self) -> bool:
        """Go to the next file or record that asks for somebody."""
        return self.pages.next_problem()

    def _add(self, files: list[Path]) -> None:
        """Look at the files dropped; photos are read for numbered pictures."""
        photos = [one for one in files if is_photo(one)]
        self.pages.turn_to(self.pages.files)
        self.looking.add([one for one in files if one not in photos])
        if photos:
            self.photos.read(photos)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Let the pages make room for the files for below, the buttons for a card."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            if watched is self.photos and self.below.isHidden():
                self.pages.turn_to(self.pages.files)  # what photos give stands there
            self.pages.setVisible(self.below.isHidden())
            self._turned()
        return super().eventFilter(watched, event)

    def _make_room(self, other: Card) -> None:
        """Put everything away that goes while a card is open, the other card too, before it is."""
        other.hide()
        for widget in (self._places, self._watched, self.spoilt, self._ways, self.pages.files.note):
            widget.hide()
        self.pages.hide()

    # Files

    def _choose_place(self) -> None:
        """Ctrl+O: another folder where the files for below go, else files to take in."""
        if self.below.isHidden():
            self._choose()
        else:
            self.below.choose()

    def _choose(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, _("Choose files to receive"))
        self.pages.turn_to(self.pages.files)
        self.looking.add([Path(name) for name in names])

    def _watch(self) -> None:
        if self.looking.watched is not None:
            self.looking.watch(None)
        else:
            chosen = QFileDialog.getExistingDirectory(self, _("Choose a folder to watch"))
            if chosen:
                self.looking.watch(Path(chosen))
        self._draw()

    def _draw(self) -> None:
        self.pages.files.show_rows(list(presenter.file_rows(self.pile)))
        self._tell()

    def _tell(self) -> None:
        """Say how many files are wanted and spoilt, and which folder is watched."""
        count = len(self.pile.wanted())
        self.take.setText(render(_("Take %(count)s files in (Ctrl+S)"), {"count": count}))
        self.take.setEnabled(bool(count) and not self.working.busy)
        self.spoilt.setText(presenter.spoilt_text(self.pile.spoilt()))
        watched = self.looking.watched
        self._watched.setText(presenter.place_text(watched))
        text = _("Watch no longer") if watched else _("Watch a folder")
        self._buttons["F10"].setText(f"{text} F10")

    def _leave_out(self, row: Row) -> None:
        self.pile.toggle(row.key)
        self.pages.files.list.change_row(presenter.file_row(row.about, self.pile))
        self._tell()

    def _foresee(self, files: Sequence[AtHand] | None = None) -> None:
        """Show what files would change, all that are wanted if none are named."""
        self.working.foresee(files or self.pile.wanted(), self._show_foreseen)

    def _open(self, file: AtHand) -> None:
        if self.pile.state_of(file.key) == "unenrolled" and file.lying.summary is not None:
            sender = file.lying.summary.sender
            self.card.ask(file, fingerprint(sender.ed))
        elif file.is_new and not self.pile.result(file.key):
            self._foresee([file])
        elif file.lying.refusal is not None and file.lying.refusal.code == BOOK:
            self.desk.go("roster_import", str(file.lying.candidate.path))

    def _show_opened(self, found: list[AtHand]) -> None:
        if len(found) == 1:
            self._open(found[0])
            return
        new = [one for one in found if one.is_new and not self.pile.result(one.key)]
        if new:
            self._foresee(new)

    def _show_foreseen(self, found: list[tuple[AtHand, Foreseen]]) -> None:
        files = [file for file, _seen in found]
        title = _("What %(count)s files would change; nothing is taken in yet")
        self.pages.records.show_records(
            render(title, {"count": len(found)}),
            list(presenter.foreseen_rows(found)),
            _("Take in (Ctrl+S)"),
            "inbox",
            lambda: self._take(files),
        )
        self.pages.turn_to(self.pages.records)

    def _take(self, files: list[AtHand]) -> None:
        self.pages.turn_to(self.pages.files)
        self.working.take(files)
        self.looking.paused = self.working.busy
        self._tell()

    def _ended(self) -> None:
        self.looking.paused = False
        self._draw()
        self.pages.files.list.select_first(("problem",))
        self.looking.look_around()

    # The pages behind

    def _turned(self) -> None:
        among_files = self.pages.shown is self.pages.files and self.below.isHidden()
        for widget in (self._places, self._watched, self.spoilt):
            widget.setVisible(among_files and self.photos.isHidden())
        self.pages.files.note.setVisible(self.photos.isHidden())  # the card says what lacks
        self._ways.setVisible(self.photos.isHidden() and self.below.isHidden())
