"""Finding people recorded twice among COUNT: `python -m bench.doubles JOB COUNT` prints JSON.

`make` keeps a county with the people; `ours` searches it as the command does and says how often it
was right; `bare` joins a plain table of the same people, in clear, with itself on their names, and
judges nothing; `few` searches for the people of one village, as receiving its first file does.
Times are CPU seconds.

Of each rule: pairs `found`, and those that are `right`. Of all pairs that are one person: the share
that is linked unasked, and the share that is linked or proposed.
"""

import json
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from bench.known_people import COUNTY, Known, Pair, known_people
from bench.material import BUILD, CHINA
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.services import auto_links, duplicates, founding
from learnsite_desktop.services.duplicates import Candidate
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer

CLOCK: Final = FixedClock(datetime(2026, 4, 2, 10, tzinfo=CHINA))
REGISTERS: Final = ("name", "mobile", "identity")
_CHUNK: Final = 5_000


def record_of(place: int) -> str:
    """Return the record id of the person's record at a place."""
    return b64(derived_id("bench", str(place)))


def write_people(workspace: Workspace, known: Known) -> None:
    """Write all records as learners of their villages."""
    for start in range(0, len(known.records), _CHUNK):
        with workspace.database.transaction():
            writer = Writer(workspace, operator="", label="bench")
            for place in range(start, min(start + _CHUNK, len(known.records))):
                written = known.records[place]
                writes: dict[str, object] = {
                    "name": written.name,
                    "sex": written.sex,
                    "birth": written.birth,
                    "birth_year": int(written.birth[:4]),
                }
                if written.mobile:
                    writes["mobile"] = written.mobile
                if written.number:
                    writes["identity"] = ["111", written.number]
                writer.save(
                    kind="learner", record=record_of(place), unit=written.unit, writes=writes
                )
            writer.finish()


@contextmanager
def county(known: Known, folder: Path) -> Iterator[Workspace]:
    """Open a county that knows the people, made if it is not there yet."""
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        founding.found(folder, CLOCK, tier="county", unit=COUNTY, tree=known.tree)
        with Workspace(folder, CLOCK, write=True) as workspace:
            write_people(workspace, known)
        (folder / "complete").touch()
    with Workspace(folder, CLOCK, write=True) as workspace:
        yield workspace


def judged(known: Known, pairs: Iterable[Candidate], linked: Iterable[Candidate]) -> dict[str, Any]:
    """Return how often the search was right, of each rule and in all."""
    truth = known.truth
    place_of = {record_of(place): place for place in range(len(known.records))}

    def places(item: Candidate) -> Pair:
        one, other = sorted((place_of[item.first.record], place_of[item.second.record]))
        return one, other

    rules: dict[str, dict[str, int]] = {}
    found = set()
    for item in pairs:
        pair = places(item)
        found.add(pair)
        automatic = ", linked" if item.verdict.automatic else ""
        counts = rules.setdefault(item.verdict.rule + automatic, {"found": 0, "right": 0})
        counts["found"] += 1
        counts["right"] += pair in truth
    together = _closed({places(item) for item in linked})
    return {
        "truth": len(truth),
        "rules": rules,
        "linked": len(together),
        "wrong": len(together - truth),
        "precision_linked": len(together & truth) / max(1, len(together)),
        "recall_linked": len(together & truth) / max(1, len(truth)),
        "recall": len((together | found) & truth) / max(1, len(truth)),
    }


def _closed(pairs: set[Pair]) -> set[Pair]:
    """Return all pairs of records that links make one person."""
    groups: dict[int, set[int]] = {}
    for one, other in pairs:
        group = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(group, group))
    members = {frozenset(group) for group in groups.values()}
    return {pair for group in members for pair in combinations(sorted(group), 2)}


def ours(workspace: Workspace, known: Known) -> dict[str, Any]:
    """Search among everybody, choose what to link."""
    start = time.process_time()
    pairs, crowds = duplicates.find_pairs(workspace)
    searched = time.process_time() - start
    linked = auto_links.certain(workspace, pairs)
    cpu = time.process_time() - start
    return {"cpu": cpu, "search": searched, "crowds": crowds, **judged(known, pairs, linked)}


def few(workspace: Workspace, known: Known) -> dict[str, Any]:
    """Search for the people of one village among everybody."""
    unit = known.records[0].unit
    seeds = []
    for place, written in enumerate(known.records):
        if written.unit == unit:
            ident = workspace.idents.ident(record_of(place))
            values = (written.name, written.mobile, ["111", written.number])
            seeds += [
                (workspace.vault.digest_of(register, value), ident)
                for register, value in zip(REGISTERS, values, strict=True)
            ]
    start = time.process_time()
    pairs, _crowds = duplicates.find_pairs(workspace, seeds)
    linked = auto_links.certain(workspace, pairs)
    cpu = time.process_time() - start
    return {"cpu": cpu, "people": len(seeds) // 3, "pairs": len(pairs), "linked": len(linked)}


def bare(known: Known) -> dict[str, Any]:
    """Join everybody with everybody of the same name, in clear, without judging the pairs."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name, sex, birth, mobile, number)"
    )
    database.executemany(
        "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)",
        [
            (place, item.name, item.sex, item.birth, item.mobile, item.number)
            for place, item in enumerate(known.records)
        ],
    )
    start = time.process_time()
    database.execute("CREATE INDEX by_name ON person (name)")
    rows = database.execute(
        "SELECT * FROM person a JOIN person b ON b.name=a.name AND b.id>a.id"
    ).fetchall()
    cpu = time.process_time() - start
    truth = known.truth
    right = sum((row[0], row[6]) in truth for row in rows)
    return {"cpu": cpu, "pairs": len(rows), "right": right, "truth": len(truth)}


def main(words: list[str]) -> None:
    """Run the job named first."""
    job, count = words[0], int(words[1])
    known = known_people(count)
    if job == "bare":
        print(json.dumps(bare(known)))
        return
    with county(known, BUILD / f"people-{count}") as workspace:
        jobs = {"ours": ours, "few": few}
        found = jobs[job](workspace, known) if job in jobs else {"made": count}
        print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
