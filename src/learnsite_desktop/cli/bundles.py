"""Commands for exchanging files: pack, inspect, receive, receipts, batches, what is held apart."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.listings import listing
from learnsite_desktop.cli.printer import pdf_printer
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import (
    batches,
    packing,
    receipt_pages,
    receipts,
    receiving,
)
from learnsite_desktop.services.safekeeping import safely
from learnsite_desktop.services.workspace import Workspace

_FOLDER = click.Path(path_type=Path)


@click.option("--to", "unit", required=True, metavar="CODE")
@click.option("--out", required=True, type=_FOLDER, metavar="DIR")
@command("pack", N_("Pack what a unit lacks into a bundle file."))
def pack(invocation: Invocation, *, unit: str, out: Path) -> dict[str, Any]:
    """Pack a bundle."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        packed = packing.pack(workspace, unit, out, progress=invocation.progress)
    return _packed(packed)


def _packed(packed: packing.Packed) -> dict[str, Any]:
    return {
        "path": str(packed.written.path),
        "bundle_id": packed.written.bundle_id,
        "operations": packed.operations,
        "bytes": packed.written.size,
        "nothing_new": packed.nothing_new,
        "to_devices": packed.to_devices,
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
            "number": packed.receipt.number,
            "outcomes": dict(packed.receipt.outcomes),
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


@click.argument("files", nargs=-1, required=True, type=_FOLDER, metavar="FILE…")
@click.option("--dry-run", is_flag=True, help=N_("Show what would happen; change nothing."))
@click.option("--keep-withdrawn", is_flag=True, help=N_("Do not bring back what was rolled back."))
@command("receive", N_("Take bundle files in."))
def receive(
    invocation: Invocation, *, files: tuple[Path, ...], dry_run: bool, keep_withdrawn: bool
) -> dict[str, Any]:
    """Receive bundles, one transaction each; a refused one does not stop the others."""
    rows = []
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        if not dry_run:
            safely(workspace, "receive")
        for file in files:
            found = receiving.receive(
                workspace,
                file,
                dry_run=dry_run,
                keep_withdrawn=keep_withdrawn,
                progress=invocation.progress,
            )
            rows.append(_received(found))
    refused = [row for row in rows if row["outcome"] == "refused"]
    answer: dict[str, Any] = {"ok": not refused, "bundles": rows}
    if refused:
        answer["error"] = refused[0]["error"]
    return answer


def _received(found: receiving.Received) -> dict[str, Any]:
    return {
        "file": found.file,
        "bundle_id": found.bundle_id,
        "batch": found.batch,
        "kind": found.kind,
        "from": found.from_unit,
        "outcome": found.outcome,
        **{name: found.counts.get(name, 0) for name in receiving.COUNTS},
        "reapplied": found.reapplied,
        "error": refusal_object(found.error) if found.error else None,
    }


batches_ = listing("batches", N_("List received files."), "batches", batches.list_batches)
quarantine = listing("quarantine", N_("List what is held apart."), "items", batches.quarantined)
waiting = listing("waiting", N_("List what waits for something."), "items", batches.waiting)
outbox = listing("outbox", N_("List bundles handed out."), "items", packing.list_outbox)
forks = listing("forks", N_("List chains of copied computers."), "items", batches.list_forks)
receipts_ = listing(
    "receipts", N_("List receipts given and got."), "receipts", receipts.list_receipts
)


@click.argument("batch", type=int, metavar="B")
@command("rollback", N_("Take back a received file."))
def rollback(invocation: Invocation, *, batch: int) -> dict[str, Any]:
    """Roll a batch back."""
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
