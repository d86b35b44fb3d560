"""Sending down: notices, codes, targets, forms, rosters; looked at before they are issued."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import publishing
from learnsite_desktop.services.publishing import Issued, notice_board
from learnsite_desktop.services.publishing.table_out import COLUMNS, write_table_of
from learnsite_desktop.services.updates.files import is_update
from learnsite_desktop.services.updates.held import PROGRAM
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Action, Tone
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.publishing import presenter
from learnsite_desktop.ui.screens.publishing.cards import NoticeCard, PreviewCard
from learnsite_desktop.ui.screens.publishing.presenter import LABELS, Held, Row
from learnsite_desktop.ui.widgets.choices import CodeChoice, Option
from learnsite_desktop.ui.widgets.drops import Drops
from learnsite_desktop.ui.widgets.flow import FlowLayout
from learnsite_desktop.ui.widgets.row_list import RowList

Issue = Callable[[Workspace, bool], Issued]
"""Issues what is in hand; with True only says what it would change."""
_ELSEWHERE: Final = {"regions": "units", "policy": "preferences", PROGRAM: "updates"}
"""Kinds that have a screen of their own to be edited in."""


class View(Screen):
    """The list of documents, the content of the one chosen, cards over them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        Drops(self, lambda files: self.look_at(files[0]))
        self._held: Held | None = None
        self._issue: Issue | None = None
        self._name = ""
        self.list: RowList[Row] = RowList(
            _("Documents"),
            (_("Document"), _("Goes to"), _("Version"), _("Issued on"), _("Renew by"), _("State")),
            wide=(0, 1),
        )
        self.content = QStackedWidget()
        self._caption = QLabel()
        self._caption.setProperty("role", "heading")
        self.unit = CodeChoice(_("Goes to"), ())
        self.unit.setPlaceholderText(_("all units below"))
        self.preview = PreviewCard()
        self.notice = NoticeCard(lambda: desk.clock.now().date())
        self._lists = QWidget()
        self._lay_out()
        self.list.moved.connect(self._show_content)
        self.list.chosen.connect(self._begin)
        self.preview.wanted.connect(self._go_down)
        self.notice.wanted.connect(self._look_at_notice)
        self.preview.closed.connect(self._settle)
        self.notice.closed.connect(self._settle)

    def _lay_out(self) -> None:
        deeds = QWidget()
        below, whom = FlowLayout(deeds, gap=6), QHBoxLayout()
        self._buttons: list[QPushButton] = []
        for text, icon, keys, deed in (
            (_("New notice"), "note", "Ctrl+N", self._write_notice),
            (_("Issue a file"), "folder", "Ctrl+O", self.choose),
            (_("Table to edit"), "excel", "F6", self._write_table),
            (_("Take the notice down"), "delete", "F7", self._take_down),
        ):
            button = QPushButton(f"{text} ({keys})")
            icons.tint(button, icon)
            button.setAutoDefault(True)
            button.clicked.connect(deed)
            self.key(keys, deed)
            self._buttons.append(button)
            below.addWidget(button)
        caption = QLabel(_("Goes to"))
        caption.setBuddy(self.unit)
        whom.addWidget(caption)
        whom.addWidget(self.unit, 1)
        whom.addStretch(1)
        self._column = column = QVBoxLayout(self._lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 3)
        column.addWidget(self._caption)
        column.addWidget(self.content, 2)
        column.addLayout(whom)
        column.addWidget(deeds)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        for widget in (self._lists, self.notice, self.preview):
            whole.addWidget(widget, 1)

    # What the window calls

    def open(self, about: str) -> None:
        """Show what is in use; `about` may be a kind."""
        self._load()
        if about:
            self._select(about)
        self._settle()

    def refresh(self, changes: ChangeSet) -> None:
        """Nothing that is recorded shows here."""

    def finish(self) -> None:
        """Ctrl+S: look at the notice, or issue what was looked at."""
        if self.notice.isVisible():
            self._look_at_notice()
        elif self.preview.isVisible() and self.preview.yes.isEnabled():
            self._go_down()

    def search(self) -> None:
        """Ctrl+F: to the list."""
        self.list.setFocus()

    # Showing

    def _load(self) -> None:
        self._held = held = self.desk.read(presenter.look)
        self.list.show_rows(held.rows)
        self.unit.set_options([Option(code, name) for code, name in held.below])
        self._show_content()

    def _select(self, kind: str) -> None:
        assert self._held is not None  # noqa: S101 - loaded just before
        found = next((row for row in self._held.rows if row.about[0] == kind), None)
        if found is not None:
            self.list.select(found.key)

    def _show_content(self) -> None:
        row = self.list.current()
        if row is None or self._held is None:
            return
        kind = row.about[0]
        content = self._held.contents.get(row.about)
        rows = presenter.content_rows(kind, content, self._held.names)
        names = presenter.headings(kind, content)
        shown: RowList[Row] = RowList(
            _("What stands in it"), (*names, ""), wide=tuple(range(len(names)))
        )
        shown.show_rows(rows)
        shown.setColumnHidden(len(names), True)
        # A table below shares the room; a sentence leaves it to the list.
        self._column.setStretch(self._column.indexOf(self.content), 2 if rows else 0)
        while self.content.count():
            old = self.content.widget(0)
            self.content.removeWidget(old)
            old.deleteLater()
        self._caption.setVisible(bool(rows))
        if rows:
            self._caption.setText(row.cells[0])
            self.content.addWidget(shown)
        else:
            shown.deleteLater()
            self._caption.setText("")
            empty = QLabel(self._what_to_do(kind))
            empty.setWordWrap(True)
            empty.setProperty("role", "muted")
            empty.setAlignment(Qt.AlignmentFlag.AlignTop)
            self.content.addWidget(empty)

    def _what_to_do(self, kind: str) -> str:
        if kind == "notices":
            return _("No notice is up. Ctrl+N writes one: it stands on Today of the units below.")
        if kind in COLUMNS:
            return _(
                "Nothing is issued. F6 writes the table to fill in with Excel or WPS; drop it here."
            )
        if kind == PROGRAM:
            return _(
                "Drop an update file (.lsu) here: it goes down with the next files. Enter shows "
                "what lies here and what the units below run."
            )
        if kind == "roster":
            return _(
                "A list of learners for one unit, sealed for it alone: choose it, drop the list."
            )
        return _("Nothing is issued. Drop the file here, or choose it with Ctrl+O.")

    def _settle(self) -> None:
        """Show the lists again when no card is open."""
        cards = self.notice.isVisible() or self.preview.isVisible()
        self._lists.setVisible(not cards)
        if not cards:
            self.list.setFocus()

    # Notices

    def _write_notice(self) -> None:
        if self._held is None:
            return
        self._lists.hide()
        self.preview.hide()
        self.notice.begin(self._held.below)

    def _look_at_notice(self) -> None:
        values = self.notice.values()
        if values is None:
            return
        unit = self.notice.unit.value()
        self._look(
            values["title"],
            lambda ws, dry: notice_board.put_up(ws, values, unit=unit, dry_run=dry),
        )

    def _take_down(self) -> None:
        row = self.list.current()
        shown = self.content.currentWidget()
        if row is None or row.about[0] != "notices" or not isinstance(shown, RowList):
            self.desk.say(_("Choose “Notices” in the list first, then the notice."), Tone.NOTE)
            return
        chosen = shown.current()
        if chosen is None:
            return
        title, scope = chosen.cells[0], row.about[1]
        self.desk.write(
            _("Taking the notice down"),
            lambda ws, _progress: notice_board.take_down(ws, title, unit=scope),
            self._issued,
        )

    # Files

    def choose(self) -> None:
        """Ask for the file to issue for the kind chosen."""
        path, _chosen = QFileDialog.getOpenFileName(self, _("File to issue"))
        if path:
            self.look_at(Path(path))

    def look_at(self, path: Path) -> None:
        """Show what a file would change as the kind chosen in the list."""
        row = self.list.current()
        if is_update(path):
            self.desk.go("updates", str(path))
            return
        if row is None:
            return
        kind, unit = row.about[0], self.unit.value()
        if kind in ("policy", PROGRAM):
            self._begin(row)
            return
        self._look(
            f"{_(LABELS[kind])} · {path.name}",
            lambda ws, dry: publishing.publish_file(ws, kind, path, unit=unit, dry_run=dry),
        )

    def _begin(self, row: Row) -> None:
        kind = row.about[0]
        if kind in _ELSEWHERE:
            self.desk.go(_ELSEWHERE[kind])
        elif kind == "notices":
            self._write_notice()
        else:
            self.choose()

    def _write_table(self) -> None:
        row = self.list.current()
        kind = row.about[0] if row is not None else ""
        if row is None or kind not in COLUMNS:
            self.desk.say(_("This is no table; choose another document in the list."), Tone.NOTE)
            return
        suffix = ".csv" if kind == "regions" else ".xlsx"
        name = f"{_(LABELS[kind])}{suffix}"
        path, _chosen = QFileDialog.getSaveFileName(self, _("Where the table goes"), name)
        if not path:
            return
        scope = row.about[1]
        self.desk.look_up(
            _("Writing the table"),
            lambda ws, _progress: write_table_of(ws, kind, Path(path), unit=scope),
            lambda done: self.desk.say(
                render(_("Written: %(path)s. Change it, save it, and drop it here."), done)
            ),
        )

    # Issuing

    def _look(self, name: str, issue: Issue) -> None:
        self._issue, self._name = issue, name

        def job(workspace: Workspace, _progress: Progress) -> Issued:
            return issue(workspace, True)

        self.desk.write(_("Looking at what changes"), job, self._show_preview)

    def _show_preview(self, issued: Issued) -> None:
        self._lists.hide()
        self.notice.hide()
        units = self._held.names if self._held is not None else {}
        self.preview.show_preview(issued, self._name, units)

    def _go_down(self) -> None:
        issue, self._issue = self._issue, None
        if issue is None:
            return

        def job(workspace: Workspace, _progress: Progress) -> Issued:
            return issue(workspace, False)

        self.desk.write(_("Issuing"), job, self._issued)

    def _issued(self, issued: Issued) -> None:
        self.preview.hide()
        self._load()
        self._select(issued.kind)
        self._settle()
        said = {"kind": _(LABELS[issued.kind]), "version": issued.version}
        text = _("%(kind)s: version %(version)s is issued. It goes down with the next receipts.")
        self.desk.say(
            render(text, said), Tone.OK, Action(_("Undo"), lambda: self._take_back(issued))
        )

    def _take_back(self, issued: Issued) -> None:
        def ended(again: Any) -> None:
            self._load()
            self._select(issued.kind)
            said = {"kind": _(LABELS[issued.kind]), "version": again.version}
            self.desk.say(render(_("%(kind)s is as before, as version %(version)s."), said))

        self.desk.write(_("Undo"), lambda ws, _progress: publishing.take_back(ws, issued), ended)
