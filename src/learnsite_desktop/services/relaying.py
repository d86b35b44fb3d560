"""What waits to go down to the units directly below, from here and from above; and sending it.

A receipt, a return, a document of the county lies at the township until a file for the village is
written. Here one sees for whom something lies, and writes all the files at once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.documents import parse_document, parse_receipt
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.enclosures import Company, documents, receipts_sent
from learnsite_desktop.services.enrolment import live_incarnations
from learnsite_desktop.services.handing_in import carry
from learnsite_desktop.services.packing import Packed, pack
from learnsite_desktop.services.receipts import coverage
from learnsite_desktop.services.standing import unit_above
from learnsite_desktop.services.units import gone_from, require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.board import children
from learnsite_desktop.store.chains import carried_chains, chains_within, lines_of, segments
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.ingest import OpState


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a unit below: how much of each; `above` counts what units above wrote.

    `returns` are those among the operations that ask for something; `receipt` tells that what it
    handed in has not been acknowledged in a file yet, `receipts` how many of units above wait.
    `written` is when a file was made that brings all of it, "" without one: the unit's own next
    file says that it arrived.
    """

    unit: str
    name: str
    operations: int
    above: int
    returns: int
    receipt: bool
    receipts: int
    documents: int
    written: str = ""

    @property
    def anything(self) -> bool:
        """Whether a file for the unit would bring it something that no file has brought yet."""
        if self.written:
            return False
        return bool(self.operations or self.receipt or self.receipts or self.documents)

    def answer(self) -> dict[str, Any]:
        """Return it with the keys of its answer."""
        return {
            "unit": self.unit,
            "name": self.name,
            "operations": self.operations,
            "above": self.above,
            "returns": self.returns,
            "receipt": self.receipt,
            "receipts": self.receipts,
            "documents": self.documents,
            "written": self.written or None,
        }


@dataclass(frozen=True, slots=True)
class Relayed:
    """A file written for a unit below; `path` is where it was carried to.

    `trouble` says why carrying did not work; the file in the outbox stands.
    """

    waiting: Waiting
    packed: Packed
    path: Path
    trouble: Refusal | None = None

    def answer(self) -> dict[str, Any]:
        """Return it with the keys of its answer."""
        return {"path": str(self.path), **self.waiting.answer()}


def waiting_below(workspace: Workspace, units: Sequence[str] = ()) -> list[Waiting]:
    """Return what waits for each unit directly below that has a computer, or for those named.

    Reads only. Refuses `unit_unknown`, `unit_not_below`, `receiver_unknown` for a unit named.
    """
    below = children(workspace.database, workspace.unit)
    for code in units:
        require_unit(workspace, code)
        if code == workspace.unit or not lookups.is_within(
            workspace.database, code, workspace.unit
        ):
            raise Refusal("unit_not_below", where=code)
        if not live_incarnations(workspace, code):
            raise Refusal("receiver_unknown", where=code)
    names = dict(below) | {code: code for code in units if code not in dict(below)}
    wanted = list(units) or [code for code, _name in below]
    found = (_of(workspace, code, names[code]) for code in wanted)
    return [one for one in found if one is not None]


def _of(workspace: Workspace, unit: str, name: str) -> Waiting | None:
    database = workspace.database
    receivers = live_incarnations(workspace, unit)
    if not receivers:
        return None
    covered, known = coverage(workspace, unit, [item.inc for item in receivers])
    company = Company("down", unit, unit, receivers, known)
    ends: dict[int, int] = {}
    lines = list(_lacking(workspace, unit, covered, ends))
    bodies = [parse_document(body) for body in documents(workspace, company)]
    unsaid = _unsaid(workspace, unit)
    above = lookups.ancestors_of(database, workspace.unit) - {workspace.unit}
    sent = {one.hash: one for one in receipts_sent(workspace, company, ())}
    told = {receipt.hash for receipts in known.values() for receipt in receipts}
    return Waiting(
        unit=unit,
        name=name,
        operations=len(lines),
        above=sum(author in above for author, _operation in lines),
        returns=sum(one.k.startswith("return.create") for _author, one in lines),
        receipt=unsaid,
        receipts=sum(
            trust.unit_of_incarnation(database, one.by) in above
            for name, one in sent.items()
            if name not in told
        ),
        documents=len(bodies),
        written="" if unsaid else _written(workspace, unit, ends, [one.at for one in bodies]),
    )


