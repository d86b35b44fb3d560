"""After a crash or a power cut: what was typed and kept is finished as if the record were left."""

from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.drafts import finish_drafts
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.feedback import Tone


def recover(desk: Desk) -> None:
    """Finish the drafts that the last run left; those that want something stay on Today's list."""

    def told(results: list[CaptureResult]) -> None:
        finished = sum(1 for result in results if not result.refused)
        for result in results:
            if result.change.operations:
                desk.changed.emit(result.change)
        if finished:
            desk.say(
                render(
                    _("The program ended in the middle of work: %(count)s entries were kept."),
                    {"count": finished},
                ),
                Tone.NOTE,
            )

    desk.write(
        "",
        lambda workspace, _progress: finish_drafts(workspace),
        told,
    )
