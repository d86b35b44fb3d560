"""Killed from outside: what was acknowledged is there, what was not is whole or absent."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.flows.desks import NOW, TOWNSHIP, VILLAGES, Desk, found_county, open_desk, ring
from tests.support import table_dump

STREAM_KILLS = 36
RECEIVE_KILLS = 14
LEARNERS_A_LINE = 3
LINES_A_RUN = 60
RECORDS_IN_FILE = 1200


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("scene")
    county = found_county(root / "county")
    township = open_desk(root / "township", county, TOWNSHIP, root / "stick")
    village = open_desk(root / "village", township, VILLAGES[0], root / "stick")
    ring([village], township, root / "stick")
    return root


def started(folder: Path, *words: str | Path) -> subprocess.Popen[bytes]:
    """Start the program as a shell would, in a process of its own."""
    command = [sys.executable, "-m", "learnsite_desktop", "--data", str(folder), "--json"]
    return subprocess.Popen(
        [*command, "--now", NOW.isoformat(), *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def lines_of(run: int) -> Iterator[bytes]:
    """Yield the lines of one run; each makes some learners or none of them."""
    for line in range(LINES_A_RUN):
        learners = [
            {"ref": f"{run}-{line}-{place}", "name": f"王小明{run}", "sex": "F"}
            for place in range(LEARNERS_A_LINE)
        ]
        yield json.dumps({"v": 1, "source": "kill", "learners": learners}).encode() + b"\n"


def killed_stream(folder: Path, run: int, after: int, delay: float) -> list[dict[str, Any]]:
    """Feed a stream, kill it `delay` seconds after that many acknowledgements; return them all."""
    with started(folder, "capture", "--stream") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"".join(lines_of(run)))
        running.stdin.flush()
        acknowledged = [running.stdout.readline() for _ in range(after)]
        with suppress(subprocess.TimeoutExpired):
            running.wait(delay)
        running.kill()
        acknowledged += running.stdout.readlines()
        with suppress(BrokenPipeError):
            running.stdin.close()
    # The last line may have been cut on its way: then nobody has read it.
    return [json.loads(line) for line in acknowledged if line.endswith(b"\n")]


def held(desk: Desk) -> set[str]:
    """Return the ids of the learners whose record is there."""
    with desk.look() as workspace:
        from_store = workspace.database.rows(
            "SELECT i.rid FROM learner l JOIN ident i ON i.id=l.ident"
        )
        return {row[0].hex() for row in from_store}


def test_a_killed_stream_keeps_what_it_acknowledged(scene: Path, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "village", VILLAGES[0])
    shutil.copytree(scene / "village", desk.folder)
    chance = random.Random(1)
    before, cut_off = 0, 0
    for run in range(STREAM_KILLS):
        after = chance.choice([0, 0, 1, 2, 5, 20])
        delay = chance.uniform(0, 0.5 if after == 0 else 0.02)
        acknowledged = killed_stream(desk.folder, run, after, delay)
        assert len(acknowledged) >= after
        assert all(line["ok"] for line in acknowledged)
        assert [line["n"] for line in acknowledged] == list(range(1, len(acknowledged) + 1))
        promised = [name for line in acknowledged for name in line["ids"]["learner"].values()]
        with desk.look() as workspace:
            for name in promised:
                assert workspace.idents.find(name) is not None
        now = len(held(desk))
        assert now - before in {len(promised), len(promised) + LEARNERS_A_LINE}
        cut_off += len(acknowledged) < LINES_A_RUN
        before = now
    assert cut_off > STREAM_KILLS // 2, "too many runs were over before they were killed"
    assert before > 0
    desk.check()
    with desk.look() as workspace:
        operations = workspace.database.rows("SELECT n FROM op ORDER BY n")
    assert [row[0] for row in operations] == list(range(1, before + 1))


def test_a_killed_receive_takes_all_or_nothing(scene: Path, tmp_path: Path) -> None:
    village = Desk(tmp_path / "village", VILLAGES[0])
    shutil.copytree(scene / "village", village.folder)
    village.capture(
        learners=[
            {"ref": str(number), "name": f"李秀英{number}", "sex": "F"}
            for number in range(RECORDS_IN_FILE)
        ]
    )
    path = village.pack(TOWNSHIP, tmp_path / "stick")
    untouched = table_dump(scene / "township")
    wanted = village.hash(village.unit)
    seconds = _seconds_to_receive(scene, tmp_path / "timed", path)
    chance = random.Random(2)
    interrupted = 0
    for run in range(RECEIVE_KILLS):
        desk = Desk(tmp_path / f"township-{run}", TOWNSHIP)
        shutil.copytree(scene / "township", desk.folder)
        with started(desk.folder, "receive", path) as running:
            with suppress(subprocess.TimeoutExpired):
                running.wait(seconds * chance.uniform(0.3, 1.0))
                seconds *= 0.8  # it was over: the machine is faster now than it was
            running.kill()
        found = table_dump(desk.folder)
        if len(found["op"]) != RECORDS_IN_FILE:
            assert found == untouched
            interrupted += 1
        else:
            assert desk.hash(village.unit) == wanted
        again = desk.receive(path)
        fresh = found == untouched
        assert again.counts["operations_new"] == (RECORDS_IN_FILE if fresh else 0)
        assert desk.hash(village.unit) == wanted
        if run % 3 == 0:
            desk.check()
        shutil.rmtree(desk.folder)
    assert interrupted >= 3, "nearly all runs were over before they were killed"


def _seconds_to_receive(scene: Path, folder: Path, path: Path) -> float:
    shutil.copytree(scene / "township", folder)
    start = time.monotonic()
    with started(folder, "receive", path) as running:
        assert running.stdout is not None
        answer = json.loads(running.stdout.read())
        assert running.wait() == 0
    assert answer["bundles"][0]["operations_new"] == RECORDS_IN_FILE
    return time.monotonic() - start
