"""What village sites teach, and how much of it: the demo's titles and volumes."""

from dataclasses import dataclass
from typing import Final

YEARLY: Final = {
    "quiet": (12, 18),
    "typical": (36, 22),
    "active": (90, 26),
    "community": (120, 25),
    "busy": (320, 28),
    "school": (240, 30),
}
"""Sessions a year and heads per session, by the bustle of a unit."""

PEOPLE: Final = {
    "quiet": 34,
    "typical": 62,
    "active": 110,
    "community": 170,
    "busy": 300,
    "school": 150,
}
"""Learners on the books when the demo begins."""

CLASSES_AT_ONCE: Final = {
    "quiet": 0,
    "typical": 1,
    "active": 2,
    "community": 3,
    "busy": 6,
    "school": 5,
}

MONTH_SHARE: Final = {1: 0.85, 2: 0.6, 7: 0.8, 8: 0.8, 10: 1.3}
"""Weight of a month against the mean; the Spring Festival empties February."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One class or event that a site may offer; codes are those of the code lists."""

    title: str
    kind: str
    edu_kind: str
    topics: tuple[str, ...]
    destinations: tuple[str, ...]
    vocational: str = "V2"
    delivery: str = "10"
    department: str = "edu"
    crowd: bool = False


CLASSES: Final = (
    Subject("老年书法班", "01", "60", ("0501",), ("elder", "culture")),
    Subject("智能手机班", "01", "60", ("0701",), ("elder", "community")),
    Subject("太极拳班", "01", "50", ("0601",), ("community",), department="sport"),
    Subject("豫剧唱腔班", "01", "60", ("0505", "16"), ("elder", "culture"), department="cult"),
    Subject("广场舞健身操班", "01", "50", ("0602",), ("community",), department="sport"),
    Subject("大蒜种植技术班", "01", "40", ("0901", "0905"), ("agri",), "V1", department="agri"),
    Subject("家政服务班", "01", "40", ("0801",), ("agri", "staff"), "V1", department="hrss"),
    Subject("手工编织班", "01", "50", ("0508",), ("community",), department="wf"),
    Subject("电子商务班", "01", "40", ("0804",), ("agri",), "V1", delivery="40"),
)

EVENTS: Final = (
    Subject("防诈骗讲座", "03", "50", ("1201",), ("community", "civil"), delivery="21"),
    Subject("高血压防治讲座", "03", "60", ("04",), ("elder",), department="health"),
    Subject("麦田春管培训", "02", "40", ("0901",), ("agri",), "V1", "21", "agri"),
    Subject("家庭教育讲座", "03", "50", ("10",), ("community",), department="wf"),
    Subject("读书分享会", "08", "50", ("15",), ("reading",), department="pub"),
    Subject("名师课堂集中收看", "11", "60", ("07", "04"), ("elder",), delivery="30"),
    Subject("秧歌队排练", "05", "50", ("0504",), ("culture",), delivery="60", department="cult"),
    Subject("黄河文化体验", "06", "50", ("16",), ("culture",), delivery="50", department="cult"),
    Subject("送教上门", "10", "60", ("04",), ("elder",), delivery="20", department="mca"),
    Subject("消防演练", "04", "50", ("1202", "12"), ("civil",), department="pub", crowd=True),
    Subject("政策法规咨询", "09", "50", ("02", "20"), ("civil",), department="justice", crowd=True),
    Subject("戏曲进村展演", "07", "50", ("0505",), ("culture",), department="cult", crowd=True),
)

SITE_NAMES: Final = {"village": "教学点", "township": "社区学校", "county": "社区学院"}
SITE_KINDS: Final = {
    "village": ("v_point", "v_elder", "v_civil", "v_library"),
    "township": ("t_school", "t_elder", "t_adult"),
    "county": ("c_college",),
}
START_TIMES: Final = ("09:00", "14:30", "19:00")
LENGTHS: Final = (60, 90, 90, 90, 120)
"""Minutes of an ordinary session, drawn with equal chance."""

LONG_LENGTH: Final = 250
"""Minutes of the one session that wants a written reason."""

SEATS: Final = 60
