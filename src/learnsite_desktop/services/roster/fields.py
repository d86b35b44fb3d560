"""What columns of a handed-in table may mean, and the headings that people write for it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.tables import read_table

IGNORED: Final = "-"
"""A heading that is known and whose column is not taken."""

REASON: Final = N_("reason of the fault")
"""Heading of the column in which a table that is handed back tells what is wrong."""

EXACT, BRACKETED, PREFIXED = 100, 95, 90
"""Scores of a heading: as listed, with remarks in brackets, with a word for "learner" before."""

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": N_("full name"),
        "sex": N_("sex"),
        "sex_male": N_("tick for male"),
        "sex_female": N_("tick for female"),
        "id_number": N_("ID number"),
        "birth": N_("birth"),
        "age": N_("age"),
        "mobile": N_("mobile"),
        "village": N_("village"),
        "address": N_("address"),
        "education": N_("education"),
        "groups": N_("groups"),
        "residence": N_("residence"),
        "number": N_("serial number"),
        "title": N_("title"),
        "date": N_("date"),
        "start": N_("start"),
        "end": N_("end"),
        "place": N_("place"),
        "total": N_("number of people"),
        "male": N_("male"),
        "female": N_("female"),
        "over60": N_("60+"),
        "hours": N_("lessons of 45 minutes"),
        "minutes": N_("minutes"),
        "teacher": N_("teacher"),
        "department": N_("organiser"),
        "kind": N_("kind"),
        "notes": N_("notes"),
        "code": N_("unit code"),
        "year": N_("year"),
        "source": N_("source"),
        "site": N_("site"),
        "edu_kinds": N_("education kinds"),
        "topics": N_("topics"),
        "delivery": N_("delivery"),
        "opens": N_("opens"),
        "closes": N_("closes"),
        "mark": N_("marks"),
    }
)

_PEOPLE: Final = (
    "name", "sex", "sex_male", "sex_female", "id_number", "birth", "age", "mobile", "village",
    "address", "education", "groups", "residence", "number",
)  # fmt: skip
_LEDGER: Final = (
    "title", "date", "start", "end", "place", "total", "male", "female", "over60", "hours",
    "minutes", "teacher", "department", "kind", "notes", "number",
)  # fmt: skip
_POPULATION: Final = ("village", "code", "year", "total", "over60", "source", "number")
_TABLES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = MappingProxyType(
    {"people": (_PEOPLE, "name"), "ledger": (_LEDGER, "title"),
     "population": (_POPULATION, "village")}
)  # fmt: skip
"""The fields of each sort of table, and the one without which there is no row."""
_DECORATION: Final = re.compile(r"[\s*※#:：,，、.]+")
_BRACKETS: Final = re.compile(r"[(\[【〔「][^)\]】〕」]*[)\]】〕」]")
_PREFIX: Final = re.compile(r"^(?:学员|参训人员|本人|居民|老人|人员|学生|培训)")
_LONGEST: Final = 24
_REASONS: Final = frozenset({"错误原因", "".join(REASON.split())})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields of one kind of table, the one without which there is no row, and its headings."""

    fields: tuple[str, ...]
    key: str
    headings: Mapping[str, str]

    def score(self, heading: str) -> tuple[str, int]:
        """Return (field, score) for a heading as `folded` gives it; ("", 0) if it is not known."""
        if heading in self.headings:
            return self.headings[heading], EXACT
        plain = _BRACKETS.sub("", heading)
        if plain and plain in self.headings:
            return self.headings[plain], BRACKETED
        short = _PREFIX.sub("", plain)
        if short and short in self.headings:
            return self.headings[short], PREFIXED
        return "", 0

    def with_headings(self, more: Mapping[str, str]) -> "Vocabulary":
        """Return the vocabulary with headings that somebody explained."""
        return Vocabulary(self.fields, self.key, {**self.headings, **more})


def folded(value: object) -> str:
    """Return a cell as a heading is compared: narrow, small, without blanks and decoration.

    "" for what is no heading: numbers, long text, the reasons of a table handed back.
    """
    if not isinstance(value, str):
        return ""
    text = _DECORATION.sub("", unicodedata.normalize("NFKC", value)).casefold()
    return "" if len(text) > _LONGEST or text in _REASONS else text


@lru_cache(maxsize=len(_TABLES))
def vocabulary(table: str) -> Vocabulary:
    """Return the vocabulary of `people`, `ledger` or `population` tables."""
    rows = read_table(resource("tables", "header_aliases.csv"), ("table", "field", "heading"))
    headings = {folded(row["heading"]): row["field"] for row in rows if row["table"] == table}
    fields, key = _TABLES[table]
    return Vocabulary(fields, key, headings)


def field_label(field: str) -> str:
    """Return the message id that names a field."""
    return LABELS[field]
