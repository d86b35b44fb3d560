"""Desk services at their edges: authority of what is compared, grants, days, one's own computer."""

import openpyxl
import pytest

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import devices, packing, revoking, writing
from learnsite_desktop.services.enrolment import fingerprint
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store.records import records_of_kind
from tests.desks import SISTER, VILLAGE, Line, small_class

ROUND = "2026年上半年督导"


@pytest.fixture
def line(enrolled: Line) -> Line:
    enrolled.village.capture(small_class(VILLAGE))
    enrolled.carry(enrolled.village, enrolled.township)
    return enrolled


def test_comparing_counts_only_what_receiving_would(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A village approves its own session in a file: no side shows that it stands."""
    monkeypatch.setattr(writing, "require_verb", lambda *_names: None)
    monkeypatch.setattr(packing, "_periods", lambda *_words: [])
    with line.village.open() as workspace, workspace.database.transaction():
        session = records_of_kind(workspace.database, "session", unit=VILLAGE)[0].id
        writer = Writer(workspace, operator="", label="forged")
        writes = {"review.township.state": "rejected", "_deleted": True}
        writer.save(kind="session", record=session, unit=VILLAGE, writes=writes)
        writer.finish()
    line.village("edit", "activity:a1", "title=国画班")
    path = line.village.pack(line.township.unit, line.stick / "compared")
    found = line.township("compare-files", path)
    assert [(one["kind"], one["what"]) for one in found["changes"]] == [("activity", "changed")]
    assert found["second"]["apart"] == 1
    (row,) = line.township.receive(path)
    assert row["quarantined"] == 1


def test_whoever_was_allowed_to_enter_for_a_neighbour_imports_its_roster(line: Line) -> None:
    """The neighbour does not lie below: the grant alone allows it."""
    table = line.place / "名册.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("姓名", "性别", "出生日期"), ("赵春兰", "女", "1958-03-02")):
        book.active.append(row)
    book.save(table)
    words = ("learner", "import", table, "--unit", SISTER)
    assert line.village.refuses(*words) == "unit_not_below"
    with line.village.open(write=False) as workspace:
        device = b64(workspace.keys.device.public)
    with line.township.open() as workspace:
        devices.certify(workspace, device, entering_for=SISTER, since="2026-04-01")
    line.carry(line.township, line.village)
    taken = line.village(*words)
    assert taken["created"]["learner"] == 1


def test_nothing_is_mended_tomorrow(line: Line) -> None:
    line.township("supervise", VILLAGE, "1=unmet", "--round", ROUND, "--checklist", "village")
    line.carry(line.township, line.village)
    (asked,) = line.village("findings")["findings"]
    words = ("mend", asked["id"], "--text", "已补", "--on")
    assert line.village.refuses(*words, "2026-04-03") == "answer_day"
    line.village(*words, "2026-04-02")


def test_ones_own_computer_is_not_revoked_and_that_is_said_first(line: Line) -> None:
    """Before a reason or a place to revoke it at is asked for."""
    with line.township.open(write=False) as workspace:
        own = workspace.keys.device.public
        name = fingerprint(own)
        with pytest.raises(Refusal) as refused:
            revoking.confirmed(workspace, name)
    assert refused.value.code == "revoke_own"
