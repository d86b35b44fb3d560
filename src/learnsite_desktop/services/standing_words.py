"""Whose word stands: what a unit above has said is changed by it and those above it only."""

from collections.abc import Collection

from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.words import bars
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import ranks
from learnsite_desktop.store.records import StoredRecord, find_record


def may_write(workspace: Workspace, stored: StoredRecord, registers: Collection[str]) -> bool:
    """Return whether what this unit writes into a record that is held would count."""
    kind = KINDS[stored.kind]
    if not kind.is_ranked:
        return True
    nodes = [node for _op, code, node in ranks.judged(workspace.database, stored.key) if not code]
    own = stored.unit == workspace.unit
    return not bars(kind, nodes, registers, own=own, tier=TIER_RANK.get(workspace.tier, 0))


def require_may_write(
    workspace: Workspace, kind: str, record: str, registers: Collection[str]
) -> None:
    """Refuse `word_from_above` where what this unit writes into a record would not count."""
    if not KINDS[kind].is_ranked:
        return
    stored = find_record(workspace.database, record, kind)
    if stored is not None and not may_write(workspace, stored, registers):
        raise Refusal("word_from_above", where=record)
