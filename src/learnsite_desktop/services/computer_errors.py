"""Errors of the computer itself, as refusals: the same words at the command line and the window."""

import errno
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.lock import LockBusy

_FULL_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


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
    if error.errno in _FULL_DISK:
        return Refusal("disk_full", where=where)
    if error.errno == errno.EROFS:
        return Refusal("disk_readonly", where=where)
    if isinstance(error, (PermissionError, IsADirectoryError, NotADirectoryError)):
        return Refusal("file_not_permitted", where=where)
    if isinstance(error, FileExistsError) and where:
        return Refusal("file_exists", where=where)
    if isinstance(error, FileNotFoundError) and where:
        return Refusal("file_missing", where=where)
    return None
