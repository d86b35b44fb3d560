"""Errors of the computer itself, as refusals: the same words at the command line and the window."""

import errno
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.lock import LockBusy

_FULL_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_GONE: Final = frozenset(
    {errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE, errno.EHOSTDOWN, errno.ETIMEDOUT}
)
"""What is said of a stick that was pulled out, or a share whose computer went away."""
_GONE_WINDOWS: Final = frozenset({21, 31, 53, 55, 64, 433, 1006, 1112, 1167})
_FAILING: Final = frozenset({errno.EIO})
_FAILING_WINDOWS: Final = frozenset({23, 27, 483, 1117})
_WRITE_PROTECTED_WINDOWS: Final = 19
_TOO_LONG_WINDOWS: Final = frozenset({111, 206})


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
    code = _of_the_disk(error)
    if code:
        return Refusal(code, where=where)
    if isinstance(error, (PermissionError, IsADirectoryError, NotADirectoryError)):
        return Refusal("file_not_permitted", where=where)
    if isinstance(error, FileExistsError) and where:
        return Refusal("file_exists", where=where)
    if isinstance(error, FileNotFoundError) and where:
        return Refusal("file_missing", where=where)
    return None


def _of_the_disk(error: OSError) -> str:
    """Return the code of a refusal for which the disk is to blame, "" if it is not."""
    system = getattr(error, "winerror", None)
    if error.errno in _FULL_DISK:
        return "disk_full"
    if error.errno == errno.EROFS or system == _WRITE_PROTECTED_WINDOWS:
        return "disk_readonly"
    if error.errno in _GONE or system in _GONE_WINDOWS:
        return "place_gone"
    if error.errno in _FAILING or system in _FAILING_WINDOWS:
        return "disk_error"
    if error.errno == errno.ENAMETOOLONG or system in _TOO_LONG_WINDOWS:
        return "place_too_long"
    return ""
