"""What a file would do is told record by record, as the transaction does that is taken back."""

from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.services import arriving
from learnsite_desktop.services.handing_in import OUTBOX
from learnsite_desktop.services.receiving import receive
from learnsite_desktop.services.relaying import write_below
from tests.desks import TOWNSHIP, VILLAGE, Line, changed, learner, small_class
from tests.support import table_dump

COUNTS = ("new", "fast_forward", "conflict", "quarantined", "waiting", "duplicate")


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A village whose class is held at the township too."""
    found = Line(tmp_path / "line")
    found.found()
    found.enrol()
    found.village.capture(small_class())
    found.carry(found.village, found.township)
    return found


def previewed(line: Line, *flags: str) -> dict[str, Any]:
    """What the township is told of the village's next file; nothing changes there."""
    file = line.village.pack(TOWNSHIP, line.place / "up")
    before = table_dump(line.township.folder)
    answer = line.township("receive", "--dry-run", "--records", *flags, file)
    assert table_dump(line.township.folder) == before
    (row,) = answer["bundles"]
    (taken,) = line.township.receive(file)
    for name in COUNTS:
        classed = [one for one in row["records"] if name in one["classes"]]
        assert row[name] == taken[name] == len(classed), name
    return row  # type: ignore[no-any-return]


def told(row: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [one for one in row["records"] if one["kind"] == kind]
    return found  # type: ignore[no-any-return]


def test_old_and_new_stand_side_by_side_and_private_values_masked(line: Line) -> None:
    content = changed(small_class(), "learners", 0, name="周桂英", mobile="13800138000")
    line.village.capture(changed(content, "sessions", 0, notes="改过", end="11:00"))
    row = previewed(line)
    session = told(row, "session")
    assert session["classes"] == ["fast_forward"]
    assert {(one["field"], one["old"], one["new"]) for one in session["fields"]} == {
        ("end", "10:30", "11:00"),
        ("notes", None, "改过"),
    }
    person = told(row, "learner")
    assert person["unit"] == VILLAGE
    assert {(one["field"], one["old"], one["new"]) for one in person["fields"]} == {
        ("name", "周*兰", "周*英"),
        ("mobile", None, "138****8000"),
    }
    assert person["title"] == "周*英"
    assert "13800138000" not in repr(row)
    assert "周桂" not in repr(row)


def test_marks_of_a_roll_call_stand_side_by_side(line: Line) -> None:
    rolls = {"session": "s1", "rows": [{"learner": "l1", "status": "A"},
                                       {"learner": "l3", "status": "P"}]}  # fmt: skip
    line.village.capture(small_class(rollcalls=[rolls]))
    session = told(previewed(line), "session")
    texts = {(one["label"], one["old_text"], one["new_text"]) for one in session["fields"]}
    assert len(texts) == 2
    assert any("周*兰" in label and old and new and old != new for label, old, new in texts)
    assert any("郑*英" in label and not old and new for label, old, new in texts)


def test_both_sides_of_a_conflict_are_told(line: Line) -> None:
    session = line.township("list", "session")["records"][0]["id"]
    line.township("edit", session, "notes=镇里", "--why", "核对")
    line.village("edit", "session:s1", "notes=村里")
    found = told(previewed(line), "session")
    assert found["classes"] == ["conflict"]
    (side,) = [one for one in found["fields"] if one["disputed"]]
    assert (side["field"], side["old"], side["new"]) == ("notes", "镇里", "村里")


def test_what_is_new_and_may_be_somebody_else_is_told(line: Line) -> None:
    again = [learner("x1", "周桂兰", birth="1956"), learner("x2", "赵新人")]
    line.village.capture(small_class(learners=[*small_class()["learners"], *again]))
    row = previewed(line)
    classes = {one["title"]: one["classes"] for one in row["records"] if one["kind"] == "learner"}
    assert classes == {"周*兰": ["new", "duplicate"], "赵*人": ["new"]}


def test_what_was_taken_back_is_told(line: Line) -> None:
    line.village("edit", "session:s1", "notes=一")
    first = line.village.pack(TOWNSHIP, line.place / "one")
    (row,) = line.township.receive(first)
    line.township("rollback", str(row["batch"]))
    line.village("edit", "session:s1", "notes=二")
    file = line.village.pack(TOWNSHIP, line.place / "two")

    def seen(*flags: str) -> Any:
        words: list[str | Path] = ["receive", "--dry-run", "--records", *flags, file]
        return told(line.township(*words)["bundles"][0], "session")

    assert "brought_back" in seen()["classes"]
    assert ("notes", None, "二") in [
        (one["field"], one["old"], one["new"]) for one in seen()["fields"]
    ]
    kept = seen("--keep-withdrawn")
    assert {"waiting", "withdrawn"} <= set(kept["classes"])
    assert "brought_back" not in kept["classes"]


def test_no_more_is_told_than_asked_for(line: Line) -> None:
    line.village.capture(small_class(learners=[
        *small_class()["learners"], *(learner(f"x{n}", f"新人{n}") for n in range(5)),
    ]))  # fmt: skip
    file = line.village.pack(TOWNSHIP, line.place / "up")
    with line.township.open() as workspace:
        found = arriving.foresee(
            workspace,
            lambda witness: receive(workspace, file, dry_run=True, witness=witness),
            most=2,
        )
    assert (len(found.records), found.left) == (2, 3)
    assert found.result.counts["new"] == 5


def test_what_a_rollback_takes_back_is_told_before(line: Line) -> None:
    line.village.capture(changed(small_class(), "sessions", 0, notes="新的"))
    line.village.capture(
        small_class(learners=[*small_class()["learners"], learner("x1", "赵新人")],
                    sessions=[{**small_class()["sessions"][0], "notes": "新的"}])
    )  # fmt: skip
    row = line.carry(line.village, line.township)
    before = table_dump(line.township.folder)
    told_ = line.township("rollback", str(row["batch"]), "--dry-run")
    assert table_dump(line.township.folder) == before
    assert (told_["gone"], told_["changed"], told_["waiting_records"]) == (1, 1, 0)
    by_kind = {one["kind"]: one for one in told_["records"]}
    assert by_kind["learner"]["classes"] == ["gone"]
    (side,) = by_kind["session"]["fields"]
    assert (side["field"], side["old"], side["new"]) == ("notes", "新的", None)
    done = line.township("rollback", str(row["batch"]))
    assert done["records"] == 2


def test_what_would_wait_after_a_rollback_is_told(line: Line) -> None:
    line.village("edit", "session:s1", "notes=一")
    first = line.carry(line.village, line.township)
    session = line.township("list", "session")["records"][0]["id"]
    line.township("edit", session, "notes=二", "--why", "核对")
    told_ = line.township("rollback", str(first["batch"]), "--dry-run")
    assert told_["waiting_records"] == 1
    assert told_["records"][0]["classes"] == ["waiting"]
    assert len(line.township("rollback", str(first["batch"]))["waiting"]) == 1


def test_records_are_told_of_a_preview_alone(line: Line) -> None:
    file = line.village.pack(TOWNSHIP, line.place / "up")
    assert line.township.refuses("receive", "--records", file, code=2) == "usage"


def test_receipts_for_all_whose_files_came(line: Line) -> None:
    township = line.township
    files = township("relay", "--out", line.place / "first")["files"]
    assert [row["unit"] for row in files] == [line.village.unit]  # the class that came
    assert township.refuses("relay", "--out", line.place / "again") == "relay_nothing"
    now = "2026-04-03T10:00:00+08:00"
    for desk in (line.village, line.sister, township):
        desk.now = now
    line.village("edit", "session:s1", "notes=新的")
    line.carry(line.village, township)
    line.carry(line.sister, township)
    with township.open() as workspace:
        gone = write_below(workspace, workspace.subfolder(OUTBOX), to=line.place / "gone")
    assert [one.trouble.code for one in gone.done if one.trouble] == ["place_gone"] * 2
    assert all(one.file and one.file.is_file() and one.copy is None for one in gone.done)
    for desk in (line.village, line.sister):
        desk.now = township.now = "2026-04-04T10:00:00+08:00"
        # The sister's file brings nothing new: it has lost its receipt, and is given another.
        line.carry(desk, township)
    answer = township("relay", "--out", line.place / "out")
    files = answer["files"]
    assert [row["unit"] for row in files] == [line.village.unit, line.sister.unit]
    assert [(row["error"], bool(row["number"])) for row in files] == [(None, True)] * 2
    (taken,) = line.village.receive(Path(files[0]["path"]))
    assert taken["outcome"] == "received"
    assert all(row["receipted"] for row in line.village("outbox")["items"])


def test_one_file_that_cannot_be_copied_does_not_stop_the_others(line: Line) -> None:
    here = line.place / "here"
    here.mkdir()
    to = {line.village.unit: line.place / "gone", line.sister.unit: here}
    line.township.now = "2026-04-02T12:00:00+08:00"
    with line.township.open() as workspace:
        made = write_below(workspace, workspace.subfolder(OUTBOX), list(to), to=to)
    found = {one.waiting.unit: one for one in made.done}
    assert made.trouble is not None
    assert found[line.village.unit].path == found[line.village.unit].file
    assert [found[line.sister.unit].copy] == list(here.iterdir())


def test_an_introduction_is_looked_at_and_received_like_a_bundle(
    line: Line, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    device = line.county("devices", "--unit", TOWNSHIP)["devices"][0]["id"]
    file = Path(line.county("revoke", device, "--why", "丢了", "--out", out)["path"])
    seen = line.township("inspect", file)
    assert (seen["kind"], seen["from"], seen["known"]) == ("introduction", line.county.unit, False)
    other = out / "微信文件.txt"
    other.write_bytes(file.read_bytes())
    file.unlink()
    clock = line.sister
    clock("inbox", out)  # still coming, for all that is known
    clock.now = "2026-04-02T10:00:09+08:00"
    (row,) = clock("inbox", out)["files"]
    assert (row["kind"], row["state"], row["from"]) == ("introduction", "new", line.county.unit)
    answer = clock("receive", "--from", out)
    assert [one["outcome"] for one in answer["bundles"]] == ["received"]
    assert clock("inbox", out)["files"][0]["state"] == "taken"
    assert clock("inspect", other)["known"] is True
