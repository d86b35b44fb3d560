"""What is remembered of tables taken before: the meaning of their columns, who their rows became.

Kept in the settings of this workspace only; it holds headings, row numbers and record ids, nothing
of what the rows say.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from learnsite_desktop.services.roster.fields import IGNORED
from learnsite_desktop.services.roster.headings import Block
from learnsite_desktop.services.roster.matching import Lineage
from learnsite_desktop.services.roster.people import Place
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings

_MAPPING: Final = "roster.mapping"
_LINEAGE: Final = "roster.rows"
_MOST_ROWS: Final = 5000


def known_mappings(workspace: Workspace, words: str) -> Callable[[str], Mapping[str, str] | None]:
    """Return the question what the columns under a print of headings were taken for last time."""
    asked: dict[str, Mapping[str, str] | None] = {}

    def known(print_: str) -> Mapping[str, str] | None:
        if print_ not in asked:
            text = settings.read(workspace.database, f"{_MAPPING}.{words}.{print_}")
            asked[print_] = json.loads(text) if text else None
        return asked[print_]

    return known


def remember_mapping(workspace: Workspace, words: str, block: Block) -> None:
    """Keep what a block's columns were taken for, if somebody said so."""
    if not any(column.how in ("given", "remembered") for column in block.columns):
        return
    meaning = {column.label: column.field or IGNORED for column in block.columns if column.label}
    text = json.dumps(meaning, ensure_ascii=False, sort_keys=True)
    settings.write(workspace.database, f"{_MAPPING}.{words}.{block.print}", text)


def read_lineage(workspace: Workspace, unit: str, print_: str) -> Lineage:
    """Return whom the rows under a print of headings became, for a unit, last time."""
    text = settings.read(workspace.database, _lineage_key(unit, print_))
    kept: dict[str, Any] = json.loads(text) if text else {}
    return Lineage(
        {
            (sheet, int(row), column): record
            for sheet, rows in kept.items()
            for row, column, record in rows
        }
    )


def remember_lineage(
    workspace: Workspace, unit: str, print_: str, rows: Mapping[Place, str]
) -> None:
    """Keep whom the rows of a file became; those of very long files are not kept."""
    if len(rows) > _MOST_ROWS:
        return
    sheets: dict[str, list[tuple[int, str, str]]] = {}
    for (sheet, row, column), record in sorted(rows.items()):
        sheets.setdefault(sheet, []).append((row, column, record))
    text = json.dumps(sheets, ensure_ascii=False, sort_keys=True)
    if settings.read(workspace.database, _lineage_key(unit, print_)) != text:
        settings.write(workspace.database, _lineage_key(unit, print_), text)


def _lineage_key(unit: str, print_: str) -> str:
    return f"{_LINEAGE}.{unit}.{hashlib.sha256(print_.encode()).hexdigest()[:16]}"
