"""Reading the documentation: fenced blocks, and output in which `…` stands for what is left out."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.arch.source import ROOT

GAP = "…"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    """Return the text of a page, its path below the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[list[str]]:
    """Return the lines of the fenced blocks of a language."""
    return [body.splitlines() for name, body in _FENCE.findall(text) if name == language]


def pages() -> Iterator[Path]:
    """Yield every page that people wrote."""
    yield ROOT / "README.md"
    yield ROOT / "CONTRIBUTING.md"
    yield from sorted((ROOT / "docs").rglob("*.md"))


def left_out(shown: list[str], real: list[str]) -> str:
    """Return the first passage of `shown` that `real` does not have, "" when it is honest.

    A line of `…` alone leaves out any number of lines, inside a line any text. What stands between
    two such lines must follow one another in `real` too.
    """
    start = 0
    for passage in _passages(shown):
        patterns = [
            re.compile(".*".join(map(re.escape, line.split(GAP))), re.DOTALL) for line in passage
        ]
        for place in range(start, len(real) - len(passage) + 1):
            if all(p.fullmatch(real[place + index]) for index, p in enumerate(patterns)):
                start = place + len(passage)
                break
        else:
            return "\n".join(passage)
    return ""


def _passages(shown: list[str]) -> Iterator[list[str]]:
    passage: list[str] = []
    for line in [*shown, GAP]:
        if line != GAP:
            passage.append(line)
        elif passage:
            yield passage
            passage = []
