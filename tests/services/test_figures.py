"""Figures against the month worked by hand, the independent recount, and their own records."""

import copy
import json
import random
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.cli.main import run
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import figures
from learnsite_desktop.services.indicators import DIMENSIONS, registry, shared
from learnsite_desktop.services.workspace import DATABASE_NAME, Workspace
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.figures import statements
from tests.oracle.recount import BY, Recount
from tests.oracle.replay import identifier
from tests.oracle.test_recount import golden, neighbour, truth_of

Json = dict[str, Any]
VILLAGE, OTHER, TOWN, COUNTY = "410122101205", "410122101206", "410122101000", "410122000000"
REGIONS = Path(__file__).resolve().parents[2] / "resources" / "regions" / "410122.csv"
NOW = "2026-04-20T09:00:00+08:00"
CLOCK = FixedClock(datetime.fromisoformat(NOW))
MARCH: Json = {"period": "2026-03", "unit": VILLAGE}


def said(folder: Path, *words: str, stdin: bytes | None = None, code: int = 0) -> Json:
    found, answer = run(["--data", str(folder), "--json", "--now", NOW, *words], stdin)
    assert found == code, [answer.get("error"), answer.get("issues")]
    return answer


def workspace_of(folder: Path, tier: str, unit: str, *files: Json) -> Path:
    said(folder, "init", "--tier", tier, "--unit", unit, "--regions", str(REGIONS))
    for file in files:
        text = json.dumps(file, ensure_ascii=False).encode("utf-8")
        said(folder, "capture", "-", stdin=text)
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village workspace with the sample month; tests only read it."""
    folder = tmp_path_factory.mktemp("sample") / "w"
    return workspace_of(folder, "village", VILLAGE, golden("sample_capture.json"))


@pytest.fixture
def village(sample: Path) -> Iterator[Workspace]:
    with Workspace(sample, CLOCK, write=False) as workspace:
        yield workspace


@pytest.fixture
def altered(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample workspace that a test may change."""
    return Path(shutil.copytree(sample, tmp_path / "copy"))


def by_id(values: list[Json]) -> dict[str, Json]:
    return {value["id"]: value for value in values}


def test_the_month_worked_by_hand(village: Workspace) -> None:
    worked = golden("sample_figures.json")["figures"]
    found = by_id(figures.indicators(village, **MARCH))
    assert {
        name: {key: value[key] for key in ("numerator", "denominator")}
        for name, value in found.items()
    } == worked
    assert (found["S01"]["named"], found["S01"]["headcount"]) == (14, 75)
    assert (found["S07"]["named"], found["S07"]["headcount"]) == (14, 75)
    assert (found["S02"]["named"], found["S02"]["headcount"]) == (7, 0)
    assert found["N07"]["value"] == 1
    assert found["S08"]["value"] == pytest.approx(10 / 12)


def test_the_cells_worked_by_hand(village: Workspace) -> None:
    for by in ("age", "sex", "category", "topic", "group"):
        values = figures.indicators(village, **MARCH, by=by, ids=["S01", "S02"])
        for name, cells in golden("sample_figures.json")["cells"].items():
            expected = {cell: count for cell, count in cells.items() if cell.startswith(f"{by}:")}
            found = {v["cell"]: v["numerator"] for v in values if v["id"] == name}
            assert found.pop("all") == golden("sample_figures.json")["figures"][name]["numerator"]
            assert found == expected, (name, by)


@pytest.mark.parametrize("by", DIMENSIONS)
def test_what_is_drilled_adds_up_to_the_figure(village: Workspace, by: str) -> None:
    counted = 0
    for value in figures.indicators(village, **MARCH, by=by):
        for part in figures.PARTS:
            found = figures.drill(village, value["id"], **MARCH, cell=value["cell"], part=part)
            assert found["total"] == len(found["records"])
            drilled = sum(record["contribution"] for record in found["records"])
            assert drilled == (value[part] or 0), (value, part)
            counted += len(found["records"])
    assert counted > 100


