"""Files written by every released version go on being read, with the same result."""

import json
from pathlib import Path

import pytest

from tests.golden.write_golden import CURRENT
from tests.support import CommandLine

FORMATS = sorted((Path(__file__).resolve().parent / "formats").glob("v*"))


def test_the_current_format_has_its_reference_files() -> None:
    assert CURRENT in FORMATS


@pytest.mark.parametrize("golden", FORMATS, ids=lambda folder: folder.name)
def test_a_bundle_is_received(golden: Path, cli: CommandLine, tmp_path: Path) -> None:
    answers = json.loads((golden / "answers.json").read_text(encoding="utf-8"))
    township = tmp_path / "township"
    cli(township, "restore", str(golden / "township.lsk"))
    received = cli(township, "receive", str(golden / "village-up.lsb"))["bundles"][0]
    assert received["outcome"] == "received"
    assert received["bundle_id"] == answers["bundle_id"]
    assert received["operations_new"] == answers["operations"]
    assert cli(township, "state", "--unit", answers["unit"])["hash"] == answers["hash"]
    figures = cli(township, "indicators", "--period", answers["period"], "--unit", answers["unit"])[
        "values"
    ]
    shown = {row["id"]: [row["numerator"], row["denominator"]] for row in figures}
    # Timeliness is known once the township has received; the village could not know it yet. What
    # was not counted when the file was written has no answer in it.
    asked = {name: parts for name, parts in answers["figures"].items() if name != "D01"}
    assert len(asked) > 10
    assert {name: shown[name] for name in asked} == asked


@pytest.mark.parametrize("golden", FORMATS, ids=lambda folder: folder.name)
def test_a_database_is_opened(golden: Path, cli: CommandLine, tmp_path: Path) -> None:
    answers = json.loads((golden / "answers.json").read_text(encoding="utf-8"))
    village = tmp_path / "village"
    cli(village, "restore", str(golden / "village.lsk"))
    assert cli(village, "state", "--unit", answers["unit"])["hash"] == answers["hash"]
    assert cli(village, "check", "--deep")["projection_equal"]
    written = cli(village, "edit", "session:s1", "notes=续写")
    assert written["operations"] == 1


@pytest.mark.parametrize("golden", FORMATS, ids=lambda folder: folder.name)
def test_an_opening_file_opens(golden: Path, cli: CommandLine, tmp_path: Path) -> None:
    answers = json.loads((golden / "answers.json").read_text(encoding="utf-8"))
    assert cli(tmp_path / "new", "open", str(golden / "village.lso"))["unit"] == answers["unit"]
