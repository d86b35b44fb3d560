"""How many photos of which kind records have, for lists."""

from typing import Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.store.engine import Database

_COUNTS: Final = """
SELECT i.rid, e.kind, count(*) FROM evidence e JOIN session s ON s.ident=e.target
JOIN ident i ON i.id=e.target
WHERE e.counted=1 AND s.unit=(SELECT id FROM unit WHERE code=?) AND s.date BETWEEN ? AND ?
GROUP BY e.target, e.kind ORDER BY e.target
"""


def photos_of_sessions(
    database: Database, unit: str, first: str, last: str
) -> dict[str, dict[str, int]]:
    """Return record id → kind → number of photos, of a unit's own sessions from day to day."""
    found: dict[str, dict[str, int]] = {}
    for rid, kind, count in database.rows(_COUNTS, (unit, first, last)):
        found.setdefault(b64(rid), {})[str(kind)] = int(count)
    return found