def test_a_page_of_a_drill(village: Workspace) -> None:
    whole = figures.drill(village, "S01", **MARCH)
    page = figures.drill(village, "S01", **MARCH, limit=4, offset=3)
    assert page == {"records": whole["records"][3:7], "total": 16, "incomplete": []}
    first = whole["records"][0]
    assert first["id"] == identifier("capture", VILLAGE, "rongzhuang-desk", "session", "s2")
    assert (first["kind"], first["date"], first["unit"]) == ("session", "2026-03-03", VILLAGE)
    labels = " ".join(record["label"] for record in whole["records"])
    assert "老年书法班 · 张*兰" in labels
    assert "张桂兰" not in labels


def test_constants_and_units_are_drilled_too(village: Workspace) -> None:
    (hour,) = figures.drill(village, "S05", **MARCH, part="denominator")["records"]
    assert (hour["kind"], hour["id"], hour["contribution"]) == ("policy", "minutes_per_hour", 45)
    (unit,) = figures.drill(village, "N01", **MARCH)["records"]
    assert (unit["kind"], unit["id"]) == ("unit", VILLAGE)
    assert figures.drill(village, "N08", **MARCH, part="denominator")["records"] == []


def test_linked_records_are_one_person(altered: Path) -> None:
    refs = [identifier("capture", VILLAGE, "rongzhuang-desk", "learner", r) for r in ("l1", "l5")]
    said(altered, "link", *refs)
    found = by_id(said(altered, "indicators", "--period", "2026-03")["values"])
    assert found["S02"]["numerator"] == 6
    assert found["S01"]["numerator"] == 89 - 2
    assert found["S05"]["numerator"] == 1085 - 60 - 90
    for name, value in found.items():
        drilled = said(altered, "drill", name, "--period", "2026-03")["records"]
        assert sum(record["contribution"] for record in drilled) == value["numerator"]


def test_a_known_birth_day_beats_a_known_year(altered: Path) -> None:
    """l1 gave only 1955 (70 on 1 July 2025), l5 a full day: as one person the day counts."""
    refs = [identifier("capture", VILLAGE, "rongzhuang-desk", "learner", r) for r in ("l1", "l5")]
    said(altered, "link", *refs)
    values = said(altered, "indicators", "--period", "2026-03", "--by", "age", "--id", "S02")
    cells = {value["cell"]: value["numerator"] for value in values["values"]}
    assert (cells["age:35"], cells["age:70"]) == (1, 1)


def write(folder: Path, sql: str, parameters: tuple[object, ...]) -> None:
    database = Database(folder / DATABASE_NAME)
    database.execute(sql, parameters)
    database.close()


@pytest.mark.parametrize(
    ("at", "on_time", "state"),
    [
        ("2026-04-05T23:59:59+08:00", 1, "on_time"),
        ("2026-04-06T00:00:00+08:00", 0, "late"),
        (None, 0, "silent"),
    ],
)
def test_on_time_is_by_the_fifth_day(
    altered: Path, at: str | None, on_time: int, state: str
) -> None:
    write(altered, "UPDATE submission SET received_at=? WHERE period='2026-03'", (at,))
    found = by_id(said(altered, "indicators", "--period", "2026-03", "--id", "D01")["values"])
    assert (found["D01"]["numerator"], found["D01"]["denominator"]) == (on_time, 1)
    (unit,) = said(altered, "completeness", "--period", "2026-03")["units"]
    assert unit == {"unit": VILLAGE, "state": state, "received_at": at}


def test_a_zero_report_is_zero(altered: Path) -> None:
    sql = "UPDATE submission SET received_at=?, zero_reason='农忙' WHERE period='2026-03'"
    write(altered, sql, ("2026-04-03T10:00:00+08:00",))
    (unit,) = said(altered, "completeness", "--period", "2026-03")["units"]
    assert unit["state"] == "zero"


def test_only_what_is_approved_counts_on_that_basis(altered: Path) -> None:
    session = identifier("capture", VILLAGE, "rongzhuang-desk", "session", "s6")
    words = ("indicators", "--period", "2026-03", "--basis", "approved")
    nothing = by_id(said(altered, *words)["values"])
    assert nothing["S01"]["numerator"] == 0
    assert (nothing["S07"]["value"], bool(nothing["S07"]["missing"])) == (None, True)
    assert nothing["N01"]["numerator"] == 1
    database = Database(altered / DATABASE_NAME)
    for state, held in (("approved", 1), ("edited", 0)):
        database.execute(
            "UPDATE record SET doc=json_set(doc, '$.\"review.township.state\"', ?) WHERE ident="
            "(SELECT ident FROM session WHERE date='2026-03-20')",
            (state,),
        )
        approved = by_id(said(altered, *words)["values"])
        assert approved["S03"]["numerator"] == held
        assert approved["S03"]["basis"] == "approved"
        if held:
            assert approved["S01"]["numerator"] == 38
            drilled = said(altered, "drill", "S03", *words[1:])["records"]
            assert [record["id"] for record in drilled] == [session]
    database.close()


