"""Originals of photos on request: a unit above asks by an operation, the next bundle brings them.

A request is a review register of the evidence, so that it travels, can be undone, and passes
through a township to whoever has the picture. What is still missing is said in receipts
(`services.wants`).
"""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.bundle.payloads import MAX_MEDIA_BYTES, Media
from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.documents import Receipt
from learnsite_desktop.services import policy
from learnsite_desktop.services.media import path_of
from learnsite_desktop.services.records import dated_in, listed, require_record
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.wants import asking_tiers, original_of, request_register
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import wants
from learnsite_desktop.store.records import (
    StoredRecord,
    children_of,
    find_record,
    records_of_kind,
)

MAX_ORIGINAL_BYTES: Final = 64 * 1024 * 1024
"""A file beyond this never travels; it is told in the answer of packing."""
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Requested:
    """What a request came to: records asked for now, those asked for before, the change."""

    records: tuple[str, ...]
    before: tuple[str, ...] = ()
    change: ChangeSet = field(default_factory=ChangeSet)


def request_originals(
    workspace: Workspace,
    records: Sequence[str] = (),
    *,
    period: str = "",
    unit: str = "",
    sample: int | None = None,
    cancel: bool = False,
    operator: str = "",
) -> Requested:
    """Ask for the originals of photos of units below, or `cancel` that.

    `records` are photos or what they belong to; without them all photos of `period` in `unit` and
    below. `sample` takes so many of them at random. Refuses `photo_request_empty`,
    `photo_request_not_below`, `record_unknown`, `period_invalid`, `unit_unknown`.
    """
    chosen = _named(workspace, records) if records else _of_period(workspace, period, unit)
    if any(stored.unit == workspace.unit for stored in chosen):
        raise Refusal("photo_request_not_below", where=workspace.unit)
    if not chosen:
        raise Refusal("photo_request_empty", where=period or ", ".join(records))
    if sample is not None and sample < len(chosen):
        draw = random.Random(int.from_bytes(workspace.tokens(16)))  # noqa: S311 - no secret
        chosen = sorted(draw.sample(chosen, sample), key=lambda stored: stored.id)
    register = request_register(workspace.tier)
    due = [item for item in chosen if (item.doc.get(register) is True) == cancel]
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("photo request"))
        for stored in due:
            writer.save(
                kind=stored.kind,
                record=stored.id,
                unit=stored.unit,
                writes={register: None if cancel else True},
                verb="request",
            )
        change = writer.finish()
    asked = {item.id for item in due}
    before = tuple(item.id for item in chosen if item.id not in asked)
    return Requested(tuple(item.id for item in due), before, change)


def _named(workspace: Workspace, records: Iterable[str]) -> list[StoredRecord]:
    """Return the photos among records and of them, each once, in order."""
    found: dict[str, StoredRecord] = {}
    for text in records:
        target = require_record(workspace, text)
        if target.kind == "evidence":
            photos = [target]
        else:
            photos = children_of(workspace.database, target.id, "evidence", "target")
        found |= {stored.id: stored for stored in photos if not stored.deleted}
    return list(found.values())


def _of_period(workspace: Workspace, period: str, unit: str) -> list[StoredRecord]:
    """Return the photos of units below whose record has a day in the period, by id."""
    if unit:
        require_unit(workspace, unit)
    within = parse_period(period)
    found = []
    for stored in records_of_kind(workspace.database, "evidence", unit=unit or workspace.unit):
        target = find_record(workspace.database, str(stored.doc.get("target", "")))
        kind = KINDS.get(target.kind) if target else None
        if stored.unit == workspace.unit or target is None or kind is None:
            continue
        if dated_in(kind, listed(workspace, target, reveal=False), within):
            found.append(stored)
    return sorted(found, key=lambda stored: stored.id)


def list_requests(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the photos whose originals are asked for, by unit: who asks, whether it is here."""
    rows = []
    for stored in wants.asked_for(workspace.database, workspace.unit):
        name, tiers = original_of(stored), asking_tiers(stored)
        if name is None or not tiers:
            continue
        rows.append(
            {
                "record": stored.id,
                "unit": stored.unit,
                "target": stored.doc.get("target"),
                "asked_by": tiers,
                "here": path_of(workspace, name).is_file(),
            }
        )
    return sorted(rows, key=lambda row: (str(row["unit"]), str(row["record"])))


@dataclass(slots=True)
class Originals:
    """Originals for one bundle: `wanted` by its receiver, `chosen` to go, `left` for the next.

    `missing` are not kept here either, `too_large` are beyond what travels.
    """

    wanted: int = 0
    chosen: list[bytes] = field(default_factory=list)
    left: int = 0
    missing: int = 0
    too_large: int = 0


def plan_originals(workspace: Workspace, subject: str, receipts: Iterable[Receipt]) -> Originals:
    """Choose what a receiver's newest receipts ask for and is kept here, up to the size allowed.

    Only what evidence of the subject's units names is handed out, whatever is asked for. One
    picture always goes, so that a small limit delays and stops nothing.
    """
    plan = Originals()
    room = int(policy.current(workspace)["media_per_bundle"]) * _MEGABYTE
    for name in sorted({name for receipt in receipts for name in receipt.media}):
        if not wants.is_original(workspace.database, b64(name), subject):
            continue
        plan.wanted += 1
        path = path_of(workspace, name)
        if not path.is_file():
            plan.missing += 1
            continue
        size = path.stat().st_size
        if size > MAX_ORIGINAL_BYTES:
            plan.too_large += 1
        elif size <= room or not plan.chosen:
            plan.chosen.append(name)
            room -= size
        else:
            plan.left += 1
    return plan


def frames_of(workspace: Workspace, plan: Originals) -> Iterator[Media]:
    """Yield the chosen originals; one beyond a frame goes in pieces, each named by its own hash."""
    for name in plan.chosen:
        path = path_of(workspace, name)
        with path.open("rb") as file:
            first = file.read(MAX_MEDIA_BYTES)
            kind = _media_type(first)
            if path.stat().st_size <= MAX_MEDIA_BYTES:
                yield Media("original", kind, name, name, first)
                continue
            while first:
                yield Media("original", kind, hashlib.sha256(first).digest(), name, first)
                first = file.read(MAX_MEDIA_BYTES)


def _media_type(beginning: bytes) -> str:
    """Return the media type that the first bytes of a file show."""
    for magic, name in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png")):
        if beginning.startswith(magic):
            return name
    return "application/octet-stream"
