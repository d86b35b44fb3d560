"""What sets a trial village apart, and what it may not do."""

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings

_MARK = "trial"


def is_trial(workspace: Workspace) -> bool:
    """Return whether this workspace was made to try the program out."""
    return settings.read(workspace.database, _MARK) == "1"


def refuse_trial(workspace: Workspace) -> None:
    """Refuse `trial_not_real`: nothing invented leaves the computer as if it had happened."""
    if is_trial(workspace):
        raise Refusal("trial_not_real", where=workspace.unit)


def mark_as_trial(workspace: Workspace) -> None:
    """Mark a workspace for ever; inside the caller's transaction."""
    settings.write(workspace.database, _MARK, "1")
