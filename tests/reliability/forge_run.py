"""Forges hostile files and writes them to standard output, each behind a line [name, size].

`python -m tests.reliability.forge_run FOLDER BUNDLE FAMILY COUNT SEED`, see `hostile_run`.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.ids import b64
from tests.flows.desks import COUNTY, TOWNSHIP, VILLAGES, Desk
from tests.reliability.forge import Forger, bombs

UNITS: Final = {"village": VILLAGES[0], "township": TOWNSHIP, "county": COUNTY}
WAYS: Final = {"": ("village", "township"), "from a township": ("township", "county")}


def forger_of(sender: Desk, receiver: Desk, bundle: Path) -> Forger:
    """Return the hostile sender."""
    with sender.look() as workspace, receiver.look() as other:
        rows = other.database.rows(
            "SELECT i.rid FROM record r JOIN ident i ON i.id=r.ident ORDER BY r.id LIMIT 40"
        )
        return Forger.of(
            workspace.keys.device,
            workspace.incarnation,
            other.keys.device,
            bundle,
            [COUNTY, TOWNSHIP, *VILLAGES[:3]],
            [b64(bytes(row[0])) for row in rows],
        )


def files_of(
    folder: Path, bundle: Path, family: str, count: int, seed: int
) -> Iterator[tuple[str, bytes]]:
    """Yield so many files of a family with their names; of bombs all there are."""
    way, _space, between = family.partition(" ")
    giver, taker = (Desk(folder / name, UNITS[name]) for name in WAYS[between])
    forger = forger_of(giver, taker, bundle)
    if way == "bombs":
        yield from bombs(forger)
        return
    rng = random.Random(seed)
    for number in range(count):
        yield f"{family} {seed}/{number}", getattr(forger, way)(rng)


def main() -> None:
    """Write everything asked for."""
    folder, bundle, family = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    for name, content in files_of(folder, bundle, family, *map(int, sys.argv[4:6])):
        sys.stdout.buffer.write(json.dumps([name, len(content)]).encode("ascii") + b"\n" + content)


if __name__ == "__main__":
    main()
