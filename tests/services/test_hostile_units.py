"""An enrolled computer that writes what its program never would: nobody else's work may suffer.

What is written here goes through the real writer, which asks nobody; files carry it upward.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.oplog.documents import MAX_BRANCHES
from learnsite_desktop.oplog.line import Operation
from learnsite_desktop.services import enclosures, packing, receipts, writing
from learnsite_desktop.services.enrolment import layers_of
from learnsite_desktop.services.writing import Repeat, Writer
from learnsite_desktop.store import lock_rows
from learnsite_desktop.store.records import records_of_kind
from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, Line, small_class, twin_of

MARCH = "2026-03"
A_HASH, A_RECORD = "A" * 43, "A" * 22
OTHERS = "B" * 21 + "A"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Two villages have handed in March, two attendances each."""
    line = Line(tmp_path_factory.mktemp("line"))
    line.found()
    line.enrol()
    for village in (line.village, line.sister):
        village.capture(small_class(village.unit))
        village("submit", "--period", MARCH)
        line.carry(village, line.township)
    line.carry(line.township, line.county)
    return line


@pytest.fixture
def line(founded: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A copy of these folders; what a program would not write or pack is written and packed."""
    copy = Line(tmp_path)
    for name in ("county", "township", "village", "sister"):
        desk: Desk = getattr(founded, name)
        setattr(copy, name, twin_of(desk, tmp_path / name))
    monkeypatch.setattr(writing, "require_verb", lambda *_names: None)
    return copy


def records(desk: Desk, kind: str, unit: str = VILLAGE) -> list[str]:
    """Return the ids of a unit's records."""
    with desk.open(write=False) as workspace:
        return [one.id for one in records_of_kind(workspace.database, kind, unit=unit)]


def forge(desk: Desk, kind: str, record: str, writes: Mapping[str, object], **words: Any) -> None:
    """Write whatever is said."""
    with desk.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="forged")
        writer.save(kind=kind, record=record, writes=writes, **{"unit": VILLAGE, **words})
        writer.finish()


def figure(desk: Desk, basis: str = "approved", period: str = MARCH, name: str = "S01") -> Any:
    """Return a figure of the township."""
    words = ("--period", period, "--unit", TOWNSHIP, "--basis", basis, "--id", name)
    return desk("indicators", *words)["values"][0]["value"]


def locked(line: Line) -> str:
    """Lock March at the township, tell the village; return the village's submission."""
    line.township("lock", MARCH)
    line.carry(line.township, line.village)
    assert figure(line.township) == 4
    return b64(derived_id("submission", VILLAGE, MARCH))


def test_a_verdict_is_not_wiped_by_a_commitment_in_its_place(line: Line) -> None:
    """Private registers need the same authority as public ones."""
    (session,) = records(line.village, "session")
    line.township("reject", session, "--why", "查无此课")
    line.carry(line.township, line.village)
    forge(line.village, "session", session, {"review.township.state": Repeat(A_HASH)})
    line.carry(line.village, line.township)
    assert figure(line.township, "received") == 2
    submission = b64(derived_id("submission", VILLAGE, MARCH))
    line.township("lock", MARCH)
    line.carry(line.township, line.village)
    before = figure(line.township)
    forge(line.village, "submission", submission, {"review.township.lock": Repeat(A_HASH)})
    forge(line.village, "submission", submission, {"_deleted": True})
    line.carry(line.village, line.township)
    assert figure(line.township) == before


def test_a_lock_does_not_go_with_the_record_that_bears_it(line: Line) -> None:
    """The unit may delete its submission; the lock is not its own."""
    submission = locked(line)
    forge(line.village, "submission", submission, {"_deleted": True})
    line.carry(line.village, line.township)
    assert figure(line.township) == 4
    line.township("unlock", MARCH, "--why", "补报")
    assert figure(line.township) == 0


def test_a_lock_that_made_the_record_is_opened_with_a_reason_only(line: Line) -> None:
    """Undo would skip the order and the reason; opening takes the lock's own word back too."""
    line.township("lock", MARCH)
    assert line.township.refuses("undo") == "lock_not_undone"
    line.township("unlock", MARCH, "--why", "漏了一场")
    assert figure(line.township) == 0
    assert line.township("lock", MARCH, "--show")["state"] == "submitted"


