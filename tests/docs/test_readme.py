"""The README's first screen is true: its output, its commands, its places."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from learnsite_desktop.cli.commands import COMMANDS
from learnsite_desktop.cli.main import run
from learnsite_desktop.cli.text import render_answer
from learnsite_desktop.platform.paths import FOLDER_VARIABLE, default_folder
from tests.arch.source import ROOT
from tests.docs.pages import GAP, blocks, left_out, page

README = page("README.md")
PROGRAM = "learnsite"


def console(first: str) -> list[str]:
    """Return the lines below the first one of an output block."""
    (found,) = (lines[1:] for lines in blocks(README, "console") if lines[0] == first)
    return found


def makefile_value(pattern: str) -> str:
    """Return what the only match of `pattern` in the Makefile says."""
    (found,) = re.findall(pattern, page("Makefile"), re.MULTILINE)
    return str(found)


def words_of(line: str) -> list[str]:
    """Return the words of a shell line, file patterns filled in, comments left out."""
    found: list[str] = []
    for word in shlex.split(line, comments=True):
        matches = sorted(map(str, Path().glob(word))) if "*" in word else [word]
        assert matches, word
        found += matches
    return found


def test_the_demo_says_what_is_shown(tmp_path: Path) -> None:
    recipe = makefile_value(r"^\t\$\(BIN\)/learnsite (demo .*)$")
    folder = (tmp_path / "demo-out").as_posix()
    values = {"DIR": folder, "SCALE": makefile_value(r"^SCALE \?= (\w+)$")}
    for name, value in values.items():
        recipe = recipe.replace(f"$({name})", value)
    code, answer = run(shlex.split(recipe))
    assert code == 0, answer
    shown = console("$ make demo")
    assert len(shown) > 15
    assert left_out(shown, render_answer(answer).splitlines()) == ""


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_the_checks_are_those_of_the_makefile() -> None:
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    told = subprocess.run(
        ["make", "--dry-run", "test"],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    real = [line for line in told.stdout.splitlines() if line.startswith(".venv/bin/")]
    shown = [line for line in console("$ make test") if line.startswith(".venv/bin/")]
    stages = makefile_value(r"^check: (.*?) ##").split()
    assert makefile_value(r"^test: (.*?) ##").split() == ["check", "tests"]
    assert len(shown) == len(real) == len(stages) + 1
    assert left_out(shown, real) == ""


def test_the_results_of_the_checks_are_theirs() -> None:
    contracts = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    shown = console("$ make test")
    assert f"Contracts: {len(contracts)} kept, 0 broken." in shown
    assert '"catalogue: complete"' in page("scripts/locales.py")
    assert "catalogue: complete" in shown


def test_the_loop_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (lines,) = (b for b in blocks(README, "sh") if any(" opening " in line for line in b))
    assert lines[:2] == [
        ". .venv/bin/activate",
        "mkdir -p build/try && cp tests/golden/sample_capture.json build/try/ && cd build/try",
    ]
    shutil.copy(ROOT / "tests" / "golden" / "sample_capture.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    answers = {}
    for line in lines[2:]:
        program, *words = words_of(line)
        assert program == PROGRAM
        code, answer = run(words)
        assert code == 0, (line, answer)
        answers[next(word for word in words if word in COMMANDS)] = answer
    (table,) = (b for b in blocks(README, "console") if not b[0].startswith("$"))
    assert render_answer(answers["indicators"]).splitlines() == table
    assert [item["receipted"] for item in answers["outbox"]["items"]] == [True]

    (backing,) = (b for b in blocks(README, "sh") if "learnsite backup DIR" in b[0])
    for line, place in zip(backing, ("village", "village-again"), strict=True):
        filled = line.replace("DIR", "backups").replace("FILE", "backups/*.lsk")
        code, answer = run(["--data", place, *words_of(filled)[1:]])
        assert code == 0, (line, answer)
    assert answer["operations"] == answers["capture"]["operations"] + 1


def test_the_folders_are_those_of_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    home = Path("~").expanduser()
    for system in (Unix("learnsite", appauthor=False), MacOS("learnsite", appauthor=False)):
        place = system.user_data_path.relative_to(home).as_posix()
        assert f"`~/{place}`" in README
    assert FOLDER_VARIABLE in README
    assert default_folder({FOLDER_VARIABLE: "elsewhere"}) == Path("elsewhere")


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (["a", GAP, "c"], ""),
        (["a", "b"], ""),
        ([GAP, "a", "c"], "a\nc"),
        (["b", GAP, "a"], "a"),
        (["x 1…9 y"], ""),
        (["x 1…8 y"], "x 1…8 y"),
    ],
)
def test_what_is_left_out_is_marked(shown: list[str], missing: str) -> None:
    assert left_out(shown, ["a", "b", "c", "x 1 2 9 y"]) == missing
