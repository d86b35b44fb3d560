"""The QR codes in photos, read by a child of this program as photos are.

This module loads no Qt; the child does (`paint.code_child`).
"""

import json
import logging
import subprocess
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.refusals import REFUSALS, Refusal
from learnsite_desktop.paint.photos import SECONDS, photo_command

WORD: Final = "codes"

_LOG = logging.getLogger(__name__)


def code_command() -> list[str]:
    """Return the words that start the child: this very program, frozen or not."""
    return [*photo_command()[:-1], WORD]


class CodeReader:
    """Reads the QR codes of picture files, each in a child of its own."""

    def __call__(self, source: Path) -> list[bytes]:
        """Return what the codes in a photo hold, none if there are none.

        Refuses what is no picture: as `paint.photos.PhotoEncoder` does.
        """
        where = source.name
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, no shell
                [*code_command(), str(source.resolve())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            found: dict[str, Any] = json.loads(ended.stdout)
        except (subprocess.TimeoutExpired, ValueError) as error:
            _LOG.warning("the code child gave no answer: %s", type(error).__name__)
            raise Refusal("photo_unreadable", where=where) from error
        if found.get("code") in REFUSALS:
            params = {key: value for key, value in found["params"].items() if key != "where"}
            raise Refusal(found["code"], where, **params)
        return [bytes.fromhex(raw) for raw in found["codes"]]
