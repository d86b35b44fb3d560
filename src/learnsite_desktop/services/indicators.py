"""Indicator definitions: one SQL file each, read from the program's `indicators` folder.

A file begins with a header of `-- key: value` lines; `-- numerator` and `-- denominator` head one
query each, which lists contribution rows: a figure is their sum and drilling down lists the very
same rows. A file with `-- like: ID` has the queries of that one; `{codes}` in them stands for the
codes that its own header names. Files whose names begin with an underscore hold what the queries
share.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.resources import resource

DIMENSIONS: Final = (
    *("tier", "category", "form", "vocational", "topic", "delivery", "age", "sex", "group"),
)
SECTIONS: Final = frozenset(
    [
        "held",
        "roll",
        "ages",
        "expected",
        "ended",
        "population",
        "sites",
        "villages",
        "due",
        "former",
        "persons",
    ]
)
CODE_LISTS: Final[Mapping[str, str]] = {
    "category": "activity_kind",
    "form": "edu_form",
    "vocational": "edu_vocational",
    "topic": "topic",
    "delivery": "delivery",
    "age": "age_band",
    "sex": "sex",
    "group": "population_group",
}
_HEADER = re.compile(r"-- (\w+): ?(.*)")
_PART = re.compile(r"^-- ((?:brief )?(?:numerator|denominator))$", re.MULTILINE)
_SECTION = re.compile(r"^-- section: (.+)$", re.MULTILINE)
_REQUIRED: Final = ("id", "zh", "en", "unit", "dimensions", "needs", "rule_version", "source")
_SPOKEN: Final = ("basis_zh", "basis_en")
_WHEN_DIVIDED: Final = ("missing_zh", "missing_en")
_CODES: Final = "{codes}"
_CODE: Final = re.compile(r"\w+")


class DefinitionError(ValueError):
    """An indicator file does not hold what it must."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: `numerator` and `denominator` ("" for a plain count) are SQL.

    `brief` are the two where sums of roll calls will do: the same sums, without the rows.
    `needs` are the sections of the shared file that must have run, in order. `texts` holds zh and
    en words: name, basis, missing.
    """

    id: str
    unit: str
    dimensions: tuple[str, ...]
    needs: tuple[str, ...]
    rule_version: str
    source: str
    texts: Mapping[str, str]
    numerator: str
    denominator: str
    brief: tuple[str, str] | None = None

    def text(self, what: str, language: str) -> str:
        """Return `name`, `basis` or `missing` in "zh" or "en"."""
        return self.texts[f"{what}_{'en' if language.startswith('en') else 'zh'}"]

    @property
    def counts_persons(self) -> bool:
        """Whether contributions are attendances or persons, named or by head-count."""
        return "'named'" in self.numerator

    @property
    def divides_by_register(self) -> bool:
        """Whether the denominator comes from a register that may simply not be there."""
        return "population" in self.needs

    def part(self, name: str) -> str:
        """Return the SQL of `numerator` or `denominator`."""
        return self.numerator if name == "numerator" else self.denominator


@dataclass(frozen=True, slots=True)
class Shared:
    """What all indicators share: sections of `_base.sql`, and of `_cells.sql` by dimension."""

    base: Mapping[str, str]
    cells: Mapping[str, str]


def parse_definition(text: str, where: str, like: str = "") -> Indicator:
    """Read one indicator file; raises DefinitionError naming `where` and what is wrong.

    `like` is the text of the file whose queries it shares, where its header names one.
    """
    head, *pieces = _PART.split(text)
    header = dict(_HEADER.findall(head))
    queries = _queries(pieces or _PART.split(like)[1:], header.get("codes", "").split(), where)
    divided = "denominator" in queries
    wanted = [*_REQUIRED, *_SPOKEN]
    if divided and header.get("missing_zh"):
        wanted += _WHEN_DIVIDED
    lacking = [key for key in wanted if key not in header]
    lacking += [key for key in wanted if not header.get(key, "-") and key != "dimensions"]
    if lacking or not queries.get("numerator") or (divided and not queries["denominator"]):
        raise DefinitionError(f"{where}: missing {', '.join(lacking) or 'query'}")
    dimensions, needs = tuple(header["dimensions"].split()), tuple(header["needs"].split())
    unknown = [*(set(dimensions) - set(DIMENSIONS)), *(set(needs) - SECTIONS)]
    if unknown:
        raise DefinitionError(f"{where}: unknown {', '.join(sorted(unknown))}")
    texts = {f"name_{lang}": header[lang] for lang in ("zh", "en")}
    texts |= {key: header.get(key, "") for key in (*_SPOKEN, *_WHEN_DIVIDED)}
    return Indicator(
        id=header["id"],
        unit=header["unit"],
        dimensions=dimensions,
        needs=needs,
        rule_version=header["rule_version"],
        source=header["source"],
        texts=texts,
        numerator=queries["numerator"],
        denominator=queries.get("denominator", ""),
        brief=_brief(queries, where),
    )


def _queries(pieces: Sequence[str], codes: Sequence[str], where: str) -> dict[str, str]:
    """Return the queries by part, `{codes}` replaced by the codes that are meant."""
    found = dict(zip(pieces[::2], (piece.strip() for piece in pieces[1::2]), strict=True))
    wanted = any(_CODES in query for query in found.values())
    if wanted != bool(codes) or not all(_CODE.fullmatch(code) for code in codes):
        raise DefinitionError(f"{where}: codes")
    listed = ", ".join(f"'{code}'" for code in codes)
    return {part: query.replace(_CODES, listed) for part, query in found.items()}


def _brief(queries: Mapping[str, str], where: str) -> tuple[str, str] | None:
    found = tuple(queries.get(f"brief {part}", "") for part in ("numerator", "denominator"))
    if not any(found):
        return None
    if not found[0] or bool(found[1]) != ("denominator" in queries):
        raise DefinitionError(f"{where}: brief in one part only")
    return found[0], found[1]


def parse_sections(text: str) -> dict[str, str]:
    """Return the sections of a shared file; one headed by several names stands under each."""
    _head, *pieces = _SECTION.split(text)
    return {
        name: piece.strip()
        for names, piece in zip(pieces[::2], pieces[1::2], strict=True)
        for name in names.split()
    }


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def registry() -> Mapping[str, Indicator]:
    """Return all indicators by id, in the order of their ids' catalogue (S, P, N, D)."""
    folder = resource("indicators")
    found: dict[str, Indicator] = {}
    texts = {path: _read(path) for path in folder.glob("[!_]*.sql")}
    for path in sorted(texts, key=lambda path: _place(path.stem)):
        other = dict(_HEADER.findall(texts[path])).get("like", "")
        like = texts.get(path.with_stem(other), "") if other else ""
        indicator = parse_definition(texts[path], path.name, like)
        if indicator.id != path.stem:
            raise DefinitionError(f"{path.name}: the id is {indicator.id}")
        found[indicator.id] = indicator
    return found


def _place(name: str) -> tuple[int, str]:
    families = "SPGNTFRQOCED"
    return (families.find(name[0]), name)


@cache
def shared() -> Shared:
    """Return the shared sections."""
    folder = resource("indicators")
    return Shared(
        base=parse_sections(_read(folder / "_base.sql")),
        cells=parse_sections(_read(folder / "_cells.sql")),
    )


def chosen(ids: Sequence[str] | None) -> list[Indicator]:
    """Return the indicators of `ids`, all of them for None; refuses `indicator_unknown`."""
    known = registry()
    if ids is None:
        return list(known.values())
    for name in ids:
        if name not in known:
            raise Refusal("indicator_unknown", where=name, known=" ".join(known))
    return [known[name] for name in dict.fromkeys(ids)]
