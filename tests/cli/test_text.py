"""Answers as text for people."""

import io

import pytest

from learnsite_desktop.cli import progress, text
from learnsite_desktop.cli.output import as_answer, json_bytes
from learnsite_desktop.platform import i18n


def test_tables_align_by_display_width() -> None:
    rows: list[dict[str, object]] = [
        {"name": "王小明", "code": "A1"},
        {"name": "Li", "code": None, "extra": [1, 2]},
    ]
    assert text.table(rows).split("\n") == [
        "名称    代码  extra",
        "王小明  A1",
        "Li      –     1、2",
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", "操作: 3\n问题: 无\nids:\n  学员: 1\n没有新内容: 是"),
        ("en", "operations: 3\nissues: none\nids:\n  learner: 1\nnothing new: yes"),
    ],
)
def test_answers_are_labelled(language: str, expected: str) -> None:
    i18n.use(language)
    answer = {"ok": True, "operations": 3, "issues": [], "ids": {"learner": 1}, "nothing_new": True}
    shown = text.render_answer(answer)
    assert shown.replace("编号:", "ids:") == expected


def test_an_empty_answer_says_done() -> None:
    assert text.render_answer({"ok": True}) == "完成。"


def test_long_cells_are_cut_and_stay_on_one_line() -> None:
    assert text.cell("a\nb") == "a b"
    assert len(text.cell("x" * 200)) == text.MAX_CELL


def test_what_lies_inside_a_cell_is_told_without_braces() -> None:
    i18n.use("zh")
    answer = {
        "receipts": [
            {"by": "x", "wants": {"media": 2}, "error": {"code": "c", "message": "不行。"}},
        ],
        "units": [
            {"code": "1", "name": "县", "children": [{"code": "2", "name": "镇", "children": []}]}
        ],
        "items": [{"kind": "enrolment", "state": "late", "why": "补录"}],
    }
    shown = text.render_answer(answer)
    assert not set(shown) & set('{}[]"')
    assert "佐证文件数 2" in shown
    assert "不行。" in shown
    assert "·镇" in shown
    assert [line.split() for line in shown.split("\n")[-2:]] == [
        ["类别", "状态", "原因"],
        ["报名", "逾期", "补录"],
    ]
    assert "出具电脑" in shown


def test_answers_hold_only_what_json_holds() -> None:
    assert as_answer({"a": 1, "ok": False}) == {"ok": False, "a": 1}
    assert json_bytes({"a": "学点"}) == '{"a": "学点"}\n'.encode()
    with pytest.raises(TypeError):
        json_bytes({"a": object()})
    with pytest.raises(ValueError, match="JSON"):
        json_bytes({"a": float("nan")})


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_rewrites_one_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 0.1, 0.5, 0.6, 9.0])
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))
    out = _Terminal()
    show = progress.StreamProgress(out)
    for done in (1, 2, 3):
        show(done, 3, "records")
    show.close()
    assert out.getvalue() == "\r\x1b[K记录 2/3\r\x1b[K记录 3/3\n"


def test_progress_is_silent_in_scripts_for_short_work(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 0.5, 1.0, 2.5])
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))
    out = io.StringIO()
    show = progress.StreamProgress(out)
    show(1, 9, "records")
    show(2, 9, "records")
    assert out.getvalue() == ""
    show(3, 0, "records")
    assert out.getvalue() == "记录 3\n"
