"""What goes wrong and is put right: returns, conflicts, a rollback, a lost computer."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.cli.demo.desk import Desk
from learnsite_desktop.cli.demo.material import SOURCE
from learnsite_desktop.cli.demo.world import Unit, World

Json = dict[str, Any]
STEP: Final = timedelta(hours=1)
SECOND_SOURCE: Final = "second-desk"


@dataclass
class Happened:
    """What the incidents left, as the commands told it."""

    returns: list[Json] = field(default_factory=list)
    conflicts: int = 0
    resolved: int = 0
    rollback: Json = field(default_factory=dict)
    restored: Json = field(default_factory=dict)
    repeated: Json = field(default_factory=dict)


class Incidents:
    """Plays the incidents on a world; every method begins at a moment and takes a few hours.

    What is entered late belongs to the month that ends on `until`.
    """

    def __init__(self, world: World) -> None:
        """Remember the world."""
        self.world = world
        self.until = date.min
        self.happened = Happened()

    def _events(self, now: datetime, unit: Unit, count: int) -> list[tuple[Json, Json]]:
        """Take events of a unit that no incident has touched, entering more when they run out."""
        while len(unit.events) < count:
            self.world.capture(now, unit, self._late(unit, 6))
        taken, unit.events = unit.events[:count], unit.events[count:]
        return taken

    def _late(self, unit: Unit, days: int) -> Json:
        """Return a file with an event some days before the end of the month."""
        if unit.material is None:
            raise LookupError(unit.code)
        return unit.material.supplement(self.until - timedelta(days=days))

    # -- a file that comes twice -----------------------------------------------------------

    def file_comes_twice(self, now: datetime, unit: Unit) -> None:
        """Send a bundle and receive a renamed copy of it again: nothing new."""
        world = self.world
        if unit.above is None:
            return
        world.capture(now, unit, self._late(unit, 2))
        path = world.pack(now, unit.desk, unit.above.code)
        if path is None:
            return
        copy = path.with_name("村里的资料(1).lsb")
        copy.write_bytes(path.read_bytes())
        first = world.receive(now, unit.above.desk, path)
        again = world.receive(now + STEP, unit.above.desk, copy)
        self.happened.repeated = {"first": first["new"], "again": again["new"]}

    # -- returns ---------------------------------------------------------------------------

    def returns(self, now: datetime, units: list[Unit]) -> None:
        """Return one record each, fix it at the unit, and see the return closed above."""
        world, opened = self.world, []
        for number, unit in enumerate(units):
            ((session, activity),) = self._events(now, unit, 1)
            world.send_up(now, unit)
            opened.append(self._return(now + STEP, unit, number, session, activity))
        for unit, (record, fix) in zip(units, opened, strict=True):
            world.send_down(now + 2 * STEP, unit, news=True)
            listed = unit.desk(now + 3 * STEP, "returns")["returns"]
            self.happened.returns.append({"unit": unit.code, "listed": len(listed)})
            if isinstance(fix, tuple):
                world.edit(now + 3 * STEP, unit, record, value=fix)
            else:
                self._edit_by_file(now + 3 * STEP, unit, unit.desk, record, fix)
            world.send_up(now + 4 * STEP, unit)

    def _return(
        self, now: datetime, unit: Unit, number: int, session: Json, activity: Json
    ) -> tuple[Json, tuple[str, str] | Json]:
        """Write one return above `unit`; return the record and what will put it right."""
        world = self.world
        fix: tuple[str, str] | Json
        if number % 3 == 0:
            kind, entry, field_name, reason = "session", session, "date", "R05"
            fix = ("date", _day_after(session["date"]))
            text = "日期与签到表不符，请核对"
        elif number % 3 == 1:
            kind, entry, field_name, reason = "activity", activity, "delivery", "R07"
            fix = ("delivery", "50" if activity["delivery"] != "50" else "10")
            text = "活动方式选错，请改正"
        else:
            kind, entry, field_name, reason = "session", session, "headcount", "R03"
            fix = {"headcount": {"total": 21, "male": 8, "female": 13, "basis": "counted"}}
            text = "人数与照片不符，请重新清点"
        record = world.name(unit, kind, entry)
        above = unit.above.desk if unit.above else unit.desk
        ident = world.ident(record)
        words = ("return", ident, field_name, "--reason", reason, "--text", text)
        answer = above(now, *words)
        world.truth.note(
            "returns", now, above.unit, record=record, field=field_name, reason=reason, text=text
        )
        self.happened.returns.append({"unit": unit.code, "opened": answer["return_id"]})
        return record, fix

    def _edit_by_file(
        self, now: datetime, unit: Unit, desk: Desk, record: Json, values: Json
    ) -> None:
        """Edit structured values, which only a capture file can give."""
        change = {"kind": record["kind"], "record": self.world.ident(record), "set": values}
        content = {"v": 1, "source": SOURCE, "unit": unit.code, "edits": [change]}
        self.world.capture(now, unit, content, desk)

    # -- conflicts -------------------------------------------------------------------------

    def conflicts(self, now: datetime, unit: Unit) -> None:
        """Two computers of a village and its township edit the same fields unknown to each other.

        Four conflicts arise between the two computers, three of them are resolved there; the
        fifth is found by the township and stays open, as does one of the village.
        """
        world = self.world
        if unit.above is None:
            return
        (first, second) = self._events(now, unit, 2)
        ((_, third),) = self._events(now, unit, 1)
        other = self._second_computer(now, unit)
        now += 5 * STEP
        date_of = world.name(unit, "session", first[0])
        crowd_of = world.name(unit, "session", second[0])
        title_of = world.name(unit, "activity", first[1])
        delivery_of = world.name(unit, "activity", second[1])
        for desk, plus, words in ((unit.desk, 1, "（村委会）"), (other, 2, "（党群中心）")):
            day = _day_after(first[0]["date"], plus)
            world.edit(now, unit, date_of, value=("date", day), desk=desk)
            title = ("title", first[1]["title"] + words)
            world.edit(now, unit, title_of, value=title, desk=desk)
            delivery = "20" if plus == 1 else "60"
            world.edit(now, unit, delivery_of, value=("delivery", delivery), desk=desk)
            crowd = {"headcount": {"total": 30 + 5 * plus, "basis": "counted"}}
            self._edit_by_file(now, unit, desk, crowd_of, crowd)
        world.meet(now + STEP, other, unit.desk)
        found = unit.desk(now + STEP, "conflicts")["conflicts"]
        self.happened.conflicts += len(found)
        chosen = {world.ident(date_of), world.ident(crowd_of), world.ident(delivery_of)}
        named = {world.ident(record): record for record in (date_of, crowd_of, delivery_of)}
        for conflict in found:
            if conflict["record"] in chosen:
                self._resolve(now + 2 * STEP, unit, conflict, named[conflict["record"]])
        world.meet(now + 3 * STEP, unit.desk, other)
        self._township_corrects(now + 4 * STEP, unit, third)

    def _second_computer(self, now: datetime, unit: Unit) -> Desk:
        """Open a second computer of a unit and let it learn what the first has recorded."""
        world, above = self.world, unit.above
        desk = world.computer(unit.code, "village", f"{unit.code}-b")
        if above is None:
            return desk
        world.send_up(now, unit)
        stick = str(world.letters(desk.folder.name))
        (file,) = above.desk(now, "opening", unit.code, "--out", stick)["files"]
        desk(now, "open", str(file["path"]))
        staff = {"ref": "B1", "name": "村级网格员", "kinds": ["recorder"]}
        content: Json = {"v": 1, "source": SECOND_SOURCE, "unit": unit.code, "staff": [staff]}
        content["operators"] = [{"ref": "B0", "name": "村级网格员"}]
        world.capture(now + STEP, unit, content, desk)
        world.send_up(now + STEP, unit, desk)
        world.send_down(now + 2 * STEP, unit, desk, unit.desk, news=True)
        world.meet(now + 3 * STEP, unit.desk, desk)
        return desk

    def _resolve(self, now: datetime, unit: Unit, conflict: Json, record: Json) -> None:
        """Close one conflict: a crowd by a new value, the others by keeping the first listed."""
        kept = conflict["values"][0]
        words = ["resolve", conflict["record"], conflict["field"]]
        if conflict["field"] == "headcount":
            value: Any = {"total": 33, "male": 12, "female": 21, "basis": "counted"}
            text = '{"total":33,"male":12,"female":21,"basis":"counted"}'
            unit.desk(now, *words, "--value", text)
        else:
            value = kept["value"]
            unit.desk(now, *words, "--keep", kept["op"])
        self.world.truth.note(
            "resolutions", now, unit.code, record=record, field=conflict["field"], value=value
        )
        self.happened.resolved += 1

    def _township_corrects(self, now: datetime, unit: Unit, activity: Json) -> None:
        """The township corrects a title while the village changes it too."""
        world, above = self.world, unit.above
        if above is None:
            return
        world.send_up(now, unit)
        record = world.name(unit, "activity", activity)
        before = len(above.desk(now, "conflicts")["conflicts"])
        corrected = activity["title"].replace("（", "·镇统一名称（")
        words = ("edit", world.ident(record), f"title={corrected}")
        above.desk(now, *words, "--why", "按镇里通知统一活动名称")
        world.truth.note("edits", now, above.code, record=record, set={"title": corrected})
        renamed = ("title", activity["title"] + "·村级版")
        world.edit(now + STEP, unit, record, value=renamed)
        world.send_up(now + 2 * STEP, unit)
        after = len(above.desk(now + 2 * STEP, "conflicts")["conflicts"])
        self.happened.conflicts += after - before
        world.send_down(now + 3 * STEP, unit, news=True)

    # -- rollback and re-apply -------------------------------------------------------------

    def rollback(self, now: datetime, unit: Unit) -> None:
        """Receive a bundle, take it back, and apply it again: the state is as after receiving."""
        world, above = self.world, unit.above
        if above is None:
            return
        world.send_up(now, unit)
        before = above.desk(now, "state")["hash"]
        world.capture(now, unit, self._late(unit, 3))
        bundle = world.send_up(now + STEP, unit)
        if bundle is None:
            return
        after = above.desk(now + STEP, "state")["hash"]
        batch = str(bundle["batch"])
        above.desk(now + 2 * STEP, "rollback", batch)
        taken_back = above.desk(now + 2 * STEP, "state")["hash"]
        note = world.truth.note("rolled_back", now + 2 * STEP, above.code, from_unit=unit.code)
        above.desk(now + 3 * STEP, "reapply", batch)
        note["reapplied_at"] = (now + 3 * STEP).isoformat()
        again = above.desk(now + 3 * STEP, "state")["hash"]
        self.happened.rollback = {
            "unit": above.code,
            "as_before": taken_back == before,
            "reapplied_as_after": again == after,
        }

    # -- a computer is lost ----------------------------------------------------------------

    def restore(self, now: datetime, unit: Unit) -> None:
        """Back up, work on, lose the computer, restore, get the tail back, and go on."""
        world, above = self.world, unit.above
        if above is None:
            return
        folder = world.letters(f"{unit.code}-backup")
        answer = unit.desk(now, "backup", str(folder))
        file = answer.get("path") or max(p for p in Path(folder).iterdir() if p.is_file())
        world.capture(now + STEP, unit, self._late(unit, 4))
        world.send_up(now + 2 * STEP, unit)
        lost = unit.desk(now + 2 * STEP, "state")["operations"]
        world.replace(unit, f"{unit.code}-restored")
        unit.desk(now + 3 * STEP, "restore", str(file))
        behind = unit.desk(now + 3 * STEP, "state")["operations"]
        world.send_down(now + 4 * STEP, unit, news=True)
        world.send_up(now + 5 * STEP, unit)
        world.send_down(now + 6 * STEP, unit, news=True)
        caught_up = unit.desk(now + 6 * STEP, "state")["operations"]
        world.truth.note("restored", now, unit.code, computer=unit.desk.folder.name)
        world.capture(now + 7 * STEP, unit, self._late(unit, 1))
        world.send_up(now + 8 * STEP, unit)
        self.happened.restored = {
            "unit": unit.code,
            "operations_lost_with_the_computer": lost - behind,
            "operations_after_the_receipt": caught_up,
        }


def _day_after(day: str, plus: int = 1) -> str:
    """Return a day or two later, or earlier where the month would end."""
    start = date.fromisoformat(day)
    later = start + timedelta(days=plus)
    return (later if later.month == start.month else start - timedelta(days=plus)).isoformat()
