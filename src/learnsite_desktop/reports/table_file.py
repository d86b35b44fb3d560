"""One table as a file: a workbook or CSV, as the suffix of its name says."""

from datetime import datetime
from pathlib import Path
from typing import Final

from learnsite_desktop.reports.delimited import write_csv
from learnsite_desktop.reports.workbook import Sheet, write_workbook

XLSX: Final = ".xlsx"
CSV: Final = ".csv"
SUFFIXES: Final = (XLSX, CSV)


def write_table(path: Path, sheet: Sheet, *, title: str, made: datetime) -> int:
    """Write a sheet and return how many cells have a value; a file of that name is replaced.

    CSV has the columns in its first line and no heading above them. KeyError for another suffix.
    """
    suffix = path.suffix.lower()
    if suffix == CSV:
        rows = ([cell.value for cell in row] for row in sheet.rows)
        return write_csv(path, [list(sheet.columns), *rows])
    if suffix != XLSX:
        raise KeyError(suffix)
    return write_workbook(path, [sheet], title=title, made=made)
