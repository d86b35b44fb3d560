"""Backups: one verified file with everything, and the way back from it."""

import io
import shutil
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.founding import renew_incarnation
from learnsite_desktop.services.media import digest_of
from learnsite_desktop.services.workspace import (
    DATABASE_NAME,
    KEYS_NAME,
    Keys,
    Workspace,
    refuse_bad_medium,
)
from learnsite_desktop.store.checks import integrity
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.migrations import require_ours

SUFFIX: Final = ".lsk"
MEDIA: Final = "media"


def backup(workspace: Workspace, folder: Path) -> dict[str, Any]:
    """Write a backup file into `folder`: database, key file and evidence, read back and checked.

    The file holds the keys of this computer: keep it as safe as the computer. Refuses
    `backup_unverified` if the copy does not read back; nothing is left then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{workspace.unit}-{workspace.clock.now():%Y%m%d-%H%M%S}"
    path, count = folder / f"{name}{SUFFIX}", 1
    while path.exists():
        count += 1
        path = folder / f"{name}-{count}{SUFFIX}"
    part = path.with_name(f"{path.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=workspace.folder) as temporary:
            copy = Path(temporary) / DATABASE_NAME
            workspace.database.backup_to(copy)
            with tarfile.open(part, "w") as archive:
                archive.add(copy, DATABASE_NAME, filter=_unnamed)
                archive.add(workspace.folder / KEYS_NAME, KEYS_NAME, filter=_unnamed)
                for file in sorted((workspace.folder / MEDIA).rglob("*")):
                    if file.is_file() and file.suffix != ".part":
                        archive.add(file, f"{MEDIA}/{file.name}", filter=_unnamed)
        operations = _verify(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return {"path": str(path), "bytes": path.stat().st_size, "operations": operations}


def _unnamed(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return an archive member that says nothing of whose computer it comes from."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _verify(path: Path) -> int:
    """Read a backup back; returns how many operations it holds."""
    with tempfile.TemporaryDirectory(dir=path.parent) as temporary:
        _unpack(path, Path(temporary))
        database = Database(Path(temporary) / DATABASE_NAME)
        try:
            if integrity(database, deep=True):
                raise Refusal("backup_unverified", where=str(path))
            return database.count("op")
        finally:
            database.close()


def _require_sound(folder: Path, path: Path) -> None:
    """Refuse an unpacked backup that would not open; one of a newer version says so."""
    Keys.load(folder)
    try:
        with closing(Database(folder / DATABASE_NAME)) as database:
            require_ours(database)
            sound = not integrity(database, deep=True)
    except Refusal as refusal:
        if refusal.code == "database_newer":
            raise
        raise Refusal("backup_unreadable", where=str(path)) from refusal
    if not sound:
        raise Refusal("backup_unreadable", where=str(path))


def _unpack(path: Path, folder: Path) -> None:
    """Unpack the members a backup has, and no others; names from it reach the disk only so."""
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                target = _target(folder, member)
                source = archive.extractfile(member) if target else None
                if target is None or source is None:
                    raise Refusal("backup_unreadable", where=str(path))
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as file:
                    shutil.copyfileobj(source, file, io.DEFAULT_BUFFER_SIZE)
                if member.name.startswith(MEDIA) and digest_of(target)[0].hex() != target.name:
                    raise Refusal("backup_unreadable", where=str(path))
    except (tarfile.TarError, EOFError) as error:
        raise Refusal("backup_unreadable", where=str(path)) from error
    if not (folder / DATABASE_NAME).is_file() or not (folder / KEYS_NAME).is_file():
        raise Refusal("backup_unreadable", where=str(path))


def _target(folder: Path, member: tarfile.TarInfo) -> Path | None:
    if not member.isreg():
        return None
    if member.name in (DATABASE_NAME, KEYS_NAME):
        return folder / member.name
    top, _slash, name = member.name.partition("/")
    if top == MEDIA and len(name) == 64 and set(name) <= set("0123456789abcdef"):
        return folder / MEDIA / name[:2] / name
    return None


def restore(folder: Path, path: Path, clock: Clock) -> dict[str, Any]:
    """Make a workspace of a backup, under a new incarnation of its device.

    The computer the backup came from may live on: what either writes from now on stands beside the
    other's. Refuses `workspace_exists`, `backup_unreadable`, `file_missing`.
    """
    if (folder / DATABASE_NAME).exists():
        raise Refusal("workspace_exists", where=str(folder))
    if not path.is_file():
        raise Refusal("file_missing", where=str(path))
    refuse_bad_medium(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        unpacked = Path(temporary)
        _unpack(path, unpacked)
        _require_sound(unpacked, path)
        if (unpacked / MEDIA).is_dir():
            (unpacked / MEDIA).replace(folder / MEDIA)
        (unpacked / KEYS_NAME).replace(folder / KEYS_NAME)
        (unpacked / DATABASE_NAME).replace(folder / DATABASE_NAME)
    with Workspace(folder, clock, write=True) as workspace:
        with workspace.database.transaction():
            inc = renew_incarnation(workspace)
        return {
            "unit": workspace.unit,
            "tier": workspace.tier,
            "database_id": workspace.database_id,
            "inc": inc,
            "operations": workspace.database.count("op"),
        }
