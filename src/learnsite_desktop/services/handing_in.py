"""Handing in as one gesture: submit a period, pack for the unit above, carry the file to a place.

The packed file always stays in the outbox of the workspace; what goes onto a stick is a copy, so
that a stick that is pulled out loses nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.packing import Packed, pack
from learnsite_desktop.services.standing import unit_above
from learnsite_desktop.services.submitting import submit
from learnsite_desktop.services.transports import carrier, is_sealed
from learnsite_desktop.services.updates.files import is_update
from learnsite_desktop.services.workspace import Workspace

OUTBOX: Final = "outbox"
LOOKED_AT: Final = 50
"""How many files of a folder are looked at, the newest."""


@dataclass(slots=True)
class HandedIn:
    """What came of it.

    `red` not empty: nothing was done. `packed` is the file in the outbox, `path` where it was
    carried to. `trouble` says why carrying did not work; the file in the outbox stands.
    """

    period: str
    red: list[Issue] = field(default_factory=list)
    change: ChangeSet = field(default_factory=ChangeSet)
    packed: Packed | None = None
    path: Path | None = None
    trouble: Refusal | None = None


def hand_in(
    workspace: Workspace,
    period: str,
    *,
    to: Path | None = None,
    zero: str = "",
    operator: str = "",
    progress: Progress = silent,
) -> HandedIn:
    """Submit a period and pack for the unit above; copy the file into `to` if given.

    A period counts as handed in only together with its file: when packing is cancelled or fails,
    nothing is recorded. Refuses what `submit` and `pack` do, and `no_unit_above`.
    """
    above = unit_above(workspace)
    if not above:
        raise Refusal("no_unit_above", where=workspace.unit)
    done = HandedIn(period)
    with _one_change(workspace, done):
        done.red, result = submit(workspace, period, zero=zero, operator=operator)
        if result is None:
            return done
        done.change = result.change
        done.packed = pack(workspace, above, workspace.folder / OUTBOX, progress=progress)
    done.path = done.packed.written.path
    if to is not None:
        done.path = None
        try:
            done.path = carry(done.packed.written.path, to)
        except (Refusal, OSError) as error:
            done.trouble = refusal_of(error)
            if done.trouble is None:
                raise
    return done


@contextmanager
def _one_change(workspace: Workspace, done: HandedIn) -> Iterator[None]:
    """One transaction for submission and file; the file goes too when it cannot be recorded."""
    try:
        with workspace.database.transaction():
            yield
    except BaseException:
        workspace.idents.forget()
        if done.packed is not None:
            done.packed.written.path.unlink(missing_ok=True)
        raise


def carry(file: Path, folder: Path) -> Path:
    """Copy a packed file into a folder, whole or not at all, and read it back; return the copy.

    The same file there already is left as it is. Refuses `place_gone` for a folder that is not
    there (a stick pulled out), `file_missing`, `copy_damaged`, `disk_full`, `disk_readonly`,
    `file_not_permitted`.
    """
    return carrier(folder).put(file)


def bundles_in(folder: Path) -> list[Path]:
    """Return the bundles, and newer programs, in a folder and the folders right in it, by content.

    The newest first. What cannot be read is passed over.
    """
    found: list[tuple[float, Path]] = []
    try:
        for entry in carrier(folder).files():
            with suppress(OSError):
                if is_sealed(entry.path) or is_update(entry.path):
                    found.append((entry.at, entry.path))
    except Refusal:
        return []
    return [file for _at, file in sorted(found, reverse=True)[:LOOKED_AT]]
