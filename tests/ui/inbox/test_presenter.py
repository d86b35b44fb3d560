"""What the inbox says, without a window."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import at_hand, incoming
from learnsite_desktop.services.arriving import Side, Touched
from learnsite_desktop.services.at_hand import AtHand, Taking, Takings
from learnsite_desktop.services.batches import Foregone
from learnsite_desktop.services.incoming import Board
from learnsite_desktop.services.receiving import Received
from learnsite_desktop.services.uncounted import list_uncounted
from learnsite_desktop.ui.feedback import refusal_text
from learnsite_desktop.ui.screens.inbox import presenter
from learnsite_desktop.ui.screens.inbox.pile import STICKS, WATCHED, Pile
from learnsite_desktop.ui.set_aside import set_aside
from tests.desks import TOWNSHIP, Line, small_class, twin_of

MARCH = "2026-03"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = Line(tmp_path_factory.mktemp("line"))
    found.found()
    found.enrol()
    found.village.capture(small_class())
    return found.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    return Line(shutil.copytree(founded, tmp_path / "line"))


def looked(line: Line, *paths: Path) -> list[AtHand]:
    with line.township.open(write=False) as workspace:
        return at_hand.look(workspace, paths)


def test_the_board_counts_who_has_handed_in(line: Line) -> None:
    def board() -> tuple[str, Board]:
        with line.township.open(write=False) as workspace:
            found = incoming.board(workspace)
            return presenter.board_text(found, workspace.tier), found

    text, found = board()
    assert found.period == MARCH
    assert text == "2026-03：2 个村收到 0 个"
    line.village("submit", "--period", MARCH)
    line.carry(line.village, line.township)
    session = line.township("list", "session")["records"][0]["id"]
    line.township("edit", session, "notes=镇里", "--why", "核对")
    line.village("edit", "session:s1", "notes=村里")
    line.carry(line.village, line.township)
    text, found = board()
    assert text == "2026-03：2 个村收到 1 个"
    assert presenter.review_text(found, 9) == "1 处冲突 · 9 对疑似重复"
    line.carry(line.township, line.county)
    with line.county.open(write=False) as workspace:
        above = incoming.board(workspace, MARCH)
        assert presenter.board_text(above, "county") == (
            "2026-03：1 个乡镇收到 0 个，2 个村收到 1 个"
        )


def test_the_same_content_is_one_file_wherever_it_lies(line: Line, tmp_path: Path) -> None:
    file = line.village.pack(TOWNSHIP, tmp_path / "a")
    copy = tmp_path / "b" / "微信文件(1).lsb.zip"
    copy.parent.mkdir()
    shutil.copyfile(file, copy)
    pile = Pile()
    pile.add(looked(line, file))
    assert not pile.put(WATCHED, [])
    assert pile.put(STICKS, looked(line, copy))
    assert len(list(pile)) == len(pile.wanted()) == 1
    (row,) = presenter.file_rows(pile)
    assert (row.cells[1], row.word) == ("报送", "新文件")
    assert str(file) in row.note


def test_what_became_of_a_file_stands_in_its_row(line: Line, tmp_path: Path) -> None:
    file = line.village.pack(TOWNSHIP, tmp_path / "a")
    pile = Pile()
    (one,) = looked(line, file)
    pile.add([one])

    def shown(received: Received) -> presenter.Row:
        pile.note(Taking(one, received))
        (row,) = presenter.file_rows(pile)
        return row

    row = shown(Received("x", "received", counts={"new": 3, "conflict": 1}, batch=7))
    assert (row.status, row.cells[5]) == ("ok", "新增 3 · 冲突 1")
    assert "审核" in row.note
    assert pile.senders() == {one.lying.from_unit: file.parent}
    assert pile.wanted() == []
    pile.forget_batch(7)
    assert pile.wanted() == [one]
    row = shown(Received("x", "unenrolled"))
    assert (row.kind, row.word) == ("problem", "待确认电脑")
    row = shown(Received("x", "refused", error=Refusal("bundle_damaged", where="x")))
    assert row.kind == "problem"
    assert pile.spoilt() == 1
    pile.add([one])  # dropped once more: it may be tried again
    assert pile.wanted() == [one]
    assert pile.spoilt() == 0


def test_files_left_for_now_and_files_that_are_not_whole(line: Line, tmp_path: Path) -> None:
    file = line.village.pack(TOWNSHIP, tmp_path / "a")
    cut = tmp_path / "cut.lsb"
    cut.write_bytes(file.read_bytes()[:-300])
    pile = Pile()
    pile.add(looked(line, file, cut, tmp_path / "nowhere.lsb"))
    key = pile.wanted()[0].key
    pile.toggle(key)
    assert pile.wanted() == []
    words = sorted(row.word for row in presenter.file_rows(pile))
    assert words == sorted(["先不收", "不完整", "不完整"])
    assert pile.spoilt() == 2
    pile.toggle(key)
    assert len(pile.wanted()) == 1


def test_results_in_one_sentence(line: Line, tmp_path: Path) -> None:
    (one,) = looked(line, line.village.pack(TOWNSHIP, tmp_path / "a"))
    good = Taking(one, Received("a", "received", counts={"new": 2, "same": 5}))
    again = Taking(one, Received("b", "held", counts={"same": 9}))
    bad = Taking(one, Received("c", "refused", error=Refusal("bundle_damaged")))
    text = presenter.taken_text(Takings([good, again, bad], stopped=True), 4)
    assert text == (
        "收下 2 个文件：新增 2。 1 个文件要处理（F8）。 "
        "已停下：手上这个文件没有改动任何内容，还有 4 个没收。"
    )


def test_records_and_fields_side_by_side() -> None:
    side = Side("notes", "备注", None, "新", "", "新", disputed=True)
    one = Touched("r", "session", "u", "荣庄", "3月3日", ("conflict", "linked"), (side,), more=3)
    two = Touched("q", "learner", "u", "荣庄", "周*兰", ("new", "duplicate"))
    rows = list(presenter.touched_rows([one, two]))
    assert [(row.kind, row.word) for row in rows] == [
        ("problem", "冲突 · 认定同一人"),
        ("record", "新增 · 疑似重复"),
    ]
    sides = list(presenter.side_rows(one))
    assert [row.cells[0] for row in sides] == ["备注", "还有 3 项"]
    assert sides[0].cells[1:] == ("–", "新")
    assert "没有可以比的" in presenter.sides_note(two)


def test_nothing_to_roll_back_is_said() -> None:
    assert "不会改动" in presenter.foregone_text(Foregone())
    assert "2 条有内容要等" in presenter.foregone_text(Foregone(1, 0, 2))


def test_sizes_and_months_are_read_easily() -> None:
    assert [presenter.size(count) for count in (0, 900, 20_480, 3_400_000)] == [
        "1 KB", "1 KB", "20 KB", "3.2 MB",
    ]  # fmt: skip
    assert presenter.months(()) == ""
    assert presenter.months(("2026-03",)) == "2026-03"
    assert presenter.months(("2026-01", "2026-02", "2026-03")) == "2026-01 – 2026-03"


def test_what_does_not_count_is_told_in_both_languages(line: Line) -> None:
    line.carry(line.village, line.township)
    line.village("edit", "session:s1", "notes=一")
    first = line.carry(line.village, line.township)
    session = line.township("list", "session")["records"][0]["id"]
    line.township("edit", session, "notes=二", "--why", "核对")
    line.township("rollback", str(first["batch"]))
    for language, word in (("zh", "缺 1 处"), ("en", "1 parts are missing")):
        i18n.use(language)
        with line.township.open(write=False) as workspace:
            rows = list(presenter.uncounted_rows(list_uncounted(workspace)))
        assert [row.kind for row in rows] == ["heading", "problem"]
        assert word in rows[1].note


def test_a_document_that_was_set_aside_is_told_with_what_to_do(line: Line, tmp_path: Path) -> None:
    """A restored county gives a number out twice; one that is merely older is not spoken of."""
    copy = twin_of(line.county, tmp_path / "copy")
    for desk, minutes in ((line.county, 50), (copy, 60)):
        desk("policy", f"minutes_per_hour={minutes}")
    line.carry(line.county, line.township)
    other = copy.pack(TOWNSHIP, tmp_path / "stick")
    with line.township.open() as workspace:
        (taken,) = at_hand.take_in(workspace, at_hand.look(workspace, [other])).done
    received = taken.received
    assert received is not None
    codes = [one.refusal.code for one in received.documents.passed]
    assert codes == ["document_twice"]
    (text,) = set_aside(received)
    assert text == refusal_text(received.documents.passed[0].refusal)
    received.documents.passed.append(
        replace(received.documents.passed[0], refusal=Refusal("document_older", where="policy"))
    )
    assert list(set_aside(received)) == [text]
    pile = Pile()
    pile.add([taken.file])
    pile.note(taken)
    assert text in presenter.file_row(taken.file, pile).note
