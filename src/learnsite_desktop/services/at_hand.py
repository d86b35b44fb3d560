"""Files at hand: what was dropped or chosen, what lies on sticks and in a folder that is watched.

Looking changes nothing, and nothing is taken in without being asked for.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import arriving, transports
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.receiving import Received, Witness, receive
from learnsite_desktop.services.transports import FOREIGN, REFUSED, Lying
from learnsite_desktop.services.unfit_files import no_bundle
from learnsite_desktop.services.workspace import SCRATCH, Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.transport.disk import Entry, told
from learnsite_desktop.transport.folder import FolderPlace
from learnsite_desktop.transport.places import Candidate, State, Transport

MOST_FILES: Final = 2000
"""How many files of one folder are looked at, the newest."""
_PARTS: Final = 1000
"""Into how many steps the progress of one file is told."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """A file that could be taken in: what it is, the folder it lies in, how it is fetched."""

    lying: Lying
    folder: Path
    place: Transport
    unit_name: str = ""

    @property
    def key(self) -> str:
        """What stays the same of the file however often it is looked at."""
        digest = self.lying.candidate.digest
        return digest.hex() if digest else str(self.lying.candidate.path)

    @property
    def is_new(self) -> bool:
        """Whether it may be taken in."""
        return self.lying.state == State.NEW


Known = Mapping[bytes, Lying]
"""What is known already of files, by their digest: those are not opened again."""


def look(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    known: Known | None = None,
    progress: Progress = silent,
) -> list[AtHand]:
    """Return what files, and those in folders, are; each content once. Writes nothing.

    Of a folder what is none of ours is passed over, but for register books, which are told of as a
    file is that somebody named. A place that is gone refuses `place_gone`.
    """
    found: dict[str, AtHand] = {}
    with tempfile.TemporaryDirectory() as staging:
        for folder, place, candidates, whole in _places(workspace, paths):
            for number, one in enumerate(candidates):
                progress(number, len(candidates), N_("Looking at the files"))
                lying = _seen(workspace, place, one, Path(staging), known or {})
                if lying is not None:
                    name = _name(workspace, lying)
                    item = AtHand(lying, folder, place, name)
                    found.setdefault(item.key, item)
            if whole:
                books = (AtHand(one, folder, place) for one in transports.books_in(place))
                found |= {item.key: item for item in books}
    return list(found.values())


def _places(
    workspace: Workspace, paths: Iterable[Path]
) -> Iterator[tuple[Path, Transport, Sequence[Candidate], bool]]:
    """Yield folder, place and what may be ours in it; whether the whole folder was meant."""
    for path in paths:
        folder = path.expanduser().absolute()
        if folder.is_dir():
            place = transports.place_at(workspace, folder)
            yield folder, place, place.candidates()[:MOST_FILES], True
        else:
            alone = FolderPlace(folder.parent, transports.ours, transports.taken_here(workspace))
            yield folder.parent, alone, [_named(alone, folder)], False


def _named(place: FolderPlace, path: Path) -> Candidate:
    """Return a file that somebody named, also one that is none of ours."""
    try:
        entry = Entry.of(path)
        found = place.judged(entry)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        refusal = Refusal("file_missing", where=str(path)) if gone else told(error, path)
        return Candidate(
            name=path.name, path=path, size=0, at=0.0, state=State.DAMAGED, refusal=refusal
        )
    if found is not None:
        return found
    return Candidate(
        name=path.name,
        path=path,
        size=entry.size,
        at=entry.at,
        state=State.DAMAGED,
        refusal=no_bundle(path),
    )


def _seen(
    workspace: Workspace, place: Transport, one: Candidate, staging: Path, known: Known
) -> Lying | None:
    former = known.get(one.digest) if one.digest else None
    if former is not None and one.state is State.NEW:
        return replace(former, candidate=one)
    seen = transports.looked_at(workspace, place, one, staging)
    if former is not None and seen is not None and seen.summary is None:
        # Taken by now: it is not opened again, and its sender still known.
        return Lying(one, seen.state, seen.refusal, former.summary, former.introduction)
    return seen


def _name(workspace: Workspace, lying: Lying) -> str:
    code = lying.from_unit
    return unit_name(workspace.database, code) if code else ""


# -- taking in -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taking:
    """What became of one file: `received`, or `left` where it lies for a reason."""

    file: AtHand
    received: Received | None = None
    left: Lying | None = None

    @property
    def state(self) -> str:
        """Received | held | unenrolled | refused, or the state of a file that was left."""
        if self.received is not None:
            return self.received.outcome
        return self.left.state if self.left else FOREIGN

    @property
    def refusal(self) -> Refusal | None:
        """Why it did not come in."""
        if self.received is not None:
            return self.received.error
        return self.left.refusal if self.left else None


@dataclass(slots=True)
class Takings:
    """What became of files in turn; `stopped`: somebody cancelled, the rest was not begun.

    The file in hand then is as it was; those in `done` stand.
    """

    done: list[Taking] = field(default_factory=list)
    stopped: bool = False


Told = Callable[[Taking], None]


def take_in(
    workspace: Workspace,
    files: Sequence[AtHand],
    *,
    keep_withdrawn: bool = False,
    progress: Progress = silent,
    each: Told = lambda _taking: None,
) -> Takings:
    """Take files in, the oldest first, one transaction each; `each` hears of every one in turn.

    One that is refused or cannot be read does not stop the others. Being cancelled ends the work
    after the last whole file: the one in hand has changed nothing.
    """
    takings = Takings()
    order = sorted(files, key=lambda one: (one.lying.candidate.at, one.key))
    with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as staging:
        for number, one in enumerate(order):
            step = _step(progress, number, len(order), one.unit_name or one.lying.candidate.name)
            try:
                step(0, 1, "")
                taking = _take(workspace, one, Path(staging), keep_withdrawn, step)
            except Cancelled:
                takings.stopped = True
                break
            takings.done.append(taking)
            each(taking)
    return takings


def _step(progress: Progress, number: int, count: int, name: str) -> Progress:
    """Return what tells the progress of one file as a part of all of them."""

    def step(done: int, total: int, label: str) -> None:
        del label
        part = number * _PARTS + (done * _PARTS // total if total else 0)
        progress(min(part, count * _PARTS - 1), count * _PARTS, f"{number + 1}/{count} {name}")

    return step


def _take(
    workspace: Workspace,
    one: AtHand,
    staging: Path,
    keep_withdrawn: bool,  # noqa: FBT001
    progress: Progress,
) -> Taking:
    def take(file: Path, name: str) -> Received:
        return receive(workspace, file, keep_withdrawn=keep_withdrawn, progress=progress, name=name)

    candidate = one.lying.candidate
    try:
        found = transports.fetch_and_take(one.place, candidate, staging, take)
    except OSError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        return Taking(one, Received(str(candidate.path), error=refusal))
    if isinstance(found, Received):
        return Taking(one, found)
    return Taking(one, left=found or Lying(candidate, REFUSED, Refusal("not_a_bundle")))


def foresee(
    workspace: Workspace,
    files: Sequence[AtHand],
    *,
    most: int = arriving.MOST,
    progress: Progress = silent,
) -> list[tuple[AtHand, arriving.Foreseen]]:
    """Return what files would do, each by itself; at most `most` records are told in all."""
    found = []
    with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as staging:
        for number, one in enumerate(files):
            step = _step(progress, number, len(files), one.unit_name or one.lying.candidate.name)
            step(0, 1, "")
            seen = _foresee(workspace, one, Path(staging), max(0, most), step)
            most -= len(seen.records)
            found.append((one, seen))
    return found


def _foresee(
    workspace: Workspace, one: AtHand, staging: Path, most: int, progress: Progress
) -> arriving.Foreseen:
    def take(witness: Witness) -> Received:
        def receiving(file: Path, name: str) -> Received:
            return receive(
                workspace, file, dry_run=True, progress=progress, name=name, witness=witness
            )

        candidate = one.lying.candidate
        found = transports.fetch_and_take(one.place, candidate, staging, receiving)
        if isinstance(found, Received):
            return found
        refusal = found.refusal if found else Refusal("not_a_bundle")
        return Received(str(candidate.path), error=refusal)

    return arriving.foresee(workspace, take, most=most)
