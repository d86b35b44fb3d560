"""Bundles on their way here and from here: what lies in a place, taking it in, carrying there."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.reader import BundleSummary, scan
from learnsite_desktop.bundle.seal import MAGIC
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.certificates import IncarnationCertificate, parse_incarnation
from learnsite_desktop.platform import drives
from learnsite_desktop.services import introductions
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.introductions import Introduction
from learnsite_desktop.services.receiving import Received, Witness, receive
from learnsite_desktop.services.register_files import BOOK, is_book_file, may_be_book
from learnsite_desktop.services.updates import files as update_files
from learnsite_desktop.services.updates import held as updates
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
PICTURES: Final = "pictures"
"""Folder in there of the pictures read so far."""
FOREIGN: Final = "foreign"
REFUSED: Final = "refused"
Pause = Callable[[float], None]
"""Lets so many seconds pass."""

_CUT: Final = frozenset({"bundle_empty", "bundle_truncated", "end_missing", "update_truncated"})
_OTHERS: Final = frozenset(
    {"update_older", "update_other_platform", "update_same", "wrong_receiver"}
)
_SPOILT: Final = frozenset(
    {
        "bundle_damaged",
        "frame_order",
        "frame_too_large",
        "hash_mismatch",
        "part_malformed",
        "photo_damaged",
        "pictures_wrong",
        "update_damaged",
        "zip_damaged",
    }
)
_MOST_TABLES: Final = 200
_FLEETING: Final = frozenset({"file_changed", "file_missing"})


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that lies in a place.

    `state` is new | taken | incomplete | damaged | foreign (not for this unit) | refused;
    `refusal` says why it cannot be taken in, `summary` what it is, where that was looked at;
    `introduction` is that of a file which makes computers known, `program` the version of a newer
    program.
    """

    candidate: Candidate
    state: str
    refusal: Refusal | None = None
    summary: BundleSummary | None = None
    introduction: Introduction | None = None
    program: str = ""

    @property
    def kind(self) -> str:
        """The kind of bundle, `introduction`, `program`, "" if nobody looked."""
        if self.program:
            return updates.PROGRAM
        if self.introduction is not None:
            return introductions.KIND
        return self.summary.header.kind if self.summary else ""

    @property
    def from_unit(self) -> str:
        """The code of the unit that it comes from, "" if nobody looked."""
        if self.introduction is not None:
            return self.introduction.unit
        return self.summary.header.from_unit if self.summary else ""

    @property
    def at(self) -> str:
        """When the file was last written, as an ISO moment in UTC."""
        return datetime.fromtimestamp(self.candidate.at, UTC).isoformat(timespec="seconds")


def is_sealed(file: Path) -> bool:
    """Whether a file begins as all sealed files do, whatever its name; OSError if unreadable."""
    return sealed(Disk().head(file, HEAD_BYTES))


def sealed(head: bytes) -> bool:
    """Whether a file that begins like this is sealed as all bundles are."""
    return head.startswith(MAGIC)


def ours(head: bytes) -> bool:
    """Whether a file that begins like this may be for us: sealed, an introduction, a program."""
    return sealed(head) or introductions.begins(head) or update_files.begins(head)


def taken_here(workspace: Workspace) -> Taken:
    """Return which files were received, those rolled back too: they come back by `reapply`."""
    received, folder = journal.digests(workspace.database), workspace.folder
    return Taken(lambda digest: digest in received or updates.is_taken(folder, digest))


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
        return PicturePlace(folder, taken, store=store / PICTURES, read=read)
    if folder in drives.removable_folders():
        return DrivePlace(folder, drives.removable_folders, ours, taken)
    return DropPlace(folder, ours, taken, clock=workspace.clock, looks=store / "looks.json")


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
        found = [looked_at(workspace, place, one, Path(staging)) for one in listed]
    return [*(one for one in found if one is not None), *books_in(place)][: most or None]


def books_in(place: Transport) -> Iterator[Lying]:
    """Yield the register books among the newest workbooks of a folder: they are taken elsewhere."""
    files = place.files() if isinstance(place, FolderPlace) else ()
    tables = sorted((one for one in files if may_be_book(one.path)), key=lambda one: -one.at)
    for entry in tables[:_MOST_TABLES]:
        if is_book_file(entry.path):
            candidate = Candidate(
                name=entry.path.name,
                path=entry.path,
                size=entry.size,
                at=entry.at,
                state=State.DAMAGED,
                refusal=Refusal(BOOK, where=entry.path.name),
            )
            yield Lying(candidate, REFUSED, candidate.refusal)


def looked_at(
    workspace: Workspace, place: Transport, candidate: Candidate, staging: Path
) -> Lying | None:
    """Return what a candidate is, None for a file of others; it is fetched into `staging`."""
    refusal = candidate.refusal
    if candidate.state is not State.NEW:
        if candidate.state is State.DAMAGED and refusal is not None:
            return Lying(candidate, _state_of(refusal), refusal)
        return Lying(candidate, candidate.state, refusal)
    if update_files.is_update(candidate.path):
        return _glanced(workspace, candidate, candidate.path)
    try:
        file = place.fetch(candidate, staging)
    except Refusal as refusal:
        return Lying(candidate, _state_of(refusal), refusal)
    try:
        if update_files.is_update(file):
            return _glanced(workspace, candidate, file)
        if introductions.begins(Disk().head(file, HEAD_BYTES)):
            return _introduced(workspace, candidate, file)
        summary = scan(file, workspace.keys.device.identities(), _finder(workspace))
    except BundleError as refusal:
        return Lying(candidate, _state_of(refusal), refusal)
    finally:
        file.unlink(missing_ok=True)
    if summary.header.to_unit != workspace.unit:
        return Lying(candidate, FOREIGN, BundleError("wrong_receiver", summary.header.to_unit))
    return Lying(candidate, State.NEW, None, summary)


