"""Files at hand as photos of numbered pictures: read by a child, put together, told what lacks."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.services import transports
from learnsite_desktop.services.at_hand import AtHand
from learnsite_desktop.services.transports import Lying
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.transport.picture_place import PicturePlace, ReadCodes
from learnsite_desktop.transport.places import State

PHOTO_SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".heic", ".heif")
"""How the names of photos end, by which a file that somebody drops is taken for one."""
WHOLE: Final = "whole"
"""Folder beside the pictures read so far, for files put together from them."""
MISSING: Final = "pictures_missing"


@dataclass(frozen=True, slots=True)
class FromPhotos:
    """What photos gave: `files` that are whole and not taken yet are new; others say what lacks."""

    photos: int
    files: tuple[AtHand, ...]


def is_photo(path: Path) -> bool:
    """Whether a file is called as photos are."""
    return path.suffix.lower() in PHOTO_SUFFIXES


def is_of_pictures(one: AtHand) -> bool:
    """Whether a file is made of numbered pictures, or is a photo that was to show some."""
    return isinstance(one.place, PicturePlace)


def read_photos(
    workspace: Workspace,
    paths: Iterable[Path],
    read: ReadCodes,
    *,
    progress: Progress = silent,
) -> FromPhotos:
    """Read photos, and those in folders; return the files of which pictures are there.

    What was read before counts too, so that the missing ones may come days later. A file that was
    taken before is told of only when there is nothing else to tell. Refuses `place_gone`.
    """
    found: dict[str, AtHand] = {}
    count = 0
    with tempfile.TemporaryDirectory() as staging:
        for folder, only in _folders(paths):
            count += len(only) or sum(is_photo(one) for one in folder.iterdir())
            store = workspace.folder / transports.STORE / transports.PICTURES
            place = PicturePlace(
                folder,
                transports.taken_here(workspace),
                store=store,
                read=read,
                only=only,
                progress=progress,
            )
            for one in place.candidates():
                lying = transports.looked_at(workspace, place, one, Path(staging))
                if lying is not None:
                    # The same pictures, perhaps whole by now: the later look counts.
                    name = _name(workspace, lying)
                    found[str(one.path)] = AtHand(lying, folder, place, name)
    fresh = [one for one in found.values() if one.lying.state != State.TAKEN]
    return FromPhotos(count, tuple(fresh or found.values()))


def _folders(paths: Iterable[Path]) -> Iterator[tuple[Path, frozenset[Path]]]:
    """Yield folders, each with the photos in it that were named; none: all of them."""
    named = sorted({one.expanduser().absolute() for one in paths})
    for folder in (one for one in named if one.is_dir()):
        yield folder, frozenset()
    files = [one for one in named if not one.is_dir()]
    for folder, inside in groupby(files, key=lambda one: one.parent):
        yield folder, frozenset(inside)


def _name(workspace: Workspace, lying: Lying) -> str:
    return unit_name(workspace.database, lying.from_unit) if lying.from_unit else ""


def put_together(workspace: Workspace, found: FromPhotos) -> list[Path]:
    """Write the whole files that photos gave into a folder of ours and return them.

    They stay until the next ones are written.
    """
    folder = workspace.folder / transports.STORE / WHOLE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    new = [one for one in found.files if one.is_new]
    return [one.place.fetch(one.lying.candidate, folder) for one in new]
