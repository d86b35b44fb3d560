"""Rows of a table that is to be published: CSV, Excel or JSON, each with the place it stands at."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services.publishing.words import column_of, heading_of
from learnsite_desktop.services.roster.cells import text_of
from learnsite_desktop.services.roster.tables import open_table

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `place` for messages ("line 3", "codes[1]"), `values` stripped text by column."""

    place: str
    values: dict[str, str]

    def require(self, column: str) -> str:
        """Return a value that must be there; refuses `publish_value_missing`."""
        found = self.values.get(column, "")
        if not found:
            told = heading_of(column)
            raise Refusal("publish_value_missing", where=self.place, column=told)
        return found

    def day(self, column: str) -> str:
        """Return an ISO date that must be there; refuses `publish_value_wrong`."""
        text = self.require(column)
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise self.wrong(column) from error

    def wrong(self, column: str) -> Refusal:
        """Return the refusal of a value that cannot stand in its column."""
        value = self.values.get(column, "")
        told = heading_of(column)
        return Refusal("publish_value_wrong", where=self.place, column=told, value=value)


def read_rows(
    path: Path, key: str, columns: Sequence[str], optional: Sequence[str] = ()
) -> list[Row]:
    """Return the rows of a table with exactly these columns.

    JSON is a list of objects, or an object with that list under `key`. Refuses `file_missing`,
    `table_columns_missing`, `publish_column_unknown`, `publish_json_wrong`, `table_empty`,
    `table_too_large` and what `open_table` refuses.
    """
    if not path.is_file():
        raise Refusal("file_missing", where=str(path))
    if path.stat().st_size > MAX_BYTES:
        raise Refusal("table_too_large", where=path.name)
    found = _from_json(path, key) if path.suffix.lower() == ".json" else _from_table(path)
    if not found:
        raise Refusal("table_empty", where=path.name)
    if len(found) > MAX_ROWS:
        raise Refusal("table_too_large", where=path.name)
    known = {*columns, *optional}
    for row in found:
        unknown = [name for name in row.values if name not in known]
        if unknown:
            raise Refusal(
                "publish_column_unknown",
                where=row.place,
                column=unknown[0],
                known=", ".join([*columns, *optional]),
            )
    missing = [name for name in columns if name not in found[0].values]
    if missing:
        raise Refusal("table_columns_missing", where=path.name, columns=", ".join(missing))
    return found


def _from_table(path: Path) -> list[Row]:
    rows = open_table(path).sheets[0].rows
    headings = [column_of(text_of(cell)) for cell in rows[0]]
    found = []
    for line, cells in enumerate(rows[1:], start=2):
        texts = [text_of(cell) for cell in cells]
        if any(texts):
            named = dict(zip(headings, [*texts, *[""] * len(headings)], strict=False))
            place = render(N_("line %(number)s"), {"number": line})
            found.append(Row(place, {key: value for key, value in named.items() if key}))
    return found


def _from_json(path: Path, key: str) -> list[Row]:
    try:
        body: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refusal("publish_json_wrong", where=path.name, key=key) from error
    if isinstance(body, dict) and set(body) == {key}:
        body = body[key]
    if not isinstance(body, list):
        raise Refusal("publish_json_wrong", where=path.name, key=key)
    found = []
    for number, item in enumerate(body):
        place = f"{key}[{number}]"
        if not isinstance(item, dict):
            raise Refusal("publish_json_wrong", where=place, key=key)
        values: dict[str, str] = {}
        for name, value in item.items():
            plain = isinstance(value, str) or (
                isinstance(value, int) and not isinstance(value, bool)
            )
            if value is not None and not plain:
                raise Refusal("publish_value_wrong", where=place, column=name, value=str(value))
            values[name] = "" if value is None else str(value).strip()
        found.append(Row(place, values))
    return found
