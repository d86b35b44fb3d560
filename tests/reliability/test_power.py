"""Saved means saved, power: what was acknowledged is there however the power goes.

The program writes through its own sqlite3 onto a disk that writes everything down; then thousands
of disks are made as a cut of the power may leave them, and the program opens each.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.store.engine import Database
from tests.reliability.conftest import Report
from tests.reliability.crash_images import images
from tests.reliability.faulty_disk import FaultyDisk
from tests.reliability.journal import Event
from tests.reliability.lives import LIVES, Life, broken_promises
from tests.reliability.scenes import Scene
from tests.reliability.sizes import size

SHORT = {"village": 60, "township": 20, "beginnings": 25}
LONG = {"village": 5500, "township": 2500, "beginnings": 2000}
DEEP_EVERY = 20


@dataclass(slots=True)
class Found:
    """What many cuts have shown."""

    images: int = 0
    lost: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)


def lived(disk: FaultyDisk, scene: Scene, name: str, rounds: int) -> tuple[Life, list[Event]]:
    """Let a computer live its morning; return it with everything that the disk was asked."""
    life = Life(disk, scene)
    LIVES[name](life, rounds)
    return life, disk.written_down()


def after_cuts(life: Life, events: list[Event], count: int, folder: Path, seed: int = 1) -> Found:
    """Cut the power so many times and look at each disk with the program itself."""
    found = Found()
    for turn, image in enumerate(images(events, count, seed)):
        found.images += 1
        if not image.mark:
            continue
        image.write(folder / "image")
        deep = turn % DEEP_EVERY == 0
        problems = broken_promises(life, int(image.mark), folder / "image", deep=deep)
        found.problems.update(problems)
        found.lost += bool(problems)
        if problems and len(found.first) < 10:
            found.first.append(f"before {image.place}: {problems}")
    return found


def _told(report: Report, name: str, events: list[Event], found: Found) -> None:
    barriers = sum(event.kind in {"fsync", "fsyncdir"} for event in events)
    report(
        f"saved means saved, power ({name})",
        images=found.images, lost=found.lost, barriers=barriers, changes=len(events),
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(LIVES))
def test_what_was_acknowledged_survives_the_power(
    disk: FaultyDisk, scene: Scene, quick_folder: Path, report: Report, name: str
) -> None:
    life, events = lived(disk, scene, name, rounds=1)
    found = after_cuts(life, events, SHORT[name], quick_folder)
    _told(report, name, events, found)
    assert found.lost == 0, found


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(LIVES))
def test_what_was_acknowledged_survives_the_power_long(
    disk: FaultyDisk, scene: Scene, quick_folder: Path, report: Report, name: str
) -> None:
    life, events = lived(disk, scene, name, rounds=3)
    found = after_cuts(life, events, size(LONG[name]), quick_folder, seed=2)
    _told(report, name, events, found)
    assert found.lost == 0, found


def test_with_fewer_barriers_the_same_suite_finds_losses(
    disk: FaultyDisk, scene: Scene, quick_folder: Path, report: Report,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    open_as_ever = Database.__init__

    def open_less_carefully(self: Database, *given: Any, **more: Any) -> None:
        open_as_ever(self, *given, **more)
        if not self.readonly:
            self.execute("PRAGMA synchronous=NORMAL")

    monkeypatch.setattr(Database, "__init__", open_less_carefully)
    life, events = lived(disk, scene, "village", rounds=1)
    monkeypatch.undo()
    found = after_cuts(life, events, SHORT["village"], quick_folder)
    report("seen at synchronous=NORMAL", images=found.images, lost=found.lost)
    assert found.problems["operations lost"] > 0
    assert found.problems["gesture lost"] > 0
    assert found.problems["damaged"] == 0, "NORMAL forgets, it does not damage"


def test_without_barriers_for_files_the_same_suite_finds_losses(
    disk: FaultyDisk, scene: Scene, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _handle: None)
    life, events = lived(disk, scene, "village", rounds=1)
    monkeypatch.undo()
    found = after_cuts(life, events, SHORT["village"], quick_folder)
    for kind in (".lsb", ".lsk", "media"):
        assert found.problems[f"file lost: {kind}"] > 0
    assert found.problems["operations lost"] == 0, "the engine has barriers of its own"
