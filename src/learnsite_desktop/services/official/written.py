"""What reports were written here, and where each of their numbers came from.

One file a workbook in the folder `reports` beside the database: small, local, never sent. A number
that is asked about later is found by what is printed, and leads back to its records.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.durable import make_folder
from learnsite_desktop.reports.template import Placed
from learnsite_desktop.services.official.shown import read_source
from learnsite_desktop.services.workspace import Workspace

FOLDER: Final = "reports"
_KEPT: Final = 500
"""How many are remembered; the oldest go."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number of a written report came from, and what was printed in which cell."""

    sheet: str
    address: str
    value: float | str
    id: str
    cell: str
    part: str
    unit: str
    period: str
    basis: str
    tree: str


@dataclass(frozen=True, slots=True)
class Written:
    """A report that was written: `key` names it; `state` what it was counted from."""

    key: str
    report: str
    title: str
    department: str
    unit: str
    period: str
    basis: str
    tree: str
    state: str
    operations: int
    at: str
    path: str
    cells: int
    gaps: int


def _folder(workspace: Workspace) -> Path:
    return workspace.folder / FOLDER


def remember(workspace: Workspace, fields: dict[str, Any], placed: Sequence[Placed]) -> str:
    """Keep what was written; returns its key. Needs no writing workspace."""
    folder = _folder(workspace)
    make_folder(folder)
    stamp = workspace.clock.now().strftime("%Y%m%d-%H%M%S")
    key, number = f"{stamp}-{fields['report']}", 1
    while (folder / f"{key}.json").exists():
        number += 1
        key = f"{stamp}-{fields['report']}-{number}"
    numbers = [[one.sheet, one.address, one.value, one.source] for one in placed]
    content = json.dumps({**fields, "key": key, "numbers": numbers}, ensure_ascii=False)
    part = folder / f"{key}.json.part"
    part.write_text(content, encoding="utf-8")
    part.replace(folder / f"{key}.json")
    for old in sorted(folder.glob("*.json"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return key


def _read(path: Path) -> dict[str, Any] | None:
    """Return a file of the folder, None for one that is not ours or is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "numbers" in found else None


def list_written(workspace: Workspace, limit: int | None = None) -> list[Written]:
    """Return the reports written here, newest first."""
    paths = sorted(_folder(workspace).glob("*.json"), reverse=True)[:limit]
    names = Written.__dataclass_fields__
    return [
        Written(**{name: content.get(name, "") for name in names})
        for path in paths
        if (content := _read(path)) is not None
    ]


def origins(workspace: Workspace, key: str, number: str = "") -> list[Origin]:
    """Return the numbers of a written report, those that read like `number` if it is given.

    Commas and a per cent sign in `number` do not matter. Refuses `written_unknown`.
    """
    path = _folder(workspace) / f"{key}.json"
    content = _read(path) if path.name == Path(key).name + ".json" else None
    if content is None:
        raise Refusal("written_unknown", where=key)
    wanted = number.replace(",", "").replace("，", "").replace("％", "%").strip()
    return [one for one in _origins(content) if not wanted or wanted in readings(one.value)]


def _origins(content: dict[str, Any]) -> Iterator[Origin]:
    for sheet, address, value, source in content["numbers"]:
        yield Origin(sheet, address, value, **read_source(source))


def readings(value: float | str) -> set[str]:
    """Return how a number may be printed, or read aloud from a sheet."""
    if isinstance(value, str):
        return {value}
    per_cent = f"{value * 100:.2f}"
    return {
        f"{value:g}",
        f"{value:.0f}" if value == int(value) else f"{value:.2f}",
        per_cent + "%",
        per_cent.rstrip("0").rstrip(".") + "%",
    }
