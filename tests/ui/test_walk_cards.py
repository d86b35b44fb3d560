"""The pages and cards of all three desks that take most room, at the smallest window.

The tables and files they show are made from the demonstration before the window is opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from learnsite_desktop.platform import drives, i18n
from learnsite_desktop.services.picture_pages import draw_pictures
from learnsite_desktop.ui.code_screen import CodeScreen
from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import Desk
from tests.services.register_book.filling import Filled
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle
from tests.ui.test_walk import EVERY_LOOK, HEIGHT, WIDTH, Walk
from tests.ui.test_walk_county import see

NOW = "2026-04-20T10:00:00+08:00"
COUNTY, TOWNSHIP, VILLAGE = "410122000000", "410122101000", "410122101219"
UNITS = {"county": COUNTY, "township": TOWNSHIP, "village": VILLAGE}
Steps = tuple[tuple[str, tuple[str, ...]], ...]
_PHOTOS: Steps = (
    ("photos of pictures", ("Ctrl+Shift+O",)),
    ("pictures that are missing", ("Return",)),
    ("after the photos", ("Escape",)),
)
_BELOW: Steps = (("files for below", ("F7",)), ("after them", ("Escape",)))
_UPDATES: Steps = (("nothing to make ready", ("Ctrl+S",)),)
_CHECKUP: Steps = (
    ("a line", ("End",)),
    ("the thorough check", ("F6",)),
    ("the pack", ("F7",)),
    ("a file of the pack", ("Down", "Down")),
    ("lines again", ("Escape",)),
)
_PICTURES: Steps = (
    ("files for below", ("F7",)),
    ("pictures", ("Ctrl+T",)),
    ("the last one", ("End",)),
    ("after them", ("Escape", "Escape")),
)
_REGISTERS: Steps = (
    ("the registers", ("5",)),
    ("a unit chosen", ("Return", "Down")),
    ("tools again", ("Escape",)),
)
_BOOK: Steps = (("a fault", ("F8",)), ("all rows", ("F6",)))
_BOARD: Steps = (
    ("text that asks", ("F5",)),
    ("its wording", ("F4",)),
    ("a contact", ("Escape", "F3")),
    ("why numbers", ("Escape", "Ctrl+R")),
    ("a lock", ("Escape", "F6")),
    ("later", ("Escape", "F4")),
    ("why it is opened", ("Escape", "Shift+F6")),
    ("the whole year", ("Escape", "Ctrl+F", "End", "Return")),
    ("the lock of a year", ("F6",)),
    ("board again", ("Escape",)),
)
STEPS: dict[tuple[str, str], Steps] = {
    ("county", "inbox"): (*_BELOW, *_PHOTOS, ("journal", ("F4",)), ("not counted", ("F3",))),
    ("county", "board"): _BOARD,
    ("county", "units"): (
        ("proposals", ("Ctrl+1", "F10")),
        ("a refusal", ("Del",)),
        ("the form it fills", ("Escape", "Return")),
        ("population", ("Escape", "Ctrl+3")),
        ("faults of a table", ("Ctrl+O",)),
        ("population again", ("Escape",)),
    ),
    ("county", "publishing"): (
        ("notices", ("Home",)),
        ("codes", ("Down",)),
        ("targets", ("Down",)),
        ("forms", ("Down",)),
        ("the next", ("Down",)),
        ("the one after it", ("Down",)),
        ("the last", ("End",)),
    ),
    ("county", "tools"): _REGISTERS,
    ("county", "submission"): _PHOTOS,
    ("county", "updates"): _UPDATES,
    ("county", "checkup"): _CHECKUP,
    ("county", "preferences"): (("checks", ("F6",)),),
    ("township", "inbox"): (*_BELOW, *_PHOTOS, ("journal", ("F4",)), ("not counted", ("F3",))),
    ("township", "board"): _BOARD,
    ("township", "units"): (
        ("a village", ("Down", "Down")),
        ("a proposal", ("F3",)),
        ("another one", ("Ctrl+A", *"split", "Return")),
        ("the proposals", ("Escape", "F10")),
        ("the tree again", ("Escape",)),
    ),
    ("township", "tools"): _REGISTERS,
    ("township", "roster_import"): _BOOK,
    ("township", "submission"): (*_PICTURES, *_PHOTOS),
    ("township", "updates"): _UPDATES,
    ("township", "checkup"): _CHECKUP,
    ("township", "preferences"): (("checks", ("F6",)),),
    ("township", "today"): (),
    ("village", "submission"): _PHOTOS,
    ("village", "updates"): _UPDATES,
    ("village", "checkup"): _CHECKUP,
    ("village", "preferences"): (("checks", ("F6",)),),
    ("village", "today"): (),
    ("county", "today"): (),
}
"""By tier and screen: what is seen after which keys."""


@dataclass
class Files:
    """What the next dialog for files answers, and the files that the screens are about."""

    photos: list[str]
    table: str = ""
    book: str = ""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    found = Files([])
    monkeypatch.setattr(drives, "removable_folders", list)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (found.table, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (list(found.photos), ""))
    return found


def made(desk: Desk, tier: str, computer_of: Callable[[str], Path], files: Files) -> None:
    """Put before the desk what its cards show: a photo of one of many pictures, faults, books."""
    place = desk.folder.parent
    table = Workbook()
    sheet = table.active
    assert sheet is not None
    sheet.append(["村", "总人口", "60岁及以上"])
    for number in range(40):
        sheet.append([f"没有这个名字的村庄第{number}号居民委员会", -1, 400])
    table.save(place / "人口.xlsx")
    files.table = str(place / "人口.xlsx")
    village = desk if tier == "village" else Desk(computer_of(VILLAGE), VILLAGE, NOW)
    town = desk if tier == "township" else Desk(computer_of(TOWNSHIP), TOWNSHIP, NOW)
    packed = village.pack(TOWNSHIP, place / "packed")
    with village.open(write=False) as workspace:
        drawn = draw_pictures(workspace, packed, TOWNSHIP)
    (place / "1.png").write_bytes(drawn.pngs[0])
    files.photos.append(str(place / "1.png"))
    if tier == "village":
        return
    words = ("--name", "一个很长很长的新名字" * 3)
    whys = {
        "2026-04-19": "按照上级关于撤并行政村的批复，村民代表会议已经通过。" * 4,
        "2026-04-20": "短",
    }
    for day, why in whys.items():
        town("proposals", "make", "rename", VILLAGE, *words, "--on", day, "--why", why)
    if tier == "county":
        desk.receive(town.pack(COUNTY, place / "up"))
    else:
        town("register", "issue", VILLAGE, "--out", place / "book.xlsx")
        book = Filled(place / "book.xlsx")
        book.learner("一个名字写得很长很长的人" * 2, 出生年月="一九四八年")
        book.learner("冯秀英", 出生年月="1948")
        files.book = str(book.save())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("tier", "screen"), list(STEPS))
def test_cards(
    open_window: OpenWindow,
    qtbot: QtBot,
    computer_of: Callable[[str], Path],
    files: Files,
    tier: str,
    screen: str,
    language: str,
) -> None:
    desk = Desk(computer_of(UNITS[tier]), UNITS[tier], NOW)
    made(desk, tier, computer_of, files)
    i18n.use(language)
    window = open_window(desk.folder, NOW)
    window.resize(WIDTH, HEIGHT)
    walk, keys = Sized(window, language), Keys(qtbot, window)
    about = files.book if screen == "roster_import" else ""
    for points, dark in EVERY_LOOK:
        look = f"{language} {points} {'dark' if dark else 'light'}"
        window.set_look(points=points, dark=dark)
        window.go(screen, about)
        see(qtbot, window)
        walk.look(f"{tier} {screen} {look}")
        for name, pressed in STEPS[tier, screen]:
            for key in pressed:
                keys.press(key)
                see_front(qtbot, window)
            walk.look(f"{tier} {screen}, {name} {look}")
        window.go("today")
        see(qtbot, window)
    assert not walk.problems, "\n".join(dict.fromkeys(walk.problems))


class Sized(Walk):
    """Looks at what is in front, a dialog over the window too; what was entered is Chinese."""

    def __init__(self, window: MainWindow, language: str) -> None:
        super().__init__(window, [])
        self._language = language

    def look(self, where: str) -> None:
        """Check the window as it is, and a dialog in front of it."""
        super().look(where)
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, CodeScreen):
            front: Any = Walk(dialog, [])  # type: ignore[arg-type]
            front.look(f"{where}, in front")
            self.problems += front.problems

    def _untranslated(self, widget: Any, text: str) -> None:
        # Names that were entered stand everywhere; on an English screen they are Chinese.
        if self._language == "zh":
            super()._untranslated(widget, text)


def see_front(qtbot: QtBot, window: MainWindow) -> None:
    """Let the window finish; the dialog in front gets the focus where there is one."""
    idle(qtbot, window)
    front = QApplication.activeModalWidget() or window
    front.activateWindow()
    qtbot.waitUntil(front.isActiveWindow)
