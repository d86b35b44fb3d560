"""A township with two villages: groups few and many, kinds of education, a campaign, last year."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.desks import SISTER, TOWNSHIP, VILLAGE, Desk, document, learner, small_class

PERIOD = "2026-03"


def _people() -> list[dict[str, Any]]:
    """Return six learners: two disabled (few), four farmers, one who is a child of eight."""
    consents = [{"kind": "sensitive", "date": "2026-02-01", "by": "self", "medium": "paper"}]
    few = [
        learner(f"d{n}", name, groups=[{"code": "disabled"}], consents=consents)
        for n, name in enumerate(("孙桂芳", "马国强"))
    ]
    farmers = [
        learner(f"f{n}", name, birth=f"197{n}", groups=[{"code": "farmer"}])
        for n, name in enumerate(("宋玉梅", "韩振华", "赵金凤", "王秀兰"))
    ]
    return [*few, *farmers]


def _activity(ref: str, **fields: Any) -> dict[str, Any]:
    return {
        "ref": ref, "title": f"活动{ref}", "site": "p1", "kind": "03", "edu_kinds": ["50"],
        "topics": ["0501"], "delivery": "10", "form": "F2", "vocational": "V2", **fields,
    }  # fmt: skip


def _session(ref: str, activity: str, date: str, **fields: Any) -> dict[str, Any]:
    return {
        "ref": ref, "activity": activity, "date": date, "start": "09:00", "end": "10:30",
        "status": "held", **fields,
    }  # fmt: skip


def village_document() -> dict[str, Any]:
    """Return what the village enters: three activities, one of them of a campaign."""
    people = _people()
    refs = [one["ref"] for one in people]
    return document(
        "village",
        unit=VILLAGE,
        sites=[
            {
                "ref": "p1", "unit": VILLAGE, "name": "=荣庄教学点", "opened": "2019-05-01",
                "kinds": ["v_point", "v_elder"],
            }
        ],
        population=[
            {"unit": VILLAGE, "year": 2025, "total": 1000, "over60": 200, "source": "年报"}
        ],
        staff=[{"ref": "t1", "name": "郑老师", "kinds": ["part_teacher"]}],
        venues=[{"ref": "v1", "name": "教室", "kind": "classroom"}],
        learners=people,
        activities=[
            _activity("a1"),
            _activity("a2", vocational="V1", edu_kinds=["40"], department="agri"),
            _activity("a3", campaign="全民终身学习活动周 2026"),
        ],
        sessions=[
            _session("s0", "a1", "2025-03-10"),
            _session("s1", "a1", "2026-03-03"),
            _session("s2", "a2", "2026-03-05"),
            _session("s3", "a3", "2026-03-09", headcount={"total": 40, "basis": "counted"}),
        ],
        rollcalls=[
            {"session": "s0", "rows": [{"learner": "f0", "status": "P"}]},
            {"session": "s1", "rows": [{"learner": ref, "status": "P"} for ref in refs]},
            {"session": "s2", "rows": [{"learner": ref, "status": "P"} for ref in refs[2:]]},
        ],
    )  # fmt: skip


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The township's data folder; copy it before writing."""
    desk = Desk(tmp_path_factory.mktemp("official") / "w", TOWNSHIP)
    desk("init", "--tier", "township", "--unit", TOWNSHIP)
    desk.capture(village_document())
    sister = copy.deepcopy(small_class(SISTER))
    sister["source"] = "sister"
    desk.capture(sister)
    return desk.folder


@pytest.fixture
def desk(founded: Path, tmp_path: Path) -> Desk:
    """A desk of the township that a test may write at."""
    import shutil  # noqa: PLC0415

    return Desk(Path(shutil.copytree(founded, tmp_path / "w")), TOWNSHIP)
