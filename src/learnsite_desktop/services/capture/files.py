"""Evidence files named in a capture: measured before the check, kept when the entry is saved."""

from pathlib import Path

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.capture.plan import Item
from learnsite_desktop.services.media import digest_of


def measure(item: Item, folder: Path | None) -> None:
    """Replace the file name in an evidence entry by content hash and size, before it is checked.

    Relative names are looked for in `folder`. A file that cannot be read is an issue.
    """
    name = item.entry.get("file")
    if item.kind.name != "evidence" or not isinstance(name, str) or item.source:
        return
    path = (folder or Path()) / name
    try:
        digest, size = digest_of(path)
    except (OSError, ValueError):
        params = {"value": name}
        item.issues.append(Issue("FILE_UNREADABLE", "evidence", item.ref, "file", params=params))
        return
    item.source = path
    item.entry["file"] = b64(digest)
    item.entry["bytes"] = size
