"""The drills of docs/drills.md, run line by line: a key or a computer goes, no accepted record."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.recovery_codes import from_code, to_code
from tests.desks import (
    COUNTY,
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    learner,
    small_class,
)

PAGE = Path(__file__).parents[2] / "docs" / "drills.md"
UNITS = {"village": VILLAGE, "township": TOWNSHIP, "county": COUNTY}
PHONE = "13800138000"


def blocks(number: int) -> list[list[tuple[str, list[str]]]]:
    """Return the command blocks of a drill: per line the computer and the words."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {number} ")[1].split("\n## ")[0]
    return [
        [(line.split()[0], line.split()[2:]) for line in block.strip().splitlines()]
        for block in re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    ]


class Drill:
    """The computers of a line and the stick; runs the lines of the page."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.place = line.place
        self.desks: dict[str, Desk] = {name: getattr(line, name) for name in UNITS}
        for name, unit in UNITS.items():
            self.desks[f"{name}-new"] = Desk(self.place / f"{name}-new", unit)
        self.code = ""
        self.file = Path()
        self.lost = ""

    def lose(self, name: str) -> str:
        """Break a computer for ever; its id as others list it is what `ID` means from now on."""
        desk = self.desks[name]
        self.lost = device_of(desk)
        shutil.rmtree(desk.folder)
        return self.lost

    def run(self, lines: list[tuple[str, list[str]]]) -> list[Any]:
        """Run a block; FILE is the file that the command before it has written."""
        answers = []
        for name, words in lines:
            answer = self.desks[name](*map(self._word, words))
            answers.append(answer)
            if "path" in answer or "files" in answer:
                self.file = Path(answer.get("path") or answer["files"][0]["path"])
            for bundle in answer.get("bundles", []):
                assert bundle["outcome"] in {"received", "held"}, bundle
        return answers

    def _word(self, word: str) -> str:
        named = {
            "VILLAGE": VILLAGE,
            "TOWNSHIP": TOWNSHIP,
            "COUNTY": COUNTY,
            "FILE": str(self.file),
            "ID": self.lost,
            "CODE": self.code,
        }
        return named.get(word, word.replace("STICK", str(self.place / "stick")))


def device_of(desk: Desk) -> str:
    inc = desk.value("SELECT value FROM setting WHERE key='incarnation'")
    return next(str(row["id"]) for row in desk("devices")["devices"] if row["inc"] == inc)


def states(desk: Desk, unit: str) -> dict[str, str]:
    return {row["id"]: row["state"] for row in desk("devices")["devices"] if row["unit"] == unit}


def people(desk: Desk, unit: str) -> set[tuple[str, str]]:
    """Return names and phones of a unit's learners, in full."""
    words = ("learner", "list", "--unit", unit, "--reveal", "--why", "演练")
    return {(row["name"], row["mobile"]) for row in desk(*words)["learners"]}


