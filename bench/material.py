"""What the measurements are taken on: a county, a township and its villages, made by the services.

Villages write a year of classes, pack it up, the township receives and relays it. Everything is
made from a seed and kept under `build/bench`, so that only the first run pays for it.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any, Final

from learnsite_desktop.bundle.payloads import FORMAT
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.oplog.line import LINE_VERSION, SCHEMA_VERSION
from learnsite_desktop.services import founding, packing, receiving
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store.migrations import SCHEMA
from learnsite_desktop.store.migrations.m0001_log import TABLES
from learnsite_desktop.store.projection_tables import registry_digest

ROOT: Final = Path(__file__).resolve().parents[1]
BUILD: Final = ROOT / "build" / "bench"
COUNTY: Final = "410199000000"
TOWNSHIP: Final = "410199101000"
CHINA: Final = timezone(timedelta(hours=8))
VERSION: Final = 5
"""Raised when the material changes, so that a kept one is made anew."""

_FIRST_DAY: Final = date(2025, 3, 1)
_STATUSES: Final = ("P", "L", "E", "A", "X", "R", "M")
_SHARES: Final = (80, 5, 4, 6, 3, 1, 1)
_TITLES: Final = ("书法", "合唱", "手机", "剪纸", "太极", "养殖", "普法")
_SURNAMES: Final = "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗"
_GIVEN: Final = "秀英桂兰建国玉梅志强红霞明远海燕子轩淑珍春花凤霞德福永强丽华金玲书琴国庆"


@dataclass(frozen=True, slots=True)
class Shape:
    """How much there is: of each village its learners, classes, sessions and marks a session.

    `people_held`: whoever receives the roll calls knows the people already, as every month but
    the first.
    """

    villages: int
    learners: int = 120
    classes: int = 4
    sessions: int = 240
    marks: int = 30
    people_held: bool = True

    @property
    def attendances(self) -> int:
        """Marks of all sessions together."""
        return self.villages * self.sessions * self.marks


def rolls(attendances: int) -> Shape:
    """Return schools of 240 sessions of 30 a year in four classes: nearly all of it roll calls."""
    return Shape(max(1, round(attendances / 7200)))


def county_year(attendances: int) -> Shape:
    """Return villages as a county has them in a year: 155 learners, 75 sessions of 22."""
    return Shape(
        max(1, round(attendances / 1650)),
        learners=155,
        classes=7,
        sessions=75,
        marks=22,
        people_held=False,
    )


def clock_on(day: date) -> FixedClock:
    """Return the evening of a day."""
    return FixedClock(datetime(day.year, day.month, day.day, 18, tzinfo=CHINA))


def village_code(number: int) -> str:
    """Return the code of village 0, 1, …."""
    return f"410199101{number + 201:03d}"


def tree(villages: int) -> RegionTree:
    """Return a county with one township and its villages (an area code nobody has)."""
    rows: list[dict[str, object]] = [
        {"code": COUNTY, "parent": "", "level": "3", "name": "示例县", "kind": "county"},
        {"code": TOWNSHIP, "parent": COUNTY, "level": "4", "name": "示例镇", "kind": "town"},
    ]
    rows += [
        {
            "code": village_code(number),
            "parent": TOWNSHIP,
            "level": "5",
            "name": f"第{number + 1}村",
            "kind": "village",
        }
        for number in range(villages)
    ]
    return RegionTree.of(rows)


@contextmanager
def opened(folder: Path, day: date) -> Iterator[Workspace]:
    """Open a workspace for writing on the evening of a day."""
    with Workspace(folder, clock_on(day), write=True) as workspace:
        yield workspace


@dataclass(frozen=True, slots=True)
class Roster:
    """A class: its activity and who is on the list."""

    activity: str
    learners: list[str]


class Village:
    """Writes what one village records."""

    def __init__(self, workspace: Workspace, shape: Shape, seed: int) -> None:
        """Use a seed of the village's own."""
        self._workspace = workspace
        self._shape = shape
        self._random = Random(seed)
        self._unit = workspace.unit

    def _id(self) -> str:
        return b64(self._random.randbytes(16))

    def write_rosters(self, day: date) -> list[Roster]:
        """Write a site, learners, activities and enrolments; returns the classes."""
        workspace, shape = self._workspace, self._shape
        with workspace.database.transaction():
            writer = Writer(workspace, operator="", label="bench")
            site = self._id()
            self._save(writer, "site", site, {"name": "村教学点", "kinds": ["v_point"]})
            learners = [self._write_learner(writer, day) for _ in range(shape.learners)]
            rosters = []
            for number in range(shape.classes):
                roster = Roster(self._id(), self._random.sample(learners, shape.marks))
                self._write_class(writer, roster, site, number, day)
                rosters.append(roster)
            writer.finish()
        return rosters

    def _write_learner(self, writer: Writer, day: date) -> str:
        draw = self._random
        record, year = self._id(), draw.randrange(1940, 2012)
        writes: dict[str, Any] = {
            "name": draw.choice(_SURNAMES) + "".join(draw.sample(_GIVEN, draw.choice((1, 2)))),
            "sex": draw.choice("MFFF"),
            "birth": f"{year}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
            "birth_year": year,
            "residence": "local",
            "groups": [["farmer", None]],
            "consents": [["notice", day.isoformat(), "self", "paper"]],
        }
        if draw.random() < 0.6:
            writes["mobile"] = f"144{draw.randrange(10**8):08d}"
        self._save(writer, "learner", record, writes)
        return record

    def _write_class(
        self, writer: Writer, roster: Roster, site: str, number: int, day: date
    ) -> None:
        writes = {
            "title": f"{_TITLES[number % len(_TITLES)]}班",
            "site": site,
            "kind": "01",
            "edu_kinds": ["60"],
            "form": "F2",
            "topics": ["0501"],
            "delivery": "10",
            "department": "edu",
        }
        self._save(writer, "activity", roster.activity, writes)
        for row, learner in enumerate(roster.learners, start=1):
            record = b64(derived_id("enrolment", roster.activity, learner))
            self._save(
                writer,
                "enrolment",
                record,
                {
                    "activity": roster.activity,
                    "learner": learner,
                    "row": row,
                    "term": [day.isoformat(), None],
                },
            )

    def _save(self, writer: Writer, kind: str, record: str, writes: dict[str, Any]) -> None:
        writer.save(kind=kind, record=record, unit=self._unit, writes=writes)

    def write_sessions(self, rosters: list[Roster], first: int, count: int) -> list[str]:
        """Write sessions number `first` … with their roll calls, one operation each."""
        workspace = self._workspace
        records: list[str] = []
        with workspace.database.transaction():
            writer = Writer(workspace, operator="", label="bench")
            for seq in range(first, first + count):
                roster = rosters[seq % len(rosters)]
                day = _FIRST_DAY + timedelta(days=seq * 365 // self._shape.sessions)
                writes = {
                    "activity": roster.activity,
                    "seq": seq // len(rosters) + 1,
                    "date": day.isoformat(),
                    "time": ["14:00", "15:30"],
                    "status": "held",
                    **{f"a:{learner}": self._mark() for learner in roster.learners},
                }
                records.append(self._id())
                self._save(writer, "session", records[-1], writes)
            writer.finish()
        return records

    def change_marks(self, records: list[str], rosters: list[Roster], first: int) -> None:
        """Mark everybody of these sessions anew; `first` as when they were written."""
        workspace = self._workspace
        with workspace.database.transaction():
            writer = Writer(workspace, operator="", label="bench")
            for seq, record in enumerate(records, start=first):
                learners = rosters[seq % len(rosters)].learners
                writes = {f"a:{learner}": ["P", 45, "sheet", None] for learner in learners}
                self._save(writer, "session", record, writes)
            writer.finish()

    def _mark(self) -> list[Any]:
        draw = self._random
        status = draw.choices(_STATUSES, _SHARES)[0]
        minutes = draw.randrange(20, 80, 5) if status in {"L", "E", "R"} else None
        return [status, minutes, "roster", True if draw.random() < 0.01 else None]


@dataclass(frozen=True, slots=True)
class Material:
    """A built network.

    `county` holds the people, classes and enrolments (of a county year: nothing at all), `bundle`
    is what the township relays to it, `again` another bundle with the same operations.
    """

    folder: Path
    shape: Shape

    @property
    def county(self) -> Path:
        """Workspace of the county before it received the bundle."""
        return self.folder / "county"

    @property
    def township(self) -> Path:
        """Workspace of the township, which holds everything."""
        return self.folder / "township"

    @property
    def bundle(self) -> Path:
        """The relay bundle."""
        return self.folder / "relay.lsb"

    @property
    def again(self) -> Path:
        """Another bundle with the same operations."""
        return self.folder / "again.lsb"

    def village(self, number: int) -> Path:
        """Workspace of a village."""
        return self.folder / "villages" / f"{number:03d}"

    def rosters(self, number: int) -> tuple[list[Roster], list[str]]:
        """Classes of a village, and its sessions in order."""
        text = (self.folder / "villages" / f"{number:03d}.json").read_text(encoding="utf-8")
        kept = json.loads(text)
        return [Roster(**item) for item in kept["rosters"]], kept["sessions"]


def built(shape: Shape, root: Path = BUILD) -> Material:
    """Return the material of a shape, made on the first call."""
    name = "-".join(str(int(value)) for value in asdict(shape).values())
    material = Material(root / f"material-{_age()}-{name}", shape)
    done = material.folder / "complete"
    if not done.exists():
        shutil.rmtree(material.folder, ignore_errors=True)
        material.folder.mkdir(parents=True)
        _build(material)
        done.write_text("", encoding="utf-8")
    return material


def _age() -> str:
    """Return a digest of what kept material depends on."""
    parts = [VERSION, FORMAT, LINE_VERSION, SCHEMA_VERSION, SCHEMA, registry_digest(), TABLES]
    return hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:8]


