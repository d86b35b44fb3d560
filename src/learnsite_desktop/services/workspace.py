"""A workspace: one unit's data folder on one computer, opened for reading or for writing."""

import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.certificates import (
    IncarnationCertificate,
    make_incarnation,
    parse_incarnation,
)
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.platform.drives import Medium, medium_of_folder
from learnsite_desktop.platform.durable import put_in_place
from learnsite_desktop.platform.lock import LockBusy, WriterLock
from learnsite_desktop.services.runs import Marker, settle_quietly
from learnsite_desktop.services.telling import tell
from learnsite_desktop.services.vault import KEY_BYTES, Vault
from learnsite_desktop.store import settings, trust
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.migrations import SCHEMA, migrate, require_ours, schema_version
from learnsite_desktop.store.projection import ensure_tables, has_tables
from learnsite_desktop.store.rebuild import rebuild

DATABASE_NAME: Final = "learnsite.db"
KEYS_NAME: Final = "keys.json"
MEDIA: Final = "media"
MAKING: Final = "making"
"""Where a new workspace is finished in the data folder before it is put in its place."""
SCRATCH: Final = "tmp"
"""Where files lie meanwhile, keys and photos among them; what a crash leaves, the next writer
removes."""
MOVED: Final = "moved_at"
Tokens = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets of a workspace: device keys, the key of sealed values, a founder's root keys."""

    device: DeviceKeys
    workspace: bytes
    root: DeviceKeys | None = None

    def store(self, folder: Path) -> None:
        """Write the key file, readable by its owner only."""
        body = {"device": self.device.to_dict(), "workspace": b64(self.workspace)}
        if self.root is not None:
            body["root"] = self.root.to_dict()
        part = folder / f"{KEYS_NAME}.part"
        with part.open("w", encoding="utf-8") as file:
            part.chmod(0o600)
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(part, folder / KEYS_NAME)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the key file; Refusal `keys_missing` if it is gone or unreadable."""
        try:
            body = json.loads((folder / KEYS_NAME).read_text(encoding="utf-8"))
            root = DeviceKeys.from_dict(body["root"]) if "root" in body else None
            return cls(DeviceKeys.from_dict(body["device"]), unb64(body["workspace"]), root)
        except (OSError, ValueError, KeyError) as error:
            raise Refusal("keys_missing", where=str(folder / KEYS_NAME)) from error

    @classmethod
    def mint(cls, tokens: Tokens, *, founder: bool) -> Self:
        """Return new keys; a founder's include the root of trust."""
        root = DeviceKeys.mint(tokens) if founder else None
        return cls(DeviceKeys.mint(tokens), tokens(KEY_BYTES), root)


