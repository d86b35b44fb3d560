"""What a file is that was given to be received and is no bundle: where it belongs instead."""

from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.backups import SUFFIX as BACKUP_SUFFIX
from learnsite_desktop.services.founding import OPENING_SUFFIX
from learnsite_desktop.services.register_files import BOOK, is_book_file

_CODES: Final = {OPENING_SUFFIX: "opening_not_bundle", BACKUP_SUFFIX: "backup_not_bundle"}


def no_bundle(path: Path) -> Refusal:
    """Return the refusal of a file that is no bundle, by what it looks like.

    `register_not_bundle`, `opening_not_bundle`, `backup_not_bundle`, else `not_a_bundle`.
    """
    code = BOOK if is_book_file(path) else _CODES.get(path.suffix.lower(), "not_a_bundle")
    return Refusal(code, where=path.name)
