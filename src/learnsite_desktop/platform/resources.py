"""Files that come with the program: code lists, regions, indicators, translations."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]


def resource_root() -> Path:
    """Return the folder of the program's own files.

    A checkout's `resources/` comes first, so that an editable installation shows edits at once;
    an installed package has the same tree as `_resources`.
    """
    checkout = _PACKAGE.parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "resources").is_dir():
        return checkout / "resources"
    return _PACKAGE / "_resources"


def resource(*parts: str) -> Path:
    """Return the path of a file or folder below the resource root.

    Raises FileNotFoundError when it is not there: the installation is broken.
    """
    path = resource_root().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"missing program file: {'/'.join(parts)}")
    return path
