"""The demo end to end: every figure of every tier equals the independent recount."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.cli.main import run
from tests.oracle.recount import BY, Recount
from tests.oracle.replay import replay
from tests.oracle.terms import Figure

Json = dict[str, Any]


class Story:
    """A finished demo: its answer, its truth, and commands on its computers."""

    def __init__(self, folder: Path, scale: str = "small") -> None:
        code, self.answer = run(["--json", "demo", str(folder), "--scale", scale, "--seed", "7"])
        assert code == 0, self.answer
        text = Path(self.answer["truth"]).read_text(encoding="utf-8")
        self.truth: Json = json.loads(text)
        self.books = replay(self.truth)
        main = [entry for entry in self.answer["folders"] if entry["main"]]
        self.folders = {entry["unit"]: entry["path"] for entry in main}
        self.tiers = {entry["unit"]: entry["tier"] for entry in main}

    def indicators(self, at: str, unit: str, period: str, *more: str) -> list[Json]:
        words = ["--data", self.folders[at], "--json", "--now", self.truth["now"], "indicators"]
        code, answer = run([*words, "--period", period, "--unit", unit, *more])
        assert code == 0, answer
        values: list[Json] = answer["values"]
        return values

    def recount(self, unit: str, period: str) -> Recount:
        return Recount(self.truth, unit, period, books=self.books)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("demo") / "county")


def shown(values: list[Json]) -> dict[tuple[str, str], tuple[int, int, bool]]:
    return {
        (value["cell"], value["id"]): (
            value["numerator"] or 0,
            value["denominator"] or 0,
            bool(value["missing"]),
        )
        for value in values
    }


def expected(cell: str, figures: dict[str, Figure]) -> dict[tuple[str, str], tuple[int, int, bool]]:
    return {
        (cell, name): (figure.numerator, figure.denominator or 0, bool(figure.missing))
        for name, figure in figures.items()
    }


def test_every_unit_at_every_tier_has_the_recounted_figures(story: Story) -> None:
    county = story.truth["county"]
    for unit, tier in story.tiers.items():
        recounted = story.recount(unit, story.truth["period"]).all(story.truth["now"])
        for at in {county, unit}:
            values = story.indicators(at, unit, story.truth["period"])
            assert shown(values) == expected("all", recounted), (tier, unit, at)


@pytest.mark.parametrize("period", ["2026-02", "2026-Q1", "2026"])
def test_every_unit_has_the_recounted_figures_of_more_periods(story: Story, period: str) -> None:
    """At the county; a whole year too, which alone has the figures of years."""
    for unit in story.tiers:
        recounted = story.recount(unit, period).all(story.truth["now"])
        values = story.indicators(story.truth["county"], unit, period)
        assert shown(values) == expected("all", recounted), (unit, period)


@pytest.mark.parametrize("period", ["2026-01", "2026-02", "2026-03", "2026-H1", "2025-2026"])
def test_every_period_has_the_recounted_figures(story: Story, period: str) -> None:
    county = story.truth["county"]
    recounted = story.recount(county, period).all(story.truth["now"])
    assert shown(story.indicators(county, county, period)) == expected("all", recounted)


@pytest.mark.parametrize("period", ["2026-01", "2026-02", "2026-03", "2026-Q1"])
def test_every_township_has_the_recounted_figures_of_every_period(
    story: Story, period: str
) -> None:
    """Those too that never sent anything: what is missing must be missing for both."""
    county = story.truth["county"]
    values = story.indicators(county, county, period, "--children")
    units = [row["code"] for row in story.truth["regions"] if row["parent"] == county]
    assert len(units) == 17
    for unit in [county, *units]:
        found = shown([value for value in values if value["unit"] == unit])
        recounted = story.recount(unit, period).all(story.truth["now"])
        assert found == expected("all", recounted), (unit, period)


@pytest.mark.soak
def test_the_whole_county_has_the_recounted_figures(tmp_path: Path) -> None:
    """343 villages, 17 townships, three periods, every figure."""
    story = Story(tmp_path / "county", scale="county")
    test_every_township_has_the_recounted_figures_of_every_period(story, "2026-03")
    test_every_township_has_the_recounted_figures_of_every_period(story, "2026-Q1")
    test_every_township_has_the_recounted_figures_of_every_period(story, "2025-2026")


@pytest.mark.parametrize("by", sorted(BY))
def test_cells_are_those_recounted(story: Story, by: str) -> None:
    county, period = story.truth["county"], story.truth["period"]
    found = shown(story.indicators(county, county, period, "--by", by))
    cells = story.recount(county, period).cells(by, story.truth["now"])
    for cell, figures in cells.items():
        for key, (numerator, denominator, missing) in expected(cell, figures).items():
            if key in found or numerator:
                assert found[key] == (numerator, denominator, missing), key


def test_altering_one_mark_in_the_truth_turns_it_red(story: Story) -> None:
    county, period = story.truth["county"], story.truth["period"]
    altered = copy.deepcopy(story.truth)
    row = next(
        row
        for entry in altered["captures"]
        for call in entry["file"].get("rollcalls", [])
        for row in call["rows"]
        if row["status"] == "P"
    )
    row["status"] = "A"
    recounted = Recount(altered, county, period).all(altered["now"])
    assert shown(story.indicators(county, county, period)) != expected("all", recounted)


def test_the_planted_incidents_are_there(story: Story) -> None:
    summary = story.answer["summary"]
    assert len(story.truth["returns"]) >= 3
    assert summary["returns"] == {"closed": len(story.truth["returns"])}
    assert summary["conflicts"] == {"found": 5, "resolved": 3, "open": 2}
    assert summary["rollback"]["as_before"]
    assert summary["rollback"]["reapplied_as_after"]
    assert summary["restored"]["operations_lost_with_the_computer"] > 0
    assert summary["repeated_file"]["again"] == 0 < summary["repeated_file"]["first"]
    states = set().union(*summary["completeness"].values())
    assert {"on_time", "late", "zero", "silent"} <= states
    assert all(Path(path).is_file() for path in story.answer["workbooks"])


def test_the_truth_holds_no_totals(story: Story) -> None:
    assert set(story.truth) == {
        *("v", "seed", "scale", "county", "period", "now", "regions", "captures", "edits"),
        *("deletes", "resolutions", "links", "moves", "returns", "rolled_back", "received"),
        "restored",
    }


def test_the_summary_shows_what_the_commands_say(story: Story) -> None:
    county, period = story.truth["county"], story.truth["period"]
    figures = story.answer["summary"]["figures"][county]
    for value in story.indicators(county, county, period):
        assert figures[value["id"]]["numerator"] == value["numerator"]
        assert figures[value["id"]]["value"] == value["value"]