def test_policy_changes_the_hour_and_the_active_site(altered: Path) -> None:
    said(altered, "policy", "minutes_per_hour=60", "active_sessions_per_year=72")
    found = by_id(said(altered, "indicators", "--period", "2026-03")["values"])
    assert (found["S05"]["denominator"], found["S06"]["denominator"]) == (60, 420)
    assert found["N07"]["numerator"] == 0


def test_missing_denominators_are_told(village: Workspace) -> None:
    found = by_id(figures.indicators(village, period="2024-03", unit=VILLAGE))
    for name in ("S06", "S07", "S08", "S09", "P01", "P03"):
        assert found[name]["value"] is None
        assert found[name]["missing"]
    assert found["P01"]["denominator"] is None
    assert found["S01"]["value"] == 0
    assert found["S01"]["missing"] is None
    empty = by_id(figures.indicators(village, period="2026-03", unit="410122102000"))
    assert (empty["N07"]["denominator"], empty["N07"]["value"]) == (0, None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("indicators", "--period", "2026-13"), "period_invalid"),
        (("indicators", "--period", "2026-03", "--unit", "999999999999"), "unit_unknown"),
        (("indicators", "--period", "2026-03", "--id", "S77"), "indicator_unknown"),
        (("drill", "S77", "--period", "2026-03"), "indicator_unknown"),
        (("drill", "N01", "--period", "2026-03", "--cell", "form:F2"), "figure_cell_unknown"),
        (("drill", "S01", "--period", "2026-03", "--cell", "F2"), "figure_cell_unknown"),
        (("completeness", "--period", "03/2026"), "period_invalid"),
    ],
)
def test_refusals(sample: Path, words: tuple[str, ...], code: str) -> None:
    error = said(sample, *words, code=1)["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["remedy"]


def test_an_unknown_option_is_refused_by_the_service(village: Workspace) -> None:
    with pytest.raises(Refusal) as caught:
        figures.indicators(village, **MARCH, basis="guessed")
    assert caught.value.code == "figures_option_unknown"


def test_nothing_is_left_behind(village: Workspace) -> None:
    figures.indicators(village, **MARCH, by="age")
    assert village.database.rows("SELECT name FROM sqlite_temp_master") == []


def test_every_unit_of_a_list_of_children(tmp_path: Path) -> None:
    folder = workspace_of(
        tmp_path / "w", "township", TOWN, golden("sample_capture.json"), neighbour()
    )
    answer = said(folder, "indicators", "--period", "2026-03", "--children", "--id", "S01")
    numbers = {value["unit"]: value["numerator"] for value in answer["values"]}
    assert answer["values"][0]["unit"] == TOWN
    assert (numbers.pop(TOWN), numbers.pop(VILLAGE), numbers.pop(OTHER)) == (178, 89, 89)
    assert len(numbers) == 20
    assert not any(numbers.values())
    listed = said(folder, "completeness", "--period", "2026-03")["units"]
    assert [unit["unit"] for unit in listed] == [VILLAGE, OTHER]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Json]:
    """Two villages with odd rosters, links between persons, and the same as a truth file."""
    rng = random.Random(5)
    files = [disturbed(golden("sample_capture.json"), rng), disturbed(neighbour(), rng)]
    folder = workspace_of(tmp_path_factory.mktemp("county") / "w", "county", COUNTY, *files)
    links = []
    for number, ref in enumerate(("l2", "l6")):
        here = identifier("capture", VILLAGE, "rongzhuang-desk", "learner", ref)
        there = identifier("capture", OTHER, "dahong-desk", "learner", ref)
        said(folder, "link", here, there)
        links.append({"n": 9 + number, "a": here, "b": there, "linked": True})
    return folder, truth_of(*files, links=links)


