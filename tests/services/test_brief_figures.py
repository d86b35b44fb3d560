"""Figures by the sums of roll calls are those that the marks themselves give, whatever happened."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services import figures
from learnsite_desktop.services.indicators import DIMENSIONS, chosen, registry
from learnsite_desktop.store.figures import Ground
from learnsite_desktop.store.roll_sums import PRESENT
from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, Line, document, learner

BRIEF = [one.id for one in registry().values() if one.brief]
PERIODS = ("2026-03", "2026")
STATUSES = ("P", "P", "P", "L", "E", "W", "M", "R", "A", "X")


def plain(ids: list[str] | None) -> list[Any]:
    return [replace(one, brief=None) for one in chosen(ids)]


def disagreements(desk: Desk, units: list[str]) -> list[Any]:
    """Return the figures that differ when the marks are read, and how many were compared."""
    found: list[Any] = []
    with desk.open(write=False) as workspace:
        for unit in units:
            for period in PERIODS:
                for by in (None, *DIMENSIONS[:6]):
                    for tree in ("then", "now"):
                        asked: dict[str, Any] = {
                            "period": period, "unit": unit, "ids": BRIEF, "by": by, "tree": tree,
                        }  # fmt: skip
                        brief = figures.indicators(workspace, **asked)
                        with patch.object(figures, "chosen", plain):
                            full = figures.indicators(workspace, **asked)
                        found += [
                            pair for pair in zip(brief, full, strict=True) if pair[0] != pair[1]
                        ]
    return found


def base(unit: str) -> dict[str, Any]:
    """Return a village's site, two classes of different kinds and four people."""
    people = [learner(f"l{n}", f"赵{unit[-1]}{name}") for n, name in enumerate("甲乙丙丁")]
    common = {"site": "p1", "edu_kinds": ["60"]}
    return document(
        unit=unit,
        sites=[
            {"ref": "p1", "unit": unit, "name": "点", "kinds": ["v_point"], "opened": "2019-05-01"}
        ],
        learners=people,
        activities=[
            {
                **common, "ref": "a0", "title": "书法班", "kind": "01", "delivery": "10",
                "topics": ["0501"],
            },
            {
                **common, "ref": "a1", "title": "讲座", "kind": "03", "delivery": "20",
                "topics": ["0501", "0701"],
            },
        ],
        enrolments=[
            {"activity": "a0", "learner": f"l{n}", "joined": "2026-02-24"} for n in range(4)
        ],
    )  # fmt: skip


