"""Receipts: per receiver computer, worth nothing once it was restored; what became of a record."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.bundle.payloads import Header
from learnsite_desktop.bundle.reader import replay, scan
from learnsite_desktop.bundle.readers.v1 import NullSink
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.oplog.documents import Holding, Receipt, ReceiptBody, make_receipt
from learnsite_desktop.services import packing, receipts
from learnsite_desktop.services.receipt_got import receipt_got_page
from learnsite_desktop.services.receiving import _finder
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store.trust import certificates_by_unit, incarnations_of_unit
from tests.desks import COUNTY, TOWNSHIP, VILLAGE, Desk, Line, learner, opened, small_class, twin_of
from tests.services.test_originals import held, packed, pictured, session_of

PHONES = {"l1": "13800138000", "l2": "13900139000"}


def with_phones() -> dict[str, Any]:
    people = [learner(ref, name, mobile=PHONES[ref])
              for ref, name in (("l1", "周桂兰"), ("l2", "吴建国"))]  # fmt: skip
    return small_class(learners=[*people, learner("l3", "郑秀英")])


def phones(desk: Desk) -> set[str]:
    rows = desk("learner", "list", "--reveal")["learners"]
    return {row["mobile"] for row in rows if row["mobile"]}


def ticks(desk: Desk, to: str) -> list[bool]:
    """Return of each file with operations handed to a unit whether it is acknowledged."""
    rows = desk.rows("SELECT receipted FROM outbox WHERE to_unit=? AND heads<>'[]'", to)
    return [bool(receipted) for (receipted,) in rows]


def says(desk: Desk, unit: str) -> tuple[int, int]:
    """Return (held, total) of a unit above; (0, 0) where nothing is heard of it."""
    found = {row["unit"]: row for row in desk("standing")["above"]}
    return (found[unit]["held"], found[unit]["total"]) if unit in found else (0, 0)


def restored(desk: Desk, saved: Path) -> None:
    """Lose the folder and put a backup in its place."""
    shutil.rmtree(desk.folder)
    desk("restore", saved)


def saved_now(desk: Desk) -> Path:
    return Path(desk("backup", desk.folder.parent / "safe")["path"])


@pytest.mark.parametrize("first", ["village", "county"])
def test_a_restored_township_gets_everything_again(enrolled: Line, first: str) -> None:
    """Also where the county answers first, which has no telephone numbers to give back."""
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    saved = saved_now(township)
    village.capture(with_phones())
    pictured(village, b"apple")
    packed(village, township, enrolled)
    township("photo", "request", session_of(township))
    packed(township, village, enrolled)
    packed(village, township, enrolled)
    for _round in range(2):
        packed(township, county, enrolled)
        packed(county, township, enrolled)
    packed(township, village, enrolled)
    assert all(ticks(village, TOWNSHIP))
    total = len(village.lines())
    assert says(village, TOWNSHIP) == says(village, COUNTY) == (total, total)
    before, kept = township.state(VILLAGE), held(township)
    shutil.rmtree(enrolled.stick)

    restored(township, saved)
    assert phones(township) == set()
    if first == "county":
        packed(county, township, enrolled)
        assert township.state(VILLAGE) != "", "the operations are back"
        assert phones(township) == set()
    packed(township, village, enrolled)
    assert says(village, TOWNSHIP)[0] < total
    if first == "village":
        assert not any(ticks(village, TOWNSHIP))
    packed(village, township, enrolled)
    for _round in range(2):
        packed(county, township, enrolled)
        packed(township, village, enrolled)
        packed(village, township, enrolled)
    assert township.state(VILLAGE) == before
    assert phones(township) == set(PHONES.values())
    assert held(township) == kept
    assert village.is_sound()
    assert township.is_sound()


def test_a_restored_county_gets_everything_again(enrolled: Line) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    saved = saved_now(county)
    village.capture(with_phones())
    pictured(village, b"apple")
    packed(village, township, enrolled)
    packed(township, county, enrolled)
    packed(county, township, enrolled)
    packed(township, village, enrolled)
    before, kept = county.state(), held(county)
    assert all(ticks(township, COUNTY))
    assert says(township, COUNTY)[0] > 0
    shutil.rmtree(enrolled.stick)
    restored(county, saved)
    assert county.state() != before
    packed(county, township, enrolled)
    assert not any(ticks(township, COUNTY))
    packed(township, village, enrolled)
    assert says(village, COUNTY)[0] == 0
    packed(township, county, enrolled)
    assert county.state(VILLAGE) == township.state(VILLAGE)
    assert held(county) == kept
    packed(county, township, enrolled)
    assert all(ticks(township, COUNTY))


def test_a_receipt_may_cover_less_than_the_one_before(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    packed(village, township, enrolled)
    batch = max(row["batch"] for row in township("batches")["batches"])
    packed(township, village, enrolled)
    assert ticks(village, TOWNSHIP) == [True]
    township("rollback", str(batch))
    packed(township, village, enrolled)
    assert ticks(village, TOWNSHIP) == [False]
    assert packed(village, township, enrolled)["operations"] > 0
    packed(township, village, enrolled)
    assert ticks(village, TOWNSHIP) == [True, True]


def test_two_computers_of_a_township_give_their_own(enrolled: Line) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    second = opened(county, TOWNSHIP, enrolled.place / "second")
    packed(second, county, enrolled)
    packed(county, township, enrolled)
    packed(township, village, enrolled)
    village.capture(small_class())
    answer = village("pack", "--to", TOWNSHIP, "--out", enrolled.stick / "both")
    assert len(answer["to_devices"]) == 2
    township.receive(Path(answer["path"]))
    packed(township, village, enrolled)
    assert ticks(village, TOWNSHIP) == [True]
    # The other has not said anything yet: it is still sent all.
    again = village("pack", "--to", TOWNSHIP, "--out", enrolled.stick / "again")
    assert again["operations"] >= answer["operations"]
    second.receive(Path(again["path"]))
    packed(second, village, enrolled)
    given = [row for row in village("receipts")["receipts"] if row["by_unit"] == TOWNSHIP]
    assert len({row["by"] for row in given if row["unit"] == VILLAGE}) == 2
    for by in {row["by"] for row in given}:
        numbers = [row["number"] for row in given if row["by"] == by and row["unit"] == VILLAGE]
        assert numbers == sorted(set(numbers))
    # Each lacks at most what the other has written meanwhile: everybody converges.
    for _round in range(2):
        packed(village, township, enrolled)
        packed(village, second, enrolled)
        packed(township, second, enrolled)
        packed(second, township, enrolled)
    assert township.state(VILLAGE) == second.state(VILLAGE)


def incarnation(desk: Desk) -> str:
    with desk.open(write=False) as workspace:
        return workspace.inc


def lie(monkeypatch: pytest.MonkeyPatch, victim: Desk, number: int = 900) -> None:
    """From now on bundles claim heads and a receipt of the victim that nobody ever signed."""
    inc = unb64(incarnation(victim))
    honest = receipts.issue_receipts
    invented = bytes([number % 256]) * 32

    def issue(workspace: Workspace, subject: str) -> list[Receipt]:
        holds = (Holding(subject, inc, ((number, invented),)),)
        body = ReceiptBody(
            by=unb64(workspace.inc), unit=subject, holds=holds, number=number, at=workspace.now()
        )
        return [*honest(workspace, subject), make_receipt(workspace.keys.device, body)]

    def head(**given: Any) -> Header:
        return Header(**(given | {"basis": invented}))

    monkeypatch.setattr(packing, "issue_receipts", issue)
    monkeypatch.setattr(packing, "Header", head)


def test_a_village_that_lies_pushes_no_township_into_a_new_incarnation(
    enrolled: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was lost is shown by our own signature alone: a head can be invented, that cannot."""
    village, township = enrolled.village, enrolled.township
    before = incarnation(township)
    for number in (900, 901):
        lie(monkeypatch, township, number)
        packed(village, township, enrolled)
        monkeypatch.undo()
    assert incarnation(township) == before
    village.capture(small_class())
    packed(village, township, enrolled)
    packed(township, village, enrolled)
    assert incarnation(township) == before
    assert village.state() == township.state(VILLAGE)


