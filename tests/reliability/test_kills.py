"""Saved means saved, process: killed from outside at any moment, nothing acknowledged is lost.

Two ways: the disk kills the program at its n-th request for a change, which reaches every phase by
name; and a clock kills it at random.
"""

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from learnsite_desktop.domain.ids import unb64
from tests.desks import Desk
from tests.reliability.conftest import Report
from tests.reliability.deeds import MORTAL, Deed, Stand, places
from tests.reliability.faulty_disk import FaultyDisk
from tests.reliability.journal import CHANGES, Fault
from tests.reliability.program import Launcher, answers
from tests.reliability.scenes import Scene
from tests.reliability.sizes import size
from tests.support import table_dump

SHORT = 6
LONG = {
    "stream": 150, "receive": 150, "rollback": 100, "migration": 100, "backup": 100,
    "restore": 100, "pack": 100, "open": 100,
}  # fmt: skip
SHORT_STREAM = 10
LONG_STREAM = 200
LEARNERS_A_LINE = 2
LINES = 12
KILLED = -9
DEEP_EVERY = 2


def lines_of(run: int, count: int = LINES) -> bytes:
    """Return the input of one stream; each line makes some learners or none of them."""
    return b"".join(
        json.dumps(
            {
                "v": 1,
                "source": "kill",
                "learners": [
                    {"ref": f"{run}-{line}-{place}", "name": f"王小明{run}", "sex": "F"}
                    for place in range(LEARNERS_A_LINE)
                ],
            }
        ).encode()
        + b"\n"
        for line in range(count)
    )


def phase_of(struck: str, *, changed: bool) -> str:
    """Name where a kill fell."""
    if "writer.lock" in struck or "/logs" in struck:
        return "starting or ending"
    if struck.endswith("learnsite.db-wal") and struck.startswith(("write", "fsync")):
        return "within the commit" if not changed else "after the commit"
    if ".db" not in struck:
        return "writing a file"
    return "after the commit" if changed else "before the commit"


def operations(stand: Stand, deed: Deed) -> list[str]:
    """Return the operations that a computer holds, in an order of their own."""
    return stand.content(deed).get("op", [])


def names_of(stand: Stand, deed: Deed) -> set[str]:
    """Return the ids of all learners that are shown."""
    rows = stand.desk(deed).rows("SELECT i.rid FROM learner l JOIN ident i ON i.id=l.ident")
    return {row[0].hex() for row in rows}


def killed_at_requests(stand: Stand, launcher: Launcher, name: str, most: int) -> Counter[str]:
    """Kill the program at its n-th request for a change, for many n; count the phases."""
    deed = MORTAL[name]
    stdin = lines_of(1) if name == "stream" else b""
    deed = Deed(deed.at, deed.words, deed.before, stdin, deed.now, deed.makes)
    count = stand.requests(deed, CHANGES)
    done = _kept(stand, deed)
    phases: Counter[str] = Counter()
    for turn in range(most):
        at = places(count, most)[turn % min(count, most)]
        stand.reset()
        before = operations(stand, deed)
        fault = Fault(at, kinds=CHANGES, lasting=False, kill=True, half=turn % 2 == 0)
        stand.disk.arm(fault)
        running = launcher.start(
            stand.data / deed.at, *stand.words(deed), stdin=stdin, now=deed.now
        )
        status = running.wait()
        _seen, struck = stand.disk.mend()
        if status != KILLED:
            phases["it was over"] += 1
            continue
        found = operations(stand, deed)
        phases[phase_of(struck[0], changed=found != before)] += 1
        _keeps_its_word(stand, deed, running.acknowledged)
        deep = turn % DEEP_EVERY == 0
        if deep and found:
            assert stand.desk(deed).is_sound(), (at, struck)
        _again(stand, deed)
        assert _kept(stand, deed) == done, (at, struck)
        assert not deep or stand.desk(deed).is_sound(), (at, struck)
    return phases


def _kept(stand: Stand, deed: Deed) -> list[int]:
    """Return what must be the same however often a command was begun."""
    content = stand.content(deed)
    return [len(content[table]) for table in ("op", "learner", "incarnation", "unit", "document")]


