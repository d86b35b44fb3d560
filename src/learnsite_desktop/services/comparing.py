"""What differs between two files of one sender, or between a file and what is held here.

Nothing is written: the files are checked whole, and their operations are merged in memory with
those held. Of a chain that a file brings, its state is that of its last operation there; beyond it
the file knew nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.bundle.payloads import PrivatePart
from learnsite_desktop.bundle.ranges import RangeHead
from learnsite_desktop.bundle.reader import BundleSummary, replay
from learnsite_desktop.bundle.readers.v1 import NullSink
from learnsite_desktop.domain.fields import DELETED, REASONS, Kind, layer_of
from learnsite_desktop.domain.ids import b64, canonical, unb64
from learnsite_desktop.domain.merge import TIER_RANK, Merged, Node, merge, ready_nodes
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.domain.words import outranked
from learnsite_desktop.oplog.certificates import (
    Checkpoint,
    IncarnationCertificate,
    parse_incarnation,
)
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.compared_words import FieldChange, Words
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import file_ops, trust
from learnsite_desktop.store.figures import unit_name

ADDED: Final = "added"
CHANGED: Final = "changed"
REMOVED: Final = "removed"
STATES: Final = (ADDED, CHANGED, REMOVED)
_Chain = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a file (name, sender, its kind, operations), or what is held.

    `apart` are further operations that receiving would set apart; they are not compared.
    """

    file: str
    unit: str
    name: str
    kind: str
    operations: int
    apart: int = 0


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that is not the same on both sides; `fields` old and new in words, masked."""

    kind: str
    record: str
    unit: str
    unit_name: str
    title: str
    what: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, what differs between them by kind and title, how many records are the same."""

    first: Side
    second: Side
    changes: tuple[RecordChange, ...]
    same: int


@dataclass(frozen=True, slots=True)
class _Known:
    """An operation with its node."""

    operation: Operation
    node: Node

    @property
    def chain(self) -> _Chain:
        return self.operation.inc, self.operation.un


@dataclass(slots=True)
class _File(NullSink):
    """What a file holds: its operations, the last number of each chain, private values."""

    ranks: Callable[[bytes], tuple[str, int]]
    operations: dict[bytes, _Known] = field(default_factory=dict)
    last: dict[_Chain, int] = field(default_factory=dict)
    private_values: dict[str, Any] = field(default_factory=dict)
    apart: int = 0

    def range(
        self,
        head: RangeHead,
        lines: list[bytes],
        hashes: list[bytes],
        checkpoint: Checkpoint | None,
    ) -> None:
        """Keep the operations of a range."""
        del checkpoint
        unit, rank = self.ranks(head.inc)
        for line, name in zip(lines, hashes, strict=True):
            operation = decode(line)
            self.operations[name] = _known(name, operation, own=unit == head.unit, tier=rank)
        key = (b64(head.inc), head.unit)
        self.last[key] = max(head.last, self.last.get(key, 0))

    def private(self, parts: list[PrivatePart]) -> None:
        """Keep private values by their commitments."""
        for part in parts:
            self.private_values[b64(part.commitment)] = part.value


def _known(name: bytes, operation: Operation, *, own: bool, tier: int) -> _Known:
    parents = tuple(unb64(parent) for parent in operation.par)
    return _Known(operation, Node(name, parents, operation.writes(), own, tier))


def compare(
    workspace: Workspace, first: Path, second: Path | None = None, *, progress: Progress = silent
) -> Comparison:
    """Compare two files of one sender, or a file (the second side) with what is held here.

    Takes as long as checking the files: for the reader lane. Refuses what `receive` refuses of a
    file, `compare_senders` for files of two units, and `wrong_receiver`.
    """
    progress(0, 3, N_("reading files"))
    one, summary = _read(workspace, first)
    sides = [_side(workspace, first, summary, one)]
    if second is None:
        held = Side("", workspace.unit, unit_name(workspace.database, workspace.unit), "held", 0)
        sides.insert(0, held)
        files = [one]
    else:
        other, summary_of_other = _read(workspace, second)
        sender, sender_of_other = summary.header.from_unit, summary_of_other.header.from_unit
        if sender != sender_of_other:
            raise Refusal("compare_senders", where=second.name, a=sender, b=sender_of_other)
        sides.append(_side(workspace, second, summary_of_other, other))
        files = [one, other]
    progress(1, 3, N_("comparing records"))
    left, right = _states(workspace, files)
    progress(2, 3, N_("comparing records"))
    values = {name: value for file in files for name, value in file.private_values.items()}
    changes, same = _changes(Words(workspace, values), left, right)
    return Comparison(sides[0], sides[1], tuple(changes), same)


def _side(workspace: Workspace, path: Path, summary: BundleSummary, file: _File) -> Side:
    unit = summary.header.from_unit
    name = unit_name(workspace.database, unit)
    return Side(path.name, unit, name, summary.header.kind, len(file.operations), file.apart)


def _read(workspace: Workspace, path: Path) -> tuple[_File, BundleSummary]:
    database = workspace.database
    found: dict[bytes, IncarnationCertificate] = {}

    def find(inc: bytes) -> IncarnationCertificate | None:
        body = trust.incarnation(database, inc)
        return parse_incarnation(body) if body else None

    def ranks(inc: bytes) -> tuple[str, int]:
        known = file_ops.author_rank(database, inc)
        if known is None:
            certificate = found.get(inc)
            return (
                (certificate.unit, TIER_RANK.get(certificate.tier, 0)) if certificate else ("", 0)
            )
        return known

    brought: list[Any] = []

    class Certified(_File):
        """Notes the certificates that a file itself brings."""

        def certificates(self, certificates: list[Any]) -> None:
            brought.extend(certificates)
            for one in certificates:
                if isinstance(one, IncarnationCertificate):
                    found[one.inc] = one

    file = Certified(ranks)
    summary = replay(path, workspace.keys.device.identities(), file, find)
    if summary.header.to_unit != workspace.unit:
        raise Refusal("wrong_receiver", where=summary.header.to_unit)
    _leave_out_unallowed(workspace, file, brought)
    return file, summary


