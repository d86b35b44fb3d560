"""Approving many records at once: what is plain is not looked at closely, and nothing differs."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Cancelled
from learnsite_desktop.services import deciding, review
from learnsite_desktop.services.review import Approval
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import review_rows
from tests.desks import VILLAGE, Line, small_class
from tests.ui.review.conftest import sessions

DAY = "2026-03-03"


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A village's class as its township and its county hold it; nothing is drawn for the sample."""
    line = Line(tmp_path)
    line.found()
    line.enrol()
    line.village.capture(small_class())
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)
    line.township("policy", "review_sample=0")
    return line


class _TakenBack(Exception):
    """Ends a transaction that is only looked at."""


def written(workspace: Workspace, deed: Callable[[], Approval]) -> tuple[list[bytes], Approval]:
    """Return the lines that a deed writes, and its answer; nothing of it is kept."""
    database = workspace.database
    last = database.value("SELECT max(id) FROM op")
    found: list[tuple[list[bytes], Approval]] = []
    with suppress(_TakenBack), database.transaction():
        done = deed()
        rows = database.rows("SELECT line FROM op WHERE id>? ORDER BY id", (last,))
        found.append(([row[0] for row in rows], done))
        raise _TakenBack
    workspace.idents.forget()
    return found[0]


def of_every_sort(line: Line) -> list[str]:
    """Let something be said of some of the township's records; return the ids of all."""
    village, township, county = line.village, line.township, line.county
    marks = [str(row["id"]) for row in township("list", "enrolment")["records"]]
    session = sessions(township)[DAY]
    county("reject", marks[0], "--why", "重复")
    line.carry(county, township)
    township("approve", marks[1])
    township("edit", session, "notes=镇", "--why", "核对")
    village("edit", session, "notes=村")
    line.carry(village, township)
    # One operation knows both sides and leaves the conflict open: a single head, yet disputed.
    township("edit", session, "seq=7", "--why", "核对")
    people = [str(row["id"]) for row in township("list", "learner")["records"]]
    township("return", people[0], "birth", "--reason", "R06", "--text", "核对出生日期")
    gone = people[1]
    village("delete", gone, "--why", "重复录入")
    line.carry(village, township)
    # One named twice is written twice, for the second does not see the first.
    return [session, *marks, *people, marks[2], "no record"]


@pytest.mark.parametrize("four_eyes", ["off", "on"])
def test_many_at_once_write_what_a_close_look_at_each_does(
    line: Line, monkeypatch: pytest.MonkeyPatch, four_eyes: str
) -> None:
    records = of_every_sort(line)
    line.township("policy", f"four_eyes={four_eyes}")
    with line.township.open() as workspace:

        def approve() -> Approval:
            return review.approve_listed(workspace, records)

        lines, done = written(workspace, approve)
        with monkeypatch.context() as closely:
            closely.setattr(review_rows, "untouched", lambda _database, _keys: {})
            assert written(workspace, approve) == (lines, done)
    assert done.approved
    assert done.same
    assert {one["code"] for one in done.skipped} >= {"review_conflict", "review_rejected_above"}


def test_cancelled_at_any_moment_nothing_is_approved(line: Line) -> None:
    township = line.township
    before, last = township.state(), ""
    with township.open() as workspace:
        for step in count(1):
            steps = stopped_at(workspace, step)
            if not steps:
                break
            assert township.state() == before
            last = steps[-1]
    assert last == "saving"
    assert township.state() != before


def stopped_at(workspace: Workspace, step: int) -> list[str]:
    """Approve what is not flagged, cancelled at that step; return the steps, [] when it is done."""
    steps: list[str] = []

    def stop(done: int, total: int, label: str) -> None:
        assert not total or done <= total
        steps.append(label)
        if len(steps) == step:
            raise Cancelled

    try:
        assert deciding.approve_unflagged(workspace, unit=VILLAGE, progress=stop).approved == 4
    except Cancelled:
        workspace.idents.forget()
        return steps
    return []
