"""The region tree: provinces down to villages, with 12-digit codes and validity dates.

Levels 1 to 5 are province, city, county, township and village; a level may be missing in between
(some cities have no counties). The tree is owned by the county and travels down as a document.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

from learnsite_desktop.domain.refusals import Refusal

REGION_COLUMNS = ("code", "parent", "level", "name", "kind")
TIERS = {1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
_CODE = re.compile(r"[0-9]{12}")
_BETWEEN_NAMES = re.compile(r";(?=\d{4}-\d{2}-\d{2}=)")


@dataclass(frozen=True, slots=True)
class Past:
    """A parent that a unit had: ``until`` is the first day under the next one.

    A later line overrules the earlier ones from its day on: that is how what was taken back, and
    what was then said rightly, stand beside what was said first.
    """

    parent: str
    until: date


@dataclass(frozen=True, slots=True)
class Former:
    """A name that a unit had: ``until`` is the first day under the next one."""

    name: str
    until: date


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One unit of the tree; ``parent`` is blank at the top, ``successor`` names who took over.

    ``past`` are the parents it had before, ``former`` its earlier names, the oldest first.
    """

    code: str
    parent: str
    level: int
    name: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    past: tuple[Past, ...] = ()
    former: tuple[Former, ...] = ()

    @property
    def tier(self) -> str:
        """The tier that follows from the level."""
        return TIERS[self.level]

    def valid_on(self, day: date) -> bool:
        """Tell whether the unit exists on ``day``; ``valid_to`` is the first day it does not."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)

    def as_row(self) -> dict[str, str | int]:
        """Return the row for canonical JSON or CSV: dates as ISO text, what is unknown left out."""
        values = asdict(self)
        for key in ("valid_from", "valid_to"):
            values[key] = values[key].isoformat() if values[key] else ""
        values["past"] = " ".join(f"{one.parent}:{one.until.isoformat()}" for one in self.past)
        # The character that stands between names stands in none.
        names = [(one.until.isoformat(), one.name.replace(";", "；")) for one in self.former]
        values["former"] = ";".join(f"{until}={name}" for until, name in names)
        optional = ("valid_from", "valid_to", "successor", "past", "former")
        return {key: value for key, value in values.items() if key not in optional or value}

    def parents(self) -> Iterator[tuple[str, date | None, date | None]]:
        """Yield every parent the unit ever had, with the first day and the day after the last.

        Those that it had for no day at all (taken back) come first; the others follow one another.
        """
        found: list[tuple[str, date | None, date | None]] = []
        since: date | None = None
        for number, one in enumerate(self.past):
            until = min(later.until for later in self.past[number:])
            if since is not None and until <= since:
                yield one.parent, since, since
                continue
            _put_behind(found, one.parent, since, until)
            since = until
        if self.parent:
            _put_behind(found, self.parent, since, None)
        yield from found

    @property
    def under_since(self) -> date | None:
        """The first day under today's parent, None if it never had another."""
        return next((since for _parent, since, until in self.parents() if until is None), None)


