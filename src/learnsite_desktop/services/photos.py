"""Photos 佐证: drawn anew by a child, kept by their content, known by a thumbnail that travels."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64, capture_id, unb64
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.pictures import Encoded
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import computer_errors, media, records
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.workspace import SCRATCH, Workspace
from learnsite_desktop.store.records import StoredRecord, children_of, find_record

SOURCE: Final = "photos"
USUAL_KINDS: Final = ("banner", "wide", "signin")
"""What a session is asked for, in the order in which people usually take the pictures."""
FURTHER_KIND: Final = "wide"

_NO_REASONS: Final[Mapping[str, str]] = MappingProxyType({})


class Encoder(Protocol):
    """Whoever draws pictures anew: `paint.photos.PhotoEncoder`, a child of this program."""

    def __call__(self, source: Path, folder: Path, /) -> Encoded:
        """Return the picture of a file; `folder` is where it may write meanwhile.

        Refuses what cannot or must not be kept.
        """


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    `record` is the id of its evidence record; `issues` are questions that want a written reason
    or mere notes; `refusal` says why the file was not taken.
    """

    name: str
    record: str = ""
    issues: tuple[Issue, ...] = ()
    refusal: Refusal | None = None

    @property
    def saved(self) -> bool:
        """Whether the photo is kept now, or was before."""
        return self.refusal is None and not any(issue.blocking for issue in self.issues)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the files, in their order, and the change that undo takes back."""

    outcomes: tuple[Outcome, ...]
    change: ChangeSet = field(default_factory=ChangeSet)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a record.

    `path` and `thumb_path` are None where the file is not on this computer: only thumbnails
    travel. `taken_from` says how `taken` is known: "file" | "given" | "".
    """

    record: str
    kind: str
    path: Path | None
    thumb_path: Path | None
    taken: str
    taken_from: str
    note: str
    publishable: bool


@dataclass(frozen=True, slots=True)
class _New:
    """A picture ready to be written, with its place in the list of files."""

    place: int
    name: str
    entry: dict[str, Any]


def add_photos(
    workspace: Workspace,
    record: str,
    files: Sequence[Path | bytes],
    *,
    encoder: Encoder,
    kind: str = "",
    reasons: Mapping[str, str] = _NO_REASONS,
    operator: str = "",
    progress: Progress = silent,
) -> Added:
    """Add pictures (files, or PNG bytes of a pasted one) to a record, as one change.

    `kind` is a code of `evidence_kind`; without it the usual ones are taken in their order.
    `reasons` (issue code → text) answer the questions of an earlier call. Each file has its own
    outcome: those that can be kept are. A file that the record has already is not taken again.
    Refuses `record_unknown`, `record_deleted`.
    """
    target = records.require_record(workspace, record)
    if target.deleted:
        raise Refusal("record_deleted", where=record)
    kinds = _kinds(kind, (photo.kind for photo in photos_of(workspace, target.id)))
    outcomes: dict[int, Outcome] = {}
    new: dict[str, _New] = {}
    with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as temporary:
        folder = Path(temporary)
        for place, given in enumerate(files):
            progress(place, len(files), N_("photos"))
            name = given.name if isinstance(given, Path) else f"pasted-{place + 1}.png"
            try:
                source = given if isinstance(given, Path) else _pasted(folder / name, given)
                encoded = encoder(source, folder)
            except (Refusal, OSError) as error:
                outcomes[place] = Outcome(name, refusal=_refusal(error, name))
                continue
            found = _record_of(target, encoded)
            if found in new or _is_kept(workspace, found):
                outcomes[place] = Outcome(name, found)
                continue
            entry = _entry(workspace, target, source if source is given else None, encoded)
            entry |= {"kind": next(kinds), **_written(folder, encoded)}
            entry |= {"reasons": dict(reasons)} if reasons else {}
            new[found] = _New(place, name, entry)
        change = _save(workspace, target, new, outcomes, operator)
    return Added(tuple(outcomes[place] for place in range(len(files))), change)


def _kinds(asked: str, present: Iterable[str]) -> Iterator[str]:
    """Yield the kind of each further photo."""
    there = set(present)
    missing = [name for name in USUAL_KINDS if name not in there]
    while True:
        yield asked or (missing.pop(0) if missing else FURTHER_KIND)


