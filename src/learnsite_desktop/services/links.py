"""Links: two learner records are one person. Reversible; acts only in the projection.

A link that says no stays as the memory of the decision: the pair is neither proposed nor linked by
the program again.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.likeness import refuses
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.parting import part_named
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.people import cluster_members
from learnsite_desktop.store.records import StoredRecord, record_by_key

MANUAL: Final = "manual"
WHY: Final = "同一人认定"

Member = tuple[str, str]
"""A learner as links name it: record id, unit."""


def link(
    workspace: Workspace, first: StoredRecord, second: StoredRecord, *, operator: str = ""
) -> ChangeSet:
    """Say that two learners are one person.

    That holds for all records of both persons: where two of these were said to be different people,
    that is taken back. Refuses `link_learners` for anything but two learners, `unit_not_below` when
    they do not both lie in this unit's subtree.
    """
    _require(workspace, first, second)
    database = workspace.database
    with database.transaction():
        links = _Links(workspace, Writer(workspace, operator=operator, label=N_("link")))
        links.say(_member(first), _member(second), linked=True)
        for one, other in product(*(_person(database, item) for item in (first, second))):
            if one != other:
                links.withdraw_refusal(one, other)
        changes = links.finish()
        part_named(workspace, changes.records)
        return changes


def unlink(
    workspace: Workspace, first: StoredRecord, second: StoredRecord, *, operator: str = ""
) -> ChangeSet:
    """Take the first learner out of its person; the others stay one person.

    Each of them is remembered not to be the first. Refuses as `link` does, and `not_one_person`
    where the second is not of that person.
    """
    _require(workspace, first, second)
    database = workspace.database
    if lookups.cluster_of(database, first.ident) != lookups.cluster_of(database, second.ident):
        raise Refusal("not_one_person", where=f"{first.id} {second.id}")
    with database.transaction():
        links = _Links(workspace, Writer(workspace, operator=operator, label=N_("unlink")))
        _take_out(links, first, second)
        return links.finish()


def distinguish(
    workspace: Workspace, first: StoredRecord, second: StoredRecord, *, operator: str = ""
) -> ChangeSet:
    """Say that two learners are two people, so that nothing proposes them again.

    If they count as one, the first is taken out of that person. Refuses as `link` does.
    """
    _require(workspace, first, second)
    database = workspace.database
    with database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("different people"))
        links = _Links(workspace, writer)
        if lookups.cluster_of(database, first.ident) == lookups.cluster_of(database, second.ident):
            _take_out(links, first, second)
        else:
            links.say(_member(first), _member(second), linked=False)
        return links.finish()


def link_record(one: str, other: str) -> str:
    """Return the id of the link of two learners."""
    return b64(derived_id("link", *sorted((one, other))))


def save_link(
    workspace: Workspace,
    writer: Writer,
    pair: Sequence[Member],
    *,
    linked: bool,
    rule: str,
    why: str = WHY,
) -> None:
    """Write what is decided of two learners, unless their link says so already.

    The link is of the lowest unit whose subtree holds both; nothing is written if there is none.
    """
    unit = lookups.common_unit(workspace.database, pair[0][1], pair[1][1])
    if unit is None or not lookups.is_within(workspace.database, unit, workspace.unit):
        return
    a, b = sorted(record for record, _unit in pair)
    record = link_record(a, b)
    stored = writer.find("link", record)
    if stored is not None and stored.doc.get("linked") is linked and not stored.deleted:
        return
    writes: dict[str, object] = {"linked": linked, "rule": rule}
    if stored is None:
        writes |= {"a": a, "b": b}
    elif stored.deleted:
        writes["_deleted"] = None
    reason = "" if unit == workspace.unit else why
    writer.save(kind="link", record=record, unit=unit, writes=writes, why=reason)


class _Links:
    """Writes links of one change, each pair at most once."""

    def __init__(self, workspace: Workspace, writer: Writer) -> None:
        self.workspace = workspace
        self.database = workspace.database
        self._writer = writer
        self._said: set[frozenset[Member]] = set()

    def say(self, one: Member, other: Member, *, linked: bool) -> None:
        pair = frozenset((one, other))
        if pair not in self._said:
            self._said.add(pair)
            save_link(self.workspace, self._writer, (one, other), linked=linked, rule=MANUAL)

    def withdraw_refusal(self, one: Member, other: Member) -> None:
        stored = self._writer.find("link", link_record(one[0], other[0]))
        if stored is None:
            return
        linked, rule = bool(stored.doc.get("linked")), str(stored.doc.get("rule"))
        if refuses(linked=linked, rule=rule, standing=not stored.deleted):
            self.say(one, other, linked=True)

    def standing(self, learner: int) -> list[StoredRecord]:
        """Return the links in force that name a learner."""
        found = (
            record_by_key(self.database, key) for key in lookups.links_of(self.database, learner)
        )
        return [item for item in found if item.doc.get("linked") and not item.deleted]

    def finish(self) -> ChangeSet:
        return self._writer.finish()


def _take_out(links: _Links, first: StoredRecord, second: StoredRecord) -> None:
    """Take a learner out of its person and join what held together only through it."""
    database = links.database
    gone = _member(first)
    rest = {
        ident: (b64(record), unit)
        for ident, record, unit in cluster_members(database, first.ident)
        if ident != first.ident
    }
    links.say(gone, _member(second), linked=False)
    for member in rest.values():
        links.say(gone, member, linked=False)
    # A link to a learner that is not held here takes it along as well.
    for stored in links.standing(first.ident):
        other = str(stored.doc["b"] if stored.doc["a"] == first.id else stored.doc["a"])
        if other not in {record for record, _unit in rest.values()}:
            links.say(gone, (other, stored.unit), linked=False)
    keep, *others = _parts(links, rest) or [gone]
    for part in others:
        links.say(keep, part, linked=True)


def _parts(links: _Links, rest: Mapping[int, Member]) -> list[Member]:
    """Return one learner of each part that the rest of a person would fall into, by id."""
    leader = {record: record for record, _unit in rest.values()}

    def top(record: str) -> str:
        while leader[record] != record:
            record = leader[record]
        return record

    for ident in rest:
        for stored in links.standing(ident):
            ends = {str(stored.doc["a"]), str(stored.doc["b"])}
            if ends <= leader.keys():
                low, high = sorted(top(end) for end in ends)
                leader[high] = low
    return sorted(member for member in rest.values() if leader[member[0]] == member[0])


def _person(database: Database, stored: StoredRecord) -> Iterable[Member]:
    """Return all records of a learner's person."""
    return [(b64(record), unit) for _ident, record, unit in cluster_members(database, stored.ident)]


def _member(stored: StoredRecord) -> Member:
    return stored.id, stored.unit


def _require(workspace: Workspace, first: StoredRecord, second: StoredRecord) -> None:
    if first.kind != "learner" or second.kind != "learner" or first.id == second.id:
        raise Refusal("link_learners", where=f"{first.id} {second.id}")
    unit = lookups.common_unit(workspace.database, first.unit, second.unit)
    if unit is None or not lookups.is_within(workspace.database, unit, workspace.unit):
        raise Refusal("unit_not_below", where=second.unit)
