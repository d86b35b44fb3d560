"""Desks for the tests of services, founded once and copied for each test."""

import shutil
from pathlib import Path

import pytest

from tests.desks import VILLAGE, Desk, Line, found_village, twin_of


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village for itself, a line of desks, and one that has exchanged its certificates."""
    place = tmp_path_factory.mktemp("founded")
    found_village(place / "alone")
    Line(place / "line").found()
    shutil.copytree(place / "line", place / "enrolled")
    Line(place / "enrolled").enrol()
    shutil.rmtree(place / "enrolled" / "stick")
    return place


@pytest.fixture
def village(founded: Path, tmp_path: Path) -> Desk:
    """A village that works for itself."""
    return twin_of(Desk(founded / "alone", VILLAGE), tmp_path / "village-pc")


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    """County, township and two villages; nothing has travelled yet."""
    shutil.copytree(founded / "line", tmp_path / "line")
    return Line(tmp_path / "line")


@pytest.fixture
def enrolled(founded: Path, tmp_path: Path) -> Line:
    """County, township and two villages that hold each other's certificates."""
    shutil.copytree(founded / "enrolled", tmp_path / "enrolled")
    return Line(tmp_path / "enrolled")
