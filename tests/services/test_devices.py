"""Devices: by invite, by hand, one invite for one device, two computers of one unit."""

from pathlib import Path

import pytest

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


def device_of(desk: Desk, unit: str) -> list[dict[str, object]]:
    """Return a unit's devices as `desk` lists them."""
    return [row for row in desk("devices")["devices"] if row["unit"] == unit]


def test_an_invite_enrols_the_device_with_its_first_bundle(line: Line) -> None:
    line.village.capture(small_class())
    (mine,) = device_of(line.village, VILLAGE)
    assert mine["state"] == "requested"
    assert device_of(line.township, VILLAGE) == []
    row = line.carry(line.village, line.township)
    assert (row["outcome"], row["quarantined"]) == ("received", 0)
    (device,) = device_of(line.township, VILLAGE)
    assert set(device) == {"id", "unit", "inc", "fingerprint", "state", "scopes"}
    assert device["state"] == "enrolled"
    assert device["fingerprint"] == mine["fingerprint"]
    assert device["scopes"] == [["own", VILLAGE]]
    line.carry(line.township, line.village)
    assert device_of(line.village, VILLAGE)[0]["state"] == "requested"
    line.carry(line.township, line.county)
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    assert device_of(line.village, VILLAGE)[0]["state"] == "enrolled"


def test_a_preview_enrols_nobody(line: Line) -> None:
    path = line.village.pack(TOWNSHIP, line.stick)
    before = line.township.dump()
    answer = line.township("receive", "--dry-run", path)
    assert answer["bundles"][0]["outcome"] == "received"
    assert answer["bundles"][0]["batch"] is None
    assert line.township.dump() == before


def test_scopes_of_a_tier(enrolled: Line) -> None:
    assert device_of(enrolled.township, TOWNSHIP)[0]["scopes"] == [
        ["below", TOWNSHIP], ["own", TOWNSHIP],
    ]  # fmt: skip
    assert device_of(enrolled.county, COUNTY)[0]["state"] == "enrolled"


@pytest.fixture
def second(line: Line) -> Desk:
    """A second computer that used the first one's opening file."""
    file = line.township("opening", VILLAGE, "--out", line.stick / "once")["files"][0]["path"]
    for number in (1, 2):
        Desk(line.place / f"pc{number}", VILLAGE)("open", file)
    first = Desk(line.place / "pc1", VILLAGE)
    first.capture(small_class())
    assert line.carry(first, line.township)["outcome"] == "received"
    return Desk(line.place / "pc2", VILLAGE)


def test_one_invite_works_for_one_device_only(line: Line, second: Desk) -> None:
    second.capture(document("second", learners=[learner("x1", "钱多多")]))
    path = second.pack(TOWNSHIP, line.stick / "second")
    before = line.township.dump()
    (row,) = line.township.receive(path)
    assert row["outcome"] == "unenrolled"
    assert {row[name] for name in ("new", "operations_new", "quarantined")} == {0}
    assert row["batch"] is None
    assert line.township.dump() == before
    assert [p.read_bytes() for p in (line.township.folder / "inbox").iterdir()] == [
        path.read_bytes()
    ]


def test_certifying_by_hand_after_an_invalid_invite(line: Line, second: Desk) -> None:
    second.capture(document("second", learners=[learner("x1", "钱多多")]))
    path = second.pack(TOWNSHIP, line.stick / "second")
    line.township.receive(path)
    (waiting,) = [row for row in device_of(line.township, VILLAGE) if row["state"] == "requested"]
    mine = [row for row in device_of(second, VILLAGE) if row["state"] == "requested"]
    assert waiting["fingerprint"] in {row["fingerprint"] for row in mine}
    assert line.township.refuses("certify", "nobody") == "device_unknown"
    answer = line.township("certify", str(waiting["fingerprint"]))
    assert answer["device"]["state"] == "enrolled"
    before = line.township.dump()
    line.township("certify", str(waiting["id"]))
    assert line.township.dump() == before
    (row,) = line.township.receive(path)
    assert (row["outcome"], row["new"], row["quarantined"]) == ("received", 1, 0)
    assert line.township("list", "learner")["total"] == 4
    assert {row["state"] for row in device_of(line.township, VILLAGE)} == {"enrolled"}


def test_a_village_cannot_certify(enrolled: Line) -> None:
    (sister,) = device_of(enrolled.township, SISTER)
    assert enrolled.village.refuses("certify", str(sister["id"])) == "device_unknown"
    (own,) = device_of(enrolled.township, TOWNSHIP)
    answer = enrolled.village("certify", str(own["id"]))
    assert answer["device"]["state"] == "enrolled"


def test_no_computer_certifies_itself(line: Line) -> None:
    for desk, unit in ((line.township, TOWNSHIP), (line.village, VILLAGE)):
        (mine,) = device_of(desk, unit)
        assert mine["state"] == "requested"
        assert desk.refuses("certify", str(mine["id"])) == "certify_out_of_reach"


def test_two_computers_of_a_village_converge_by_peer_bundles(enrolled: Line) -> None:
    """Both have an opening file of their own and have had the township's certificates once."""
    first, township = enrolled.village, enrolled.township
    file = township("opening", VILLAGE, "--out", enrolled.stick / "o")["files"][0]["path"]
    other = Desk(enrolled.place / "other", VILLAGE)
    other("open", file)
    first.capture(small_class())
    other.capture(document("other", learners=[learner("x1", "钱多多", mobile="14400000133")]))
    assert (
        first("pack", "--to", VILLAGE, "--out", enrolled.stick / "p", code=1)["error"]["code"]
        == "receiver_unknown"
    )
    enrolled.carry(first, township)
    enrolled.carry(other, township)
    enrolled.carry(township, first)
    row = enrolled.carry(first, other)
    assert (row["outcome"], row["kind"]) == ("received", "peer")
    row = enrolled.carry(other, first)
    assert row["outcome"] in ("received", "held")
    assert row["operations_new"] == 0
    assert first.state() == other.state()
    other.capture(document("other", learners=[learner("x2", "孙小明")]))
    first("edit", "session:s1", "notes=换教室")
    enrolled.carry(other, first)
    enrolled.carry(first, other)
    assert first.state() == other.state() != township.state(VILLAGE)
    names = {row["name"] for row in first("list", "learner")["records"]}
    assert names == {row["name"] for row in other("list", "learner")["records"]}
    assert {"钱多多", "孙小明", "周桂兰"} <= names
    record = next(r["id"] for r in first("list", "learner")["records"] if r["name"] == "钱多多")
    assert first("show", record)["record"]["mobile"] == "14400000133"
    enrolled.carry(first, township)
    assert township.state(VILLAGE) == first.state()
    for desk in (first, other, township):
        assert desk("forks")["items"] == []
        assert desk.is_sound()


def test_both_computers_of_a_village_enter_the_same_file(enrolled: Line) -> None:
    first, township = enrolled.village, enrolled.township
    file = township("opening", VILLAGE, "--out", enrolled.stick / "o")["files"][0]["path"]
    other = Desk(enrolled.place / "other", VILLAGE)
    other("open", file)
    content = small_class()
    assert first.capture(content)["ids"] == other.capture(content)["ids"]
    enrolled.carry(first, township)
    row = enrolled.carry(other, township)
    assert row["new"] == 0
    assert township("list", "session")["total"] == 1
    fields = {item["field"] for item in township("conflicts")["conflicts"]}
    assert fields == {"name", "birth"}
    assert Path(file).exists()
