"""The card that reads photos of numbered pictures, and says which pictures are still missing."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from learnsite_desktop.paint.codes import CodeReader
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.at_hand import AtHand
from learnsite_desktop.services.photo_files import (
    MISSING,
    PHOTO_SUFFIXES,
    FromPhotos,
    is_of_pictures,
    read_photos,
)
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone, refusal_text
from learnsite_desktop.ui.forms.card import Card


class PhotoCard(Card):
    """Photos are chosen here, or a folder of them; `then` gets what they gave.

    It stays open while pictures are missing, and says which.
    """

    def __init__(
        self, desk: Desk, then: Callable[[FromPhotos], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._then = desk, then
        self._read = CodeReader()
        self.title.setText(_("Photos of numbered pictures"))
        self._lines = QLabel()
        self._lines.setWordWrap(True)
        self._lines.setTextFormat(Qt.TextFormat.PlainText)
        self.body.addWidget(self._lines)
        self.choose = self.add_button(QPushButton(_("Choose photos (Enter)")))
        icons.tint(self.choose, "photo")
        self.choose.clicked.connect(lambda *_: self._choose())
        folder = self.add_button(QPushButton(_("A folder of photos (Ctrl+D)")))
        icons.tint(folder, "folder")
        folder.clicked.connect(lambda *_: self._choose_folder())
        self.add_button(QPushButton(_("Close (Esc)"))).clicked.connect(self.shut)
        key = QShortcut(QKeySequence("Ctrl+D"), self, self._choose_folder)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    @property
    def text(self) -> str:
        """What the card says."""
        return self._lines.text()

    def begin(self) -> None:
        """Say how it goes and wait for photos."""
        self._lines.setText(
            _(
                "Photograph every picture sharply and from the front, copy the photos to this "
                "computer and choose them here: in any order, all at once or bit by bit."
            )
        )
        self._open()

    def _open(self) -> None:
        self.show()
        self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        kinds = " ".join(f"*{one}" for one in PHOTO_SUFFIXES)
        names, _kind = QFileDialog.getOpenFileNames(
            self, _("Choose photos"), "", f"{_('Photos')} ({kinds} {kinds.upper()})"
        )
        self.read([Path(name) for name in names])

    def _choose_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, _("Choose the folder of the photos"))
        if found:
            self.read([Path(found)])

    def read(self, paths: Sequence[Path]) -> None:
        """Read photos, and those in folders."""
        if not paths:
            return
        self._desk.look_up(
            _("Reading the photos"),
            lambda ws, progress: read_photos(ws, paths, self._read, progress=progress),
            self._told,
        )

    def _told(self, found: FromPhotos) -> None:
        self._lines.setText("\n".join(lines_of(found)))
        if any(one.lying.refusal is not None for one in found.files) or not found.files:
            self._open()
        else:
            self.shut()
        if found.files:
            self._then(found)
        else:
            self._desk.say(_("No numbered picture was found in these photos."), Tone.NOTE)


def lines_of(found: FromPhotos) -> Iterator[str]:
    """Yield in words what photos gave: what lacks first."""
    if not found.files:
        yield render(
            _(
                "%(count)s photos were read; none shows a numbered picture that can be read. Go "
                "nearer, hold the phone still, and send the photos in their original size."
            ),
            {"count": found.photos},
        )
    for one in sorted(found.files, key=lambda one: one.lying.refusal is None):
        yield _line(one)


def _line(one: AtHand) -> str:
    refusal = one.lying.refusal
    if refusal is None:
        said = {"name": one.unit_name or one.lying.from_unit}
        if one.is_new:
            return render(_("The pictures of %(name)s are complete."), said)
        return _("This file was taken in before.")
    if refusal.code == MISSING and is_of_pictures(one):
        return render(
            _(
                "Of %(total)s pictures %(held)s were read. Still missing: no. %(missing)s. "
                "Photograph these and choose the new photos; what was read is kept."
            ),
            refusal.params,
        )
    said = {"reason": one.lying.candidate.name, "text": refusal_text(refusal)}
    return render(_("%(reason)s: %(text)s"), said)