def _leave_out_unallowed(workspace: Workspace, file: _File, brought: Sequence[Any]) -> None:
    """Leave out what would be set apart on receiving: its author may not write it."""
    judge = enrolment.authority(workspace, also=brought)
    allows = enrolment.quarantine(workspace, judge)
    for name, one in list(file.operations.items()):
        if allows(one.operation, name) is not None:
            del file.operations[name]
            file.apart += 1


# States

_Records = dict[tuple[str, str, str], tuple[_Known, ...]]
_Sides = tuple[dict[tuple[str, str, str], Merged], dict[tuple[str, str, str], Merged]]


def _states(workspace: Workspace, files: list[_File]) -> _Sides:
    """Return the states of the records that may differ, as each side has them."""
    database = workspace.database
    known = {name: one for file in files for name, one in file.operations.items()}
    held: set[bytes] = set()
    chains = {key for file in files for key in file.last}
    for inc, unit in chains:
        least = min(file.last.get((inc, unit), 0) for file in files)
        for item in file_ops.of_chain(database, unb64(inc), unit, least):
            held.add(item.hash)
            known.setdefault(item.hash, _known(*item[:2], own=item.own, tier=item.tier))
    records = {unb64(one.operation.r) for one in known.values()}
    for item in file_ops.of_records(database, records):
        held.add(item.hash)
        known.setdefault(item.hash, _known(*item[:2], own=item.own, tier=item.tier))
    later = _later(files)
    left: _Records = {}
    right: _Records = {}
    for name, one in known.items():
        key = (one.operation.kind, one.operation.r, one.operation.un)
        in_first, in_second = _sides_of(one, files, later, is_held=name in held)
        left[key] = (*left.get(key, ()), *((one,) if in_first else ()))
        right[key] = (*right.get(key, ()), *((one,) if in_second else ()))
    return _merged(left), _merged(right)


def _later(files: list[_File]) -> int | None:
    """Return which of two files was packed after the other, None if their chains do not say."""
    if len(files) == 1:
        return None
    one, other = files
    common = one.last.keys() & other.last.keys()
    ahead = any(one.last[key] > other.last[key] for key in common)
    behind = any(one.last[key] < other.last[key] for key in common)
    if ahead == behind:
        return None
    return 0 if ahead else 1


def _sides_of(
    one: _Known, files: list[_File], later: int | None, *, is_held: bool
) -> tuple[bool, bool]:
    """Return whether an operation counts on the first and on the second side."""
    if len(files) == 1:
        return is_held, True

    def counts(place: int) -> bool:
        end = files[place].last.get(one.chain)
        if end is not None:
            return one.operation.n <= end
        return is_held or later == place

    return counts(0), counts(1)


def _merged(records: _Records) -> dict[tuple[str, str, str], Merged]:
    found = {}
    for key, operations in records.items():
        kind = KINDS.get(key[0])
        if kind is None:
            continue
        nodes = [one.node for one in operations]
        apart = outranked(kind, nodes) if kind.is_ranked else set()
        ready, _waiting = ready_nodes(node for node in nodes if node.hash not in apart)
        found[key] = merge(ready, _facts(kind))
    return found


def _facts(kind: Kind) -> Callable[[str], bool]:
    return lambda register: layer_of(kind, register) == "fact"


# Differences


def _changes(
    words: Words,
    left: Mapping[tuple[str, str, str], Merged],
    right: Mapping[tuple[str, str, str], Merged],
) -> tuple[list[RecordChange], int]:
    for key, state in (*left.items(), *right.items()):
        if state.shown:
            words.learn(key[0], key[1], state.shown)
    found: list[RecordChange] = []
    same = 0
    for key in sorted(left):
        kind, record, unit = key
        what = _what(left[key], right[key])
        fields = tuple(_fields(words, kind, left[key], right[key])) if what else ()
        if not what or (what == CHANGED and not fields):
            same += bool(left[key].heads or right[key].heads)
            continue
        name = unit_name(words.database, unit)
        found.append(RecordChange(kind, record, unit, name, words.title(record), what, fields))
    found.sort(key=lambda one: (one.unit, one.kind, one.title, one.record))
    return found, same


def _what(left: Merged, right: Merged) -> str:
    there, here = (bool(state.heads) and not state.deleted for state in (left, right))
    if there and here:
        return CHANGED if left.heads != right.heads else ""
    if here:
        return ADDED
    return REMOVED if there else ""


def _fields(words: Words, kind: str, left: Merged, right: Merged) -> Iterator[FieldChange]:
    for register in _registers(kind, {*left.shown, *right.shown}):
        old, new = left.shown.get(register), right.shown.get(register)
        if canonical(old) != canonical(new):
            change = words.change(kind, register, old, new)
            if change is not None:
                yield change


def _registers(kind: str, names: Iterable[str]) -> list[str]:
    """Return the fact registers that say something to people, in the order of the kind."""
    declared = {register.key: place for place, register in enumerate(KINDS[kind].registers)}
    told = [
        name
        for name in names
        if name not in (DELETED, REASONS)
        and layer_of(KINDS[kind], name) in ("fact", "review")
        and (name in declared or KINDS[kind].map_of(name) is not None)
        and not (name in declared and KINDS[kind].by_register[name].computed)
    ]
    return sorted(told, key=lambda name: (declared.get(name, len(declared)), name))
