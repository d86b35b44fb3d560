"""Rows of the table of results, and the page they are printed on."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `value` is what was measured, compared with `goal` and `stretch`.

    `more` turns the comparison round (more is better); without a goal the line is only told.
    """

    goal_id: str
    job: str
    anchor: str
    measured: str
    value: float | None = None
    goal: float | None = None
    stretch: float | None = None
    more: bool = False
    unit: str = "×"

    def _reached(self, limit: float | None) -> bool:
        if limit is None or self.value is None:
            return False
        return self.value >= limit if self.more else self.value <= limit

    @property
    def verdict(self) -> str:
        """What became of the goal."""
        if self.goal is None:
            return ""
        if self.value is None:
            return "not measured"
        if self._reached(self.stretch):
            return "yes, stretch too"
        return "yes" if self._reached(self.goal) else "**no**"

    def cells(self) -> list[str]:
        """Return the line's texts."""
        sign = "≥" if self.more else "≤"
        return [
            self.goal_id,
            self.job,
            self.anchor,
            self.measured,
            "" if self.value is None else f"{self.value:.3g} {self.unit}",
            "" if self.goal is None else f"{sign} {self.goal:g} {self.unit}",
            "" if self.stretch is None else f"{sign} {self.stretch:g} {self.unit}",
            self.verdict,
        ]


HEADS = ("goal", "job", "measured against", "figures", "result", "goal", "stretch", "met")


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def markdown(rows: Sequence[Row]) -> str:
    """Return the table."""
    lines = [HEADS, tuple("---" for _ in HEADS), *(tuple(row.cells()) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Return what was measured on, in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip()
            for line in cpuinfo.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    return f"{os.cpu_count()} × {model}, {platform.system()}"


def versions() -> str:
    """Return what took part, in one line."""
    packages = ", ".join(
        f"{name} {version(name)}"
        for name in ("learnsite", "msgspec", "zstandard", "pyrage", "cryptography")
    )
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"


def page(rows: Sequence[Row], how: str, notes: str) -> str:
    """Return the whole page of results."""
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    return f"""# Benchmarks

Made by `make bench`; goals are ratios, for absolute figures belong to the machine.

{date}. {machine()}. {versions()}.
{how}

{markdown(rows)}
{notes}"""
