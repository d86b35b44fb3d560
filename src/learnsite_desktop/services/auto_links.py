"""Links that nobody has to be asked for: equal ID numbers, or equal name, sex and full birth day.

They are ordinary operations of the unit that writes them, one change that can be undone. A link
taken back, and a pair said to be two people, is never linked again by the program. Where what came
shows that such a link was wrong, it is taken back first (`services.parting`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.likeness import Traits, contradicts
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import enrolment, policy
from learnsite_desktop.services.duplicates import (
    Candidate,
    decided,
    find_pairs,
    ordered,
    persons,
    require_below,
    suspects_of,
)
from learnsite_desktop.services.links import save_link
from learnsite_desktop.services.parting import part
from learnsite_desktop.services.vault import BLIND_REGISTERS
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookalikes, lookups
from learnsite_desktop.store.ingest import Report
from learnsite_desktop.store.lookalikes import Pair

LABEL: Final = N_("automatic links")
WHY: Final = "自动认定为同一人"


@dataclass(frozen=True, slots=True)
class Linked:
    """A pair that was linked: ids of the learners, the smaller first, and by which rule."""

    a: str
    b: str
    rule: str


@dataclass(slots=True)
class Likenesses:
    """What receiving found: `suspects` are new records (store keys) that somebody else may be.

    `links` were made, `parted` are automatic links taken back.
    """

    suspects: frozenset[int] = frozenset()
    links: list[Linked] = field(default_factory=list)
    parted: list[Linked] = field(default_factory=list)
    change: int | None = None

    @property
    def duplicate(self) -> int:
        """How many new records may be somebody else."""
        return len(self.suspects)


def after_receiving(
    workspace: Workspace, blinds: Sequence[tuple[bytes, int]], report: Report
) -> Likenesses:
    """Look whom the learners of a received file may be, and link what is certain.

    `blinds` are digests of the values that came along, with their records. Only what this unit has
    to link: pairs across the units directly below it, and within its villages. Inside the caller's
    transaction. A village links nobody, nor does a unit with the policy `auto_link` off.
    """
    database = workspace.database
    known = {ident for _digest, ident in blinds}
    found = Likenesses(parted=_parted(workspace, report.new | report.touched, known))
    touched = set(lookalikes.learners_of(database, report.touched)) - known
    seeds = [*blinds, *_digests(workspace, touched)]
    if not seeds:
        return found
    pairs, _crowds = find_pairs(workspace, seeds)
    if not pairs:
        return found
    idents = {item.ident for pair in pairs for item in (pair.first, pair.second)}
    found.suspects = lookalikes.records_among(database, idents, report.new)
    if _is_wanted(workspace):
        found.links, found.change = _link(workspace, pairs)
    return found


def after_taking_back(workspace: Workspace, records: Collection[int]) -> None:
    """Link anew what was one person only through records that a rollback has withdrawn.

    Links act only where both learners are held, so withdrawn records leave their persons by
    themselves; those who stay would have been linked to each other without them. `records` (store
    keys) are those that changed: with a value withdrawn, others may exclude each other. Inside the
    caller's transaction.
    """
    part(workspace, records)
    if not _is_wanted(workspace) or enrolment.own_revocation(workspace):
        return
    seeds = _digests(workspace, lookalikes.left_alone(workspace.database))
    if seeds:
        pairs, _crowds = find_pairs(workspace, seeds)
        _link(workspace, pairs)


def _parted(
    workspace: Workspace, records: Collection[int], learners: Collection[int]
) -> list[Linked]:
    found = []
    for row in part(workspace, records, learners):
        a, b = sorted(map(workspace.idents.record, (row.a, row.b)))
        found.append(Linked(a, b, row.rule))
    return found


def _is_wanted(workspace: Workspace) -> bool:
    return workspace.tier != "village" and policy.current(workspace)["auto_link"] == "on"


def _link(workspace: Workspace, pairs: Sequence[Candidate]) -> tuple[list[Linked], int | None]:
    """Link what is certain and this unit's to link, as one change; returns both."""
    own = [item for item in certain(workspace, pairs) if _links_here(workspace, item)]
    return _told(own), _write(workspace, own, operator="").change or None


