"""How this program was installed: each package says its own kind in a file beside the program."""

import sys
from pathlib import Path
from typing import Final

MARK: Final = "package.txt"
_LONGEST: Final = 40


def program_folder() -> Path:
    """Return the folder that holds the running program, that of Python when run from its source."""
    return Path(sys.executable).absolute().parent


def package_kind() -> str:
    """Return the kind of package that this program runs from, "" for one run from its source."""
    if not getattr(sys, "frozen", False):
        return ""
    try:
        return (program_folder() / MARK).read_text(encoding="ascii")[:_LONGEST].strip()
    except (OSError, ValueError):
        return ""
