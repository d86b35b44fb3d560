"""Commands for records: capture, list, show, edit, delete, undo."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from learnsite_desktop.cli.failures import refusal_object
from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.listings import page
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import records
from learnsite_desktop.services.capture import CaptureResult, capture, read_document
from learnsite_desktop.services.workspace import Workspace


def answer(result: CaptureResult) -> dict[str, Any]:
    """Return a capture's result as the command line gives it."""
    found: dict[str, Any] = {
        **result.counts,
        "ids": result.ids,
        "issues": shown(result.issues),
        "operations": result.change.operations,
        "change": result.change.change or None,
    }
    if result.refused:
        refusal = Refusal("capture_refused", count=result.refused)
        found = {"ok": False, "error": refusal_object(refusal), **found}
    return found


def shown(issues: list[Issue]) -> list[dict[str, object]]:
    """Return issues in the language in use."""
    return [issue.shown(i18n.render) for issue in issues]


@click.argument("file", required=False, metavar="FILE|-")
@click.option("--keep-good", is_flag=True, help=N_("Save what can be saved, list the rest."))
@click.option("--stream", is_flag=True, help=N_("Read one object a line, acknowledge each."))
@command("capture", N_("Take records in from a capture file."))
def capture_(invocation: Invocation, *, file: str | None, keep_good: bool, stream: bool) -> Result:
    """Capture a file or a stream."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        if stream:
            return _stream(invocation, workspace, file, keep_good=keep_good)
        if file is None:
            raise click.UsageError(i18n.render(N_("Name a file, or - for standard input."), {}))
        raw = invocation.stdin.read() if file == "-" else Path(file).read_bytes()
        result = capture(
            workspace,
            read_document(raw),
            operator=invocation.operator,
            keep_good=keep_good,
            folder=Path() if file == "-" else Path(file).parent,
            progress=invocation.progress,
        )
    return answer(result)


def _stream(
    invocation: Invocation, workspace: Workspace, file: str | None, *, keep_good: bool
) -> Result:
    """Take one capture object a line; each is durable before its line is acknowledged."""
    failed = False
    for number, line in enumerate(_lines(invocation, file), start=1):
        try:
            result = capture(
                workspace,
                read_document(line),
                operator=invocation.operator,
                keep_good=keep_good,
            )
        except Refusal as refusal:
            failed = True
            invocation.emit({"n": number, "ok": False, "error": refusal_object(refusal)})
            continue
        failed = failed or bool(result.refused)
        invocation.emit({"n": number, "ok": not result.refused, **answer(result)})
    return {"ok": False, "error": refusal_object(Refusal("stream_refused"))} if failed else None


def _lines(invocation: Invocation, file: str | None) -> Iterator[bytes]:
    if file in (None, "-"):
        yield from _nonempty(invocation.stdin)
        return
    with Path(str(file)).open("rb") as source:
        yield from _nonempty(source)


def _nonempty(source: BinaryIO) -> Iterator[bytes]:
    while line := source.readline():
        if line.strip():
            yield line.strip()


@click.argument("kind", metavar="KIND")
@click.option("--query", default="", metavar="Q")
@click.option("--unit", default="", metavar="CODE")
@click.option("--period", default="", metavar="P")
@click.option("--limit", type=click.IntRange(min=0), default=None)
@click.option("--offset", type=click.IntRange(min=0), default=0)
@command("list", N_("List records of a kind."))
def list_(
    invocation: Invocation,
    *,
    kind: str,
    query: str,
    unit: str,
    period: str,
    limit: int | None,
    offset: int,
) -> dict[str, Any]:
    """List records."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        found = records.list_records(workspace, kind, query=query, unit=unit, period=period)
    return {"records": page(found, limit, offset), "total": len(found)}


@click.argument("record", metavar="RECORD")
@click.option("--history", is_flag=True, help=N_("Also list its operations."))
@command("show", N_("Show one record."))
def show(invocation: Invocation, *, record: str, history: bool) -> dict[str, Any]:
    """Show a record."""
    with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
        stored = records.require_record(workspace, record)
        return records.show(workspace, stored, history=history)


def field_values(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Return FIELD=VALUE pairs; a value that is JSON is read as such, other text as it stands."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise click.UsageError(i18n.render(N_("%(pair)s is not FIELD=VALUE"), {"pair": pair}))
        found[name] = _value(text)
    return found


def _value(text: str) -> Any:
    if text[:1] not in '[{"' and text not in ("null", "true", "false"):
        return int(text) if text.isdecimal() and (text == "0" or text[0] != "0") else text
    try:
        return json.loads(text)
    except ValueError:
        return text


@click.argument("fields", nargs=-1, required=True, metavar="FIELD=VALUE…")
@click.argument("record", metavar="RECORD")
@click.option("--why", default="", metavar="TEXT")
@click.option("--reason", "reasons", multiple=True, metavar="RULE=TEXT")
@command("edit", N_("Set fields of a record."))
def edit(
    invocation: Invocation,
    *,
    record: str,
    fields: tuple[str, ...],
    why: str,
    reasons: tuple[str, ...],
) -> dict[str, Any]:
    """Edit a record."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = records.require_record(workspace, record)
        result = records.edit(
            workspace,
            stored,
            records.typed_fields(stored.kind, field_values(fields)),
            why=why,
            operator=invocation.operator,
            reasons={key: str(value) for key, value in field_values(reasons).items()},
        )
    return answer(result)


@click.argument("record", metavar="RECORD")
@click.option("--why", default="", metavar="TEXT")
@command("delete", N_("Delete a record with what hangs under it."))
def delete(invocation: Invocation, *, record: str, why: str) -> dict[str, Any]:
    """Delete a record."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        stored = records.require_record(workspace, record)
        result = records.delete(workspace, stored, why=why, operator=invocation.operator)
    return answer(result)


@click.argument("change", required=False, type=int, metavar="CHANGE")
@command("undo", N_("Undo a change by new operations; the last one unless named."))
def undo(invocation: Invocation, *, change: int | None) -> dict[str, Any]:
    """Undo a change."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = records.undo(workspace, change, operator=invocation.operator)
    return {"change": done.change or None, "operations": done.operations, "issues": []}
