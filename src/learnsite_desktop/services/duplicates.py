"""Duplicate candidates: learners that may be one person; nothing is merged here."""

from collections.abc import Iterable, Set
from typing import Any, Final

from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, private
from learnsite_desktop.store.records import StoredRecord, find_record

_CHUNK: Final = 500
NAME: Final = "name"
"""The register by which persons are compared first."""


def count_candidates(
    workspace: Workspace, named: Iterable[tuple[int, object]], records: Set[int]
) -> int:
    """Return how many of the (new) records are learners that somebody else may be.

    `named` are the names that came along: key of the record's id, name.
    """
    if not records:
        return 0
    count = 0
    for ident in sorted(_suspects(workspace, named)):
        record = workspace.idents.record(ident)
        stored = find_record(workspace.database, record, "learner")
        if stored is not None and stored.key in records and candidates_for(workspace, stored):
            count += 1
    return count


def _suspects(workspace: Workspace, named: Iterable[tuple[int, object]]) -> set[int]:
    """Return those of whom, as far as is public, another learner of that name may be one.

    No name is unsealed for it, so that a bundle of many learners costs little.
    """
    holders: dict[bytes, set[int]] = {}
    for ident, name in named:
        holders.setdefault(workspace.vault.blind(NAME, name), set()).add(ident)
    digests = sorted(holders)
    found: set[int] = set()
    for start in range(0, len(digests), _CHUNK):
        rows = private.namesakes(workspace.database, digests[start : start + _CHUNK])
        persons: dict[tuple[bytes, str | None, int | None], set[int]] = {}
        for digest, _ident, sex, year, cluster in rows:
            persons.setdefault((digest, sex, year), set()).add(cluster)
        for digest, ident, sex, year, _cluster in rows:
            if ident in holders[digest] and len(persons[digest, sex, year]) > 1:
                found.add(ident)
    return found


def candidates_for(workspace: Workspace, learner: StoredRecord) -> list[tuple[str, str]]:
    """Return (learner id, rule) of other learners with the same name, sex and birth year.

    Rules: "birth" equal full birth date, "year" equal birth year. A name alone never counts, nor
    does a learner already linked to this one.
    """
    name = workspace.vault.reveal(learner.doc.get(NAME))
    if not name or learner.deleted:
        return []
    cluster = lookups.cluster_of(workspace.database, learner.ident)
    public = (learner.doc.get("sex"), learner.doc.get("birth_year"))
    digest = workspace.vault.blind(NAME, name)
    found: list[tuple[str, str]] = []
    for _digest, ident, sex, year, other_cluster in private.namesakes(workspace.database, [digest]):
        if ident == learner.ident or other_cluster == cluster or (sex, year) != public:
            continue
        other = find_record(workspace.database, workspace.idents.record(ident), "learner")
        rule = _rule(workspace, learner.doc, other.doc, name) if other else ""
        if rule and other is not None and not other.deleted:
            found.append((other.id, rule))
    return found


def _rule(workspace: Workspace, first: dict[str, Any], second: dict[str, Any], name: str) -> str:
    reveal = workspace.vault.reveal
    if first.get("sex") != second.get("sex") or reveal(second.get(NAME)) != name:
        return ""
    births = [reveal(doc.get("birth")) for doc in (first, second)]
    if births[0] and births[0] == births[1] and len(births[0]) == 10:
        return "birth"
    years = [doc.get("birth_year") for doc in (first, second)]
    return "year" if years[0] is not None and years[0] == years[1] else ""
