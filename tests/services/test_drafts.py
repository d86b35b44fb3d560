"""Drafts: durable at once, one operation in the end, and never overwriting what was not seen."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import drafts
from tests.desks import TOWNSHIP, VILLAGE, Desk, Line, small_class

LEARNER = {"name": "周桂兰", "sex": "F", "birth": "1951-12-06"}


def begin(desk: Desk, fields: Mapping[str, object], record: str | None = None) -> str:
    """Commit fields of a learner one by one; return the record's id."""
    with desk.open() as workspace:
        for field, value in fields.items():
            record = drafts.commit_field(workspace, "learner", record, field, value)
    assert record is not None
    return record


def test_a_new_record_becomes_one_operation(village: Desk) -> None:
    record = begin(village, LEARNER)
    assert village.lines() == []
    with village.open() as workspace:
        assert drafts.draft_values(workspace, record) == LEARNER
        result = drafts.finish(workspace, record)
    assert result.counts["created"] == {"learner": 1}
    (operation,) = village.operations()
    assert (operation.k, operation.r, operation.par) == ("learner.create", record, [])
    assert operation.f == {"sex": "F", "birth_year": 1951}
    with village.open() as workspace:
        assert drafts.draft_values(workspace, record) == {}
        assert drafts.finish(workspace, record).change.operations == 0
    village("undo")
    assert village("list", "learner")["total"] == 0


def test_an_edit_becomes_one_operation_on_the_heads_it_began_with(village: Desk) -> None:
    record = village.capture(small_class())["ids"]["session"]["s1"]
    heads = village("show", record)["heads"]
    with village.open() as workspace:
        drafts.commit_field(workspace, "session", record, "start", "08:30")
        drafts.commit_field(workspace, "session", record, "notes", "换教室")
        drafts.commit_field(workspace, "session", record, "start", "08:45")
        drafts.finish(workspace, record)
    operation = village.operations()[-1]
    assert operation.f == {"time": ["08:45", "10:30"], "notes": "换教室"}
    assert operation.par == heads
    assert village("conflicts")["conflicts"] == []


