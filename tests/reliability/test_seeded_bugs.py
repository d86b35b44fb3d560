"""The suites can fail: mistakes are planted in a copy of the source, and each must be noticed."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tests.reliability.conftest import Report
from tests.reliability.mutants import MUTANTS, Mutant

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = "src/learnsite_desktop"
FAILED: Final = 1
"""What the test runner ends with when tests failed; anything else says that they did not run."""
SHORT: Final = ("ready rule dropped", "scope not checked", "commitment not compared")
KNOWN_PART: Final = """

def known_part(line: bytes) -> bytes:
    import json

    from learnsite_desktop.domain.ids import canonical

    known = {"v", "inc", "un", "n", "prev", "k", "r", "par", "f", "pf", "why", "at", "u", "sv"}
    return canonical({key: value for key, value in json.loads(line).items() if key in known})
"""


def place_of(root: Path, mutant: Mutant) -> Path:
    """Return the file that a mutant changes."""
    top = root if mutant.file.startswith("resources/") else root / PACKAGE
    return top / mutant.file


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source to plant mistakes in."""
    root = tmp_path_factory.mktemp("source")
    skipped = shutil.ignore_patterns("__pycache__")
    for name in ("src", "resources"):
        shutil.copytree(ROOT / name, root / name, ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", root)  # by which resources are looked for beside it
    return root


def hunted(copy: Path, hunters: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    """Run tests of this checkout against the source of the copy."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
         f"--basetemp={copy / 'tmp'}", "-m", "not soak", *hunters],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(copy / "src"),
             "PYTHONPYCACHEPREFIX": str(copy / "cache")},
        capture_output=True,
        check=False,
    )  # fmt: skip


def is_noticed(copy: Path, mutant: Mutant) -> bool:
    """Plant a mistake, let its hunters run, take it out again."""
    path = place_of(copy, mutant)
    sound = path.read_text(encoding="utf-8")
    changed = sound.replace(mutant.old, mutant.new)
    if "known_part(" in mutant.new:
        changed += KNOWN_PART
    path.write_text(changed, encoding="utf-8")
    try:
        done = hunted(copy, mutant.hunters)
    finally:
        path.write_text(sound, encoding="utf-8")
        later = time.time() + 2 * len(mutant.old)  # no compiled mistake may be taken for it
        os.utime(path, (later, later))
    said = done.stdout.decode("utf-8")[-1500:]
    assert done.returncode in (0, FAILED), f"the tests did not run: {said}"
    assert "ImportError" not in said, said
    assert "SyntaxError" not in said, said
    return done.returncode == FAILED


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mistake_still_fits_the_source(mutant: Mutant) -> None:
    assert place_of(ROOT, mutant).read_text(encoding="utf-8").count(mutant.old) == 1
    for hunter in mutant.hunters:
        assert (ROOT / hunter.partition("::")[0]).is_file()


def test_there_are_twenty() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == 20


@pytest.mark.parametrize("name", SHORT)
def test_a_planted_mistake_is_noticed(copy: Path, name: str) -> None:
    (mutant,) = (item for item in MUTANTS if item.name == name)
    mutant = replace(mutant, hunters=mutant.hunters[:1])
    sound = hunted(copy, mutant.hunters)
    assert sound.returncode == 0, sound.stdout.decode("utf-8")[-3000:]
    assert is_noticed(copy, mutant), f"nobody noticed: {name}"


@pytest.mark.soak
def test_every_planted_mistake_is_noticed(copy: Path, report: Report) -> None:
    """And the same tests pass where nothing was planted: else they notice everything."""
    hunters = tuple(dict.fromkeys(hunter for mutant in MUTANTS for hunter in mutant.hunters))
    sound = hunted(copy, hunters)
    assert sound.returncode == 0, sound.stdout.decode("utf-8")[-3000:]
    missed = [mutant.name for mutant in MUTANTS if not is_noticed(copy, mutant)]
    report("seeded bugs", planted=len(MUTANTS), noticed=len(MUTANTS) - len(missed), missed=missed)
    assert not missed
