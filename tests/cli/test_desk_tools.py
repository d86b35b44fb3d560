"""Comparing files and correcting in batches, by the commands."""

from pathlib import Path
from typing import Any

import pytest

from tests.desks import SISTER, VILLAGE, Desk, Line, changed, document, learner, small_class


@pytest.fixture
def line(tmp_path: Path) -> Line:
    found = Line(tmp_path)
    found.found()
    found.enrol()
    found.village.capture(small_class())
    return found


def differences(answer: dict[str, Any]) -> dict[tuple[str, str], dict[str, tuple[str, str]]]:
    """Return field → (old, new) by kind and what became of the record."""
    return {
        (one["kind"], one["what"]): {f["field"]: (f["old"], f["new"]) for f in one["fields"]}
        for one in answer["changes"]
    }


def test_a_file_beside_what_is_held(line: Line) -> None:
    file = line.village.pack(line.township.unit, line.stick / "a")
    before = line.township.dump()
    answer = line.township("compare-files", file)
    assert line.township.dump() == before
    assert (answer["first"]["kind"], answer["second"]["unit"]) == ("held", VILLAGE)
    assert answer["total"] == 9  # site, activity, three learners, three enrolments, session
    assert {one["what"] for one in answer["changes"]} == {"added"}
    people = {f["new"] for one in answer["changes"] if one["kind"] == "learner"
              for f in one["fields"] if f["field"] == "name"}  # fmt: skip
    assert people == {"周*兰", "吴*国", "郑*英"}
    (session,) = [one for one in answer["changes"] if one["kind"] == "session"]
    marks = {f["label"]: f["new"] for f in session["fields"] if f["field"].startswith("a:")}
    assert marks == {"考勤 · 周*兰": "到", "考勤 · 吴*国": "迟到"}

    line.township.receive(file)
    again = line.township("compare-files", file)
    assert (again["total"], again["same"]) == (0, 9)


def test_two_files_of_one_village(line: Line) -> None:
    first = line.village.pack(line.township.unit, line.stick / "a")
    line.village("edit", "session:s1", "notes=下雨")
    line.village("edit", "learner:l1", "name=周桂花")
    line.village("delete", "learner:l3", "--why", "误录")
    line.village.capture(document("more", unit=VILLAGE, learners=[learner("l4", "冯玉梅")]))
    second = line.village.pack(line.township.unit, line.stick / "b")

    answer = line.township("compare-files", first, second)
    found = differences(answer)
    assert found["session", "changed"] == {"notes": ("", "下雨")}
    assert found["learner", "changed"] == {"name": ("周*兰", "周*花")}
    assert ("learner", "added") in found
    assert ("learner", "removed") in found
    assert (answer["first"]["file"], answer["second"]["file"]) == (first.name, second.name)

    # The other way round the older file is what comes after; held or not makes no difference.
    line.township.receive(second)
    turned = differences(line.township("compare-files", second, first))
    assert turned["session", "changed"] == {"notes": ("下雨", "")}
    assert differences(line.township("compare-files", first, second)) == found


def test_what_cannot_be_compared(line: Line) -> None:
    first = line.village.pack(line.township.unit, line.stick / "a")
    line.sister.capture(small_class(SISTER))
    other = line.sister.pack(line.township.unit, line.stick / "b")
    assert line.township.refuses("compare-files", first, other) == "compare_senders"
    assert line.county.refuses("compare-files", first) == "wrong_receiver"
    broken = line.stick / "broken.lsb"
    broken.write_bytes(first.read_bytes()[:-40])
    assert line.township.refuses("compare-files", broken) in ("bundle_truncated", "bundle_damaged")


@pytest.fixture
def township(line: Line) -> Desk:
    content = small_class()
    later = changed(content, "sessions", 0, ref="s2", date="2026-03-10", notes="下雨")
    line.village.capture({**later, "rollcalls": []})
    line.carry(line.village, line.township)
    return line.township


def held(desk: Desk, *more: str, code: int = 0) -> Any:
    words = ("batch-edit", "session", "notes=已核对", "--where", "status=held")
    return desk(*words, *more, code=code)


def test_a_batch_is_looked_at_and_then_one_change(township: Desk) -> None:
    before = township.dump()
    seen = held(township, "--dry-run")
    assert township.dump() == before
    assert (seen["total"], seen["changing"], seen["change"]) == (2, 2, None)
    assert {(row["old"], row["new"], row["state"]) for row in seen["rows"]} == {
        ("", "已核对", "change"), ("下雨", "已核对", "change"),
    }  # fmt: skip
    done = held(township, "--why", "统一核对")
    assert (done["changing"], done["operations"]) == (2, 2)
    records = township("list", "session")["records"]
    assert [one["notes"] for one in records] == ["已核对", "已核对"]
    assert township.history(records[0]["id"])[-1]["why"] == "统一核对"
    assert held(township, "--dry-run")["same"] == 2

    township("undo", str(done["change"]))
    assert sorted(one.get("notes", "") for one in township("list", "session")["records"]) == [
        "", "下雨",
    ]  # fmt: skip


def test_a_batch_is_narrowed(township: Desk) -> None:
    assert held(township, "--dry-run", "--where", "notes=下雨")["total"] == 1
    assert held(township, "--dry-run", "--where", "notes=")["total"] == 1
    assert held(township, "--dry-run", "--period", "2026-04")["total"] == 0
    assert held(township, "--dry-run", "--unit", SISTER)["total"] == 0
    seen = township("batch-edit", "activity", "department=culture", "--where", "topics=0501",
                    "--dry-run")  # fmt: skip
    assert seen["total"] == 1


def test_what_is_locked_or_against_a_rule_is_left_out(township: Desk) -> None:
    seen = township("batch-edit", "session", "date=2030-01-01", "--dry-run")
    assert {row["code"] for row in seen["rows"]} == {"SESSION_HELD_IN_FUTURE"}
    assert all(row["message"] for row in seen["rows"])
    township("lock", "2026-03", "--force", "--why", "到期")
    seen = held(township, "--dry-run")
    assert {(row["state"], row["code"]) for row in seen["rows"]} == {("cannot", "batch_locked")}
    words = ("batch-edit", "session", "notes=已核对", "--why", "核对")
    assert township.refuses(*words) == "batch_nothing"


def test_what_no_batch_does(township: Desk) -> None:
    def refused(*words: str) -> str:
        return township.refuses("batch-edit", *words, "--why", "试")

    assert refused("learner", "name=某人") == "batch_private"
    assert refused("learner", "sex=F", "--where", "mobile=1") == "batch_private"
    assert refused("session", "activity=x") == "batch_field"
    assert refused("session", "nothing=x") == "field_unknown"
    assert refused("link", "rule=x") == "kind_unknown"
    assert township.refuses("batch-edit", "session", "notes=x") == "reason_missing"