class RegionTree:
    """A checked set of region rows with the questions one asks of a tree."""

    def __init__(self, rows: Iterable[RegionRow], lines: Mapping[str, int] | None = None) -> None:
        """Index and check ``rows``; ``lines`` tells where a code stood, for refusals.

        Refuses ``regions_empty``, ``regions_code_repeated``, ``regions_parent_unknown`` and
        ``regions_parent_not_above``. As a parent always has the smaller level, a tree that passes
        has no cycle.
        """
        self._rows: dict[str, RegionRow] = {}
        self._children: dict[str, list[str]] = {}
        where = lines or {}
        for row in rows:
            if row.code in self._rows:
                raise Refusal("regions_code_repeated", where=_place(row.code, where), unit=row.code)
            self._rows[row.code] = row
        if not self._rows:
            raise Refusal("regions_empty")
        for row in self._rows.values():
            place = _place(row.code, where)
            for parent, _since, _until in row.parents():
                above = self._rows.get(parent)
                if above is None:
                    raise Refusal("regions_parent_unknown", where=place, parent=parent)
                if above.level >= row.level:
                    raise Refusal("regions_parent_not_above", where=place, parent=parent)
            if row.parent:
                self._children.setdefault(row.parent, []).append(row.code)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]]) -> Self:
        """Parse and check mappings as a CSV file or a down document holds them.

        The first row is line 2. Besides the refusals of the tree itself: ``regions_code_invalid``,
        ``regions_level_invalid``, ``regions_name_missing``, ``regions_date_invalid``.
        """
        parsed: list[RegionRow] = []
        lines: dict[str, int] = {}
        for line, row in enumerate(rows, start=2):
            unit = _parse(row, f"line {line}")
            if unit.code in lines:
                raise Refusal("regions_code_repeated", where=f"line {line}", unit=unit.code)
            lines[unit.code] = line
            parsed.append(unit)
        return cls(parsed, lines)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def rows(self) -> list[RegionRow]:
        """All rows in the order they came."""
        return list(self._rows.values())

    def get(self, code: str) -> RegionRow | None:
        """Return the unit with this code, or None."""
        return self._rows.get(code)

    def require(self, code: str) -> RegionRow:
        """Return the unit with this code; refuses ``unit_unknown``."""
        row = self._rows.get(code)
        if row is None:
            raise Refusal("unit_unknown", where=code)
        return row

    def tier(self, code: str) -> str:
        """Tier of a unit of the tree; refuses ``unit_unknown``."""
        return self.require(code).tier

    def children(self, code: str) -> list[str]:
        """Codes of the units directly below, sorted."""
        return sorted(self._children.get(code, ()))

    def subtree(self, code: str) -> list[str]:
        """Codes of the unit and everything below it, the unit first, depth first in code order."""
        found: list[str] = []
        left = [self.require(code).code]
        while left:
            unit = left.pop()
            found.append(unit)
            left.extend(reversed(self.children(unit)))
        return found

    def ancestors(self, code: str) -> list[str]:
        """Codes of the units above, the nearest first; the unit itself is not among them."""
        found: list[str] = []
        above = self.require(code).parent
        while above:
            found.append(above)
            above = self._rows[above].parent
        return found

    def parent_unit(self, code: str, on: date | None = None) -> str | None:
        """Return the unit directly above, whatever level is missing in between; None at the top.

        With ``on``, units that do not exist on that day are skipped.
        """
        for above in self.ancestors(code):
            if on is None or self._rows[above].valid_on(on):
                return above
        return None

    def standing(self, code: str, on: date | None = None) -> str:
        """Return the unit that stands for this one: itself, or who took over by ``on``, and so on.

        Without ``on``, whoever took over in the end.
        """
        seen = {code}
        row = self._rows.get(code)
        while row is not None and row.successor in self._rows and row.successor not in seen:
            if row.valid_to is None or (on is not None and on < row.valid_to):
                break
            code = row.successor
            seen.add(code)
            row = self._rows[code]
        return code

    def slice(self, code: str) -> "RegionTree":
        """Return the units above, the unit itself and all below, with their former parents."""
        wanted = {*self.ancestors(code), *self.subtree(code)}
        todo = [*wanted]
        while todo:
            for parent, _since, _until in self._rows[todo.pop()].parents():
                if parent not in wanted:
                    wanted.add(parent)
                    todo.append(parent)
        return RegionTree(row for row in self._rows.values() if row.code in wanted)


def _put_behind(
    found: list[tuple[str, date | None, date | None]],
    parent: str,
    since: date | None,
    until: date | None,
) -> None:
    """Add a stretch under a parent; under the same one as before, that one goes on."""
    if found and found[-1][0] == parent:
        since = found.pop()[1]
    found.append((parent, since, until))


def _place(code: str, lines: Mapping[str, int]) -> str:
    """Where a code stood: its line when known, else the code."""
    return f"line {lines[code]}" if code in lines else code


def _parse(row: Mapping[str, object], where: str) -> RegionRow:
    """One row with its own values checked; the tree checks what concerns several rows."""
    text = {key: str(value).strip() for key, value in row.items() if value is not None}
    codes = {key: text.get(key, "") for key in ("code", "parent", "successor")}
    for key, code in codes.items():
        if not _CODE.fullmatch(code) and (code or key == "code"):
            raise Refusal("regions_code_invalid", where=where, unit=code)
    level = text.get("level", "")
    if level not in {str(number) for number in TIERS}:
        raise Refusal("regions_level_invalid", where=where, level=level)
    for key in ("name", "kind"):
        if not text.get(key):
            raise Refusal("regions_name_missing", where=where, column=key)
    return RegionRow(
        **codes,
        level=int(level),
        name=text["name"],
        kind=text["kind"],
        valid_from=_date(text.get("valid_from", ""), where),
        valid_to=_date(text.get("valid_to", ""), where),
        past=tuple(_past(word, where) for word in text.get("past", "").split()),
        former=tuple(
            _former(part, where) for part in _BETWEEN_NAMES.split(text.get("former", "")) if part
        ),
    )


def _past(word: str, where: str) -> Past:
    """Return ``CODE:DATE`` as a former parent."""
    code, _colon, until = word.partition(":")
    if not _CODE.fullmatch(code):
        raise Refusal("regions_code_invalid", where=where, unit=code)
    day = _date(until, where)
    if day is None:
        raise Refusal("regions_date_invalid", where=where, date=until)
    return Past(code, day)


def _former(part: str, where: str) -> Former:
    """Return ``DATE=NAME`` as a former name."""
    until, _equals, name = part.partition("=")
    day = _date(until, where)
    if day is None or not name:
        raise Refusal("regions_date_invalid", where=where, date=until)
    return Former(name, day)


def _date(text: str, where: str) -> date | None:
    """Return an ISO date or None when blank; refuses ``regions_date_invalid``."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("regions_date_invalid", where=where, date=text) from error