class Workspace:
    """An open workspace. Use it as a context manager; `write` takes the one writer's lock."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        write: bool,
        tokens: Tokens = secrets.token_bytes,
        even_moved: bool = False,
    ) -> None:
        """Open the workspace in `folder`.

        One that was moved to another computer is opened for writing only with `even_moved`.
        Refuses `workspace_missing`, `database_gone`, `workspace_busy`, `workspace_moved`,
        `keys_missing`, and what the database does.
        """
        if not (folder / DATABASE_NAME).is_file():
            raise without_database(folder)
        self.folder = folder
        self.clock = clock
        self.tokens = tokens
        self._lock = WriterLock(folder)
        if write:
            refuse_bad_medium(folder)
            self._take_lock()
            shutil.rmtree(folder / SCRATCH, ignore_errors=True)
        try:
            self.keys = Keys.load(folder)
            self.database = self._prepared(even_moved=even_moved) if write else self._readable()
        except BaseException:
            self._lock.release()
            raise
        try:
            self._begin(write=write)
        except BaseException:
            self.database.close()
            self._lock.release()
            raise

    def _begin(self, *, write: bool) -> None:
        """Read what this workspace is, and find out whether somebody copied it here."""
        self.idents = Idents(self.database)
        self.vault = Vault(self.database, self.keys.workspace, self.tokens)
        self.unit = settings.read(self.database, "unit")
        self.acting = self.unit
        """The unit for which one enters here: the own one, or another (see `entering`)."""
        self.tier = settings.read(self.database, "tier")
        self.root = unb64(settings.read(self.database, "root"))
        self.database_id = settings.read(self.database, "database_id")
        self._marker = Marker(self.folder, self.database) if write else None
        if self._marker is not None and self._marker.copied:
            self._go_on_as_copy(self._marker)

    def _go_on_as_copy(self, marker: Marker) -> None:
        """Begin a new incarnation: this database was put back, or copied, by hand."""
        with self.database.transaction():
            marker.begin_anew()
            if self.inc:
                self.renew_incarnation()
        marker.settle()
        tell("database_copied", where=str(self.folder), count=marker.lost)

    def note_writing(self) -> None:
        """Say, inside its transaction, that something is written that others will build on."""
        if self._marker is not None:
            self._marker.renew()

    def _take_lock(self) -> None:
        try:
            self._lock.acquire()
        except LockBusy as error:
            raise Refusal("workspace_busy", where=str(self.folder)) from error

    def _prepared(self, *, even_moved: bool) -> Database:
        """Return the database open for writing, brought up to date."""
        database = Database(self.folder / DATABASE_NAME)
        try:
            copy = bring_up_to_date(database, self.folder)
            if copy is not None:
                tell("database_converted", where=str(self.folder), backup=str(copy))
            if not even_moved:
                _refuse_moved(database, self.folder)
        except BaseException:
            database.close()
            raise
        return database

    def _readable(self) -> Database:
        """Return the database open for reading.

        One of an older version is brought up to date first, which takes the writer's lock.
        """
        database = Database(self.folder / DATABASE_NAME, readonly=True)
        try:
            require_ours(database)
            current = schema_version(database) == SCHEMA and has_tables(database)
        except BaseException:
            database.close()
            raise
        if current:
            return database
        database.close()
        Workspace(self.folder, self.clock, write=True).close()
        return Database(self.folder / DATABASE_NAME, readonly=True)

    @property
    def incarnation(self) -> IncarnationCertificate:
        """This computer's current incarnation certificate."""
        inc = unb64(settings.read(self.database, "incarnation"))
        return parse_incarnation(trust.incarnation(self.database, inc) or b"")

    @property
    def inc(self) -> str:
        """The current incarnation's id as text."""
        return settings.read(self.database, "incarnation")

    def begin_incarnation(self, of: bytes | None = None) -> IncarnationCertificate:
        """Make the incarnation under which this computer writes from now on.

        `of` is the former one. Inside the caller's transaction.
        """
        certificate = make_incarnation(
            self.keys.device,
            unit=self.unit,
            tier=self.tier,
            at=self.now(),
            of=of,
            token_bytes=self.tokens,
        )
        trust.add_incarnation(
            self.database,
            self.idents,
            inc=certificate.inc,
            device=certificate.ed,
            unit=certificate.unit,
            body=certificate.raw,
            own=True,
        )
        settings.write(self.database, "incarnation", b64(certificate.inc))
        return certificate

    def renew_incarnation(self) -> str:
        """Begin a new incarnation of this device, after a restore or when a clone shows itself.

        Signed by the device's own key, it needs no round trip. Returns its id.
        """
        return b64(self.begin_incarnation(of=unb64(self.inc)).inc)

    def now(self) -> str:
        """Return the present moment as operations carry it: RFC 3339 with offset, seconds."""
        return self.clock.now().isoformat(timespec="seconds")

    def subfolder(self, name: str) -> Path:
        """Return a folder of the workspace, made if missing."""
        found = self.folder / name
        found.mkdir(exist_ok=True)
        return found

    def close(self) -> None:
        """Close the database and give the lock back."""
        settle_quietly(self._marker)
        self.database.close()
        self._lock.release()

    def __enter__(self) -> Self:
        """Return the open workspace."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def bring_up_to_date(database: Database, folder: Path) -> Path | None:
    """Bring the database of a data folder into the form of this program.

    Returns the copy made before, None where nothing was to be converted. Refuses what
    `require_ours` and `migrate` do.
    """
    require_ours(database)
    copy = migrate(database, folder / "backups", _project)
    _project(database)
    return copy


def _project(database: Database) -> None:
    """Make the tables of the projection anew where they are not those of this program.

    Both or neither: empty tables of the right shape would pass for an empty unit.
    """
    if not has_tables(database):
        with database.transaction():
            ensure_tables(database)
            rebuild(database)


def is_gone(folder: Path) -> bool:
    """Whether a data folder has keys, and no database to go with them.

    What a crash left of a workspace that was being founded is none that went: its database stands
    where it was made.
    """
    there = (folder / DATABASE_NAME).exists() or (folder / MAKING / DATABASE_NAME).exists()
    return not there and (folder / KEYS_NAME).exists()


def without_database(folder: Path) -> Refusal:
    """Return why nothing can be opened in a folder without a database, and the way back."""
    if not is_gone(folder):
        return Refusal("workspace_missing", where=str(folder))
    # The stamps in their names are of one width: the last is the newest.
    newest = max((folder / "backups").glob("auto-*.lsk"), key=lambda path: path.name, default=None)
    if newest is None:
        return Refusal("database_gone_unsaved", where=str(folder))
    return Refusal("database_gone", where=str(folder), backup=str(newest))


def _refuse_moved(database: Database, folder: Path) -> None:
    moved = settings.read(database, MOVED)
    if moved:
        raise Refusal("workspace_moved", where=str(folder), at=moved[:10])


def refuse_bad_medium(folder: Path) -> None:
    """Refuse a data folder on a removable drive or a network share."""
    medium = medium_of_folder(folder)
    if medium is Medium.REMOVABLE:
        raise Refusal("data_folder_removable", where=str(folder))
    if medium is Medium.NETWORK:
        raise Refusal("data_folder_network", where=str(folder))
