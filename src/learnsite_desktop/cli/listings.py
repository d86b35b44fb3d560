"""Commands that list something of the workspace: one shape, with limit, offset and total."""

from collections.abc import Callable
from typing import Any

import click

from learnsite_desktop.cli.frame import Command, command
from learnsite_desktop.cli.invocation import Invocation
from learnsite_desktop.services.narrowing import narrowed
from learnsite_desktop.services.workspace import Workspace

Rows = Callable[[Workspace], list[dict[str, Any]]]


def page(rows: list[Any], limit: int | None, offset: int) -> list[Any]:
    """Return the rows from `offset` on, at most `limit`."""
    return rows[offset : None if limit is None else offset + limit]


def listing(name: str, about: str, key: str, rows: Rows) -> Command:
    """Return a command that lists `rows` under `key`, with `total` before limiting."""

    @click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N")
    @click.option("--limit", type=click.IntRange(min=0), default=None, metavar="N")
    @click.option("--period", default="", metavar="P")
    @click.option("--unit", default="", metavar="CODE")
    @command(name, about)
    def listed(
        invocation: Invocation, *, unit: str, period: str, limit: int | None, offset: int
    ) -> dict[str, Any]:
        with Workspace(invocation.folder, invocation.clock, write=False) as workspace:
            found = narrowed(workspace, rows(workspace), unit=unit, period=period)
        return {key: page(found, limit, offset), "total": len(found)}

    return listed