def _build(material: Material) -> None:
    shape, folder = material.shape, material.folder
    random = Random(20250301)
    start, end = _FIRST_DAY, _FIRST_DAY + timedelta(days=366)
    founding.found(
        material.county, clock_on(start), tier="county", unit=COUNTY, tree=tree(shape.villages),
        tokens=random.randbytes,
    )  # fmt: skip
    with opened(material.county, start) as county:
        (opening,) = founding.write_openings(county, [TOWNSHIP], folder / "openings")
    founding.open_unit(material.township, opening.path, clock_on(start), tokens=random.randbytes)
    codes = [village_code(number) for number in range(shape.villages)]
    with opened(material.township, start) as township:
        openings = founding.write_openings(township, codes, folder / "openings")
    rosters = [
        _open_village(material, number, opening.path, random)
        for number, opening in enumerate(openings)
    ]
    if shape.people_held:
        _relay(material, _pass_on(material, start), start)
    for number in range(shape.villages):
        with opened(material.village(number), end) as workspace:
            village = Village(workspace, shape, number)
            sessions = village.write_sessions(rosters[number], 0, shape.sessions)
        kept = {"rosters": [asdict(roster) for roster in rosters[number]], "sessions": sessions}
        path = material.village(number).with_suffix(".json")
        path.write_text(json.dumps(kept), encoding="utf-8")
    _pass_on(material, end).rename(material.bundle)
    with opened(material.township, end + timedelta(days=1)) as township:
        packing.pack(township, COUNTY, folder).written.path.rename(material.again)


