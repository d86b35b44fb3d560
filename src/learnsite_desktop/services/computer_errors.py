"""Errors of the computer itself, as refusals: the same words at the command line and the window."""

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.disk_errors import disk_code
from learnsite_desktop.platform.lock import LockBusy


def refusal_of(error: BaseException) -> Refusal | None:
    """Return `error` as a refusal if it is one, or is the disk's or the lock's own refusal.

    None: a mistake of ours.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, LockBusy):
        return Refusal("workspace_busy", where=str(error.folder))
    if not isinstance(error, OSError):
        return None
    where = str(error.filename or "")
    code = disk_code(error)
    if code:
        return Refusal(code, where=where)
    if isinstance(error, (PermissionError, IsADirectoryError, NotADirectoryError)):
        return Refusal("file_not_permitted", where=where)
    if isinstance(error, FileExistsError) and where:
        return Refusal("file_exists", where=where)
    if isinstance(error, FileNotFoundError) and where:
        return Refusal("file_missing", where=where)
    return None
