"""Fields, lists and previews, used as people use them: by keys."""

from datetime import date

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QFont, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui import theme
from learnsite_desktop.ui.widgets.choices import CodeChoice, CodeChoices, Option, matching
from learnsite_desktop.ui.widgets.empty import EmptyState
from learnsite_desktop.ui.widgets.enter import EnterMovesOn
from learnsite_desktop.ui.widgets.fields import DateField, NumberField, TextField, TimeField
from learnsite_desktop.ui.widgets.form import FieldForm
from learnsite_desktop.ui.widgets.initials import initials
from learnsite_desktop.ui.widgets.nav_list import NavItem, NavList
from learnsite_desktop.ui.widgets.pages import PagePreview
from learnsite_desktop.ui.widgets.scrolled import scrolled
from learnsite_desktop.ui.widgets.tables import settle
from learnsite_desktop.ui.widgets.typed import read_date, read_number, read_time
from tests.tools.qtkeys import Keys

TODAY = date(2026, 3, 5)
TOPICS = [
    Option("01", "书法"),
    Option("02", "太极拳"),
    Option("03", "广场舞"),
    Option("13", "农业技术"),
]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-3-5", date(2026, 3, 5)),
        ("2026/03/05", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("２０２６－３－５", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("3.5", date(2026, 3, 5)),
        ("3。5", date(2026, 3, 5)),
        ("3月5号", date(2026, 3, 5)),
        ("305", date(2026, 3, 5)),
        ("1105", date(2026, 11, 5)),
        ("28", date(2026, 3, 28)),
        ("12.28", date(2025, 12, 28)),
        ("今天", TODAY),
        (" 昨 天 ", date(2026, 3, 4)),
        ("后天", date(2026, 3, 7)),
        ("1 5", date(2026, 1, 5)),
        ("2026 3 5", date(2026, 3, 5)),
        ("3 月 5 日", date(2026, 3, 5)),
        ("3 05 1", None),
        ("2026 0305", None),
        ("229", None),
        ("13.1", None),
        ("2026-02-30", None),
        ("202635", None),
        ("2026035", None),
        ("某天", None),
        ("", None),
    ],
)
def test_dates_as_people_type_them(text: str, read: date | None) -> None:
    assert read_date(text, TODAY) == read


def test_a_leap_day_without_a_year() -> None:
    assert read_date("2.29", date(2028, 3, 1)) == date(2028, 2, 29)
    assert read_date("1.5", date(2026, 12, 20)) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("900", "09:00"),
        ("0900", "09:00"),
        ("9", "09:00"),
        ("14", "14:00"),
        ("1430", "14:30"),
        ("9:00", "09:00"),
        ("9.30", "09:30"),
        ("９：３０", "09:30"),
        ("9点半", "09:30"),
        ("9点", "09:00"),
        ("9点15分", "09:15"),
        ("下午2点", "14:00"),
        ("下午 2:30", "14:30"),
        ("9 30", "09:30"),
        ("1 430", None),
        ("25", None),
        ("9:75", None),
        ("960", None),
        ("九点", None),
        ("", None),
    ],
)
def test_times_as_people_type_them(text: str, read: str | None) -> None:
    assert read_time(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("１２", 12), (" 7 ", 7), ("0", 0), ("501", None), ("-1", None), ("七", None)],
)
def test_numbers_as_people_type_them(text: str, read: int | None) -> None:
    assert read_number(text, 0, 500) == read


def test_initials_of_labels() -> None:
    assert initials("太极拳") == "tjq"
    assert initials("农业技术 A1") == "nyjs a1"
    assert initials("") == ""


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1", ["13"]),
        ("０２", ["02"]),
        ("舞", ["03"]),
        ("gcw", ["03"]),
        ("NY", ["13"]),
        ("", ["01", "02", "03", "13"]),
        ("xyz", []),
    ],
)
def test_options_by_code_word_or_initials(typed: str, codes: list[str]) -> None:
    found = [option.code for option in matching(TOPICS, typed)]
    assert found == codes


