"""Reading the plain CSV tables that the product ships or a county hands in."""

import csv
from collections.abc import Sequence
from pathlib import Path

from learnsite_desktop.domain.refusals import Refusal


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a CSV file as mappings from heading to stripped text; blank lines are kept out.

    The file is UTF-8, with or without a byte order mark. Refuses ``table_unreadable`` (no such
    file, not UTF-8, not CSV) and ``table_columns_missing`` when a heading of ``columns`` lacks.
    Every row holds every heading, so row *n* of a file without blank lines is line *n* + 1.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restkey="", restval="", strict=True)
            headings = [heading.strip() for heading in reader.fieldnames or ()]
            reader.fieldnames = headings
            found = [
                {key: value.strip() for key, value in row.items() if isinstance(value, str)}
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refusal("table_unreadable", where=str(path)) from error
    missing = [column for column in columns if column not in headings]
    if missing:
        raise Refusal("table_columns_missing", where=str(path), columns=", ".join(missing))
    return [row for row in found if any(row.values())]
