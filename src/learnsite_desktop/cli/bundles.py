"""Commands for exchanging files: pack, inspect, receive, receipts, batches, what is held apart."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.codes import code_reader, pause_of
from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.listings import listing
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.cli.transports import lying_row
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services import (
    arriving,
    batches,
    packing,
    picture_pages,
    receipt_pages,
    receipts,
    receiving,
    transports,
)
from learnsite_desktop.services.head_codes import head_code
from learnsite_desktop.services.held_apart import list_held_apart
from learnsite_desktop.services.outcomes import outcomes_above
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.rejections import rejections_of
from learnsite_desktop.services.review_states import states_of
from learnsite_desktop.services.safekeeping import safely
from learnsite_desktop.services.standing import standing_row
from learnsite_desktop.services.updates.carrying import put_along
from learnsite_desktop.services.workspace import Workspace

_FOLDER = click.Path(path_type=Path, readable=False)


@click.option("--to", "unit", required=True, metavar="CODE")
@click.option("--out", required=True, type=_FOLDER, metavar="DIR")
@click.option("--qr", type=_FOLDER, metavar="DIR", help=N_("Also draw it as numbered pictures."))
@command("pack", N_("Pack what a unit lacks into a bundle file."))
def pack(invocation: Invocation, *, unit: str, out: Path, qr: Path | None) -> dict[str, Any]:
    """Pack a bundle; with `qr` also as pictures and pages to print."""
    if qr is not None:
        printer = pdf_printer()
        with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
            drawn = picture_pages.pack_as_pictures(
                workspace, unit, out, qr, printer, progress=invocation.progress
            )
        shown = {"folder": str(drawn.folder), "total": drawn.total, "spare": drawn.spare}
        return {**_packed(drawn.packed), "pictures": shown, "programs": []}
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        packed = packing.pack(workspace, unit, out, progress=invocation.progress)
        along = put_along(workspace, unit, out)
    return {**_packed(packed), "programs": list(map(str, along.files))}


def _packed(packed: packing.Packed) -> dict[str, Any]:
    return {
        "path": str(packed.written.path),
        "bundle_id": packed.written.bundle_id,
        "operations": packed.operations,
        "bytes": packed.written.size,
        "nothing_new": packed.nothing_new,
        "to_devices": packed.to_devices,
        "wanted": packed.originals.wanted,
        "media": len(packed.originals.chosen),
        "media_left": packed.originals.left,
        "media_missing": packed.originals.missing,
        "media_too_large": packed.originals.too_large,
    }


@click.option("--to", "unit", required=True, metavar="CODE")
@click.option("--out", required=True, type=_FOLDER, metavar="DIR")
@click.option("--pdf", is_flag=True, help=N_("Also write it as a page to print."))
@command("receipt", N_("Write a receipt for a unit, with what else goes down to it."))
def receipt(invocation: Invocation, *, unit: str, out: Path, pdf: bool) -> dict[str, Any]:
    """Write a receipt; with `pdf` also its page, whose file the key `pdf` names."""
    printer = pdf_printer() if pdf else None
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        packed = packing.pack(workspace, unit, out, progress=invocation.progress)
        answer = {
            **_packed(packed),
            "programs": list(map(str, put_along(workspace, unit, out).files)),
            "number": packed.receipt.number,
            "head_code": head_code(packed.receipt.holds),
            **receipts.shown_outcomes(packed.receipts),
            "outcomes_unlisted": sum(
                one.counts.get(receipts.UNLISTED, 0) for one in packed.receipts
            ),
        }
        if printer is not None:
            answer["pdf"] = str(receipt_pages.print_receipt(workspace, packed, unit, printer))
    return answer


@click.argument("file", type=_FOLDER, metavar="FILE")
@command("inspect", N_("Show what a bundle file is, without taking it in."))
def inspect(invocation: Invocation, *, file: Path) -> dict[str, Any]:
    """Inspect a bundle."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return receiving.inspect(workspace, file)


@click.argument("files", nargs=-1, type=_FOLDER, metavar="FILE…")
@click.option("--from", "folder", type=_FOLDER, metavar="DIR",
              help=N_("Take in all that is new in this folder."))  # fmt: skip