def _keeps_its_word(stand: Stand, deed: Deed, acknowledged: list[bytes]) -> None:
    """Check that what the program has said before it was killed is so."""
    for line in answers(acknowledged):
        if "n" in line:
            assert line["ok"], line
            names = {bytes_of(name) for name in line["ids"]["learner"].values()}
            assert names <= names_of(stand, deed)
        elif "path" in line:
            assert Path(line["path"]).is_file(), "the file it named is not there"


def bytes_of(record: str) -> str:
    """Return a record's id as hexadecimal digits."""
    return unb64(record).hex()


def _again(stand: Stand, deed: Deed) -> None:
    """Give the command again, as a clerk would who was cut off."""
    desk = stand.desk(deed)
    if deed.words[0] == "rollback":
        states = {str(row["batch"]): row["state"] for row in desk("batches")["batches"]}
        if states[stand.batch] == "rolled_back":
            return
    if deed.makes and (desk.folder / "learnsite.db").exists():
        return
    answer = stand.run(deed)
    assert answer["ok"], answer


@pytest.mark.parametrize("name", sorted(MORTAL))
def test_killed_at_a_request(
    disk: FaultyDisk, scene: Scene, launcher: Launcher, tmp_path: Path, report: Report, name: str
) -> None:
    stand = Stand(disk.place, disk, tmp_path / "pristine")
    stand.prepare(scene, MORTAL[name])
    phases = killed_at_requests(stand, launcher, name, SHORT)
    assert phases.total() - phases["it was over"] >= SHORT // 2
    _tell(report, name, phases)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(MORTAL))
def test_killed_at_every_request(
    disk: FaultyDisk, scene: Scene, launcher: Launcher, tmp_path: Path, report: Report, name: str
) -> None:
    stand = Stand(disk.place, disk, tmp_path / "pristine")
    stand.prepare(scene, MORTAL[name])
    _tell(report, name, killed_at_requests(stand, launcher, name, size(LONG[name])))


def _tell(report: Report, name: str, phases: Counter[str]) -> None:
    kills = phases.total() - phases.pop("it was over", 0)
    report(
        "saved means saved, process", deed=name, kills=kills, phases=dict(phases), lost=0
    )  # fmt: skip


def killed_by_the_clock(scene: Scene, launcher: Launcher, folder: Path, kills: int) -> Counter[str]:
    """Kill a stream some moments after so many acknowledgements; count where it fell."""
    desk = scene.village(folder / "village")
    chance = random.Random(1)
    told: Counter[str] = Counter()
    held = len(table_dump(desk.folder)["learner"])
    for run in range(kills):
        after = chance.choice([0, 0, 1, 2, 5])
        running = launcher.start(desk.folder, "capture", "--stream", stdin=lines_of(run, 40))
        for _number in range(after):
            assert running.line()
        until = time.monotonic() + chance.uniform(0, 0.25 if after == 0 else 0.02)
        while time.monotonic() < until:
            pass
        status = running.kill()
        found = answers(running.acknowledged)
        assert [line["n"] for line in found] == list(range(1, len(found) + 1))
        promised = {bytes_of(name) for line in found for name in line["ids"]["learner"].values()}
        rows = Desk(desk.folder, desk.unit).rows(
            "SELECT i.rid FROM learner l JOIN ident i ON i.id=l.ident"
        )
        assert promised <= {row[0].hex() for row in rows}
        unsaid = len(rows) - held - len(promised)
        assert unsaid in {0, LEARNERS_A_LINE}, "a line is whole or absent"
        held = len(rows)
        told[
            "it was over" if status != KILLED else "saved, not yet said" if unsaid else "between"
        ] += 1
    desk.check()
    return told


def test_killed_by_the_clock(
    scene: Scene, launcher: Launcher, tmp_path: Path, report: Report
) -> None:
    told = killed_by_the_clock(scene, launcher, tmp_path, SHORT_STREAM)
    assert told["it was over"] < SHORT_STREAM // 2
    _tell(report, "stream, by the clock", told)


@pytest.mark.soak
def test_killed_by_the_clock_long(
    scene: Scene, launcher: Launcher, tmp_path: Path, report: Report
) -> None:
    told = killed_by_the_clock(scene, launcher, tmp_path, size(LONG_STREAM))
    _tell(report, "stream, by the clock", told)
