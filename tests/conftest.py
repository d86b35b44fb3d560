"""Fixtures for all tests."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from learnsite_desktop.platform import i18n
from tests.reliability.reporting import pytest_terminal_summary  # noqa: F401 - a hook of pytest
from tests.support import CommandLine, Folders

_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "ci", max_examples=100, deadline=None, suppress_health_check=_SLOW, derandomize=True
)
settings.register_profile("soak", max_examples=2000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep each test away from the user's workspace and from another test's language."""
    monkeypatch.setenv("LEARNSITE_DATA", str(tmp_path / "default-workspace"))
    former = i18n.use(i18n.DEFAULT_LANGUAGE)
    yield
    i18n.use(former)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Places for a village, a township and a county, and an empty USB stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return Folders(
        village=tmp_path / "village-pc" / "workspace",
        township=tmp_path / "township-pc" / "workspace",
        county=tmp_path / "county-pc" / "workspace",
        stick=stick,
    )


@pytest.fixture
def cli() -> CommandLine:
    """Runs the command line in process."""
    return CommandLine()
