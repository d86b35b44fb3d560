"""Which sessions and enrolments the figures on approved basis take; fills b_approved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.review_rows import BY_ITS_TIER

_WITHIN: Final = "SELECT unit FROM unit_within WHERE ancestor=?"
# Settled: the newest operation of an undisputed record is an approval, so it covers all of it. What
# an operation calls itself proves nothing; whether its author may write a verdict was judged.
_VERDICTS: Final = f"""
SELECT r.id, r.ident, r.kind, u.code,
  r.plain = 1 AND o.line IS NOT NULL
    AND CAST(o.line AS TEXT) LIKE '%"k":"' || r.kind || '.approve"%'
    AND EXISTS (SELECT 1 FROM json_each(CAST(o.line AS TEXT), '$.f') w
                WHERE w.key LIKE 'review.%.state' AND w.value = 'approved')
    AND (SELECT count(*) FROM json_each(r.doc) j
         WHERE j.key LIKE 'review.%.state'
           AND (j.value = 'approved' OR j.value LIKE 'approved:%')) = 1
FROM record r
JOIN unit u ON u.id = r.unit
LEFT JOIN op o ON o.hash = r.head
WHERE r.kind IN ('session', 'enrolment') AND r.deleted = 0 AND r.frozen = 0
  AND r.doc LIKE '%"review.%' AND r.unit IN ({_WITHIN})
  AND EXISTS (SELECT 1 FROM json_each(r.doc) j
              WHERE j.key LIKE 'review.%.state' AND j.value LIKE 'approved%')
  AND NOT EXISTS (SELECT 1 FROM json_each(r.doc) j
                  WHERE j.key LIKE 'review.%.state' AND j.value = 'rejected')
  AND NOT EXISTS (SELECT 1 FROM "return" t
                  WHERE t.record = r.ident AND t.closed_by IS NULL AND t.counted = 1
                  AND {BY_ITS_TIER})
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A session or enrolment that a tier has approved and none has rejected or returned.

    `whole` if the approval is known to cover everything written on it.
    """

    key: int
    ident: int
    kind: str
    unit: str
    whole: bool


def verdicts(database: Database, unit: int) -> list[Verdict]:
    """Return the approved sessions and enrolments of a unit (key) and of those below it."""
    rows = database.rows(_VERDICTS, (unit,))
    return [Verdict(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]


def put_approved(database: Database, idents: Iterable[int]) -> None:
    """Have these sessions and enrolments (keys of their ids) taken."""
    database.executemany(
        "INSERT OR IGNORE INTO b_approved VALUES (?)", [(ident,) for ident in idents]
    )


def approve_unit(database: Database, unit: str, months: Sequence[str] | None) -> None:
    """Have a unit's enrolments taken and its sessions, those of `months` only if given."""
    database.execute(
        "INSERT OR IGNORE INTO b_approved SELECT e.ident FROM enrolment e "
        "JOIN unit u ON u.id=e.unit WHERE u.code=?",
        (unit,),
    )
    rows = database.rows(
        "SELECT s.ident, substr(s.date, 1, 7) FROM session s JOIN unit u ON u.id=s.unit "
        "WHERE u.code=?",
        (unit,),
    )
    put_approved(database, [row[0] for row in rows if months is None or row[1] in months])


def session_months(database: Database, idents: Iterable[int]) -> dict[int, str]:
    """Return the month each of these sessions is dated in now."""
    wanted = sorted(idents)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ",".join("?" * len(part))
        for ident, month in database.rows(
            f"SELECT ident, substr(date, 1, 7) FROM session WHERE ident IN ({marks})", part
        ):
            found[ident] = str(month)
    return found
