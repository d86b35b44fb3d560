"""Where the reliability suites begin: three enrolled computers, and what lies about on sticks."""

import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.flows.desks import (
    COUNTY,
    TOWNSHIP,
    VILLAGES,
    Desk,
    found_county,
    open_desk,
    ring,
    village_entries,
)

VILLAGE: Final = VILLAGES[0]
GOLDEN: Final = Path(__file__).resolve().parents[1] / "golden" / "formats" / "v1"
"""What the first released format looked like: its backups hold databases of that schema."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Closed data folders to copy; `up` and `down` are bundles nobody has received yet."""

    folder: Path
    up: Path
    down: Path
    opening: Path

    def village(self, folder: Path) -> Desk:
        """Return a copy of the village's computer."""
        return self._copy("village", VILLAGE, folder)

    def township(self, folder: Path) -> Desk:
        """Return a copy of the township's computer; it has not received `up`."""
        return self._copy("township", TOWNSHIP, folder)

    def county(self, folder: Path) -> Desk:
        """Return a copy of the county's computer; it has received nothing of the village's."""
        return self._copy("county", COUNTY, folder)

    def _copy(self, name: str, unit: str, folder: Path) -> Desk:
        shutil.copytree(self.folder / name, folder, dirs_exist_ok=True)
        return Desk(folder, unit)


def learners(tag: str, count: int) -> list[dict[str, Any]]:
    """Return the entries of so many learners."""
    return [
        {"ref": f"{tag}-{number}", "name": f"李秀英{number}", "sex": "F", "birth": "1961"}
        for number in range(count)
    ]


def make_scene(root: Path) -> Scene:
    """Found the computers and exchange until all are enrolled; then both sides write something."""
    county = found_county(root / "county")
    township = open_desk(root / "township", county, TOWNSHIP, root / "stick")
    village = open_desk(root / "village", township, VILLAGE, root / "stick")
    ring([village], township, root / "stick")
    village.capture(**village_entries(VILLAGE))
    village.capture(learners=learners("up", 40))
    (opening,) = township.openings([VILLAGES[1]], root / "opening")
    return Scene(
        folder=root,
        up=village.pack(township, root / "up"),
        down=township.pack(village, root / "down"),
        opening=opening,
    )


def older_workspace(folder: Path, name: str = "village") -> Path:
    """Unpack the data folder of a computer on which the first version ran until now."""
    folder.mkdir(parents=True)
    with tarfile.open(GOLDEN / f"{name}.lsk", "r:") as archive:
        archive.extractall(folder, filter="data")
    with closing(sqlite3.connect(folder / "learnsite.db")) as database:
        # As in use; a backup is kept in the other mode.
        database.execute("PRAGMA journal_mode=WAL")
    return folder
