"""What a document that is to be issued changes, beside the one in use: told before it goes down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.oplog.documents import stored_document
from learnsite_desktop.services import units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "codes": ("list", "code"),
    "targets": ("indicator", "unit", "year", "tier", "class", "period"),
    "notices": ("title", "from"),
    "forms": ("name",),
    "regions": ("code",),
}
"""What a row of a document is known by; kinds that are not here are one piece."""
_HIDDEN: Final = frozenset({"content", "sealed", "sha256"})


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is `added`, `changed` or `removed`; `name` is what it is known by.

    `before` and `after` hold its values, those that changed only where both are there.
    """

    state: str
    name: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def as_row(self) -> dict[str, Any]:
        """Return the change for an answer of the command line."""
        return {
            "state": self.state,
            "name": list(self.name),
            "before": dict(self.before),
            "after": dict(self.after),
        }


def held_body(workspace: Workspace, kind: str, scope: str) -> Any:
    """Return the body of the document in use for a scope, None without one."""
    held = trust.document(workspace.database, kind, scope)
    return stored_document(held[2]).body if held else None


def rows_of(body: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a document that is a table; what is none, by whoever issued it, is not."""
    return [row for row in body if isinstance(row, Mapping)] if isinstance(body, list) else []


def changes_of(kind: str, before: Any, after: Any) -> list[Change]:
    """Return what is other in `after` than in `before` (None: nothing yet), removed rows last."""
    if kind not in KEYS:
        whole = [(kind,)]
        was = dict(zip(whole, [before], strict=True)) if before is not None else {}
        return _changes({key: _shown(row) for key, row in was.items()}, {whole[0]: _shown(after)})
    return _changes(_by_key(kind, rows_of(before)), _by_key(kind, rows_of(after)))


def reached(workspace: Workspace, scope: str) -> int:
    """Return how many units that exist today lie below a scope, which hear of what it issues."""
    tree = units.load_tree(workspace.database)
    today = workspace.clock.now().date()
    return sum(
        tree.require(code).valid_on(today) for code in tree.subtree(scope) if code != workspace.unit
    )


def _by_key(kind: str, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, ...], Any]:
    return {tuple(str(row.get(key, "")) for key in KEYS[kind]): _shown(row) for row in rows}


def _shown(row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        return {}
    return {key: value for key, value in row.items() if key not in _HIDDEN}


def _changes(
    before: Mapping[tuple[str, ...], dict[str, Any]],
    after: Mapping[tuple[str, ...], dict[str, Any]],
) -> list[Change]:
    found = []
    for key, row in after.items():
        was, name = before.get(key), _said(key)
        if was is None:
            found.append(Change(ADDED, name, {}, row))
        elif was != row:
            columns = [one for one in {**was, **row} if was.get(one) != row.get(one)]
            found.append(
                Change(
                    CHANGED,
                    name,
                    {one: was.get(one) for one in columns},
                    {one: row.get(one) for one in columns},
                )
            )
    found += [
        Change(REMOVED, _said(key), row, {}) for key, row in before.items() if key not in after
    ]
    return found


def _said(key: tuple[str, ...]) -> tuple[str, ...]:
    """Return a key without what was left out of the row."""
    return tuple(part for part in key if part)
