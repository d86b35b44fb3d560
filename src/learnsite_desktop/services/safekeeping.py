"""Automatic backups where they belong: before what is risky, and never in the way of the work."""

import logging
import shutil
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.logs import CODE
from learnsite_desktop.services.backups import FOLDER, automatic
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.restoring import restore
from learnsite_desktop.services.workspace import SCRATCH, Workspace

_LOG = logging.getLogger(__name__)


def safely(workspace: Workspace, reason: str) -> Refusal | None:
    """Make an automatic backup if it is time for one; return why it could not be made.

    `reason` as for `backups.automatic`. The work goes on either way: a full disk must not keep
    anybody from taking in a file.
    """
    try:
        automatic(workspace, reason=reason)
    except (Refusal, OSError) as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        _LOG.warning(
            "no automatic backup (%s): %s", reason, refusal.code, extra={CODE: refusal.code}
        )
        return refusal
    return None


def replace_with(folder: Path, path: Path, clock: Clock) -> dict[str, Any]:
    """Put a backup in the place of the workspace in `folder`; returns what `restore` does.

    An automatic backup of what is there is made first, if it can still be read, so that the way
    back is as easy. Refuses what `restore` does; what is there stays then.
    """
    with ExitStack() as stack:
        with (
            suppress(Refusal, OSError),
            Workspace(folder, clock, write=True, even_moved=True) as workspace,
        ):
            if path.is_file() and path.parent.resolve() == (folder / FOLDER).resolve():
                # The new backup may be the reason that this one is thinned out.
                aside = tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH))
                path = Path(shutil.copyfile(path, Path(stack.enter_context(aside)) / path.name))
            automatic(workspace, reason="restore")
        return restore(folder, path, clock, replace=True)