@click.option("--pictures", is_flag=True, help=N_("The folder holds photos of numbered pictures."))
@click.option("--records", "told", is_flag=True, help=N_("With --dry-run: record by record."))
@click.option("--dry-run", is_flag=True, help=N_("Show what would happen; change nothing."))
@click.option("--keep-withdrawn", is_flag=True, help=N_("Do not bring back what was rolled back."))
@command("receive", N_("Take bundle files in."))
def receive(
    invocation: Invocation,
    *,
    files: tuple[Path, ...],
    folder: Path | None,
    pictures: bool,
    dry_run: bool,
    keep_withdrawn: bool,
    told: bool,
) -> dict[str, Any]:
    """Receive bundles, one transaction each; a refused one does not stop the others."""
    if not files and folder is None:
        raise Refusal("files_not_named")
    if told and not dry_run:
        raise click.UsageError(render(N_("Give --records together with --dry-run."), {}))
    seen: list[arriving.Foreseen] = []
    read = code_reader() if pictures else None
    how: dict[str, Any] = {"dry_run": dry_run, "keep_withdrawn": keep_withdrawn}
    left: list[transports.Lying] = []
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        if not dry_run:
            safely(workspace, "receive")
        if told:
            how["witness"] = arriving.witness(workspace, seen)
        found = [
            transports.receive_file(workspace, file, **how, progress=invocation.progress)
            for file in files
        ]
        if folder is not None:
            place = transports.place_at(workspace, folder, read=read)
            pause = pause_of(invocation.clock)
            came = transports.collect(
                workspace, place, pause=pause, **how, progress=invocation.progress
            )
            found, left = found + came.received, came.left
    rows = [_received(one, workspace.unit) for one in found]
    if told:
        foreseen = {id(one.result): one for one in seen}
        for one, row in zip(found, rows, strict=True):
            row.update(_foreseen(foreseen.get(id(one))))
    refused = [row for row in rows if row["outcome"] == "refused"]
    answer: dict[str, Any] = {"ok": not refused, "bundles": rows}
    if folder is not None:
        answer["not_taken"] = [lying_row(one) for one in left]
    if refused:
        answer["error"] = refused[0]["error"]
    return answer


def _received(found: receiving.Received, unit: str) -> dict[str, Any]:
    return {
        "file": found.file,
        "bundle_id": found.bundle_id,
        "batch": found.batch,
        "kind": found.kind,
        "from": found.from_unit,
        "outcome": found.outcome,
        **{name: found.counts.get(name, 0) for name in receiving.COUNTS},
        "links": [asdict(pair) for pair in found.likenesses.links],
        "parted": [asdict(pair) for pair in found.likenesses.parted],
        "change": found.likenesses.change,
        "program": found.program or None,
        "reapplied": found.reapplied,
        "documents_refused": [
            {
                "kind": one.kind,
                "scope": one.scope,
                "version": one.version,
                "held": one.held,
                "error": refusal_object(one.refusal),
            }
            for one in found.documents.passed
        ],
        "documents_returned": [
            {"kind": one.kind, "version": one.version, "held": one.held}
            for one in found.documents.returned(unit)
        ],
        "documents_elsewhere": [asdict(one) for one in found.documents.elsewhere],
        "error": refusal_object(found.error) if found.error else None,
    }


def _foreseen(found: arriving.Foreseen | None) -> dict[str, Any]:
    records = found.records if found else []
    return {"records": [_touched(one) for one in records], "left": found.left if found else 0}


def _touched(one: arriving.Touched) -> dict[str, Any]:
    return {
        "record": one.record,
        "kind": one.kind,
        "unit": one.unit,
        "title": one.title,
        "classes": list(one.classes),
        "fields": [asdict(side) for side in one.fields],
        "more": one.more,
    }


batches_ = listing("batches", N_("List received files."), "batches", batches.list_batches)
quarantine = listing("quarantine", N_("List what is held apart."), "items", list_held_apart)
waiting = listing("waiting", N_("List what waits for something."), "items", batches.waiting)
outbox = listing("outbox", N_("List bundles handed out."), "items", packing.list_outbox)
forks = listing("forks", N_("List chains of copied computers."), "items", batches.list_forks)
receipts_ = listing(
    "receipts", N_("List receipts given and got."), "receipts", receipts.list_receipts
)


@command("standing", N_("Show what the units above hold of this one, and since when."))
def standing_(invocation: Invocation) -> dict[str, Any]:
    """Show the standing."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        return standing_row(workspace)


@click.argument("record", metavar="RECORD")
@command("outcome", N_("Show what became of a record at the units above."))
def outcome(invocation: Invocation, *, record: str) -> dict[str, Any]:
    """Show what the newest receipts say of one record, and what was decided about it."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        stored = require_record(workspace, record)
        found = outcomes_above(workspace, stored)
        said = states_of(workspace, stored)
        why = {one.tier: one.why for one in rejections_of(workspace, stored)}
    rows = [
        {
            "unit": one.unit,
            "tier": one.tier,
            "state": one.state,
            "code": one.code or None,
            "verdict": said.get(one.tier),
            "why": why.get(one.tier),
            "number": one.number,
            "at": one.at,
        }
        for one in found
    ]
    return {"record": stored.id, "outcomes": rows}


@click.argument("batch", type=int, metavar="B")
@click.option("--dry-run", is_flag=True, help=N_("Show what would happen; change nothing."))
@command("rollback", N_("Take back a received file."))
def rollback(invocation: Invocation, *, batch: int, dry_run: bool) -> dict[str, Any]:
    """Roll a batch back, or tell what that would do, record by record."""
    if dry_run:
        with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
            found = batches.foresee_rollback(workspace, batch)
        return {
            "batch": batch,
            "gone": found.gone,
            "changed": found.changed,
            "waiting_records": found.waiting,
            "records": [_touched(one) for one in found.records],
            "left": found.left,
        }
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = batches.rollback(workspace, batch)
        return {**done, "batches": batches.list_batches(workspace)}


@click.argument("batch", type=int, metavar="B")
@command("reapply", N_("Bring a file back that was taken back."))
def reapply(invocation: Invocation, *, batch: int) -> dict[str, Any]:
    """Re-apply a batch."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = batches.reapply(workspace, batch)
        return {**done, "batches": batches.list_batches(workspace)}
