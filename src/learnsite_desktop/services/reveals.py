"""Noting who looked at private values in full, when, what for; the notes themselves are sealed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, canonical, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import private
from learnsite_desktop.store.records import StoredRecord

LISTED_ONE_BY_ONE: Final = 100
"""Up to this many records, a note of what was revealed names them; above it counts them."""

_BOUND: Final = b"reveal"


def note_reveal(
    workspace: Workspace,
    records: Sequence[StoredRecord],
    *,
    asked: Mapping[str, object],
    operator: str = "",
    why: str = "",
) -> None:
    """Note that somebody sees the private values of records, after asking for what.

    The workspace must be open for writing. The note is sealed, for a query is often a name.
    """
    seen: dict[str, object] = {**asked, "why": why, "count": len(records)}
    if len(records) <= LISTED_ONE_BY_ONE:
        seen["records"] = [stored.id for stored in records]
    what = b64(workspace.vault.seal(canonical(seen), _BOUND))
    with workspace.database.transaction():
        private.note_reveal(workspace.database, workspace.now(), operator, what)


def require_reason(why: str, where: str) -> str:
    """Return the reason for looking at private values; refuses `reveal_reason_missing`."""
    if not why.strip():
        raise Refusal("reveal_reason_missing", where=where)
    return why.strip()


def list_reveals(workspace: Workspace) -> list[dict[str, Any]]:
    """Return who looked at private values in full, the newest first."""
    return [
        {
            "at": at,
            "operator": operator,
            "what": opened(workspace, what),
        }
        for at, operator, what in private.reveals(workspace.database)
    ]


def opened(workspace: Workspace, what: str) -> Any:
    """Return what a note says; refuses what was altered."""
    return json.loads(workspace.vault.unseal(unb64(what), _BOUND))
