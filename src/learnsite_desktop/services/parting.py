"""Automatic links that give way: nobody is to be two people who exclude each other.

Whether two records do follows from values that are not held everywhere, and files come in any
order, so a link that was right when it was written may be wrong by what came after. Who can tell
writes that it no longer holds: an ordinary operation, so that every desk counts the same. What
people have linked by hand always stays. The pair is proposed again and never linked unasked.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.likeness import AUTOMATIC, RULES, Traits, contradicts
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.duplicates import suspects_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookalikes, lookups
from learnsite_desktop.store.lookalikes import JoinedRow
from learnsite_desktop.store.records import keys_of

WHY: Final = "自动认定已失效：两人证件号码或出生日期不符"

_SUREST: Final = {rule: place for place, rule in enumerate(RULES)}


def part(
    workspace: Workspace, records: Collection[int], learners: Collection[int] = ()
) -> list[JoinedRow]:
    """Take back automatic links among the persons of records (store keys) that were written on.

    `learners` (idents) are those of whom values came that were not held before. Returns those taken
    back. Nothing at a village, which links nobody by itself either. Inside the caller's
    transaction; no change of its own: undoing it would only bring the fault back.
    """
    if workspace.tier == "village" or enrolment.own_revocation(workspace):
        return []
    rows = lookalikes.joined(workspace.database)
    touched = {
        row.cluster
        for row in rows
        if not row.records.isdisjoint(records) or row.a in learners or row.b in learners
    }
    linked_unasked = {row.cluster for row in rows if row.rule in AUTOMATIC}
    persons: dict[int, list[JoinedRow]] = {}
    for row in rows:
        if row.cluster in touched and row.cluster in linked_unasked:
            persons.setdefault(row.cluster, []).append(row)
    gone = _too_many(workspace, [row for person in persons.values() for row in person])
    writer = Writer(workspace, operator="", label="")
    for row in gone:
        # The rule goes with it: it says by whom, and keeps the operation out of the state hash.
        writes: dict[str, object] = {"linked": False, "rule": row.rule}
        writer.save(kind="link", record=b64(row.record), unit=row.unit, writes=writes, why=WHY)
    writer.finish()
    return gone


def part_named(workspace: Workspace, records: Iterable[tuple[str, str]]) -> None:
    """Do so after a change made here, told by (kind, record id) of what it wrote."""
    names = [record for kind, record in records if kind in ("learner", "link")]
    if names and workspace.tier != "village":
        part(workspace, set(keys_of(workspace.database, names).values()))


def _too_many(workspace: Workspace, rows: Sequence[JoinedRow]) -> list[JoinedRow]:
    """Return the automatic links of this unit and below that would join what excludes each other.

    Links are followed in one order, whatever came first: those made by hand, then by the surest
    rule, then by id.
    """
    if not rows:
        return []
    known = suspects_of(workspace, {ident for row in rows for ident in (row.a, row.b)})
    groups: dict[int, list[int]] = {}
    gone = []
    for row in sorted(rows, key=_order):
        first, second = (groups.setdefault(ident, [ident]) for ident in (row.a, row.b))
        if first is second:
            continue
        sides: list[list[Traits]] = [
            [known[ident].traits for ident in side if ident in known] for side in (first, second)
        ]
        if row.rule in AUTOMATIC and contradicts(*sides):
            gone.append(row)
            continue
        first += second
        for ident in second:
            groups[ident] = first
    return [row for row in gone if lookups.is_within(workspace.database, row.unit, workspace.unit)]


def _order(row: JoinedRow) -> tuple[bool, int, bytes]:
    return row.rule in AUTOMATIC, _SUREST.get(row.rule, 0), row.record
