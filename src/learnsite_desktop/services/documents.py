"""Down documents: versioned data that a unit issues for itself and those below."""

from learnsite_desktop.oplog.documents import make_document
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust


def publish(workspace: Workspace, kind: str, body: object) -> None:
    """Issue the next version of a down document for this unit and those below."""
    held = trust.document(workspace.database, kind, workspace.unit)
    document = make_document(
        workspace.keys.device,
        kind=kind,
        version=held[0] + 1 if held else 1,
        scope=workspace.unit,
        body=body,
        at=workspace.now(),
    )
    trust.put_document(
        workspace.database,
        kind=kind,
        scope=document.scope,
        version=document.version,
        name=document.hash,
        body=document.raw,
    )