class Sheet:
    """A form with one field of each sort, and the keyboard."""

    def __init__(self, qtbot: QtBot) -> None:
        self.form = FieldForm()
        self.name = TextField("")
        self.day = DateField("", lambda: TODAY)
        self.start = TimeField("")
        self.count = NumberField("", high=500)
        self.topic = CodeChoice("", TOPICS)
        self.many = CodeChoices("", TOPICS)
        self.proxy = QCheckBox("代签")
        for label, field in (
            ("名称", self.name),
            ("日期", self.day),
            ("开始", self.start),
            ("人数", self.count),
            ("主题", self.topic),
            ("去向", self.many),
        ):
            self.form.add(label, field)
        self.form.add_wide(self.proxy)
        self.finished: list[bool] = []
        self.form.enter.finished.connect(lambda: self.finished.append(True))
        self.area = scrolled(self.form)
        qtbot.addWidget(self.area)
        self.area.resize(400, 120)
        self.keys = Keys(qtbot, self.area)
        self.name.setFocus()


@pytest.fixture
def sheet(qtbot: QtBot) -> Sheet:
    return Sheet(qtbot)


def test_a_form_is_filled_by_keys_alone(sheet: Sheet) -> None:
    keys = sheet.keys
    keys.ime("太极拳班", keys=9, composing="tjqb")
    keys.press("Return")
    keys.type("304")
    keys.press("Return")
    keys.type("900")
    keys.press("Enter")
    keys.type("30")
    keys.press("Return")
    keys.type("tj")
    keys.press("Return")
    assert sheet.name.value() == "太极拳班"
    assert sheet.day.value() == "2026-03-04"
    assert sheet.start.value() == "09:00"
    assert sheet.count.value() == 30
    assert sheet.topic.value() == "02"
    assert sheet.topic.text() == "太极拳"
    assert QApplication.focusWidget() is sheet.many.field
    assert keys.count == 9 + 1 + 4 + 4 + 3 + 3
    keys.type("13")
    keys.press("Return")
    assert sheet.many.values() == ["13"]
    assert QApplication.focusWidget() is sheet.proxy
    keys.press("Space")
    assert sheet.proxy.isChecked()
    assert not sheet.finished
    keys.press("Return")
    assert sheet.finished == [True]


def test_the_next_field_is_brought_into_view(sheet: Sheet) -> None:
    for _time in range(4):
        sheet.keys.press("Return")
    assert sheet.topic.hasFocus()
    place = sheet.topic.mapTo(sheet.area.viewport(), sheet.topic.rect().center())
    assert sheet.area.viewport().rect().contains(place)


def test_enter_belongs_to_the_input_method_while_it_composes(sheet: Sheet) -> None:
    told = []
    sheet.name.committed.connect(lambda: told.append(sheet.name.value()))
    sheet.keys.compose("zhang")
    sheet.keys.press("Return")
    sheet.keys.press("Enter")
    assert sheet.name.hasFocus()
    assert told == []
    sheet.keys.ime("张", keys=6)
    sheet.keys.press("Return")
    assert told == ["张"]
    assert sheet.day.hasFocus()


def test_composing_ends_with_the_focus(sheet: Sheet) -> None:
    sheet.keys.compose("zhang")
    sheet.day.setFocus()
    sheet.name.setFocus()
    sheet.keys.press("Return")
    assert sheet.day.hasFocus()


def test_what_is_not_understood_stays_is_marked_and_is_no_value(sheet: Sheet) -> None:
    sheet.day.set_value("2026-03-01")
    sheet.day.setFocus()
    sheet.keys.press("Ctrl+A")
    sheet.keys.type("13.45")
    sheet.keys.press("Return")
    assert sheet.day.text() == "13.45"
    assert sheet.day.value() == "2026-03-01"
    assert not sheet.day.is_readable()
    assert sheet.form.problems() == [sheet.day]
    assert sheet.day.accessibleDescription()
    assert sheet.form.go_to_next_problem()
    assert sheet.day.hasFocus()
    sheet.keys.press("Ctrl+A")
    sheet.keys.type("5")
    sheet.keys.press("Return")
    assert sheet.day.value() == "2026-03-05"
    assert sheet.form.problems() == []
    assert not sheet.form.go_to_next_problem()


