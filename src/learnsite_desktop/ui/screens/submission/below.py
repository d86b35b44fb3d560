"""What is new for the unit above, and what waits for those below."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.relaying import Fresh, Waiting, fresh_for_above
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.forms.files_below import FilesBelow

_NAMED: Final = 4


def fresh_line(fresh: Fresh) -> str:
    """Return what is new since the last file for the unit above, "" when there is no such unit."""
    if not fresh.units:
        return _("Nothing is new since the last file.") if fresh.since else ""
    names = [
        render(N_("%(name)s %(count)s"), {"name": name, "count": count})
        for name, count in fresh.units[:_NAMED]
    ]
    if len(fresh.units) > _NAMED:
        names.append("…")
    said = {
        "count": fresh.operations,
        "units": len(fresh.units),
        "names": _("、").join(names),
    }
    return render(
        N_("New since the last file: %(count)s entries of %(units)s units (%(names)s)."), said
    )


def waiting_line(found: Sequence[Waiting]) -> str:
    """Return for how many units below something waits, "" for none."""
    names = [one.name for one in found if one.anything]
    if not names:
        return ""
    shown = [*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]
    said = {"count": len(names), "names": _("、").join(shown)}
    return render(N_("To send down: something waits for %(count)s units (%(names)s). F7."), said)


class Below(QWidget):
    """Two lines, one about each way, and the card that writes the files for the units below."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.fresh, self.line = QLabel(), QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for label in (self.fresh, self.line):
            label.setProperty("role", "muted")
            label.setWordWrap(True)
            label.hide()
            column.addWidget(label)
        self.card = FilesBelow(desk)
        self.card.told.connect(self._tell)
        self.hide()

    def load(self) -> None:
        """Ask what is new for above and what waits below, which takes a moment."""
        if self._desk.tier == "village":
            return
        self.show()
        self._desk.look_up("", lambda ws, _progress: fresh_for_above(ws), self._take)
        self.card.ask()

    def _take(self, fresh: Fresh) -> None:
        _show(self.fresh, fresh_line(fresh))

    def _tell(self, found: Sequence[Waiting]) -> None:
        _show(self.line, waiting_line(found))


def _show(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
