"""Returns, conflicts and links between desks: asked, answered, settled, taken back."""

import json
from typing import Any

import pytest

from learnsite_desktop.services.writing import Writer
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


@pytest.fixture
def submitted(enrolled: Line) -> Line:
    """The village's class has come to the township."""
    enrolled.village.capture(small_class())
    enrolled.carry(enrolled.village, enrolled.township)
    return enrolled


def one(desk: Desk, kind: str, query: str = "") -> str:
    """Return the id of the only record of a kind that contains `query`."""
    (record,) = desk("list", kind, "--query", query)["records"]
    return str(record["id"])


# Returns


def test_a_return_goes_down_is_answered_and_closed(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session = one(township, "session")
    answer = township("return", session, "start", "--reason", "R01", "--text", "与签到表不一致")
    (row,) = township("returns")["returns"]
    assert {"id", "record", "field", "reason", "text", "state", "closed_by"} <= set(row)
    assert (row["id"], row["record"], row["field"]) == (answer["return_id"], session, "start")
    assert (row["reason"], row["text"], row["state"]) == ("R01", "与签到表不一致", "open")
    assert row["closed_by"] is None
    assert "与签到表不一致".encode() not in b"".join(township.lines())
    row = submitted.carry(township, village)
    assert row["quarantined"] == 0
    assert village("returns")["returns"][0]["text"] == "与签到表不一致"
    village("edit", session, "notes=另一处")
    assert village("returns")["returns"][0]["state"] == "open"
    village("edit", session, "end=10:40")
    (row,) = village("returns")["returns"]
    assert (row["state"], row["closed_by"]) == ("closed", village.history(session)[-1]["op"])
    submitted.carry(village, township)
    assert township("returns") == village("returns")
    assert township.state(VILLAGE) == village.state(VILLAGE)


@pytest.mark.parametrize(
    ("field", "closing"),
    [
        ("rows", {"rollcalls": [{"session": "s1", "rows": [{"learner": "l3", "status": "A"}]}]}),
        ("*", {"edits": [{"kind": "session", "record": "s1", "set": {"notes": "补记"}}]}),
        ("headcount", {"edits": [{"kind": "session", "record": "s1", "set": {
            "headcount": {"total": 4, "basis": "counted"}}}]}),
    ],
)  # fmt: skip
def test_what_closes_a_return(submitted: Line, field: str, closing: dict[str, Any]) -> None:
    session = one(submitted.township, "session")
    submitted.township("return", session, field, "--reason", "R01", "--text", "请核对")
    submitted.carry(submitted.township, submitted.village)
    submitted.village.capture(document(**closing))
    assert submitted.village("returns")["returns"][0]["state"] == "closed"


def test_a_correction_from_above_does_not_close_its_own_return(submitted: Line) -> None:
    session = one(submitted.township, "session")
    submitted.township("return", session, "notes", "--reason", "R01", "--text", "请核对")
    submitted.township("edit", session, "notes=已代改", "--why", "电话核对")
    assert submitted.township("returns")["returns"][0]["state"] == "open"


def test_undoing_the_answer_opens_the_return_again(submitted: Line) -> None:
    session = one(submitted.township, "session")
    submitted.township("return", session, "notes", "--reason", "R01", "--text", "请核对")
    submitted.carry(submitted.township, submitted.village)
    submitted.village("edit", session, "notes=改")
    assert submitted.village("returns")["returns"][0]["state"] == "closed"
    submitted.village("undo")
    assert submitted.village("returns")["returns"][0]["state"] == "open"


@pytest.mark.parametrize(
    ("field", "reason", "text", "code"),
    [
        ("wings", "R01", "请核对", "field_unknown"),
        ("start", "R77", "请核对", "reason_unknown"),
        ("start", "R01", "  ", "text_missing"),
    ],
)
def test_faulty_returns_are_refused(
    submitted: Line, field: str, reason: str, text: str, code: str
) -> None:
    session = one(submitted.township, "session")
    words = ("return", session, field, "--reason", reason, "--text", text)
    assert submitted.township.refuses(*words) == code


def test_own_records_are_not_returned(submitted: Line) -> None:
    session = one(submitted.village, "session")
    words = ("return", session, "start", "--reason", "R01", "--text", "请核对")
    assert submitted.village.refuses(*words) == "return_not_below"


# Conflicts


def disputed(line: Line, village: str, township: str) -> str:
    """Let village and township edit the class's session, not knowing of each other."""
    session = one(line.township, "session")
    line.township("edit", session, township, "--why", "核对")
    line.village("edit", session, village)
    line.carry(line.village, line.township)
    return session


def test_a_conflict_is_listed_with_base_values_and_the_one_shown(submitted: Line) -> None:
    submitted.village("edit", "session:s1", "notes=原来")
    submitted.carry(submitted.village, submitted.township)
    session = disputed(submitted, "notes=村里", "notes=镇里")
    (conflict,) = submitted.township("conflicts")["conflicts"]
    assert set(conflict) >= {"record", "kind", "field", "base", "values", "shown"}
    assert (conflict["record"], conflict["kind"], conflict["field"]) == (
        session, "session", "notes",
    )  # fmt: skip
    assert conflict["base"] == "原来"
    assert conflict["shown"] == "村里"
    assert {(row["value"], row["unit"]) for row in conflict["values"]} == {
        ("村里", VILLAGE), ("镇里", TOWNSHIP),
    }  # fmt: skip
    assert all({"op", "operator", "at"} <= set(row) for row in conflict["values"])
    assert submitted.township("state")["conflicts_open"] == 1
    assert submitted.township("show", session)["record"]["notes"] == "村里"


def test_a_conflict_is_closed_everywhere_by_keeping_one_value(submitted: Line) -> None:
    session = disputed(submitted, "notes=村里", "notes=镇里")
    (conflict,) = submitted.township("conflicts")["conflicts"]
    kept = next(row["op"] for row in conflict["values"] if row["value"] == "镇里")
    assert submitted.township("resolve", session, "notes", "--keep", kept)["change"]
    assert submitted.township("conflicts")["conflicts"] == []
    submitted.carry(submitted.township, submitted.village)
    for desk in (submitted.village, submitted.township):
        assert desk("conflicts")["conflicts"] == []
        assert desk("show", session)["record"]["notes"] == "镇里"
        assert desk("quarantine")["items"] == []
        assert desk.is_sound()
    assert submitted.township.refuses("resolve", session, "notes", "--keep", kept) == (
        "conflict_unknown"
    )


def test_a_conflict_is_closed_by_a_new_value(submitted: Line) -> None:
    session = disputed(submitted, "notes=村里", "notes=镇里")
    submitted.township("resolve", session, "notes", "--value", '"两处都对"')
    assert submitted.township("show", session)["record"]["notes"] == "两处都对"
    assert submitted.township("conflicts")["conflicts"] == []


def test_a_group_stays_whole_in_conflict_and_resolution(submitted: Line) -> None:
    session = disputed(submitted, "start=08:00", "end=11:00")
    (conflict,) = submitted.township("conflicts")["conflicts"]
    assert conflict["field"] == "time"
    shown = sorted(json.dumps(row["value"], sort_keys=True) for row in conflict["values"])
    assert shown == ['{"end": "10:30", "start": "08:00"}', '{"end": "11:00", "start": "09:00"}']
    value = '{"start": "08:00", "end": "11:00"}'
    assert submitted.township.refuses("resolve", session, "time", "--value", '"08:00"') == (
        "value_refused"
    )
    submitted.township("resolve", session, "start", "--value", value)
    record = submitted.township("show", session)["record"]
    assert (record["start"], record["end"]) == ("08:00", "11:00")
    assert submitted.township.value("SELECT minutes FROM session") == 180


@pytest.mark.parametrize(
    "value",
    [
        "25",
        '{"start": "99:99", "end": "11:00"}',
        '{"start": "10:00"}',
        '{"start": "11:00", "end": "10:00"}',
        '{"start": "08:00", "end": "10:00", "x": 1}',
        "null",
    ],
)
def test_a_resolution_is_checked_like_any_value(submitted: Line, value: str) -> None:
    session = disputed(submitted, "start=08:00", "end=11:00")
    words = ("resolve", session, "time", "--value", value)
    assert submitted.township.refuses(*words) == "value_refused"
    assert len(submitted.township("conflicts")["conflicts"]) == 1


def test_what_follows_from_a_value_is_settled_with_it(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    person = one(township, "learner", "周桂兰")
    township("edit", person, "birth=1961-05-05", "--why", "户口本")
    village("edit", person, "birth=1957-01-01")
    submitted.carry(village, township)
    fields = {conflict["field"]: conflict for conflict in township("conflicts")["conflicts"]}
    assert set(fields) == {"birth", "birth_year"}
    kept = next(row["op"] for row in fields["birth"]["values"] if row["value"] == "1961-05-05")
    township("resolve", person, "birth", "--keep", kept)
    assert township("conflicts")["conflicts"] == []
    shown = township("show", person)["record"]
    assert (shown["birth"], shown["birth_year"]) == ("1961-05-05", 1961)


def test_private_values_in_conflict_are_kept_by_their_commitment(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    person = one(township, "learner", "周桂兰")
    township("edit", person, "mobile=14400000122", "--why", "电话核对")
    village("edit", person, "mobile=14400000111")
    submitted.carry(village, township)
    (conflict,) = township("conflicts")["conflicts"]
    assert conflict["field"] == "mobile"
    values = {row["value"]: row["op"] for row in conflict["values"]}
    assert set(values) == {"14400000111", "14400000122"}
    township("resolve", person, "mobile", "--keep", values["14400000111"])
    resolution = township.operations()[-1]
    (source,) = (o for o in township.operations() if o.un == VILLAGE and o.r == person
                 and o.k == "learner.edit" and "mobile" in o.pf and not o.why)  # fmt: skip
    assert resolution.pf == source.pf
    submitted.carry(township, village)
    assert village("show", person)["record"]["mobile"] == "14400000111"
    assert village("conflicts")["conflicts"] == []
    township("edit", person, "mobile=14400000144", "--why", "电话核对")
    village("edit", person, "mobile=14400000133")
    submitted.carry(township, village)
    village("resolve", person, "mobile", "--value", '"14400000155"')
    assert village("show", person)["record"]["mobile"] == "14400000155"
    submitted.carry(village, township)
    assert township("show", person)["record"]["mobile"] == "14400000155"
    assert township("conflicts")["conflicts"] == []


def test_a_deletion_and_an_edit_that_do_not_know_of_each_other(submitted: Line) -> None:
    session = one(submitted.township, "session")
    submitted.township("delete", session, "--why", "重复登记")
    submitted.village("edit", session, "notes=改")
    submitted.carry(submitted.village, submitted.township)
    (conflict,) = submitted.township("conflicts")["conflicts"]
    assert (conflict["field"], conflict["shown"]) == ("_deleted", False)
    assert {row["value"] for row in conflict["values"]} == {True, "edited"}
    assert submitted.township("list", "session")["total"] == 1
    assert submitted.township.value("SELECT counted FROM session") == 1
    gone = next(row["op"] for row in conflict["values"] if row["value"] is True)
    submitted.township("resolve", session, "_deleted", "--keep", gone)
    assert submitted.township("list", "session")["total"] == 0
    submitted.carry(submitted.township, submitted.village)
    assert submitted.village("list", "session")["total"] == 0
    assert submitted.village("conflicts")["conflicts"] == []


def test_keeping_the_edit_keeps_the_record(submitted: Line) -> None:
    session = one(submitted.township, "session")
    submitted.township("delete", session, "--why", "重复登记")
    submitted.village("edit", session, "notes=改")
    submitted.carry(submitted.village, submitted.township)
    (conflict,) = submitted.township("conflicts")["conflicts"]
    kept = next(row["op"] for row in conflict["values"] if row["value"] == "edited")
    submitted.township("resolve", session, "_deleted", "--keep", kept)
    submitted.carry(submitted.township, submitted.village)
    for desk in (submitted.village, submitted.township):
        assert desk("list", "session")["total"] == 1
        assert desk("conflicts")["conflicts"] == []
        assert desk("show", session)["record"]["notes"] == "改"


def test_marks_of_different_learners_do_not_conflict_but_of_one_do(submitted: Line) -> None:
    session = one(submitted.township, "session")
    third = one(submitted.township, "learner", "郑秀英")
    first = one(submitted.township, "learner", "周桂兰")
    for desk, rows in (
        (submitted.township, [{"learner": third, "status": "A"}]),
        (submitted.village, [{"learner": first, "status": "E"}]),
    ):
        desk.capture(document("calls", rollcalls=[{"session": session, "rows": rows}]))
    submitted.carry(submitted.village, submitted.township)
    assert submitted.township("conflicts")["conflicts"] == []
    assert submitted.township.rows("SELECT status FROM mark ORDER BY status") == [
        ("A",), ("E",), ("L",),
    ]  # fmt: skip
    for desk, status in ((submitted.township, "L"), (submitted.village, "P")):
        rows = [{"learner": first, "status": status}]
        desk.capture(document("calls", rollcalls=[{"session": session, "rows": rows}]))
    submitted.carry(submitted.village, submitted.township)
    (conflict,) = submitted.township("conflicts")["conflicts"]
    assert conflict["field"] == f"a:{first}"
    for wrong in ('"P"', '{"status": "Q"}', '{"minutes": 3}', '["P", null, null, null]'):
        words = ("resolve", session, f"a:{first}", "--value", wrong)
        assert submitted.township.refuses(*words) == "value_refused"
    submitted.township(
        "resolve", session, f"a:{first}", "--value", '{"status": "M", "minutes": 30}'
    )
    rows = submitted.township("show", session)["record"]["rows"]
    assert {"learner": first, "status": "M", "minutes": 30} in rows


def branched(desk: Desk, record: str, count: int) -> None:
    """Give a record `count` heads, as that many computers editing at once would."""
    heads = desk("show", record)["heads"]
    with desk.open() as workspace, workspace.database.transaction():
        for number in range(count):
            writer = Writer(workspace, operator="", label="test")
            writes = {"notes": f"第{number}种"}
            writer.save(kind="session", record=record, unit=VILLAGE, writes=writes, par=heads)
            writer.finish()


def test_a_record_with_more_than_64_heads_is_frozen_until_it_is_saved(enrolled: Line) -> None:
    village = enrolled.village
    session = village.capture(small_class())["ids"]["session"]["s1"]
    branched(village, session, 70)
    assert len(village("show", session)["heads"]) == 70
    assert village.value("SELECT counted FROM session") == 0
    assert village.is_sound()
    held = len(village.lines())
    village("resolve", session, "notes", "--value", '"定稿"')
    joined, resolved = village.operations(held)
    assert (joined.k, len(joined.par), joined.writes()) == ("session.merge", 64, {})
    assert (resolved.k, len(resolved.par)) == ("session.resolve", 7)
    assert len(village("show", session)["heads"]) == 1
    assert village.value("SELECT counted FROM session") == 1
    assert village("conflicts")["conflicts"] == []
    enrolled.carry(village, enrolled.township)
    assert enrolled.township.state(VILLAGE) == village.state()
    assert enrolled.township("show", session)["record"]["notes"] == "定稿"
    assert village.is_sound()


def test_faulty_resolutions_are_refused(submitted: Line) -> None:
    session = disputed(submitted, "notes=村里", "notes=镇里")
    assert submitted.township.refuses("resolve", session, "notes", "--keep", "A" * 43) == (
        "value_unknown"
    )
    assert submitted.township.refuses("resolve", session, "start", "--value", '"x"') == (
        "conflict_unknown"
    )
    answer = submitted.township("resolve", session, "notes", code=2)
    assert answer["error"]["code"] == "usage"


# Links


def persons(desk: Desk, unit: str) -> int:
    """Return S02, the distinct persons of March, as the command gives it."""
    answer = desk("indicators", "--period", "2026-03", "--unit", unit, "--id", "S02")
    return int(answer["values"][0]["value"])


def attended(unit: str, *names: str) -> dict[str, Any]:
    """Return a class of `unit` where everybody named is present."""
    content = small_class(unit)
    content["learners"] = [learner(f"l{n}", name) for n, name in enumerate(names)]
    content["enrolments"] = [
        {"activity": "a1", "learner": f"l{n}", "joined": "2026-02-24"} for n in range(len(names))
    ]
    rows = [{"learner": f"l{n}", "status": "P"} for n in range(len(names))]
    content["rollcalls"] = [{"session": "s1", "rows": rows}]
    return content


@pytest.fixture
def people(enrolled: Line) -> Line:
    """Two villages, five persons by their records, all present once in March."""
    for desk, names in ((enrolled.village, "甲 乙 丙"), (enrolled.sister, "丁 戊")):
        desk.capture(attended(desk.unit, *(f"赵{name}" for name in names.split())))
        enrolled.carry(desk, enrolled.township)
    return enrolled


def names_of(desk: Desk) -> dict[str, str]:
    """Return learners' ids by name."""
    return {row["name"]: row["id"] for row in desk("list", "learner")["records"]}


def clusters(desk: Desk) -> set[frozenset[str]]:
    """Return who counts as one person, as sets of ids."""
    found: dict[int, set[str]] = {}
    with desk.open(write=False) as workspace:
        for ident, cluster in desk.rows("SELECT ident, cluster FROM learner"):
            found.setdefault(cluster, set()).add(workspace.idents.record(ident))
    return {frozenset(group) for group in found.values() if len(group) > 1}


def test_linked_learners_count_once_and_unlinked_ones_again(people: Line) -> None:
    township = people.township
    ids = names_of(township)
    a, d = ids["赵甲"], ids["赵丁"]
    assert (persons(township, TOWNSHIP), persons(township, VILLAGE)) == (5, 3)
    answer = township("link", a, d)
    assert answer["operations"] == 1
    assert clusters(township) == {frozenset({a, d})}
    assert (persons(township, TOWNSHIP), persons(township, VILLAGE)) == (4, 3)
    assert persons(township, SISTER) == 2
    (link,) = township("list", "link")["records"]
    assert (link["in_unit"], link["linked"]) == (TOWNSHIP, True)
    assert township("link", d, a)["operations"] == 0
    township("unlink", a, d)
    assert clusters(township) == set()
    assert persons(township, TOWNSHIP) == 5
    township("link", d, a)
    assert persons(township, TOWNSHIP) == 4
    township("undo")
    assert persons(township, TOWNSHIP) == 5
    assert township.is_sound()


def test_one_person_present_twice_at_a_session_counts_once(people: Line) -> None:
    village = people.village
    ids = names_of(village)

    def attendances() -> int:
        words = ("indicators", "--period", "2026-03", "--unit", VILLAGE, "--id", "S01")
        return int(village(*words)["values"][0]["value"])

    assert (attendances(), persons(village, VILLAGE)) == (3, 3)
    village("link", ids["赵甲"], ids["赵乙"])
    assert (attendances(), persons(village, VILLAGE)) == (2, 2)
    village("unlink", ids["赵甲"], ids["赵乙"])
    assert (attendances(), persons(village, VILLAGE)) == (3, 3)


def test_clusters_of_three_and_taking_one_out(people: Line) -> None:
    township = people.township
    ids = names_of(township)
    a, b, d = ids["赵甲"], ids["赵乙"], ids["赵丁"]
    township("link", a, d)
    township("link", d, b)
    assert clusters(township) == {frozenset({a, b, d})}
    assert persons(township, TOWNSHIP) == 3
    township("unlink", a, b)
    assert clusters(township) == {frozenset({b, d})}
    assert persons(township, TOWNSHIP) == 4
    township("link", a, b)
    assert clusters(township) == {frozenset({a, b, d})}
    township("unlink", d, a)
    assert clusters(township) == {frozenset({a, b})}
    assert township.is_sound()


def test_links_work_whatever_comes_first(people: Line) -> None:
    """At the county the learners are taken back and brought again while the link stays."""
    township, county = people.township, people.county
    first = people.carry(township, county)
    people.carry(county, township)
    ids = names_of(township)
    township("link", ids["赵甲"], ids["赵丁"])
    second = people.carry(township, county)
    assert second["operations_new"] == 1
    assert clusters(county) == {frozenset({ids["赵甲"], ids["赵丁"]})}
    assert persons(county, TOWNSHIP) == 4
    county("rollback", str(first["batch"]))
    assert clusters(county) == set()
    assert persons(county, TOWNSHIP) == 0
    assert county.is_sound()
    county("reapply", str(first["batch"]))
    assert clusters(county) == {frozenset({ids["赵甲"], ids["赵丁"]})}
    assert persons(county, TOWNSHIP) == 4
    assert county.state(TOWNSHIP) == township.state(TOWNSHIP)
    assert county.is_sound()


def test_a_new_computer_gets_the_links_with_the_learners(people: Line) -> None:
    township, county = people.township, people.county
    ids = names_of(township)
    township("link", ids["赵甲"], ids["赵丁"])
    people.carry(township, county)
    fresh = Desk(people.place / "fresh", TOWNSHIP)
    fresh("open", county("opening", TOWNSHIP, "--out", people.stick / "o")["files"][0]["path"])
    people.carry(fresh, county)
    people.carry(county, fresh)
    assert clusters(fresh) == {frozenset({ids["赵甲"], ids["赵丁"]})}
    assert fresh.is_sound()


def test_a_link_within_a_village_belongs_to_the_village(people: Line) -> None:
    ids = names_of(people.village)
    people.village("link", ids["赵甲"], ids["赵乙"])
    (link,) = people.village("list", "link")["records"]
    assert link["in_unit"] == VILLAGE
    people.carry(people.village, people.township)
    assert persons(people.township, TOWNSHIP) == 4
    assert people.township("quarantine")["items"] == []


def test_two_places_that_link_the_same_pair_make_one_link(people: Line) -> None:
    ids = names_of(people.village)
    people.village("link", ids["赵甲"], ids["赵乙"])
    people.township("link", ids["赵乙"], ids["赵甲"])
    people.carry(people.village, people.township)
    assert people.township("list", "link")["total"] == 1
    assert people.township("conflicts")["conflicts"] == []
    assert persons(people.township, TOWNSHIP) == 4
    assert people.township.is_sound()


def test_a_star_of_links_is_one_person(people: Line) -> None:
    ids = names_of(people.village)
    for other in ("赵乙", "赵丙"):
        people.village("link", ids["赵甲"], ids[other])
    assert persons(people.village, VILLAGE) == 1
    assert people.village.is_sound()


def test_faulty_links_are_refused(people: Line) -> None:
    ids = names_of(people.village)
    a, session = ids["赵甲"], one(people.village, "session")
    assert people.village.refuses("link", a, a) == "link_learners"
    assert people.village.refuses("link", a, session) == "link_learners"
    assert people.village.refuses("link", a, "nobody") == "record_unknown"


# Lists


def test_lists_narrow_to_a_unit_with_those_below_and_to_a_period(submitted: Line) -> None:
    village, township = submitted.village, submitted.township
    session = one(township, "session")
    township("return", session, "notes", "--reason", "R01", "--text", "请核对")
    day = township("show", session)["record"]["date"]
    village("edit", session, "notes=村里写的")
    township("edit", session, "notes=镇里写的", "--why", "核对过")
    submitted.carry(village, township)
    for name in ("returns", "conflicts"):
        for unit, found in ((VILLAGE, 1), (TOWNSHIP, 1), (SISTER, 0)):
            assert township(name, "--unit", unit)["total"] == found, (name, unit)
        assert township(name, "--period", day[:7])["total"] == 1
        assert township(name, "--period", "2019")["total"] == 0
    assert village("outbox", "--unit", TOWNSHIP)["total"] == village("outbox")["total"] > 0
    assert village("outbox", "--period", "2019")["total"] == 0
    batches = township("batches")["batches"]
    from_below = [row for row in batches if row["from"] != COUNTY]
    assert township("batches", "--unit", TOWNSHIP)["batches"] == from_below
    assert 0 < len(from_below) < len(batches)
    assert township.refuses("returns", "--unit", "999999999999") == "unit_unknown"
    assert township.refuses("batches", "--period", "bad") == "period_invalid"


def test_taking_a_person_out_writes_each_link_once(submitted: Line) -> None:
    village = submitted.village
    people = [row["id"] for row in village("list", "learner")["records"]][:3]
    village("link", people[0], people[1])
    village("link", people[0], people[2])
    # Two links say no; a third keeps the other two together, who were one person only through her.
    assert village("unlink", people[0], people[1])["operations"] == 3
    linked = {row["id"]: row["linked_to"] for row in village("learner", "list")["learners"]}
    assert linked == {people[0]: [], people[1]: [people[2]], people[2]: [people[1]]}