def test_problems_are_visited_in_turn(sheet: Sheet) -> None:
    sheet.form.problem(sheet.many, "请选去向")
    sheet.form.problem(sheet.name, "请填名称", "warning")
    seen = []
    for _time in range(3):
        sheet.form.go_to_next_problem()
        seen.append(QApplication.focusWidget())
    assert seen == [sheet.many.field, sheet.name, sheet.many.field]


def test_arrows_go_by_days_and_months(sheet: Sheet) -> None:
    sheet.day.setFocus()
    sheet.keys.press("Up")
    sheet.keys.press("PgDown", times=2)
    sheet.keys.press("Down", times=2)
    assert sheet.day.text() == "2026-05-04"
    sheet.keys.press("Return")
    assert sheet.day.value() == "2026-05-04"


def test_a_day_from_the_month(sheet: Sheet) -> None:
    sheet.day.setFocus()
    sheet.keys.press("F4")
    sheet.keys.press("Right")
    sheet.keys.press("Return")
    assert sheet.day.value() == "2026-03-06"


def test_values_shown_are_not_told(sheet: Sheet) -> None:
    told = []
    for field in (sheet.name, sheet.day, sheet.start, sheet.count, sheet.topic):
        field.committed.connect(lambda: told.append(True))
    sheet.name.set_value("a")
    sheet.day.set_value("2026-03-01")
    sheet.count.set_number(3)
    sheet.topic.set_value("02")
    for _time in range(5):
        sheet.keys.press("Return")
    assert told == []
    assert sheet.topic.value() == "02"


def test_the_whole_list_opens_at_the_value(sheet: Sheet) -> None:
    sheet.topic.set_value("02")
    sheet.topic.setFocus()
    sheet.keys.press("Down")
    sheet.keys.press("Down")
    sheet.keys.press("Return")
    assert sheet.topic.value() == "03"
    sheet.topic.setFocus()
    sheet.keys.press("Down")
    sheet.keys.press("Escape")
    assert sheet.topic.value() == "03"
    assert sheet.topic.hasFocus()


def test_what_can_mean_two_codes_is_not_taken(sheet: Sheet) -> None:
    sheet.topic.setFocus()
    sheet.keys.type("0")
    sheet.keys.press("Escape")
    sheet.keys.press("Tab")
    assert sheet.topic.value() == ""
    assert not sheet.topic.is_readable()


def test_a_code_from_elsewhere_is_kept(sheet: Sheet) -> None:
    sheet.topic.set_value("99")
    sheet.topic.setFocus()
    sheet.keys.press("Return")
    assert sheet.topic.value() == "99"


def test_several_codes_by_keys(sheet: Sheet) -> None:
    told = []
    sheet.many.committed.connect(lambda: told.append(sheet.many.values()))
    sheet.many.set_values(["01", "02"])
    sheet.many.setFocus()
    sheet.keys.press("Backspace")
    sheet.keys.type("03")
    sheet.keys.press("Return")
    assert told == [["01"], ["01", "03"]]
    assert "书法" in sheet.many.field.accessibleDescription()


def test_everything_that_takes_keys_has_a_name(sheet: Sheet, qtbot: QtBot) -> None:
    for field in sheet.form.findChildren(QLineEdit):
        assert field.accessibleName()
    nav = NavList()
    qtbot.addWidget(nav)
    assert nav.accessibleName()


