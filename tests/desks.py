"""Founded workspaces to work at, and small capture documents, for tests of behaviour."""

import copy
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.services.workspace import DATABASE_NAME, Workspace
from learnsite_desktop.store.engine import Database
from tests.support import CommandLine

NOW = "2026-04-02T10:00:00+08:00"
COUNTY = "410122000000"
TOWNSHIP = "410122101000"
VILLAGE = "410122101205"
SISTER = "410122101206"
SAMPLE = Path(__file__).parent / "golden" / "sample_capture.json"
COMMANDS = CommandLine()


class Desk:
    """One computer with one workspace; calling it runs a command there."""

    def __init__(self, folder: Path, unit: str, now: str = NOW) -> None:
        self.folder = folder
        self.unit = unit
        self.now = now

    def __call__(self, *words: str | Path, code: int = 0, stdin: bytes | None = None) -> Any:
        """Run `words`, expect exit code `code`, return the JSON object."""
        return COMMANDS(self.folder, *words, code=code, stdin=stdin, now=self.now)

    def capture(self, document: Mapping[str, Any], *flags: str, code: int = 0) -> Any:
        """Capture `document` from standard input."""
        raw = json.dumps(document, ensure_ascii=False).encode("utf-8")
        return self("capture", "-", *flags, code=code, stdin=raw)

    def refuses(self, *words: str | Path, code: int = 1, stdin: bytes | None = None) -> str:
        """Run `words`, which must be refused without a change; return the refusal's code."""
        before = self.dump()
        answer = self(*words, code=code, stdin=stdin)
        assert answer["ok"] is False
        assert self.dump() == before
        return str(answer["error"]["code"])

    @contextmanager
    def open(self, *, write: bool = True) -> Iterator[Workspace]:
        """Open the workspace itself."""
        clock = FixedClock(datetime.fromisoformat(self.now))
        with Workspace(self.folder, clock, write=write) as workspace:
            yield workspace

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        database = Database(self.folder / DATABASE_NAME, readonly=True)
        try:
            return database.rows(sql, parameters)
        finally:
            database.close()

    def value(self, sql: str, *parameters: object) -> Any:
        """Return the first value of a query."""
        return self.rows(sql, *parameters)[0][0]

    def dump(self) -> dict[str, list[str]]:
        """Return the content of every table."""
        names = self.rows("SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name")
        return {name: sorted(map(repr, self.rows(f'SELECT * FROM "{name}"'))) for (name,) in names}

    def lines(self) -> list[bytes]:
        """Return the raw lines of the log, oldest first."""
        return [row[0] for row in self.rows("SELECT line FROM op ORDER BY id")]

    def operations(self, since: int = 0) -> list[Operation]:
        """Return the operations of the log after the first `since`."""
        return [decode(line) for line in self.lines()[since:]]

    def state(self, unit: str = "") -> Any:
        """Return the state digest of a unit's subtree."""
        return self("state", *(["--unit", unit] if unit else []))["hash"]

    def history(self, record: str) -> Any:
        """Return a record's operations."""
        return self("show", record, "--history")["history"]

    def pack(self, to: str, out: Path) -> Path:
        """Pack for a unit; return the file."""
        return Path(self("pack", "--to", to, "--out", out)["path"])

    def receipted(self, to: str) -> list[bool]:
        """Return which of the files handed out to a unit are acknowledged, sorted."""
        return sorted(row["receipted"] for row in self("outbox")["items"] if row["to"] == to)

    def receive(self, *files: Path, code: int = 0) -> Any:
        """Receive files; return their rows."""
        return self("receive", *files, code=code)["bundles"]

    def is_sound(self) -> bool:
        """Whether the deep check finds nothing."""
        found = self("check", "--deep")
        return found["projection_equal"] is True and found["problems"] == []


def found_village(folder: Path, unit: str = VILLAGE) -> Desk:
    """Return a village desk without a unit above it."""
    desk = Desk(folder, unit)
    desk("init", "--tier", "village", "--unit", unit)
    return desk


def opened(above: Desk, unit: str, folder: Path) -> Desk:
    """Return a new desk of `unit`, opened with a file from the desk above."""
    files = above("opening", unit, "--out", folder.parent)["files"]
    desk = Desk(folder, unit)
    desk("open", files[0]["path"])
    return desk


