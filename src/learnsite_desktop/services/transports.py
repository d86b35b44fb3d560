"""Bundles on their way here and from here: what lies in a place, taking it in, carrying there."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.reader import BundleSummary, scan
from learnsite_desktop.bundle.seal import MAGIC
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.certificates import IncarnationCertificate, parse_incarnation
from learnsite_desktop.platform import drives
from learnsite_desktop.services.receiving import Received, receive
from learnsite_desktop.services.workspace import SCRATCH, Workspace
from learnsite_desktop.store import journal, trust
from learnsite_desktop.transport.archives import ZIP_MAGIC
from learnsite_desktop.transport.disk import Disk, Entry
from learnsite_desktop.transport.drive import DrivePlace
from learnsite_desktop.transport.drop import SETTLED_SECONDS, DropPlace
from learnsite_desktop.transport.folder import FolderPlace
from learnsite_desktop.transport.picture_place import PicturePlace, ReadCodes
from learnsite_desktop.transport.places import HEAD_BYTES, Candidate, State, Taken, Transport

STORE: Final = "transport"
"""Folder of the workspace where it is kept what was seen in places, and pictures read so far."""
FOREIGN: Final = "foreign"
REFUSED: Final = "refused"
Pause = Callable[[float], None]
"""Lets so many seconds pass."""

_CUT: Final = frozenset({"bundle_empty", "bundle_truncated", "end_missing"})
_OTHERS: Final = frozenset({"wrong_receiver"})
_SPOILT: Final = frozenset(
    {
        "bundle_damaged",
        "frame_order",
        "frame_too_large",
        "hash_mismatch",
        "part_malformed",
        "photo_damaged",
        "pictures_wrong",
        "zip_damaged",
    }
)
_FLEETING: Final = frozenset({"file_changed", "file_missing"})


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that lies in a place.

    `state` is new | taken | incomplete | damaged | foreign (not for this unit) | refused;
    `refusal` says why it cannot be taken in, `summary` what it is, where that was looked at.
    """

    candidate: Candidate
    state: str
    refusal: Refusal | None = None
    summary: BundleSummary | None = None

    @property
    def at(self) -> str:
        """When the file was last written, as an ISO moment in UTC."""
        return datetime.fromtimestamp(self.candidate.at, UTC).isoformat(timespec="seconds")


def sealed(head: bytes) -> bool:
    """Whether a file that begins like this is sealed as all bundles are."""
    return head.startswith(MAGIC)


def taken_here(workspace: Workspace) -> Taken:
    """Return which files were received, those rolled back too: they come back by `reapply`."""
    held = {batch.digest for batch in journal.batches(workspace.database)}
    return Taken(held.__contains__)


def carrier(folder: Path, disk: Disk | None = None) -> FolderPlace:
    """Return the way of carrying files into a folder: a stick's own folder is watched as one."""
    taken = Taken(lambda _digest: False)
    if folder in drives.removable_folders():
        return DrivePlace(folder, drives.removable_folders, sealed, taken, disk)
    return FolderPlace(folder, sealed, taken, disk)


def place_at(workspace: Workspace, folder: Path, *, read: ReadCodes | None = None) -> Transport:
    """Return what a folder is to receive from: a stick, a folder where files drop in, or photos.

    `read` gives the codes in a photo; with it the folder is one of photos.
    """
    folder = folder.expanduser().absolute()
    taken, store = taken_here(workspace), workspace.folder / STORE
    if read is not None:
        return PicturePlace(folder, taken, store=store / "pictures", read=read)
    if folder in drives.removable_folders():
        return DrivePlace(folder, drives.removable_folders, sealed, taken)
    return DropPlace(folder, sealed, taken, clock=workspace.clock, looks=store / "looks.json")


def look_around(place: Transport, pause: Pause | None = None) -> list[Candidate]:
    """Return what lies in a place; with `pause` what is still coming gets its seconds to settle."""
    found = place.candidates()
    if pause is not None and any(_is_settling(one) for one in found):
        pause(SETTLED_SECONDS)
        found = place.candidates()
    return found


def _is_settling(candidate: Candidate) -> bool:
    return candidate.refusal is not None and candidate.refusal.code == "file_unfinished"


def lying_in(
    workspace: Workspace, place: Transport, *, pause: Pause | None = None, most: int = 0
) -> list[Lying]:
    """Say what lies in a place, the newest first, at most `most` (0: all); nothing is changed."""
    listed = look_around(place, pause)[: most or None]
    with tempfile.TemporaryDirectory() as staging:
        return [_looked_at(workspace, place, one, Path(staging)) for one in listed]


def _looked_at(
    workspace: Workspace, place: Transport, candidate: Candidate, staging: Path
) -> Lying:
    refusal = candidate.refusal
    if candidate.state is not State.NEW:
        if candidate.state is State.DAMAGED and refusal is not None:
            return Lying(candidate, _state_of(refusal), refusal)
        return Lying(candidate, candidate.state, refusal)
    try:
        file = place.fetch(candidate, staging)
    except Refusal as refusal:
        return Lying(candidate, _state_of(refusal), refusal)
    try:
        summary = scan(file, workspace.keys.device.identities(), _finder(workspace))
    except BundleError as refusal:
        return Lying(candidate, _state_of(refusal), refusal)
    finally:
        file.unlink(missing_ok=True)
    if summary.header.to_unit != workspace.unit:
        return Lying(candidate, FOREIGN, BundleError("wrong_receiver", summary.header.to_unit))
    return Lying(candidate, State.NEW, None, summary)