def without_phones(found: set[tuple[str, str]]) -> set[tuple[str, str | None]]:
    return {(name, None) for name, _mobile in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county at work: records in two villages, entered for, corrected, all handed up."""
    line = Line(tmp_path_factory.mktemp("drill"))
    line.found()
    phone = learner("l9", "电话有号", mobile=PHONE)
    line.village.capture(small_class())
    line.village.capture(document("phones", unit=VILLAGE, learners=[phone]))
    line.sister.capture(small_class(SISTER))
    line.enrol()
    line.township.capture(document("for", unit=VILLAGE, learners=[learner("t", "镇代录的")]))
    record = line.county("list", "learner", "--query", "周")["records"][0]["id"]
    line.county("return", record, "name", "--reason", "R05", "--text", "请核对")
    for _round in range(2):
        line.carry(line.county, line.township)
        for village in (line.village, line.sister):
            line.carry(line.township, village)
            line.carry(village, line.township)
        line.carry(line.township, line.county)
    return line.place


@pytest.fixture
def drill(made: Path, tmp_path: Path) -> Drill:
    shutil.copytree(made, tmp_path / "line")
    return Drill(Line(tmp_path / "line"))


def test_the_device_key_of_a_village(drill: Drill) -> None:
    village, township = drill.desks["village"], drill.desks["township"]
    village.capture(document("last", learners=[learner("x", "最后一个")]))
    outbox = village.pack(TOWNSHIP, drill.place / "stick")
    lost = device_of(village)
    drill.lost = lost
    before = village.state(VILLAGE), people(village, VILLAGE)
    (village.folder / "keys.json").unlink()
    assert village("list", "site", code=1)["error"]["code"] == "keys_missing"
    township.receive(outbox)  # a file of the dead computer, still on a stick
    drill.run(blocks(1)[0])
    new = drill.desks["village-new"]
    assert (new.state(VILLAGE), people(new, VILLAGE)) == before
    assert township.state(VILLAGE) == new.state(VILLAGE)
    assert states(township, VILLAGE)[lost] == "revoked"
    assert ("电话有号", PHONE) in people(new, VILLAGE)
    # Older files of the dead computer still come in up to where it is trusted.
    assert township.receive(outbox)[0]["outcome"] == "held"
    assert township("quarantine")["total"] == 0
    new.capture(document("new", learners=[learner("y", "新电脑")]))
    drill.line.carry(new, township)
    assert township.state(VILLAGE) == new.state(VILLAGE)


def test_the_recovery_key_of_a_village(drill: Drill) -> None:
    village = drill.desks["village"]
    path = village.folder / "keys.json"
    keys = json.loads(path.read_text(encoding="utf-8"))
    del keys["device"]["rec_secret"]
    path.write_text(json.dumps(keys), encoding="utf-8")
    village.capture(document("more", learners=[learner("x", "还能写")]))
    drill.run(blocks(2)[0])
    assert village.state() == drill.desks["township"].state(VILLAGE)
    assert all(village.receipted(TOWNSHIP))
    Desk(drill.place / "again", VILLAGE)("restore", drill.file)


def test_the_computer_of_a_township(drill: Drill) -> None:
    county, village = drill.desks["county"], drill.desks["village"]
    before = drill.desks["township"].state(TOWNSHIP), county.state(TOWNSHIP)
    assert before[0] == before[1]
    names = people(drill.desks["township"], VILLAGE)
    lost = drill.lose("township")
    drill.run(blocks(3)[0])
    new = drill.desks["township-new"]
    sister = drill.line.sister
    for giver, taker in ((new, sister), (sister, new)):
        drill.line.carry(giver, taker)
    assert new.state(TOWNSHIP) == county.state(TOWNSHIP) == before[0]
    assert new.state(VILLAGE) == village.state(VILLAGE)
    assert people(new, VILLAGE) == names, "phones come back from the village"
    for desk in (county, new, village):
        assert states(desk, TOWNSHIP)[lost] == "revoked"
        assert desk.is_sound()
    assert new("returns")["returns"], "what the county asked is still asked"
    village.capture(document("more", learners=[learner("x", "以后的")]))
    drill.line.carry(village, new)
    drill.line.carry(new, county)
    assert county.state(VILLAGE) == village.state(VILLAGE)


@pytest.mark.usefixtures("qapp")
def test_the_computer_of_the_county(drill: Drill) -> None:
    county, township = drill.desks["county"], drill.desks["township"]
    prepare, steps = blocks(4)
    drill.run(prepare)
    assert (drill.place / "stick" / "code.pdf").read_bytes().startswith(b"%PDF")
    drill.code = county("recovery-code", "--why", "抄写")["code"]
    before = county.state(TOWNSHIP)
    noted = [row["what"] for row in county("learner", "reveals")["reveals"]]
    assert [what["why"] for what in noted] == ["抄写", "年度打印"], "who looked is noted"
    names = people(county, TOWNSHIP)
    lost = drill.lose("county")
    drill.run(steps)
    new = drill.desks["county-new"]
    assert new.state(TOWNSHIP) == township.state(TOWNSHIP) == before
    assert people(new, TOWNSHIP) == names
    for desk in (new, township):
        assert states(desk, COUNTY)[lost] == "revoked"
        assert desk("quarantine")["total"] == 0
    assert states(new, TOWNSHIP) == states(township, TOWNSHIP)
    assert set(states(new, VILLAGE).values()) == {"enrolled"}
    # It goes on: a new township opens, documents are issued further, figures come in.
    assert new("opening", "410122102000", "--out", drill.place / "stick")["files"]
    village = drill.desks["village"]
    village.capture(document("more", learners=[learner("x", "以后的")]))
    drill.line.carry(village, township)
    drill.line.carry(township, new)
    drill.line.carry(new, township)
    assert new.state(TOWNSHIP) == township.state(TOWNSHIP)
    assert all(township.receipted(COUNTY))


def test_the_root_key(drill: Drill) -> None:
    county = drill.desks["county"]
    drill.code = county("recovery-code", "--why", "打印")["code"]
    path = county.folder / "keys.json"
    keys = json.loads(path.read_text(encoding="utf-8"))
    seed = keys.pop("root")["ed"]
    path.write_text(json.dumps(keys), encoding="utf-8")
    assert county.refuses("recovery-code", "--why", "打印") == "root_missing"
    assert county.refuses("opening", COUNTY, "--out", drill.place) == "unit_not_below"
    drill.run(blocks(5)[0])
    new = drill.desks["county-new"]
    assert new.state() == county.state()
    assert set(states(county, COUNTY).values()) == {"enrolled"}
    assert new("recovery-code", "--why", "核对")["code"] == drill.code
    assert seed
    assert to_code(from_code(drill.code)) == drill.code
    assert new("opening", COUNTY, "--out", drill.place / "stick")["files"]


def test_a_mistyped_code_founds_nothing(drill: Drill) -> None:
    code = drill.desks["county"]("recovery-code", "--why", "演练")["code"]
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    words = ("recover", "--unit", COUNTY, "--out", drill.place / "stick", "--code")
    new = drill.desks["county-new"]
    for typed in (wrong, code[:-1], "谁知道"):
        refused = new(*words, typed, code=1)["error"]
        assert refused["code"] == "recovery_code_wrong"
        assert not new.folder.exists()
    assert "1" in new(*words, wrong, code=1)["error"]["where"]
    answer = new(*words, "-", stdin=code.lower().replace("-", " ").encode())
    assert answer["tier"] == "county"
    assert new.refuses("opening", TOWNSHIP, "--out", drill.place / "x") == "regions_awaited"
    refused = drill.desks["county"]("recovery-code", code=1)["error"]
    assert refused["code"] == "reveal_reason_missing"
    assert drill.desks["village"].refuses("recovery-code", "--why", "看看") == "root_missing"


def test_an_introduction_of_another_root_is_refused(drill: Drill) -> None:
    other = Desk(drill.place / "other", COUNTY)
    other("init", "--tier", "county", "--unit", COUNTY)
    code = other("recovery-code", "--why", "演练")["code"]
    again = Desk(drill.place / "again", COUNTY)
    words = ("recover", "--unit", COUNTY, "--out", drill.place / "stick", "--code", code)
    path = Path(again(*words)["path"])
    township = drill.desks["township"]
    before = township.dump()
    refused = township("receive", path, code=1)["bundles"][0]
    assert refused["error"]["code"] == "introduction_foreign"
    path.write_bytes(path.read_bytes()[:-20] + b"}")
    refused = township("receive", path, code=1)["bundles"][0]
    assert refused["error"]["code"] == "introduction_unreadable"
    assert township.dump() == before


def test_a_backup_of_the_county_needs_no_code(drill: Drill) -> None:
    county, township = drill.desks["county"], drill.desks["township"]
    saved = county("backup", drill.place / "stick")["path"]
    township.capture(document("later", unit=VILLAGE, learners=[learner("z", "备份以后")]))
    drill.line.carry(township, county)
    drill.line.carry(county, township)
    drill.lose("county")
    new = drill.desks["county-new"]
    new("restore", saved)
    drill.line.carry(new, township)
    drill.line.carry(township, new)
    assert new.state(TOWNSHIP) == township.state(TOWNSHIP)
    assert new("recovery-code", "--why", "核对")["code"]
    assert without_phones(people(new, VILLAGE)) >= {("备份以后", None)}
