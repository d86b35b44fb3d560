"""What the reliability suites share: the scene, a disk that fails, and the report of a long run."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.faulty_disk import FaultyDisk, unavailable
from tests.reliability.program import Launcher
from tests.reliability.reporting import FIGURES
from tests.reliability.scenes import Scene, make_scene

Report = Callable[..., None]


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Three computers, founded once."""
    return make_scene(tmp_path_factory.mktemp("reliability"))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FaultyDisk]:
    """A disk that fails when it is told to."""
    reason = unavailable()
    if reason:
        pytest.skip(reason)
    with FaultyDisk(tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """The program, ready to be started many times."""
    if not hasattr(os, "fork"):
        pytest.skip("processes cannot fork here")
    with Launcher() as found:
        yield found


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: thousands of images are written there."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Report:
    """Takes the figures of one suite: `report("promise", kills=1000, lost=0)`."""

    def note(promise: str, **figures: object) -> None:
        record_property(FIGURES, json.dumps({"promise": promise, **figures}))

    return note