def _open_village(material: Material, number: int, opening: Path, random: Random) -> list[Roster]:
    folder = material.village(number)
    founding.open_unit(folder, opening, clock_on(_FIRST_DAY), tokens=random.randbytes)
    with opened(folder, _FIRST_DAY) as workspace:
        return Village(workspace, material.shape, -1 - number).write_rosters(_FIRST_DAY)


def _pass_on(material: Material, day: date) -> Path:
    """Have every village pack, the township receive and relay; returns the relay bundle."""
    for number in range(material.shape.villages):
        with opened(material.village(number), day) as village:
            bundle = packing.pack(village, TOWNSHIP, material.folder).written.path
        with opened(material.township, day) as township:
            accepted(receiving.receive(township, bundle))
        bundle.unlink()
    with opened(material.township, day) as township:
        return packing.pack(township, COUNTY, material.folder).written.path


def _relay(material: Material, bundle: Path, day: date) -> None:
    """Have the county receive a bundle, the township its receipt, the villages theirs."""
    with opened(material.county, day) as county:
        accepted(receiving.receive(county, bundle))
        receipt = packing.pack(county, TOWNSHIP, material.folder).written.path
    with opened(material.township, day) as township:
        accepted(receiving.receive(township, receipt))
    for number in range(material.shape.villages):
        with opened(material.township, day) as township:
            down = packing.pack(township, village_code(number), material.folder).written.path
        with opened(material.village(number), day) as village:
            accepted(receiving.receive(village, down))
        down.unlink()
    for path in (bundle, receipt):
        path.unlink()