def _pasted(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def _refusal(error: Refusal | OSError, name: str) -> Refusal:
    """Return the refusal of one file; what stops the whole work goes on."""
    found = computer_errors.refusal_of(error)
    if found is None or found.code == "cancelled":
        raise error
    return found if found.where else Refusal(found.code, name, **_params(found))


def _params(refusal: Refusal) -> dict[str, object]:
    return {key: value for key, value in refusal.params.items() if key != "where"}


def _ref(target: StoredRecord, encoded: Encoded) -> str:
    return f"{target.id} {b64(encoded.original)}"


def _record_of(target: StoredRecord, encoded: Encoded) -> str:
    """Return the id that this picture has at this record, whenever it is added."""
    return b64(capture_id(target.unit, SOURCE, "evidence", _ref(target, encoded)))


def _is_kept(workspace: Workspace, record: str) -> bool:
    stored = find_record(workspace.database, record, "evidence")
    return stored is not None and not stored.deleted


def _entry(
    workspace: Workspace, target: StoredRecord, source: Path | None, encoded: Encoded
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "ref": _ref(target, encoded),
        "target": target.id,
        "original": b64(encoded.original),
        "dhash": encoded.dhash,
    }
    if source is not None:
        zone = workspace.clock.now().tzinfo
        taken = datetime.fromtimestamp(source.stat().st_mtime, tz=zone)
        entry |= {"taken": taken.isoformat(timespec="minutes"), "taken_from": "file"}
    return entry


def _written(folder: Path, encoded: Encoded) -> dict[str, str]:
    """Write both pictures for the capture to keep; return the fields that name them."""
    found = {}
    for name, raw in (("file", encoded.photo), ("thumb", encoded.thumb)):
        path = folder / f"{encoded.original.hex()}-{name}.jpg"
        path.write_bytes(raw)
        found[name] = str(path)
    return found


def _save(
    workspace: Workspace,
    target: StoredRecord,
    new: Mapping[str, _New],
    outcomes: dict[int, Outcome],
    operator: str,
) -> ChangeSet:
    """Write what can be saved; fill in the outcomes."""
    if not new:
        return ChangeSet()
    document = {
        "v": 1,
        "source": SOURCE,
        "unit": target.unit,
        "photos": [item.entry for item in new.values()],
    }
    result = capture(workspace, document, operator=operator, keep_good=True)
    for record, item in new.items():
        issues = tuple(found for found in result.issues if found.record == record)
        outcomes[item.place] = Outcome(item.name, record, issues)
    return result.change


def photos_of(workspace: Workspace, record: str) -> list[Photo]:
    """Return the photos of a record: the usual kinds in their order, then the others; by time."""
    found = children_of(workspace.database, record, "evidence", "target")
    return sorted((_photo(workspace, stored) for stored in found), key=_place)


def _place(photo: Photo) -> tuple[int, str, str, str]:
    usual = photo.kind in USUAL_KINDS
    rank = USUAL_KINDS.index(photo.kind) if usual else len(USUAL_KINDS)
    return rank, photo.kind, photo.taken, photo.record


def _photo(workspace: Workspace, stored: StoredRecord) -> Photo:
    entry = entry_of(KINDS["evidence"], stored.doc, workspace.vault)
    return Photo(
        record=stored.id,
        kind=str(entry.get("kind", "")),
        path=_kept(workspace, entry.get("file")),
        thumb_path=_kept(workspace, entry.get("thumb")),
        taken=str(entry.get("taken", "")),
        taken_from=str(entry.get("taken_from", "")),
        note=str(entry.get("note", "")),
        publishable=bool(entry.get("publishable")),
    )


def _kept(workspace: Workspace, digest: object) -> Path | None:
    if not isinstance(digest, str):
        return None
    path = media.path_of(workspace, unb64(digest))
    return path if path.is_file() else None


def remove_photo(
    workspace: Workspace, record: str, *, why: str, operator: str = ""
) -> CaptureResult:
    """Delete a photo's record; the file stays, undo brings it back.

    Refuses `received_not_deletable` once a unit above has acknowledged it, `reason_missing`.
    """
    stored = records.require_record(workspace, record)
    if stored.kind != "evidence":
        raise Refusal("record_unknown", where=record)
    return records.delete(workspace, stored, why=why, operator=operator)
