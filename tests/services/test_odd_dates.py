"""Days at the edges of the calendar, in any record, stop nobody's screens and commands.

They are written by the real writer, which asks nobody: an import, a wrong clock and a newer program
bring them too.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.fields import FieldType
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services import packing, writing
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store.records import records_of_kind
from tests.desks import COMMANDS, VILLAGE, Desk, Line, small_class

DAYS = ("9999-12-31", "0001-01-01", "1899-12-31")
PERIODS = ("9998-12", "9998-9999", "1900-01", "9999-12")
MOMENTS = ("9999-12-31T23:59:59+08:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00",
           "1899-12-31T00:00:00+08:05")  # fmt: skip
MARCH = "2026-03"
EVERYWHERE: tuple[tuple[str, ...], ...] = (
    ("today",),
    ("board", "--period", MARCH),
    ("chase", "--period", MARCH),
    ("questions",),
    ("questions", "--period", MARCH),
    ("indicators", "--period", MARCH),
    ("indicators", "--period", "2026"),
    ("indicators", "--period", MARCH, "--basis", "approved"),
    ("trend", "S01", "--period", MARCH),
    ("compare", "S01", "--period", MARCH),
    ("excluded", "S01", "--period", MARCH),
    ("inspections",),
    ("findings",),
    ("worklist",),
    ("review", "--period", MARCH),
    ("completeness", "--period", MARCH),
    ("standing",),
    ("conflicts",),
    ("returns",),
    ("corrections",),
    ("batches",),
    ("outbox",),
    ("supplements",),
    ("receipts",),
    ("relay",),
    ("population", "list", "--year", "2026"),
    ("learner", "list"),
    ("check",),
    *(("list", name, "--period", MARCH) for name, kind in KINDS.items() if not kind.document),
)


@pytest.fixture
def line(enrolled: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A village with a class; what a program would not write or pack is written and packed."""
    enrolled.village.capture(small_class(VILLAGE))
    monkeypatch.setattr(writing, "require_verb", lambda *_names: None)
    monkeypatch.setattr(packing, "_periods", lambda *_words: [])
    return enrolled


def forge(desk: Desk, kind: str, record: str, writes: Mapping[str, object], **words: Any) -> str:
    """Write whatever is said; return the record."""
    record = record or b64(os.urandom(16))
    with desk.open() as workspace, workspace.database.transaction():
        writer = Writer(workspace, operator="", label="forged")
        writer.save(kind=kind, record=record, writes=writes, **{"unit": VILLAGE, **words})
        writer.finish()
    return record


def first_of(desk: Desk, kind: str) -> Any:
    with desk.open(write=False) as workspace:
        return records_of_kind(workspace.database, kind, unit=VILLAGE)[0]


def odd_records(desk: Desk, day: str) -> None:
    """Write the day into every date of every kind of record, into a copy of what is there."""
    for kind in KINDS.values():
        if kind.document or kind.name in ("return", "submission"):
            continue
        with desk.open(write=False) as workspace:
            held = records_of_kind(workspace.database, kind.name, unit=VILLAGE)
        base = dict(held[0].doc) if held else {}
        dated: dict[str, object] = {}
        for register in kind.registers:
            spec = [one.type in (FieldType.DATE, FieldType.BIRTH) for one in register.fields]
            if not any(spec):
                continue
            values = [day if is_day else None for is_day in spec]
            dated[register.key] = values[0] if len(values) == 1 else values
        if dated:
            public = {k: v for k, v in base.items() if not kind.is_private(k)}
            writes = {**public, **dated}
            forge(desk, kind.name, "", writes, verb="create")
            if held:
                forge(desk, kind.name, held[0].id, dated)