@pytest.mark.parametrize("proof", ["receipt", "operations"])
def test_what_is_signed_shows_that_the_folder_is_an_old_copy(
    enrolled: Line, monkeypatch: pytest.MonkeyPatch, proof: str
) -> None:
    """By a receipt that was never given, and where none comes by operations never written."""
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    packed(village, township, enrolled)
    packed(township, village, enrolled)
    old = twin_of(township, enrolled.place / "old")
    record = township("list", "learner", "--query", "周")["records"][0]["id"]
    township("edit", record, "name=周桂花", "--why", "核对")
    packed(township, village, enrolled)
    shutil.rmtree(township.folder)
    shutil.copytree(old.folder, township.folder)
    before = incarnation(township)
    if proof == "operations":
        monkeypatch.setattr(packing, "receipts_sent", lambda _workspace, _company, given: [*given])
        told = packed(village, township, enrolled)
        assert (told["operations"], incarnation(township)) == (0, before), "nothing signed came"
        # It goes on unaware, and says what it holds: so the village sends it its own tail.
        township("edit", record, "name=周桂芝", "--why", "再核对")
        packed(township, village, enrolled)
    packed(village, township, enrolled)
    assert incarnation(township) != before
    monkeypatch.undo()
    for _round in range(2):
        packed(township, village, enrolled)
        packed(village, township, enrolled)
    assert township.state(VILLAGE) == village.state()
    assert township.is_sound()


