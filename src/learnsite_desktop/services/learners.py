"""Learners as people see them: masked unless revealed, with who is linked to whom."""

from collections.abc import Mapping
from typing import Any

from learnsite_desktop.domain.births import parse_birth
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, private
from learnsite_desktop.store.records import records_of_kind

_SEARCHED = ("name", "mobile", "id_number", "address")
_MASK = "*"


def list_learners(
    workspace: Workspace,
    *,
    query: str = "",
    unit: str = "",
    reveal: bool = False,
    operator: str = "",
) -> list[dict[str, Any]]:
    """Return the live learners whose name, phone, number or address contains `query`.

    Private values are masked unless `reveal`; it needs a workspace open for writing, because who
    looked, when and at how many is noted. `linked_to` are the ids of the other records of the
    same person.
    """
    linked = _linked(workspace)
    rows: list[dict[str, Any]] = []
    for stored in records_of_kind(workspace.database, "learner", unit=unit):
        entry = entry_of(KINDS["learner"], stored.doc, workspace.vault)
        if query and not any(query in str(entry.get(key, "")) for key in _SEARCHED):
            continue
        shown = entry if reveal else {**entry, **_masked(entry)}
        birth = parse_birth(entry.get("birth"))
        rows.append(
            {
                "id": stored.id,
                **{key: shown.get(key) for key in ("name", "sex", "birth")},
                "birth_precision": birth.precision.value if birth else None,
                **{key: shown.get(key) for key in ("mobile", "id_number")},
                "groups": [group.get("code") for group in entry.get("groups", ())],
                "linked_to": [other for other in linked.get(stored.id, ()) if other != stored.id],
            }
        )
    if reveal:
        with workspace.database.transaction():
            private.note_reveal(
                workspace.database, workspace.now(), operator, f"learner {len(rows)}"
            )
    return rows


def _linked(workspace: Workspace) -> dict[str, list[str]]:
    """Return, for every learner that is linked, all records of its person."""
    clusters: dict[int, list[str]] = {}
    for cluster, record in lookups.linked_learners(workspace.database):
        clusters.setdefault(cluster, []).append(b64(record))
    return {record: group for group in clusters.values() for record in group}


def _masked(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the private values with most of their characters hidden; length is kept."""
    kept = {"name": (1, 0), "birth": (4, 0), "mobile": (3, 2), "id_number": (3, 2)}
    found: dict[str, str] = {}
    for key, (head, tail) in kept.items():
        value = entry.get(key)
        if isinstance(value, str):
            hidden = _MASK * max(len(value) - head - tail, 0)
            found[key] = value[:head] + hidden + value[len(value) - tail :]
    return found
