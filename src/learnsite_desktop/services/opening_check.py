"""The check number of an opening file: the same on the printed slip and where it is opened."""

import hashlib
from typing import Final

from learnsite_desktop.oplog.keys import invite_id

_LABEL: Final = b"learnsite check number "


def check_number(secret: bytes) -> str:
    """Return six digits, "482 911", that follow from an opening file's invite and tell nothing."""
    digest = hashlib.sha256(_LABEL + invite_id(secret)).digest()
    number = int.from_bytes(digest[:8], "big") % 1_000_000
    return f"{number // 1000:03} {number % 1000:03}"
