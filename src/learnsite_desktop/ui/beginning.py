"""What happens once the empty frame is on the screen: the workspace is opened, or a first one."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.recovery_proof import is_due
from learnsite_desktop.services.trial.mark import is_trial
from learnsite_desktop.services.trial.village import home_of_trial, throw_away
from learnsite_desktop.services.workspace import DATABASE_NAME, is_gone
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.trial_ribbon import TrialRibbon

if TYPE_CHECKING:
    from learnsite_desktop.ui.interlude import Interlude


_BACKUP_AFTER_MS: Final = 2000
"""The first automatic backup waits until the day is on the screen."""


def begin(window: MainWindow, folder: Path, clock: Clock, operator: str, said: str = "") -> None:
    """Give the window its desk and say `said` there; what stands in the way gets its own page."""
    if not (folder / DATABASE_NAME).is_file() and not is_gone(folder):
        from learnsite_desktop.ui.first_run.view import FirstRun  # noqa: PLC0415

        frame = window.takeCentralWidget()
        frame.hide()  # else Qt, which was about to show it, makes it a window of its own
        first = FirstRun(window.preferences, folder, clock)

        def ended(where: Path, who: str) -> None:
            first.close_lane()
            window.setCentralWidget(frame)
            frame.show()
            begin(window, where, clock, who, first.told)
            _ask_for_recovery_code(window)

        first.when_done(ended)
        window.setCentralWidget(first)
        window.setWindowTitle(_("Learning site log"))  # also after a trial
        first.start()
        if said:
            first.feedback.say(said, Tone.NOTE)
        window.begun.emit()
        return
    try:
        desk = Desk(folder, clock, window.feedback, operator)
    except (Refusal, OSError) as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        _interlude(window, folder, clock, operator).show_refusal(refusal, said)
        return
    window.attach(desk)
    if desk.read(is_trial):
        window.setWindowTitle(_("Learning site log (trial)"))
        ribbon = TrialRibbon()
        ribbon.ended.connect(lambda: _end_trial(window))
        window.put_above(ribbon)
    if desk.read(is_due) and window.status is not None:
        from learnsite_desktop.ui.recovery_code import Reminder  # noqa: PLC0415 - seldom needed

        window.status.addPermanentWidget(Reminder(desk, window))
    if said:
        desk.say(said, Tone.NOTE)
    QTimer.singleShot(_BACKUP_AFTER_MS, desk, lambda: desk.back_up("start"))
    window.begun.emit()


def _ask_for_recovery_code(window: MainWindow) -> None:
    """Ask whoever has just founded a unit to print the recovery code."""
    from learnsite_desktop.ui.recovery_code import Reminder  # noqa: PLC0415 - seldom needed

    reminder = window.findChild(Reminder)
    if reminder is not None:
        reminder.show_page()


def _end_trial(window: MainWindow) -> None:
    """Throw the trial village away and begin where it was begun."""
    desk = window.desk
    if desk is None:
        return
    folder, clock, said = desk.folder, desk.clock, ""
    window.detach()
    try:
        if not throw_away(folder, clock):
            said = _("The trial is over. Some of its files are in use and could not be removed.")
    except (Refusal, OSError):
        said = _(
            "The trial could not be ended: another program is using its files. "
            "Close that program, then end the trial again."
        )
    over = not (folder / DATABASE_NAME).is_file()
    begin(window, home_of_trial(folder) if over else folder, clock, "", said)


def _interlude(window: MainWindow, folder: Path, clock: Clock, operator: str) -> "Interlude":
    from learnsite_desktop.ui.interlude import Interlude  # noqa: PLC0415 - seldom needed

    return Interlude(
        window, folder, clock, lambda where, said: begin(window, where, clock, operator, said)
    )


def begin_after(
    window: MainWindow, label: str, job: Callable[[Path, Clock], Any], said: str
) -> None:
    """Close the desk, do `job(folder, clock)` without it, open it again and say `said`.

    For what needs the records closed: restoring a backup. What fails is told in the bar of the
    desk, opened as it was.
    """
    desk = window.desk
    if desk is None or not window.current().leave():
        return
    folder, clock, operator = desk.folder, desk.clock, desk.operator
    window.detach()
    page = _interlude(window, folder, clock, operator)
    page.hide_choices()
    page.work(label, lambda: job(folder, clock), said)


def begin_again(window: MainWindow) -> None:
    """Make everything on the screen anew, in another language for example."""
    desk = window.desk
    if desk is None or not window.current().leave():
        return
    folder, clock, operator = desk.folder, desk.clock, desk.operator
    window.detach()
    begin(window, folder, clock, operator)
