"""What happens once the empty frame is on the screen: the workspace is opened, or a first one."""

from pathlib import Path

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.workspace import DATABASE_NAME
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.main_window import MainWindow


def begin(window: MainWindow, folder: Path, clock: Clock, operator: str) -> None:
    """Give the window its desk; what stands in the way is told in the bar."""
    if not (folder / DATABASE_NAME).is_file():
        from learnsite_desktop.ui.first_run.view import FirstRun  # noqa: PLC0415

        frame = window.takeCentralWidget()
        first = FirstRun(window, folder, clock)

        def ended(where: Path, who: str) -> None:
            first.close_lane()
            window.setCentralWidget(frame)
            begin(window, where, clock, who)

        first.when_done(ended)
        window.setCentralWidget(first)
        first.start()
        return
    try:
        desk = Desk(folder, clock, window.feedback, operator)
    except (Refusal, OSError) as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        window.feedback.refuse(refusal)
        return
    window.attach(desk)


def begin_again(window: MainWindow) -> None:
    """Make everything on the screen anew, in another language for example."""
    desk = window.desk
    if desk is None or not window.current().leave():
        return
    folder, clock, operator = desk.folder, desk.clock, desk.operator
    window.detach()
    begin(window, folder, clock, operator)
