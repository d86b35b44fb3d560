"""The reviewer's work list: what stands where, what to look at first, and a fair sample."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.review import State
from learnsite_desktop.services import policy
from learnsite_desktop.services.duplicates import find_pairs
from learnsite_desktop.services.records import dated_in, listed
from learnsite_desktop.services.review_states import look_at
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import review_rows
from learnsite_desktop.store.records import record_by_key
from learnsite_desktop.store.review_rows import Listed

REVIEWED_KINDS: Final = (
    *("session", "enrolment", "activity", "learner", "site", "population", "evidence"),
)
BATCH_KINDS: Final = ("session", "enrolment")
_DATED: Final = frozenset({"session", "enrolment", "activity", "population"})
STATES: Final = (*(str(state) for state in State), "supplement")
CONFLICT, RETURNED, REASONED, DUPLICATE, EDITED = (
    *("conflict", "returned", "warning", "duplicate", "edited"),
)
SAMPLE: Final = "sample"
_HUNDREDTHS: Final = 100


def candidates(
    workspace: Workspace, kinds: Iterable[str], *, unit: str = "", period: str = ""
) -> list[Listed]:
    """Return the records to review in a unit and below, of a period if given, those of own apart.

    With a period, kinds without dates are left out. Refuses `unit_unknown`, `period_invalid`.
    """
    if unit:
        require_unit(workspace, unit)
    within = parse_period(period) if period else None
    wanted = [name for name in kinds if within is None or name in _DATED]
    found = review_rows.reviewable(
        workspace.database, wanted, unit or workspace.unit, workspace.unit
    )
    return [item for item in found if within is None or _is_in(workspace, item, within)]


def _is_in(workspace: Workspace, item: Listed, period: Period) -> bool:
    stored = record_by_key(workspace.database, item.key)
    return dated_in(KINDS[item.kind], listed(workspace, stored, reveal=False), period)


def in_sample(workspace: Workspace, record: str, percent: int) -> bool:
    """Return whether a record is one of the given percentage that is looked at closely.

    The choice hangs on this computer's own key: stable from day to day, unforeseeable elsewhere.
    """
    digest = workspace.vault.blind("review sample", record)
    return int.from_bytes(digest, "big") % _HUNDREDTHS < percent


def work_list(
    workspace: Workspace,
    *,
    state: str = "",
    unit: str = "",
    period: str = "",
    sample: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """Return records of the units below with where they stand with this tier; and how many.

    Flagged ones first. `sample` keeps the flagged ones and, of the others that are not approved or
    rejected, the policy's percentage. Refuses `figures_option_unknown`, `unit_unknown`,
    `period_invalid`.
    """
    if state and state not in STATES:
        known = " ".join(STATES)
        raise Refusal("figures_option_unknown", where=state, option="--state", known=known)
    percent = int(policy.current(workspace).get("review_sample", "10"))
    doubles = set() if period else _doubles(workspace, unit)
    rows: list[tuple[bool, int, Listed, dict[str, Any]]] = []
    for item in candidates(workspace, REVIEWED_KINDS, unit=unit, period=period):
        row = _row(workspace, item, doubles)
        if state and row["state"] != state:
            continue
        if sample and not row["flags"]:
            settled = row["state"] in (State.APPROVED, State.REJECTED)
            if settled or not in_sample(workspace, item.id, percent):
                continue
            row["flags"].append(SAMPLE)
        rows.append((not row["flags"], len(rows), item, row))
    rows.sort(key=lambda entry: entry[:2])
    end = None if limit is None else offset + limit
    page = rows[offset:end]
    return [{**row, **_author(workspace, item)} for _plain, _n, item, row in page], len(rows)


def _row(workspace: Workspace, item: Listed, doubles: Collection[str]) -> dict[str, Any]:
    state = State.NONE
    if item.touched or item.asked:
        state = look_at(workspace, item.key, item.ident).with_tier(workspace.tier).state
    flags = [
        name
        for name, set_ in (
            (CONFLICT, item.conflict),
            (RETURNED, state is State.RETURNED),
            (REASONED, item.reasoned),
            (EDITED, state is State.EDITED),
            (DUPLICATE, item.id in doubles),
        )
        if set_
    ]
    return {
        "record": item.id,
        "kind": item.kind,
        "unit": item.unit,
        "state": str(state),
        "flags": flags,
    }


def _doubles(workspace: Workspace, unit: str) -> set[str]:
    """Return the learners that may be somebody else as well."""
    pairs, _crowds = find_pairs(workspace, unit=unit)
    return {one.record for pair in pairs for one in (pair.first, pair.second)}


def _author(workspace: Workspace, item: Listed) -> dict[str, Any]:
    """Return who wrote the newest fact: the operator, or the unit where nobody was named."""
    seen = review_rows.reviewed(workspace.database, item.key)
    facts = {node.hash for node in seen.ready if any(map(seen.is_fact, node.writes))}
    written = review_rows.written_by(workspace.database, item.key)
    authors: Sequence[review_rows.Written] = [one for one in written if one.hash in facts]
    if not authors:
        return {"author": None, "author_unit": None, "at": None}
    last = authors[-1]
    return {"author": last.operator or last.unit, "author_unit": last.unit, "at": last.at}
