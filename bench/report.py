"""Writing a long workbook: `python -m bench.report JOB FILE ROWS` prints JSON.

`ours` writes the rows by the product's writer, where no text can become a formula; `bare` hands
the same values to openpyxl's write-only workbook. Times are CPU seconds.
"""

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook

from bench.material import CHINA
from learnsite_desktop.reports.workbook import Cell, Sheet, ident, write_workbook

_WIDE = 20
_NAMES = ("荣庄村教学点", "书法班", "周桂兰", "活动室", "已举办", "2026-03-03")
_MADE = datetime(2026, 4, 2, 10, tzinfo=CHINA)


def rows_of(count: int) -> list[list[Cell]]:
    """Return rows of 20 cells: two ids, ten texts, six counts, two shares."""
    rng = Random(14)
    return [
        [
            ident(f"4101221012{number % 100:02}"),
            ident(f"144{rng.randrange(10**8):08}"),
            *(Cell(f"{rng.choice(_NAMES)}{rng.randrange(900)}") for _each in range(10)),
            *(Cell(rng.randrange(2000)) for _each in range(6)),
            *(Cell(rng.random(), "0.00%") for _each in range(2)),
        ]
        for number in range(count)
    ]


def ours(path: Path, rows: list[list[Cell]]) -> int:
    """Write the rows by the product's writer."""
    sheet = Sheet("台账", ("台账",), tuple(f"列{n}" for n in range(_WIDE)), rows)
    return write_workbook(path, [sheet], title="台账", made=_MADE)


def bare(path: Path, rows: list[list[Cell]]) -> float:
    """Write the same values by openpyxl alone; return the CPU seconds."""
    values = [[cell.value for cell in row] for row in rows]
    start = time.process_time()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for row in values:
        sheet.append(row)
    book.save(path)
    return time.process_time() - start


def main(words: list[str]) -> None:
    """Run the job named first."""
    job, path, count = words
    rows = rows_of(int(count))
    start = time.process_time()
    result: dict[str, Any]
    if job == "ours":
        cells = ours(Path(path), rows)
        result = {"cpu": time.process_time() - start, "cells": cells}
    else:
        result = {"cpu": bare(Path(path), rows)}
    print(json.dumps({**result, "bytes": Path(path).stat().st_size}))


if __name__ == "__main__":
    main(sys.argv[1:])
