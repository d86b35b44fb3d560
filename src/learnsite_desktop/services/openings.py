"""Opening files lying about: what they are, before one of them is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.oplog.documents import parse_document
from learnsite_desktop.services.founding import OPENING_SUFFIX, read_opening
from learnsite_desktop.services.opening_check import check_number

MOST_LOOKED_AT: Final = 20
"""So many files of a folder are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening file: for which unit, by which unit, written when (ISO moment with offset).

    `check` is the number that the slip handed over with it shows, too.
    """

    path: Path
    unit: str
    unit_name: str
    tier: str
    by_unit: str
    by_name: str
    at: str
    check: str = ""


def look_at_opening(path: Path) -> Opening:
    """Say what an opening file is; nothing is changed. Refuses `opening_unreadable`."""
    body = read_opening(path)
    documents = (parse_document(raw.encode("utf-8")) for raw in body["documents"])
    tree = RegionTree.of(next(one.body for one in documents if one.kind == "regions"))
    above = tree.get(body["by_unit"])
    return Opening(
        path=path,
        unit=body["un"],
        unit_name=tree.require(body["un"]).name,
        tier=body["tier"],
        by_unit=body["by_unit"],
        by_name=above.name if above else body["by_unit"],
        at=body["at"],
        check=check_number(unb64(body["invite"])),
    )


def find_openings(places: Iterable[Path]) -> list[Opening]:
    """Return the readable opening files in these folders, the newest first; never refuses.

    Only the folders themselves are searched. A copy of the same file is listed once.
    """
    found: dict[tuple[str, str], Opening] = {}
    for place in places:
        for path in _newest(place):
            try:
                opening = look_at_opening(path)
            except Refusal:
                continue
            found.setdefault((opening.unit, opening.at), opening)
    return sorted(found.values(), key=lambda one: one.at, reverse=True)


def _newest(place: Path) -> list[Path]:
    """Return a folder's opening files; chat programs change names to “…(1).lso”."""
    try:
        files = [(path.stat().st_mtime, path) for path in place.glob(f"*{OPENING_SUFFIX}")]
    except OSError:
        return []
    return [path for _at, path in sorted(files, reverse=True)[:MOST_LOOKED_AT]]
