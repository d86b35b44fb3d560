"""Figures that lack what never comes to a desk: marked, with the unit to ask."""

from pathlib import Path

from learnsite_desktop.services.figure_views import table
from learnsite_desktop.ui.screens.indicators.model import FiguresModel
from learnsite_desktop.ui.screens.indicators.presenter import detail_of, lacking_of
from tests.desks import COUNTY, SISTER, TOWNSHIP, VILLAGE, Desk, opened


def test_a_figure_says_whose_entries_never_come_here(tmp_path: Path) -> None:
    county = Desk(tmp_path / "county", COUNTY, "2026-11-20T10:00:00+08:00")
    county("init", "--tier", "county", "--unit", COUNTY)
    county("regions", "merge", SISTER, "--into", VILLAGE, "--on", "2026-03-01")
    township = opened(county, TOWNSHIP, tmp_path / "township")
    village = opened(township, VILLAGE, tmp_path / "village")
    name = next(u["name"] for u in county("units")["units"] if u["code"] == TOWNSHIP)
    for desk, lacks in ((village, True), (county, False)):
        ask = table.Ask(VILLAGE, "2026-04", tree="now", ids=("S01",))
        with desk.open(write=False) as workspace:
            row = table.row(workspace, ask, VILLAGE)
        words = lacking_of(row, ask)
        assert (name in words) is lacks
        assert (name in detail_of(row.figures["S01"], row.name, ask).parts) is lacks
        months = table.Ask(VILLAGE, "2026-04", table.PERIODS, "S01", tree="now")
        model = FiguresModel()
        model.begin(months)
        with desk.open(write=False) as workspace:
            model.add(table.row(workspace, months, VILLAGE))
        shown = str(model.data(model.index(0, model.column_of("2026-04"))))
        assert shown.endswith("*") is lacks