def _glanced(workspace: Workspace, candidate: Candidate, file: Path) -> Lying:
    """Return what an update file is by its beginning: it is large, and of use to few."""
    try:
        held = updates.glance_at(workspace, file, candidate.name)
    except (Refusal, OSError) as error:
        refusal = refusal_of(error) or Refusal("file_missing", where=candidate.name)
        return Lying(candidate, _state_of(refusal), refusal)
    return Lying(candidate, State.NEW, program=held.version)


def _introduced(workspace: Workspace, candidate: Candidate, file: Path) -> Lying | None:
    if not introductions.is_introduction(file):
        return None
    try:
        given = introductions.read_introduction(file)
    except Refusal:
        refusal = Refusal("introduction_unreadable", where=candidate.name)
        return Lying(candidate, State.DAMAGED, refusal)
    known = introductions.is_known(workspace, given)
    return Lying(candidate, State.TAKEN if known else State.NEW, introduction=given)


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
    witness: Witness | None = None,
) -> Collected:
    """Take in every new file of a place, one transaction each; nothing there is touched.

    Files that are not complete yet, were taken or are for others are left; a damaged one is
    refused and does not stop the others. Refuses `place_gone` for the place itself.
    """
    found = Collected([], [])
    take = _taker(workspace, dry_run, keep_withdrawn, progress, witness)
    with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as staging:
        listed = sorted(look_around(place, pause), key=lambda one: one.at)
        for number, one in enumerate(listed):
            progress(number, len(listed), N_("Receiving"))
            result = fetch_and_take(place, one, Path(staging), take)
            if result is None:
                continue
            if isinstance(result, Lying):
                found.left.append(result)
                continue
            found.received.append(result)
            if result.error is None and not dry_run:
                place.mark_taken(one)
    found.left += books_in(place)
    return found


Take = Callable[[Path, str], Received]
"""Receives a file; the text is what people call it."""


def _taker(
    workspace: Workspace,
    dry_run: bool,  # noqa: FBT001
    keep_withdrawn: bool,  # noqa: FBT001
    progress: Progress,
    witness: Witness | None,
) -> Take:
    return lambda file, name: receive(
        workspace,
        file,
        dry_run=dry_run,
        keep_withdrawn=keep_withdrawn,
        progress=progress,
        name=name,
        witness=witness,
    )


def fetch_and_take(
    place: Transport, one: Candidate, staging: Path, take: Take
) -> Received | Lying | None:
    """Return what became of a file, or why it is left where it lies; None for one of others."""
    if one.state in {State.TAKEN, State.INCOMPLETE} or _is_photo(one):
        return Lying(one, one.state, one.refusal)
    name = str(one.path) if one.path.is_file() else one.name
    if one.refusal is None and update_files.is_update(one.path):
        return _program(one, name, take)
    try:
        file = place.fetch(one, staging)
    except Refusal as refusal:
        if refusal.code in _FLEETING:
            return Lying(one, State.INCOMPLETE, refusal)
        return Received(name, error=refusal)
    try:
        if not _is_ours(file):
            return None
        result = take(file, name)
    finally:
        file.unlink(missing_ok=True)
    return _left_or_taken(one, result)


def _left_or_taken(one: Candidate, result: Received) -> Received | Lying:
    if result.error is not None and _state_of(result.error) in {FOREIGN, State.INCOMPLETE}:
        return Lying(one, _state_of(result.error), result.error)
    return result


def _program(one: Candidate, name: str, take: Take) -> Received | Lying:
    """Take an update file where it lies: one that is not for here is refused by its beginning.

    It is large, lies there for weeks, and whoever takes it checks the copy that is kept.
    """
    try:
        return _left_or_taken(one, take(one.path, name))
    except OSError as error:
        refusal = refusal_of(error) or Refusal("place_gone", where=str(one.path))
        fleeting = refusal.code in _FLEETING
        return Lying(one, State.INCOMPLETE, refusal) if fleeting else Received(name, error=refusal)


def _is_ours(file: Path) -> bool:
    known = is_sealed(file) or introductions.is_introduction(file)
    return known or update_files.is_update(file)


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
    witness: Witness | None = None,
) -> Received:
    """Receive one file as `receive` does; a bundle that somebody zipped is taken out first."""
    take = _taker(workspace, dry_run, keep_withdrawn, progress, witness)
    try:
        zipped = Disk().head(path, HEAD_BYTES).startswith(ZIP_MAGIC)
    except OSError:
        zipped = False  # said by whoever opens it
    if zipped:
        place = FolderPlace(path.parent, ours, Taken(lambda _digest: False))
        candidate = place.judged(Entry.of(path))
        if candidate is not None:
            with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as staging:
                result = fetch_and_take(place, candidate, Path(staging), take)
            if isinstance(result, Lying):
                return Received(str(path), error=result.refusal)
            if result is not None:
                return result
    return take(path, "")
