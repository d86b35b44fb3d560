"""Qt's own dialogs and menus speak the language of the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui import language
from tests.ui.standard_dialogs import DIALOGS, FIELDS, is_untranslated, menu_texts, texts

PAPERS = ("JIS B", "ANSI ")
"""Names of paper sizes, the same in every language."""


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication) -> Iterator[None]:
    former = QLocale()
    language.install(qapp, "zh")
    yield
    language.install(qapp, "en")
    QLocale.setDefault(former)


def untranslated(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out papers, measures ("10 x 11 in") and folders."""
    return [
        (kind, text)
        for kind, text in found
        if is_untranslated(text)
        and not text.startswith((*PAPERS, "/"))
        and not (" x " in text and text[0].isdigit())
    ]


@pytest.mark.qt_log_ignore("Cannot be used on non-native printers", extend=True)
@pytest.mark.parametrize("name", DIALOGS)
def test_every_standard_dialog_is_chinese(qtbot: QtBot, name: str) -> None:
    dialog = DIALOGS[name]()
    qtbot.addWidget(dialog)
    dialog.show()
    found = list(texts(dialog))
    assert any(text for _kind, text in found)
    assert untranslated(found) == []


@pytest.mark.parametrize("name", FIELDS)
def test_every_context_menu_is_chinese(qtbot: QtBot, name: str) -> None:
    field = FIELDS[name]()
    qtbot.addWidget(field)
    found = menu_texts(field)
    assert found
    assert untranslated(found) == []


def test_our_words_come_before_those_of_qt(qtbot: QtBot) -> None:
    dialog = DIALOGS["open a file"]()
    qtbot.addWidget(dialog)
    words = {text for _kind, text in texts(dialog)}
    assert {"位置：", "大小", "文件名(&N)："} <= words


def test_english_comes_back(qapp: QApplication, qtbot: QtBot) -> None:
    language.install(qapp, "en")
    dialog = DIALOGS["open a file"]()
    qtbot.addWidget(dialog)
    assert "Look in:" in {text for _kind, text in texts(dialog)}
    assert QLocale().language() == QLocale.Language.English


def test_dates_are_chinese() -> None:
    assert QLocale().monthName(3) == "三月"


def test_an_unknown_language_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        language.install(qapp, "fr")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Look in:", True),
        ("&Copy\tCtrl+C", True),
        ("复制(&C)\tCtrl+C", False),
        ("A4", False),
        ("导出 Excel", False),
        ("<b>粗</b>", False),
        ("", False),
    ],
)
def test_the_rule_knows_what_is_untranslated(text: str, wrong: bool) -> None:
    assert is_untranslated(text) is wrong
