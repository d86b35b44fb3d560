"""Every screen at the smallest window: nothing clipped, nothing nameless, nothing untranslated."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.platform import i18n
from learnsite_desktop.services.records import list_records
from learnsite_desktop.services.trial.story import Story
from learnsite_desktop.services.trial.village import found_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.main_window import MainWindow
from learnsite_desktop.ui.navigation import ENTRIES, entries_for
from tests.desks import COUNTY, NOW, TOWNSHIP, Desk
from tests.ui.conftest import OpenWindow, idle

WIDTH, HEIGHT = 1366, 700
PAGES = {
    "tools": ("compare", "batch", "entering", "sheets", "registers"),
    "inbox": ("batches", "uncounted"),
}
"""The pages within a screen, by what `open` calls them."""
CLOCK = FixedClock(datetime.fromisoformat(NOW))
EVERY_LOOK = ((10, False), (16, True))
"""Both sizes and both sets of colours; `test_theme` shows that colours have no part in sizes."""
_CJK = re.compile(r"[\u3400-\u9fff]+")
_TAGS = re.compile(r"<[^>]*>")
_ALLOWED = re.compile(
    r"\b(Ctrl|Alt|Shift|Enter|Esc|Space|Del|Delete|Tab|Backspace|Up|Down|Left|Right|PgUp|PgDn|PgDown"
    r"|F\d+|English|Excel|PDF|QR|JPEG|PNG|CSV|PLEAXMRW|[A-Z])\b"
)


def written() -> list[str]:
    """The screens, all of them."""
    return [entry.name for entry in ENTRIES]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_of_the_village(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "village"
    found_trial(folder, CLOCK)
    about = abouts(folder)
    i18n.use(language)
    window = open_window(folder)
    window.resize(WIDTH, HEIGHT)
    walk = Walk(window, data_words())
    for points, dark in EVERY_LOOK:
        window.set_look(points=points, dark=dark)
        for name in written():
            window.go(name, about.get(name, ""))
            idle(qtbot, window)
            walk.look(f"{name} {points} pt {'dark' if dark else 'light'}")
    assert not walk.problems, "\n".join(dict.fromkeys(walk.problems))


@pytest.mark.parametrize(("tier", "unit"), [("township", TOWNSHIP), ("county", COUNTY)])
def test_every_screen_above_the_village(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, tier: str, unit: str
) -> None:
    desk = Desk(tmp_path / tier, unit)
    desk("init", "--tier", tier, "--unit", unit)
    window = open_window(desk.folder)
    window.resize(WIDTH, HEIGHT)
    walk = Walk(window, [])
    window.set_look(points=16)
    for entry in entries_for(tier):
        if entry.name in written():
            window.go(entry.name)
            idle(qtbot, window)
            walk.look(f"{entry.name} at the {tier}")
        for page in PAGES.get(entry.name, ()):
            window.go(entry.name, page)
            idle(qtbot, window)
            walk.look(f"{entry.name} {page} at the {tier}")
    assert not walk.problems, "\n".join(dict.fromkeys(walk.problems))


def test_the_first_run(open_window: OpenWindow, tmp_path: Path) -> None:
    problems: list[str] = []
    for language in ("zh", "en"):
        i18n.use(language)
        window = open_window(tmp_path / language / "nothing", desk=False)
        QCoreApplication.processEvents()
        window.resize(WIDTH, HEIGHT)
        walk = Walk(window, ["中文"])
        for points, dark in EVERY_LOOK:
            window.set_look(points=points, dark=dark)
            walk.look(f"first run {language} {points} pt")
        problems += walk.problems
    assert not problems, "\n".join(dict.fromkeys(problems))


def abouts(folder: Path) -> dict[str, str]:
    """What the screens that are about one record show: a session with a roll, and so on."""
    with Workspace(folder, CLOCK, write=False) as workspace:
        classes = [row for row in list_records(workspace, "activity") if row["kind"] == "01"]
        sessions = [
            row for row in list_records(workspace, "session") if row["activity"] == classes[0]["id"]
        ]
        return {
            "roll_call": sessions[0]["id"],
            "activity": classes[0]["id"],
            "learner": list_records(workspace, "learner")[0]["id"],
            "manual": "roll_call",
        }


def data_words() -> list[str]:
    """Every text that was entered: it may be Chinese on an English screen."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for part in value.values():
                yield from texts(part)
        elif isinstance(value, list):
            for part in value:
                yield from texts(part)

    return [*texts(Story(CLOCK.now().date()).told()), "试用村", "试用镇", "试用县", "中文"]


