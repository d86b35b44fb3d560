"""Evidence files named in a capture: measured before the check, kept when the entry is saved."""

from pathlib import Path
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.capture.plan import Item
from learnsite_desktop.services.media import digest_of

_NAMED: Final = ("file", "thumb")


def measure(item: Item, folder: Path | None) -> None:
    """Replace the file names in an evidence entry by content hashes, before it is checked.

    The size of the file itself is noted too. Relative names are looked for in `folder`. A file
    that cannot be read is an issue.
    """
    if item.kind.name != "evidence" or item.sources:
        return
    for key in _NAMED:
        name = item.entry.get(key)
        if not isinstance(name, str) or not name:
            continue
        path = (folder or Path()) / name
        try:
            digest, size = digest_of(path)
        except (OSError, ValueError):
            params = {"value": name}
            item.issues.append(Issue("FILE_UNREADABLE", "evidence", item.ref, key, params=params))
            continue
        item.sources.append(path)
        item.entry[key] = b64(digest)
        if key == "file":
            item.entry["bytes"] = size