def test_a_tail_in_the_chain_of_a_unit_below_is_shown_too(enrolled: Line) -> None:
    """The county holds what its township wrote for a village, and shows the township's word."""
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    village.capture(small_class())
    packed(village, township, enrolled)
    for _round in range(2):
        packed(township, county, enrolled)
        packed(county, township, enrolled)
    packed(township, county, enrolled)  # what it says of its own unit is said from now on
    old = twin_of(township, enrolled.place / "old")
    record = township("list", "learner", "--query", "周")["records"][0]["id"]
    township("edit", record, "name=周桂花", "--why", "核对")
    packed(township, county, enrolled)
    shutil.rmtree(township.folder)
    shutil.copytree(old.folder, township.folder)
    before = incarnation(township)
    packed(county, township, enrolled)
    assert incarnation(township) != before
    packed(township, county, enrolled)
    packed(county, township, enrolled)
    assert township("show", record)["record"]["name"] == "周桂花"


def test_certificates_that_the_receiver_has_stay_at_home(enrolled: Line) -> None:
    village, sister = enrolled.village, enrolled.sister
    township, county = enrolled.township, enrolled.county
    saved = saved_now(county)
    sister.capture(small_class(sister.unit))
    packed(sister, township, enrolled)
    for _round in range(2):
        packed(township, county, enrolled)
        packed(county, township, enrolled)
    village.capture(small_class())
    packed(village, township, enrolled)
    with township.open(write=False) as workspace:
        sisters = set(certificates_about(workspace, sister.unit))
    assert len(sisters) >= 2
    first = file_certificates(township, county, enrolled)
    assert not first & sisters
    assert first, "those of whoever wrote something in it always go"
    # What has been issued since is not among those that the county has named.
    another = opened(township, sister.unit, enrolled.place / "another")
    packed(another, township, enrolled)
    with township.open(write=False) as workspace:
        issued = set(certificates_about(workspace, sister.unit)) - sisters
    assert len(issued) == 2
    assert issued <= file_certificates(township, county, enrolled)
    restored(county, saved)
    packed(county, township, enrolled)
    assert file_certificates(township, county, enrolled) >= sisters


def certificates_about(workspace: Workspace, unit: str) -> Iterator[bytes]:
    found = certificates_by_unit(workspace.database)[unit]
    yield from (*found.incarnations, *found.certificates)


def file_certificates(giver: Desk, taker: Desk, line: Line) -> set[bytes]:
    """Pack and receive; return the certificates in the file."""
    answer = packed(giver, taker, line)
    with taker.open(write=False) as workspace:
        summary = scan(Path(answer["path"]), workspace.keys.device.identities(), lambda _inc: None)
    return {item.raw for item in summary.certificates}


def test_a_head_code_is_the_same_wherever_the_same_is_held(enrolled: Line) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    village.capture(small_class())
    packed(village, township, enrolled)
    given = township("receipt", "--to", VILLAGE, "--out", enrolled.stick / "paper")
    village.receive(Path(given["path"]))
    code = village("state")["head_code"]
    assert len(code.replace("-", "")) == 12
    assert code == given["head_code"] == township("state", "--unit", VILLAGE)["head_code"]
    (above,) = village("standing")["above"]
    assert (above["unit"], above["head_code"]) == (TOWNSHIP, code)
    packed(township, county, enrolled)
    assert county("state", "--unit", VILLAGE)["head_code"] == code
    village("edit", "activity:a1", "title=书法提高班")
    assert village("state")["head_code"] != code
    assert village("standing")["above"][0]["head_code"] == code