def _written(workspace: Workspace, unit: str, ends: dict[int, int], documents_at: list[str]) -> str:
    """Return when a file for a unit was written that brings all this, "" if none does.

    `ends` are the last numbers by chain of what it lacks. What came from above since that file
    (receipts travel with it) was not in it.
    """
    database = workspace.database
    above = lookups.ancestors_of(database, workspace.unit) - {workspace.unit}
    came = [one.received_at for one in journal.batches(database) if one.from_unit in above]
    newest = max((datetime.fromisoformat(at) for at in (*came, *documents_at)), default=None)
    done: dict[int, int] = {}
    last = ""
    for _bundle, _path, to_unit, at, heads, _receipted in journal.outbox(database):
        if to_unit == unit:
            last = at
            for chain, number, _head in json.loads(heads):
                done[int(chain)] = max(done.get(int(chain), 0), int(number))
    if not last or (newest is not None and datetime.fromisoformat(last) < newest):
        return ""
    return last if all(done.get(chain, 0) >= number for chain, number in ends.items()) else ""


def _lacking(
    workspace: Workspace, unit: str, covered: dict[int, int], ends: dict[int, int]
) -> Iterator[tuple[str, Operation]]:
    """Yield the operations that a unit below is not known to hold, with whose computer wrote.

    Notes in `ends` up to which number each chain reaches.
    """
    database = workspace.database
    gone = gone_from(database, unit)
    for chain in carried_chains(database, unit):
        if chain.unit in gone:
            continue
        author = trust.unit_of_incarnation(database, unb64(chain.inc)) or ""
        for segment in segments(database, chain, covered[chain.id]):
            ends[chain.id] = segment.last_n
            for line in lines_of(database, chain, segment):
                yield author, decode(line)


def _unsaid(workspace: Workspace, unit: str) -> bool:
    """Whether more of a unit's records is held here than the last receipt given says."""
    database = workspace.database
    held = journal.count_state(database, OpState.READY, unit)
    _number, name = trust.last_given(database, unb64(workspace.inc), unit)
    given = trust.receipt(database, name) if name is not None else None
    if given is None:
        return held > 0
    return int(parse_receipt(given).counts.get("operations", 0)) != held


def write_below(
    workspace: Workspace,
    out: Path,
    units: Sequence[str] = (),
    *,
    to: Path | None = None,
    progress: Progress = silent,
) -> list[Relayed]:
    """Write a file for each unit below for which something waits, or for those named anyway.

    They are written into `out`, and copied `to` a place if given. Each is written and noted by
    itself: what is there when somebody cancels stands. Refuses
    what `waiting_below` and `pack` do, and `relay_nothing` when nothing waits for anybody.
    """
    found = waiting_below(workspace, units)
    wanted = [one for one in found if units or one.anything]
    if not wanted:
        raise Refusal("relay_nothing", where=workspace.unit)
    made = []
    for number, one in enumerate(wanted):
        progress(number, len(wanted), N_("packing"))
        made.append(_carried(one, pack(workspace, one.unit, out), to))
    progress(len(wanted), len(wanted), N_("packing"))
    return made


def _carried(waiting: Waiting, packed: Packed, to: Path | None) -> Relayed:
    path = packed.written.path
    if to is None:
        return Relayed(waiting, packed, path)
    try:
        return Relayed(waiting, packed, carry(path, to))
    except (Refusal, OSError) as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        return Relayed(waiting, packed, path, refusal)


@dataclass(frozen=True, slots=True)
class Fresh:
    """What came since the last file for the unit above was written: operations, by unit."""

    since: str
    units: tuple[tuple[str, int], ...]

    @property
    def operations(self) -> int:
        """How many in all."""
        return sum(count for _name, count in self.units)


def fresh_for_above(workspace: Workspace) -> Fresh:
    """Return what the next file for the unit above would bring that no file so far has brought.

    Units by name, the one with the smallest code first. Reads only.
    """
    database = workspace.database
    above = unit_above(workspace)
    if not above:
        return Fresh("", ())
    receivers = [item.inc for item in live_incarnations(workspace, above)]
    done, _known = coverage(workspace, workspace.unit, receivers)
    since = ""
    for _bundle, _path, to_unit, at, heads, _receipted in journal.outbox(database):
        if to_unit == above:
            since = max(since, at)
            for chain, number, _head in json.loads(heads):
                done[int(chain)] = max(done.get(int(chain), 0), int(number))
    found: dict[str, int] = {}
    for chain in chains_within(database, workspace.unit):
        count = sum(one.count for one in segments(database, chain, done.get(chain.id, 0)))
        if count:
            found[chain.unit] = found.get(chain.unit, 0) + count
    named = tuple((unit_name(database, unit), count) for unit, count in sorted(found.items()))
    return Fresh(since, named)
