"""The demo's story, from the founding of a county to its figures, told only by commands."""

from calendar import monthrange
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.cli.demo.cast import COUNTY, SCALES, Cast, Scale, choose
from learnsite_desktop.cli.demo.desk import Run
from learnsite_desktop.cli.demo.incidents import Incidents
from learnsite_desktop.cli.demo.material import Material, UnitPlan
from learnsite_desktop.cli.demo.truth import Truth
from learnsite_desktop.cli.demo.world import Unit, World
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.regions import regions_for
from learnsite_desktop.services.trial.people import NamePools

Json = dict[str, Any]
CHINA: Final = timezone(timedelta(hours=8))
NO_ACTIVITY: Final = "本月未开展活动"
NO_SITE: Final = "本村尚未设学习点"


def tell(
    folder: Path, *, run: Run, scale: str = "small", seed: int = 1, progress: Progress = silent
) -> Json:
    """Tell the story into `folder` and return `summary, folders, truth, workbooks`.

    `run` runs one command line and returns its exit code and JSON object; every figure returned
    comes from it. Refuses `demo_folder_used` unless `folder` is new or empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refusal("demo_folder_used", where=str(folder))
    return _Story(folder, run, SCALES[scale], seed, progress).tell()


class _Story:
    def __init__(self, root: Path, run: Run, scale: Scale, seed: int, progress: Progress) -> None:
        self.scale = scale
        self.seed = seed
        self.root = root
        self.pools = NamePools(resource("demo", "names_zh.json"))
        self.regions = [row.as_row() for row in regions_for(COUNTY).rows()]
        self.cast: Cast = choose(scale, self.regions, seed, self.pools)
        self.world = World(run, root, Truth(self.regions), progress)
        self.incidents = Incidents(self.world)
        self.plans: dict[str, UnitPlan] = {}
        self.end = datetime.min.replace(tzinfo=UTC)

    # -- the plot --------------------------------------------------------------------------

    def tell(self) -> Json:
        villages = sum(len(plans) for plans in self.cast.villages.values())
        self.world.expect_steps(villages * (2 + 6 * len(self.scale.months)))
        self._found()
        for number, (year, month) in enumerate(self.scale.months):
            self._month(number, year, month)
        self._close()
        return self._report()

    @property
    def county(self) -> Unit:
        return self.world.units[COUNTY]

    def _found(self) -> None:
        """Found the county, open townships and villages, enter what each has at the start."""
        now = _at(self.scale.first, 8)
        county = self.world.add(COUNTY, "county", None, None)
        county.desk(now, "init", "--tier", "county", "--unit", COUNTY)
        towns = [self._add(plan, county) for plan in self.cast.townships]
        self.world.open_below(now, county, towns)
        for town in towns:
            self._base(now, town)
            self.world.send_up(now + timedelta(minutes=10), town)
            self.world.send_down(now + timedelta(minutes=20), town, news=True)
        later = now + timedelta(minutes=30)
        for town in towns:
            villages = [self._add(plan, town) for plan in self.cast.villages[town.code]]
            self.world.open_below(later, town, villages)
            for village in villages:
                self._base(later, village)

    def _add(self, plan: UnitPlan, above: Unit) -> Unit:
        self.plans[plan.code] = plan
        material = Material(plan, self.seed, self.pools, self.scale.first)
        return self.world.add(plan.code, plan.tier, above, material)

    def _base(self, now: datetime, unit: Unit) -> None:
        if unit.material is not None:
            self.world.capture(now, unit, unit.material.base(self.scale.first.year - 1))

    def _month(self, number: int, year: int, month: int) -> None:
        """Enter a month, hand it in, carry it up to the county and the receipts down."""
        world, period = self.world, f"{year}-{month:02d}"
        last = date(year, month, monthrange(year, month)[1])
        villages = [village for town in self.county.below for village in town.below]
        late = [villages[-1 if number % 2 else 1]]
        silent = [villages[-2]] if number == len(self.scale.months) // 2 else []
        for village in villages:
            self._enter(_after(last, 1), village, year, month)
            if village not in silent:
                self._submit(_after(last, 2), village, period)
            if village not in late:
                world.send_up(_after(last, 3), village)
        for town in self.county.below:
            self._enter(_after(last, 4), town, year, month)
            self._submit(_after(last, 5), town, period)
        for position, town in enumerate(self.county.below):
            if position or number != 1:
                world.send_up(_after(last, 6), town)
        for village in late:
            world.send_up(_after(last, 8), village)
        self._relay(_after(last, 12))
        self._incidents(number, last)

    def _enter(self, now: datetime, unit: Unit, year: int, month: int) -> None:
        """Capture the month's file if it holds anything."""
        content = unit.material.month(year, month) if unit.material else {}
        if content.get("sessions"):
            self.world.capture(now, unit, content)

    def _submit(self, now: datetime, unit: Unit, period: str) -> None:
        year, month = (int(part) for part in period.split("-"))
        plan = self.plans[unit.code]
        zero = "" if plan.site else NO_SITE
        if (year, month) in plan.idle:
            zero = NO_ACTIVITY
        self.world.submit(now, unit, period, zero)

    def _relay(self, now: datetime) -> None:
        """Carry everything from the townships to the county and all receipts down."""
        for town in self.county.below:
            self.world.send_up(now, town)
            self.world.send_down(now + timedelta(hours=2), town)
            for village in town.below:
                self.world.send_down(now + timedelta(hours=4), village)

    def _incidents(self, number: int, last: date) -> None:
        """Play the incidents of a month; a story of one month plays them all in it."""
        play, final = self.incidents, len(self.scale.months) - 1
        play.until = last
        first, second = self.county.below[:2]
        if number == 0:
            play.file_comes_twice(_after(last, 13), first.below[0])
            play.returns(_after(last, 13, 12), [*first.below[:3], second.below[0]])
        if number == min(1, final):
            play.conflicts(_after(last, 14), first.below[1])
            play.rollback(_after(last, 15, 4), second.below[1])
        if number == final:
            play.restore(_after(last, 16), second.below[2])

    def _close(self) -> None:
        """Send up what the incidents left, relay it, and carry the receipts down."""
        last = date(*self.scale.months[-1], monthrange(*self.scale.months[-1])[1])
        now = _after(last, 18)
        for town in self.county.below:
            for village in town.below:
                self.world.send_up(now, village)
        self._relay(_after(last, 19))
        self.end = _after(last, 20)

    # -- what the commands say -------------------------------------------------------------

    def _report(self) -> Json:
        """Ask for the figures, write workbooks and the truth."""
        truth = self.root / "truth.json"
        head = {"v": 1, "seed": self.seed, "scale": self.scale.name, "county": COUNTY}
        head |= {"period": self.scale.period, "now": self.end.isoformat()}
        self.world.truth.write(truth, head)
        shown = [self.county, *self.county.below[:2], self.county.below[0].below[1]]
        figures = {unit.code: self._figures(unit) for unit in shown}
        workbooks = [self._workbook(unit) for unit in shown]
        return {
            "summary": self._summary(figures),
            "folders": self.world.folders,
            "truth": str(truth),
            "workbooks": workbooks,
        }

    def _figures(self, unit: Unit) -> dict[str, Json]:
        """Return the unit's figures as its own computer gives them."""
        words = ("indicators", "--period", self.scale.period, "--unit", unit.code)
        keys = ("numerator", "denominator", "value", "unit_of_measure", "missing")
        return {
            str(value["id"]): {key: value.get(key) for key in keys}
            for value in unit.desk(self.end, *words)["values"]
            if value["cell"] == "all" and value["unit"] == unit.code
        }

    def _workbook(self, unit: Unit) -> str:
        folder = self.root / "workbooks"
        folder.mkdir(exist_ok=True)
        path = folder / f"indicators-{unit.code}-{self.scale.period}.xlsx"
        words = ("report", "indicators", "--period", self.scale.period, "--out", str(path))
        return str(unit.desk(self.end, *words)["path"])

    def _summary(self, figures: dict[str, dict[str, Json]]) -> Json:
        happened = self.incidents.happened
        state = self.county.desk(self.end, "state")
        returns = [
            entry
            for town in self.county.below[:2]
            for entry in town.desk(self.end, "returns")["returns"]
        ]
        periods = [f"{year}-{month:02d}" for year, month in self.scale.months]
        completeness = {
            period: Counter(
                str(row["state"])
                for row in self.county.desk(self.end, "completeness", "--period", period)["units"]
            )
            for period in periods
        }
        return {
            "scale": self.scale.name,
            "seed": self.seed,
            "period": self.scale.period,
            "now": self.end.isoformat(),
            "units": Counter(str(entry["tier"]) for entry in self.world.folders if entry["main"]),
            "state": state,
            "figures": figures,
            "completeness": completeness,
            "returns": Counter(str(entry["state"]) for entry in returns),
            "conflicts": {
                "found": happened.conflicts,
                "resolved": happened.resolved,
                "open": state["conflicts_open"],
            },
            "rollback": happened.rollback,
            "restored": happened.restored,
            "repeated_file": happened.repeated,
        }


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def _after(day: date, days: int, hours: int = 0) -> datetime:
    """Return nine in the morning, China time, some days after `day`."""
    return _at(day, 9) + timedelta(days=days, hours=hours)
