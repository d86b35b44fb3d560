"""Entry point: `learnsite` and `python -m learnsite_desktop`."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from learnsite_desktop.domain.clock import Clock

_CHILD = "--child"


def main() -> None:
    """Run a command, or open the window when none is named."""
    if sys.argv[1:3] == [_CHILD, "photo"]:
        # Before anything else is loaded: the child's memory is for the picture.
        from learnsite_desktop.paint.photo_child import main as encode_photo  # noqa: PLC0415

        sys.exit(encode_photo(sys.argv[3:]))
    if sys.argv[1:3] == [_CHILD, "codes"]:
        from learnsite_desktop.paint.code_child import main as read_codes  # noqa: PLC0415

        sys.exit(read_codes(sys.argv[3:]))
    if len(sys.argv) == 1:
        # A double click: not even the command line is loaded.
        from learnsite_desktop.platform.clock import SystemClock  # noqa: PLC0415
        from learnsite_desktop.platform.paths import default_folder  # noqa: PLC0415

        _open_window(default_folder(), SystemClock(), "")
        return
    from learnsite_desktop.cli.main import main as run_command  # noqa: PLC0415

    run_command(lambda called: _open_window(called.folder, called.clock, called.operator))


def _open_window(folder: "Path", clock: "Clock", operator: str) -> None:
    """Open the window; Qt is loaded only now."""
    from learnsite_desktop.app import run  # noqa: PLC0415

    run(folder, clock, operator=operator)


if __name__ == "__main__":
    main()
