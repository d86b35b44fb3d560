"""The line below the window: saved at, last backup, what is not acknowledged yet, who works."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import backups
from learnsite_desktop.services.acknowledged import Held
from learnsite_desktop.services.backups import LastBackup
from learnsite_desktop.services.standing import Standing, standing
from learnsite_desktop.services.trial.mark import is_trial
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.widgets.elided import Elided


class StatusLine(QStatusBar):
    """Shows what the person need not ask for."""

    operator_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._trial = desk.read(is_trial)
        self.setSizeGripEnabled(False)
        self._saved, self._backup, self._open = Elided(), Elided(), Elided()
        self._held = Elided()
        self._who = QToolButton()
        self._who.setAutoRaise(True)
        self._who.clicked.connect(self.operator_wanted)
        for label in (self._saved, self._backup, self._open, self._held):
            self.addWidget(label)
        self.addPermanentWidget(self._who)
        self._saved.setText(_("Everything is saved."))
        desk.saved.connect(self._note_saved)
        desk.changed.connect(lambda _changes: self.renew())
        desk.backed_up.connect(self.renew)

    def renew(self) -> None:
        """Ask anew how things stand."""
        self._desk.look_up(
            "",
            lambda workspace, _progress: (standing(workspace), backups.last_backup(workspace)),
            self._show,
        )

    def show_operator(self, name: str) -> None:
        """Show who works."""
        self._who.setText(render("%(name)s · F2", {"name": name or _("no operator")}))
        self._who.setAccessibleName(_("Who works here"))
        self._who.setToolTip(_("Who works here; F2 changes it"))

    def _note_saved(self) -> None:
        now = self._desk.clock.now()
        self._saved.setText(render(_("Saved %(time)s"), {"time": f"{now:%H:%M:%S}"}))

    def _show(self, found: tuple[Standing, LastBackup]) -> None:
        stands, last = found
        now = self._desk.clock.now()
        # Invented records need no copy elsewhere.
        self._backup.setText("" if self._trial else _backup_text(last, now))
        _set_tone(self._backup, "error" if last.overdue(now) else "")
        self._open.setText(_open_text(stands, now))
        self._held.setText(_held_text(stands.held, now))
        self._held.setToolTip("\n".join(map(_held_words, stands.held)))
        _set_tone(self._held, "warning" if any(one.expired(now) for one in stands.held) else "")


def _set_tone(label: QLabel, tone: str) -> None:
    label.setProperty("tone", tone)
    label.style().unpolish(label)
    label.style().polish(label)


def _held_text(held: Sequence[Held], now: datetime) -> str:
    """Say what the highest unit heard of holds, or which unit has been silent for too long."""
    silent = [one for one in held if one.expired(now)]
    if silent and silent[0].is_ahead(now):
        words = {"name": silent[0].name, "date": silent[0].at[:10]}
        return render(_("Receipt from %(name)s dated %(date)s: check the clock"), words)
    if silent:
        text = _("No receipt from %(name)s for %(days)s days")
        return render(text, {"name": silent[0].name, "days": silent[0].days_old(now)})
    if not held:
        return ""
    one = held[-1]
    return render(
        _("%(name)s holds %(held)s of %(total)s (%(date)s)"),
        {"name": one.name, "held": one.held, "total": one.total, "date": one.at[:10]},
    )


def _held_words(one: Held) -> str:
    """Say what one unit above holds, and which code it should name on the telephone."""
    if not one.number:
        words = _("%(name)s has given no receipt since %(date)s")
        return render(words, {"name": one.name, "date": one.at[:10]})
    return render(
        _(
            "%(name)s: %(held)s of %(total)s by receipt no. %(number)s of %(date)s, "
            "head code %(code)s"
        ),
        {
            "name": one.name,
            "held": one.held,
            "total": one.total,
            "number": one.number,
            "date": one.at[:10],
            "code": one.code,
        },
    )


def _backup_text(last: LastBackup, now: datetime) -> str:
    """Say what protects the data; a copy on the same disk does not help when the disk breaks."""
    if last.moment is None:
        return _("No backup yet")
    if last.carried is None:
        return _("No copy on a stick yet")
    if last.overdue(now):
        days = (now - last.carried).days
        return render(_("Last copy elsewhere %(days)s days ago"), {"days": days})
    if last.moment.date() == now.date():
        return render(_("Backup %(time)s"), {"time": f"{last.moment.astimezone(now.tzinfo):%H:%M}"})
    return render(_("Last backup %(days)s days ago"), {"days": (now - last.moment).days})


def _open_text(stands: Standing, now: datetime) -> str:
    if not stands.above:
        return ""
    if not stands.unreceipted:
        return _("Everything is acknowledged above")
    days = stands.days_since(now)
    if days is None:
        return render(_("%(count)s entries never handed in"), {"count": stands.unreceipted})
    if days == 0:
        text = _("%(count)s entries not acknowledged · handed in today")
        return render(text, {"count": stands.unreceipted})
    return render(
        _("%(count)s entries not acknowledged · handed in %(days)s days ago"),
        {"count": stands.unreceipted, "days": days},
    )
