"""Revoking: a computer's work stands up to stated heads, everywhere, whatever came first."""

import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.oplog import certificates
from learnsite_desktop.services.writing import Writer
from tests.desks import (
    COUNTY,
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    changed,
    document,
    learner,
    opened,
    small_class,
    twin_of,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line whose village has a class, everything exchanged."""
    place = tmp_path_factory.mktemp("line")
    line = Line(place)
    line.found()
    line.village.capture(small_class())
    line.enrol()
    return place


@pytest.fixture
def line(made: Path, tmp_path: Path) -> Line:
    shutil.copytree(made, tmp_path / "line")
    return Line(tmp_path / "line")


def device_of(desk: Desk, unit: str) -> str:
    """Return the id of a unit's only device."""
    (found,) = {row["id"] for row in desk("devices")["devices"] if row["unit"] == unit}
    return str(found)


def state_of(desk: Desk, unit: str) -> set[str]:
    return {row["state"] for row in desk("devices")["devices"] if row["unit"] == unit}


def name_of(desk: Desk, record: str) -> Any:
    return desk("show", record)["record"].get("name")


def learner_id(desk: Desk) -> str:
    """Return the id of 周桂兰."""
    rows = desk("list", "learner", "--query", "周")["records"]
    return str(rows[0]["id"])


def head_of(desk: Desk, unit: str) -> str:
    """Return the last operation of a unit's chain of its own as `--at` takes it."""
    with desk.open(write=False) as workspace:
        n, name = workspace.database.row(
            "SELECT o.n, o.hash FROM op o JOIN chain c ON c.id=o.chain JOIN unit u ON u.id=c.unit "
            "WHERE u.code=? ORDER BY o.n DESC LIMIT 1",
            (unit,),
        )  # type: ignore[misc]
    return f"{unit}:{n}:{b64(name)}"


def test_what_was_written_before_stands_and_what_comes_after_is_held_apart(line: Line) -> None:
    village, township = line.village, line.township
    found = township("revoke", device_of(township, VILLAGE), "--why", "电脑被盗")
    assert found["device"]["state"] == "revoked"
    assert found["held_apart"] == 0
    assert found["heads"] == [head_of(township, VILLAGE)]
    before = township.state(VILLAGE)
    record = learner_id(village)
    village("edit", record, "name=周桂花")
    row = line.carry(village, township)
    assert (row["outcome"], row["operations_new"], row["quarantined"]) == ("received", 1, 1)
    assert name_of(township, record) == "周桂兰"
    (item,) = township("quarantine")["items"]
    assert (item["code"], item["record"], item["by"]) == ("revoked", record, VILLAGE)
    assert item["set"]["name"] == "周桂花", "whoever enters it again can read it"
    assert township.state(VILLAGE) != before, "the held operation is part of the state"
    assert township.is_sound()


def test_the_revocation_takes_effect_on_what_was_accepted_already(line: Line) -> None:
    township, village = line.township, line.village
    early = head_of(township, VILLAGE)
    record = learner_id(village)
    village("edit", record, "name=周桂花")
    line.carry(village, township)
    assert name_of(township, record) == "周桂花"
    found = township("revoke", device_of(township, VILLAGE), "--at", early)
    assert found["held_apart"] == 1
    assert name_of(township, record) == "周桂兰"
    assert [row["code"] for row in township("quarantine")["items"]] == ["revoked"]
    assert township.is_sound()
    nothing = township("revoke", device_of(township, VILLAGE), "--at", "nothing")
    assert nothing["held_apart"] > 5
    assert township("list", "learner")["total"] == 0
    assert township.is_sound()


def test_it_travels_up_down_and_to_peers(line: Line) -> None:
    county, township, village = line.county, line.township, line.village
    second = opened(township, VILLAGE, line.place / "second")
    for _round in range(2):
        line.carry(second, township)
        line.carry(township, second)
    early = head_of(township, VILLAGE)
    first = device_of(village, VILLAGE)
    record = learner_id(village)
    village("edit", record, "name=周桂花")
    line.carry(village, township)
    line.carry(township, county)
    line.carry(township, second)
    assert name_of(county, record) == name_of(second, record) == "周桂花"
    told = township("revoke", first, "--at", early, "--out", line.stick)["path"]
    line.carry(township, county)
    line.carry(township, second)
    assert second.refuses("pack", "--to", VILLAGE, "--out", line.stick) == "receiver_unknown"
    village.receive(Path(told))
    for desk in (township, county, second, village):
        assert name_of(desk, record) == "周桂兰"
        assert [row["code"] for row in desk("quarantine")["items"]] == ["revoked"]
        assert desk.is_sound()
    assert len({desk.state(VILLAGE) for desk in (township, county, second, village)}) == 1
    assert "revoked" in state_of(village, VILLAGE)


def test_a_revoked_computer_is_told_and_still_hands_over_what_it_has(line: Line) -> None:
    village, township = line.village, line.township
    record = learner_id(village)
    # Nothing is sealed for a revoked computer any more: it learns of it by a file in the open.
    file = township("revoke", device_of(township, VILLAGE), "--out", line.stick)["path"]
    assert township.refuses("pack", "--to", VILLAGE, "--out", line.stick) == "receiver_unknown"
    village("edit", record, "name=周桂花")
    assert village("state")["revoked"] is None
    assert village("receive", "--dry-run", file)["bundles"][0]["outcome"] == "received"
    assert village("state")["revoked"] is None
    answer = village("receive", file)
    assert [note["code"] for note in answer["told"]] == ["device_revoked"]
    assert village("state")["revoked"].startswith("2026-04-02")
    assert name_of(village, record) == "周桂兰", "it sees what the others see"
    assert village.refuses("edit", record, "name=周小兰") == "device_revoked"
    assert village.capture(small_class(), code=1)["error"]["code"] == "device_revoked"
    again = village("receive", file)
    assert (again["bundles"][0]["outcome"], "told" in again) == ("held", False)
    row = line.carry(village, township)
    assert (row["outcome"], row["quarantined"]) == ("received", 1)
    assert village.is_sound()
    assert township.is_sound()
    assert village.state() == township.state(VILLAGE)


def test_any_order_of_revocation_and_operations_gives_one_state(line: Line, tmp_path: Path) -> None:
    village, township = line.village, line.township
    early = head_of(township, VILLAGE)
    record = learner_id(village)
    # The village has to know of the township's second computer, which takes the files in.
    second = opened(line.county, TOWNSHIP, line.place / "second")
    line.carry(second, line.county)
    line.carry(line.county, township)
    line.carry(township, second)
    line.carry(township, village)
    files = []
    village("edit", record, "name=周桂花")
    files.append(village.pack(TOWNSHIP, line.stick / "1"))
    village("edit", record, "sex=M")
    files.append(village.pack(TOWNSHIP, line.stick / "2"))
    revoking = twin_of(township, tmp_path / "revoking")
    revoking("revoke", device_of(revoking, VILLAGE), "--at", early)
    files.append(revoking.pack(TOWNSHIP, line.stick / "3"))
    states = set()
    for number, order in enumerate(itertools.permutations(files)):
        desk = twin_of(second, tmp_path / f"order-{number}")
        for file in order:
            desk.receive(file)
        states.add(desk.state())
        assert name_of(desk, record) == "周桂兰"
        assert desk.is_sound()
    assert len(states) == 1


def test_refused_politely(line: Line) -> None:
    village, township, county = line.village, line.township, line.county
    own = device_of(township, TOWNSHIP)
    theirs = device_of(township, VILLAGE)
    foreign = head_of(line.township, VILLAGE)
    assert township.refuses("revoke", own) == "revoke_own"
    assert township.refuses("revoke", "AAAA-BBBB-CCCC") == "device_unknown"
    assert township.refuses("revoke", device_of(township, COUNTY)) == "revoke_out_of_reach"
    assert village.refuses("revoke", device_of(village, TOWNSHIP)) == "revoke_out_of_reach"
    assert township.refuses("revoke", theirs, "--at", "x") == "heads_unreadable"
    assert township.refuses("revoke", theirs, "--at", "1:2:??") == "heads_unreadable"
    unheld = ":".join([*foreign.split(":")[:2], "A" * 43])
    assert township.refuses("revoke", theirs, "--at", unheld) == "head_unknown"
    sisters = device_of(township, SISTER)
    assert township.refuses("revoke", sisters, "--at", foreign) == "head_unknown"
    stranger = opened(township, SISTER, line.place / "stranger")
    shutil.rmtree(line.place / "elsewhere", ignore_errors=True)
    del stranger
    assert county("revoke", device_of(county, VILLAGE))["device"]["state"] == "revoked"
    again = county("revoke", device_of(county, VILLAGE))
    assert (again["new"], again["held_apart"]) == (False, 0)
    assert county.refuses("certify", device_of(county, VILLAGE)) == "device_revoked_already"


def test_computers_certified_by_a_revoked_one_stay_certified(line: Line) -> None:
    county, township, village = line.county, line.township, line.village
    found = county("revoke", device_of(county, TOWNSHIP))
    assert found["held_apart"] == 0
    assert state_of(county, VILLAGE) == {"enrolled"}
    assert county("list", "learner")["total"] == 3
    assert county.is_sound()
    # Whom it certifies from now on is nobody to the others.
    late = opened(township, VILLAGE, line.place / "late")
    late.capture(document("late", learners=[learner("x", "新来的")]))
    line.carry(late, township)
    row = line.carry(township, county)
    assert row["outcome"] == "received"
    codes = {item["code"] for item in county("quarantine")["items"]}
    assert codes == {"not_enrolled"}
    assert village("state")["revoked"] is None


def test_a_branch_that_is_not_named_falls(line: Line, tmp_path: Path) -> None:
    """Of a copied computer one branch is trusted: the numbers of both are the same."""
    village, township = line.village, line.township
    clone = twin_of(village, tmp_path / "clone")
    record = learner_id(village)
    clone("edit", record, "sex=M")
    village("edit", record, "name=周桂花")
    village("edit", record, "residence=migrant")
    good = head_of(village, VILLAGE)
    line.carry(village, township)
    line.carry(clone, township)
    assert township("state")["forks"] == 1
    found = township("revoke", device_of(township, VILLAGE), "--at", good, "--out", line.stick)
    assert found["held_apart"] == 1
    shown = township("show", record)["record"]
    assert (shown["name"], shown["sex"]) == ("周桂花", "F")
    assert township.is_sound()
    # Who learns of the revocation before or with the branches comes to the same.
    for number, revoked_first in enumerate((True, False)):
        fresh = twin_of(line.county, tmp_path / f"county-{number}")
        if revoked_first:
            fresh.receive(Path(found["path"]))
        fresh.receive(township.pack(COUNTY, line.stick / f"relay-{number}"))
        assert fresh.state(VILLAGE) == township.state(VILLAGE)


def test_more_branches_than_a_revocation_may_name_hinder_no_revocation(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forks a chain that often is no honest computer: its longest branches stand."""
    village, township = line.village, line.township
    clones = [twin_of(village, tmp_path / f"clone-{number}") for number in range(3)]
    record = learner_id(village)
    for number, clone in enumerate(clones):
        for turn in range(number + 1):
            clone("edit", record, f"name=周桂花{number}{turn}")
        line.carry(clone, township)
    monkeypatch.setattr(certificates, "MAX_HEADS", 2)
    found = township("revoke", device_of(township, VILLAGE))
    heads = [int(head.split(":")[1]) for head in found["heads"]]
    assert len(heads) == 2
    assert found["held_apart"] == 1, "of the shortest branch one operation stands alone"
    assert state_of(township, VILLAGE) == {"revoked"}
    assert township.is_sound()


def test_writing_under_a_foreign_unit_code_is_held_apart_until_granted(line: Line) -> None:
    village, township, county = line.village, line.township, line.county
    with village.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="")
        record = b64(workspace.tokens(16))
        writer.save(
            kind="site",
            record=record,
            unit=SISTER,
            writes={"name": "姐妹村教学点", "kinds": ["v_point"], "opened": "2020-01-01"},
        )
        writer.finish()
    line.carry(village, township)
    assert [row["code"] for row in township("quarantine")["items"]] == ["out_of_scope"]
    assert township("list", "site", "--unit", SISTER)["total"] == 0
    granted = township("certify", device_of(township, VILLAGE), "--for", SISTER,
                       "--since", "2026-04-03")  # fmt: skip
    assert ["for", SISTER, "2026-04-03"] in granted["device"]["scopes"]
    assert township("quarantine")["total"] == 1, "it was written before the day"
    township("certify", device_of(township, VILLAGE), "--for", SISTER, "--since", "2026-04-01")
    assert township("quarantine")["total"] == 0, "free at once where it is granted"
    assert township("list", "site", "--unit", SISTER)["total"] == 1
    line.carry(township, county)
    line.carry(township, line.sister)
    for desk in (county, line.sister):
        (shown,) = desk.history(record)
        assert shown["unit"] == VILLAGE, "it is shown who entered it"
        assert desk.state(SISTER) == township.state(SISTER)
        assert desk.is_sound()


def test_what_was_taken_back_comes_again_under_the_certificates_of_that_day(line: Line) -> None:
    village, township = line.village, line.township
    with village.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="")
        writes = {"name": "姐妹村教学点", "kinds": ["v_point"], "opened": "2020-01-01"}
        site = b64(workspace.tokens(16))
        writer.save(kind="site", record=site, unit=SISTER, writes=writes)
        writer.finish()
    line.carry(village, township)
    assert township("quarantine")["total"] == 1
    batch = str(township("batches")["batches"][-1]["batch"])
    township("rollback", batch)
    township("certify", device_of(township, VILLAGE), "--for", SISTER, "--since", "2026-04-01")
    township("reapply", batch)
    assert township("quarantine")["total"] == 0
    assert township("list", "site", "--unit", SISTER)["total"] == 1
    assert township.is_sound()


def test_entering_for_another_village(line: Line) -> None:
    village, township = line.village, line.township
    entries = document("for", unit=SISTER, learners=[learner("x", "代录的人")])
    assert village.capture(entries, code=1)["error"]["code"] == "unit_not_below"
    township("certify", device_of(township, VILLAGE), "--for", SISTER, "--since", "2026-04-01")
    line.carry(township, village)
    record = village.capture(entries)["ids"]["learner"]["x"]
    line.carry(village, township)
    (row,) = township.history(record)
    assert (row["unit"], row["why"], row["state"]) == (VILLAGE, "代录", "ready")
    line.carry(township, line.sister)
    assert name_of(line.sister, record) == "代录的人"
    line.carry(township, village)
    assert all(village.receipted(TOWNSHIP)), "acknowledged like its own"
    # The sister goes on with it, and the township has both.
    line.sister("edit", record, "name=改名的人")
    line.carry(line.sister, township)
    assert name_of(township, record) == "改名的人"
    assert township.state(SISTER) == line.sister.state(SISTER)


def test_a_computer_that_claims_another_tier_is_nobody(line: Line) -> None:
    """The tier and the unit stand in its own certificate; the region tree and the issuer decide."""
    village, township = line.village, line.township
    with village.open() as workspace, workspace.database.transaction():
        workspace.tier = "township"
        workspace.renew_incarnation()
    village.capture(changed(small_class(), "learners", 0, name="周桂花"))
    row = line.carry(village, township)
    assert row["outcome"] == "received"
    assert {item["code"] for item in township("quarantine")["items"]} == {"not_enrolled"}
