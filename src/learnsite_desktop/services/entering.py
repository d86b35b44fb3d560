"""For which units this computer may enter: its own, those below, and those granted (代录)."""

from learnsite_desktop.services import enrolment
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups


def may_enter_for(workspace: Workspace, unit: str) -> bool:
    """Return whether what is entered here for a unit today will count.

    A grant to enter for a unit that does not lie below holds from its date on.
    """
    if lookups.is_within(workspace.database, unit, workspace.unit):
        return True
    today = workspace.now()[:10]
    device = workspace.keys.device.public
    return any(
        scope.kind == "for" and scope.unit == unit and scope.since <= today
        for scope in enrolment.authority(workspace).scopes_of(device, workspace.unit)
    )
