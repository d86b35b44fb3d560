"""A township that holds a village's class, copied for every test, and a book given out there."""

import shutil
from pathlib import Path

import pytest

from tests.desks import VILLAGE, Line, small_class
from tests.services.register_book.filling import Filled


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desks of a line as they begin."""
    place = tmp_path_factory.mktemp("register")
    line = Line(place)
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    return place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    """A copy of those desks."""
    place = tmp_path / "line"
    shutil.copytree(founded, place)
    return Line(place)


@pytest.fixture
def book(line: Line, tmp_path: Path) -> Filled:
    """The village's register as the township gives it out."""
    path = tmp_path / "book.xlsx"
    line.township("register", "issue", VILLAGE, "--out", path, "--period", "2026")
    return Filled(path)
