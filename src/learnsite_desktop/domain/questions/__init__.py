"""Questions over many records: what no single record shows, asked and never judged.

Six questions: one person (Q1) or one teacher (Q2) at two places at a time, one picture under two
records (Q3), the same people in the roll calls of different lessons (Q4), a site's head-counts in
round numbers (Q5), many sessions entered in one go long after (Q6). All but Q3 look at the sessions
of one calendar year, so that a question stays the same whatever period is looked at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, derived_id

_LIMIT: Final = re.compile(r"(?P<part>Q[1-6])\.(?P<name>[a-z_]+)=(?P<value>[0-9]{1,6})", re.ASCII)
ASKS: Final = ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6")
_RANGES: Final = {
    ("Q3", "alike_bits"): (0, 16),
    ("Q4", "equal_percent"): (1, 100),
    ("Q4", "sessions"): (2, 999_999),
    ("Q5", "multiple"): (2, 999_999),
    ("Q6", "sessions"): (2, 999_999),
}
"""What a threshold may be where not every number makes a question."""

Limits = Mapping[str, Mapping[str, Any]]
"""Thresholds by question and name, as the file of thresholds has them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """A held session; `site` and `venue` are keys or None, times "HH:MM", `day` "YYYY-MM-DD".

    `people` are the persons present, `there` those of them present in the room; linked records are
    one person. `teachers` are persons too. `remote`: it took place nowhere. `total` is the
    head-count beyond the names, None if there is none.
    """

    key: int
    record: str
    unit: str
    activity: int | None
    kind: str
    site: int | None
    venue: int | None
    remote: bool
    day: str
    start: str
    end: str
    total: int | None = None
    estimate: bool = False
    teachers: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    there: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture kept for a record; `names` are hashes of its content, `look` 16 hex digits or "".

    `above` is the record that its target hangs under, None if that is none; `day` that of the
    session it belongs to, "" for another record's.
    """

    key: int
    record: str
    unit: str
    day: str
    target: int
    above: int | None
    kind: str
    names: frozenset[str]
    look: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A session was said to be held, on which computer; `at` is a time with its offset."""

    lesson: int
    by: int
    at: str


@dataclass(frozen=True, slots=True)
class Found:
    """A question: which, over what span (a year, "" for all time), the records that it is about.

    `anchor` are the ids that name it; `people` the persons concerned by key, `lessons` and
    `pictures` keys, `site` a key; `numbers` stand in the words of the question.
    """

    asks: str
    span: str
    anchor: tuple[str, ...]
    lessons: tuple[int, ...] = ()
    pictures: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    site: int | None = None
    numbers: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The question's own id: the same on every computer that holds the same records."""
        key = b64(derived_id("question", self.asks, self.span, *self.anchor))
        return f"{self.asks}-{self.span or 'all'}-{key}"


def read_limits(text: str) -> dict[tuple[str, str], int]:
    """Return thresholds written as "Q1.overlap_minutes=30, Q5.share_percent=70".

    Raises ValueError for a text that is not written like this, and for a number with which a
    question cannot be asked; "" is none.
    """
    found: dict[tuple[str, str], int] = {}
    for pair in text.replace(",", " ").split():
        said = _LIMIT.fullmatch(pair)
        if said is None:
            raise ValueError(pair)
        key, value = (said["part"], said["name"]), int(said["value"])
        least, most = _RANGES.get(key, (0, value))
        if not least <= value <= most:
            raise ValueError(pair)
        found[key] = value
    return found


def asked_by(name: str) -> tuple[str, str] | None:
    """Return which question (Q1…Q6) and which span a question's id names, None if it is no id."""
    asks, _dash, rest = name.partition("-")
    span, dash, key = rest.partition("-")
    if asks not in ASKS or not dash or not key or not (span == "all" or span.isdecimal()):
        return None
    return asks, "" if span == "all" else span
