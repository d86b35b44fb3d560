"""Finding a learner among many: `python -m bench.search JOB COUNT` prints JSON.

Both jobs look for the same names: `index` in the index of the window, `like` in a plain table of
SQLite. Times are CPU milliseconds of each query; the first 50 hits are fetched. `found` counts all
hits of some queries, to compare what is found at all.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.people.index import NameIndex, Person
from learnsite_desktop.services.people.readings import initials
from learnsite_desktop.services.trial.people import NamePools

QUERIES = 100
COUNTED = 10
HITS = 50

Queries = dict[str, list[str]]


def names(count: int) -> list[str]:
    """Return names true to their cohorts, always the same ones."""
    rng, pools = Random(9), NamePools(resource("demo", "names_zh.json"))
    return [
        pools.surname(rng) + pools.given(rng, rng.randint(1935, 2005), rng.choice("MF"))
        for _ in range(count)
    ]


def queries(known: list[str]) -> Queries:
    """Return what is looked for: parts of names that there are, by their kind."""
    full = [name for name in known if len(name) == 3]
    picked = Random(10).sample(full, QUERIES)
    letters = [initials(name, surname=True)[0] for name in picked]
    return {
        "1 character": [name[n % 3] for n, name in enumerate(picked)],
        "2 characters": [name[n % 2 : n % 2 + 2] for n, name in enumerate(picked)],
        "3 characters": picked,
        "2 initials": [word[:2] for word in letters],
        "3 initials": letters,
    }


def timed(wanted: Queries, look: Callable[[str], object]) -> dict[str, list[float]]:
    """Return the milliseconds of every query."""
    found: dict[str, list[float]] = {}
    for kind, texts in wanted.items():
        found[kind] = []
        for text in texts:
            start = time.process_time()
            look(text)
            found[kind].append(1000 * (time.process_time() - start))
    return found


def in_index(count: int) -> dict[str, Any]:
    """Look in the index of a village among everybody else."""
    known = names(count)
    people = (
        Person(f"{number:022d}", "own" if number < 700 else f"unit {number % 743}", name)
        for number, name in enumerate(known)
    )
    start = time.process_time()
    index = NameIndex("own", people)
    built = time.process_time() - start
    wanted = queries(known)
    spent = timed(wanted, lambda text: index.search(text, limit=HITS))
    counts = {
        kind: [len(index.search(text, limit=None).hits) for text in texts[:COUNTED]]
        for kind, texts in wanted.items()
        if "char" in kind
    }
    return {"ms": spent, "found": counts, "built": built}


def by_like(count: int) -> dict[str, Any]:
    """Look in a plain table of names and initials, row by row."""
    known = names(count)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE learner (id INTEGER PRIMARY KEY, name TEXT, initials TEXT)")
    connection.executemany(
        "INSERT INTO learner (name, initials) VALUES (?, ?)",
        ((name, initials(name, surname=True)[0]) for name in known),
    )

    def look(text: str) -> list[Any]:
        if text.isascii():
            sql, pattern = "SELECT * FROM learner WHERE initials LIKE ? LIMIT ?", f"{text}%"
        else:
            sql, pattern = "SELECT * FROM learner WHERE name LIKE ? LIMIT ?", f"%{text}%"
        return connection.execute(sql, (pattern, HITS)).fetchall()

    def count_all(text: str) -> int:
        sql = "SELECT count(*) FROM learner WHERE name LIKE ?"
        return int(connection.execute(sql, (f"%{text}%",)).fetchone()[0])

    wanted = queries(known)
    counts = {
        kind: [count_all(text) for text in texts[:COUNTED]]
        for kind, texts in wanted.items()
        if "char" in kind
    }
    return {"ms": timed(wanted, look), "found": counts}


def main(words: list[str]) -> None:
    """Run the job named first."""
    job, count = words
    print(json.dumps({"index": in_index, "like": by_like}[job](int(count))))


if __name__ == "__main__":
    main(sys.argv[1:])
