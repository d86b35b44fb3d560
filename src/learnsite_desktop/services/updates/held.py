"""The newer programs that lie on this computer: for itself, and to be passed on below.

They lie in a folder of their own, outside records and backups, each named by its content, so that
the same file is never taken in twice. Of each kind of package the newest is kept, and those that
some computer must install before it may install the newest.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.releases import Release, number_of
from learnsite_desktop.services.updates.files import (
    SUFFIX,
    UpdateFile,
    read_update,
    require_whole,
)
from learnsite_desktop.services.updates.running import Running, running
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.board import children
from learnsite_desktop.transport.copying import deposit, digest_of, require_room
from learnsite_desktop.transport.disk import Disk

FOLDER: Final = "updates"
_DIGITS: Final = 32
_PASSED_ON: Final = frozenset({"update_same", "update_other_platform", "update_too_far"})
"""Why a file is of no use here that may be of use to a unit below."""


@dataclass(frozen=True, slots=True)
class Held:
    """An update file that lies here; `refusal` says why it is not for this computer."""

    update: UpdateFile
    refusal: Refusal | None = None

    @property
    def release(self) -> Release:
        """What it is."""
        return self.update.release

    @property
    def version(self) -> str:
        """The version that it brings."""
        return self.update.release.version

    @property
    def since(self) -> str:
        """When it was put here by the workspace's clock, an ISO moment in UTC with its offset."""
        at = datetime.fromtimestamp(self.update.path.stat().st_mtime, UTC)
        return at.isoformat(timespec="seconds")

    @property
    def number(self) -> int:
        """The version as a number that grows with it."""
        return number_of(self.version)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a file: it was `new` here, or lay here; `held` with what it is."""

    held: Held
    new: bool


def is_taken(folder: Path, digest: bytes) -> bool:
    """Whether the update file of this SHA-256 lies in a data folder."""
    return _path(folder, digest).is_file()


def _path(folder: Path, digest: bytes) -> Path:
    return folder / FOLDER / f"{digest.hex()[:_DIGITS]}{SUFFIX}"


def held_here(workspace: Workspace, here: Running | None = None) -> list[Held]:
    """Return what lies here, by platform, the newest first; what cannot be read is passed over."""
    here = here or running()
    found = []
    for path in (workspace.folder / FOLDER).glob(f"*{SUFFIX}"):
        try:
            update = read_update(path, here)
        except (Refusal, OSError):
            continue
        found.append(Held(update, why_not_here(update.release, here)))
    return sorted(found, key=lambda one: (one.release.platform, -one.number))


def newest_for_here(workspace: Workspace, here: Running | None = None) -> Held | None:
    """Return the newest program that this computer can go on with, None if there is none."""
    fitting = [one for one in held_here(workspace, here) if one.refusal is None]
    return max(fitting, key=lambda one: one.number, default=None)


def why_not_here(release: Release, here: Running) -> Refusal | None:
    """Return why a release is not for this computer, None if it is.

    `update_older`, `update_same`, `update_schema_older`, `update_other_platform`,
    `update_too_far`.
    """
    said: dict[str, Any] = {
        "where": release.name,
        "version": release.version,
        "running": here.version,
    }
    new, now = number_of(release.version), number_of(here.version)
    if new < now:
        return Refusal("update_older", **said)
    if release.schema < here.schema:
        return Refusal("update_schema_older", **said)
    if new == now:
        return Refusal("update_same", **said)
    if release.platform != here.platform:
        return Refusal("update_other_platform", **said, platform=release.platform)
    if now < number_of(release.follows):
        return Refusal("update_too_far", **said, follows=release.follows)
    return None


def glance_at(
    workspace: Workspace, path: Path, name: str = "", here: Running | None = None
) -> Held:
    """Return what an update file would be here, by its beginning and its size. Raises OSError.

    Refuses what `read_update` does, what `why_not_here` says unless it is of use below, and
    `update_older` where one lies here that takes its place.
    """
    here = here or running()
    update = read_update(path, here, name)
    why = why_not_here(update.release, here)
    if why is not None and not _is_of_use(workspace, why):
        raise why
    for one in held_here(workspace, here):
        if replaces(one.release, update.release):
            raise Refusal(
                "update_older",
                where=name or path.name,
                version=update.release.version,
                running=one.version,
            )
    return Held(update, why)


def _is_of_use(workspace: Workspace, why: Refusal | None) -> bool:
    """Whether a file that is not for here for this reason, if any, is for here or for below."""
    return why is None or (why.code in _PASSED_ON and has_units_below(workspace))


def replaces(one: Release, other: Release) -> bool:
    """Whether every computer that could go on with the `other` can do so with this newer one."""
    return (
        one.platform == other.platform
        and number_of(one.version) > number_of(other.version)
        and number_of(one.follows) <= number_of(other.follows)
    )


def has_units_below(workspace: Workspace) -> bool:
    """Whether there are units to which a file may be passed on."""
    return bool(children(workspace.database, workspace.unit))


def accept(
    workspace: Workspace,
    path: Path,
    name: str = "",
    *,
    dry_run: bool = False,
    here: Running | None = None,
) -> Accepted:
    """Keep an update file here, for this computer or to be passed on; `dry_run` only checks it.

    What it takes the place of goes. Refuses what `glance_at` does, `update_damaged` and what
    copying knows (`disk_full`); then nothing has changed. Raises OSError.
    """
    here = here or running()
    seen = glance_at(workspace, path, name, here)
    require_whole(seen.update, name)
    disk = Disk()
    digest = digest_of(disk, path)
    target = _path(workspace.folder, digest)
    kept = Held(UpdateFile(target, seen.release, seen.update.start), seen.refusal)
    lies = target.is_file() and digest_of(disk, target) == digest
    if dry_run or lies:
        return Accepted(kept, new=not lies)
    former = held_here(workspace, here)
    folder = workspace.subfolder(FOLDER)
    require_room(disk, folder, disk.size(path))
    deposit(disk, disk.read(path), target, digest)
    now = workspace.clock.now().timestamp()
    os.utime(target, (now, now))
    for one in former:
        again = one.release.version == seen.release.version
        same = again and one.release.platform == seen.release.platform
        gone = same or replaces(seen.release, one.release) or not _is_of_use(workspace, one.refusal)
        if gone and one.update.path != target:
            one.update.path.unlink(missing_ok=True)
    clear_installers(folder)
    return Accepted(kept, new=True)


def clear_installers(folder: Path) -> None:
    """Remove the installers that were written out into our own folder for an earlier version.

    What cannot be removed stays: one at work, or a folder into which somebody unpacked one.
    """
    for path in folder.iterdir():
        if path.suffix != SUFFIX:
            with suppress(OSError):
                path.unlink()


def publish_program(
    workspace: Workspace, path: Path, *, dry_run: bool = False, here: Running | None = None
) -> Accepted:
    """Keep an update file so that it goes down with the next files for the units below.

    Refuses `update_nobody_below` for a unit with none, and what `accept` does. Raises OSError.
    """
    if not has_units_below(workspace):
        raise Refusal("update_nobody_below", where=workspace.unit)
    if not path.is_file():
        raise Refusal("file_missing", where=str(path))
    return accept(workspace, path, dry_run=dry_run, here=here)


# -- what is said of it to others ------------------------------------------------------------------

PROGRAM: Final = "program"
"""The count of a receipt that says which version runs at its giver, as a number; with a dot and the
name of a platform, the newest that lies there; with the version behind that, one of several."""


def said_in_receipts(workspace: Workspace, here: Running | None = None) -> dict[str, int]:
    """Return the counts by which receipts say what runs and lies here; none from the source."""
    here = here or running()
    counts = {PROGRAM: number_of(here.version)} if here.platform else {}
    for one in held_here(workspace, here):
        name = f"{PROGRAM}.{one.release.platform}"
        if name in counts:  # the newest comes first
            counts[f"{name}.{one.version}"] = one.number
        else:
            counts[name] = one.number
    return counts
