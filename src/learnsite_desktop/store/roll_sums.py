"""The summary of roll calls: of each session how many were present, their minutes, and who.

A part of the projection: it follows from the marks of the session alone, is written with them in
one transaction, and can be dropped and made anew at any time. It knows nothing of periods, units,
links or rules, so nothing but a mark ever makes it wrong; figures put it to use
(`Ground.count_rolls`).
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from learnsite_desktop.store.engine import Database

TABLE: Final = "roll_sum"
PRESENT: Final = ("P", "L", "E", "W", "M", "R")
"""The codes of a mark that say its learner was there."""

MARKS: Final = "mark"
SCHEMA: Final = (
    f"CREATE TABLE {TABLE} (session INTEGER PRIMARY KEY, named INTEGER, whole INTEGER, "
    "minutes INTEGER, learners TEXT)"
)
"""`whole` of the `named` stayed as long as the session, the others `minutes` together."""

_PRESENT_SQL: Final = ", ".join(f"'{code}'" for code in PRESENT)
_BLOCK: Final = 500
_FILL: Final = (
    f"INSERT INTO {TABLE} SELECT session, count(*), count(*) - count(minutes), "
    "coalesce(sum(minutes), 0), group_concat(learner) FROM mark "
    f"WHERE session IN (%s) AND status IN ({_PRESENT_SQL}) GROUP BY session"
)


def refresh(database: Database, sessions: Iterable[int]) -> None:
    """Sum up these sessions (idents) from their marks; one without anybody present has no row."""
    left = iter(sorted(sessions))
    while block := list(islice(left, _BLOCK)):
        listed = ",".join(map(str, block))
        database.execute(f"DELETE FROM {TABLE} WHERE session IN ({listed})")
        database.execute(_FILL % listed)


def dump(database: Database, idents: Mapping[int, str]) -> Iterator[str]:
    """Yield the rows as text, surrogate keys replaced by ids."""
    for row in database.stream(f"SELECT session, named, whole, minutes, learners FROM {TABLE}"):
        learners = sorted(idents[int(one)] for one in row[4].split(","))
        counts = "|".join(str(count) for count in row[1:4])
        yield f"{TABLE}|{idents[row[0]]}|{counts}|{','.join(learners)}"
