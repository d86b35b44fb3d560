"""Duplicate candidates: learners that may be one person; nothing is merged here."""

from collections.abc import Iterable
from typing import Any

from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, find_record, record_by_key


def count_candidates(workspace: Workspace, records: Iterable[int]) -> int:
    """Return how many of the (new) records are learners that somebody else may be."""
    count = 0
    for key in sorted(records):
        stored = record_by_key(workspace.database, key)
        if stored.kind == "learner" and candidates_for(workspace, stored):
            count += 1
    return count


def candidates_for(workspace: Workspace, learner: StoredRecord) -> list[tuple[str, str]]:
    """Return (learner id, rule) of other learners with the same name and sex.

    Rules: "birth" equal full birth date, "year" equal birth year. A name alone never counts, nor
    does a learner already linked to this one.
    """
    name = workspace.vault.reveal(learner.doc.get("name"))
    if not name or learner.deleted:
        return []
    cluster = lookups.cluster_of(workspace.database, learner.ident)
    found: list[tuple[str, str]] = []
    for ident in workspace.vault.idents_with("name", name):
        other = find_record(workspace.database, workspace.idents.record(ident), "learner")
        if other is None or other.ident == learner.ident or other.deleted:
            continue
        if lookups.cluster_of(workspace.database, other.ident) == cluster:
            continue
        rule = _rule(workspace, learner.doc, other.doc, name)
        if rule:
            found.append((other.id, rule))
    return found


def _rule(workspace: Workspace, first: dict[str, Any], second: dict[str, Any], name: str) -> str:
    reveal = workspace.vault.reveal
    if first.get("sex") != second.get("sex") or reveal(second.get("name")) != name:
        return ""
    births = [reveal(doc.get("birth")) for doc in (first, second)]
    if births[0] and births[0] == births[1] and len(births[0]) == 10:
        return "birth"
    years = [doc.get("birth_year") for doc in (first, second)]
    return "year" if years[0] is not None and years[0] == years[1] else ""