def disturbed(file: Json, rng: random.Random) -> Json:
    """Return the file with marks, minutes and days of the roll calls drawn anew."""
    found = copy.deepcopy(file)
    days = rng.sample(range(1, 28), len(found["sessions"]))
    for session, day in zip(found["sessions"], days, strict=True):
        if session["status"] == "held":
            session["date"] = f"2026-{rng.choice((1, 2, 3)):02d}-{day:02d}"
    everybody = [learner["ref"] for learner in found["learners"]]
    enrolled = {entry["learner"] for entry in found["enrolments"]}
    for call in found["rollcalls"]:
        call["rows"] = [
            {"learner": ref, "status": status}
            | ({"minutes": rng.randrange(10, 60)} if status in "LEM" else {})
            for ref in rng.sample(everybody, rng.randrange(1, 7))
            for status in (rng.choice("PPPLEAXWMR") if ref in enrolled else "W")
        ]
    return found


@pytest.mark.parametrize("period", ["2026-01", "2026-02", "2026-03", "2026-Q1", "2025-2026"])
@pytest.mark.parametrize("unit", [VILLAGE, OTHER, TOWN, COUNTY])
def test_the_independent_recount_agrees(county: tuple[Path, Json], unit: str, period: str) -> None:
    folder, truth = county
    recount = Recount(truth, unit, period)
    with Workspace(folder, CLOCK, write=False) as workspace:
        found = by_id(figures.indicators(workspace, period=period, unit=unit))
        for name, figure in recount.all(NOW).items():
            value = found[name]
            pair = (value["numerator"], value["denominator"] or 0, bool(value["missing"]))
            assert pair == (figure.numerator, figure.denominator or 0, bool(figure.missing)), name
        for by in BY:
            values = figures.indicators(workspace, period=period, unit=unit, by=by)
            cells = {(v["cell"], v["id"]): v for v in values if v["cell"] != "all"}
            for cell, counted in recount.cells(by, NOW).items():
                for name, figure in counted.items():
                    shown = cells.pop((cell, name), None)
                    assert (shown["numerator"] if shown else 0) == figure.numerator, (cell, name)
                    if shown:
                        assert (shown["denominator"] or 0) == (figure.denominator or 0)
            assert {name for _cell, name in cells} <= {"P01", "P03"}


LARGE = {"mark", "session", "learner", "enrolment", "activity", "record", "learner_groups"}


def scanned_tables(database: Database, statement: str) -> set[str]:
    """Return the tables that the plan of a statement reads from end to end."""
    named = dict(re.findall(r"\b(?:FROM|JOIN)\s+\(?(\w+)\s+(\w+)", statement))
    tables = {alias: table for table, alias in named.items()}
    steps = [row[3] for row in database.rows(f"EXPLAIN QUERY PLAN {statement}")]
    found = {step.split()[1] for step in steps if step.startswith("SCAN ")}
    return {tables.get(name, name) for name in found}


def test_large_tables_are_never_read_from_end_to_end(village: Workspace) -> None:
    """A month must not cost what ten years cost."""
    database = village.database
    explained = 0
    database.execute("SAVEPOINT plan")
    for name, section in shared().base.items():
        for statement in statements(section):
            if name != "tables":
                assert not scanned_tables(database, statement) & LARGE, (name, statement)
                explained += 1
            database.execute(statement)
    for name in ("all", "category", "topic", "age", "sex", "group"):
        for step in ("none", name, "persons"):
            for statement in statements(shared().cells.get(step, "")):
                database.execute(statement)
        for indicator in registry().values():
            if name == "all" or name in indicator.dimensions:
                for query in filter(None, (indicator.numerator, indicator.denominator)):
                    assert not scanned_tables(database, query) & LARGE, (indicator.id, name)
                    explained += 1
    database.execute("ROLLBACK TO plan")
    database.execute("RELEASE plan")
    assert explained > 60


def test_the_check_on_plans_sees_a_scan(village: Workspace) -> None:
    assert scanned_tables(village.database, "SELECT m.status FROM mark m") == {"mark"}


def test_every_indicator_has_its_place_in_the_answer(sample: Path) -> None:
    values = said(sample, "indicators", "--period", "2026-03")["values"]
    assert [value["id"] for value in values] == list(registry())
    keys = "id unit period cell numerator denominator value unit_of_measure basis named headcount"
    assert all(
        list(value)
        == [*keys.split(), "missing", "rule_version", "incomplete", "handed_in", "silent"]
        for value in values
    )
