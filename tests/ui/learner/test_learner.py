"""One learner by real keys: entered, looked at, corrected; read by the command line afterwards."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from learnsite_desktop.ui.main_window import MainWindow
from tests.desks import Desk, Line, found_village, learner, small_class
from tests.services.test_capture import id_number
from tests.tools.qtkeys import Keys
from tests.ui.conftest import OpenWindow, idle

Json = dict[str, Any]


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """A class of three; the first has a phone and an address."""
    desk = found_village(tmp_path / "village")
    people = [
        learner("l1", "周桂兰", mobile="14412345678", address="村东头"),
        learner("l2", "吴建国", sex="M"),
        learner("l3", "郑秀英"),
    ]
    desk.capture(small_class(learners=people))
    return desk


def record(desk: Desk, ref: str) -> str:
    """Return the id of a learner."""
    return str(desk("show", f"learner:{ref}")["record"]["id"])


def close(qtbot: QtBot, window: MainWindow) -> None:
    idle(qtbot, window)
    window.close()
    assert window.desk is None


def known(desk: Desk, name: str) -> list[Json]:
    """Return the learners of a name, in full."""
    found: list[Json] = desk("learner", "list", "--query", name, "--reveal", "--why", "核对")[
        "learners"
    ]
    return found


def shown(desk: Desk, learner_id: str) -> Json:
    found: Json = desk("show", learner_id)["record"]
    return found


def card(desk: Desk, learner_id: str) -> Json:
    found: Json = desk("learner", "card", learner_id)["card"]
    return found


def focus_name() -> str:
    widget = QApplication.focusWidget()
    return widget.accessibleName() if widget is not None else ""


def new_learner(window: MainWindow, qtbot: QtBot) -> Keys:
    """Go to the form of a new learner."""
    keys = Keys(qtbot, window)
    keys.press("Alt+3")
    keys.press("Ctrl+N")
    assert focus_name() == "姓名"
    return keys


def texts(window: MainWindow) -> str:
    """Everything that the card says, as one text."""
    return "\n".join(label.text() for label in window.current().findChildren(QLabel)
                     if label.isVisible())  # fmt: skip


def choose(window: MainWindow, kind: str) -> None:
    """Choose the kind of a consent; without a screen the list below the field keeps the keys."""
    screen: Any = window.current()
    screen.deeds.consent.choices["kind"].set_value(kind)


# Entering


def test_a_learner_is_entered_by_keys(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    keys.ime("孙大成", keys=9)
    keys.press("Return")
    keys.type("1")
    keys.press("Return")
    keys.type("1949.3")
    keys.press("Return")
    keys.type("14400001111")
    keys.press("Return")
    keys.ime("村西头", keys=9)
    keys.press("Return")
    assert focus_name() == "人群"
    keys.ime("农民", keys=4)
    keys.press("Return")
    keys.ime("本地", keys=4)
    keys.press("Return")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert window.current().heading() == "孙大成"
    close(qtbot, window)
    (found,) = known(village, "孙大成")
    assert (found["sex"], found["birth"], found["mobile"]) == ("M", "1949-03", "14400001111")
    assert found["groups"] == ["farmer"]
    entry = shown(village, found["id"])
    assert (entry["address"], entry["residence"]) == ("村西头", "local")
    assert village.value("SELECT count(*) FROM draft") == 0
    assert village.is_sound()


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        ("55", "1955"),
        ("1955-3-12", "1955-03-12"),
        ("19550312", "1955-03-12"),
        ("1955年3月", "1955-03"),
    ],
)
def test_birth_days_as_people_write_them(
    qtbot: QtBot, village: Desk, open_window: OpenWindow, typed: str, birth: str
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    keys.ime("孙大成", keys=9)
    keys.press("Return")
    keys.type("1")
    keys.press("Return")
    if typed.isascii():
        keys.type(typed)
    else:
        keys.ime(typed, keys=8)
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert known(village, "孙大成")[0]["birth"] == birth


def test_ctrl_enter_saves_and_takes_the_next_one(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    for name, sex in (("孙大成", "1"), ("钱小妹", "2")):
        keys.ime(name, keys=9)
        keys.press("Return")
        keys.type(sex)
        keys.press("Ctrl+Return")
        idle(qtbot, window)
        assert focus_name() == "姓名"
    close(qtbot, window)
    assert [known(village, name)[0]["sex"] for name in ("孙大成", "钱小妹")] == ["M", "F"]
    assert len(village("learner", "list")["learners"]) == 5


def test_what_is_incomplete_stays_a_draft(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    keys.ime("孙大成", keys=9)
    keys.press("Return")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert focus_name() == "性别"
    keys.press("Alt+1")
    close(qtbot, window)
    assert village.value("SELECT count(*) FROM draft") == 1
    assert known(village, "孙大成") == []
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    screen: Any = window.current()
    (row,) = [row for row in screen.list.rows() if row.kind == "draft"]
    screen.list.select(row.key)
    keys.press("Return")
    assert window.current().heading() == "新学员"
    keys.press("Return")
    keys.type("1")
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert len(known(village, "孙大成")) == 1
    assert village.value("SELECT count(*) FROM draft") == 0


def test_a_known_person_is_warned_of_and_taken_with_one_key(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    keys.ime("周桂兰", keys=9)
    keys.press("Return")
    keys.type("2")
    keys.press("Return")
    keys.type("1956")
    editor: Any = window.current()
    assert editor.editor.known.sure
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "F5" in window.feedback.text
    keys.press("F5")
    idle(qtbot, window)
    assert window.current().heading() == "周桂兰"
    close(qtbot, window)
    assert len(known(village, "周桂兰")) == 1
    assert village.value("SELECT count(*) FROM draft") == 0


def test_a_namesake_is_entered_by_saving_once_more(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    keys.ime("周桂兰", keys=9)
    keys.press("Return")
    keys.type("2")
    keys.press("Return")
    keys.type("1956")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    keys.press("Ctrl+S")
    close(qtbot, window)
    assert len(known(village, "周桂兰")) == 2


def test_a_guardian_is_asked_for_under_fourteen_only(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    fields: Any = window.current().editor.fields  # type: ignore[attr-defined]
    keys.ime("孙小宝", keys=9)
    keys.press("Return")
    keys.type("1")
    keys.press("Return")
    assert not fields.guardian["name"].isVisible()
    keys.type("2016")
    keys.press("Return")
    assert fields.guardian["name"].isVisible()
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert focus_name() == "监护人"
    keys.ime("孙国强", keys=8)
    keys.press("Return")
    keys.ime("父亲", keys=5)
    keys.press("Return")
    keys.type("14400002222")
    keys.press("Ctrl+S")
    close(qtbot, window)
    (found,) = known(village, "孙小宝")
    guardian = shown(village, found["id"])["guardian"]
    assert (guardian["name"], guardian["relation"]) == ("孙国强", "父亲")
    assert (guardian["mobile"], guardian["date"]) == ("14400002222", "2026-04-02")


def test_id_numbers_are_asked_for_where_policy_keeps_them(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    new_learner(window, qtbot)
    fields: Any = window.current().editor.fields  # type: ignore[attr-defined]
    assert not fields.editors["id_number"].isVisible()
    close(qtbot, window)
    village("policy", "id_numbers=on")
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    fields = window.current().editor.fields  # type: ignore[attr-defined]
    keys.ime("孙大成", keys=9)
    keys.press("Return", times=5)
    assert focus_name() == "证件号码"
    number = id_number("41019919560409001")
    keys.type(number)
    keys.press("Ctrl+S")
    close(qtbot, window)
    (found,) = known(village, "孙大成")
    assert (found["id_number"], found["birth"]) == (number, "1956-04-09")


def test_a_sensitive_group_wants_its_consent(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    keys.ime("孙大成", keys=9)
    keys.press("Return")
    keys.type("1")
    keys.press("Return", times=4)
    assert focus_name() == "人群"
    keys.ime("残疾", keys=5)
    keys.press("Return")
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert "单独同意" in window.feedback.text
    keys.press("F7")
    choose(window, "sensitive")
    keys.press("Return", times=4)
    close(qtbot, window)
    (found,) = known(village, "孙大成")
    consents = card(village, found["id"])["consents"]
    assert [(one["kind"], one["by"], one["date"]) for one in consents] == [
        ("sensitive", "self", "2026-04-02")
    ]


def test_steps_are_taken_back_one_by_one(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    window = open_window(village.folder)
    keys = new_learner(window, qtbot)
    keys.ime("孙大成", keys=9)
    keys.press("Return")
    keys.type("1")
    keys.press("Return")
    keys.press("Ctrl+Z")
    keys.press("Ctrl+Z")
    idle(qtbot, window)
    keys.press("Alt+1")
    close(qtbot, window)
    assert village.value("SELECT count(*) FROM draft") == 0


# The card


def test_the_card_is_masked_and_a_look_wants_a_reason(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    who = record(village, "l1")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    keys.press("Ctrl+F")
    keys.type("zgl")
    keys.press("Return")
    idle(qtbot, window)
    assert "144****5678" in texts(window)
    assert "14412345678" not in texts(window)
    assert "村东头" not in texts(window)
    keys.press("F5")
    keys.press("Return")
    assert "14412345678" not in texts(window)
    keys.ime("通知上课", keys=8)
    keys.press("Return")
    idle(qtbot, window)
    assert "14412345678" in texts(window)
    assert "村东头" in texts(window)
    assert "通知上课" in texts(window)
    keys.press("Escape")
    window.go("learner", who)
    idle(qtbot, window)
    assert "14412345678" not in texts(window)
    close(qtbot, window)
    (reveal,) = village("learner", "reveals")["reveals"]
    assert (reveal["what"]["why"], reveal["what"]["records"]) == ("通知上课", [who])


def test_editing_in_place_keeps_what_is_hidden(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    who = record(village, "l1")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("learner", who)
    keys.press("Return")
    assert focus_name() == "姓名"
    keys.press("Return", times=3)
    assert focus_name() == "手机号"
    keys.press("Return")
    keys.ime("村南头", keys=8)
    keys.press("Ctrl+S")
    close(qtbot, window)
    entry = shown(village, who)
    assert (entry["mobile"], entry["address"], entry["birth"]) == (
        "14412345678", "村南头", "1956-04-09",
    )  # fmt: skip
    history = village.history(who)
    assert len(history) == 2


def test_consents_are_noted_and_withdrawn(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    who = record(village, "l1")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("learner", who)
    keys.press("F7")
    keys.press("Return", times=4)
    idle(qtbot, window)
    assert "一般同意" in texts(window)
    keys.press("F7")
    choose(window, "withdrawn")
    keys.press("Return", times=4)
    idle(qtbot, window)
    close(qtbot, window)
    found = card(village, who)
    assert [one["kind"] for one in found["consents"]] == ["general", "withdrawn"]
    assert "general" not in found["consents_in_force"]


def test_a_class_is_added_and_left(qtbot: QtBot, village: Desk, open_window: OpenWindow) -> None:
    village.capture({
        "v": 1, "source": "desk", "unit": village.unit,
        "learners": [learner("l9", "新学员甲")],
    })  # fmt: skip
    who = record(village, "l9")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("learner", who)
    keys.press("F6")
    keys.ime("书法", keys=5)
    keys.press("Return")
    keys.press("Return")
    idle(qtbot, window)
    (line,) = village("learner", "card", who)["card"]["enrolments"]
    assert (line["title"], line["joined"], line["left"]) == ("书法班", "2026-04-02", "")
    screen: Any = window.current()
    screen.card.classes.setFocus()
    keys.press("Delete")
    close(qtbot, window)
    (line,) = card(village, who)["enrolments"]
    assert (line["left"], line["result"]) == ("2026-04-02", "dropped")


def test_somebody_entered_by_mistake_is_deleted_with_a_reason(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    village.capture({
        "v": 1, "source": "desk", "unit": village.unit,
        "learners": [learner("l9", "新学员甲")],
    })  # fmt: skip
    who = record(village, "l9")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("learner", who)
    keys.press("F4")
    keys.ime("重复录入", keys=8)
    keys.press("Return")
    idle(qtbot, window)
    assert "learners" in type(window.current()).__module__
    assert village("learner", "list", "--query", "新学员甲")["learners"] == []
    keys.press("F9")
    close(qtbot, window)
    assert len(known(village, "新学员甲")) == 1


@pytest.fixture
def received(tmp_path: Path) -> Desk:
    """A village whose learners the township has acknowledged."""
    line = Line(tmp_path)
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    line.carry(line.township, line.village)
    return line.village


def test_after_receipt_one_signs_off_and_corrects_with_a_reason(
    qtbot: QtBot, received: Desk, open_window: OpenWindow
) -> None:
    who = record(received, "l1")
    window = open_window(received.folder)
    keys = Keys(qtbot, window)
    window.go("learner", who)
    keys.press("F3")
    keys.press("End")
    keys.press("Backspace")
    keys.ime("芳", keys=4)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert focus_name() == "更正原因"
    keys.ime("写错了", keys=8)
    keys.press("Ctrl+S")
    idle(qtbot, window)
    assert window.current().heading() == "周桂芳"
    keys.press("F4")
    keys.ime("搬走", keys=5)
    keys.press("Return")
    close(qtbot, window)
    history = received.history(who)
    assert (history[-1]["why"], history[-1]["set"]["name"]) == ("写错了", "周桂芳")
    found = card(received, who)
    assert [one["left"] for one in found["enrolments"]] == ["2026-04-02"]


# Paper


def test_the_extract_and_the_notice_are_shown_and_noted(
    qtbot: QtBot, village: Desk, open_window: OpenWindow
) -> None:
    who = record(village, "l1")
    window = open_window(village.folder)
    keys = Keys(qtbot, window)
    window.go("learner", who)
    for keys_of in ("Ctrl+P", "F11"):
        keys.press(keys_of)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
        dialog: Any = QApplication.activeModalWidget()
        assert dialog._booklet.count == 1
        dialog.reject()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
        with qtbot.waitActive(window):
            window.activateWindow()
    close(qtbot, window)
    whys = [one["what"]["why"] for one in village("learner", "reveals")["reveals"]]
    assert sorted(whys) == sorted(["个人信息摘要", "告知同意书"])


def test_the_command_writes_the_same_pages(
    village: Desk, tmp_path: Path, qapp: QApplication
) -> None:
    for more in ([], ["--notice"]):
        out = tmp_path / f"{len(more)}.pdf"
        village("learner", "extract", record(village, "l1"), "--out", out, *more)
        assert out.read_bytes().startswith(b"%PDF")
    assert len(village("learner", "reveals")["reveals"]) == 2