def twin_of(desk: Desk, folder: Path) -> Desk:
    """Return a copy of a desk, as copying its data folder makes one."""
    shutil.copytree(desk.folder, folder)
    return Desk(folder, desk.unit, desk.now)


class Line:
    """County, township and two villages in separate folders, and a stick between them."""

    def __init__(self, place: Path) -> None:
        """Stand at the desks in `place`; `found` makes them."""
        self.place = place
        self.stick = place / "stick"
        self.county = Desk(place / "county", COUNTY)
        self.township = Desk(place / "township", TOWNSHIP)
        self.village = Desk(place / "village", VILLAGE)
        self.sister = Desk(place / "sister", SISTER)
        self._carried = 0

    def found(self) -> None:
        """Found the county and open the units below it; nothing travels yet."""
        self.county("init", "--tier", "county", "--unit", COUNTY)
        opened(self.county, TOWNSHIP, self.township.folder)
        opened(self.township, VILLAGE, self.village.folder)
        opened(self.township, SISTER, self.sister.folder)

    def carry(self, giver: Desk, taker: Desk) -> Any:
        """Pack at one desk, receive at the other; return the row of the received file."""
        self._carried += 1
        path = giver.pack(taker.unit, self.stick / f"{giver.unit}-{self._carried}")
        return taker.receive(path)[0]

    def enrol(self) -> None:
        """Let every desk's first bundle go up and the certificates come down again."""
        for village in (self.village, self.sister):
            self.carry(village, self.township)
        self.carry(self.township, self.county)
        self.carry(self.county, self.township)
        for village in (self.village, self.sister):
            self.carry(self.township, village)


LEARNER = {"sex": "F", "birth": "1956-04-09", "residence": "local"}


def document(source: str = "desk", **sections: Any) -> dict[str, Any]:
    """Return a capture document."""
    return {"v": 1, "source": source, **sections}


def learner(ref: str, name: str, **fields: Any) -> dict[str, Any]:
    """Return a learner's entry."""
    return {"ref": ref, "name": name, **LEARNER, **fields}


_CLASS: dict[str, Any] = {
    "sites": [{"ref": "p1", "name": "荣庄教学点", "kinds": ["v_point"], "opened": "2019-05-01"}],
    "learners": [
        learner("l1", "周桂兰"), learner("l2", "吴建国", sex="M"), learner("l3", "郑秀英"),
    ],
    "activities": [
        {
            "ref": "a1", "title": "书法班", "site": "p1", "kind": "01", "edu_kinds": ["60"],
            "topics": ["0501"], "delivery": "10",
        },
    ],
    "enrolments": [
        {"activity": "a1", "learner": ref, "joined": "2026-02-24"} for ref in ("l1", "l2", "l3")
    ],
    "sessions": [
        {
            "ref": "s1", "activity": "a1", "date": "2026-03-03", "start": "09:00",
            "end": "10:30", "status": "held",
        },
    ],
    "rollcalls": [
        {
            "session": "s1",
            "rows": [{"learner": "l1", "status": "P"}, {"learner": "l2", "status": "L"}],
        },
    ],
}  # fmt: skip


def small_class(unit: str = VILLAGE, **changes: Any) -> dict[str, Any]:
    """Return a document with one site, class, session with roll call and three learners.

    `changes` replace whole sections.
    """
    content = copy.deepcopy(_CLASS)
    for site in content["sites"]:
        site["unit"] = unit
    return document(unit=unit, **{**content, **changes})


def changed(content: Mapping[str, Any], section: str, place: int, **fields: Any) -> dict[str, Any]:
    """Return a copy of a document with some fields of one entry changed."""
    found: dict[str, Any] = copy.deepcopy(dict(content))
    found[section][place].update(fields)
    return found


def counted(values: Any) -> Any:
    """Return figures without what a desk says of the reports it holds: that differs by desk."""
    return [{k: v for k, v in value.items() if k != "handed_in"} for value in values]


def codes_of(answer: Mapping[str, Any]) -> list[str]:
    """Return the codes of an answer's issues."""
    return [issue["code"] for issue in answer["issues"]]
