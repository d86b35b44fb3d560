"""What waits to go down to the units directly below, from here and from above; and sending it.

A receipt, a decision, a return, a document of the county lies here until a file for the unit is
written. Here one sees for whom something lies, and writes all the files at once: the one way down
for the inbox, the review and the page that hands in.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.oplog.documents import parse_document, parse_receipt
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.enclosures import Company, documents, receipts_sent
from learnsite_desktop.services.enrolment import Computers, live_incarnations
from learnsite_desktop.services.handing_in import carry
from learnsite_desktop.services.packing import pack
from learnsite_desktop.services.receipts import coverage
from learnsite_desktop.services.standing import unit_above
from learnsite_desktop.services.units import gone_from, require_unit
from learnsite_desktop.services.updates.carrying import Along, put_along, wanted_by
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups, trust
from learnsite_desktop.store.board import children
from learnsite_desktop.store.chains import carried_chains, chains_within, lines_of, segments
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.ingest import OpState


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a unit below: how much of each; `above` counts what units above wrote.

    `returns` are those among the operations that ask for something; `receipt` tells that a file of
    it came, or more of its records is held, since the last file for it; `receipts` how many of
    units above wait. `written` is when a file was made that brings all of it, "" without one: the
    unit's own next file says that it arrived. `program` is the newest version of the program that
    lies here for it.
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
    program: str = ""

    @property
    def anything(self) -> bool:
        """Whether a file for the unit would bring it something that no file has brought yet."""
        if self.written:
            return False
        counted = self.operations or self.receipts or self.documents
        return bool(counted or self.receipt or self.program)

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
            "program": self.program or None,
            "written": self.written or None,
        }


@dataclass(frozen=True, slots=True)
class Relayed:
    """The file for one unit: where it stands, and its copy where one was asked for.

    `number` is that of the receipt in it. `trouble` says what did not work; a file that could not
    be copied stands all the same. `programs` are newer programs that were put beside it.
    """

    waiting: Waiting
    number: int = 0
    file: Path | None = None
    copy: Path | None = None
    trouble: Refusal | None = None
    programs: tuple[Path, ...] = ()

    @property
    def path(self) -> Path | None:
        """Where to find it: the copy if there is one; None if nothing could be written."""
        return self.copy or self.file

    def answer(self) -> dict[str, Any]:
        """Return it with the keys of its answer, but for its trouble."""
        path = str(self.path) if self.path is not None else None
        number, programs = self.number or None, list(map(str, self.programs))
        return {"path": path, "number": number, **self.waiting.answer(), "programs": programs}


@dataclass(slots=True)
class Relays:
    """Files written in turn; `stopped`: somebody cancelled, those that are `done` stand."""

    done: list[Relayed] = field(default_factory=list)
    stopped: bool = False

    @property
    def trouble(self) -> Refusal | None:
        """The first thing that did not work."""
        return next((one.trouble for one in self.done if one.trouble is not None), None)


@dataclass(slots=True)
class _Made:
    """What was done so far for a unit: when its last file was made, how far each chain went."""

    at: str = ""
    done: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked for each unit and the same for all: computers, units above, when one wrote."""

    computers: Computers
    above: frozenset[str]
    heard: tuple[str, ...]

    @classmethod
    def at(cls, workspace: Workspace) -> Self:
        database = workspace.database
        above = frozenset(lookups.ancestors_of(database, workspace.unit) - {workspace.unit})
        came = [one.received_at for one in journal.batches(database) if one.from_unit in above]
        return cls(Computers(workspace), above, tuple(came))


def waiting_below(workspace: Workspace, units: Sequence[str] = ()) -> list[Waiting]:
    """Return what waits for each unit directly below that has a computer, or for those named.

    Reads only. Refuses `unit_unknown`, `unit_not_below`, `receiver_unknown` for a unit named.
    """
    below = children(workspace.database, workspace.unit)
    known = _Known.at(workspace)
    for code in units:
        require_unit(workspace, code)
        if code == workspace.unit or not lookups.is_within(
            workspace.database, code, workspace.unit
        ):
            raise Refusal("unit_not_below", where=code)
        if not known.computers.of(code):
            raise Refusal("receiver_unknown", where=code)
    wanted = list(units) or [code for code, _name in below]
    made, came = _made(workspace), _came(workspace)
    found = (
        _of(workspace, known, code, made.get(code, _Made()), came.get(code)) for code in wanted
    )
    return [one for one in found if one is not None]


def _made(workspace: Workspace) -> dict[str, _Made]:
    """Return what the files made here brought to each unit."""
    found: dict[str, _Made] = {}
    for _bundle, _path, to_unit, at, heads, _receipted in journal.outbox(workspace.database):
        one = found.setdefault(to_unit, _Made())
        one.at = max(one.at, at)
        for chain, number, _head in json.loads(heads):
            one.done[int(chain)] = max(one.done.get(int(chain), 0), int(number))
    return found


