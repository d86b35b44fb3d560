"""The region tree as this workspace knows it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionRow, RegionTree
from learnsite_desktop.oplog.documents import stored_document
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, trust
from learnsite_desktop.store.engine import Database

TREE = "regions"


def load_tree(database: Database) -> RegionTree:
    """Return the region tree in force: that of the document held, with all it remembers."""
    held = trust.documents_by_level(database, TREE)
    return _tree_of(held[-1][1]) if held else _bare_tree(database)


def tree_owner(database: Database) -> str:
    """Return the unit whose region tree is in force here, "" without one."""
    held = trust.documents_by_level(database, TREE)
    return held[-1][0] if held else ""


@lru_cache(maxsize=4)
def _tree_of(raw: bytes) -> RegionTree:
    return RegionTree.of(stored_document(raw).body)


def _bare_tree(database: Database) -> RegionTree:
    return RegionTree(
        RegionRow(
            code=str(row[0]),
            parent=str(row[3] or ""),
            level=int(str(row[6])),
            name=str(row[1]),
            kind=str(row[7]),
            valid_from=_date(row[4]),
            valid_to=_date(row[5]),
        )
        for row in trust.units(database)
    )


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def store_tree(database: Database, tree: RegionTree) -> None:
    """Store a region tree, whose rows replace those of the same codes."""
    trust.put_units(
        database,
        [
            (
                row.code,
                row.parent or None,
                row.level,
                row.name,
                row.kind,
                row.tier,
                row.valid_from.isoformat() if row.valid_from else None,
                row.valid_to.isoformat() if row.valid_to else None,
                row.successor or None,
            )
            for row in tree.rows()
        ],
        [(row.code, one.parent) for row in tree.rows() for one in row.past],
    )


def require_unit(workspace: Workspace, code: str) -> None:
    """Refuse `unit_unknown` for a code outside the region tree."""
    if not lookups.unit_exists(workspace.database, code):
        raise Refusal("unit_unknown", where=code)


def gone_from(database: Database, unit: str) -> set[str]:
    """Return the units that once lay under a unit and now lie elsewhere.

    What they write since is no longer for it: nothing of it travels down there.
    """
    ever = lookups.units_within(database, unit)
    tree = load_tree(database)
    return set(ever) - set(tree.subtree(unit)) if unit in tree else set()


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit that was closed: from which day on, and who goes on for it.

    `heir` is who took it over, "" without one; `onward` is the unit that what happens there now
    belongs to: the heir, else the nearest one above that is open. Both are codes with names.
    """

    unit: str
    name: str
    on: date
    heir: str
    heir_name: str
    onward: str
    onward_name: str


def ended(workspace: Workspace, unit: str) -> Ended | None:
    """Return how a unit ended, None while it is open or unknown."""
    tree, today = load_tree(workspace.database), workspace.clock.now().date()
    row = tree.get(unit)
    if row is None or row.valid_to is None or row.valid_to > today:
        return None
    heir = tree.require(tree.standing(unit, today))
    above = tree.parent_unit(heir.code, today)
    taken = heir.code != unit
    onward = heir if above is None or (taken and heir.valid_on(today)) else tree.require(above)
    return Ended(
        unit,
        row.name,
        row.valid_to,
        heir.code if taken else "",
        heir.name if taken else "",
        onward.code,
        onward.name,
    )


def list_units(workspace: Workspace) -> list[dict[str, object]]:
    """Return units for listing: code, name, tier, parent, validity, successor."""
    keys = ("code", "name", "tier", "parent", "valid_from", "valid_to")
    return [
        {**dict(zip(keys, row[:6], strict=True)), "successor": row[8]}
        for row in trust.units(workspace.database)
    ]
