"""Which unit a name means: villages are looked for inside their township, never further."""

import re
import unicodedata
from typing import Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.regions import RegionRow
from learnsite_desktop.services.roster.cells import Reading
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace

_COMMITTEE: Final = re.compile(r"(?:居民)?委员?会$|(?<=.)委$|居委会?$")
_OF_VILLAGERS: Final = re.compile(r"村民委员会$")
_KIND: Final = re.compile(r"(?:行政村|社区|村|居)$")
_GROUP: Final = re.compile(r"第?[0-9一二三四五六七八九十]+(?:村民)?小?[组队]$")
_OWN: Final = frozenset({"本村", "本社区", "本镇", "本乡", "本街道"})
_LOOKS: Final = re.compile(r".+(?:村|社区|委会|居委|村委)$")


class Villages:
    """Names of the units around the one that a table is for."""

    def __init__(self, workspace: Workspace, unit: str) -> None:
        """`unit` is the one for which the table is taken."""
        tree = load_tree(workspace.database)
        self._own = tree.require(unit)
        below = {unit}
        for row in sorted(tree.rows(), key=lambda each: each.level):
            if row.parent in below:
                below.add(row.code)
        self._below = below
        township = self._own.parent if self._own.level == 5 else ""
        near = [row for row in tree.rows() if row.code in below or row.parent == township != ""]
        self._above = {row.name: row.code for row in tree.rows() if row.level < 5 and row.level > 1}
        self._by_name: dict[str, list[RegionRow]] = {}
        self._by_stem: dict[str, list[RegionRow]] = {}
        for row in near:
            name = _short(row.name)
            name = name if row.level < 5 or name == row.name else _with_kind(name, row)
            self._by_name.setdefault(name, []).append(row)
            self._by_stem.setdefault(_KIND.sub("", name) or name, []).append(row)

    @property
    def own_code(self) -> str:
        """The code of the unit the table is for."""
        return self._own.code

    @property
    def many(self) -> bool:
        """Whether the unit has villages below it."""
        return self._own.level < 5

    def looks_like_one(self, text: str) -> bool:
        """Whether the name of a sheet seems meant as a village."""
        found = self.of(text)
        known = found.issue is None or found.issue.code != "VILLAGE_UNKNOWN"
        return known or bool(_LOOKS.fullmatch(text.strip()))

    def of(self, text: str) -> Reading:
        """Return the code of the unit that a name means: the own one or one below it."""
        shown = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        if shown in _OWN or (self._own.level == 5 and _GROUP.fullmatch(shown)):
            return Reading(self._own.code)
        found = self._found(shown)
        if not found:
            return Reading(None, self._issue("VILLAGE_UNKNOWN", shown))
        if len(found) > 1:
            return Reading(None, self._issue("VILLAGE_UNCLEAR", shown))
        if found[0].code not in self._below:
            return Reading(None, self._issue("VILLAGE_OTHER", shown))
        return Reading(found[0].code)

    def _found(self, shown: str) -> list[RegionRow]:
        rest, parent = shown, ""
        for name, code in self._above.items():
            if rest.startswith(name) and len(rest) > len(name):
                rest, parent = rest[len(name) :], code
        for each in (rest, _GROUP.sub("", rest)):
            name = _short(each)
            rows = self._by_name.get(name) or self._by_stem.get(name) or []
            inside = [row for row in rows if row.parent == parent]
            if rows:
                return inside or rows
        return []

    def _issue(self, code: str, shown: str) -> Issue:
        return Issue(code, params={"value": shown, "unit": self._own.name})


def _short(name: str) -> str:
    """Return a name without the word for its committee."""
    short = _COMMITTEE.sub("", _OF_VILLAGERS.sub("村", name))
    return short.removesuffix("村") if short.endswith("村村") and short != name else short


def _with_kind(name: str, row: RegionRow) -> str:
    if _KIND.search(name):
        return name
    return name + ("村" if row.kind == "village_committee" else "社区")
