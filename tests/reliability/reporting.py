"""The figures of the reliability suites: a table at the end of a run, a file after a long one."""

import json
from pathlib import Path
from typing import Final

import pytest

REPORT: Final = Path(__file__).resolve().parents[2] / "build" / "reliability.json"
FIGURES: Final = "reliability"
"""The property of a test's report under which its figures stand, as JSON."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures as a table, and write them down when a long run made them."""
    rows = []
    for outcome in ("passed", "failed"):
        for found in terminalreporter.getreports(outcome):
            for name, value in found.user_properties:
                if name == FIGURES:
                    rows.append({"outcome": outcome, "test": found.nodeid, **json.loads(value)})
    if not rows:
        return
    terminalreporter.section("reliability")
    for row in sorted(rows, key=lambda row: (row["promise"], row["test"])):
        figures = {
            key: value for key, value in row.items() if key not in {"promise", "test", "outcome"}
        }
        shown = ", ".join(f"{key} {_shown(value)}" for key, value in figures.items())
        terminalreporter.write_line(f"{row['outcome']:6}  {row['promise']}: {shown}")
    if "soak" in str(terminalreporter.config.getoption("markexpr")).replace("not soak", ""):
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key} {count}" for key, count in value.items()) + ")"
    return str(value)