def test_what_the_county_holds_comes_down_and_grows_old(enrolled: Line) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    village.capture(small_class())
    packed(village, township, enrolled)
    packed(township, county, enrolled)
    with county.open() as workspace:
        given = packing.pack(workspace, TOWNSHIP, enrolled.stick / "down")
    (about,) = (one for one in given.receipts if one.unit == VILLAGE)
    township.receive(given.written.path)
    packed(township, village, enrolled)
    # Verbatim: what the village has is what the county signed.
    with village.open(write=False) as workspace:
        got = receipts.live_receipts(workspace, COUNTY)
    assert [receipt.raw for receipt in got] == [about.raw]
    rows = {row["unit"]: row for row in village("standing")["above"]}
    assert rows[COUNTY]["held"] == rows[COUNTY]["total"] == len(village.lines())
    assert [row["expired"] for row in rows.values()] == [False, False]
    village.now = "2026-05-17T10:00:00+08:00"
    assert [row["expired"] for row in village("standing")["above"]] == [False, False]
    village.now = "2026-05-18T10:00:00+08:00"
    assert [row["days"] for row in village("standing")["above"]] == [46, 46]
    assert [row["expired"] for row in village("standing")["above"]] == [True, True]


def test_a_county_that_may_have_more_asks_for_it(enrolled: Line) -> None:
    """Private values that policy kept below are asked for as soon as policy lets them pass."""
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    village.capture(with_phones())
    packed(village, township, enrolled)
    packed(township, county, enrolled)
    packed(county, township, enrolled)
    assert packed(township, county, enrolled)["operations"] == 0
    assert phones(county) == set()
    county("policy", "relay_private=name,birth,mobile")
    packed(county, township, enrolled)
    wanted = [row["wants"]["private"] for row in township("receipts")["receipts"]
              if row["by_unit"] == COUNTY and row["unit"] == VILLAGE]  # fmt: skip
    assert wanted[0] == 0
    assert wanted[-1] == len(PHONES)
    packed(township, county, enrolled)
    assert phones(county) == set(PHONES.values())
    packed(county, township, enrolled)
    wanted = [row["wants"]["private"] for row in township("receipts")["receipts"]
              if row["by_unit"] == COUNTY and row["unit"] == VILLAGE]  # fmt: skip
    assert wanted[-1] == 0


def meddle(desk: Desk, *records: str) -> None:
    """Write what a village may not: the township's review of its own records."""
    with desk.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="")
        for record in records:
            writer.save(
                kind="session", record=record, unit=desk.unit, writes={"review.township.x": "y"}
            )
        writer.finish()


def test_only_a_receipt_ticks_a_file(enrolled: Line) -> None:
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    path = village.pack(TOWNSHIP, enrolled.stick / "up")
    before = len(village.receipted(TOWNSHIP)) - 1
    assert village.receipted(TOWNSHIP) == [False] + [True] * before
    township.receive(path)
    assert village.receipted(TOWNSHIP) == [False] + [True] * before
    packed(township, village, enrolled)
    assert all(village.receipted(TOWNSHIP))


def test_what_is_held_apart_holds_nothing_else_up(enrolled: Line) -> None:
    """Later operations of the same chain, and even of the same save, stand on their own."""
    village, township = enrolled.village, enrolled.township
    village.capture(small_class())
    meddle(village, session_of(village))
    village.capture(small_class(learners=[learner("l9", "冯秀兰")]))
    packed(village, township, enrolled)
    (apart,) = township("quarantine")["items"]
    assert (apart["record"], apart["code"]) == (session_of(village), "out_of_scope")
    assert township("learner", "list", "--query", "冯秀兰", "--reveal", "--why", "x")["total"] == 1
    assert township("state")["waiting"] == 0