def accepted(result: receiving.Received) -> receiving.Received:
    """Return the result if the file was taken in; else raise its refusal."""
    if result.error is not None:
        raise result.error
    if result.outcome not in {"received", "held"}:
        raise RuntimeError(f"{result.file}: {result.outcome}")
    return result


@dataclass(frozen=True, slots=True)
class Delta:
    """A workspace that holds a material's bundle, and a file with what is new since."""

    held: Path
    bundle: Path


def with_delta(material: Material, villages: int, sessions: int) -> Delta:
    """Return a delta of `villages`: of each some new sessions, and as many of the last changed."""
    folder = material.folder / f"delta-{villages}-{sessions}"
    delta = Delta(folder / "held", folder / "delta.lsb")
    if not delta.bundle.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _build_delta(material, delta, folder, villages, sessions)
    return delta


def _build_delta(
    material: Material, delta: Delta, folder: Path, villages: int, sessions: int
) -> None:
    day = _FIRST_DAY + timedelta(days=380)
    township = folder / "township"
    shutil.copytree(material.county, delta.held)
    shutil.copytree(material.township, township)
    with opened(delta.held, day) as county:
        accepted(receiving.receive(county, material.bundle))
        receipt = packing.pack(county, TOWNSHIP, folder).written.path
    with opened(township, day) as workspace:
        accepted(receiving.receive(workspace, receipt))
    step = material.shape.villages // villages
    for number in range(0, villages * step, step):
        copy = folder / "village"
        shutil.copytree(material.village(number), copy)
        rosters, written = material.rosters(number)
        first = len(written) - sessions
        with opened(copy, day) as workspace:
            village = Village(workspace, material.shape, 100_000 + number)
            village.change_marks(written[first:], rosters, first)
            village.write_sessions(rosters, len(written), sessions)
            bundle = packing.pack(workspace, TOWNSHIP, folder).written.path
        with opened(township, day) as workspace:
            accepted(receiving.receive(workspace, bundle))
        bundle.unlink()
        shutil.rmtree(copy)
    with opened(township, day) as workspace:
        packed = packing.pack(workspace, COUNTY, folder)
    shutil.rmtree(township)
    with opened(delta.held, day) as county:
        county.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    packed.written.path.rename(delta.bundle)


def village_months(folder: Path) -> tuple[int, int]:
    """Return the bytes of a typical village's file of its first month and of a later one.

    Typical: 36 sessions of 22 a year, 110 learners; the first file carries them all.
    """
    shutil.rmtree(folder, ignore_errors=True)
    material = Material(folder, Shape(1, learners=110, classes=4, sessions=36, marks=22))
    sizes = []
    start = _FIRST_DAY
    founding.found(material.county, clock_on(start), tier="county", unit=COUNTY, tree=tree(1))
    with opened(material.county, start) as county:
        (opening,) = founding.write_openings(county, [village_code(0)], folder)
    founding.open_unit(material.village(0), opening.path, clock_on(start))
    rosters: list[Roster] = []
    for month in range(2):
        day = start + timedelta(days=31 * (month + 1))
        with opened(material.village(0), day) as workspace:
            village = Village(workspace, material.shape, month)
            rosters = rosters or village.write_rosters(start)
            village.write_sessions(rosters, 3 * month, 3)
            path = packing.pack(workspace, COUNTY, folder).written.path
        sizes.append(path.stat().st_size)
        with opened(material.county, day) as county:
            accepted(receiving.receive(county, path))
            receipt = packing.pack(county, village_code(0), folder).written.path
        with opened(material.village(0), day) as workspace:
            accepted(receiving.receive(workspace, receipt))
    return sizes[0], sizes[1]
