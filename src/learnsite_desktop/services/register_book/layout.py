"""How the sheets of a register book 登记簿 look: columns, headings, where things stand.

The words are Chinese in every language: they are what a village clerk fills in.
"""

from dataclasses import dataclass
from typing import Final

LEARNERS_MARK: Final = "#learners"
ACTIVITIES_MARK: Final = "#activities"
GRID_MARK: Final = "#grid "

HOW_SHEET: Final = "说明"
LEARNERS_SHEET: Final = "学员"
ACTIVITIES_SHEET: Final = "活动"
GRID_SHEET: Final = "到课"
WORDS_SHEET: Final = "可选项"
IDENTITY_SHEET: Final = "登记簿标识"

HEADING_ROW: Final = 4
FIRST_ROW: Final = 5
"""Of the sheets of learners and activities, counted from 1; row 1 and column A are hidden."""

TITLE_ROW: Final = 2
HINT_ROW: Final = 3
DATE_ROW: Final = 4
START_ROW: Final = 5
END_ROW: Final = 6
TOTAL_ROW: Final = 7
GRID_HEADING_ROW: Final = 8
GRID_FIRST_ROW: Final = 9
NAME_COLUMN: Final = 3
FIRST_SESSION_COLUMN: Final = 4
"""Of a grid: learners below each other, sessions side by side."""

SESSION_ROWS: Final = (
    (DATE_ROW, "date", "日期"),
    (START_ROW, "start", "开始"),
    (END_ROW, "end", "结束"),
    (TOTAL_ROW, "total", "实到总人数"),
)
"""The rows of a grid in which a session's own values stand: row, field, what stands beside it."""


@dataclass(frozen=True, slots=True)
class Col:
    """One column: the field, its heading, its width; `codes` names the list to choose from.

    `once` belongs to the one session of an activity that has no grid; `hides` values are masked
    unless they are revealed.
    """

    field: str
    heading: str
    width: int
    codes: str = ""
    many: bool = False
    once: bool = False
    hides: bool = False


NUMBER: Final = Col("number", "序号", 6)
ID_NUMBER: Final = Col("id_number", "身份证号", 22, hides=True)
LEARNER_COLS: Final = (
    NUMBER,
    Col("name", "姓名", 12),
    Col("sex", "性别", 7, "sex"),
    Col("birth", "出生年月", 13),
    Col("mobile", "电话", 15, hides=True),
    Col("education", "文化程度", 14, "education_level"),
    Col("groups", "人群类别", 18, "population_group", many=True),
    Col("address", "住址", 26, hides=True),
)
LEARNER_COLS_ALL: Final = (*LEARNER_COLS[:5], ID_NUMBER, *LEARNER_COLS[5:])
ACTIVITY_COLS: Final = (
    NUMBER,
    Col("title", "活动名称", 24),
    Col("site", "学习点", 18, "site"),
    Col("kind", "活动类别", 14, "activity_kind"),
    Col("edu_kinds", "教育类型", 16, "edu_kind", many=True),
    Col("topics", "学习内容", 16, "topic", many=True),
    Col("delivery", "教学方式", 14, "delivery"),
    Col("opens", "开班日期", 12),
    Col("closes", "结班日期", 12),
    Col("date", "单次活动日期", 13, once=True),
    Col("start", "开始", 8, once=True),
    Col("end", "结束", 8, once=True),
    Col("total", "人数", 8, once=True),
)
CLASS_KINDS: Final = frozenset({"01", "02"})
"""Kinds of activities that have a grid of their own even before their first session."""


def learner_cols(*, numbers: bool) -> tuple[Col, ...]:
    """Return the columns of learners, with ID numbers where policy keeps them."""
    return LEARNER_COLS_ALL if numbers else LEARNER_COLS


MARK_WORDS: Final = {
    "√": "P", "✓": "P", "✔": "P", "☑": "P", "●": "P", "出勤": "P", "到课": "P", "已到": "P",
    "×": "A", "✗": "A", "✘": "A", "缺": "A", "缺勤": "A", "未到": "A", "旷课": "A",
    "假": "X", "事假": "X", "病假": "X", "迟": "L", "早": "E",
}  # fmt: skip
"""What people write into a grid besides the words of the code list."""