def test_the_village_reads_what_became_of_each_record(enrolled: Line, tmp_path: Path) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    village.capture(small_class())
    session = session_of(village)
    (row,) = village("outcome", session)["outcomes"]
    assert (row["state"], row["number"]) == ("not_yet", 1)
    packed(village, township, enrolled)
    packed(township, village, enrolled)
    (row,) = village("outcome", session)["outcomes"]
    assert (row["unit"], row["state"], row["code"]) == (TOWNSHIP, "received", None)
    meddle(village, session)
    (row,) = village("outcome", session)["outcomes"]
    assert row["state"] == "not_yet"
    assert village("outcome", "activity:a1")["outcomes"][0]["state"] == "received"
    packed(village, township, enrolled)
    answer = township("receipt", "--to", VILLAGE, "--out", enrolled.stick / "paper")
    assert answer["outcomes"] == {session: "quarantined"}
    assert answer["codes"] == {session: "out_of_scope"}
    village.receive(Path(answer["path"]))
    (row,) = village("outcome", session)["outcomes"]
    assert (row["state"], row["code"]) == ("quarantined", "out_of_scope")
    with village.open(write=False) as workspace:
        page = receipt_got_page(workspace)
    assert "未直接收下的记录" in repr(page)
    assert "无权填报该单位" in repr(page)
    # The county says it too, through the township.
    packed(township, county, enrolled)
    packed(county, township, enrolled)
    packed(township, village, enrolled)
    rows = {row["tier"]: row["state"] for row in village("outcome", session)["outcomes"]}
    assert rows == {"township": "quarantined", "county": "quarantined"}


def test_long_lists_of_outcomes_are_cut_and_counted(
    enrolled: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    village, township = enrolled.village, enrolled.township
    second = {**small_class()["sessions"][0], "ref": "s2", "date": "2026-03-10"}
    village.capture(small_class(sessions=[*small_class()["sessions"], second]))
    meddle(village, *(row["id"] for row in village("list", "session")["records"]))
    packed(village, township, enrolled)
    monkeypatch.setattr(receipts, "OUTCOMES_LISTED", 1)
    answer = township("receipt", "--to", VILLAGE, "--out", enrolled.stick / "paper")
    assert len(answer["outcomes"]) == 1
    assert answer["outcomes_unlisted"] == 1
    village.receive(Path(answer["path"]))
    with village.open(write=False) as workspace:
        page = receipt_got_page(workspace)
    assert "另有 1 条未在此列出。" in repr(page)
    found = [village("outcome", row["id"])["outcomes"][0]
             for row in village("list", "session")["records"]]  # fmt: skip
    assert sorted(row["state"] for row in found) == ["quarantined", "unlisted"]


def test_receipts_that_the_receiver_has_stay_at_home(enrolled: Line) -> None:
    """Of all units but the subject; who was restored is told everything again."""
    village, sister = enrolled.village, enrolled.sister
    township, county = enrolled.township, enrolled.county
    saved = saved_now(county)
    for desk in (village, sister):
        desk.capture(small_class(desk.unit))
        packed(desk, township, enrolled)
    packed(township, county, enrolled)
    packed(county, township, enrolled)
    village("edit", "activity:a1", "title=书法提高班")
    packed(village, township, enrolled)
    assert {VILLAGE, TOWNSHIP} <= units_of_receipts(township, county, enrolled)
    # A file may be lost: what nobody has said to hold goes again.
    village("edit", "activity:a1", "title=书法班")
    packed(village, township, enrolled)
    township("pack", "--to", COUNTY, "--out", enrolled.stick / "lost")
    packed(county, township, enrolled)
    found = units_of_receipts(township, county, enrolled)
    assert VILLAGE in found
    assert sister.unit not in found
    restored(county, saved)
    packed(county, township, enrolled)
    assert sister.unit in units_of_receipts(township, county, enrolled)


def units_of_receipts(giver: Desk, taker: Desk, line: Line) -> set[str]:
    """Pack and receive; return the units that the giver's receipts in the file are about."""
    answer = packed(giver, taker, line)
    sink = _Receipts()
    with taker.open(write=False) as workspace:
        replay(Path(answer["path"]), workspace.keys.device.identities(), sink, _finder(workspace))
        mine = incarnations_of_unit(workspace.database, giver.unit)
    return {receipt.unit for receipt in sink.found if receipt.by in mine}


class _Receipts(NullSink):
    def __init__(self) -> None:
        self.found: list[Receipt] = []

    def receipts(self, receipts: list[Receipt]) -> None:
        self.found += receipts


def test_a_second_computer_has_said_nothing_yet(enrolled: Line) -> None:
    village, township, county = enrolled.village, enrolled.township, enrolled.county
    village.capture(small_class())
    packed(village, township, enrolled)
    for _round in range(2):
        packed(township, county, enrolled)
        packed(county, township, enrolled)
    packed(township, county, enrolled)
    assert VILLAGE not in units_of_receipts(county, township, enrolled)
    second = opened(county, TOWNSHIP, enrolled.place / "second")
    packed(second, county, enrolled)
    assert VILLAGE in units_of_receipts(county, second, enrolled)
