"""The card of the unit that works here: its name, who stands above it, its computers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnsite_desktop.services.backups import FOLDER
from learnsite_desktop.services.devices import list_devices
from learnsite_desktop.services.enrolment import fingerprint
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class UnitCard:
    """Who works here. `above_…` are "" for a unit that has none.

    `computers` are the unit's own as (fingerprint, state, this one): states as in `devices`.
    """

    code: str
    name: str
    tier: str
    above_code: str
    above_name: str
    fingerprint: str
    computers: tuple[tuple[str, str, bool], ...]
    folder: Path
    backups: Path


def unit_card(workspace: Workspace) -> UnitCard:
    """Return the card of the workspace's unit."""
    tree = load_tree(workspace.database)
    above = tree.get(tree.parent_unit(workspace.unit) or "")
    own = fingerprint(workspace.keys.device.public)
    return UnitCard(
        code=workspace.unit,
        name=tree.require(workspace.unit).name,
        tier=workspace.tier,
        above_code=above.code if above else "",
        above_name=above.name if above else "",
        fingerprint=own,
        computers=tuple(_computers(list_devices(workspace, workspace.unit), workspace.unit, own)),
        folder=workspace.folder,
        backups=workspace.folder / FOLDER,
    )


def _computers(rows: list[dict[str, Any]], unit: str, own: str) -> list[tuple[str, str, bool]]:
    """Return the unit's computers, each once, by its latest state."""
    found: dict[str, str] = {}
    for row in rows:
        known = found.get(row["fingerprint"], "superseded")
        if row["unit"] == unit and known == "superseded":
            found[row["fingerprint"]] = row["state"]
    return [(name, state, name == own) for name, state in sorted(found.items())]