class Walk:
    """Looks at everything that is visible in a window and notes what is wrong."""

    def __init__(self, window: MainWindow, data: list[str]) -> None:
        self.window = window
        self.data = data
        self.problems: list[str] = []
        self._where = ""

    def look(self, where: str) -> None:
        """Check the window as it is."""
        self._where = where
        for _pass in range(3):
            QCoreApplication.sendPostedEvents()
        if self.window.width() > WIDTH or self.window.height() > HEIGHT:
            self._note(f"grew to {self.window.width()}×{self.window.height()}", self._widest())
        least = self.window.minimumSizeHint()
        if least.width() > WIDTH or least.height() > HEIGHT:
            self._note(f"needs {least.width()}×{least.height()}", self._widest())
        self.window.resize(WIDTH, HEIGHT)
        QCoreApplication.sendPostedEvents()
        for widget in self.window.findChildren(QWidget):
            if widget.isVisible() and widget.window() is self.window:
                self._check(widget)

    def _check(self, widget: QWidget) -> None:
        self._clipped(widget)
        self._outside(widget)
        self._nameless(widget)
        for text in texts_of(widget):
            self._untranslated(widget, text)

    def _note(self, what: str, widget: QWidget | None) -> None:
        text = next(iter(texts_of(widget)), "") if widget is not None else ""
        kind = type(widget).__name__ if widget is not None else ""
        self.problems.append(f"{self._where}: {what}: {kind} “{text[:50]}”")

    def _widest(self) -> QWidget | None:
        visible = [one for one in self.window.findChildren(QWidget) if one.isVisible()]
        leaves = [one for one in visible if not one.findChildren(QWidget)]
        return max(leaves, key=lambda one: one.minimumSizeHint().width(), default=None)

    # Clipped

    def _clipped(self, widget: QWidget) -> None:
        if widget.property("elides"):
            return
        if isinstance(widget, QLabel) and widget.text():
            self._clipped_label(widget)
        elif isinstance(widget, QAbstractButton) and shows_text(widget):
            if widget.sizeHint().width() > widget.width() + 1:
                self._note("clipped", widget)
        elif isinstance(widget, QGroupBox):
            if widget.minimumSizeHint().width() > widget.width() + 1:
                self._note("clipped", widget)
        elif isinstance(widget, QHeaderView):
            self._clipped_header(widget)
        elif isinstance(widget, QComboBox):
            self._clipped_choice(widget)
        elif isinstance(widget, QScrollArea) and widget.horizontalScrollBar().maximum() > 0:
            self._note("scrolls sideways", widget)

    def _clipped_label(self, label: QLabel) -> None:
        if label.wordWrap():
            if label.heightForWidth(label.width()) > label.height() + 1:
                self._note("clipped below", label)
        elif label.sizeHint().width() > label.width() + 1:
            self._note("clipped", label)
        elif label.sizeHint().height() > label.height() + 1:
            self._note("clipped below", label)

    def _clipped_choice(self, box: QComboBox) -> None:
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        room = box.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
        )
        if box.fontMetrics().horizontalAdvance(box.currentText()) > room.width():
            self._note(f"clipped choice {box.currentText()}", box)

    def _clipped_header(self, header: QHeaderView) -> None:
        model = header.model()
        if header.orientation() != Qt.Orientation.Horizontal or model is None:
            return
        for section in range(header.count()):
            text = str(model.headerData(section, header.orientation()))
            lines = text.split("\n")
            needed = max(header.fontMetrics().horizontalAdvance(line) for line in lines) + 4
            hidden = header.isSectionHidden(section) or not text
            if not hidden and needed > header.sectionSize(section):
                self._note(f"clipped heading {text}", header)

    def _outside(self, widget: QWidget) -> None:
        if any(isinstance(one, QAbstractScrollArea) for one in ancestors(widget)):
            return
        place = widget.rect().translated(widget.mapTo(self.window, widget.rect().topLeft()))
        if not self.window.rect().adjusted(-1, -1, 1, 1).contains(place):
            self._note("outside the window", widget)

    # Names and words

    def _nameless(self, widget: QWidget) -> None:
        if (
            widget.focusPolicy() == Qt.FocusPolicy.NoFocus
            or not widget.isEnabled()
            or widget.focusProxy() is not None
            or widget.objectName().startswith("qt_")
            or widget.focusPolicy() & Qt.FocusPolicy.TabFocus != Qt.FocusPolicy.TabFocus
        ):
            return
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip():
            self._note("has no accessible name", widget)

    def _untranslated(self, widget: QWidget, text: str) -> None:
        plain = _TAGS.sub(" ", text)  # what stands in two cells is two words
        if i18n.language() == "zh":
            word = re.search(r"[A-Za-z]{2,}", _ALLOWED.sub("", plain))
            if word and not _CJK.search(plain) and not self._is_data(plain):
                self._note(f"not Chinese “{plain[:40]}”", widget)
        else:
            for word in _CJK.findall(plain):
                if not any(word in one for one in self.data):
                    self._note(f"not English “{word[:40]}”", widget)

    def _is_data(self, text: str) -> bool:
        """Paths, codes and fingerprints are no words."""
        return "/" in text or "\\" in text or re.fullmatch(r"[\w-]{12,}", text) is not None


def ancestors(widget: QWidget) -> Iterator[QWidget]:
    """The widgets around a widget, inside its window."""
    above = widget.parentWidget()
    while above is not None and not above.isWindow():
        yield above
        above = above.parentWidget()


def shows_text(button: QAbstractButton) -> bool:
    """Whether a button's text is seen: a tool button may show its picture alone."""
    alone = Qt.ToolButtonStyle.ToolButtonIconOnly
    picture = isinstance(button, QToolButton) and button.toolButtonStyle() == alone
    return bool(button.text()) and not (picture and not button.icon().isNull())


def texts_of(widget: QWidget | None) -> list[str]:
    """What a widget says: its text, placeholder, title, headings, tooltip, accessible name."""
    if widget is None:
        return []
    found = [widget.accessibleName(), widget.toolTip()]
    if isinstance(widget, QLabel | QAbstractButton):
        found.insert(0, widget.text())
    elif isinstance(widget, QGroupBox):
        found.insert(0, widget.title())
    elif isinstance(widget, QLineEdit):
        found.insert(0, widget.placeholderText())
    elif isinstance(widget, QHeaderView) and widget.model() is not None:
        found += [
            str(widget.model().headerData(n, widget.orientation()) or "")
            for n in range(widget.count())
            if widget.orientation() == Qt.Orientation.Horizontal
        ]
    if any(isinstance(one, QAbstractItemView) for one in ancestors(widget)):
        found = [text for text in found if not isinstance(widget, QLineEdit)]
    return [text for text in found if text]
