"""What an error of a disk or a medium is called: one reading for saving, sealing and carrying."""

import errno
from typing import Final

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_GONE: Final = frozenset(
    {errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE, errno.EHOSTDOWN, errno.ETIMEDOUT}
)
"""What is said of a stick that was pulled out, or a share whose computer went away."""
_GONE_WINDOWS: Final = frozenset({21, 31, 53, 55, 64, 433, 1006, 1112, 1167})
_FAILING: Final = frozenset({errno.EIO})
_FAILING_WINDOWS: Final = frozenset({23, 27, 483, 1117})
_WRITE_PROTECTED_WINDOWS: Final = 19
"""A stick with its lock on; as errno it looks like missing rights."""
_TOO_LONG_WINDOWS: Final = frozenset({111, 206})


def disk_code(error: OSError) -> str:
    """Return the code of a refusal for which the disk is to blame, "" if it is not.

    One of `disk_full`, `disk_readonly`, `place_gone`, `disk_error`, `place_too_long`.
    """
    system = getattr(error, "winerror", None)
    if error.errno in _FULL:
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
