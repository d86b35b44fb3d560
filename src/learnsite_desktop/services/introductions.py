"""Introduction files: certificates alone, in the open, for whoever no bundle can be sealed for yet.

A recovered computer of the topmost unit makes itself known by one to the units below, and a revoked
computer learns by one that it is. What is in it proves itself; nothing in it is secret.
"""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.certificates import (
    EnrolmentCertificate,
    IncarnationCertificate,
    RevocationCertificate,
    parse_enrolment,
    parse_incarnation,
    parse_revocation,
)
from learnsite_desktop.oplog.signed import VERSION, Fields, seal
from learnsite_desktop.platform.durable import make_folder, put_in_place
from learnsite_desktop.services import enrolment, judging, receipts
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, trust

SUFFIX: Final = ".lsi"
KIND: Final = "introduction"
MAX_BYTES: Final = 16 * 1024 * 1024
_OPENING: Final = b'{"'
_HEAD: Final = re.compile(rb'\{"at":"[0-9T:+Z-]{20,25}","by":"', re.ASCII)
_MARK: Final = b'"t":"introduction"'


@dataclass(frozen=True, slots=True)
class Introduction:
    """The checked content of an introduction file: by which unit and device, its certificates."""

    by: bytes
    unit: str
    root: str
    at: str
    incarnations: tuple[IncarnationCertificate, ...]
    others: tuple[EnrolmentCertificate | RevocationCertificate, ...]


def write_introduction(workspace: Workspace, folder: Path, units: Collection[str] = ()) -> Path:
    """Write the certificates of this unit, of those above it and of `units` into a folder."""
    database = workspace.database
    wanted = {*lookups.ancestors_of(database, workspace.unit), workspace.unit, *units}
    known = [item for item in enrolment.known_incarnations(database) if item.unit in wanted]
    devices = {item.ed for item in known}
    revocations = map(parse_revocation, trust.certificates(database, "revocation"))
    body = {
        "t": KIND,
        "v": VERSION,
        "un": workspace.unit,
        "root": b64(workspace.root),
        "by": b64(workspace.keys.device.public),
        "incarnations": [item.raw.decode("utf-8") for item in known],
        "enrolments": [
            item.raw.decode("utf-8")
            for item in enrolment.known_enrolments(database)
            if item.device in devices
        ],
        "revocations": [item.raw.decode("utf-8") for item in revocations if item.device in devices],
        "at": workspace.now(),
    }
    make_folder(folder)
    path = folder / f"{workspace.unit}-{workspace.clock.now():%Y%m%d-%H%M%S}{SUFFIX}"
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(seal(body, workspace.keys.device.sign))
        file.flush()
        os.fsync(file.fileno())
    put_in_place(part, path)
    return path


def begins(head: bytes) -> bool:
    """Whether a file that begins like this may be an introduction; `is_introduction` knows."""
    return _HEAD.match(head) is not None


def is_introduction(path: Path) -> bool:
    """Tell by its content whether a file is meant as an introduction; never refuses."""
    try:
        with path.open("rb") as file:
            if file.read(len(_OPENING)) != _OPENING:
                return False
            file.seek(0)
            return _MARK in file.read(MAX_BYTES)
    except OSError:
        return False


def read_introduction(path: Path) -> Introduction:
    """Return what an introduction file says; refuses `introduction_unreadable`."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        fields = Fields(raw, KIND, MAX_BYTES)
        by = fields.blob("by", 32)
        fields.require_signature(by)
        told = fields.values
        return Introduction(
            by=by,
            unit=fields.unit("un"),
            root=str(told["root"]),
            at=str(told["at"]),
            incarnations=tuple(parse_incarnation(one.encode()) for one in told["incarnations"]),
            others=(
                *(parse_enrolment(one.encode()) for one in told["enrolments"]),
                *(parse_revocation(one.encode()) for one in told["revocations"]),
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Refusal) as error:
        raise Refusal("introduction_unreadable", where=str(path)) from error


def inspect(workspace: Workspace, path: Path) -> dict[str, Any]:
    """Return what an introduction is, with the keys of a bundle; it is for whoever holds it.

    Refuses `introduction_unreadable`.
    """
    given = read_introduction(path)
    return {
        "kind": KIND,
        "from": given.unit,
        "to": None,
        "bundle_id": None,
        "at": given.at,
        "counts": {"incarnations": len(given.incarnations), "others": len(given.others)},
        "periods": [],
        "min_reader": VERSION,
        "format": VERSION,
        "from_inc": None,
        "known": is_known(workspace, given),
    }


def is_known(workspace: Workspace, given: Introduction) -> bool:
    """Whether every certificate of an introduction is held here already."""
    database = workspace.database
    held = {
        body
        for type_ in ("enrolment", "revocation")
        for body in trust.certificates(database, type_)
    }
    return all(trust.incarnation(database, one.inc) for one in given.incarnations) and all(
        one.raw in held for one in given.others
    )


def take(workspace: Workspace, given: Introduction, path: Path) -> bool | None:
    """Take the certificates in and let them take effect; inside the caller's transaction.

    Returns whether any was new, None if nobody vouches for whoever wrote the file: then the caller
    undoes its transaction. Refuses `introduction_foreign`.
    """
    if given.root != b64(workspace.root):
        raise Refusal("introduction_foreign", where=str(path))
    new = False
    for certificate in given.incarnations:
        new |= enrolment.store_incarnation(workspace, certificate)
    for other in given.others:
        new |= enrolment.store_certificate(workspace, other)
    if not enrolment.authority(workspace).is_known(given.by, given.unit):
        return None
    if new:
        judging.apply_certificates(workspace)
        receipts.tick_everything(workspace)
    judging.tell_own_revocation(workspace)
    return new
