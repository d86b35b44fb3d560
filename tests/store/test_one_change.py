"""Several operations on one record in one go: the projection shows the last word of each."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bench.material import TOWNSHIP, clock_on, opened, tree
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.services import founding
from learnsite_desktop.services.health import check
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer

DAY = date(2026, 3, 1)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A township's workspace, empty."""
    folder = tmp_path / "workspace"
    founding.found(folder, clock_on(DAY), tier="township", unit=TOWNSHIP, tree=tree(1))
    with opened(folder, DAY) as found:
        yield found


def write(workspace: Workspace, *saves: tuple[str, str, dict[str, object]]) -> None:
    """Write (kind, record, registers) one after the other, as one change."""
    with workspace.database.transaction():
        writer = Writer(workspace, operator="", label="test")
        for kind, record, writes in saves:
            writer.save(kind=kind, record=record, unit=TOWNSHIP, writes=writes)
        writer.finish()


def new_id() -> str:
    return b64(os.urandom(16))


def test_a_list_written_once_and_carried_on_stands_once(workspace: Workspace) -> None:
    learner = new_id()
    write(
        workspace,
        ("learner", learner, {"sex": "F", "groups": [["farmer", None]]}),
        ("learner", learner, {"sex": "M"}),
        ("learner", learner, {"education": "70"}),
    )
    rows = workspace.database.rows("SELECT code FROM learner_groups")
    assert rows == [("farmer",)]
    assert workspace.database.rows("SELECT sex, education FROM learner") == [("M", "70")]
    assert check(workspace, deep=True)["projection_equal"]


def test_a_mark_set_and_withdrawn_is_gone_and_one_withdrawn_and_set_is_there(
    workspace: Workspace,
) -> None:
    session, first, second = new_id(), new_id(), new_id()
    present, absent = ["P", None, "roster", None], ["A", None, "roster", None]
    write(
        workspace,
        ("session", session, {"date": "2026-03-01", f"a:{first}": present, f"a:{second}": absent}),
        ("session", session, {f"a:{first}": None, f"a:{second}": None}),
        ("session", session, {f"a:{second}": present}),
    )
    rows = workspace.database.rows(
        "SELECT i.rid, m.status FROM mark m JOIN ident i ON i.id=m.learner"
    )
    assert [(b64(rid), status) for rid, status in rows] == [(second, "P")]
    assert check(workspace, deep=True)["projection_equal"]


def test_a_mark_of_another_shape_shows_what_fits(workspace: Workspace) -> None:
    session, first, second = new_id(), new_id(), new_id()
    write(
        workspace,
        ("session", session, {f"a:{first}": ["P"], f"a:{second}": ["P", "ten", 7, True, "later"]}),
    )
    rows = workspace.database.rows("SELECT status, minutes, source, proxy FROM mark")
    assert sorted(rows, key=str) == [("P", None, None, 1), ("P", None, None, None)]


def test_withdrawing_through_a_merge_leaves_the_last_word(workspace: Workspace) -> None:
    session, learner = new_id(), new_id()
    present = ["P", None, "roster", None]
    write(workspace, ("session", session, {"date": "2026-03-01", f"a:{learner}": present}))
    with workspace.database.transaction():
        writer = Writer(workspace, operator="", label="test")
        heads = writer.heads("session", session)
        for value in (["A", None, "roster", None], None):
            writer.save(
                kind="session",
                record=session,
                unit=TOWNSHIP,
                writes={f"a:{learner}": value},
                par=heads,
            )
        writer.finish()
    assert workspace.database.count("conflict") == 1
    assert check(workspace, deep=True)["projection_equal"]
