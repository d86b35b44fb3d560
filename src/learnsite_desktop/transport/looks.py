"""What was seen of the files in a folder, kept between runs, so that only what is new is read.

Names are kept as digests: whose files lie in a folder of downloads is nobody's business.
"""

import hashlib
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.transport.disk import Entry

_NAME_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Look:
    """A file as last seen: unchanged since `since` (seconds since 1970).

    `digest` is that of the bundle in hexadecimal, "" for none of ours, None if it was not read.
    """

    size: int
    stamp: int
    since: float
    digest: str | None = None

    def is_of(self, entry: Entry) -> bool:
        """Whether the file looks as it did."""
        return (self.size, self.stamp) == (entry.size, entry.stamp)


class Looks:
    """The looks at one folder, in a file of ours; one that cannot be read starts anew."""

    def __init__(self, file: Path) -> None:
        """Read what was kept."""
        self._file = file
        self._looks: dict[str, Look] = {}
        self._changed = False
        with suppress(OSError, ValueError, TypeError, AttributeError):
            kept: dict[str, list[Any]] = json.loads(file.read_text(encoding="utf-8"))
            self._looks = {name: Look(*values) for name, values in kept.items()}

    def get(self, path: Path) -> Look | None:
        """Return what was seen of a file."""
        return self._looks.get(_key(path))

    def set(self, path: Path, look: Look) -> None:
        """Note what is seen of a file."""
        self._looks[_key(path)] = look
        self._changed = True

    def forget(self) -> None:
        """Start anew: everything will be read again."""
        self._looks.clear()
        self._changed = True

    def keep(self, there: Collection[Path]) -> None:
        """Write what is known of the files still `there`. A full disk only costs memory."""
        names = {_key(path) for path in there}
        if names == self._looks.keys() and not self._changed:
            return
        self._looks = {name: look for name, look in self._looks.items() if name in names}
        self._changed = False
        body = {
            name: [look.size, look.stamp, look.since, look.digest]
            for name, look in self._looks.items()
        }
        part = self._file.with_name(f"{self._file.name}.part")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(body), encoding="utf-8")
            part.replace(self._file)


def _key(path: Path) -> str:
    raw = str(path).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=_NAME_BYTES).hexdigest()
