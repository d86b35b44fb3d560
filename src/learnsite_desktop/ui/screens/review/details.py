"""The pages beside the list: a conflict with all its sides, two learners, a record, a question."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.likeness import (
    DIFFERS,
    RESULTS,
    RULES,
    SAME,
    UNKNOWN,
)
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import work_queue as work
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.conflict_children import taken_along
from learnsite_desktop.services.conflict_view import full_conflict
from learnsite_desktop.services.conflicts import EDITED
from learnsite_desktop.services.labels import register_label, value_text
from learnsite_desktop.services.pair_view import PairView, pair_view
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.work_queue import WorkItem, title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import open_conflicts
from learnsite_desktop.ui.screens.review.pages import Block, Cell, Key, Line, Page, block, line
from learnsite_desktop.ui.screens.review.record_page import record_page
from learnsite_desktop.ui.screens.review.words import GROUP_SENTENCES

_NOTHING: Final = "–"
_FIGURES: Final = {"S01": N_("attendances"), "S05": N_("minutes")}
_STATES: Final = {
    "accepted": N_("stands"),
    "objected": N_("its unit has objected: decide it among the conflicts"),
    "superseded": N_("written over since"),
}
LATER: Final = Key("Space", N_("Later"), "forward", "later")
OPEN: Final = Key("O", N_("Open it"), "forward", "open")
REVEAL: Final = Key("V", N_("See in full"), "eye", "reveal")


def page_of(
    workspace: Workspace,
    item: WorkItem,
    row: Mapping[str, Any] | None,
    operator: str,
    *,
    why: str = "",
) -> Page | None:
    """Return the page of an item, None for one that has been decided meanwhile.

    `row` is what is known of a question or a correction. With `why`, private values are shown in
    full, which is noted and wants a workspace open for writing.
    """
    if item.group == work.QUESTION and row is not None:
        return question_page(workspace, item, row)
    if item.group == work.CORRECTION and row is not None:
        return correction_page(workspace, item, row)
    stored = require_record(workspace, item.record)
    if item.group == work.CONFLICT:
        again = item.note == work.AGAIN
        if not again and (stored.key, item.field) not in open_conflicts(workspace.database):
            return None
        asked = {"reveal": bool(why), "why": why, "again": again, "operator": operator}
        found = full_conflict(workspace, stored, item.field, **asked)  # type: ignore[arg-type]
        taken = taken_along(workspace, stored) if item.field == DELETED else {}
        return conflict_page(workspace, item, found, taken)
    if item.group == work.DUPLICATE:
        other = require_record(workspace, item.other)
        wanted = {"reveal": bool(why), "why": why, "operator": operator}
        pair = pair_view(workspace, stored, other, language=language(), **wanted)  # type: ignore[arg-type]
        return duplicate_page(item, title_of(workspace, item), pair) if pair else None
    return record_page(workspace, item, stored, operator)


# Conflicts


def conflict_page(
    workspace: Workspace, item: WorkItem, found: Mapping[str, Any], taken: Mapping[str, int]
) -> Page:
    """Return a conflict: the value before, every value with its author, what hangs on it.

    `taken` counts by kind what went with a disputed deletion already.
    """
    values: Sequence[Mapping[str, Any]] = found["values"]

    def text(value: Any) -> str:
        if value == EDITED:
            return _(EDITED)
        return value_text(workspace, item.kind, item.field, value) or _NOTHING

    def row(label: str, base: str, told: Sequence[str], tone: str = "") -> Line:
        return line(Cell(label, "muted"), base, *(Cell(one, tone) for one in told))

    lines = [
        row("", _("value before"), [str(place) for place in range(1, len(values) + 1)], "strong"),
        row(_("value"), text(found["base"]), [text(one["value"]) for one in values], "strong"),
        row(_("entered by"), "", [_author(one) for one in values]),
        row(_("when"), "", [str(one["at"])[:16].replace("T", " ") for one in values]),
        row(_("computer"), "", [str(one["computer"])[:9] for one in values]),
        row(_("their reason"), "", [str(one["why"] or _NOTHING) for one in values]),
        row(_("had before"), "", [_saw(one, text) for one in values]),
    ]
    changes = [_changed(workspace, item, one) for one in values]
    if any(changes):
        lines.append(row(_("what changed"), "", changes))
    adds = [_adds(one.get("adds")) for one in values]
    if any(adds):
        lines.append(row(_("adds to the figures"), "", adds))
    hangs = (
        _counted(_("A deletion takes along"), taken),
        _depends(found["depends"]),
    )
    keys = [
        Key("Enter", N_("Take this value"), "ok", "take", primary=True),
        Key("W", N_("Another value"), "note", "own"),
        *([REVEAL] if found["masked"] else []),
        *([OPEN] if item.kind in ("session", "activity", "learner") else []),
        LATER,
    ]
    current = [place for place, one in enumerate(values) if one["value"] == found["shown"]]
    return Page(
        item,
        f"{found['field_label']} · {found['label']}",
        _("The decision is taken back; Enter decides anew.")
        if item.note == work.AGAIN
        else _("← → or a digit chooses a value, Enter takes it."),
        (Block("", tuple(lines), choosing=True), *(one for one in hangs if one is not None)),
        tuple(keys),
        choices=tuple(str(one["op"]) for one in values),
        shown=current[0] if current else 0,
        masked=bool(found["masked"]),
    )


def _author(value: Mapping[str, Any]) -> str:
    return "\n".join(part for part in (value["operator_name"], value["unit_name"]) if part)


def _saw(value: Mapping[str, Any], text: Any) -> str:
    return _("、").join(text(one) for one in value["saw"]) or _NOTHING


def _changed(workspace: Workspace, item: WorkItem, value: Mapping[str, Any]) -> str:
    told = []
    for one in value.get("changes", ()):
        before = value_text(workspace, item.kind, one["field"], one["before"]) or _NOTHING
        after = value_text(workspace, item.kind, one["field"], one["after"]) or _NOTHING
        told.append(f"{one['label']} {before} → {after}")
    return "\n".join(told)


def _adds(adds: Mapping[str, int] | None) -> str:
    if adds is None:
        return ""
    return " · ".join(f"{_(_FIGURES.get(name, name))} {count}" for name, count in adds.items())


def _counts(children: Mapping[str, int]) -> list[Line]:
    return [
        line(Cell(_(KINDS[name].label), "muted"), str(count))
        for name, count in children.items()
        if name in KINDS
    ]


def _counted(heading: str, children: Mapping[str, int]) -> Block | None:
    return block(heading, *_counts(children)) if children else None


def _depends(depends: Mapping[str, Any]) -> Block | None:
    """Return what hangs on the record now: children, marks, months."""
    lines = _counts(depends["children"])
    if depends["marks"]:
        lines.append(line(Cell(_("mark"), "muted"), str(depends["marks"])))
    if depends["months"]:
        lines.append(line(Cell(_("months"), "muted"), _("、").join(depends["months"])))
    if depends["handed_in"]:
        lines.append(
            line(Cell(_("handed in"), "muted"), Cell(_("、").join(depends["handed_in"]), "warning"))
        )
    return block(_("What hangs on it"), *lines) if lines else None


# Pairs


def duplicate_page(item: WorkItem, title: str, pair: PairView) -> Page:
    """Return two learners side by side, with a mark for each field."""
    lines = [line("", Cell("A", "strong"), Cell("B", "strong"), "")]
    lines += [
        line(
            Cell(_(one.label), "muted"),
            one.first or _NOTHING,
            one.second or _NOTHING,
            _mark(one.result),
        )
        for one in pair.fields
    ]
    first, second = pair.attended
    lines.append(
        line(
            Cell(_("sessions attended"), "muted"),
            *(_times(one.sessions) for one in (first, second)),
            "",
        )
    )
    days = [f"{one.first} – {one.last}" if one.first else _NOTHING for one in (first, second)]
    lines.append(line(Cell(_("from – to"), "muted"), *days, ""))
    titles = ["\n".join(one.titles) or _NOTHING for one in (first, second)]
    lines.append(line(Cell(_("activities"), "muted"), *titles, ""))
    blocks = [Block("", tuple(lines))]
    if pair.together:
        told = _("Both stand as present at %(count)s of the same sessions.")
        said = render(told, {"count": pair.together})
        blocks.append(block("", line(Cell(f"≠ {said}", "error"))))
    reveal = [REVEAL] if pair.masked else []
    rule = _(RULES[pair.rule]) if pair.rule in RULES else ""
    keys = (
        Key("Enter", N_("One person"), "ok", "same", primary=True),
        Key("N", N_("Two people"), "close", "two"),
        *reveal,
        OPEN,
        LATER,
    )
    return Page(item, title, rule, tuple(blocks), keys, masked=pair.masked)


def _times(count: int) -> str:
    return render(_("%(count)s sessions attended"), {"count": count})


def _mark(result: str) -> Cell:
    if not result:
        return Cell("")
    word = _(RESULTS[result])
    if result == UNKNOWN:
        return Cell(word, "muted")
    if result == DIFFERS:
        return Cell(f"≠ {word}", "error")
    return Cell(f"= {word}", "ok") if result == SAME else Cell(f"≈ {word}", "warning")


# Questions and corrections


def question_page(workspace: Workspace, item: WorkItem, row: Mapping[str, Any]) -> Page:
    """Return a question over several records with what it is about and what was answered."""
    del workspace
    names = {one["unit"]: one["name"] for one in row["units"]}
    records = [
        line(one["title"] or _(KINDS[one["kind"]].label), Cell(names.get(one["unit"], ""), "muted"))
        for one in row["records"]
        if one["kind"] in KINDS
    ]
    answers = [
        line(Cell(f"{one['name']} {str(one['at'] or '')[:10]}", "muted"), str(one["text"] or ""))
        for one in row["answers"]
    ]
    blocks = [block("", line(row["text"])), block(_("Records concerned"), *records)]
    if answers:
        blocks.append(block(_("Said so far; the facts have changed since"), *answers))
    keys = (Key("A", N_("Explain"), "note", "explain", primary=True), OPEN, LATER)
    return Page(item, row["title"], _("、").join(names.values()), tuple(blocks), keys)


def correction_page(workspace: Workspace, item: WorkItem, row: Mapping[str, Any]) -> Page:
    """Return what a unit above has corrected, and what became of it."""

    def text(value: Any) -> str:
        return value_text(workspace, item.kind, item.field, value) or _NOTHING

    who = " ".join(part for part in (row["by_name"], row["operator_name"]) if part)
    lines = (
        line(Cell(_("value before"), "muted"), text(row["before"])),
        line(Cell(_("value after"), "muted"), Cell(text(row["after"]), "strong")),
        line(Cell(_("corrected by"), "muted"), who),
        line(Cell(_("when"), "muted"), str(row["at"])[:16].replace("T", " ")),
        line(Cell(_("their reason"), "muted"), str(row["reason"] or _NOTHING)),
        line(
            Cell(_("state now"), "muted"),
            Cell(
                _(_STATES.get(row["state"], row["state"])),
                "warning" if row["state"] == "objected" else "",
            ),
        ),
    )
    label = register_label(workspace, item.kind, item.field)
    about = _(GROUP_SENTENCES[work.CORRECTION])
    return Page(item, f"{label} · {row['label']}", about, (Block("", lines),), (OPEN,))


def reason_word(code: str) -> str:
    """Return the words for a reason of a return."""
    return shipped_codes().label("return_reason", code, language()) or code
