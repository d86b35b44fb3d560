"""The units of the story, their computers, and how files go between them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.cli.demo.desk import Desk, Run
from learnsite_desktop.cli.demo.material import Material
from learnsite_desktop.cli.demo.truth import Truth, place
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_

Json = dict[str, Any]
DELIVERED: Final = frozenset({"received", "held"})
STORY_STEP: Final = N_("Telling the story")


@dataclass(eq=False)
class Unit:
    """A unit with its computer; `events` are (session, activity) entries not yet told about.

    `unsent` are the periods submitted since the last file to the unit above.
    """

    code: str
    desk: Desk
    above: "Unit | None"
    material: Material | None = None
    below: list["Unit"] = field(default_factory=list)
    events: list[tuple[Json, Json]] = field(default_factory=list)
    courses: list[Json] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    enrolled: set[Path] = field(default_factory=set)

    def remember(self, content: Json) -> None:
        """Keep what later steps of the story may edit or return."""
        activities = {entry["ref"]: entry for entry in content.get("activities", [])}
        self.courses += [entry for entry in activities.values() if entry["kind"] == "01"]
        self.events += [
            (entry, activities[entry["activity"]])
            for entry in content.get("sessions", [])
            if entry["activity"] in activities
            and entry["status"] == "held"
            and activities[entry["activity"]]["kind"] != "01"
            and "reasons" not in entry
        ]


class World:
    """Everything the story plays on, and the diary of what was done."""

    def __init__(self, run: Run, root: Path, truth: Truth, progress: Progress) -> None:
        """`root` is the folder of the demo; each computer gets a folder of its own below it."""
        self.root = root
        self.truth = truth
        self.units: dict[str, Unit] = {}
        self.folders: list[Json] = []
        self._run = run
        self._progress = progress
        self._steps = [0, 0]

    def expect_steps(self, total: int) -> None:
        """Tell how many steps the story will have, for the progress display."""
        self._steps[1] = total

    def step(self) -> None:
        """Count one step of the story."""
        self._steps[0] += 1
        self._progress(min(self._steps), self._steps[1], STORY_STEP)

    # -- computers -------------------------------------------------------------------------

    def add(self, code: str, tier: str, above: Unit | None, material: Material | None) -> Unit:
        """Add a unit and its computer, whose data folder is still empty."""
        unit = Unit(code, self.computer(code, tier, code), above, material)
        self.units[code] = unit
        if above is not None:
            above.below.append(unit)
        return unit

    def computer(self, code: str, tier: str, name: str) -> Desk:
        """Return a new computer of a unit; the unit's first one is its main computer."""
        folder = self.root / "computers" / name
        main = all(entry["unit"] != code for entry in self.folders)
        self.folders.append({"unit": code, "tier": tier, "path": str(folder), "main": main})
        return Desk(self._run, code, folder)

    def replace(self, unit: Unit, name: str) -> None:
        """Put a new computer in the place of a unit's lost one, as its main computer."""
        for entry in self.folders:
            entry["main"] = entry["main"] and entry["unit"] != unit.code
        desk = self.computer(unit.code, "village", name)
        self.folders[-1]["main"] = True
        unit.desk = unit.desk.successor(desk.folder)

    def open_below(self, now: datetime, above: Unit, units: Iterable[Unit]) -> None:
        """Write opening files at the unit above and open each on its own computer."""
        codes = [unit.code for unit in units]
        answer = above.desk(now, "opening", *codes, "--out", str(self.letters(above.code)))
        for file in answer["files"]:
            self.units[file["unit"]].desk(now, "open", str(file["path"]))
            self.step()

    def letters(self, name: str) -> Path:
        """Return the folder that stands for the USB stick of a unit."""
        folder = self.root / "sticks" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    # -- entries ---------------------------------------------------------------------------

    def capture(self, now: datetime, unit: Unit, content: Json, desk: Desk | None = None) -> Json:
        """Capture a file at a unit, on its first computer unless told otherwise."""
        at = desk or unit.desk
        answer = at.capture(now, content)
        unit.remember(content)
        self.truth.note("captures", now, unit.code, computer=at.folder.name, file=content)
        self.step()
        return answer

    def edit(
        self, now: datetime, unit: Unit, record: Json, *, value: tuple[str, str], **more: Any
    ) -> Json:
        """Edit one text field of a record by command; `desk` and `why` may be given."""
        at: Desk = more.get("desk") or unit.desk
        ident = self.ident(record)
        words = ["edit", ident, "=".join(value)]
        if more.get("why"):
            words += ["--why", more["why"]]
        answer = at(now, *words)
        changed = {value[0]: value[1]}
        self.truth.note(
            "edits", now, unit.code, computer=at.folder.name, record=record, set=changed
        )
        return answer

    def ident(self, record: Json) -> str:
        """Return the id that the product gave to a record named by unit, kind and ref."""
        return self.units[record["unit"]].desk.ids[record["kind"], record["ref"]]

    def name(self, unit: Unit, kind: str, entry: Json) -> Json:
        """Name an entry of a unit's capture files."""
        return place(unit.code, kind, entry["ref"])

    def submit(self, now: datetime, unit: Unit, period: str, zero: str = "") -> None:
        """Hand in a period, or report that there was nothing."""
        unit.desk(now, "submit", "--period", period, *(("--zero", zero) if zero else ()))
        unit.unsent.append(period)

    # -- files -----------------------------------------------------------------------------

    def pack(self, now: datetime, desk: Desk, to: str) -> Path | None:
        """Pack for a unit; None when there was nothing to send."""
        answer = desk(now, "pack", "--to", to, "--out", str(self.letters(desk.folder.name)))
        path = answer.get("path")
        return Path(path) if path else None

    def receive(self, now: datetime, desk: Desk, path: Path) -> Json:
        """Receive one file and return what became of it."""
        answer = desk(now, "receive", str(path))
        (bundle,) = answer["bundles"]
        if bundle["outcome"] not in DELIVERED:
            raise Refusal(
                "demo_step_refused",
                where=f"{desk.unit} receive",
                reason=bundle["outcome"],
                text=str(bundle.get("error") or ""),
            )
        for link in bundle["links"]:
            a, b = (self._place_of(link[end]) for end in ("a", "b"))
            self.truth.note("links", now, desk.unit, a=a, b=b, linked=True, rule=link["rule"])
        self.step()
        found: Json = bundle
        return found

    def _place_of(self, learner: str) -> Json | str:
        """Name a learner by where it was captured, by its id where another computer did."""
        for unit in self.units.values():
            for (kind, ref), ident in unit.desk.ids.items():
                if ident == learner:
                    return place(unit.code, kind, ref)
        return learner

    def send_up(self, now: datetime, unit: Unit, desk: Desk | None = None) -> Json | None:
        """Carry a unit's news to the unit above; None when there was none."""
        above, at = unit.above, desk or unit.desk
        path = self.pack(now, at, above.code) if above else None
        if above is None or path is None:
            return None
        bundle = self.receive(now, above.desk, path)
        for period in unit.unsent:
            self.truth.note("received", now, unit.code, period=period, by=above.code)
        unit.unsent.clear()
        if at.folder not in unit.enrolled:
            self._certify(now, above, unit)
            unit.enrolled.add(at.folder)
        return bundle

    def _certify(self, now: datetime, above: Unit, unit: Unit) -> None:
        """Certify computers that a valid invitation did not enrol by itself."""
        for device in above.desk(now, "devices")["devices"]:
            if device["unit"] == unit.code and device["state"] == "requested":
                above.desk(now, "certify", str(device["id"]))

    def send_down(self, now: datetime, unit: Unit, *desks: Desk, news: bool = False) -> None:
        """Carry the receipt of the unit above down to the computers of a unit.

        With `news` also what the unit above wrote into the unit's records, and what another
        computer of the unit had sent up.
        """
        if unit.above is None:
            return
        above = unit.above.desk
        out = str(self.letters(above.folder.name))
        paths = [self.pack(now, above, unit.code)] if news else []
        answer = above(now, "receipt", "--to", unit.code, "--out", out)
        paths.append(Path(answer["path"]) if answer.get("path") else None)
        for desk in desks or (unit.desk,):
            for path in paths:
                if path is not None:
                    self.receive(now, desk, path)

    def meet(self, now: datetime, first: Desk, second: Desk) -> None:
        """Carry a peer file from one computer of a unit to the other."""
        path = self.pack(now, first, first.unit)
        if path is not None:
            self.receive(now, second, path)
