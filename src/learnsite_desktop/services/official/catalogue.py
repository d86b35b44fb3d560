"""The official reports that the program knows, read from its `reports` folder.

A line of a report is written `S01`, `S01/age:60,70,80` (cells of a dimension, summed; `*` for all
of them), or `sites/v_elder` (records counted by a code).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.indicators import parse_sections, registry

COUNTS: Final[Mapping[str, str]] = {
    "sites": "site_kind",
    "staff": "staff_kind",
    "venues": "venue_kind",
}
"""Records that are counted by a code: the name in a line, and the code list."""

_FOLDER: Final = "reports"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `id` an indicator or one of COUNTS, `dimension` "" for its total, `codes`."""

    text: str
    id: str
    dimension: str = ""
    codes: tuple[str, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether records are counted by a code; else it is an indicator."""
        return self.id in COUNTS


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its lines, and the columns of its table of units below."""

    id: str
    zh: str
    en: str
    template: str
    departments: tuple[str, ...]
    lines: tuple[Line, ...]
    units: tuple[str, ...]

    def name(self) -> str:
        """Return the name in the language in use."""
        return self.en if language().startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All reports by id, and further dimensions by name with their SQL."""

    reports: Mapping[str, Report]
    axes: Mapping[str, str]
    cells: Mapping[str, str]
    counts: Mapping[str, str]

    def departments(self) -> list[str]:
        """Return the codes of departments that a report is for, in the order of the reports."""
        return list(
            dict.fromkeys(one for report in self.reports.values() for one in report.departments)
        )


def parse_line(text: str) -> Line:
    """Read a line of the catalogue."""
    name, slash, rest = text.partition("/")
    if not slash:
        return Line(text, name)
    if name in COUNTS:
        return Line(text, name, COUNTS[name], (rest,))
    dimension, _colon, codes = rest.partition(":")
    return Line(text, name, dimension, tuple(codes.split(",")))


@cache
def catalogue() -> Catalogue:
    """Return the catalogue shipped with the program."""
    folder = resource(_FOLDER)
    content = tomllib.loads((folder / "catalogue.toml").read_text(encoding="utf-8"))
    return Catalogue(
        reports={one["id"]: _report(one) for one in content["report"]},
        axes=content["axes"],
        cells=parse_sections((folder / "cells.sql").read_text(encoding="utf-8")),
        counts=parse_sections((folder / "counts.sql").read_text(encoding="utf-8")),
    )


def _report(one: Mapping[str, Any]) -> Report:
    return Report(
        id=one["id"],
        zh=one["zh"],
        en=one["en"],
        template=one["template"],
        departments=tuple(one["departments"]),
        lines=tuple(parse_line(text) for text in one["lines"]),
        units=tuple(one["units"]),
    )


def report_named(name: str) -> Report:
    """Return a report; refuses `report_unknown`."""
    found = catalogue().reports.get(name)
    if found is None:
        raise Refusal("report_unknown", where=name, known=" ".join(catalogue().reports))
    return found


def reports_of(department: str) -> Sequence[Report]:
    """Return the whole set of a department; refuses `report_department_unknown`."""
    known = catalogue()
    found = [one for one in known.reports.values() if department in one.departments]
    if not found:
        raise Refusal(
            "report_department_unknown", where=department, known=" ".join(known.departments())
        )
    return found


def is_computable(line: Line) -> bool:
    """Return whether the program knows how to count a line at all."""
    return line.counted or line.id in registry()
