"""Finding tables on a sheet: the rows of headings, what each column means, where its rows lie.

A heading may take two lines, stand below title rows, be repeated on every printed page, and
several equal tables may stand side by side. What belongs together but is not plain is refused.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from learnsite_desktop.services.roster.fields import EXACT, IGNORED, Vocabulary, folded
from learnsite_desktop.services.roster.tables import Sheet, letter

SEARCHED_ROWS: Final = 20
Known = Callable[[str], Mapping[str, str] | None]
_GROUPS: Final = frozenset({
    "基本信息", "基本情况", "个人信息", "个人情况", "学员信息", "学员情况", "人员信息",
    "人员情况", "信息", "情况", "学员", "人员", "参训人员", "联系方式", "活动情况", "活动信息",
    "人数", "参加人数", "参与人数", "培训人数", "参加人数人", "人数人", "其中", "参训人数"
})  # fmt: skip
"""Headings over several columns that say nothing about the meaning of those below."""


_BEFORE_KEY: Final = " \u3000\t\n*※学参本居老人培"
"""Characters with which the heading of the key column may begin besides its own."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, its heading, the field it is taken for.

    `field` is "" when it is not taken; `how` is `alias`, `remembered`, `given`, `repeated` or
    `none`; `index` counts from 0; `label` is the heading as it is compared.
    """

    sheet: str
    index: int
    letter: str
    heading: str
    label: str
    field: str
    score: int
    how: str


@dataclass(frozen=True, slots=True)
class Block:
    """One table: its heading rows and its rows, counted from 1, both ends inside.

    `unclear` names the heading that keeps it from being read; `print` stands for its headings.
    """

    sheet: str
    first_heading: int
    last_heading: int
    last_row: int
    columns: tuple[Column, ...]
    print: str
    unclear: str = ""

    def fields(self) -> dict[str, int]:
        """Return the columns, counted from 0, of the fields that are taken."""
        return {column.field: column.index for column in self.columns if column.field}


@dataclass(slots=True)
class _Heading:
    """A candidate: its rows counted from 0, its labels, and what they mean by the vocabulary."""

    top: int
    bottom: int
    labels: list[str]
    meant: list[tuple[str, int]]
    hits: int
    keys: list[int] = field(default_factory=list)


class Finder:
    """Finds the tables of one sheet."""

    def __init__(
        self, sheet: Sheet, words: Vocabulary, given: Mapping[str, str], known: Known
    ) -> None:
        """`given` maps folded headings, "C" or "SHEET!C" to fields; `known` remembers prints."""
        self._sheet = sheet
        self._given = given
        self._known = known
        texts = {key: value or IGNORED for key, value in given.items() if "!" not in key}
        self._words = words.with_headings({folded(key): value for key, value in texts.items()})
        keys = [label for label, name in self._words.headings.items() if name == words.key]
        self._initials = frozenset("".join(label[0] for label in keys if label) + _BEFORE_KEY)
        self._places = {
            key.rpartition("!")[2].upper(): value
            for key, value in given.items()
            if "!" not in key or key.rpartition("!")[0] == sheet.name
        }

    def blocks(self) -> list[Block]:
        """Return all tables from top to bottom, those side by side from left to right."""
        first = self._first()
        if first is None:
            return []
        found: list[_Heading] = [first]
        row = first.bottom + 1
        while row < len(self._sheet.rows):
            again = self._again(row)
            if again is not None:
                found.append(again)
                row = again.bottom
            row += 1
        ends = [heading.top for heading in found[1:]] + [len(self._sheet.rows)]
        return [
            block
            for heading, end in zip(found, ends, strict=True)
            for block in self._split(heading, end)
        ]

    def _first(self) -> _Heading | None:
        best: _Heading | None = None
        for row in range(min(SEARCHED_ROWS, len(self._sheet.rows))):
            for heading in self._candidates(row):
                if heading.keys and (best is None or heading.hits > best.hits):
                    best = heading
        if best is None or (best.hits < 2 and not self._alone(best)):
            return None
        return best

    def _alone(self, heading: _Heading) -> bool:
        """Whether a single known heading is the only text of its row: a list of names."""
        return sum(1 for label in heading.labels if label) == 1

    def _again(self, row: int) -> _Heading | None:
        """Return a further heading that begins at a row, if there is one."""
        if not any(
            isinstance(cell, str) and cell[:1] in self._initials for cell in self._sheet.rows[row]
        ):
            return None
        strong = [each for each in self._candidates(row) if each.keys and each.hits >= 2]
        return max(strong, key=lambda each: each.hits, default=None)

    def _candidates(self, row: int) -> Iterator[_Heading]:
        """Yield the heading that one row, and that it and the next would make."""
        upper = [folded(cell) for cell in self._sheet.rows[row]]
        if not any(self._words.score(label)[0] for label in upper if label):
            return
        yield self._heading(row, row, upper)
        if row + 1 < len(self._sheet.rows) and self._is_lower(row, upper):
            yield self._heading(row, row + 1, self._joined(row, upper))

    def _is_lower(self, row: int, upper: Sequence[str]) -> bool:
        """Whether the row below continues the headings: labels only, none under the key."""
        cells = self._sheet.rows[row + 1]
        labels = [folded(cell) for cell in cells]
        filled = [place for place, cell in enumerate(cells) if cell != ""]
        if not filled or any(not labels[place] or labels[place].isdecimal() for place in filled):
            return False
        keys = {
            place
            for place, label in enumerate(upper)
            if label and self._words.score(label)[0] == self._words.key
        }
        if keys & set(filled):
            return False
        joined = self._joined(row, upper)
        return any(self._words.score(joined[place])[0] for place in filled)

    def _joined(self, row: int, upper: Sequence[str]) -> list[str]:
        """Return the labels of two lines; a heading over several columns goes with each of them."""
        lower = [folded(cell) for cell in self._sheet.rows[row + 1]]
        width = max(len(upper), len(lower))
        top = [*upper, *[""] * (width - len(upper))]
        below = [*lower, *[""] * (width - len(lower))]
        over, labels = "", []
        for place in range(width):
            if top[place]:
                over = top[place]
            elif not below[place]:
                over = ""
            labels.append(self._two_lines(over if below[place] else top[place], below[place]))
        return labels

    def _two_lines(self, over: str, below: str) -> str:
        if not over or not below:
            return over or below
        if self._words.score(over + below)[0]:
            return over + below
        return below if over in _GROUPS else over + below

    def _heading(self, top: int, bottom: int, labels: list[str]) -> _Heading:
        remembered = self._known(print_of(labels)) or {}
        words = self._words.with_headings({**remembered}) if remembered else self._words
        meant = [words.score(label) if label else ("", 0) for label in labels]
        for place, (name, _score) in enumerate(meant):
            meant[place] = (self._placed(place, name), meant[place][1])
        hits = len({name for name, _score in meant if name and name != IGNORED})
        hits += sum(1 for name, _score in meant if name == IGNORED) > 0
        keys = [place for place, (name, _score) in enumerate(meant) if name == self._words.key]
        return _Heading(top, bottom, labels, meant, hits, keys)

    def _placed(self, place: int, name: str) -> str:
        """Return what a column means, the word about its letter before all others."""
        given = self._places.get(letter(place))
        return name if given is None else given or IGNORED

    def _split(self, heading: _Heading, end: int) -> Iterator[Block]:
        """Yield the tables that stand side by side under one heading."""
        labels, keys = heading.labels, heading.keys
        parts = side_by_side(labels, keys)
        if parts is None:
            yield self._block(heading, end, range(len(labels)), self._text(heading, keys[1]))
            return
        for part in parts:
            yield self._block(heading, end, part, "")

    def _block(self, heading: _Heading, end: int, part: range, unclear: str) -> Block:
        remembered = self._known(print_of(heading.labels)) or {}
        columns: list[Column] = []
        taken: set[str] = set()
        for place in part:
            label = heading.labels[place]
            name, score = heading.meant[place]
            if not label and not name:
                continue
            how = self._how(place, label, remembered, name)
            if name in taken and name != IGNORED:
                name, how = "", "repeated"
            taken.add(name)
            columns.append(
                Column(
                    self._sheet.name,
                    place,
                    letter(place),
                    self._text(heading, place),
                    label,
                    "" if name == IGNORED else name,
                    score if how == "alias" else EXACT if name else 0,
                    how,
                )
            )
        return Block(
            self._sheet.name,
            heading.top + 1,
            heading.bottom + 1,
            end,
            tuple(columns),
            print_of(heading.labels),
            unclear,
        )

    def _how(self, place: int, label: str, remembered: Mapping[str, str], name: str) -> str:
        folded_keys = {folded(key) for key in self._given}
        if letter(place) in self._places or label in folded_keys:
            return "given"
        if label in remembered:
            return "remembered"
        return "alias" if name else "none"

    def _text(self, heading: _Heading, place: int) -> str:
        """Return a column's heading as it is written, its two lines joined."""
        lines = [self._sheet.cell(row, place) for row in range(heading.top, heading.bottom + 1)]
        return " ".join("".join(line.split()) for line in lines if isinstance(line, str) and line)


def side_by_side(labels: Sequence[str], keys: Sequence[int]) -> list[range] | None:
    """Cut a line of headings into equal tables, one for each key column; None if they differ.

    The last ones may lack columns at their end; blank columns may stand between.
    """
    if len(keys) < 2:
        return [range(len(labels))]
    width = keys[1] - keys[0]
    start = next(place for place, label in enumerate(labels) if label)
    if keys[0] - start >= width or [keys[0] + width * n for n in range(len(keys))] != list(keys):
        return None
    parts = [range(start + width * n, start + width * (n + 1)) for n in range(len(keys))]
    model = [labels[place] for place in parts[0]]
    for part in parts[1:]:
        own = [labels[place] if place < len(labels) else "" for place in part]
        while own and not own[-1]:
            own.pop()
        if own != model[: len(own)]:
            return None
    if any(labels[parts[-1].stop :]):
        return None
    parts[-1] = range(parts[-1].start, min(parts[-1].stop, len(labels)))
    return parts


def print_of(labels: Sequence[str]) -> str:
    """Return what stands for a line of headings, wherever it stands."""
    text = "|".join(labels).strip("|")
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
