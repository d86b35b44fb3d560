"""Notices written here one by one: each changes the one document that holds them all."""

from collections.abc import Mapping
from typing import Any

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.publishing import Issued, issue, scope_of
from learnsite_desktop.services.publishing.outlook import held_body, rows_of
from learnsite_desktop.services.publishing.rows import Row
from learnsite_desktop.services.publishing.tables import notice
from learnsite_desktop.services.workspace import Workspace

KIND = "notices"


def put_up(
    workspace: Workspace,
    values: Mapping[str, str],
    *,
    unit: str = "",
    dry_run: bool = False,
) -> Issued:
    """Issue a notice beside those that are not over yet; the same title and first day replace it.

    `values` are title, text, from and to (ISO days). Refuses what a table of notices does.
    """
    new = notice(Row(str(values.get("title", "")), dict(values)))
    scope = scope_of(workspace, unit)

    def body() -> list[dict[str, Any]]:
        key = (new["title"], new["from"])
        kept = [one for one in _standing(workspace, scope) if (one["title"], one["from"]) != key]
        return [*kept, new]

    return issue(workspace, KIND, body, scope=scope, dry_run=dry_run)


def take_down(workspace: Workspace, title: str, *, unit: str = "") -> Issued:
    """Issue the notices without those of a title. Refuses `notice_unknown`."""
    scope = scope_of(workspace, unit)

    def body() -> list[dict[str, Any]]:
        standing = _standing(workspace, scope)
        kept = [one for one in standing if one["title"] != title]
        if len(kept) == len(standing):
            raise Refusal("notice_unknown", where=title)
        return kept

    return issue(workspace, KIND, body, scope=scope)


def _standing(workspace: Workspace, scope: str) -> list[dict[str, Any]]:
    """Return the notices issued for a scope that are not over, those to come included."""
    today = workspace.clock.now().date().isoformat()
    held = rows_of(held_body(workspace, KIND, scope))
    return [dict(one) for one in held if str(one.get("to") or "") >= today]
