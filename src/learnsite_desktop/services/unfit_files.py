"""What a file is that was given to be received and is no bundle: where it belongs instead."""

from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.backups import SUFFIX as BACKUP_SUFFIX
from learnsite_desktop.services.founding import OPENING_SUFFIX
from learnsite_desktop.services.register_files import BOOK, is_book_file

_CODES: Final = {OPENING_SUFFIX: "opening_not_bundle", BACKUP_SUFFIX: "backup_not_bundle"}
_HEAD_BYTES: Final = 12
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n")
_BOXED: Final = b"ftyp"  # HEIC, at the fifth byte


def no_bundle(path: Path) -> Refusal:
    """Return the refusal of a file that is no bundle, by what it looks like.

    `register_not_bundle`, `opening_not_bundle`, `backup_not_bundle`, `picture_not_bundle`, else
    `not_a_bundle`.
    """
    code = BOOK if is_book_file(path) else _CODES.get(path.suffix.lower(), "")
    if not code:
        code = "picture_not_bundle" if _is_picture(path) else "not_a_bundle"
    return Refusal(code, where=path.name)


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    return head.startswith(_PICTURES) or head[4:8] == _BOXED
