"""What commands say to people in Chinese is Chinese: no key and no state of the code shows through.

The story of the documentation is told once more; what each command answered is written as text, as
anybody without `--json` reads it. English words that may stand there are those that people type:
fields, settings, codes of rules, names of tables and files, keys of the keyboard.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from learnsite_desktop.cli.text import render_answer
from learnsite_desktop.domain.issues import ISSUES
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.platform import i18n
from learnsite_desktop.services.official.catalogue import catalogue
from learnsite_desktop.services.official.statutory import LABELS
from learnsite_desktop.services.policy import DEFAULTS
from tests.docs.test_docs import Story
from tests.support import CommandLine, Folders

_WORD = re.compile(r"(?<![\w.])[A-Za-z][A-Za-z_]*[A-Za-z](?![\w.])")
_NO_WORDS = re.compile(
    r"""\S*[/\\]\S*                                   # places
      | \S*\.[a-z]{2,4}\b                             # files
      | [A-Za-z0-9_-]*\d[A-Za-z0-9_-]*                # marks, codes with digits, records
      | \b[A-Z]{2,4}(?:-[A-Z]{2,4})+\b                # groups of a code without a digit
      | [A-Za-z_-]{18,}(?<!_committee)                # marks without a digit
      | [\w-]+…                                       # a word that was cut
      | 第[A-Z]+                                      # chapters of a document
      | \b(?:site|kind):\w+                           # classes of units, with their words beside
      | \S+、\d{12}、\S+                              # what one line of a table is about
    """,
    re.VERBOSE,
)
TYPED = {
    *(name for kind in KINDS.values() for name in kind.fields),
    *DEFAULTS, *("on", "off", "banner", "wide", "signin"),
    *LABELS, *catalogue().reports,
}  # fmt: skip
"""Fields, settings and their values, official cells, reports: people write them in commands."""

NAMED = {
    "checklists": {"village", "township"},
    "publish": {"county", "township", "village", "year", "any"},
}
"""What one command has to be given: the name of a checklist, the lines of a file."""

COLUMNS = {"age", "total", "notes", "headcount", "asked", "attendance", "roster", "ledger"}
"""Columns and tables of files that are read."""

KEYBOARD = {"Enter", "Ctrl", "Excel", "WPS", "GB", "MB", "KB", "CSV", "PDF"}


def foreign(text: str) -> Iterator[str]:
    """Yield the English words of a text that nobody has to type."""
    for word in _WORD.findall(_NO_WORDS.sub(" ", text)):
        if word not in TYPED | COLUMNS | KEYBOARD and not word.isupper() and word not in ISSUES:
            yield word


@pytest.fixture
def told(cli: CommandLine, folders: Folders) -> dict[str, list[dict[str, Any]]]:
    """Every answer of the story, by command."""
    story = Story(cli, folders)
    for part in ("begin", "review", "ask", "correct", "close", "count", "supervise", "end"):
        getattr(story, part)()
    return story.answers


@pytest.mark.usefixtures("qapp")
def test_answers_in_chinese_hold_no_words_of_the_code(
    told: dict[str, list[dict[str, Any]]],
) -> None:
    i18n.use("zh")
    found: dict[str, set[str]] = {}
    for name, answers in told.items():
        for answer in answers:
            for word in set(foreign(render_answer(answer))) - NAMED.get(name, set()):
                found.setdefault(word, set()).add(name)
    assert not found, found


def test_a_word_of_the_code_would_be_seen() -> None:
    assert list(foreign("状态 fast_forward")) == ["fast_forward"]
    assert list(foreign("not_taken: 无")) == ["not_taken"]
    assert not list(foreign("文件 /tmp/x.lsb，字段 headcount，按 Ctrl+O，2026-03，AGE_TO_YEAR"))
