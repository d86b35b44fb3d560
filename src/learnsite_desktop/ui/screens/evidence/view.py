"""The evidence screen: sessions at the left, the photos of one at the right."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QStandardPaths, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter
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
from learnsite_desktop.paint.photos import PhotoEncoder
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.photo_tray import Tray, target_of, trays
from learnsite_desktop.services.photos import add_photos, photos_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.correction import Correction
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.screen import Screen
from learnsite_desktop.ui.screens.evidence import presenter
from learnsite_desktop.ui.screens.evidence.answers import Answers, Reasoned
from learnsite_desktop.ui.screens.evidence.deeds import Deeds
from learnsite_desktop.ui.screens.evidence.presenter import Given, Row, Told
from learnsite_desktop.ui.screens.evidence.thumbs import ThumbModel, Thumbs
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.row_list import RowList

_NO_REASONS: Final[Mapping[str, str]] = {}


class View(Screen):
    """Photos of a session (or activity, learner, site); `about` is its record id, "" the newest."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._trays: dict[str, Tray] = {}
        self._about = ""
        self._model = ThumbModel()
        self._encoder = PhotoEncoder()
        self.list: RowList[Row] = RowList(
            _("Sessions"), (_("Day"), _("Activity"), _("Photos")), wide=(1,)
        )
        self.thumbs = Thumbs(self._model)
        self._wanted = QLabel()
        self._wanted.setWordWrap(True)
        self._wanted.setProperty("role", "heading")
        self._drop = EmptyState(
            "photo",
            _("No photos yet. Drop them here, paste them with Ctrl+V, or choose them."),
        )
        self._nobody = EmptyState(
            "evidence",
            _("No session was planned here in the last weeks. Photos are added to sessions."),
            _("New activity"),
            lambda: desk.go("activity"),
        )
        self.answers = Answers()
        self.card, self.reason = Correction(desk), ReasonCard()
        self._deeds = Deeds(desk, self.thumbs, self._model, self.card, self.reason)
        self._keys = QLabel()
        self._keys.setWordWrap(True)
        self._keys.setProperty("role", "muted")
        words = presenter.kind_words().values()
        kinds = " ".join(f"{place} {word}" for place, word in enumerate(words, start=1))
        self._keys.setText(
            render(
                _("On a photo: %(kinds)s · P may be published · N note · Enter large · Delete"),
                {"kinds": kinds},
            )
        )
        self._add, self._pasting = (
            QPushButton(_("Add photos Ctrl+O")),
            QPushButton(_("Paste Ctrl+V")),
        )
        self._more = QPushButton(_("This photo"))
        self._photos = QStackedWidget()
        self._whole = QStackedWidget()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)

    def _lay_out(self) -> None:
        self._photos.addWidget(self.thumbs)
        self._photos.addWidget(self._drop)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self._wanted)
        column.addWidget(self._photos, 1)
        for widget in (self.answers, self.card, self.reason, self._keys):
            column.addWidget(widget)
        split = QWidget()
        row = QHBoxLayout(split)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.list, 5)
        row.addWidget(right, 6)
        self._whole.addWidget(split)
        self._whole.addWidget(self._nobody)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._whole, 1)
        whole.addLayout(self._button_row())

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for button, icon, colour in (
            (self._add, "add", "on_accent"), (self._pasting, "paste", "text"),
            (self._more, "more", "text"),
        ):  # fmt: skip
            icons.tint(button, icon, colour)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        row.addStretch(1)
        self._add.setProperty("role", "primary")
        self._add.clicked.connect(self._choose)
        self._pasting.clicked.connect(self._paste)
        self._more.setMenu(self._deeds.menu(self))
        return row

    def _connect(self) -> None:
        self.key("Ctrl+O", self._choose)
        self.key("Ctrl+V", self._paste)
        self.list.moved.connect(self._row_moved)
        self.list.chosen.connect(lambda _row: self._to_photos())
        self.thumbs.kinded.connect(lambda told: self._deeds.set_fields(told[0], {"kind": told[1]}))
        self.thumbs.publishing.connect(self._deeds.publish)
        self.thumbs.noted.connect(self._deeds.note)
        self.thumbs.opened.connect(self._deeds.enlarge)
        self.thumbs.removed.connect(self._deeds.remove)
        self.thumbs.selectionModel().currentChanged.connect(lambda *_: self._enable())
        self.answers.answered.connect(self._take_with_reason)
        for card in (self.answers, self.card, self.reason):
            card.closed.connect(self._to_photos)

    # What the window calls

    def open(self, about: str) -> None:
        """Show the sessions; the wanted one, else the newest, is current."""
        self.answers.hide()
        self.card.hide()
        self.reason.hide()
        self.take_stale()
        self._about, photo = self.desk.read(lambda ws: target_of(ws, about)) if about else ("", "")
        self._load(select=self._about, photo=photo)
        (self.list if self._trays else self._nobody.button).setFocus()

    def refresh(self, changes: ChangeSet) -> None:
        """Read the sessions and the photos again."""
        del changes
        self._load()

    def finish(self) -> None:
        """Save what the open card holds."""
        if self.card.isVisible():
            self.card.save()

    def leave(self) -> bool:
        """Stay once when the open card holds what was not saved."""
        return self.card.leave()

    def next_problem(self) -> bool:
        """F8: the next session that wants photos."""
        rows, current = self.list.rows(), self.list.current()
        begun = rows.index(current) + 1 if current in rows else 0
        for row in (*rows[begun:], *rows[:begun]):
            if self._trays[row.key].missing:
                return self.list.select(row.key)
        return False

    # Showing

    def _load(self, select: str = "", photo: str = "") -> None:
        found = self.desk.read(lambda ws: trays(ws, self._about))
        self._trays = {tray.record: tray for tray in found}
        self.list.show_rows([presenter.row_of(tray) for tray in found], select=select)
        self._whole.setCurrentIndex(0 if found else 1)
        self._show_photos(select=photo)

    def _tray(self) -> Tray | None:
        row = self.list.current()
        return self._trays.get(row.key) if row is not None else None

    def _row_moved(self) -> None:
        """Show the photos of the row one came to."""
        self.answers.hide()
        self._show_photos()

    def _show_photos(self, select: str = "") -> None:
        tray, former = self._tray(), self.thumbs.current()
        if tray is None:
            self._model.show(())
        else:
            record = tray.record
            self._model.show(self.desk.read(lambda ws: photos_of(ws, record)))
            self._wanted.setText(presenter.wanted_line(tray))
        self._photos.setCurrentWidget(self.thumbs if self._model.photos() else self._drop)
        self.thumbs.select(select or (former.record if former is not None else ""))
        self._enable()

    def _enable(self) -> None:
        there, photo = self._tray() is not None, self.thumbs.current() is not None
        for button in (self._add, self._pasting):
            button.setEnabled(there)
        self._more.setEnabled(photo)
        self._keys.setVisible(photo and self.answers.isHidden())

    def _to_photos(self) -> None:
        self._enable()
        (self.thumbs if self._model.photos() else self.list).setFocus()

    # Taking photos in

    def _choose(self) -> None:
        place = QStandardPaths.StandardLocation.PicturesLocation
        names = "*.jpg *.jpeg *.png *.bmp *.webp *.heic"
        found, _kind = QFileDialog.getOpenFileNames(
            self,
            _("Choose photos"),
            QStandardPaths.writableLocation(place),
            f"{_('Photos')} ({names} {names.upper()});;{_('All files')} (*)",
        )
        if found:
            self.take([Path(one) for one in found])

    def _paste(self) -> None:
        given = given_in(QGuiApplication.clipboard().mimeData())
        if given:
            self.take(given)
        else:
            self.desk.say(_("There is no picture to paste: copy one first."), Tone.NOTE)

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Take files and pictures."""
        if self._tray() is not None and (event.mimeData().hasUrls() or event.mimeData().hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Take in what was dropped."""
        given = given_in(event.mimeData())
        if given:
            event.acceptProposedAction()
            self.take(given)

    def take(
        self, given: Sequence[Given], reasons: Mapping[str, str] = _NO_REASONS, record: str = ""
    ) -> None:
        """Take files in for the record shown (or `record`), drawn anew in the writer lane."""
        tray = self._tray()
        target = record or (tray.record if tray is not None else "")
        if not target:
            return
        encoder, operator = self._encoder, self.desk.operator

        def job(workspace: Workspace, progress: Progress) -> "_Taken":
            added = add_photos(
                workspace,
                target,
                given,
                encoder=encoder,
                reasons=reasons,
                operator=operator,
                progress=progress,
            )
            return _Taken(presenter.told(workspace, given, added), added.change)

        self.desk.write(_("Taking in photos"), job, lambda taken: self._took(target, taken))

    def _took(self, record: str, taken: "_Taken") -> None:
        told = taken.told
        if told.taken:
            self.desk.say_done(told.said, taken)
        if not self.isVisible():
            return
        tray = self._tray()
        if tray is None or tray.record != record:
            self.list.select(record)
        self._show_photos(select=told.taken[0] if told.taken else "")
        self._to_photos()
        self.answers.show_told(record, told)
        self._enable()

    def _take_with_reason(self, reasoned: Reasoned) -> None:
        self.take(reasoned.given, reasoned.reasons, reasoned.record)


class _Taken:
    """What became of files, and the change for undo."""

    def __init__(self, told: Told, change: ChangeSet) -> None:
        self.told, self.change = told, change


def given_in(mime: QMimeData) -> list[Given]:
    """Return the files that were copied or dropped, else the picture, as PNG."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths:
        return presenter.files_in(paths)
    image = mime.imageData() if mime.hasImage() else None
    if not isinstance(image, QImage) or image.isNull():
        return []
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return [bytes(buffer.data().data())]
