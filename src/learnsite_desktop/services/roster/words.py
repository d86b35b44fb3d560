"""Words of cells that stand for codes: education, groups of people, residence, activities."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.roster.cells import NOTHING, Reading, text_of

NONE_SAID: Final = frozenset({"无", "没有", "/", "-", "--", "—", "其他", "其它", "不详", "未知"})
_ORDINARY: Final = NONE_SAID | {"群众", "普通群众", "居民", "村民", "一般人员", "普通", "学员"}
_BRACKETS: Final = re.compile(r"[(（].*?[)）]")
_TAIL: Final = re.compile(r"(?:毕业|文化|学历|程度|水平)$")
_SEPARATORS: Final = re.compile(r"[、,;/|\s+]+")
_MORE: Final[Mapping[str, Mapping[str, str]]] = {
    "education_level": {
        "文盲": "90", "半文盲": "90", "不识字": "90", "小学": "80", "初中": "70", "高中": "60",
        "中专": "40", "中职": "40", "职高": "40", "技校": "40", "中技": "40", "大专": "30",
        "专科": "30", "高职": "30", "本科": "20", "大学": "20", "大学本科": "20", "学士": "20",
        "研究生": "10", "硕士": "10", "博士": "10", "硕士研究生": "10", "博士研究生": "10",
    },
    "population_group": {
        "老人": "elder", "老年": "elder", "高龄老人": "elder80", "独居老人": "lone_elder",
        "空巢老人": "lone_elder", "散居老人": "scattered_elder", "务农": "farmer",
        "新型职业农民": "pro_farmer", "失业": "unemployed", "下岗": "unemployed",
        "残疾": "disabled", "女性": "women", "留守妇女": "left_woman", "留守儿童": "left_child",
        "退伍军人": "veteran", "退役士兵": "veteran", "军人": "veteran", "村干部": "cadre",
        "职工": "employee", "低保": "low_income", "低保户": "low_income", "脱贫户": "low_income",
        "贫困户": "low_income", "志愿者": "volunteer", "青少年": "youth",
    },
    "residence": {
        "本地": "local", "本村": "local", "本社区": "local", "常住": "local", "户籍": "local",
        "流动": "migrant", "外来务工": "migrant", "暂住": "migrant", "租住": "migrant",
        "外地": "visitor",
    },
    "activity_kind": {
        "培训": "02", "培训班": "02", "讲座": "03", "宣讲": "03", "活动": "04", "课程": "01",
        "班级": "01", "参观": "06", "研学": "06", "演出": "07", "比赛": "07", "咨询": "09",
    },
    "department": {},
}  # fmt: skip


@lru_cache(maxsize=8)
def words_of(codes: str) -> Mapping[str, str]:
    """Return the words for a code list, its own labels among them."""
    tables = shipped_codes()
    found: dict[str, str] = dict(_MORE[codes])
    for code in tables.codes(codes):
        label = tables.label(codes, code, "zh")
        found |= {label: code, _BRACKETS.sub("", label): code}
    return found


def read_code(cell: object, codes: str) -> Reading:
    """Read one word as a code of a list; words for nothing give nothing."""
    word = text_of(cell).replace(" ", "")
    plain = _TAIL.sub("", word) if codes == "education_level" else word
    words = words_of(codes)
    for each in (word, plain):
        if each in words:
            return Reading(words[each])
    if word in NONE_SAID:
        return NOTHING
    return Reading(None, _unknown(word, codes))


def read_groups(cell: object) -> Reading:
    """Read words for groups of people as (word, code) pairs; ordinary people are in none."""
    words = words_of("population_group")
    found: list[tuple[str, str]] = []
    for word in _SEPARATORS.split(text_of(cell)):
        plain = _BRACKETS.sub("", word)
        if word in words or plain in words:
            found.append((word, words.get(word) or words[plain]))
        elif word and word not in _ORDINARY:
            return Reading(None, _unknown(word, "population_group"))
    return Reading(found)


def _unknown(word: str, codes: str) -> Issue:
    labels = [shipped_codes().label(codes, code, "zh") for code in shipped_codes().codes(codes)]
    return Issue("WORD_UNKNOWN", params={"value": word, "words": "、".join(labels)})
