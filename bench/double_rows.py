"""The rows of the table about people recorded twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.table import Row, median

Figures = Mapping[str, Sequence[Mapping[str, Any]]]

_ANCHOR = "self-join on names of a plain table, in clear, pairs not judged"
_MANY = 10_000
"""From so many people on, the time is judged: a small table joins in no time."""


def double_rows(figures: Figures, sizes: Sequence[int]) -> list[Row]:
    """Return time, precision and recall of the search among so many people."""
    return [row for size in sizes for row in _rows_of(figures, size)]


def _rows_of(figures: Figures, size: int) -> list[Row]:
    told = f"those of {size:,} people who are recorded twice"
    ours, few, bare = (figures[f"doubles {job} {size}"] for job in ("ours", "few", "bare"))
    own, came, joined = (median([run["cpu"] for run in runs]) for runs in (ours, few, bare))
    found = ours[0]
    goal, stretch = (15, 8) if size >= _MANY else (None, None)
    newly = f"{few[0]['people']} newcomers among {size:,} people"
    rows = [
        Row("G19", told, _ANCHOR, f"{own:.3g} s : {joined:.3g} s", own / joined, goal, stretch),
        Row(
            *("G19", newly, "everybody", f"{1000 * came:.3g} ms : {1000 * own:.3g} ms"),
            *(100 * came / own, 10, 5),
            unit="%",
        ),
    ]
    counted = f"{found['linked']} linked, {found['wrong']} wrong; {found['truth']} are true"
    rows += [
        Row("G19", f"{told}: {what}", "", counted, 100 * found[key], least, more=True, unit="%")
        for what, key, least in (
            ("linked unasked, precision", "precision_linked", 99.9),
            ("linked unasked, recall", "recall_linked", None),
            ("linked or proposed, recall", "recall", 95),
        )
    ]
    return rows + [
        Row(
            *("", f"{told}: right by the rule {rule}", ""),
            f"{counts['right']} of {counts['found']} pairs",
            100 * counts["right"] / counts["found"],
            unit="%",
        )
        for rule, counts in sorted(found["rules"].items())
    ]