def test_enter_presses_buttons_and_leaves_text_areas_and_tables_alone(qtbot: QtBot) -> None:
    box = QWidget()
    layout = QVBoxLayout(box)
    area, table, button, line = (
        QPlainTextEdit(),
        QTableWidget(1, 1),
        QPushButton("做"),
        QLineEdit(),
    )
    settle(table, "表")
    mover = EnterMovesOn(box)
    for widget in (area, table, button, line):
        layout.addWidget(widget)
    qtbot.addWidget(box)
    pressed, ended = [], []
    button.clicked.connect(lambda: pressed.append(True))
    mover.finished.connect(lambda: ended.append(True))
    keys = Keys(qtbot, box)
    area.setFocus()
    keys.press("Return")
    assert area.toPlainText() == "\n"
    table.setFocus()
    keys.press("Return")
    assert table.hasFocus()
    button.setFocus()
    keys.press("Return")
    assert pressed == [True]
    line.setFocus()
    keys.press("Shift+Return")
    assert ended == []
    keys.press("Return")
    assert ended == [True]


def test_the_list_of_screens(qtbot: QtBot) -> None:
    nav = NavList()
    qtbot.addWidget(nav)
    chosen: list[object] = []
    nav.chosen.connect(chosen.append)
    nav.set_items(
        [
            NavItem("today", "今日", "today", "Alt+1"),
            NavItem("ledger", "台账", "ledger", "Alt+2", 120),
            NavItem("help", "帮助", "help"),
        ]
    )
    assert nav.current() == ""
    nav.select("today")
    assert chosen == []
    keys = Keys(qtbot, nav)
    nav.setFocus()
    keys.press("Down")
    assert chosen == []  # looked for, not opened: a screen that opens takes the keys
    keys.press("Return")
    assert chosen == ["ledger"]
    nav.set_count("help", 3)
    nav.set_count("nowhere", 3)
    assert nav.current() == "ledger"
    role = Qt.ItemDataRole.AccessibleTextRole
    spoken = [nav.model().index(row, 0).data(role) for row in range(3)]
    assert spoken == ["今日  Alt+1", "台账  Alt+2  99+", "帮助  3"]
    nav.set_items([NavItem("ledger", "台账", "ledger")])
    assert nav.current() == "ledger"
    assert chosen == ["ledger"]


def test_the_list_of_screens_grows_with_the_letters(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, dark=False, points=10)
    nav = NavList()
    qtbot.addWidget(nav)
    nav.set_items([NavItem("today", "今日", "today", "Alt+1", 3)])
    width, height = nav.width(), nav.sizeHintForRow(0)
    nav.grab()
    theme.apply(qapp, dark=True, points=16)
    assert nav.width() > width * 1.3
    assert nav.sizeHintForRow(0) > height * 1.3
    nav.grab()
    theme.apply(qapp, dark=False, points=12)


def test_an_empty_screen_says_what_to_do(qtbot: QtBot) -> None:
    done = []
    empty = EmptyState("photo", "还没有照片。", "选择照片", lambda: done.append(True))
    qtbot.addWidget(empty)
    keys = Keys(qtbot, empty)
    empty.button.setFocus()
    keys.press("Space")
    assert done == [True]
    empty.show_text("没有了。")
    assert empty.button.isHidden()


def test_pages_are_drawn_in_points_when_they_are_seen(qtbot: QtBot) -> None:
    drawn: list[int] = []
    heights: list[float] = []

    def paint(number: int, painter: QPainter) -> None:
        drawn.append(number)
        painter.setFont(QFont("sans-serif", 72))
        heights.append(painter.fontMetrics().height())
        painter.fillRect(QRectF(0, 0, 595, 842), Qt.GlobalColor.red)

    preview = PagePreview("签到表")
    qtbot.addWidget(preview)
    preview.resize(300, 300)
    preview.show_pages(5, paint)
    keys = Keys(qtbot, preview)
    preview.setFocus()
    preview.grab()
    assert drawn[0] == 1
    assert 5 not in drawn
    assert all(60 <= height <= 120 for height in heights)
    middle = preview.grab().toImage().pixelColor(150, 150)
    assert middle.name() == "#ff0000"
    keys.press("PgDown", times=2)
    assert preview.page() == 3
    preview.grab()
    assert 3 in drawn
    keys.press("PgUp", times=9)
    assert preview.page() == 1


def test_screen_readers_hear_the_fields(sheet: Sheet) -> None:
    interface = QAccessible.queryAccessibleInterface(sheet.day)
    assert interface.text(QAccessible.Text.Name) == "日期"