def works(desk: Desk, place: Path) -> list[str]:
    """Run everything; return what failed. A village has no figures of others to look at."""
    commands = [
        *EVERYWHERE,
        ("digest", "--period", MARCH, "--out", str(place / f"{desk.unit}.pdf")),
        ("dhis2", "--period", MARCH, "--out", str(place / f"{desk.unit}.json")),
        *(
            ("report", name, "--period", MARCH, "--out", str(place / f"{desk.unit}{name}.xlsx"))
            for name in ("indicators", "ledger", "attendance", "roster", "activities", "elder")
        ),
    ]
    failed = []
    for words in commands:
        code, answer = run(desk, *words)
        told = str(answer.get("error", {}).get("code", ""))
        if code not in (0, 1) or told not in ("", "chase_nobody"):
            failed.append(f"{desk.unit} {' '.join(words)}: {code} {answer}")
    return failed


def run(desk: Desk, *words: str) -> tuple[int, Any]:
    return COMMANDS.attempt(desk.folder, *words, now=desk.now)


@pytest.mark.parametrize("day", DAYS)
def test_a_day_at_the_edge_in_any_record_stops_no_desk(
    line: Line, day: str, tmp_path: Path
) -> None:
    odd_records(line.village, day)
    up(line)
    visited(line, day)
    failed = [one for desk in desks(line) for one in works(desk, tmp_path)]
    assert failed == []


def up(line: Line) -> None:
    line.carry(line.village, line.township)
    line.carry(line.township, line.county)


def desks(line: Line) -> tuple[Desk, ...]:
    return line.village, line.township, line.county


def visited(line: Line, day: str) -> None:
    """An inspection and a finding with that day, by the township."""
    place = b64(derived_id("inspection", VILLAGE, "督导"))
    said = {"unit": VILLAGE, "round": "督导", "checklist": "village", "visited": day}
    forge(line.township, "inspection", place, said, verb="create")
    asked = {"inspection": place, "item": "1", "words": ["x", None], "score": ["unmet", 0, 10]}
    found = b64(derived_id("finding", VILLAGE, place, "1"))
    forge(line.township, "finding", found, {**asked, "due": day}, verb="create")
    code, answer = run(
        line.township, "supervise", VILLAGE, "2=unmet", "--round", "督导", "--checklist", "village"
    )
    assert code in (0, 1), answer


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_at_the_edge_stops_no_desk(line: Line, period: str, tmp_path: Path) -> None:
    for record in (b64(derived_id("submission", VILLAGE, period)), ""):
        forge(line.village, "submission", record, {"period": period}, verb="create")
    year = int(period[:4])
    record = b64(derived_id("population", VILLAGE, year))
    forge(line.village, "population", record, {"year": year}, verb="create")
    up(line)
    failed = [one for desk in desks(line) for one in works(desk, tmp_path)]
    asked = ("board", "digest", "chase", "indicators", "questions", "completeness", "excluded",
             "review", "compare-files")  # fmt: skip
    for desk in desks(line):
        for word in asked:
            code, answer = run(desk, word, "--period", period)
            if code not in (0, 1, 2):
                failed.append(f"{desk.unit} {word} {period}: {code} {answer}")
    assert failed == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_clock_at_the_edge_stops_no_other_desk(line: Line, moment: str, tmp_path: Path) -> None:
    """A village's clock is what it is; what it writes and packs is read by others."""
    usual = line.village.now
    line.village.now = moment
    forge(line.village, "session", first_of(line.village, "session").id, {"notes": "雨"})
    code, answer = run(line.village, "submit", "--period", MARCH)
    assert code in (0, 1), answer
    up(line)
    line.village.now = usual
    failed = [one for desk in desks(line) for one in works(desk, tmp_path)]
    assert failed == []


@pytest.mark.parametrize("now", ["9999-12-31T10:00:00+08:00", "1900-01-01T10:00:00+08:00"])
def test_a_desk_whose_own_clock_is_at_the_edge_still_opens(
    line: Line, now: str, tmp_path: Path
) -> None:
    up(line)
    line.township.now = now
    assert works(line.township, tmp_path) == []
