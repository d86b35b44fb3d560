"""What the screen of units says, without widgets: the tree, states, computers, proposals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.region_search import find, formerly
from learnsite_desktop.domain.regions import RegionRow, RegionTree
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.region_edits import Effect, Outlook
from learnsite_desktop.services.unit_board import Board, Count, UnitLine
from learnsite_desktop.ui.widgets.choices import Option

KINDS: Final[Mapping[str, str]] = {
    "province": N_("province"),
    "city": N_("city"),
    "county": N_("county"),
    "district": N_("district"),
    "town": N_("town"),
    "township": N_("township (rural)"),
    "subdistrict": N_("street"),
    "zone": N_("zone"),
    "functional_zone": N_("functional zone"),
    "township_other": N_("other township unit"),
    "village_committee": N_("village committee"),
    "resident_committee": N_("neighbourhood"),
    "pseudo": N_("other village unit"),
}
TIERS: Final[Mapping[str, str]] = {
    "city": N_("cities"),
    "county": N_("counties"),
    "township": N_("townships"),
    "village": N_("villages"),
}
_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "none": ("", ""),
    "given": ("exported", N_("File written")),
    "opened": ("approved", N_("Opened")),
    "own": ("final", N_("This computer")),
    "above": ("", ""),
}
_DEVICE_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "enrolled": ("approved", N_("Works")),
    "requested": ("warning", N_("Waits to be certified")),
    "superseded": ("draft", N_("Replaced")),
    "revoked": ("error", N_("Revoked")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: the unit or computer it stands for, its texts, its chip."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""


def kind_word(kind: str) -> str:
    """Return the word for a kind of unit; one from elsewhere as it stands."""
    return _(KINDS[kind]) if kind in KINDS else kind


def tier_word(tier: str) -> str:
    """Return the word for the units of a tier."""
    return _(TIERS[tier]) if tier in TIERS else tier


def kinds_below(level: int) -> list[Option]:
    """Return the kinds that a unit may have one level below `level`."""
    kinds = {
        3: ("town", "township", "subdistrict", "zone"),
        4: ("village_committee", "resident_committee"),
    }.get(level, ())
    return [Option(kind, kind_word(kind)) for kind in kinds]


def state(line: UnitLine) -> tuple[str, str]:
    """Return status and word of a unit's computer."""
    if line.ended and line.computer not in ("own", "opened"):
        return "draft", _("Ended")
    status, word = _STATES[line.computer]
    return status, _(word) if word else ""


def count_line(counts: Sequence[Count]) -> str:
    """Return how far the opening has come: “343 villages: files for 300, 251 opened”."""
    return "    ".join(
        render(
            _("%(units)s %(tier)s: files for %(given)s, %(opened)s opened"),
            {
                "units": one.units,
                "tier": tier_word(one.tier),
                "given": one.given,
                "opened": one.opened,
            },
        )
        for one in counts
    )


def day(text: str) -> str:
    """Return the day of a moment, a dash for none."""
    return text[:10] or "–"


def told_of(line: UnitLine, board: Board) -> list[tuple[str, str]]:
    """Return what is known of a unit as (label, text)."""
    row = line.row
    tree = {one.row.code: one.row for one in board.lines}
    above = tree.get(row.parent)
    found = [
        (_("Unit code"), row.code),
        (_("Kind"), kind_word(row.kind)),
    ]
    if above is not None:
        found.append((_("Unit above"), above.name))
    if row.valid_from or row.valid_to:
        found.append((_("Exists"), f"{row.valid_from or '…'} – {row.valid_to or '…'}"))
    if row.successor:
        heir = tree.get(row.successor)
        found.append((_("Taken over by"), heir.name if heir else row.successor))
    found += [
        (
            _("Former name"),
            render(_("%(name)s (until %(day)s)"), {"name": one.name, "day": one.until}),
        )
        for one in reversed(row.former)
    ]
    found += [
        (
            _("Formerly under"),
            render(
                _("%(name)s (until %(day)s)"),
                {"name": tree[one.parent].name if one.parent in tree else one.parent,
                 "day": one.until},
            ),
        )
        for one in reversed(row.past)
    ]  # fmt: skip
    return found + _computer(line)


