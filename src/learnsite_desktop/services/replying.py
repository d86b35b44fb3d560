"""Receipts for all whose files came: one file down for each, with returns and documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.handing_in import OUTBOX, carry
from learnsite_desktop.services.packing import pack
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, lookups
from learnsite_desktop.store.figures import unit_name


@dataclass(frozen=True, slots=True)
class Reply:
    """The file for one unit: where it stands, its copy; `trouble` says what did not work."""

    unit: str
    unit_name: str
    number: int = 0
    file: Path | None = None
    copy: Path | None = None
    trouble: Refusal | None = None


@dataclass(slots=True)
class Replies:
    """Files written in turn; `stopped`: somebody cancelled, those that are `done` stand."""

    done: list[Reply] = field(default_factory=list)
    stopped: bool = False


def units_to_answer(workspace: Workspace) -> list[str]:
    """Return the units directly below whose files came after the last file written for them."""
    database = workspace.database
    written = {row[2]: datetime.fromisoformat(row[3]) for row in journal.outbox(database)}
    found = set()
    for unit, at in journal.last_received(database):
        known = lookups.unit_exists(database, unit)
        if not known or lookups.parent_of(database, unit) != workspace.unit:
            continue
        last = written.get(unit)
        if last is None or datetime.fromisoformat(at) >= last:
            found.add(unit)
    return sorted(found)


def reply(
    workspace: Workspace,
    units: Sequence[str],
    to: Mapping[str, Path],
    *,
    progress: Progress = silent,
    each: Callable[[Reply], None] = lambda _reply: None,
) -> Replies:
    """Write a receipt file for each unit into the outbox and copy it to its folder in `to`, if any.

    One that cannot be written or copied does not stop the others; being cancelled keeps what is
    written.
    """
    replies = Replies()
    for number, unit in enumerate(units):
        name = unit_name(workspace.database, unit)
        try:
            progress(number, len(units), f"{number + 1}/{len(units)} {name}")
            one = _reply(workspace, unit, name, to.get(unit))
        except Cancelled:
            replies.stopped = True
            break
        replies.done.append(one)
        each(one)
    return replies


def _reply(workspace: Workspace, unit: str, name: str, folder: Path | None) -> Reply:
    packed = None
    try:
        packed = pack(workspace, unit, workspace.subfolder(OUTBOX))
        copy = carry(packed.written.path, folder) if folder is not None else None
    except (Refusal, OSError) as error:
        refusal = refusal_of(error)
        if refusal is None or isinstance(refusal, Cancelled):
            raise
        if packed is None:
            return Reply(unit, name, trouble=refusal)
        return Reply(unit, name, packed.receipt.number, packed.written.path, None, refusal)
    return Reply(unit, name, packed.receipt.number, packed.written.path, copy)
