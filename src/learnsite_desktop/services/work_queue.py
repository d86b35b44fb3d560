"""The work list of review: everything that waits for a decision here, sorted into groups.

Conflicts and suspected duplicates first, then what was put right after a return, what was edited
since its approval, what was saved with a reason against a warning, the sample, and the rest. Only
sessions and enrolments belong to the rest, for only of these approval decides what counts; records
of other kinds are listed when there is something to say about them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import APPROVED, State, state_register
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.services import policy
from learnsite_desktop.services.corrections import list_corrections
from learnsite_desktop.services.duplicates import find_pairs, persons, require_below
from learnsite_desktop.services.labels import label_of, register_label
from learnsite_desktop.services.narrowing import narrowed
from learnsite_desktop.services.questions import list_questions
from learnsite_desktop.services.records import dated_in, listed
from learnsite_desktop.services.review_list import BATCH_KINDS, REVIEWED_KINDS, in_sample
from learnsite_desktop.services.review_states import look_at
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import find_record, open_conflicts, record_by_key
from learnsite_desktop.store.work_rows import WorkRow, unit_names, work_rows

CONFLICT, DUPLICATE, QUESTION = "conflict", "duplicate", "question"
FIXED, EDITED, WARNING, SAMPLE, OPEN = "fixed", "edited", "warning", "sample", "open"
RETURNED, SETTLED, REFUSED, CORRECTION = "returned", "approved", "rejected", "correction"
GROUPS: Final = (
    *(CONFLICT, DUPLICATE, QUESTION, FIXED, EDITED, WARNING, SAMPLE, OPEN),
    *(RETURNED, REFUSED, SETTLED, CORRECTION),
)
"""The groups in the order in which they are worked through."""
TO_DO: Final = GROUPS[: GROUPS.index(RETURNED)]
"""Those that wait for this desk; the others wait for somebody else or are settled."""
AGAIN: Final = "again"
"""The note of a conflict whose decision was taken back: it may be decided anew."""
_OF_THEIR_OWN: Final = frozenset({CONFLICT, DUPLICATE, QUESTION, CORRECTION})
_REST: Final = tuple(kind for kind in REVIEWED_KINDS if kind not in BATCH_KINDS)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to decide: a record, one of its registers in conflict, or two learners.

    `day` is the date it belongs to, "" for none. `field` is the register of a conflict or a
    correction. `other` is the second learner's record of a pair, the operation of a correction.
    `note` is the rule by which a pair was found, what a question asks, a correction's state.
    """

    group: str
    kind: str
    record: str
    unit: str
    day: str = ""
    field: str = ""
    other: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """What names the item as long as it waits."""
        sort = self.group if self.group in _OF_THEIR_OWN else "record"
        return ":".join(part for part in (sort, self.record, self.field, self.other) if part)