def _computer(line: UnitLine) -> list[tuple[str, str]]:
    if line.computer in ("own", "above"):
        return []
    found = []
    if line.computer == "none":
        found.append((_("Opening file"), _("none written here")))
    elif line.given_at:
        found.append((_("Opening file"), f"{day(line.given_at)}  {line.file}"))
    if line.check:
        found.append((_("Check number"), line.check))
    if line.opened_at:
        found.append((_("Opened"), day(line.opened_at)))
    if line.heard_at:
        found.append((_("Last file received"), day(line.heard_at)))
    return found


def ask_whom(board: Board) -> str:
    """Say who keeps the tree, "" if this unit does."""
    if board.ours:
        return ""
    if not board.owner:
        return _("The region table has not come yet: it comes with the next file from below.")
    return render(
        _("%(name)s keeps the list of units. F3 proposes a change; F10 shows what became of it."),
        {"name": board.owner_name or board.owner},
    )


def matching(board: Board, typed: str) -> set[str] | None:
    """Return the units that a text finds with all above them, None when everything is shown."""
    if not typed.strip():
        return None
    rows = {one.row.code: one.row for one in board.lines}
    shown: set[str] = set()
    for row in find(rows.values(), typed):
        code = row.code
        while code in rows and code not in shown:
            shown.add(code)
            code = rows[code].parent
    return shown


def first_hit(board: Board, typed: str) -> str:
    """Return the unit that a text most likely means, "" for none."""
    found = find([one.row for one in board.lines], typed) if typed.strip() else []
    return found[0].code if found else ""


def name_in_tree(row: RegionRow, typed: str) -> str:
    """Return a unit's name, with the former one by which it was found."""
    former = formerly(row, typed)
    return f"{row.name} ({former})" if former else row.name


# -- what a change does


