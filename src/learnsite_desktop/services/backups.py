"""Backups: verified files with everything, and automatic ones that thin themselves out."""

import re
import tarfile
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.days import in_zone
from learnsite_desktop.domain.keeping import kept
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.durable import make_folder, put_in_place, settle_file
from learnsite_desktop.services.restoring import unpack
from learnsite_desktop.services.workspace import (
    DATABASE_NAME,
    KEYS_NAME,
    MEDIA,
    SCRATCH,
    Workspace,
)
from learnsite_desktop.store import settings
from learnsite_desktop.store.checks import integrity
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.overview import mark_of

SUFFIX: Final = ".lsk"
FOLDER: Final = "backups"
CARRIED: Final = "backup_carried_at"
EVERY: Final = timedelta(minutes=30)
OVERDUE: Final = timedelta(days=7)
MOST_BYTES: Final = 4 * 1024 * 1024 * 1024
"""What all automatic backups together may take; the newest three are kept whatever they take."""
ALWAYS_KEPT: Final = 3
USUAL: Final = frozenset({"start", "exit", "receive", "import"})
RISKY: Final = frozenset({"restore", "rollback", "move", "update"})

_MARK: Final = "learnsite.mark"
_AUTOMATIC: Final = re.compile(r"auto-(\d{8}-\d{6}Z)(-\d+)?\.lsk", re.ASCII)
_STAMP: Final = "%Y%m%d-%H%M%S"
_UTC_STAMP: Final = "%Y%m%d-%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file and when it was made; `operations` is 0 where it was not read."""

    path: Path
    at: datetime
    operations: int = 0


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the last automatic backup was made, and when one was last written elsewhere.

    An automatic one lies on the same disk as the data: it helps against mistakes, not against a
    broken computer. So only one written to another folder keeps from being overdue.
    """

    automatic: datetime | None
    carried: datetime | None

    @property
    def moment(self) -> datetime | None:
        """The later of the two, None if there was none."""
        return max((found for found in (self.automatic, self.carried) if found), default=None)

    def overdue(self, now: datetime) -> bool:
        """Whether none was written elsewhere within seven days."""
        return self.carried is None or now - self.carried > OVERDUE


def backup(workspace: Workspace, folder: Path) -> dict[str, Any]:
    """Write a backup file into `folder`: database, key file and evidence, read back and checked.

    The file holds the keys of this computer: keep it as safe as the computer. Refuses
    `backup_unverified` if the copy does not read back; nothing is left then.
    """
    now = workspace.clock.now()
    path = _free_path(folder, f"{workspace.unit}-{now:{_STAMP}}")
    operations = _write(workspace, path, media=True, deep=True)
    if not _is_inside(workspace, folder):
        _note_carried(workspace)
    return {"path": str(path), "bytes": path.stat().st_size, "operations": operations}


def _note_carried(workspace: Workspace) -> None:
    """Note when a backup was carried elsewhere; a full disk may be why it was made."""
    try:
        with workspace.database.transaction():
            settings.write(workspace.database, CARRIED, workspace.now())
    except Refusal as refusal:
        if refusal.code != "disk_full":
            raise


def automatic(workspace: Workspace, *, reason: str) -> Backup | None:
    """Write an automatic backup of database and keys; None where none is needed.

    `reason` "start", "exit", "receive", "import": none within half an hour of the last, nor while
    nothing has changed since. Those of `RISKY`: always. Evidence files are not in it:
    they are never changed or removed from the data folder, and stay beside it. Older automatic
    backups are thinned out; others are never touched.
    """
    if reason not in USUAL | RISKY:
        raise ValueError(reason)
    now = workspace.clock.now()
    former = automatic_backups(workspace.folder)
    if reason in USUAL and former:
        recent = timedelta(0) <= now - former[0].at < EVERY
        if recent or _mark_in(former[0].path) == mark_of(workspace.database):
            return None
    path = _free_path(workspace.folder / FOLDER, f"auto-{in_zone(now):{_UTC_STAMP}}")
    operations = _write(workspace, path, media=False, deep=False)
    thin_out(workspace.folder, now)
    return Backup(path, now, operations)


def automatic_backups(folder: Path) -> list[Backup]:
    """Return the automatic backups of a data folder, the newest first."""
    found = []
    for path in (folder / FOLDER).glob(f"auto-*{SUFFIX}"):
        named = _AUTOMATIC.fullmatch(path.name)
        if named:
            moment = datetime.strptime(named[1], _UTC_STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, moment))
    return sorted(found, key=lambda item: (item.at, item.path.name), reverse=True)


def thin_out(folder: Path, now: datetime) -> None:
    """Delete the automatic backups that are not to be kept, and more if they take too much room.

    Days, weeks and months are those of the time zone of `now`. Unfinished ones go too: there is
    one writer, and it has finished.
    """
    for part in (folder / FOLDER).glob(f"auto-*{SUFFIX}.part"):
        part.unlink()
    found = automatic_backups(folder)
    wanted = kept(in_zone(item.at, now.tzinfo) for item in found)
    taken = 0
    for place, item in enumerate(found):
        taken += item.path.stat().st_size
        if place >= ALWAYS_KEPT and (item.at not in wanted or taken > MOST_BYTES):
            item.path.unlink()


def last_backup(workspace: Workspace) -> LastBackup:
    """Return when backups were last made; looks at file names and one setting."""
    former = automatic_backups(workspace.folder)
    carried = settings.read(workspace.database, CARRIED)
    return LastBackup(
        automatic=former[0].at if former else None,
        carried=datetime.fromisoformat(carried) if carried else None,
    )


def _is_inside(workspace: Workspace, folder: Path) -> bool:
    return folder.resolve().is_relative_to(workspace.folder.resolve())


def _free_path(folder: Path, stem: str) -> Path:
    make_folder(folder)
    path, count = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{SUFFIX}"
    return path


def _write(workspace: Workspace, path: Path, *, media: bool, deep: bool) -> int:
    """Write a backup file, read it back, give it its name; returns the operations in it."""
    part = path.with_name(f"{path.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as temporary:
            copy = Path(temporary) / DATABASE_NAME
            workspace.database.backup_to(copy)
            mark = {_MARK: mark_of(workspace.database)}
            with tarfile.open(part, "w", format=tarfile.PAX_FORMAT, pax_headers=mark) as archive:
                archive.add(copy, DATABASE_NAME, filter=_unnamed)
                archive.add(workspace.folder / KEYS_NAME, KEYS_NAME, filter=_unnamed)
                for file in _evidence(workspace.folder) if media else ():
                    archive.add(file, f"{MEDIA}/{file.name}", filter=_unnamed)
        settle_file(part)
        # Elsewhere read back there: the disk of the data may be full, the reason for this backup.
        inside = _is_inside(workspace, path.parent)
        room = workspace.subfolder(SCRATCH) if inside else path.parent
        with tempfile.TemporaryDirectory(dir=room) as temporary:
            operations = _verify(part, Path(temporary), deep=deep)
        put_in_place(part, path)
    except BaseException as error:
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)
        with suppress(OSError):  # the stick may have been pulled out
            part.unlink(missing_ok=True)
        raise
    return operations


def _evidence(folder: Path) -> list[Path]:
    return [
        file
        for file in sorted((folder / MEDIA).rglob("*"))
        if file.is_file() and file.suffix != ".part"
    ]


def _unnamed(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return an archive member that says nothing of whose computer it comes from."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _verify(path: Path, folder: Path, *, deep: bool) -> int:
    """Read a backup back into an empty folder; returns how many operations it holds."""
    unpack(path, folder)
    with closing(Database(folder / DATABASE_NAME, immutable=True)) as database:
        if integrity(database, deep):
            raise Refusal("backup_unverified", where=str(path))
        return database.count("op")


def _mark_in(path: Path) -> str:
    """Return the mark a backup was written with; "" where it cannot be read."""
    try:
        with tarfile.open(path, "r:") as archive:
            return archive.pax_headers.get(_MARK, "")
    except (OSError, tarfile.TarError):
        return ""