@dataclass(slots=True)
class Queue:
    """The items of all groups in order, and how many each group has."""

    items: list[WorkItem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def of(self, group: str) -> list[WorkItem]:
        """Return the items of a group, without one those that wait for this desk."""
        wanted = (group,) if group else TO_DO
        return [item for item in self.items if item.group in wanted]


def work_queue(
    workspace: Workspace, *, unit: str = "", period: str = "", quick: bool = False
) -> Queue:
    """Return what waits in a unit and below (this one if empty), of a period if given.

    What has no date belongs to every period. `quick` leaves out the duplicates and the questions
    over many records, which at a county take seconds to find. Refuses `unit_unknown`,
    `unit_not_below`, `period_invalid`.
    """
    require_below(workspace, unit)
    within = parse_period(period) if period else None
    found = [*conflict_items(workspace, unit, within), *record_items(workspace, unit, within)]
    if not quick:
        found += pair_items(workspace, unit)
        found += [item for item, _row in question_items(workspace, unit, period)]
        found += [item for item, _row in correction_items(workspace, unit)]
    return queue_of(found)


def queue_of(items: Iterable[WorkItem]) -> Queue:
    """Return items as a queue: in the order of their groups, otherwise as they come."""
    order = {group: place for place, group in enumerate(GROUPS)}
    found = sorted(items, key=lambda item: order[item.group])
    return Queue(found, Counter(item.group for item in found))


def conflict_items(
    workspace: Workspace, unit: str = "", within: Period | None = None
) -> Iterable[WorkItem]:
    """Yield the registers in conflict of a unit and those below, its own included."""
    for key, register in open_conflicts(workspace.database, unit or workspace.unit):
        stored = record_by_key(workspace.database, key)
        kind = KINDS.get(stored.kind)
        if kind is None:
            continue
        entry = listed(workspace, stored, reveal=False)
        if within is None or dated_in(kind, entry, within):
            day = str(entry.get("date") or "")
            yield WorkItem(CONFLICT, stored.kind, stored.id, stored.unit, day, field=register)


def pair_items(workspace: Workspace, unit: str = "") -> list[WorkItem]:
    """Return the pairs of learners that may be one person, the surest first."""
    pairs, _crowds = find_pairs(workspace, unit=unit)
    return [
        WorkItem(
            *(DUPLICATE, "learner", item.first.record, item.first.unit),
            other=item.second.record,
            note=item.verdict.rule,
        )
        for item in persons(pairs)
    ]


def question_items(
    workspace: Workspace, unit: str = "", period: str = ""
) -> list[tuple[WorkItem, dict[str, Any]]]:
    """Return the open questions over many records, each with its row of `list_questions`."""
    rows, _total = list_questions(workspace, unit=unit, period=period, state="open")
    return [
        (
            WorkItem(
                *(QUESTION, "answer", row["id"], row["units"][0]["unit"] if row["units"] else ""),
                day=row["day"],
                note=row["title"],
            ),
            row,
        )
        for row in rows
    ]


def correction_items(workspace: Workspace, unit: str = "") -> list[tuple[WorkItem, dict[str, Any]]]:
    """Return what units above have corrected, newest first, with its row of `corrections`."""
    found = []
    rows = narrowed(workspace, list_corrections(workspace), unit=unit)
    for row in reversed(rows):
        stored = find_record(workspace.database, row["record"])
        if stored is None:
            continue
        item = WorkItem(
            *(CORRECTION, row["kind"], row["record"], stored.unit, row["at"][:10]),
            field=row["field"],
            other=row["op"],
            note=row["state"],
        )
        found.append((item, row))
    return found


def record_items(
    workspace: Workspace, unit: str = "", within: Period | None = None
) -> list[WorkItem]:
    """Return the records of units below by where they stand with this tier, by unit and day."""
    register = state_register(workspace.tier)
    percent = int(policy.current(workspace).get("review_sample", "10"))
    found = []
    for row in work_rows(
        workspace.database, unit or workspace.unit, workspace.unit, register, BATCH_KINDS, _REST
    ):
        if row.disputed or (within is not None and not _is_in(row, within)):
            continue
        group = _group(workspace, row)
        if group == OPEN and row.kind not in BATCH_KINDS:
            continue
        if group == OPEN and in_sample(workspace, row.record, percent):
            group = SAMPLE
        found.append(WorkItem(group, row.kind, row.record, row.unit, row.first))
    return found


def _is_in(row: WorkRow, within: Period) -> bool:
    first, last = as_date(row.first), as_date(row.last)
    if row.kind == "session":
        return first is not None and within.contains(first)
    if row.kind == "population":
        return bool(first and last) and within.contains(first) and within.contains(last)  # type: ignore[arg-type]
    return not (first and first > within.last) and not (last and last < within.first)


def _group(workspace: Workspace, row: WorkRow) -> str:
    """Return where a record stands with this tier; looks closely only where it must."""
    state, fixed = State.NONE, False
    if row.rejected:  # by whichever tier: it counts nowhere, and no other can approve it
        return REFUSED
    if not row.asked and row.word == APPROVED:
        state = State.APPROVED
    elif row.asked or row.judged:
        looked = look_at(workspace, row.key, row.ident)
        standing = looked.with_tier(workspace.tier)
        state = standing.state
        answers = {one.closed_by for one in looked.returns if one.tier == workspace.tier}
        fixed = any(b64(name) in answers for name in standing.since)
    if state is State.EDITED:
        return FIXED if fixed else EDITED
    if state is State.NONE:
        return WARNING if row.reasoned else OPEN
    return RETURNED if state is State.RETURNED else SETTLED


@dataclass(frozen=True, slots=True)
class WorkLine:
    """How an item stands in the list: what it is about, whose it is, its day; names masked."""

    item: WorkItem
    title: str
    unit: str


def lines_of(workspace: Workspace, items: Sequence[WorkItem]) -> list[WorkLine]:
    """Return the lines of a page of items."""
    names = unit_names(workspace.database, {item.unit for item in items})
    return [WorkLine(item, title_of(workspace, item), names[item.unit]) for item in items]


def title_of(workspace: Workspace, item: WorkItem) -> str:
    """Return what an item is about in words."""
    if item.group == QUESTION:
        return " · ".join(part for part in (item.note, item.day) if part)
    title = _label(workspace, item.record)
    if item.group == DUPLICATE:
        return f"{title} / {_label(workspace, item.other)}"
    if item.group in (CONFLICT, CORRECTION):
        return f"{register_label(workspace, item.kind, item.field)} · {title}"
    return title


def _label(workspace: Workspace, record: str) -> str:
    stored = find_record(workspace.database, record)
    return label_of(workspace, stored) if stored is not None else ""


def shown_queue(
    workspace: Workspace,
    *,
    unit: str = "",
    period: str = "",
    group: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> dict[str, Any]:
    """Return a page of the work list for listing, with the counts of all groups.

    Refuses `figures_option_unknown` for an unknown group, and what `work_queue` refuses.
    """
    if group and group not in GROUPS:
        known = " ".join(GROUPS)
        raise Refusal("figures_option_unknown", where=group, option="--group", known=known)
    queue = work_queue(workspace, unit=unit, period=period)
    items = queue.of(group)
    page = items[offset : None if limit is None else offset + limit]
    return {
        "items": [
            {
                "group": line.item.group,
                "kind": line.item.kind,
                "record": line.item.record,
                "field": line.item.field,
                "other": line.item.other,
                "note": line.item.note,
                "unit": line.item.unit,
                "date": line.item.day or None,
                "label": line.title,
            }
            for line in lines_of(workspace, page)
        ],
        "counts": {name: queue.counts[name] for name in GROUPS},
        "total": len(items),
    }
