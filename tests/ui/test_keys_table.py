"""The F keys of every screen are those of the table in docs/keys.md, and the help says their sense.

A key that means one thing at the village must not mean the opposite at the county: whoever adds a
key to a screen has to find its place in the table.
"""

import re

import pytest

from tests.arch.source import PACKAGE, ROOT

KEYS = ("F3", "F4", "F5", "F6", "F7")
SCREENS = PACKAGE / "ui" / "screens"
_KEY = re.compile(r"""["'](?:Shift\+)?(F[3-7])["']|Key_(F[3-7])\b""")
_ROW = re.compile(r"^\| `(\w+)` \|(.*)\|$", re.MULTILINE)


def used() -> dict[str, set[str]]:
    """Return by screen the F keys that stand in its code as keys, not only in its texts."""
    found: dict[str, set[str]] = {}
    for folder in SCREENS.iterdir():
        code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
        keys = {one or other for one, other in _KEY.findall(code)}
        if keys:
            found[folder.name] = keys
    return found


def table() -> dict[str, set[str]]:
    """Return by screen the F keys that the table has an entry for."""
    text = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    rows: dict[str, set[str]] = {}
    for name, cells in _ROW.findall(text):
        entries = [cell.strip() for cell in cells.split("|")]
        assert len(entries) == len(KEYS), name
        rows[name] = {key for key, entry in zip(KEYS, entries, strict=True) if entry}
    return rows


def test_the_table_lists_what_the_screens_do() -> None:
    assert table() == used()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_says_what_each_stands_for(language: str) -> None:
    text = (ROOT / "resources" / "help" / language / "keys.md").read_text(encoding="utf-8")
    for key in (*KEYS, "F8"):
        assert text.count(f"| `{key}` |") == 1, key


@pytest.mark.parametrize("screen", ["inbox", "review", "submission"])
def test_files_for_below_have_the_same_key_everywhere(screen: str) -> None:
    text = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    cells = next(cells for name, cells in _ROW.findall(text) if name == screen)
    assert "files for below" in cells.split("|")[KEYS.index("F7")]