def changes(outlook: Outlook, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (unit, before, after) of every unit that a change touches: what becomes other.

    `before` is "" for a unit that is new.
    """
    known = {**names, **{row.code: row.name for _old, row in outlook.changed}}
    found = []
    for old, row in outlook.changed:
        after = _parts(row, known)
        before = _parts(old, known) if old is not None else dict.fromkeys(after, "")
        other = [key for key in after if before[key] != after[key]]
        found.append(
            (
                row.name if old is None else old.name,
                _(", ").join(before[key] for key in other if before[key]),
                _(", ").join(after[key] for key in other if after[key]),
            )
        )
    return found


def change_line(name: str, before: str, after: str) -> str:
    """Return one change as a line."""
    if not before:
        return render(_("%(name)s: %(after)s"), {"name": name, "after": after})
    said = {"name": name, "before": before, "after": after}
    return render(_("%(name)s: %(before)s → %(after)s"), said)


def _parts(row: RegionRow, names: Mapping[str, str]) -> dict[str, str]:
    """Return what is said of a unit, by what it is about."""

    def said(text: str, value: object) -> str:
        return render(text, {"value": value}) if value else ""

    return {
        "name": row.name,
        "parent": said(_("under %(value)s"), names.get(row.parent, row.parent)),
        "from": said(_("from %(value)s on"), row.valid_from),
        "to": said(_("until %(value)s"), row.valid_to),
        "heir": said(_("taken over by %(value)s"), names.get(row.successor, row.successor)),
    }


def effect_lines(effects: Iterable[Effect]) -> list[str]:
    """Return what becomes of the records: as then for whom, as now for whom."""
    return [
        render(
            _(
                "%(name)s: %(sessions)s sessions, %(learners)s learners. As then: %(then)s. "
                "As now: %(now)s."
            ),
            {
                "name": one.name,
                "sessions": one.sessions,
                "learners": one.learners,
                "then": one.then,
                "now": one.now,
            },
        )
        for one in effects
    ]


def proposal(
    what: str, outlook: Outlook, names: Mapping[str, str], *, by: str, on: date, why: str = ""
) -> str:
    """Return a change as text to be sent to whoever keeps the tree, with its reason if any."""
    lines = [
        render(
            _("Proposed change of the list of units, by %(by)s, %(day)s"), {"by": by, "day": on}
        ),
        what,
        *(
            f"{row.code} {change_line(*told)}"
            for (_old, row), told in zip(outlook.changed, changes(outlook, names), strict=True)
        ),
    ]
    if why:
        lines.append(render(_("%(label)s: %(text)s"), {"label": _("Reason"), "text": why}))
    return "\n".join(lines)


def options(tree: RegionTree, level: int, today: date, *, but: str = "") -> list[Option]:
    """Return the units of a level that exist today, to choose from."""
    return [
        Option(row.code, row.name)
        for row in tree.rows()
        if row.level == level and row.code != but and row.valid_to is None and _begun(row, today)
    ]


def _begun(row: RegionRow, today: date) -> bool:
    return row.valid_from is None or row.valid_from <= today


# -- opening files


def opening_rows(board: Board, tier: str, which: str, chosen: set[str]) -> list[Row]:
    """Return the units to write opening files for.

    `which` is `none` (no file yet), `given` (a file, not opened) or `all`.
    """
    names = {one.row.code: one.row.name for one in board.lines}
    found = []
    for line in board.lines:
        row = line.row
        if row.tier != tier or line.ended or line.computer in ("own", "above"):
            continue
        if which not in ("all", line.computer):
            continue
        status, word = state(line)
        mark = "☑" if row.code in chosen else "☐"
        since = day(line.opened_at or line.given_at) if line.computer != "none" else ""
        cells = (mark, row.name, names.get(row.parent, ""), row.code, since)
        found.append(Row(row.code, line.computer, cells, status or "draft", word or _("No file")))
    return found


def tiers_below(board: Board) -> list[Option]:
    """Return the tiers that have units below, the nearest first."""
    return [Option(one.tier, tier_word(one.tier)) for one in board.counts]


# -- computers


def device_rows(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Row]:
    """Return the computers, those that wait first, then unit by unit; each once."""
    order = {"requested": 0, "enrolled": 1, "superseded": 3, "revoked": 2}
    best: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        held = best.get(row["id"])
        if held is None or order[row["state"]] < order[held["state"]]:
            best[row["id"]] = row
    listed = sorted(
        best.values(),
        key=lambda row: (row["state"] != "requested", row["unit"], order[row["state"]]),
    )
    found = []
    for row in listed:
        status, word = _DEVICE_STATES[row["state"]]
        cells = (
            names.get(row["unit"], row["unit"]),
            row["fingerprint"],
            scopes_in_words(row["scopes"], names),
        )
        found.append(Row(row["id"], row["state"], cells, status, _(word)))
    return found


def scopes_in_words(scopes: Iterable[Sequence[str]], names: Mapping[str, str]) -> str:
    """Return what a computer may write, in words."""
    said = []
    for kind, unit, *days in scopes:
        name = names.get(unit, unit)
        if kind == "own":
            said.append(_("own records"))
        elif kind == "below":
            said.append(_("corrects and reviews below"))
        elif len(days) > 1:
            said.append(
                render(
                    _("enters for %(name)s from %(first)s to %(last)s"),
                    {"name": name, "first": days[0], "last": days[1]},
                )
            )
        else:
            said.append(
                render(
                    _("enters for %(name)s from %(first)s on"),
                    {"name": name, "first": days[0] if days else "–"},
                )
            )
    return _(", ").join(said)
