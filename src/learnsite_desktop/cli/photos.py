"""``photo``: the pictures that show what a record is about."""

from pathlib import Path
from typing import Any

import click

from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import section
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.paint.photos import PhotoEncoder
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import originals, photos, records
from learnsite_desktop.services.workspace import Workspace

photo = section("photo", N_("Photos: add them to a record, list them."))


@photo.command("add", help=N_("Add photos to a record; a copy without place and time is kept."))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--to", "record", required=True, metavar="RECORD", help=N_("Record id or kind:ref."))
@click.option("--kind", default="", metavar="CODE", help=N_("What the photos show."))
@click.option(
    "--reason", "reasons", multiple=True, metavar="RULE=TEXT", help=N_("Reason for a warning.")
)
def add(
    invocation: Invocation,
    *,
    files: tuple[Path, ...],
    record: str,
    kind: str,
    reasons: tuple[str, ...],
) -> Result:
    """Add photos; those that cannot be kept do not stop the others."""
    given = {rule: text for rule, _equals, text in (reason.partition("=") for reason in reasons)}
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        added = photos.add_photos(
            workspace,
            record,
            files,
            encoder=PhotoEncoder(),
            kind=kind,
            reasons=given,
            operator=invocation.operator,
            progress=invocation.progress,
        )
    rows = [_outcome(found) for found in added.outcomes]
    answer: dict[str, Any] = {
        "ok": all(found.saved for found in added.outcomes),
        "photos": rows,
        "change": added.change.change,
        "operations": added.change.operations,
    }
    refused = [row["error"] for row in rows if row["error"]]
    refused += [_blocked(found) for found in added.outcomes if not found.saved and found.issues]
    if refused:
        answer["error"] = refused[0]
    return answer


def _blocked(found: photos.Outcome) -> dict[str, Any]:
    """Return what stands against a photo whose entry cannot be saved, as an error object."""
    first = next((issue for issue in found.issues if issue.blocking), found.issues[0])
    shown = first.shown(render)
    return {
        "code": first.code,
        "message": shown["message"],
        "remedy": shown["remedy"],
        "where": found.name,
    }


def _outcome(found: photos.Outcome) -> dict[str, Any]:
    return {
        "file": found.name,
        "saved": found.saved,
        "record": found.record or None,
        "issues": [issue.shown(render) for issue in found.issues],
        "error": refusal_object(found.refusal) if found.refusal else None,
    }


@photo.command("list", help=N_("List the photos of a record."))
@click.argument("record", metavar="RECORD")
def list_(invocation: Invocation, *, record: str) -> Result:
    """List photos; `path` is null where only the thumbnail is here."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        target = records.require_record(workspace, record)
        found = photos.photos_of(workspace, target.id)
    return {"photos": [_photo(item) for item in found], "total": len(found)}


@photo.command("request", help=N_("Ask units below for the originals of photos."))
@click.argument("wanted", nargs=-1, metavar="[RECORD]…")
@click.option("--period", default="", metavar="P", help=N_("All photos of this period."))
@click.option("--unit", default="", metavar="CODE", help=N_("Only of this unit and those below."))
@click.option(
    "--sample", type=click.IntRange(min=1), default=None, metavar="N", help=N_("So many at random.")
)
@click.option("--cancel", is_flag=True, help=N_("Do not ask for them any longer."))
def request(
    invocation: Invocation,
    *,
    wanted: tuple[str, ...],
    period: str,
    unit: str,
    sample: int | None,
    cancel: bool,
) -> Result:
    """Ask for originals, or no longer; the next bundle up after a receipt brings them."""
    if bool(wanted) == bool(period):
        raise click.UsageError(_("Give either records or --period."))
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = originals.request_originals(
            workspace,
            wanted,
            period=period,
            unit=unit,
            sample=sample,
            cancel=cancel,
            operator=invocation.operator,
        )
    return {
        "requested": list(done.records),
        "before": list(done.before),
        "change": done.change.change,
        "operations": done.change.operations,
    }


@photo.command("requests", help=N_("List the photos whose originals are asked for."))
def requests(invocation: Invocation) -> Result:
    """List requests of this tier and of those above; `here` says whether the original is here."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        rows = originals.list_requests(workspace)
    return {"requests": rows, "total": len(rows)}


def _photo(item: photos.Photo) -> dict[str, Any]:
    return {
        "record": item.record,
        "kind": item.kind,
        "path": str(item.path) if item.path else None,
        "thumb_path": str(item.thumb_path) if item.thumb_path else None,
        "taken": item.taken or None,
        "taken_from": item.taken_from or None,
        "note": item.note or None,
        "publishable": item.publishable,
    }
