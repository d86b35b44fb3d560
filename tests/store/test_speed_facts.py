"""What makes the store fast, as facts that no busy machine can blur.

Bytes written, bytes sent, disk barriers, statements and their plans; times are measured by
`make bench`.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bench import material, stage
from bench.material import ROOT, Delta, Material, Shape, accepted, opened
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services import receiving
from learnsite_desktop.store.projection_tables import projected_kinds, record_upsert, tables_of

DAY = date(2026, 4, 1)
SMALL = Shape(villages=2, learners=40, classes=2, sessions=30, marks=20)
LARGE = Shape(villages=2, learners=40, classes=2, sessions=300, marks=20)
GROWING = frozenset(
    "op batch_op record ident mark session enrolment learner private_part blind change_op".split()  # noqa: SIM905
)
SET_LIST = re.compile(r"\bSET\s+(.*?)(?:\s+WHERE\b|$)", re.DOTALL)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the module's material lies."""
    return tmp_path_factory.mktemp("speed")


@pytest.fixture(scope="module")
def small(root: Path) -> Material:
    """A county with 1,200 attendances to come."""
    return material.built(SMALL, root)


@pytest.fixture(scope="module")
def deltas(root: Path, small: Material) -> tuple[Delta, Delta]:
    """The same news for counties that hold 1,200 and 12,000 attendances."""
    large = material.built(LARGE, root)
    return material.with_delta(small, 2, 10), material.with_delta(large, 2, 10)


@pytest.fixture(scope="module")
def statements(deltas: tuple[Delta, Delta], root: Path) -> tuple[Path, list[str]]:
    """A workspace that has received news, and every statement that took."""
    folder = root / "traced"
    shutil.copytree(deltas[1].held, folder)
    found: list[str] = []
    with opened(folder, DAY) as workspace:
        with workspace.database.raw() as connection:
            connection.set_trace_callback(found.append)
        accepted(receiving.receive(workspace, deltas[1].bundle))
        with workspace.database.raw() as connection:
            connection.set_trace_callback(None)
    return folder, list(dict.fromkeys(found))


def set_columns(sql: str) -> set[str]:
    """Return the columns that an UPDATE or upsert names before the equals signs."""
    found = SET_LIST.search(sql)
    if found is None:
        return set()
    return {part.split("=")[0].strip().strip('"') for part in found[1].split(",") if "=" in part}


def test_what_a_larger_database_adds_to_a_receive_is_bounded_per_operation(
    deltas: tuple[Delta, Delta], root: Path
) -> None:
    written: list[int] = []
    for delta in deltas:
        folder = root / f"wal-{len(written)}"
        shutil.copytree(delta.held, folder)
        written.append(stage.receive(folder, delta.bundle)["wal"])
    operations = 2 * 2 * 10
    # In a larger database the pages an operation lies on are its own: three, and nothing that grows
    # with the database itself. The ratio that is aimed at (G4) is missed; see docs/benchmarks.md.
    assert written[1] - written[0] <= 3 * 4096 * operations, written


def test_a_roll_call_costs_few_bytes_on_its_way(small: Material) -> None:
    size = small.bundle.stat().st_size
    assert size <= 15 * SMALL.attendances, size / SMALL.attendances


def test_a_typical_village_month_fits_a_chat_file(root: Path) -> None:
    first, later = material.village_months(root / "months")
    assert later <= 20_000
    assert first <= 40_000, "the first file brings 110 learners"


def test_a_second_pass_writes_no_value_twice(small: Material, root: Path) -> None:
    folder = root / "again"
    shutil.copytree(small.county, folder)
    with opened(folder, DAY) as workspace:
        accepted(receiving.receive(workspace, small.bundle))
        tables = ("op", "record", "mark", "ident", "private_part", "blind")
        before = [workspace.database.count(table) for table in tables]
        result = accepted(receiving.receive(workspace, small.again))
        assert result.outcome == "held"
        assert [workspace.database.count(table) for table in tables] == before


@pytest.mark.parametrize("kind", projected_kinds())
def test_merging_never_names_a_column_of_identity(kind: str) -> None:
    tables = tables_of(kind)
    fixed = {"ident", "unit", "cluster"}
    fixed |= {c.name for c in tables.columns if not KINDS[kind].by_register[c.register].mutable}
    named = set_columns(record_upsert(kind)[1])
    assert "counted" in named
    assert not named & fixed, "every index of a named column is rewritten"


def test_statements_of_a_receive_leave_identity_alone(
    statements: tuple[Path, list[str]],
) -> None:
    updates = [sql for sql in statements[1] if SET_LIST.search(sql)]
    assert any(sql.startswith('INSERT INTO "mark"') for sql in updates)
    wrong = {
        sql[:80]: named
        for sql in updates
        if (named := set_columns(sql) & {"ident", "unit", "kind", "session", "learner", "hash"})
        and not sql.startswith(("INSERT INTO unit", "INSERT OR REPLACE"))
    }
    assert not wrong


def plans(folder: Path, statements: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each statement with the steps of its plan."""
    with opened(folder, DAY) as workspace:
        for sql in statements:
            if re.match(r"\s*(SELECT|UPDATE|DELETE|INSERT)\b", sql):
                for row in workspace.database.rows(f"EXPLAIN QUERY PLAN {sql}"):
                    yield sql, str(row[3])


def test_a_receive_scans_no_table_that_grows(statements: tuple[Path, list[str]]) -> None:
    seen = 0
    wrong = []
    for sql, step in plans(*statements):
        seen += 1
        found = re.match(r"SCAN (\w+)(.*)", step)
        if found is None or "op_unready" in step:
            continue
        names = {found[1], *re.findall(rf"\b(\w+) {found[1]}\b", sql)}
        if names & GROWING:
            wrong.append(f"{step}: {sql[:200]}")
    assert seen > 50
    assert not wrong, "\n".join(wrong)


def _barriers(folder: Path, count: int, log: Path) -> int:
    words = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(log), sys.executable]
    words += ["-m", "bench.stage", "save", str(folder), str(count)]
    subprocess.run(
        words,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    return sum("sync(" in line for line in log.read_text(encoding="utf-8").splitlines())


def _can_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-o", os.devnull, "true"], check=False, capture_output=True)
    return done.returncode == 0


@pytest.mark.skipif(not _can_trace(), reason="strace is missing or may not trace here")
def test_saving_a_field_costs_one_disk_barrier(small: Material, root: Path) -> None:
    folder = root / "saver"
    shutil.copytree(small.village(0), folder)
    log = root / "strace.txt"
    assert _barriers(folder, 20, log) - _barriers(folder, 10, log) == 10
