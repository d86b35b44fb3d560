"""The records behind a figure, in words: what each is about and, masked, whom."""

from typing import Any, Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import Drilled

_NO_NAME: Final = N_("name not held here")
_MINUTES_LABEL: Final = N_("minutes per learning hour (policy)")


def drilled(workspace: Workspace, row: Drilled) -> dict[str, Any]:
    """Return one contribution with the keys of the contract."""
    return {
        "kind": row.kind,
        "id": _id(row),
        "unit": row.unit,
        "date": row.date,
        "label": _label(workspace, row),
        "sheet_row": row.sheet_row,
        "contribution": row.contribution,
        "session": b64(row.session) if row.session is not None else None,
        "learner": b64(row.learner) if row.learner is not None else None,
    }


def _id(row: Drilled) -> str | None:
    if row.kind == "policy":
        return "minutes_per_hour"
    if row.kind == "unit":
        return row.unit
    return b64(row.rid) if row.rid is not None else None


def _label(workspace: Workspace, row: Drilled) -> str:
    """Return words for a contribution: what it is about and, masked, whom."""
    if row.kind == "policy":
        return _(_MINUTES_LABEL)
    if row.kind == "unit":
        return row.unit_name or row.unit or ""
    if row.kind in ("site", "venue"):
        return row.site or ""
    if row.kind == "population":
        return f"{row.unit_name or row.unit} {row.year} {row.source or ''}".strip()
    name = workspace.vault.reveal(row.name) if row.name else None
    words = [row.title] if row.title else []
    if isinstance(name, str):
        words.append(masked("name", name))
    elif row.name or row.kind == "learner":
        words.append(_(_NO_NAME))
    return " · ".join(words)
