"""The region tree as this workspace knows it."""

from datetime import date

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionRow, RegionTree
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, trust
from learnsite_desktop.store.engine import Database


def load_tree(database: Database) -> RegionTree:
    """Return the stored region tree."""
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
    )


def require_unit(workspace: Workspace, code: str) -> None:
    """Refuse `unit_unknown` for a code outside the region tree."""
    if not lookups.unit_exists(workspace.database, code):
        raise Refusal("unit_unknown", where=code)


def list_units(workspace: Workspace) -> list[dict[str, object]]:
    """Return units for listing: code, name, tier, parent, validity."""
    keys = ("code", "name", "tier", "parent", "valid_from", "valid_to")
    return [dict(zip(keys, row[:6], strict=True)) for row in trust.units(workspace.database)]
