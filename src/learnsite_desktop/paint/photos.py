"""Photos made fit to keep, by a child of this program: what a bad picture does, it does there.

This module loads no Qt; the child does (`paint.photo_child`).
"""

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.pictures import Encoded
from learnsite_desktop.domain.refusals import REFUSALS, Refusal

CHILD: Final = "--child"
"""The first word of a command line that starts a child instead of the program."""
SECONDS: Final = 60

_LOG = logging.getLogger(__name__)


def photo_command() -> list[str]:
    """Return the words that start the child: this very program, frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD, "photo"]
    return [sys.executable, "-m", "learnsite_desktop", CHILD, "photo"]


class PhotoEncoder:
    """Re-encodes picture files, each in a child of its own."""

    def __call__(self, source: Path, folder: Path) -> Encoded:
        """Return the picture of `source`; `folder` is where the child may write meanwhile.

        Refuses what is no picture to be kept: `photo_empty`, `photo_heic`, `photo_kind`,
        `photo_lying`, `photo_moving`, `photo_damaged`, `photo_too_large`, and `photo_unreadable`
        for one that the child did not survive.
        """
        if not source.is_file():
            raise Refusal("file_missing", where=str(source))
        with source.open("rb"):
            pass  # what the system forbids is said in its own words
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            into = Path(temporary)
            found = _run(source.resolve(), into)
            return Encoded(
                photo=(into / "photo.jpg").read_bytes(),
                thumb=(into / "thumb.jpg").read_bytes(),
                original=bytes.fromhex(found["original"]),
                dhash=found["dhash"],
                width=found["width"],
                height=found["height"],
            )


def _run(source: Path, into: Path) -> dict[str, Any]:
    where = source.name
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, no shell
            [*photo_command(), str(source), str(into)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        found: dict[str, Any] = json.loads(ended.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        _LOG.warning("the photo child gave no answer: %s", type(error).__name__)
        raise Refusal("photo_unreadable", where=where) from error
    if found.get("code") in REFUSALS:
        params = {key: value for key, value in found["params"].items() if key != "where"}
        raise Refusal(found["code"], where, **params)
    return found
