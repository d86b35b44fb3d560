"""Sessions that are evidence for a clause: by topics, kinds, deliveries and kinds of education."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store.engine import Database

_SELECT: Final = """
SELECT i.rid, u.code, u.name, a.title, s.date, s.start, s.headcount_total,
  (SELECT count(*) FROM mark m WHERE m.session=s.ident AND m.status IN ('P','L','E','W','M','R'))
FROM session s CROSS JOIN activity a ON a.ident=s.activity
JOIN unit u ON u.id=s.unit JOIN ident i ON i.id=s.ident
WHERE s.counted=1 AND a.counted=1 AND s.status='held' AND s.date BETWEEN ? AND ?
  AND s.unit IN (SELECT w.unit FROM unit_within w JOIN unit x ON x.id=w.ancestor WHERE x.code=?)
"""
_TESTS: Final[Mapping[str, str]] = {
    "kinds": "a.kind=?",
    "deliveries": "a.delivery=?",
    "edu_kinds": "a.ident IN (SELECT ident FROM activity_edu_kinds WHERE value=?)",
    "topics": "a.ident IN (SELECT ident FROM activity_topics WHERE value LIKE ? || '%')",
}
"""What narrows sessions; a topic stands for its sub-topics, whose codes begin with its own."""


@dataclass(frozen=True, slots=True)
class EvidenceSession:
    """A held session; `named` counts marks of people present, `headcount` those only counted."""

    record: str
    unit: str
    unit_name: str
    title: str
    date: str
    start: str
    named: int
    headcount: int


def sessions_for(
    database: Database,
    unit: str,
    first: str,
    last: str,
    records: Mapping[str, Sequence[str]],
) -> list[EvidenceSession]:
    """Return the held sessions of a unit and those below that fit any of `records`, by day."""
    tests = [(test, code) for name, test in _TESTS.items() for code in records.get(name, ())]
    narrowed = f" AND ({' OR '.join(test for test, _code in tests)})" if tests else ""
    rows = database.rows(
        f"{_SELECT}{narrowed} ORDER BY s.date, s.start, s.ident",
        (first, last, unit, *(code for _test, code in tests)),
    )
    return [
        EvidenceSession(
            record=b64(row[0]),
            unit=str(row[1]),
            unit_name=str(row[2] or row[1]),
            title=str(row[3] or ""),
            date=str(row[4] or ""),
            start=str(row[5] or ""),
            named=int(row[7]),
            headcount=int(row[6] or 0),
        )
        for row in rows
    ]
