"""Indicators that are asked for but cannot be computed from the records held: what they lack."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from learnsite_desktop.platform.i18n import language
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.indicators import Indicator, registry

_COLUMNS: Final = ("id", "zh", "en", "unit", "missing_zh", "missing_en")


@dataclass(frozen=True, slots=True)
class Lacking:
    """One such indicator: name, unit of measure and what is missing, in zh and en."""

    id: str
    unit: str
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        """Its name in the language in use."""
        return self.texts["en" if language().startswith("en") else "zh"]

    @property
    def missing(self) -> str:
        """What would be needed to compute it."""
        return self.texts["missing_en" if language().startswith("en") else "missing_zh"]


@cache
def lacking() -> Mapping[str, Lacking]:
    """Return by id the catalogue's indicators that no definition computes, in its order."""
    with resource("indicators", "catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    computed = registry()
    return {
        row["id"]: Lacking(row["id"], row["unit"], {key: row[key] for key in _COLUMNS})
        for row in rows
        if row["id"] not in computed
    }


def name_of(indicator: str) -> str:
    """Return the name of an indicator of the catalogue, computed or not; the id if unknown."""
    found: Indicator | None = registry().get(indicator)
    if found is not None:
        return found.text("name", language())
    other = lacking().get(indicator)
    return other.name if other is not None else indicator


def measure_of(indicator: str) -> str:
    """Return the unit of measure of an indicator of the catalogue, "" if unknown."""
    found = registry().get(indicator) or lacking().get(indicator)
    return found.unit if found is not None else ""


@cache
def _measures() -> Mapping[str, str]:
    with resource("indicators", "measures.csv").open(encoding="utf-8", newline="") as file:
        return {row["zh"]: row["en"] for row in csv.DictReader(file)}


def measure_words(measure: str) -> str:
    """Return a unit of measure in the language in use; definitions have it in Chinese."""
    return _measures().get(measure, measure) if language().startswith("en") else measure


def known() -> list[str]:
    """Return the ids of the whole catalogue."""
    return [*registry(), *lacking()]
