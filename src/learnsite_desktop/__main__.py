"""Entry point: `learnsite` and `python -m learnsite_desktop`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from learnsite_desktop.domain.clock import Clock

_CHILD = "--child"
SUFFIXES: Final = frozenset({".lsb", ".lsi", ".lso", ".lsk", ".lsu"})
"""Bundles, introductions, opening files, backups, updates: what a double click hands over."""


def main() -> None:
    """Run a command, or open the window when none is named."""
    if sys.argv[1:3] == [_CHILD, "photo"]:
        # Before anything else is loaded: the child's memory is for the picture.
        from learnsite_desktop.paint.photo_child import main as encode_photo  # noqa: PLC0415

        sys.exit(encode_photo(sys.argv[3:]))
    if sys.argv[1:3] == [_CHILD, "codes"]:
        from learnsite_desktop.paint.code_child import main as read_codes  # noqa: PLC0415

        sys.exit(read_codes(sys.argv[3:]))
    files = files_named(sys.argv[1:])
    if files is not None:
        # A double click: not even the command line is loaded.
        from learnsite_desktop.platform.clock import SystemClock  # noqa: PLC0415
        from learnsite_desktop.platform.paths import default_folder  # noqa: PLC0415

        _open_window(default_folder(), SystemClock(), "", files)
        return
    from learnsite_desktop.cli.main import main as run_command  # noqa: PLC0415

    run_command(lambda called: _open_window(called.folder, called.clock, called.operator))


def files_named(words: Sequence[str]) -> list[Path] | None:
    """Return the files that a double click names, none for the program itself; None: a command.

    A file is known by our suffix, or else it is there and its name could be no command's.
    """
    files = [Path(word) for word in words if not word.startswith("-")]
    ours = [
        file.suffix.lower() in SUFFIXES or (file.name != str(file) and file.is_file())
        for file in files
    ]
    return files if len(files) == len(words) and all(ours) else None


def _open_window(folder: Path, clock: "Clock", operator: str, files: Sequence[Path] = ()) -> None:
    """Open the window; Qt is loaded only now."""
    from learnsite_desktop.app import run  # noqa: PLC0415

    run(folder, clock, operator=operator, files=files)


if __name__ == "__main__":
    main()
