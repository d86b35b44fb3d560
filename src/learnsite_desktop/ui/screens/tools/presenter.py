"""What the tools screen shows: the page of tools, rows of differences, of a batch, of units."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.fields import Field, FieldType, Kind
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.batch_editing import (
    CANNOT,
    CHANGE,
    SAME,
    Batch,
    fields_for_batches,
    kinds_for_batches,
    shown,
)
from learnsite_desktop.services.codes import codes_in_force
from learnsite_desktop.services.comparing import ADDED, REMOVED, Comparison, RecordChange
from learnsite_desktop.services.entering import EnterFor
from learnsite_desktop.services.sheets import sessions_to_print
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.navigation import ENTRIES, LISTED, Entry

COMPARE, BATCH, ENTERING, SHEETS = "compare", "batch", "entering", "sheets"
REGISTERS: Final = "registers"
SHOWN: Final = 500
"""Rows of a list at most; more than this nobody reads."""
WEEKS: Final = 3
_DIGITS: Final = 10
"""Rows that have a key: 1 to 9, and 0 for the tenth."""
_TOOLS: Final = (
    (COMPARE, N_("Compare files"), N_("Two files of one village, or a file and what is held here")),
    (
        BATCH,
        N_("Correct in a batch"),
        N_("One field of many records, with a reason, as one change"),
    ),
    (ENTERING, N_("Enter for a unit"), N_("For a village without a computer: choose whose it is")),
    (SHEETS, N_("Print sign-in sheets"), N_("Sheets of villages for a week, in one go")),
    (
        REGISTERS,
        N_("Registers to fill in"),
        N_("Excel files for villages whose computers cannot run this program"),
    ),
)
_SCREENS: Final = {
    "roster_import": N_("Take learners and past activities from tables"),
    "evidence": N_("Photos and files of sessions"),
    "safety": N_("Backups, restoring, moving, the self-check"),
    "publishing": N_("Send code tables, forms, targets and notices down"),
    "supervision": N_("Rounds, checklists, findings"),
}
_TONES: Final = {CHANGE: "final", CANNOT: "warning", SAME: "draft"}
_WORDS: Final = {
    CHANGE: N_("will change"),
    CANNOT: N_("cannot"),
    SAME: N_("the same already"),
    ADDED: N_("added"),
    REMOVED: N_("removed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of any of the lists; see `widgets.row_list.ListRow`."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""


def unlisted(tier: str) -> list[Entry]:
    """Return the screens that other tiers have in their list and this one has not."""
    elsewhere = {name for one, names in LISTED.items() if one != tier for name in names}
    return [one for one in ENTRIES if one.name in elsewhere - set(LISTED[tier])]


def tool_rows(tier: str) -> tuple[Row, ...]:
    """Return the page of tools: each with the digit that opens it."""
    tools = [(name, _(title), _(about), "tool") for name, title, about in _TOOLS]
    screens = [
        (one.name, _(one.label), _(_SCREENS.get(one.name, "")), "screen") for one in unlisted(tier)
    ]
    numbered = enumerate([*tools, *screens], start=1)
    rows = [
        Row(name, kind, (str(number % 10) if number <= _DIGITS else "", title, about))
        for number, (name, title, about, kind) in numbered
    ]
    heading = Row("heading", "heading", (_("Screens that are not in the list"), "", ""))
    return (*rows[: len(tools)], *([heading] if screens else []), *rows[len(tools) :])


# Comparing


def difference_rows(found: Comparison) -> tuple[Row, ...]:
    """Return a row for every record that differs."""
    return tuple(_difference(place, one) for place, one in enumerate(found.changes[:SHOWN]))


def _difference(place: int, one: RecordChange) -> Row:
    status = {ADDED: "received", REMOVED: "returned"}.get(one.what, "warning")
    cells = (one.unit_name, _(KINDS[one.kind].label), one.title, str(len(one.fields)))
    return Row(str(place), one.what, cells, status, _(_WORDS.get(one.what, N_("differs"))))


def field_rows(one: RecordChange) -> tuple[Row, ...]:
    """Return the fields of a record side by side."""
    return tuple(
        Row(field.field, "field", (field.label, field.old or "–", field.new or "–"))
        for field in one.fields
    )


def compared_line(found: Comparison) -> str:
    """Say how many records differ and how many are the same."""
    said = {
        "count": len(found.changes),
        "same": found.same,
        "name": found.second.name,
        "shown": min(SHOWN, len(found.changes)),
    }
    if not found.changes:
        return render(_("%(name)s: no difference; %(same)s records are the same."), said)
    if len(found.changes) > SHOWN:
        text = _("%(name)s: %(count)s records differ, the first %(shown)s are shown.")
        return render(text, said)
    return render(_("%(name)s: %(count)s records differ, %(same)s are the same."), said)


# Batches


def kind_options() -> list[tuple[str, str]]:
    """Return the kinds of records that have fields for batches, by name and word."""
    return [(kind.name, _(kind.label)) for kind in kinds_for_batches()]


def setting_options(kind_name: str) -> list[tuple[str, str]]:
    """Return the fields that a batch may set."""
    kind = KINDS.get(kind_name)
    return [(one.name, _(one.label)) for one in fields_for_batches(kind)] if kind else []


def asking_options(kind_name: str) -> list[tuple[str, str]]:
    """Return the fields by which records can be sought: the public ones of one value."""
    kind: Kind | None = KINDS.get(kind_name)
    if kind is None:
        return []
    plain = {FieldType.CODE, FieldType.TEXT, FieldType.INT, FieldType.DATE, FieldType.TIME}
    return [
        (field.name, _(field.label))
        for register in kind.registers
        for field in register.fields
        if not register.private
        and not register.computed
        and field.type in plain
        and register.layer == "fact"
    ]


def value_options(workspace: Workspace, kind_name: str, name: str) -> list[tuple[str, str]]:
    """Return the codes that a field may have, [] for a field of free text."""
    kind = KINDS.get(kind_name)
    field: Field | None = kind.fields.get(name) if kind else None
    if field is None or field.type is not FieldType.CODE:
        return []
    tables = codes_in_force(workspace.database)
    return [(code, tables.label(field.codes, code, language()) or code)
            for code in tables.codes(field.codes)]  # fmt: skip


def unit_options(workspace: Workspace) -> list[tuple[str, str]]:
    """Return this unit and those below."""
    tree = load_tree(workspace.database)
    found = [tree.get(code) for code in tree.subtree(workspace.unit)]
    return [(row.code, row.name) for row in found if row is not None]


def batch_rows(workspace: Workspace, batch: Batch) -> tuple[Row, ...]:
    """Return a row for every record of a batch: from what to what, or why not."""
    rows = shown(workspace, batch, batch.rows[:SHOWN])
    return tuple(
        Row(
            row["record"],
            row["state"],
            (
                f"{row['title']} · {row['unit_name']}",
                row["old"] or "–",
                row["message"] if row["state"] == CANNOT else row["new"] or "–",
            ),
            _TONES[row["state"]],
            _(_WORDS[row["state"]]),
        )
        for row in rows
    )


def batch_line(batch: Batch) -> str:
    """Say how many records a batch would change, and how many it cannot."""
    said: dict[str, Any] = {
        "count": len(batch.rows),
        "change": batch.count(CHANGE),
        "cannot": batch.count(CANNOT),
        "same": batch.count(SAME),
    }
    return render(
        _("%(count)s found: %(change)s will change, %(cannot)s cannot, %(same)s are so already."),
        said,
    )


# Entering for others


def unit_rows(found: Sequence[EnterFor], acting: str, query: str = "") -> tuple[Row, ...]:
    """Return the units one may enter for that fit what was typed."""
    words = query.strip()
    return tuple(
        Row(
            one.code,
            "unit",
            (one.name, one.above, render(_("%(count)s this month"), {"count": one.sessions})),
            "final" if one.code == acting else "received" if one.opened else "note",
            _("entering now") if one.code == acting
            else _("has a computer") if one.opened else _("no computer"),
        )
        for one in found
        if words in one.name or one.code.startswith(words) or words in one.above
    )  # fmt: skip


# Registers


def register_rows(found: Sequence[EnterFor], chosen: Set[str], query: str = "") -> tuple[Row, ...]:
    """Return the units to which a register may be given that fit what was typed."""
    rows = unit_rows(found, "", query)
    return tuple(
        replace(row, status="final", word=_("chosen")) if row.key in chosen else row for row in rows
    )


# Sheets


def week_of(day: date, ahead: int) -> tuple[date, date]:
    """Return Monday and Sunday of the week so many weeks after a day's own."""
    first = days_after(day, 7 * ahead - day.weekday())
    return first, days_after(first, 6)


def session_rows(
    workspace: Workspace, first: date, last: date, left_out: frozenset[str]
) -> tuple[Row, ...]:
    """Return the planned sessions of all units between two days, by unit."""
    tree = load_tree(workspace.database)
    found = [
        stored
        for stored in sessions_to_print(workspace, first, last)
        if stored.doc.get("status") == "planned"
    ]
    found.sort(key=lambda one: (one.unit, str(one.doc.get("date")), str(one.doc.get("time"))))
    rows: list[Row] = []
    unit = ""
    for one in found:
        if one.unit != unit:
            unit = one.unit
            named = tree.get(unit)
            rows.append(Row(f"unit:{unit}", "unit", (named.name if named else unit, "", "")))
        out = one.id in left_out or one.unit in left_out
        rows.append(
            Row(
                one.id,
                "session",
                ("", title_of(workspace, one.id), str(one.doc.get("date") or "")),
                "draft" if out else "final",
                _("does not print") if out else _("prints"),
            )
        )
    return tuple(rows)


def checked_period(text: str) -> str:
    """Return a period as typed if it is one, "" for none; refuses `period_invalid`."""
    if not text.strip():
        return ""
    return parse_period(text.strip()).text
