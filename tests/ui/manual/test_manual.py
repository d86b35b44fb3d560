"""The help: a page for every screen in both languages, true to the keys of its screen."""

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.navigation import ENTRIES
from learnsite_desktop.ui.screens.manual.view import View
from tests.arch.source import PACKAGE, ROOT
from tests.desks import found_village
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow

NAMES = ["first_run", *(entry.name for entry in ENTRIES), "drills", "keys"]
UI = PACKAGE / "ui"

_CODE = re.compile(r"`([^`]+)`")
_KEY = re.compile(
    r"(?:(?:Ctrl|Alt|Shift)\+)*"
    r"(?:F\d{1,2}|[A-Z0-9]|[+-]|Enter|Esc|Space|Delete|Backspace|Up|Down|Left|Right|PgUp|PgDown|Tab)"
)
_SPELLINGS = {
    "Enter": ("Return", "returnPressed", "Key_Enter", "_ENTER", "(Enter)", "activated"),
    "Esc": ("Escape",),
    "PgUp": ("Key_PageUp",),
    "PgDown": ("Key_PageDown",),
}
_BY_QT = frozenset({"Up", "Down", "Left", "Right", "PgUp", "PgDown", "Tab"})
"""Lists and texts know these by themselves."""


def text_of(language: str, name: str) -> str:
    return (ROOT / "resources" / "help" / language / f"{name}.md").read_text(encoding="utf-8")


def keys_of(page: str) -> set[str]:
    """Return the keys that a page names, as Qt writes them."""
    found = {code for code in _CODE.findall(page) if _KEY.fullmatch(code)}
    return {key for key in found if not re.fullmatch(r"\d+|[A-Z]", key)}


def sources(name: str) -> str:
    """Return the code in which a screen's keys stand: its own, the window's, the widgets'."""
    own = UI / "first_run" if name == "first_run" else UI / "screens" / name
    files = [*UI.glob("*.py"), *(UI / "widgets").glob("*.py"), *(UI / "forms").glob("*.py")]
    files += (UI / "screens").glob("*/*.py") if name == "keys" else own.glob("*.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def stands_in(key: str, code: str) -> bool:
    """Whether the code knows a key, by its name or as Qt's constant."""
    if key in _BY_QT or re.fullmatch(r"Alt\+\d", key):
        return True
    last = key.rpartition("+")[2] or "+"
    names = [key, f"Key_{last}" if "+" not in key else key, *_SPELLINGS.get(key, ())]
    if key.startswith("Ctrl+Enter"):
        names.append("Ctrl+Return")
    return any(f'"{name}' in code or f"({name})" in code or name in code for name in names)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_has_its_page_and_no_page_is_over(language: str) -> None:
    folder = ROOT / "resources" / "help" / language
    assert sorted(path.stem for path in folder.glob("*.md")) == sorted(NAMES)
    for name in NAMES:
        title, _, rest = text_of(language, name).partition("\n")
        assert title.startswith("# ")
        assert rest.strip()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_keys_that_exist(name: str) -> None:
    code = sources(name)
    for language in ("zh", "en"):
        named = keys_of(text_of(language, name))
        assert not {key for key in named if not stands_in(key, code)}


def test_keys_are_found_in_a_page() -> None:
    assert keys_of("`Ctrl+S` and `F7`, `7 15 22-24`, `Ctrl++`, `.lso`, `9`") == {
        "Ctrl+S", "F7", "Ctrl++",
    }  # fmt: skip


def test_the_documentation_shows_the_same_keys() -> None:
    text = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    for language in ("zh", "en"):
        assert f"resources/help/{language}/keys.md" in text


def test_f1_explains_the_screen_and_escape_goes_back(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = found_village(tmp_path / "data")
    window = open_window(desk.folder)
    keys = Keys(qtbot, window)
    window.go("preferences")
    keys.press("F1")
    screen = window.current()
    assert isinstance(screen, View)
    assert "经办人" in screen.page.toPlainText()
    keys.press("Escape")
    if window.feedback.text or window.nav.current() != "preferences":
        keys.press("Escape")
    assert window.nav.current() == "preferences"


def test_a_word_finds_its_pages(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = found_village(tmp_path / "data")
    window = open_window(desk.folder)
    keys = Keys(qtbot, window)
    keys.press("F1")
    screen = window.current()
    assert isinstance(screen, View)
    assert screen.list.count() == len(NAMES)
    keys.press("Ctrl+F")
    keys.ime("零报告", keys=9)
    assert screen.list.count() == sum("零报告" in text_of("zh", name) for name in NAMES) > 0
    keys.press("Return")
    assert "零报告" in screen.page.toPlainText()
    assert screen.page.hasFocus()


def test_the_help_lies_over_what_is_half_typed(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = found_village(tmp_path / "data")
    window = open_window(desk.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+N")
    keys.ime("剪纸班", keys=8)
    keys.press("F1")
    assert isinstance(window.current(), View)
    keys.press("Escape")
    keys.ime("一期", keys=4)
    line = window.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "剪纸班一期"
    window.close()
    assert desk("list", "activity")["records"] == []
