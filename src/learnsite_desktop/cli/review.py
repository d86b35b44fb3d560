"""Commands for going through records: conflicts, returns, devices, submissions."""

import json
from typing import Any

import click

from learnsite_desktop.cli.frame import command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.cli.listings import listing
from learnsite_desktop.cli.records import shown
from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import conflicts, records, returns, submitting
from learnsite_desktop.services.workspace import Workspace


def _changed(changes: ChangeSet) -> dict[str, Any]:
    return {"change": changes.change or None, "operations": changes.operations}


conflicts_ = listing("conflicts", N_("List open conflicts."), "conflicts", conflicts.list_conflicts)


@click.argument("field", metavar="FIELD")
@click.argument("record", metavar="RECORD")
@click.option("--keep", default="", metavar="OPHASH")
@click.option("--value", "value", default=None, metavar="JSON")
@click.option("--again", is_flag=True, help=N_("Also a conflict that has been decided: anew."))
@click.option("--why", default="", metavar="TEXT")
@command("resolve", N_("Close a conflict: keep one value or give a new one."))
def resolve(
    invocation: Invocation,
    *,
    record: str,
    field: str,
    keep: str,
    value: str | None,
    why: str,
    again: bool,
) -> dict[str, Any]:
    """Resolve a conflict."""
    if bool(keep) == (value is not None):
        raise click.UsageError(i18n.render(N_("Give either --keep or --value."), {}))
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        done = conflicts.resolve(
            workspace,
            records.require_record(workspace, record),
            field,
            keep=keep,
            value=_json(value),
            why=why,
            again=again,
            operator=invocation.operator,
        )
    return _changed(done)


def _json(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return text


@click.argument("field", metavar="FIELD")
@click.argument("record", metavar="RECORD")
@click.option("--reason", required=True, metavar="CODE")
@click.option("--text", required=True, metavar="T")
@command("return", N_("Return a field of a record to the unit below."))
def return_(
    invocation: Invocation, *, record: str, field: str, reason: str, text: str
) -> dict[str, Any]:
    """Return a record."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        name, changes = returns.return_record(
            workspace,
            records.require_record(workspace, record),
            field,
            reason=reason,
            text=text,
            operator=invocation.operator,
        )
    return {"return_id": name, **_changed(changes)}


returns_ = listing("returns", N_("List returns, open ones first."), "returns", returns.list_returns)


@click.option("--period", required=True, metavar="P")
@click.option("--zero", default="", metavar="WHY", help=N_("Report that there was nothing."))
@command("submit", N_("Hand a period in."))
def submit(invocation: Invocation, *, period: str, zero: str) -> dict[str, Any]:
    """Submit a period."""
    with Workspace(invocation.folder, invocation.clock, write=True) as workspace:
        red, result = submitting.submit(workspace, period, zero=zero, operator=invocation.operator)
    if result is None:
        return {"ok": False, "red": shown(red), "submitted": False}
    return {
        "red": shown(red),
        "submitted": True,
        "operations": result.change.operations,
        "change": result.change.change or None,
    }