@pytest.mark.parametrize("period", [2026, "2026", MARCH])
def test_a_village_cannot_lock_itself(line: Line, period: object) -> None:
    """It would approve its own records, and stand in the way of the real lock."""
    with line.village.open() as workspace:
        held = lock_rows.heads_held(workspace.database, VILLAGE)
    heads = [[item.inc, item.n, item.head] for item in held]
    submission = b64(derived_id("submission", VILLAGE, MARCH))
    forge(line.village, "submission", submission, {"lock": [period, *heads]})
    line.carry(line.village, line.township)
    assert figure(line.township) == 0
    line.township("lock", MARCH)
    assert figure(line.township) == 4


def test_a_period_nobody_can_read_keeps_nobody_from_locking(line: Line) -> None:
    """It counts as handed in nowhere."""
    forge(line.village, "submission", A_RECORD, {"period": "2099-13"}, verb="create")
    forge(line.village, "enrolment", OTHERS, {"status": 7}, verb="create")
    forge(line.village, "population", OTHERS, {"total": 2**53}, verb="create")
    line.carry(line.village, line.township)
    line.township("review", "--period", MARCH)
    line.township("lock", MARCH)
    line.township("lock", MARCH, "--show")
    assert figure(line.township) == 4


def test_a_record_under_another_units_id_does_not_catch_its_lock(line: Line) -> None:
    """The ids of submissions can be worked out by anybody."""
    sisters = b64(derived_id("submission", SISTER, MARCH))
    forge(line.village, "submission", sisters, {"period": MARCH}, verb="create")
    line.carry(line.village, line.township)
    line.township("lock", MARCH)
    assert figure(line.township) == 4
    assert line.township("waiting")["total"] == 0


def test_nobody_begins_a_neighbours_submission(line: Line) -> None:
    """The id follows from unit and month; begun by another, it would make the sister silent."""
    april = "2026-04"
    theirs = b64(derived_id("submission", SISTER, april))
    forge(line.village, "submission", theirs, {"unit": VILLAGE, "period": april}, verb="create")
    line.carry(line.village, line.township)
    (apart,) = line.township("quarantine")["items"]
    assert (apart["record"], apart["code"]) == (theirs, "out_of_scope")
    line.sister.now = line.township.now = "2026-05-02T10:00:00+08:00"
    line.sister("submit", "--period", april, "--zero", "放假")
    line.carry(line.sister, line.township)
    rows = line.township("completeness", "--period", april)["units"]
    assert {row["unit"]: row["state"] for row in rows}[SISTER] == "zero"


def test_a_late_claim_to_an_id_does_not_hide_the_record_in_locked_figures(line: Line) -> None:
    """As everywhere, the record that is shown is the one that counts."""
    locked(line)
    (session,) = records(line.village, "session")
    forge(line.sister, "session", session, {"date": "2026-03-03"}, unit=SISTER, verb="create")
    line.carry(line.sister, line.township)
    assert figure(line.township) == figure(line.township, "received") == 4


def test_what_calls_itself_an_approval_approves_nothing(line: Line) -> None:
    """Only an operation that writes a verdict covers what stands."""
    (session,) = records(line.village, "session")
    line.township("approve", "--period", MARCH)
    line.carry(line.township, line.village)
    marks = {f"a:{name}": ["P", None, "paper", None] for name in records(line.village, "learner")}
    forge(line.village, "session", session, marks, verb="approve")
    line.carry(line.village, line.township)
    assert (figure(line.township), figure(line.township, "received")) == (4, 5)


