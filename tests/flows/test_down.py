"""Down documents between separate folders: versions, replays, revoked issuers, moved units."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64
from tests.desks import (
    COUNTY,
    SISTER,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    document,
    opened,
    small_class,
)

SOUTH = "410122102000"
STREET = "410122009000"
NEW = "410122101990"
FAR = "410122102200"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county, a township and two villages that know each other, to be copied by each test."""
    line = Line(tmp_path_factory.mktemp("down"))
    line.found()
    line.enrol()
    return line.place


@pytest.fixture
def line(founded: Path, tmp_path: Path) -> Line:
    place = tmp_path / "line"
    shutil.copytree(founded, place)
    return Line(place)


def table(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    """Write a JSON table to publish."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def notices(folder: Path, *titles: str) -> Path:
    """Write notices that are shown in spring."""
    rows = [
        {"title": title, "text": "请按时报送", "from": "2026-04-01", "to": "2026-05-01"}
        for title in titles
    ]
    return table(folder, "notices", rows)


def version(desk: Desk, kind: str, scope: str = COUNTY) -> int | None:
    """Return the version of a document held at a desk."""
    rows = desk("documents")["documents"]
    found = [row["version"] for row in rows if (row["kind"], row["scope"]) == (kind, scope)]
    return found[0] if found else None


def publish(desk: Desk, kind: str, number: int) -> Any:
    """Issue version `number` of a document at a desk; contents differ by number."""
    place = desk.folder.parent
    if kind == "policy":
        return desk("policy", f"minutes_per_hour={40 + number}")
    if kind == "regions":
        return desk("regions", "rename", SISTER, f"大洪{number}村")
    if kind == "forms":
        path = place / "survey.xlsx"
        path.write_bytes(b"form %d" % number)
    elif kind == "codes":
        code = {"list": "topic", "code": "0501L", "parent": "0501", "zh": f"书法{number}"}
        path = table(place, kind, [code])
    elif kind == "targets":
        target = {"indicator": "N01", "unit": COUNTY, "year": 2026, "value": number, "source": "县"}
        path = table(place, kind, [target])
    elif kind == "roster":
        path = place / "roster.csv"
        path.write_text(f"姓名,性别\n王{number},男\n", encoding="utf-8")
        return desk("publish", kind, path, "--unit", TOWNSHIP)
    else:
        path = notices(place, f"通知{number}")
    return desk("publish", kind, path)


KINDS = ["forms", "codes", "regions", "roster", "policy", "targets", "notices"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_version_already_passed_is_refused(line: Line, kind: str) -> None:
    """T4: the newer one, then the older one again, for every kind: nothing at all changes."""
    files = []
    for number in (1, 2):
        publish(line.county, kind, number)
        files.append(line.county.pack(TOWNSHIP, line.stick / str(number)))
    scope = TOWNSHIP if kind == "roster" else COUNTY
    before = version(line.township, kind, scope) or 0
    line.township.receive(files[1])
    newest = version(line.township, kind, scope)
    assert newest == before + 2
    assert line.township.refuses("receive", files[0]) == "document_older"
    assert version(line.township, kind, scope) == newest
    (held,) = line.township.receive(files[1])
    assert held["outcome"] == "held"


def test_a_peer_with_an_older_table_is_heard(line: Line) -> None:
    """Two computers of a township, one of which has not got the newer table yet."""
    other = opened(line.county, TOWNSHIP, line.place / "other")
    line.county.receive(other.pack(COUNTY, line.stick / "o"))
    publish(line.county, "notices", 1)
    path = line.county.pack(TOWNSHIP, line.stick / "1")
    for desk in (line.township, other):
        desk.receive(path)
    publish(line.county, "notices", 2)
    line.carry(line.county, line.township)
    other.capture(small_class())
    (row,) = line.township.receive(other.pack(TOWNSHIP, line.stick / "peer"))
    assert (row["outcome"], row["operations_new"] > 0) == ("received", True)
    (passed,) = row["documents_refused"]
    assert (passed["kind"], passed["version"], passed["held"]) == ("notices", 1, 2)
    assert passed["error"]["code"] == "document_older"
    assert version(line.township, "notices") == 2
    assert line.township.state(VILLAGE) == other.state(VILLAGE)
    assert line.township.is_sound()


def test_the_highest_number_does_not_block_the_line_for_ever(line: Line) -> None:
    """Fast-forward: a stolen computer issues the last version there is; it is revoked."""
    thief = line.township
    path = notices(line.place, "假通知")
    thief("publish", "notices", path, "--version", str(2**53))
    line.carry(thief, line.village)
    assert [one["title"] for one in line.village("notices")["notices"]] == ["假通知"]
    other = opened(line.county, TOWNSHIP, line.place / "other")
    line.county.receive(other.pack(COUNTY, line.stick / "o"))
    (stolen,) = (row for row in thief("devices")["devices"] if row["unit"] == TOWNSHIP)
    line.county("revoke", stolen["id"])
    other.receive(line.county.pack(TOWNSHIP, line.stick / "c"))
    issued = other("publish", "notices", notices(line.place, "真通知"))
    assert issued["version"] == 1
    line.village.receive(other.pack(VILLAGE, line.stick / "down"))
    assert version(line.village, "notices", TOWNSHIP) == 1
    assert [one["title"] for one in line.village("notices")["notices"]] == ["真通知"]
    # Whatever the stolen computer goes on to send counts for nothing.
    assert thief.refuses("publish", "notices", path) == "document_versions_end"


def test_what_a_revoked_computer_issued_counts_the_same_whichever_came_first(line: Line) -> None:
    """One village had the documents before the revocation came, its sister after it."""
    thief = line.township
    thief("policy", "minutes_per_hour=60")
    thief("publish", "notices", notices(line.place, "假通知"))
    aim = {"indicator": "N01", "unit": VILLAGE, "year": 2026, "value": 9, "source": "镇"}
    thief("publish", "targets", table(line.place, "targets", [aim]))
    line.carry(thief, line.village)
    late = thief.pack(SISTER, line.stick / "late")
    (stolen,) = (row for row in thief("devices")["devices"] if row["unit"] == TOWNSHIP)
    found = line.county("revoke", stolen["id"], "--out", line.stick / "told")
    line.sister.receive(Path(found["path"]))
    assert line.sister.refuses("receive", late) == "document_forbidden"

    def counts(desk: Desk) -> tuple[Any, ...]:
        return (
            desk("policy")["policy"]["minutes_per_hour"],
            desk("notices")["notices"],
            desk("targets")["targets"],
        )

    assert counts(line.village) != counts(line.sister)
    line.village.receive(Path(found["path"]))
    assert counts(line.village) == counts(line.sister)
    states = {row["kind"]: row["state"] for row in line.village("documents")["documents"]}
    assert states["policy"] == states["notices"] == states["targets"] == "amber"
    assert line.village("policy")["policy"]["minutes_per_hour"] == "45"


def test_what_records_are_read_by_is_the_same_after_the_next_round(line: Line) -> None:
    """A stolen county computer's tree is used on until the standing one comes, then by nobody."""
    county, township = line.county, line.township
    south = opened(county, SOUTH, line.place / "south")
    thief = opened(county, COUNTY, line.place / "thief")
    county.receive(south.pack(COUNTY, line.stick / "s"), thief.pack(COUNTY, line.stick / "t"))
    thief.receive(county.pack(COUNTY, line.stick / "peer"))
    thief("regions", "rename", SISTER, "假村")
    township.receive(thief.pack(TOWNSHIP, line.stick / "false"))
    late = thief.pack(SOUTH, line.stick / "late")
    with thief.open(write=False) as workspace:
        stolen = b64(workspace.keys.device.public)
    found = Path(county("revoke", stolen, "--out", line.stick / "told")["path"])
    for desk in (south, township):
        desk.receive(found)
    (row,) = south.receive(late)
    assert [one["kind"] for one in row["documents_refused"]] == ["regions"]

    def tree(desk: Desk) -> Any:
        return desk.rows("SELECT name FROM unit WHERE code=?", SISTER)

    assert tree(south) != tree(township) == [("假村",)]
    for desk in (south, township):
        line.carry(desk, county)
        desk.receive(county.pack(desk.unit, line.stick / f"down-{desk.unit}"))
    assert tree(south) == tree(township) == tree(county) != [("假村",)]


def test_a_document_of_somebody_below_binds_nobody(line: Line) -> None:
    """A township issues nothing for everybody, and villages nothing at all."""
    row = {"list": "topic", "code": "0501L", "parent": "0501", "zh": "本地书法"}
    path = table(line.place, "codes", [row])
    assert line.township.refuses("publish", "codes", path) == "document_not_ours"
    assert line.township.refuses("regions", "rename", VILLAGE, "新名") == "document_not_ours"
    assert line.village.refuses("publish", "notices", notices(line.place, "x")) == "publish_village"
    assert line.county.refuses(
        "regions", "move", VILLAGE, "--parent", SOUTH, "--on", "2026-05-01"
    ) == ("regions_date_future")


def test_expiry_turns_amber_and_takes_nothing_away(line: Line) -> None:
    line.county("publish", "notices", notices(line.place, "到期"), "--expires", "2026-04-10")
    line.carry(line.county, line.township)
    late = Desk(line.township.folder, TOWNSHIP, "2026-04-11T09:00:00+08:00")
    rows = {row["kind"]: (row["state"], row["why"]) for row in late("documents")["documents"]}
    assert rows["notices"] == ("amber", "expired")
    assert [one["title"] for one in late("notices")["notices"]] == ["到期"]
    now = {row["kind"]: row["state"] for row in line.township("documents")["documents"]}
    assert now["notices"] == "current"


def test_a_village_moves_to_another_township(line: Line) -> None:
    """Nothing accepted becomes doubtful; the old township hears no more, the new one all of it."""
    south = opened(line.county, SOUTH, line.place / "south")
    line.carry(south, line.county)
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    session = line.township("list", "session")["records"][0]["id"]
    line.township("edit", session, "notes=镇里核对", "--why", "电话")
    line.carry(line.township, line.county)
    before = line.county.state(VILLAGE)
    line.county("regions", "move", VILLAGE, "--parent", SOUTH, "--on", "2026-04-01")
    assert line.county.state(VILLAGE) == before
    # The village has the old tree: its files go to the old township, and come in.
    learner = {"ref": "z", "name": "新来", "sex": "M"}
    line.village.capture(document(unit=VILLAGE, learners=[learner]))
    stale = line.village.pack(TOWNSHIP, line.stick / "stale")
    line.carry(line.county, line.township)
    (row,) = line.township.receive(stale)
    assert (row["outcome"], row["quarantined"]) == ("received", 0)
    line.carry(line.township, line.county)
    line.carry(line.county, south)
    assert south.state(VILLAGE) == line.county.state(VILLAGE) == line.township.state(VILLAGE)
    assert south("quarantine")["items"] == []
    # The new township's first file brings the tree that makes it the one above.
    (row,) = line.village.receive(south.pack(VILLAGE, line.stick / "south"))
    assert row["outcome"] == "received"
    assert line.village("show", session)["record"]["notes"] == "镇里核对"
    assert line.village.state() == south.state(VILLAGE)
    learner = {"ref": "y", "name": "后来", "sex": "F"}
    line.village.capture(document(unit=VILLAGE, learners=[learner]))
    line.carry(line.village, south)
    line.carry(south, line.county)
    line.carry(line.county, line.township)
    assert south.state(VILLAGE) == line.county.state(VILLAGE) == line.village.state()
    # What is entered after the move is no longer the old township's business.
    assert line.township.state(VILLAGE) != line.village.state()
    for desk in (line.county, line.township, line.village, south):
        assert desk("quarantine")["items"] == []
        assert desk.is_sound()


def test_a_township_becomes_a_street(line: Line) -> None:
    """The village learns of the street by the street's own first file."""
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    line.county(
        "regions", "convert", TOWNSHIP, "--into", f"{STREET}=东风街道", "--on", "2026-04-01"
    )
    street = opened(line.county, STREET, line.place / "street")
    line.carry(street, line.county)
    line.carry(line.county, street)
    (row,) = line.village.receive(street.pack(VILLAGE, line.stick / "s"))
    assert row["outcome"] in ("received", "held")
    assert line.village("units", "--unit", STREET)["total"] > 1
    line.village.capture(document(unit=VILLAGE, learners=[{"ref": "z", "name": "新", "sex": "M"}]))
    line.carry(line.village, street)
    line.carry(street, line.county)
    assert street.state(VILLAGE) == line.county.state(VILLAGE) == line.village.state()
    assert street("completeness", "--period", "2026-03")["units"]
    for desk in (line.county, line.village, street):
        assert desk("quarantine")["items"] == []


def test_a_unit_unknown_to_an_older_tree_is_kept_until_it_is_known(line: Line) -> None:
    line.county("regions", "convert", VILLAGE, "--into", f"{NEW}=荣庄社区", "--on", "2026-04-01")
    fresh = opened(line.county, NEW, line.place / "fresh")
    line.carry(fresh, line.county)
    line.carry(line.county, fresh)
    fresh.capture(document(unit=NEW, learners=[{"ref": "z", "name": "新", "sex": "M"}]))
    # The township learns the computer, but has not got the newer tree.
    path = fresh.pack(COUNTY, line.stick / "f")
    line.county.receive(path)
    shutil.rmtree(line.stick)
    path = _pack_to_township(line, fresh)
    (row,) = line.township.receive(path)
    assert row["outcome"] == "unenrolled"
    assert list((line.township.folder / "inbox").iterdir())
    line.carry(line.county, line.township)
    (row,) = line.township.receive(path)
    assert row["outcome"] in ("received", "held")
    assert line.township.state(NEW) == fresh.state()


def _pack_to_township(line: Line, fresh: Desk) -> Path:
    """Pack for the township at a unit that knows its computer by the county's file."""
    return fresh.pack(TOWNSHIP, line.stick / "up")


def test_a_roster_is_read_by_its_unit_alone(line: Line) -> None:
    roster = line.place / "名册.csv"
    roster.write_text("姓名,性别\n罗小梅,女\n", encoding="utf-8")
    line.township("publish", "roster", roster, "--unit", VILLAGE)
    line.carry(line.township, line.village)
    for desk in (line.township, line.village):
        raw = (desk.folder / "learnsite.db").read_bytes()
        assert "罗小梅".encode() not in raw
    answer = line.village("documents", "show", "roster", "--out", line.place / "in")
    (path,) = answer["files"]
    assert Path(path).read_text(encoding="utf-8") == roster.read_text(encoding="utf-8")
    line.village.capture(small_class())
    taken = line.village("learner", "import", path)
    assert taken["created"]["learner"] == 1
    assert line.village("learner", "reveals")["reveals"][0]["what"]["roster"] == VILLAGE
    # A computer that came later is not among its readers.
    late = opened(line.township, VILLAGE, line.place / "late")
    assert late.refuses("documents", "show", "roster", "--out", line.place / "x") == (
        "document_sealed"
    )


def test_forms_are_held_as_they_come(line: Line) -> None:
    form = line.place / "survey.xlsx"
    form.write_bytes(b"form one")
    line.county("publish", "forms", form)
    other = line.place / "visit.xlsx"
    other.write_bytes(b"form two")
    assert line.county("publish", "forms", other)["entries"] == 2
    assert line.county.refuses("publish", "forms", form) == "publish_same"
    form.write_bytes(b"form one, changed")
    line.county("publish", "forms", form)
    line.carry(line.county, line.township)
    (shown,) = line.township("documents", "show", "forms")["documents"]
    assert [(one["name"], one["version"]) for one in shown["content"]] == [
        ("survey", 2), ("visit", 1),
    ]  # fmt: skip
    line.township("documents", "show", "forms", "--out", line.place / "got")
    assert (line.place / "got" / "survey.xlsx").read_bytes() == form.read_bytes()


def test_local_codes_are_entered_and_counted_for_their_parent(line: Line) -> None:
    rows = [
        {"list": "activity_kind", "code": "01A", "parent": "01", "zh": "县级示范班"},
        {"list": "topic", "code": "0501A", "parent": "0501", "zh": "硬笔书法", "en": "pen"},
    ]
    line.county("publish", "codes", table(line.place, "codes", rows))
    content = small_class()
    content["activities"][0].update(kind="01A", topics=["0501A"])
    answer = line.village.capture(content, code=1)
    assert {issue["field"] for issue in answer["issues"]} >= {"kind"}
    line.carry(line.county, line.township)
    line.carry(line.township, line.village)
    line.village.capture(content)
    for dim, cell in (("category", "category:01"), ("topic", "topic:0501")):
        answer = line.village("indicators", "--period", "2026-03", "--id", "S01", "--by", dim)
        assert [one["cell"] for one in answer["values"]] == ["all", cell]
    # Attendance of classes with a roster is asked of local kinds of class too.
    (rate,) = line.village("indicators", "--period", "2026-03", "--id", "S08")["values"]
    assert rate["denominator"] == 3