class Walk:
    """Random work at two villages and their township."""

    def __init__(self, line: Line, seed: int) -> None:
        self.line, self.chance = line, Random(seed)
        self.batches: list[int] = []
        self.sessions: dict[str, list[str]] = {VILLAGE: [], SISTER: []}
        for desk in (line.village, line.sister):
            desk.capture(base(desk.unit))

    def village(self) -> Desk:
        return self.chance.choice([self.line.village, self.line.sister])

    def roll(self) -> None:
        """Hold a session, or mark an earlier one anew."""
        desk, chance = self.village(), self.chance
        refs = self.sessions[desk.unit]
        sections: dict[str, Any] = {}
        if not refs or chance.random() < 0.7:
            refs.append(f"s{len(refs)}")
            day = f"2026-0{chance.choice('33456')}-{chance.randint(1, 28):02d}"
            day = min(day, "2026-04-01")
            hour = 8 + len(refs) % 10
            session: dict[str, Any] = {
                "ref": refs[-1], "activity": chance.choice(["a0", "a1"]), "date": day,
                "start": f"{hour:02d}:00", "end": f"{hour:02d}:{chance.choice((40, 45))}",
                "status": chance.choice(["held", "held", "held", "cancelled"]),
            }  # fmt: skip
            if chance.random() < 0.3 and session["status"] == "held":
                session["headcount"] = {"total": chance.randint(1, 9), "basis": "counted"}
            sections["sessions"] = [session]
        rows: list[dict[str, Any]] = []
        for number in range(4):
            status = chance.choice(STATUSES)
            row: dict[str, Any] = {"learner": f"l{number}", "status": status}
            if status in "LE" and chance.random() < 0.7:
                row["minutes"] = chance.randint(5, 40)
            rows.append(row)
        rolls = [{"session": chance.choice(refs), "rows": chance.sample(rows, 3)}]
        with suppress(AssertionError):  # what it builds on may have been undone
            desk.capture(document(unit=desk.unit, **sections, rollcalls=rolls), "--keep-good")

    def link(self) -> None:
        """Say at a village or the township that two are one, or no longer."""
        desk = self.chance.choice([self.line.township, self.line.village])
        ids = [row["id"] for row in desk("list", "learner")["records"]]
        if len(ids) > 1:
            word = self.chance.choice(["link", "link", "unlink"])
            self.tried(desk, word, *self.chance.sample(ids, 2))

    def delete(self) -> None:
        desk = self.village()
        held = [row["id"] for row in desk("list", "session")["records"]]
        if held:
            self.tried(desk, "delete", self.chance.choice(held), "--why", "录错")

    def undo(self) -> None:
        desk = self.village()
        if self.sessions[desk.unit]:
            self.tried(desk, "undo")

    def carry(self) -> None:
        row = self.line.carry(self.village(), self.line.township)
        if row.get("batch"):
            self.batches.append(row["batch"])

    def rollback(self) -> None:
        if self.batches:
            self.tried(self.line.township, "rollback", str(self.batches.pop()))

    @staticmethod
    def tried(desk: Desk, *words: str) -> None:
        """Run what may be refused: what was undone, linked or taken back already."""
        with suppress(AssertionError):
            desk(*words)


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_that_of_the_marks(enrolled: Line, seed: int) -> None:
    walk = Walk(enrolled, seed)
    acts = [walk.roll] * 6 + [walk.link] * 3 + [walk.carry] * 3
    acts += [walk.delete, walk.undo, walk.rollback]
    walk.roll()
    for _step in range(14):
        walk.chance.choice(acts)()
    for village in (enrolled.village, enrolled.sister):
        enrolled.carry(village, enrolled.township)
    enrolled.carry(enrolled.township, enrolled.county)
    county = enrolled.county
    county("regions", "merge", VILLAGE, SISTER, "--on", "2026-03-15", "--into", "410122101990=新村")
    assert not disagreements(enrolled.village, [VILLAGE])
    assert not disagreements(enrolled.township, [TOWNSHIP, SISTER])
    assert not disagreements(county, [COUNTY, TOWNSHIP, "410122101990"])
    for desk in (enrolled.village, enrolled.township, county):
        assert desk.is_sound()
    assert county.value("SELECT count(*) FROM roll_sum") > 0


def test_one_person_twice_on_a_roll_call_counts_once_with_the_longer_stay(enrolled: Line) -> None:
    village = enrolled.village
    village.capture(base(VILLAGE))
    rows = [
        {"learner": "l0", "status": "E", "minutes": 20},
        {"learner": "l1", "status": "L", "minutes": 30},
        {"learner": "l2", "status": "P"},
        {"learner": "l3", "status": "A"},
    ]
    session = {
        "ref": "s0", "activity": "a0", "date": "2026-03-03", "start": "09:00", "end": "09:45",
        "status": "held",
    }  # fmt: skip
    rolls = [{"session": "s0", "rows": rows}]
    village.capture(document(unit=VILLAGE, sessions=[session], rollcalls=rolls))

    def counted() -> list[int]:
        words = ("indicators", "--period", "2026-03", "--unit", VILLAGE)
        values = village(*words)["values"]
        by_id = {value["id"]: value["numerator"] for value in values}
        return [by_id[name] for name in ("S01", "S02", "S05")]

    assert counted() == [3, 3, 95]
    people = village("list", "learner")["records"]
    first, second = (row["id"] for row in people if row["name"][-1] in "甲乙")
    village("link", first, second)
    assert counted() == [2, 2, 75]
    assert not disagreements(village, [VILLAGE])


def test_marks_are_not_read_where_sums_will_do(enrolled: Line) -> None:
    village = enrolled.village
    village.capture(base(VILLAGE))
    asked: dict[str, Any] = {"period": "2026-03", "unit": VILLAGE, "ids": BRIEF}
    prepared: list[str] = []
    made = Ground.prepare

    def noted(ground: Ground, section: str) -> None:
        prepared.append(section)
        made(ground, section)

    with village.open(write=False) as workspace, patch.object(Ground, "prepare", noted):
        figures.indicators(workspace, **asked)
        assert "roll" not in prepared
        figures.indicators(workspace, **asked, basis="approved")
        assert "roll" in prepared


def test_who_is_present_is_said_the_same_in_both_places() -> None:
    text = Path(resource("indicators") / "_base.sql").read_text(encoding="utf-8")
    listed = text.partition("INSERT INTO b_present VALUES")[2].partition(";")[0]
    assert listed.replace(" ", "") == ",".join(f"('{code}')" for code in PRESENT)