@pytest.mark.parametrize(
    "writes",
    [
        {"content": ["x", "image/jpeg", 3], "thumb": "!!"},
        {"content": ["AAAA", "image/jpeg", 3], "thumb": "AAAA"},
        {"content": [], "thumb": 7},
    ],
)
def test_a_picture_without_a_real_name_stops_no_file(
    line: Line, writes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither going up nor coming down, though the township asks for the original."""
    (session,) = records(line.village, "session")
    forge(line.village, "evidence", A_RECORD, {"target": session, **writes}, verb="create")
    with monkeypatch.context() as hostile:
        hostile.setattr(enclosures, "thumbnails", lambda *_words: iter(()))
        line.carry(line.village, line.township)
    line.township("photo", "request", "--period", MARCH)
    line.township("photo", "requests")
    line.carry(line.township, line.village)
    line.carry(line.township, line.county)


@pytest.mark.parametrize("date", ["'; DROP TABLE op; --", "2026-13-01", "9999-99-99", "2026-Q1-"])
def test_a_date_nobody_can_read_stops_no_file(
    line: Line, date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The months in a file's head are for show."""
    (session,) = records(line.village, "session")
    forge(line.village, "session", session, {"date": date})
    with monkeypatch.context() as hostile:
        hostile.setattr(packing, "_periods", lambda *_words: [])
        line.carry(line.village, line.township)
    line.carry(line.township, line.county)


def test_huge_numbers_neither_stop_a_file_nor_a_figure(line: Line) -> None:
    """Sums of whole numbers have a limit in the engine."""
    (session,) = records(line.village, "session")
    for _half in range(2):
        marks = {f"a:{b64(os.urandom(16))}": ["P", 2**53, "paper", None] for _n in range(600)}
        forge(line.village, "session", session, marks)
    forge(line.village, "session", session, {"time": ["09:00", f"{'9' * 19}:00"]})
    line.carry(line.village, line.township)
    assert figure(line.township, "received", name="S05") is not None


@pytest.mark.parametrize(
    "mark",
    [
        {f"a:{OTHERS}": [["P"]]},
        {f"a:{OTHERS}": []},
        {"a:x": ["P"]},
        {f"a:{OTHERS}": ["P", 2**53, "paper"]},
        {"headcount": [2**53]},
    ],
)
def test_a_reversal_of_strange_marks_counts_what_can_be_read(
    line: Line, mark: dict[str, object]
) -> None:
    """And the unit it is about cannot delete it."""
    locked(line)
    (session,) = records(line.village, "session")
    more = {f"a:{name}": ["P", None, "paper", None] for name in records(line.village, "learner")}
    forge(line.village, "session", session, {**more, **mark})
    line.carry(line.village, line.township)
    booked = line.township("reverse", session, "--period", "2026-04", "--why", "漏记")["reversal"]
    found = figure(line.township, period="2026-04")
    assert found in (1, 2)
    line.carry(line.township, line.village)
    forge(line.village, "reversal", booked, {"_deleted": True})
    line.carry(line.village, line.township)
    assert figure(line.township, period="2026-04") == found
    line.township("undo")
    assert figure(line.township, period="2026-04") == 0


@pytest.mark.parametrize(
    ("kind", "writes"),
    [
        ("submission", {"review.township.lock": [MARCH, [None, 1, "y"]]}),
        ("submission", {"review.township.lock": [MARCH, ["INC", 1, "y"]]}),
        ("submission", {"review.township.lock": [MARCH, ["INC", 2**53, A_HASH]]}),
        ("reversal", {"record": A_RECORD, "period": "2099-13", "before": [], "after": []}),
        ("reversal", {"period": "2026-04", "before": ["A" * 42 + "B"], "after": "x", "date": 7}),
    ],
)
def test_a_township_cannot_break_the_countys_figures(
    line: Line, kind: str, writes: dict[str, Any]
) -> None:
    """What is not written as a lock or a reversal is none."""
    with line.village.open() as workspace:
        name = workspace.inc
    told = {
        key: [[name if part == "INC" else part for part in item] if isinstance(item, list)
              else item for item in value] if isinstance(value, list) else value
        for key, value in writes.items()
    }  # fmt: skip
    record = b64(derived_id("submission", VILLAGE, MARCH)) if kind == "submission" else A_RECORD
    forge(line.township, kind, record, told, why="w", verb="edit")
    line.carry(line.township, line.county)
    for period in (MARCH, "2026-04"):
        figure(line.county, period=period)
        line.county("lock", period, "--show")


def test_what_an_operation_writes_is_judged_by_every_register() -> None:
    """Public or private."""
    line = Operation(
        at="", inc="", k="session.edit", n=1, prev="", r="", sv=1, u="", un=COUNTY, v=1,
        pf={"review.county.state": None},
    )  # fmt: skip
    assert layers_of(KINDS["session"], line) == {"review:county"}


def test_a_file_loses_its_tick_however_the_revocation_comes(line: Line) -> None:
    """By an introduction file as by a bundle, and where the revocation is issued."""
    line.carry(line.township, line.village)
    ticked = [item["receipted"] for item in line.village("outbox")["items"]]
    (device,) = [item for item in line.county("devices")["devices"] if item["unit"] == TOWNSHIP]
    told = line.county("revoke", device["id"], "--at", "nothing", "--out", line.stick)
    line.village.receive(Path(told["path"]))
    now = [item["receipted"] for item in line.village("outbox")["items"]]
    assert (sum(ticked) - sum(now), ticked != now) == (1, True)


def test_more_branches_than_a_receipt_may_name_stop_no_file(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain of whoever forked it so often is not acknowledged; everybody else's is."""
    heads = [(1, os.urandom(32)) for _branch in range(MAX_BRANCHES + 1)]
    monkeypatch.setattr(receipts, "held_heads", lambda *_words: heads)
    line.township.pack(COUNTY, line.stick / "up")
