"""Computers of several units, each with its own data folder; only files pass between them."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.services import founding, health, packing, receiving, records
from learnsite_desktop.services.capture import CaptureResult, capture
from learnsite_desktop.services.receiving import Received
from learnsite_desktop.services.workspace import Workspace

COUNTY = "410122000000"
TOWNSHIP = "410122101000"
VILLAGES = tuple(f"410122101{number}" for number in range(205, 210))
NOW = datetime.fromisoformat("2026-04-02T10:00:00+08:00")


@dataclass(frozen=True, slots=True)
class Desk:
    """One computer of a unit. Every act opens the data folder and closes it again."""

    folder: Path
    unit: str
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    def open(self) -> Workspace:
        """Open the workspace for writing."""
        return Workspace(self.folder, self.clock, write=True)

    def look(self) -> Workspace:
        """Open the workspace for reading."""
        return Workspace(self.folder, self.clock, write=False)

    def at(self, moment: datetime) -> "Desk":
        """Return this computer with its clock set."""
        return replace(self, clock=FixedClock(moment))

    def capture(self, **sections: Any) -> CaptureResult:
        """Take records in; every one of them must be saved."""
        document = {"v": 1, "source": "desk", **sections}
        with self.open() as workspace:
            result = capture(workspace, document)
        assert not result.refused, result.issues
        return result

    def edit(self, record: str, why: str = "", **fields: Any) -> CaptureResult:
        """Set fields of one record."""
        with self.open() as workspace:
            stored = records.require_record(workspace, record)
            result = records.edit(workspace, stored, fields, why=why)
        assert not result.refused, result.issues
        return result

    def pack(self, to: "Desk | str", out: Path) -> Path:
        """Write a bundle for another unit and return its path."""
        unit = to if isinstance(to, str) else to.unit
        with self.open() as workspace:
            return packing.pack(workspace, unit, out).written.path

    def receive(self, path: Path, *, keep_withdrawn: bool = False) -> Received:
        """Receive a file that must be taken."""
        found = self.attempt(path, keep_withdrawn=keep_withdrawn)
        assert found.error is None, found
        assert found.outcome in {"received", "held"}, found
        return found

    def attempt(
        self, path: Path, *, dry_run: bool = False, keep_withdrawn: bool = False
    ) -> Received:
        """Receive a file, whatever becomes of it."""
        with self.open() as workspace:
            return receiving.receive(
                workspace, path, dry_run=dry_run, keep_withdrawn=keep_withdrawn
            )

    def state(self, unit: str = "") -> dict[str, Any]:
        """Return what `state` shows."""
        with self.look() as workspace:
            return health.state(workspace, unit)

    def hash(self, unit: str = "") -> str:
        """Return the state hash of a unit and those below."""
        return str(self.state(unit)["hash"])

    def check(self) -> dict[str, Any]:
        """Return what the deep check finds; there must be no problem."""
        with self.look() as workspace:
            found = health.check(workspace, deep=True)
        assert found["problems"] == []
        return found

    def show(self, record: str) -> Mapping[str, Any]:
        """Return the fields of a record."""
        with self.look() as workspace:
            shown = records.show(workspace, records.require_record(workspace, record))
        found: Mapping[str, Any] = shown["record"]
        return found

    def openings(self, units: Iterable[str], out: Path) -> list[Path]:
        """Write opening files for lower units."""
        with self.open() as workspace:
            written = founding.write_openings(workspace, list(units), out)
        return [item.path for item in written]

    def copy_to(self, folder: Path) -> "Desk":
        """Copy the data folder as people do, keys and all; return the copy's desk."""
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)


def found_county(folder: Path, unit: str = COUNTY) -> Desk:
    """Found the county's workspace."""
    clock = FixedClock(NOW)
    founding.found(folder, clock, tier="county", unit=unit)
    return Desk(folder, unit)


def open_desk(folder: Path, above: Desk, unit: str, stick: Path) -> Desk:
    """Open a unit's workspace with an opening file that the unit above writes on the stick."""
    (opening,) = above.openings([unit], stick)
    founding.open_unit(folder, opening, FixedClock(NOW))
    return Desk(folder, unit)


def pass_on(sender: Desk, receiver: Desk, stick: Path) -> Received:
    """Pack for the receiver and have it receive the file."""
    return receiver.receive(sender.pack(receiver, stick))


def ring(desks: Iterable[Desk], above: Desk, stick: Path, rounds: int = 2) -> None:
    """Exchange between a unit and the computers below it: everything up, then down."""
    lower = list(desks)
    for _round in range(rounds):
        for desk in lower:
            pass_on(desk, above, stick)
        for unit in dict.fromkeys(desk.unit for desk in lower):
            path = above.pack(unit, stick)
            for desk in lower:
                if desk.unit == unit:
                    desk.receive(path)


def village_entries(unit: str, tag: str = "") -> dict[str, list[dict[str, Any]]]:
    """Return entries of a village with two learners, one class and one session held in March."""
    people = [
        {"ref": f"l1{tag}", "name": f"王小明{tag}", "sex": "M", "birth": "1950-03-12"},
        {"ref": f"l2{tag}", "name": f"李秀英{tag}", "sex": "F", "birth": "1961"},
    ]
    return {
        "sites": [
            {
                "ref": f"p1{tag}",
                "unit": unit,
                "name": "教学点",
                "kinds": ["v_point"],
                "opened": "2020-01-01",
            }
        ],
        "population": [
            {"unit": unit, "year": 2025, "total": 900, "over60": 210, "source": "户籍台账"}
        ],
        "learners": people,
        "activities": [
            {
                "ref": f"a1{tag}",
                "title": "书法班",
                "site": f"p1{tag}",
                "kind": "01",
                "edu_kinds": ["60"],
                "form": "F2",
                "vocational": "V2",
                "topics": ["0501"],
                "delivery": "10",
                "opens": "2026-03-01",
                "closes": "2026-03-31",
            }
        ],
        "enrolments": [
            {"activity": f"a1{tag}", "learner": person["ref"], "joined": "2026-03-01"}
            for person in people
        ],
        "sessions": [
            {
                "ref": f"s1{tag}",
                "activity": f"a1{tag}",
                "seq": 1,
                "date": "2026-03-05",
                "start": "09:00",
                "end": "10:30",
                "status": "held",
            }
        ],
        "rollcalls": [
            {
                "session": f"s1{tag}",
                "rows": [
                    {"learner": f"l1{tag}", "status": "P"},
                    {"learner": f"l2{tag}", "status": "L", "minutes": 60},
                ],
            }
        ],
    }
