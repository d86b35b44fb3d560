"""What can be done with a photo that is there: kind, note, looking at it, taking it away."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.photos import Photo
from learnsite_desktop.ui.desk import Desk, issue_text
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.forms.correction import Correction
from learnsite_desktop.ui.forms.reason import ReasonCard
from learnsite_desktop.ui.screens.evidence import presenter
from learnsite_desktop.ui.screens.evidence.large import LargePhoto
from learnsite_desktop.ui.screens.evidence.thumbs import ThumbModel, Thumbs


class Deeds:
    """The deeds, with the cards that ask what they need to know."""

    def __init__(
        self, desk: Desk, thumbs: Thumbs, model: ThumbModel, card: Correction, reason: ReasonCard
    ) -> None:
        self._desk, self._thumbs, self._model = desk, thumbs, model
        self._card, self._reason = card, reason

    def menu(self, parent: QWidget) -> QMenu:
        """Return what can be done with a photo, for the mouse."""
        menu = QMenu(parent)
        for place, (code, word) in enumerate(presenter.kind_words().items(), start=1):
            menu.addAction(f"{place} {word}", lambda code=code: self._kind_of_current(code))
        menu.addSeparator()
        for text, deed in (
            (_("P may be published, or not"), self.publish),
            (_("N write a note"), self.note),
            (_("Enter shows it large"), self.enlarge),
            (_("Delete takes it away"), self.remove),
        ):
            menu.addAction(text, self._on_current(deed))
        return menu

    def _on_current(self, deed: Any) -> Any:
        """Return what a button does: `deed` with the photo one stands on."""

        def do() -> None:
            photo = self._thumbs.current()
            if photo is not None:
                self._thumbs.setFocus()
                deed(photo)

        return do

    def _kind_of_current(self, code: str) -> None:
        photo = self._thumbs.current()
        if photo is not None:
            self.set_fields(photo, {"kind": code})

    def publish(self, photo: Photo) -> None:
        """Change whether a photo may be published."""
        self.set_fields(photo, {"publishable": not photo.publishable})

    def set_fields(self, photo: Photo, values: Mapping[str, Any]) -> None:
        """Change fields of a photo; why is asked once the unit above has it."""
        record = photo.record
        if not self._desk.read(lambda ws: presenter.wants_reason(ws, record)):
            self._edit(record, values, "")
            return
        self._reason.ask(
            _("The unit above has received this. Why is it changed?"),
            _("Change it (Enter)"),
            lambda why: self._edit(record, values, why),
        )

    def _edit(self, record: str, values: Mapping[str, Any], why: str) -> None:
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _p: presenter.set_fields(ws, record, values, why=why, operator=operator),
            lambda result: self._changed(result, ""),
        )

    def note(self, photo: Photo) -> None:
        """Write a note in the card."""
        self._card.begin(photo.record, "note")

    def enlarge(self, photo: Photo) -> None:
        """Show a photo large."""
        at = self._model.row_of(photo.record)
        LargePhoto(self._thumbs, self._model.photos(), at).open()

    def remove(self, photo: Photo) -> None:
        """Take a photo away, unless the unit above has it; why is asked."""
        record = photo.record
        refusal = self._desk.read(lambda ws: presenter.may_remove(ws, record))
        if refusal is not None:
            self._desk.feedback.refuse(refusal)
            return
        self._reason.ask(
            _("Take this photo away?"), _("Delete (Enter)"), lambda why: self._delete(record, why)
        )

    def _delete(self, record: str, why: str) -> None:
        operator = self._desk.operator
        self._desk.write(
            _("Saving"),
            lambda ws, _p: presenter.remove(ws, record, why=why, operator=operator),
            lambda result: self._changed(result, _("Deleted.")),
        )

    def _changed(self, result: CaptureResult, said: str) -> None:
        if result.refused:
            told = " ".join(issue_text(one) for one in result.issues if one.blocking)
            self._desk.say(told, Tone.ERROR)
        elif said:
            self._desk.say_done(said, result)
