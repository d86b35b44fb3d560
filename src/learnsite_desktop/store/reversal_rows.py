"""Reversals in the store, and what one state of a session adds to the additive figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from learnsite_desktop.domain.ids import b64, is_hash, is_record_id, unb64
from learnsite_desktop.domain.merge import Merged
from learnsite_desktop.store.engine import Database, Row
from learnsite_desktop.store.ingest import review_of
from learnsite_desktop.store.projection import LARGEST, session_minutes
from learnsite_desktop.store.record_rows import read_doc

_PRESENT = frozenset("PLEWMR")
_SELECT = (
    "SELECT r.id, r.ident, u.code, r.doc, r.deleted, i.rid FROM record r "
    "JOIN unit u ON u.id=r.unit JOIN ident i ON i.id=r.ident "
    "WHERE r.kind='reversal' AND r.doc<>'{}' AND "
)


@dataclass(frozen=True, slots=True)
class Reversal:
    """An entry: the session's id, where it is booked, and two states of it by their heads.

    `id` is the entry's own; `deleted` entries count no longer, unless a lock covers them.
    """

    key: int
    ident: int
    id: str
    unit: str
    record: str
    period: str
    date: str
    before: tuple[bytes, ...]
    after: tuple[bytes, ...]
    deleted: bool

    def like(self, state: Merged | None) -> "Reversal | None":
        """Return the entry as another state of its record tells it."""
        if state is None or state.deleted:
            return None
        doc = state.shown
        return replace(
            self,
            date=str(doc.get("date") or ""),
            before=hashes(doc.get("before")),
            after=hashes(doc.get("after")),
            deleted=False,
        )


class Reversed(NamedTuple):
    """What a reversal adds: entry and session (keys of ids), original date, four differences."""

    entry: int
    session: int
    date: str
    held: int
    attended: int
    minutes: int
    heads: int


def hashes(value: Any) -> tuple[bytes, ...]:
    """Return the operations that a register names; what is not written as a hash names none."""
    if not isinstance(value, list):
        return ()
    return tuple(unb64(item) for item in value if isinstance(item, str) and is_hash(item))


def _read(row: Row) -> Reversal:
    doc = read_doc(row[3])
    return Reversal(
        row[0], row[1], b64(row[5]), row[2],
        str(doc.get("record") or ""), str(doc.get("period") or ""), str(doc.get("date") or ""),
        hashes(doc.get("before")), hashes(doc.get("after")), bool(row[4]),
    )  # fmt: skip


def in_units(database: Database, unit: int) -> list[Reversal]:
    """Return the entries of a unit (key) and of those below it."""
    rows = database.rows(
        _SELECT
        + "r.unit IN (SELECT unit FROM unit_within WHERE ancestor=?) ORDER BY u.code, i.rid",
        (unit,),
    )
    return [_read(row) for row in rows]


def of_unit(database: Database, unit: str) -> list[Reversal]:
    """Return the entries about records of one unit."""
    return [_read(row) for row in database.rows(_SELECT + "u.code=? ORDER BY i.rid", (unit,))]


def put_reversed(database: Database, rows: Sequence[Reversed]) -> None:
    """Fill b_reversed; what cells are made of comes from the session's activity as it is now."""
    database.executemany(
        "INSERT OR IGNORE INTO b_reversed SELECT ?1, s.ident, s.unit, ?3, ?4, ?5, ?6, ?7, "
        "coalesce(u.tier, 'NA'), coalesce(a.kind, 'NA'), coalesce(a.form, 'NA'), "
        "coalesce(a.vocational, 'NA'), coalesce(a.delivery, 'NA') "
        "FROM main.session s JOIN unit u ON u.id=s.unit "
        "LEFT JOIN main.activity a ON a.ident=s.activity WHERE s.ident=?2",
        rows,
    )


def is_counted(state: Merged) -> bool:
    """Return whether a session in this state counts as held."""
    gone = state.deleted or state.frozen or review_of(state.shown)
    return not gone and state.shown.get("status") == "held"


def says_the_same(one: Merged, other: Merged) -> bool:
    """Return whether two states of a session differ in nothing but what was asked and approved."""
    return _said(one) == _said(other)


def _said(state: Merged) -> tuple[object, ...]:
    facts = {name: value for name, value in state.shown.items() if not name.startswith("review.")}
    return state.deleted, state.frozen, review_of(state.shown), facts


def measured(database: Database, state: Merged | None) -> tuple[int, int, int, int]:
    """Return (held, attendances, minutes, heads) of a session's state; nothing if not counted.

    Who is one person is as queries see it now, see `Shadow`.
    """
    if state is None or not is_counted(state):
        return (0, 0, 0, 0)
    length = session_minutes(state.shown.get("time")) or 0
    best: dict[object, int] = {}
    for register, value in state.shown.items():
        if not register.startswith("a:") or not is_record_id(register[2:]):
            continue
        if isinstance(value, list) and value and str(value[0]) in _PRESENT:
            person = _person(database, register[2:])
            given = _number(value[1]) if len(value) > 1 else None
            given = length if given is None else given
            best[person] = max(best.get(person, 0), given)
    heads = state.shown.get("headcount")
    total = _number(heads[0]) if isinstance(heads, list) and heads else None
    return (1, len(best), sum(best.values()), total or 0)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and abs(value) <= LARGEST else None


def _person(database: Database, learner: str) -> object:
    row = database.row(
        "SELECT l.cluster FROM learner l JOIN ident i ON i.id=l.ident WHERE i.rid=?",
        (unb64(learner),),
    )
    return row[0] if row else learner