def _digests(workspace: Workspace, idents: Iterable[int]) -> list[tuple[bytes, int]]:
    """Return the digests of what learners are known by, of those whose values came earlier."""
    rows = lookalikes.learners(workspace.database, idents)
    sought = sorted(BLIND_REGISTERS)
    names = [name for row in rows.values() for name in map(row.doc.get, sought) if name]
    clear = workspace.vault.values(names)
    return [
        (workspace.vault.digest_of(register, clear[row.doc[register]]), ident)
        for ident, row in rows.items()
        for register in sought
        if row.doc.get(register) in clear
    ]


def link_certain(
    workspace: Workspace, *, unit: str = "", operator: str = "", progress: Progress = silent
) -> tuple[list[Linked], ChangeSet]:
    """Link everything certain in a unit and below (this one if empty), as one change.

    Refuses `unit_unknown`, `unit_not_below`.
    """
    require_below(workspace, unit)
    with workspace.database.transaction():
        pairs, _crowds = find_pairs(workspace, unit=unit, progress=progress)
        sure = certain(workspace, pairs)
        return _told(sure), _write(workspace, sure, operator=operator)


def certain(workspace: Workspace, pairs: Sequence[Candidate]) -> list[Candidate]:
    """Return the pairs to link: sure, never decided before, and nothing speaks against them.

    Persons of several records become one only if none of their records excludes another.
    """
    sure = [item for item in persons(pairs) if item.verdict.automatic]
    if not sure:
        return []
    wanted = {ident for item in sure for ident in item.clusters}
    groups = _groups(workspace, wanted)
    touched = decided(workspace).touched
    found = []
    for item in sure:
        first, second = (groups[ident] for ident in item.clusters)
        if first is second or first.is_parted_from(second, touched):
            continue
        if contradicts(first.traits, second.traits):
            continue
        first.take(second)
        for cluster in second.clusters:
            groups[cluster] = first
        found.append(item)
    return found


@dataclass(slots=True)
class _Group:
    """Persons that have become one so far."""

    clusters: set[int]
    traits: list[Traits]

    def is_parted_from(self, other: "_Group", decisions: Iterable[Pair]) -> bool:
        pairs = {ordered(one, two) for one in self.clusters for two in other.clusters}
        return not pairs.isdisjoint(decisions)

    def take(self, other: "_Group") -> None:
        self.clusters |= other.clusters
        self.traits += other.traits


def _groups(workspace: Workspace, clusters: set[int]) -> dict[int, _Group]:
    members = {cluster: {cluster} for cluster in clusters}
    for ident, cluster in lookalikes.grouped(workspace.database).items():
        if cluster in members:
            members[cluster].add(ident)
    known = suspects_of(workspace, {ident for group in members.values() for ident in group})
    return {
        cluster: _Group({cluster}, [known[ident].traits for ident in group if ident in known])
        for cluster, group in members.items()
    }


def _links_here(workspace: Workspace, item: Candidate) -> bool:
    """Whether this unit is the one that links a pair unasked, so that no two units do."""
    database = workspace.database
    unit = lookups.common_unit(database, item.first.unit, item.second.unit)
    if unit is not None and lookups.tier_of(database, unit) == "village":
        unit = lookups.parent_of(database, unit)
    return unit == workspace.unit


def _write(workspace: Workspace, items: Sequence[Candidate], *, operator: str) -> ChangeSet:
    writer = Writer(workspace, operator=operator, label=LABEL)
    for item in items:
        pair = [(learner.record, learner.unit) for learner in (item.first, item.second)]
        save_link(workspace, writer, pair, linked=True, rule=item.verdict.rule, why=WHY)
    return writer.finish()


def _told(items: Sequence[Candidate]) -> list[Linked]:
    return [Linked(item.first.record, item.second.record, item.verdict.rule) for item in items]
