"""Desks for the tests of services."""

from pathlib import Path

import pytest

from tests.desks import Desk, Line, found_village
from tests.support import Folders


@pytest.fixture
def village(tmp_path: Path) -> Desk:
    """A village that works for itself."""
    return found_village(tmp_path / "village")


@pytest.fixture
def line(tmp_path: Path, folders: Folders) -> Line:
    """County, township and two villages; nothing has travelled yet."""
    return Line(folders, tmp_path / "sister-pc" / "workspace")
