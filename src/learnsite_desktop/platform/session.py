"""Where this user's running programs find each other; gone when the user logs out."""

import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path


def session_folder() -> Path | None:
    """Return a folder that only this user may enter, None where there is none to be had."""
    if sys.platform == "win32":
        return Path(tempfile.gettempdir())  # each user has an own one there
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(named) if named else Path(tempfile.gettempdir(), f"learnsite-{os.geteuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    # In a folder for everybody somebody else may have made it, or a link to somewhere.
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return folder if ours and not stat.S_IMODE(found.st_mode) & 0o077 else None


def name_for(folder: Path) -> str:
    """Return a short name for what belongs to one data folder, however that is written."""
    where = os.path.normcase(os.path.realpath(folder))
    return f"learnsite-{hashlib.sha256(os.fsencode(where)).hexdigest()[:16]}"
