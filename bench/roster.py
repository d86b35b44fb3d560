"""Taking a list of people in: `python -m bench.roster JOB FILE …` prints JSON.

`make` writes the list, 20 columns wide; `ours` reads it, finds out what its columns mean, checks
every row by all rules and compares it with the people kept, writing nothing; `bare` lets openpyxl
read every cell in its read-only way and does nothing with it. Times are CPU seconds.
"""

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook, load_workbook

from bench.material import CHINA
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services import founding, roster
from learnsite_desktop.services.trial.people import NamePools
from learnsite_desktop.services.workspace import Workspace

VILLAGE = "410122101205"
_CLOCK = FixedClock(datetime(2026, 4, 2, 10, tzinfo=CHINA))
_HEAD = (
    "序号",
    "姓 名",
    "性别",
    "出生日期",
    "年龄",
    "联系电话",
    "家庭住址",
    "文化程度",
    "人员类别",
    "备注",
)
_WORDS = (("初中", "高中", "小学", None), ("农民", "志愿者", "退役军人", None))
_WIDE = 20


def make(path: Path, count: int) -> dict[str, Any]:
    """Write a list of `count` people."""
    rng, pools = Random(13), NamePools(resource("demo", "names_zh.json"))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(["全镇学员名册"])
    sheet.append([*_HEAD, *(f"附加{number}" for number in range(_WIDE - len(_HEAD)))])
    for number in range(1, count + 1):
        year, sex = rng.randint(1935, 1990), rng.choice("MF")
        name = pools.surname(rng) + pools.given(rng, year, sex)
        day = f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        words = [rng.choice(each) for each in _WORDS]
        row = [number, name, "男" if sex == "M" else "女", day, None, 14400000000 + number]
        row += [f"{rng.randint(1, 20)}组{rng.randint(1, 300)}号", *words, None]
        sheet.append([*row, *(rng.choice((f"值{n}", n)) for n in range(_WIDE - len(row)))])
    book.save(path)
    return {"bytes": path.stat().st_size}


def ours(path: Path, folder: Path) -> dict[str, Any]:
    """Preview the list for an empty village."""
    if not folder.exists():
        founding.found(folder, _CLOCK, tier="village", unit=VILLAGE)
    with Workspace(folder, _CLOCK, write=False) as workspace:
        start = time.process_time()
        table = roster.open_table(path)
        read = time.process_time() - start
        seen = roster.preview(workspace, table, roster.Target())
        cpu = time.process_time() - start
    return {"cpu": cpu, "read": read, "rows": len(seen.rows), "sound": seen.created}


def bare(path: Path) -> dict[str, Any]:
    """Read every cell."""
    start = time.process_time()
    book = load_workbook(path, read_only=True)
    cells = sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    book.close()
    return {"cpu": time.process_time() - start, "cells": cells}


def main(words: list[str]) -> None:
    """Run the job named first."""
    job, path, *rest = words
    jobs = {
        "make": lambda: make(Path(path), int(rest[0])),
        "ours": lambda: ours(Path(path), Path(rest[0])),
        "bare": lambda: bare(Path(path)),
    }
    print(json.dumps(jobs[job]()))


if __name__ == "__main__":
    main(sys.argv[1:])