def _came(workspace: Workspace) -> dict[str, datetime]:
    """Return when the last file in use of each unit came."""
    rows = journal.last_received(workspace.database)
    return {unit: datetime.fromisoformat(at) for unit, at in rows}


def _of(
    workspace: Workspace, about: _Known, unit: str, made: _Made, came: datetime | None
) -> Waiting | None:
    database = workspace.database
    receivers = about.computers.of(unit)
    if not receivers:
        return None
    covered, known = coverage(workspace, unit, [item.inc for item in receivers])
    company = Company("down", unit, unit, receivers, known)
    ends: dict[int, int] = {}
    lines = list(_lacking(workspace, unit, covered, ends))
    bodies = [parse_document(body) for body in documents(workspace, company, about.computers.judge)]
    unsaid = _is_unanswered(workspace, unit, made, came)
    sent = {one.hash: one for one in receipts_sent(workspace, company, ())}
    told = {receipt.hash for receipts in known.values() for receipt in receipts}
    programs = wanted_by(workspace, unit)
    dated = [*(one.at for one in bodies), *(one.since for one in programs)]
    return Waiting(
        unit=unit,
        name=unit_name(database, unit),
        operations=len(lines),
        above=sum(author in about.above for author, _operation in lines),
        returns=sum(one.k.startswith("return.create") for _author, one in lines),
        receipt=unsaid,
        receipts=sum(
            trust.unit_of_incarnation(database, one.by) in about.above
            for name, one in sent.items()
            if name not in told
        ),
        documents=len(bodies),
        written="" if unsaid else _written(about, made, ends, dated),
        program=max(programs, key=lambda one: one.number).version if programs else "",
    )


def _written(about: _Known, made: _Made, ends: dict[int, int], documents_at: list[str]) -> str:
    """Return when a file for a unit was written that brings all this, "" if none does.

    `ends` are the last numbers by chain of what it lacks. What came from above since that file
    (receipts travel with it) was not in it.
    """
    newest = max((datetime.fromisoformat(at) for at in (*about.heard, *documents_at)), default=None)
    if not made.at or (newest is not None and datetime.fromisoformat(made.at) < newest):
        return ""
    return made.at if all(made.done.get(chain, 0) >= n for chain, n in ends.items()) else ""


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


def _is_unanswered(workspace: Workspace, unit: str, made: _Made, came: datetime | None) -> bool:
    """Whether a unit waits for a receipt.

    A file of it came since the last one for it, one with nothing new too: it may have lost its
    receipt. Or more of its records is held here than the last receipt given says.
    """
    if came is not None and (not made.at or came > datetime.fromisoformat(made.at)):
        return True
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
    to: Mapping[str, Path] | Path | None = None,
    progress: Progress = silent,
) -> Relays:
    """Write a file for each unit below for which something waits, or for those named anyway.

    They are written into `out`, and each copied `to` a place if given, one for all or one a unit.
    Each is written and noted by itself: one that cannot be written or copied does not stop the
    others, and being cancelled keeps what is written. Refuses what `waiting_below` does, and
    `relay_nothing` when nothing waits for anybody.
    """
    found = waiting_below(workspace, units)
    wanted = [one for one in found if units or one.anything]
    if not wanted:
        raise Refusal("relay_nothing", where=workspace.unit)
    relays, along = Relays(), Along()
    for number, one in enumerate(wanted):
        try:
            progress(number, len(wanted), f"{number + 1}/{len(wanted)} {one.name}")
            folder = to.get(one.unit) if isinstance(to, Mapping) else to
            relays.done.append(_relay(workspace, one, out, folder, along))
        except Cancelled:
            relays.stopped = True
            break
    return relays


def _relay(
    workspace: Workspace, waiting: Waiting, out: Path, folder: Path | None, along: Along
) -> Relayed:
    packed = None
    try:
        packed = pack(workspace, waiting.unit, out)
        copy = carry(packed.written.path, folder) if folder is not None else None
    except (Refusal, OSError) as error:
        refusal = refusal_of(error)
        if refusal is None or isinstance(refusal, Cancelled):
            raise
        if packed is None:
            return Relayed(waiting, trouble=refusal)
        return Relayed(waiting, packed.receipt.number, packed.written.path, None, refusal)
    along.files.clear()
    put_along(workspace, waiting.unit, folder or out, along)
    path, programs = packed.written.path, tuple(along.files)
    return Relayed(waiting, packed.receipt.number, path, copy, along.trouble, programs)


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
