"""Founding a workspace, writing opening files for lower units, opening a unit from one."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64, unb64
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.certificates import (
    make_request,
    parse_enrolment,
    parse_incarnation,
)
from learnsite_desktop.oplog.documents import parse_document
from learnsite_desktop.oplog.keys import invite_id, mint_invite
from learnsite_desktop.oplog.signed import VERSION, Fields, seal
from learnsite_desktop.platform.durable import make_folder, put_in_place
from learnsite_desktop.services import units
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.documents import publish
from learnsite_desktop.services.enrolment import (
    OPENER,
    enrol,
    fingerprint,
    known_enrolments,
    known_incarnations,
    store_enrolment,
    store_incarnation,
)
from learnsite_desktop.services.opening_check import check_number
from learnsite_desktop.services.regions import regions_for
from learnsite_desktop.services.runs import RUN_NAME
from learnsite_desktop.services.trial.mark import refuse_trial
from learnsite_desktop.services.unit_board import note_given
from learnsite_desktop.services.workspace import (
    DATABASE_NAME,
    KEYS_NAME,
    MAKING,
    Keys,
    Tokens,
    Workspace,
    is_gone,
    refuse_bad_medium,
    without_database,
)
from learnsite_desktop.store import lookups, settings, trust
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.migrations import migrate
from learnsite_desktop.store.projection import ensure_tables

OPENING_SUFFIX: Final = ".lso"
MAX_OPENING_BYTES: Final = 16 * 1024 * 1024


def found(
    folder: Path,
    clock: Clock,
    *,
    tier: str,
    unit: str,
    tree: RegionTree | None = None,
    tokens: Tokens = token_bytes,
) -> dict[str, object]:
    """Found a workspace without a parent: its device gets a root of trust of its own.

    Refuses `workspace_exists`, `database_gone`, `unit_unknown`, `tier_mismatch`, unsuitable media.
    """
    known = tree or regions_for(unit)
    if unit not in known:
        raise Refusal("unit_unknown", where=unit)
    if known.tier(unit) != tier:
        raise Refusal("tier_mismatch", where=unit, tier=known.tier(unit))
    keys = Keys.mint(tokens, founder=True)
    root = keys.root or keys.device
    made = partial(create_workspace, folder, clock, keys, unit=unit, tier=tier, tokens=tokens)
    with whole_or_nothing(folder), made(root=root.public) as new:
        with new.database.transaction():
            units.store_tree(new.database, known)
            certificate = new.begin_incarnation()
            enrol(new, certificate, None)
            publish(new, "regions", [row.as_row() for row in known.rows()])
        return opened(new)


@contextmanager
def whole_or_nothing(folder: Path) -> Iterator[None]:
    """Remove what was made of a new workspace when making it fails or is cancelled.

    A folder that already holds a workspace, or its keys alone, is left as it is.
    """
    _require_free(folder)
    fresh = not folder.exists()
    try:
        yield
    except BaseException:
        for name in (DATABASE_NAME, KEYS_NAME, RUN_NAME):
            for ending in ("", ".part", "-wal", "-shm"):
                (folder / f"{name}{ending}").unlink(missing_ok=True)
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _require_free(folder: Path) -> None:
    """Refuse to make a workspace over another, or over keys whose database is lost."""
    if (folder / DATABASE_NAME).exists():
        raise Refusal("workspace_exists", where=str(folder))
    if is_gone(folder):
        raise without_database(folder)


@contextmanager
def create_workspace(
    folder: Path, clock: Clock, keys: Keys, *, unit: str, tier: str, root: bytes, tokens: Tokens
) -> Iterator[Workspace]:
    """Give an empty workspace whose unit, keys and trust root are set, for the block to fill.

    It is put in its place when the block has ended, the database last: a crash leaves a whole
    workspace or none, and what it leaves beside is replaced by the next one.
    """
    _require_free(folder)
    make_folder(folder)
    refuse_bad_medium(folder)
    making = folder / MAKING
    # First the keys that an unfinished one left: alone, they would look like those of a lost one.
    (folder / KEYS_NAME).unlink(missing_ok=True)
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    try:
        keys.store(making)
        database = Database(making / DATABASE_NAME)
        with closing(database):
            migrate(database, making / "backups")
            ensure_tables(database)
            with database.transaction():
                settings.write(database, "unit", unit)
                settings.write(database, "tier", tier)
                settings.write(database, "root", b64(root))
                settings.write(database, "database_id", b64(tokens(RECORD_ID_BYTES)))
        with Workspace(making, clock, write=True, tokens=tokens) as workspace:
            yield workspace
            workspace.database.close_to_one_file()
        for name in (KEYS_NAME, RUN_NAME, DATABASE_NAME):
            if (making / name).exists():
                put_in_place(making / name, folder / name)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def opened(workspace: Workspace) -> dict[str, object]:
    """Return what is told of a workspace just made."""
    return {
        "unit": workspace.unit,
        "tier": workspace.tier,
        "database_id": workspace.database_id,
        "fingerprint": fingerprint(workspace.keys.device.public),
    }


@dataclass(frozen=True, slots=True)
class Given:
    """An opening file that was written, and the check number that its slip shows."""

    unit: str
    path: Path
    check: str


def write_openings(
    workspace: Workspace,
    codes: Sequence[str],
    folder: Path,
    *,
    beside: Callable[[Sequence[Given]], None] | None = None,
    progress: Progress = silent,
) -> list[Given]:
    """Write an opening file for each lower unit: certificates, documents, policy, an invite.

    `beside` is called with the files before they are final: what it raises takes them back, and so
    does cancelling. Refuses `unit_unknown`, and `unit_not_below` for a unit this one does not stand
    above; then no file is written. A trial village opens nothing: `trial_not_real`.
    """
    refuse_trial(workspace)
    if not units.tree_owner(workspace.database):
        raise Refusal("regions_awaited", where=workspace.unit)
    for code in codes:
        units.require_unit(workspace, code)
        below = lookups.is_within(workspace.database, code, workspace.unit)
        # Whoever holds the root of trust may also open further computers of its own unit.
        if not below or (code == workspace.unit and workspace.keys.root is None):
            raise Refusal("unit_not_below", where=code)
    make_folder(folder)
    written: list[Given] = []
    try:
        with workspace.database.transaction():
            workspace.note_writing()
            for done, code in enumerate(codes):
                progress(done, len(codes), N_("writing"))
                secret = mint_invite(workspace.tokens)
                name = invite_id(secret)
                trust.add_invite(workspace.database, name=name, unit=code, secret=secret)
                path = _free_name(folder, code)
                body = _opening_body(workspace, code, secret)
                _write_file(path, seal(body, workspace.keys.device.sign))
                written.append(Given(code, path, check_number(secret)))
                note_given(workspace, code, path.name, written[-1].check)
            if beside is not None:
                beside(written)
    except BaseException:
        # Their invites are not kept: nobody could be let in with them.
        for one in written:
            with suppress(OSError):
                one.path.unlink(missing_ok=True)
        raise
    return written


def _free_name(folder: Path, code: str) -> Path:
    """Return a file name not taken: every opening file holds an invite of its own."""
    path, count = folder / f"{code}{OPENING_SUFFIX}", 1
    while path.exists():
        count += 1
        path = folder / f"{code}-{count}{OPENING_SUFFIX}"
    return path


def _write_file(path: Path, raw: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(part, path)
    except BaseException as error:
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _opening_body(workspace: Workspace, code: str, secret: bytes) -> dict[str, object]:
    database = workspace.database
    # The unit's other computers too: they exchange peer bundles.
    above = lookups.ancestors_of(database, workspace.unit) | {code}
    return {
        "t": "opening",
        "v": VERSION,
        "un": code,
        "tier": lookups.tier_of(database, code),
        "root": b64(workspace.root),
        "by": b64(workspace.keys.device.public),
        "by_unit": workspace.unit,
        "by_tier": workspace.tier,
        "incarnations": [
            c.raw.decode("utf-8") for c in known_incarnations(database) if c.unit in above
        ],
        "enrolments": [
            c.raw.decode("utf-8") for c in known_enrolments(database) if c.unit in above
        ],
        "documents": [body.decode("utf-8") for body in trust.documents(database)],
        "invite": b64(secret),
        "at": workspace.now(),
    }


def open_unit(
    folder: Path, opening: Path, clock: Clock, *, tokens: Tokens = token_bytes
) -> dict[str, object]:
    """Make the workspace of a unit from its opening file; the device's keys are minted here.

    Refuses `opening_unreadable` for a file that is not one, was cut or was altered.
    """
    body = read_opening(opening)
    keys = Keys.mint(tokens, founder=False)
    made = partial(
        create_workspace, folder, clock, keys, unit=body["un"], tier=body["tier"], tokens=tokens
    )
    with whole_or_nothing(folder), made(root=unb64(body["root"])) as new:
        with new.database.transaction():
            documents = [parse_document(raw.encode("utf-8")) for raw in body["documents"]]
            for document in documents:
                if document.kind == "regions":
                    units.store_tree(new.database, RegionTree.of(document.body))
                trust.put_document(
                    new.database,
                    kind=document.kind,
                    scope=document.scope,
                    version=document.version,
                    name=document.hash,
                    body=document.raw,
                )
            for raw in body["incarnations"]:
                store_incarnation(new, parse_incarnation(raw.encode("utf-8")))
            for raw in body["enrolments"]:
                store_enrolment(new, parse_enrolment(raw.encode("utf-8")))
            opener = [body["by"], body["by_unit"], body["by_tier"]]
            settings.write(new.database, OPENER, json.dumps(opener))
            certificate = new.begin_incarnation()
            request = make_request(new.keys.device, certificate, unb64(body["invite"]))
            trust.add_certificate(
                new.database,
                name=request.hash,
                type_="request",
                device=certificate.ed,
                body=request.raw,
            )
        return opened(new)


def read_opening(path: Path) -> dict[str, Any]:
    """Return the checked content of an opening file; refuses `opening_unreadable`."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_OPENING_BYTES + 1)
        fields = Fields(raw, "opening", MAX_OPENING_BYTES)
        fields.require_signature(fields.blob("by", 32))
        body = dict(fields.values)
        RegionTree.of(
            next(
                json.loads(raw)["body"]
                for raw in body["documents"]
                if json.loads(raw)["kind"] == "regions"
            )
        ).require(body["un"])
    except OSError as error:
        error.filename = error.filename or str(path)
        raise refusal_of(error) or Refusal("opening_unreadable", where=str(path)) from error
    except (ValueError, KeyError, TypeError, StopIteration, Refusal) as error:
        raise Refusal("opening_unreadable", where=str(path)) from error
    return body
