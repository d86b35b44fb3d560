"""What the import shows of a table before it is taken, without a window."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import roster
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.copying import own_sites
from learnsite_desktop.services.people.enrolling import open_classes
from learnsite_desktop.services.workspace import Workspace

KINDS: Final[Mapping[str, str]] = {
    "learners": N_("a list of learners"),
    "roster": N_("the roster of a class"),
    "ledger": N_("a ledger of past activities"),
}
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "created": ("ok", N_("new")),
    "updated": ("note", N_("changed")),
    "same": ("draft", N_("as kept")),
    "repeated": ("draft", N_("twice")),
    "fault": ("error", N_("fault")),
}
"""Tone and word of what becomes of a row."""

_CODES: Final = {
    "sex": "sex",
    "education": "education_level",
    "groups": "population_group",
    "residence": "residence",
    "kind": "activity_kind",
    "department": "department",
}
_HOW: Final = {
    "remembered": N_("as last time"),
    "given": N_("said here"),
    "repeated": N_("twice, left out"),
    "none": N_("not taken"),
}
_MASKS: Final = {"mobile": "mobile", "id_number": "cn_id"}
_NOTES_SHOWN: Final = 4
NEW: Final = "new"
Asked = tuple[str, int] | tuple[str, int, str]
"""Sheet and row about which somebody is asked; the column too where several stand in one row."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A file and what it is to be taken for; `sheets` () are all that are not hidden."""

    path: Path
    kind: str = "learners"
    activity: str = ""
    site: str = ""
    sheets: tuple[str, ...] = ()
    as_of: date | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[Asked, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether enough was said to look at the table."""
        return self.kind != "roster" or bool(self.activity)

    def target(self) -> roster.Target:
        """Return what the table is taken for."""
        return roster.Target(
            kind=self.kind,
            activity=self.activity if self.kind == "roster" else "",
            site=self.site if self.kind == "ledger" else "",
            sheets=self.sheets,
            as_of=self.as_of,
        )

    def mapped(self, key: str, meaning: str) -> "Wish":
        """Return the wish with another meaning of a column, "" not to take it."""
        return replace(self, mapping={**self.mapping, key: meaning})

    def decided(self, place: Asked, who: str) -> "Wish":
        """Return the wish with the answer who a row is: a record, or `NEW`."""
        return replace(self, decisions={**self.decisions, place: who})


@dataclass(frozen=True, slots=True)
class Places:
    """What a table may be about: (record, name) of classes and sites."""

    classes: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]


def places(workspace: Workspace) -> Places:
    """Return the classes that are not over and the sites that are open."""
    return Places(tuple(open_classes(workspace)), tuple(own_sites(workspace)))


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file: its heading, what it is taken for, how sure that is."""

    key: str
    letter: str
    heading: str
    meaning: str
    how: str


def column_lines(seen: roster.Preview) -> list[ColumnLine]:
    """Return the columns; equal headings of several sheets stand once."""
    found: dict[str, ColumnLine] = {}
    for block in seen.blocks:
        for column in block.columns:
            key = column.label or f"{column.sheet}!{column.letter}"
            meaning = _(roster.field_label(column.field)) if column.field else ""
            sure = render(N_("%(score)s %% sure"), {"score": column.score})
            left = "" if column.field or column.how != "alias" else "none"
            how = _(_HOW[left or column.how]) if (left or column.how) in _HOW else sure
            line = ColumnLine(key, column.letter, column.heading, meaning, how)
            found.setdefault(key, line)
    return list(found.values())


def remembered(seen: roster.Preview) -> str:
    """Return in words which columns are taken as they were explained before, "" for none."""
    pairs = {
        column.heading: _(roster.field_label(column.field)) if column.field else _("not taken")
        for block in seen.blocks
        for column in block.columns
        if column.how == "remembered"
    }
    if not pairs:
        return ""
    listed = "、".join(f"{heading} = {meaning}" for heading, meaning in pairs.items())
    return render(_("Taken as last time: %(columns)s"), {"columns": listed})


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table as understood; `faulty` and `changed` are the fields to colour."""

    sheet: str
    row: int
    outcome: str
    cells: Mapping[str, str]
    faulty: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    former: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[roster.Fault, ...] = ()

    @property
    def place(self) -> tuple[str, int]:
        """Sheet and row."""
        return self.sheet, self.row

    @property
    def question(self) -> roster.Fault | None:
        """The fault that asks who the row is, if there is one."""
        return next((fault for fault in self.faults if fault.candidates), None)

    def told(self) -> str:
        """Return what is wrong with the row, or what it changes, in words."""
        if self.faults:
            return "\n".join(dict.fromkeys(map(_fault_text, self.faults)))
        changes = (
            render(
                N_("%(field)s: %(former)s → %(now)s"),
                {
                    "field": _(roster.field_label(name)),
                    "former": _kept(name, self.former.get(name, "")) or "–",
                    "now": self.cells.get(name, ""),
                },
            )
            for name in sorted(self.changed)
        )
        return " · ".join(changes)


def _fault_text(fault: roster.Fault) -> str:
    told = fault.shown(render)
    where = f"{fault.column}{fault.row} " if fault.column else ""
    return f"{where}{told['message']} {told['remedy']}"


def _kept(name: str, value: str) -> str:
    """Return a value that stands there so far, masked where it is private."""
    if name in _MASKS and value:
        return masked(_MASKS[name], value)
    return _("kept, hidden") if name == "address" and value else word(name, value)


def asked_of(fault: roster.Fault) -> Asked:
    """Return the place of a question."""
    place = (fault.sheet, fault.row)
    return (*place, fault.column) if fault.column else place


def word(name: str, value: str) -> str:
    """Return a value as people read it: codes by their words."""
    codes = _CODES.get(name)
    if codes is None or not value:
        return value
    label = shipped_codes().label
    return "、".join(label(codes, code, language()) for code in value.split("、"))


def lines(seen: roster.Preview) -> list[Line]:
    """Return every row with its faults, in the order of the file."""
    faults: dict[tuple[str, int], list[roster.Fault]] = {}
    for fault in seen.faults:
        faults.setdefault((fault.sheet, fault.row), []).append(fault)
    order = {sheet.name: place for place, sheet in enumerate(seen.table.sheets)}
    found = []
    for row in seen.rows:
        own = faults.get((row.sheet, row.row), []) if row.outcome == "fault" else []
        found.append(_line(row, own))
    told = {line.place for line in found if line.faults}
    found += [
        Line(sheet, row, "fault", _given(given), _fields_of(given), faults=tuple(given))
        for (sheet, row), given in faults.items()
        if (sheet, row) not in told
    ]
    return sorted(found, key=lambda line: (order.get(line.sheet, 0), line.row))


def _line(row: roster.Row, faults: list[roster.Fault]) -> Line:
    cells = {name: word(name, value) for name, value in row.shown.items()} | _given(faults)
    return Line(
        row.sheet,
        row.row,
        row.outcome,
        cells,
        _fields_of(faults),
        frozenset(row.changed),
        row.former,
        tuple(faults),
    )


def _given(faults: list[roster.Fault]) -> dict[str, str]:
    """Return the cells that were not understood, as they stand in the file."""
    return {fault.field: fault.value for fault in faults if fault.field and fault.value}


def _fields_of(faults: list[roster.Fault]) -> frozenset[str]:
    return frozenset(fault.field for fault in faults if fault.field)


def shown_fields(seen: roster.Preview, rows: list[Line]) -> list[str]:
    """Return the fields that have anything to show, in the order of the catalogue."""
    used = {name for line in rows for name, text in line.cells.items() if text}
    return [name for name in seen.fields if name in used]


def summary(seen: roster.Preview) -> str:
    """Return the counts in one sentence, changes by field."""
    per_field = Counter(name for row in seen.rows if row.outcome == "updated"
                        for name in row.changed)  # fmt: skip
    fields = "、".join(
        f"{_(roster.field_label(name))} {count}" for name, count in per_field.most_common()
    )
    counts: dict[str, Any] = {
        "new": seen.created,
        "changed": f"{seen.updated} ({fields})" if fields else seen.updated,
        "same": seen.same,
        "faults": seen.faulty_rows,
    }
    text = _("New %(new)s · changed %(changed)s · as kept %(same)s · with faults %(faults)s")
    return render(text, counts)


def notes(seen: roster.Preview) -> list[str]:
    """Return what is worth knowing about the file, each said once."""
    found = Counter(_note_text(note) for note in (*seen.table.notes, *seen.notes))
    texts = [text if count == 1 else f"{text} (×{count})" for text, count in found.items()]
    more = len(texts) - _NOTES_SHOWN
    tail = [render(_("and %(count)s more notes"), {"count": more})] if more > 0 else []
    return texts[:_NOTES_SHOWN] + tail


def _note_text(note: roster.Note) -> str:
    told = note.shown(render)
    return f"{note.sheet} {told['message']}".strip()


def has_ages(seen: roster.Preview) -> bool:
    """Whether birth years are counted from ages."""
    return any(column.field == "age" for block in seen.blocks for column in block.columns)


def meanings(seen: roster.Preview) -> Iterator[tuple[str, str]]:
    """Yield the fields a column may be taken for, with their words."""
    for name in seen.fields:
        yield name, _(roster.field_label(name))