def test_a_draft_is_durable_when_the_field_is_left(village: Desk, tmp_path: Path) -> None:
    """The process is killed without any chance to tidy up."""
    script = tmp_path / "clerk.py"
    script.write_text(
        "import os, sys\n"
        "from pathlib import Path\n"
        "from learnsite_desktop.platform.clock import SystemClock\n"
        "from learnsite_desktop.services import drafts\n"
        "from learnsite_desktop.services.workspace import Workspace\n"
        "workspace = Workspace(Path(sys.argv[1]), SystemClock(), write=True)\n"
        "record = drafts.commit_field(workspace, 'learner', None, 'name', '周桂兰')\n"
        "print(record, flush=True)\n"
        "os._exit(9)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script), str(village.folder)],
        capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 9
    record = done.stdout.decode().strip()
    with village.open() as workspace:
        assert drafts.draft_values(workspace, record) == {"name": "周桂兰"}


def test_a_second_editor_joins_the_draft(village: Desk) -> None:
    record = begin(village, {"name": "周桂兰"})
    begin(village, {"sex": "F", "name": "周桂蓝"}, record)
    with village.open() as workspace:
        assert drafts.draft_values(workspace, record) == {"name": "周桂蓝", "sex": "F"}
    assert village.value("SELECT count(*) FROM draft") == 1
    with village.open() as workspace:
        drafts.discard(workspace, record)
        assert drafts.draft_values(workspace, record) == {}
    assert village.lines() == []


def test_a_draft_that_lacks_something_stays(village: Desk) -> None:
    record = begin(village, {"name": "周桂兰"})
    with village.open() as workspace:
        result = drafts.finish(workspace, record)
        assert [issue.code for issue in result.issues] == ["REQUIRED_MISSING"]
        assert result.refused == 1
        assert drafts.draft_values(workspace, record) == {"name": "周桂兰"}
    assert village.lines() == []
    begin(village, {"sex": "F"}, record)
    with village.open() as workspace:
        assert drafts.finish(workspace, record).refused == 0


def test_unknown_fields_are_refused(village: Desk) -> None:
    with village.open() as workspace, pytest.raises(Refusal) as caught:
        drafts.commit_field(workspace, "learner", None, "shoe_size", 41)
    assert caught.value.code == "field_unknown"


def test_what_came_in_meanwhile_is_not_overwritten(enrolled: Line) -> None:
    """A correction from the township arrives while the clerk's editor is open."""
    village, township = enrolled.village, enrolled.township
    record = village.capture(small_class())["ids"]["session"]["s1"]
    enrolled.carry(village, township)
    with village.open() as workspace:
        drafts.commit_field(workspace, "session", record, "start", "08:30")
        drafts.commit_field(workspace, "session", record, "notes", "换教室")
    township("edit", record, "end=11:30", "notes=与签到表一致", "--why", "签到表")
    path = township.pack(VILLAGE, enrolled.stick)
    village.receive(path)
    with village.open() as workspace:
        result = drafts.finish(workspace, record)
    assert result.change.operations == 1
    operation = village.operations()[-1]
    assert operation.f == {"time": ["08:30", "10:30"], "notes": "换教室"}
    conflicts = {item["field"]: item for item in village("conflicts")["conflicts"]}
    assert set(conflicts) == {"time", "notes"}
    seen = [(row["value"]["start"], row["value"]["end"]) for row in conflicts["time"]["values"]]
    assert sorted(seen) == [("08:30", "10:30"), ("09:00", "11:30")]
    assert conflicts["notes"]["base"] is None
    assert conflicts["notes"]["shown"] == "换教室"
    assert village.is_sound()


def test_an_equal_private_value_that_came_in_meanwhile_is_no_conflict(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    record = village.capture(small_class())["ids"]["learner"]["l1"]
    enrolled.carry(village, township)
    with village.open() as workspace:
        drafts.commit_field(workspace, "learner", record, "mobile", "14400000101")
    township("edit", record, "mobile=14400000101", "--why", "电话核对")
    enrolled.carry(township, village)
    with village.open() as workspace:
        assert drafts.finish(workspace, record).counts["same"] == {"learner": 1}
    assert village("conflicts")["conflicts"] == []


def test_an_equal_value_that_came_in_meanwhile_is_no_conflict(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    record = village.capture(small_class())["ids"]["session"]["s1"]
    enrolled.carry(village, township)
    with village.open() as workspace:
        drafts.commit_field(workspace, "session", record, "notes", "换教室")
    township("edit", record, "notes=换教室", "--why", "电话核对")
    enrolled.carry(township, village)
    with village.open() as workspace:
        drafts.finish(workspace, record)
    assert village("conflicts")["conflicts"] == []
    assert village("show", record)["record"]["notes"] == "换教室"


def test_packing_finishes_drafts_and_leaves_out_blocked_ones(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    ids = village.capture(small_class())["ids"]
    whole = begin(village, LEARNER)
    blocked = begin(village, {"name": "半条"})
    with village.open() as workspace:
        drafts.commit_field(workspace, "session", ids["session"]["s1"], "notes", "换教室")
    enrolled.carry(village, township)
    assert township("show", whole)["record"]["name"] == "周桂兰"
    assert township("show", "session:" + ids["session"]["s1"])["record"]["notes"] == "换教室"
    assert township.refuses("show", blocked) == "record_unknown"
    with village.open() as workspace:
        assert drafts.draft_values(workspace, blocked) == {"name": "半条"}
    assert village.value("SELECT count(*) FROM draft") == 1
    assert township.value("SELECT count(*) FROM draft") == 0
    assert township.state(VILLAGE) == village.state(VILLAGE)


def test_drafts_that_refer_to_each_other_are_finished_whatever_their_order(village: Desk) -> None:
    ids = village.capture(small_class())["ids"]
    with village.open() as workspace:
        activity = drafts.commit_field(workspace, "activity", None, "title", "剪纸班")
        fields = {"activity": activity, "date": "2026-03-05", "start": "09:00", "end": "10:00",
                  "status": "held"}  # fmt: skip
        session = None
        for field, value in fields.items():
            session = drafts.commit_field(workspace, "session", session, field, value)
        workspace.clock = FixedClock(datetime.fromisoformat("2026-04-02T11:00:00+08:00"))
        rest = {"site": ids["site"]["p1"], "kind": "03", "edu_kinds": ["50"], "topics": ["0701"],
                "delivery": "10"}  # fmt: skip
        for field, value in rest.items():
            drafts.commit_field(workspace, "activity", activity, field, value)
        assert [result.refused for result in drafts.finish_drafts(workspace)] == [0, 0]
    assert village("list", "session")["total"] == 2


def test_drafts_count_nowhere_and_rest_sealed(village: Desk) -> None:
    village.capture(small_class())
    state, figures = village.state(), village("indicators", "--period", "2026-03")["values"]
    begin(village, LEARNER)
    with village.open() as workspace:
        drafts.commit_field(
            workspace, "session", village("list", "session")["records"][0]["id"], "status",
            "cancelled",
        )  # fmt: skip
    assert village.state() == state
    assert village("indicators", "--period", "2026-03")["values"] == figures
    assert village("list", "learner")["total"] == 3
    for path in village.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert b"1951-12-06" not in raw, path
            assert b"cancelled" not in raw or path.suffix == ".lock", path
    assert village.is_sound()


def test_a_draft_of_a_record_deleted_meanwhile_stays(village: Desk) -> None:
    record = village.capture(small_class())["ids"]["session"]["s1"]
    with village.open() as workspace:
        drafts.commit_field(workspace, "session", record, "notes", "换教室")
    village("delete", record, "--why", "录错")
    with village.open() as workspace:
        result = drafts.finish(workspace, record)
        assert [issue.code for issue in result.issues] == ["REF_UNKNOWN"]
        assert drafts.draft_values(workspace, record) == {"notes": "换教室"}


def test_a_draft_at_the_township_for_a_village_says_so(enrolled: Line) -> None:
    enrolled.village.capture(small_class())
    enrolled.carry(enrolled.village, enrolled.township)
    record = enrolled.township("list", "session")["records"][0]["id"]
    with enrolled.township.open() as workspace:
        drafts.commit_field(workspace, "session", record, "notes", "已核对")
        assert drafts.finish(workspace, record).refused == 0
    last = enrolled.township.history(record)[-1]
    assert (last["unit"], last["why"]) == (TOWNSHIP, "代录")


def test_an_enrolment_draft_gets_the_id_of_its_key(village: Desk) -> None:
    content = small_class()
    content["enrolments"] = content["enrolments"][:2]
    ids = village.capture(content)["ids"]
    with village.open() as workspace:
        fields = {"activity": ids["activity"]["a1"], "learner": ids["learner"]["l3"],
                  "joined": "2026-02-24"}  # fmt: skip
        record = None
        for field, value in fields.items():
            record = drafts.commit_field(workspace, "enrolment", record, field, value)
        assert record is not None
        drafts.finish(workspace, record)
    assert village.capture(small_class())["same"]["enrolment"] == 3