def _state_of(refusal: Refusal) -> str:
    """Return what a refusal says of a file: still coming, of others, spoilt, or refused."""
    if refusal.code in _CUT or refusal.code in _FLEETING:
        return State.INCOMPLETE
    if refusal.code in _OTHERS:
        return FOREIGN
    return State.DAMAGED if refusal.code in _SPOILT else REFUSED


def _finder(workspace: Workspace) -> Callable[[bytes], IncarnationCertificate | None]:
    def find(inc: bytes) -> IncarnationCertificate | None:
        body = trust.incarnation(workspace.database, inc)
        return parse_incarnation(body) if body else None

    return find


@dataclass(slots=True)
class Collected:
    """What came of a place: files `received` or refused, and those `left` for a reason."""

    received: list[Received]
    left: list[Lying]


def collect(
    workspace: Workspace,
    place: Transport,
    *,
    pause: Pause | None = None,
    dry_run: bool = False,
    keep_withdrawn: bool = False,
    progress: Progress = silent,
) -> Collected:
    """Take in every new file of a place, one transaction each; nothing there is touched.

    Files that are not complete yet, were taken or are for others are left; a damaged one is
    refused and does not stop the others. Refuses `place_gone` for the place itself.
    """
    found = Collected([], [])
    with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as staging:
        listed = sorted(look_around(place, pause), key=lambda one: one.at)
        for number, one in enumerate(listed):
            progress(number, len(listed), N_("Receiving"))
            result = _take(workspace, place, one, Path(staging), dry_run, keep_withdrawn, progress)
            if isinstance(result, Lying):
                found.left.append(result)
                continue
            found.received.append(result)
            if result.error is None and not dry_run:
                place.mark_taken(one)
    return found


def _take(
    workspace: Workspace,
    place: Transport,
    one: Candidate,
    staging: Path,
    dry_run: bool,  # noqa: FBT001
    keep_withdrawn: bool,  # noqa: FBT001
    progress: Progress,
) -> Received | Lying:
    """Return what became of a file, or why it is left where it lies."""
    if one.state in {State.TAKEN, State.INCOMPLETE} or _is_photo(one):
        return Lying(one, one.state, one.refusal)
    name = str(one.path) if one.path.is_file() else one.name
    try:
        file = place.fetch(one, staging)
    except Refusal as refusal:
        if refusal.code in _FLEETING:
            return Lying(one, State.INCOMPLETE, refusal)
        return Received(name, error=refusal)
    try:
        result = receive(
            workspace,
            file,
            dry_run=dry_run,
            keep_withdrawn=keep_withdrawn,
            progress=progress,
            name=name,
        )
    finally:
        file.unlink(missing_ok=True)
    if result.error is not None and _state_of(result.error) in {FOREIGN, State.INCOMPLETE}:
        return Lying(one, _state_of(result.error), result.error)
    return result


def _is_photo(one: Candidate) -> bool:
    """Whether it is a photo that cannot be read, not a bundle."""
    return one.refusal is not None and one.refusal.code.startswith(("photo_", "pictures_"))


def receive_file(
    workspace: Workspace,
    path: Path,
    *,
    dry_run: bool = False,
    keep_withdrawn: bool = False,
    progress: Progress = silent,
) -> Received:
    """Receive one file as `receive` does; a bundle that somebody zipped is taken out first."""
    try:
        zipped = Disk().head(path, HEAD_BYTES).startswith(ZIP_MAGIC)
    except OSError:
        zipped = False  # said by whoever opens it
    if zipped:
        place = FolderPlace(path.parent, sealed, Taken(lambda _digest: False))
        candidate = place.judged(Entry.of(path))
        if candidate is not None:
            with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as staging:
                result = _take(
                    workspace, place, candidate, Path(staging), dry_run, keep_withdrawn, progress
                )
            return (
                Received(str(path), error=result.refusal) if isinstance(result, Lying) else result
            )
    return receive(
        workspace, path, dry_run=dry_run, keep_withdrawn=keep_withdrawn, progress=progress
    )


# -- sticks ----------------------------------------------------------------------------------------


def drive_named(name: str) -> Path:
    """Return the drive of that place or name, such as “KINGSTON”. Refuses `drive_unknown`."""
    listed = drives.removable_folders()
    for one in listed:
        if name in {str(one), one.name} or Path(name) == one:
            return one
    known = "、".join(map(str, listed)) or "–"
    raise Refusal("drive_unknown", where=name, known=known)


@contextmanager
def _quiet() -> Iterator[None]:
    """Pass over what a stick pulled out meanwhile says."""
    try:
        yield
    except (Refusal, OSError):
        return


def list_drives(workspace: Workspace, most: int) -> list[dict[str, Any]]:
    """Return the sticks plugged in, and of each what lies on it, at most `most` files."""
    rows = []
    for one in drives.removable_folders():
        row: dict[str, Any] = {
            "path": str(one),
            "name": one.name or str(one),
            "free_bytes": None,
            "writable": drives.is_writable(one),
            "files": [],
        }
        with _quiet():
            row["free_bytes"] = Disk().free(one)
            row["files"] = lying_in(workspace, place_at(workspace, one), most=most)
        rows.append(row)
    return rows
