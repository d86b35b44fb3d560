"""How alike two learners' records are: which rule speaks for one person, and how strongly.

A name alone never does. Equal ID numbers, or equal name, sex and full birth day, are enough to link
by themselves; everything else is only put before somebody who knows the people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.wording import N_

SAME: Final = "same"
DIFFERS: Final = "differs"
UNKNOWN: Final = "unknown"
DAY: Final = "same_day"
MONTH: Final = "same_month"
YEAR: Final = "same_year"
SOUNDS: Final = "sounds_alike"
ONE_APART: Final = "one_character_apart"

RESULTS: Final = {
    SAME: N_("agrees"),
    DAY: N_("the same day"),
    MONTH: N_("the same month"),
    YEAR: N_("the same year"),
    SOUNDS: N_("sounds alike"),
    ONE_APART: N_("one character apart"),
    DIFFERS: N_("not the same"),
    UNKNOWN: N_("not known of both"),
}
"""What a comparison says, as message ids."""

ID: Final = "id"
BIRTH: Final = "birth"
MOBILE: Final = "mobile"
BORN_IN: Final = "year"
SIMILAR: Final = "similar"
RULES: Final = {
    ID: N_("The same ID number"),
    BIRTH: N_("The same name, sex and birth day"),
    MOBILE: N_("The same name and phone number"),
    BORN_IN: N_("The same name, sex and birth year"),
    SIMILAR: N_("A similar name"),
}
"""Rules by which two records may be one person, as message ids, the surest first."""

AUTOMATIC: Final = frozenset({ID, BIRTH})
"""Rules that link without being asked, where nothing speaks against it."""


def linked_unasked(kind: str, writes: Mapping[str, object]) -> bool:
    """Return whether an operation with these writes links two learners by such a rule.

    Whoever receives first writes it; as with outcomes, its name has no part in the state hash.
    """
    rule = writes.get("rule")
    return kind == "link" and isinstance(rule, str) and rule in AUTOMATIC


def refuses(*, linked: bool, rule: str, standing: bool) -> bool:
    """Return whether a link says that two learners are not one person.

    So does an automatic link that somebody took back (`standing` false). One that the program took
    back itself, because other records exclude each other, leaves the question open.
    """
    automatic = rule in AUTOMATIC
    return not linked and not automatic if standing else linked and automatic


_SHORTEST_NUMBER: Final = 6
_FULL: Final = len("1956-04-09")


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a learner; "" for what is not.

    `birth` is as much as is known: "1956", "1956-04", "1956-04-09". `home` is the code of the unit
    where the person lives.
    """

    name: str
    sex: str
    birth: str = ""
    mobile: str = ""
    id_number: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing two records said of each trait, in the words of `RESULTS`.

    `likeness` is how far the names are alike, 0 to 100.
    """

    name: str
    sex: str
    birth: str
    mobile: str
    id_number: str
    home: str
    likeness: int

    @property
    def contradicted(self) -> bool:
        """Whether the records cannot both be right about one person: births or ID numbers."""
        return DIFFERS in (self.birth, self.id_number)


@dataclass(frozen=True, slots=True)
class Verdict:
    """By which rule two records may be one person; `score` 0 to 100.

    `automatic`: nobody has to be asked.
    """

    rule: str
    score: int
    automatic: bool


def compare(first: Traits, second: Traits, *, name: str, likeness: int) -> Compared:
    """Compare two records; `name` says how the names compare, for that takes a dictionary."""
    return Compared(
        name=name,
        sex=_equal(_sex(first.sex), _sex(second.sex)),
        birth=compare_births(first.birth, second.birth),
        mobile=_equal(first.mobile, second.mobile),
        id_number=_equal(_number(first.id_number), _number(second.id_number)),
        home=_equal(first.home, second.home),
        likeness=likeness,
    )


def compare_births(first: str, second: str) -> str:
    """Compare two births as far as both are known."""
    known = min(len(first), len(second))
    if not known:
        return UNKNOWN
    if first[:known] != second[:known]:
        return DIFFERS
    return DAY if known == _FULL else MONTH if known > len("1956") else YEAR


def judge(found: Compared) -> Verdict | None:
    """Return the surest rule that speaks for one person, None where nothing does."""
    if found.id_number == SAME:
        return _by_number(found)
    named = found.name == SAME
    if named and found.sex == SAME and found.birth == DAY:
        doubted = found.id_number == DIFFERS
        return Verdict(BIRTH, 45 if doubted else 95, automatic=not doubted)
    if found.id_number == DIFFERS:
        return None
    if named and found.mobile == SAME:
        return _by_mobile(found)
    if named and found.sex == SAME and found.birth in (MONTH, YEAR):
        score = 50 + 10 * (found.birth == MONTH) + 10 * (found.home == SAME)
        return Verdict(BORN_IN, score - 5 * (found.mobile == DIFFERS), automatic=False)
    return _by_likeness(found)


def _by_number(found: Compared) -> Verdict:
    """An ID number is one person's, unless it was plainly written down for somebody else."""
    other = found.name == DIFFERS and found.sex == DIFFERS
    if found.birth == DIFFERS or other:
        return Verdict(ID, 70, automatic=False)
    return Verdict(ID, 100, automatic=True)


def _by_mobile(found: Compared) -> Verdict | None:
    """A family shares a phone, so what differs counts."""
    if found.sex == DIFFERS and found.birth == DIFFERS:
        return None
    score = 70 + 5 * (found.sex == SAME) - 20 * (found.sex == DIFFERS)
    score += {DAY: 15, MONTH: 15, YEAR: 10, DIFFERS: -30}.get(found.birth, 0)
    return Verdict(MOBILE, score, automatic=False)


def _by_likeness(found: Compared) -> Verdict | None:
    """Names that were heard or typed amiss need more that agrees than the same name does."""
    if found.sex != SAME or found.birth not in (DAY, MONTH, YEAR):
        return None
    if found.name == SOUNDS:
        speaks = found.birth == DAY or SAME in (found.mobile, found.home)
    elif found.name == ONE_APART:
        speaks = found.birth == DAY or found.mobile == SAME
    else:
        return None
    if not speaks:
        return None
    score = 20 + found.likeness // 5 + 15 * (found.mobile == SAME) + 15 * (found.birth == DAY)
    return Verdict(SIMILAR, score, automatic=False)


def contradicts(first: Sequence[Traits], second: Sequence[Traits]) -> bool:
    """Return whether the records of two persons hold births or ID numbers that exclude each other.

    Asked before two persons of several records become one.
    """
    return any(
        compare_births(one.birth, other.birth) == DIFFERS
        or _equal(_number(one.id_number), _number(other.id_number)) == DIFFERS
        for one in first
        for other in second
    )


def _equal(first: str, second: str) -> str:
    if not first or not second:
        return UNKNOWN
    return SAME if first == second else DIFFERS


def _sex(code: str) -> str:
    return code if code in ("M", "F") else ""


def _number(number: str) -> str:
    """Return an ID number that can tell people apart: "无" and the like do not."""
    return number if len(number) >= _SHORTEST_NUMBER else ""
