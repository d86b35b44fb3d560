"""The way back from a backup: look into it first, then make a workspace of it."""

import shutil
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.durable import (
    make_folder,
    named,
    put_in_place,
    settle_file,
    settle_folder,
    settle_names,
)
from learnsite_desktop.platform.lock import LOCK_NAME, LockBusy, WriterLock
from learnsite_desktop.services.media import digest_of
from learnsite_desktop.services.runs import RUN_NAME, accept_copy
from learnsite_desktop.services.workspace import (
    DATABASE_NAME,
    KEYS_NAME,
    MEDIA,
    Keys,
    Workspace,
    bring_up_to_date,
    refuse_bad_medium,
)
from learnsite_desktop.store import settings, trust
from learnsite_desktop.store.checks import integrity
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.migrations import holds_tables, require_ours
from learnsite_desktop.store.overview import overview

UNPACKED: Final = "restoring"
"""Where a backup is unpacked in the data folder; what a crash leaves there the next one removes."""

_NOT_ITS_FAULT: Final = frozenset(
    {
        *("database_newer", "database_unopenable", "place_too_long"),
        *("disk_full", "disk_error", "disk_readonly"),
    }
)
"""Refusals that say nothing against a backup: of its version, or of the disk it is unpacked on."""
_DATABASE_HEAD: Final = b"SQLite format 3\0"
_PIECE: Final = 1024 * 1024
_SET_ASIDE: Final = (DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", KEYS_NAME)


@dataclass(frozen=True, slots=True)
class Look:
    """What a backup holds: see `Overview`; `media` counts its evidence files.

    `missing` is how many live records of a kind the present workspace has more than the backup,
    and under "operations" how many operations.
    """

    unit: str
    unit_name: str
    tier: str
    operations: int
    last_change: str
    counts: dict[str, int]
    media: int
    missing: dict[str, int]


def look_into(path: Path, present: Workspace | None = None) -> Look:
    """Open a copy of a backup's database and say what is in it; nothing is changed.

    With `present`, an open workspace, also say what it has more. A copy of the database alone is
    looked into as well. Refuses `file_missing`, `backup_unreadable`, `database_newer`.
    """
    _require_file(path)
    with tempfile.TemporaryDirectory() as temporary:
        if is_database(path):
            _copy_database(path, Path(temporary))
            media = 0
        else:
            media = unpack(path, Path(temporary), only=(DATABASE_NAME,))
        with closing(_sound_database(Path(temporary), path)) as database:
            found = overview(database)
    missing = {}
    if present is not None:
        now = overview(present.database)
        more = {
            "operations": now.operations - found.operations,
            **{kind: count - found.counts.get(kind, 0) for kind, count in now.counts.items()},
        }
        missing = {name: count for name, count in more.items() if count > 0}
    return Look(
        unit=found.unit,
        unit_name=found.unit_name,
        tier=found.tier,
        operations=found.operations,
        last_change=found.last_change,
        counts=found.counts,
        media=media,
        missing=missing,
    )


def restore(folder: Path, path: Path, clock: Clock, *, replace: bool = False) -> dict[str, Any]:
    """Make a workspace of a backup, under a new incarnation of its device.

    Of a copy of the database alone too, such as the one made before a conversion: with the keys
    that are in `folder`, which must be those it was written with (`keys_missing`, `keys_other`).

    The computer the backup came from may live on: what either writes from now on stands beside the
    other's. With `replace` a workspace that is there, and closed, is set aside first, whole, below
    `backups`; its evidence files stay. A crash in the middle leaves nothing that a second call
    does not put right. Refuses `workspace_exists`, `workspace_busy`, `backup_unreadable`,
    `backup_other_unit`, `file_missing`.
    """
    if (folder / DATABASE_NAME).exists() and not replace:
        raise Refusal("workspace_exists", where=str(folder))
    _require_file(path)
    refuse_bad_medium(folder)
    make_folder(folder)
    lock = WriterLock(folder)
    try:
        lock.acquire()
    except LockBusy as error:
        raise Refusal("workspace_busy", where=str(folder)) from error
    unpacked = folder / UNPACKED
    try:
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir()
        return _restored(folder, path, clock, unpacked)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
        lock.release()
        if not (folder / DATABASE_NAME).exists():
            (folder / LOCK_NAME).unlink(missing_ok=True)


def _restored(folder: Path, path: Path, clock: Clock, unpacked: Path) -> dict[str, Any]:
    """Finish the new workspace beside the old one, then put it in its place; the database last."""
    alone = is_database(path)
    if alone:
        _copy_database(path, unpacked)
        Keys.load(folder).store(unpacked)
    else:
        unpack(path, unpacked)
    keys = Keys.load(unpacked)
    with closing(_sound_database(unpacked, path)) as database:
        _require_same_unit(folder, overview(database).unit, path)
        if alone and not _is_written_with(database, keys):
            raise Refusal("keys_other", where=str(folder / KEYS_NAME), backup=str(path))
        accept_copy(unpacked, database)
        bring_up_to_date(database, unpacked)
    with Workspace(unpacked, clock, write=True) as workspace:
        with workspace.database.transaction():
            inc = workspace.renew_incarnation()
        answer = {
            "unit": workspace.unit,
            "tier": workspace.tier,
            "database_id": workspace.database_id,
            "inc": inc,
            "operations": workspace.database.count("op"),
        }
        workspace.database.close_to_one_file()
    moved = []
    for file in _files(unpacked / MEDIA):
        target = folder / file.relative_to(unpacked)
        make_folder(target.parent)
        settle_file(file)
        file.replace(target)
        moved.append(target)
    settle_names(moved)
    aside = _set_aside(folder, clock)
    (folder / RUN_NAME).unlink(missing_ok=True)
    for name in (KEYS_NAME, DATABASE_NAME):
        settle_file(unpacked / name)
        put_in_place(unpacked / name, folder / name)
    return {**answer, "set_aside": str(aside) if aside else None}


def is_database(path: Path) -> bool:
    """Whether a file is a copy of a database alone, without keys and evidence."""
    with named(path), path.open("rb") as file:
        return file.read(len(_DATABASE_HEAD)) == _DATABASE_HEAD


def _copy_database(path: Path, folder: Path) -> None:
    """Copy a database, with the log that may still stand beside it."""
    for tail in ("", "-wal"):
        source = path.with_name(f"{path.name}{tail}")
        if source.is_file():
            with named(folder / DATABASE_NAME):
                shutil.copyfile(source, folder / f"{DATABASE_NAME}{tail}")


def _is_written_with(database: Database, keys: Keys) -> bool:
    inc = settings.read(database, "incarnation")
    return bool(inc) and trust.device_of_incarnation(database, unb64(inc)) == keys.device.public


def _require_same_unit(folder: Path, unit: str, path: Path) -> None:
    """Refuse to put another unit's records in the place of those that are there."""
    if not (folder / DATABASE_NAME).exists():
        return
    try:
        with closing(Database(folder / DATABASE_NAME, readonly=True)) as database:
            if not holds_tables(database):
                return
            present = overview(database).unit
    except Refusal:
        return  # too damaged to say whose it is: the usual reason to restore
    if present and present != unit:
        raise Refusal("backup_other_unit", where=str(path), unit=unit)


def _set_aside(folder: Path, clock: Clock) -> Path | None:
    """Move database and keys that are there away; return where they are now."""
    with suppress(Refusal):
        if (folder / DATABASE_NAME).exists():
            Database(folder / DATABASE_NAME).close_to_one_file()
    # Without a database the others are what a crash has left; a foreign -wal would spoil the new.
    present = [folder / name for name in _SET_ASIDE if (folder / name).exists()]
    if not present:
        return None
    stem = f"replaced-{clock.now():%Y%m%d-%H%M%S}"
    aside, count = folder / "backups" / stem, 1
    while aside.exists():
        count += 1
        aside = folder / "backups" / f"{stem}-{count}"
    make_folder(aside)
    for file in present:
        file.replace(aside / file.name)
    settle_folder(aside)
    return aside


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise Refusal("file_missing", where=str(path))


def _sound_database(folder: Path, path: Path) -> Database:
    """Return the unpacked database, open; one that is damaged is refused, a newer one says so."""
    try:
        database = Database(folder / DATABASE_NAME)
        try:
            require_ours(database)
            if not integrity(database, deep=True):
                return database
        except BaseException:
            database.close()
            raise
        database.close()
    except Refusal as refusal:
        if refusal.code in _NOT_ITS_FAULT:
            raise
        raise Refusal("backup_unreadable", where=str(path)) from refusal
    raise Refusal("backup_unreadable", where=str(path))


def unpack(path: Path, folder: Path, *, only: Iterable[str] = ()) -> int:
    """Unpack the members a backup has, and no others; names from it reach the disk only so.

    `only` names the ones that are wanted, all if empty. Returns how many evidence files there are.
    Refuses `backup_unreadable`.
    """
    wanted = set(only)
    media = 0
    try:
        with named(path), tarfile.open(path, "r:") as archive:
            for member in archive:
                target = _target(folder, member)
                source = archive.extractfile(member) if target else None
                if target is None or source is None:
                    raise Refusal("backup_unreadable", where=str(path))
                media += member.name.startswith(MEDIA)
                if not wanted or member.name in wanted:
                    _unpack_member(member, source, target, path)
    except (tarfile.TarError, EOFError) as error:
        raise Refusal("backup_unreadable", where=str(path)) from error
    for name in (DATABASE_NAME, KEYS_NAME):
        if not (folder / name).is_file() and (not wanted or name in wanted):
            raise Refusal("backup_unreadable", where=str(path))
    return media


def _unpack_member(member: tarfile.TarInfo, source: Any, target: Path, path: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with named(target), target.open("wb") as file:
        while piece := _piece(source, path):
            file.write(piece)
    if target.name == KEYS_NAME:
        target.chmod(0o600)
    if member.name.startswith(MEDIA) and digest_of(target)[0].hex() != target.name:
        raise Refusal("backup_unreadable", where=str(path))


def _piece(source: Any, path: Path) -> bytes:
    with named(path):
        return bytes(source.read(_PIECE))


def _target(folder: Path, member: tarfile.TarInfo) -> Path | None:
    if not member.isreg():
        return None
    if member.name in (DATABASE_NAME, KEYS_NAME):
        return folder / member.name
    top, _slash, name = member.name.partition("/")
    if top == MEDIA and len(name) == 64 and set(name) <= set("0123456789abcdef"):
        return folder / MEDIA / name[:2] / name
    return None


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]
