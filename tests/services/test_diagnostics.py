"""The diagnostics pack: nothing of anybody in it, and enough to help with.

A county is filled with marked values: every field of every kind of record as the registry names
them, every text column of every table as the schema names them, operators, names of files, the
path itself, the names of the computer and its user, the diary. The pack is then searched for every
mark in every spelling.
"""

import base64
import html
import json
import logging
import os
import platform
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.fields import Field, FieldType, Kind
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.impersonal import LEFT_OUT, is_impersonal, sieved
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.logs import close_diary, note_refusal, open_diary
from learnsite_desktop.services import diagnostics, surroundings
from learnsite_desktop.services.telling import tell
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import measures
from learnsite_desktop.store.engine import Database
from tests.desks import COUNTY, NOW, Desk

MARKS = ("司马秘密", "zhaocanary", "13987654321", "410122195503127788", "zhao.canary@mail.cn")
DAY = "2026-03-05"
_CLOCK = FixedClock(datetime.fromisoformat(NOW))
_LOG = logging.getLogger("learnsite_desktop.tests.canaries")
_WHENS = {"at", "received_at", "valid_from", "valid_to"}


def spellings(mark: str) -> Iterator[bytes]:
    """Yield every way in which a mark may stand in a file."""
    for coding in ("utf-8", "utf-16-le", "utf-16-be", "gbk"):
        raw = mark.encode(coding)
        yield raw
        yield raw.hex().encode()
        for shift in range(3):  # base64 of a text that has the mark anywhere in it
            whole = base64.b64encode(b"\0" * shift + raw)
            inner = whole[2 if shift == 1 else 3 if shift else 0 : -4 if len(raw) % 3 else None]
            yield inner.rstrip(b"=")
    yield json.dumps(mark)[1:-1].encode()
    yield html.escape(mark).encode()
    if not mark.isascii():
        yield mark.encode("ascii", "xmlcharrefreplace")


def found_in(path: Path) -> set[str]:
    """Return the marks that stand anywhere in a pack, names and comments of its files included."""
    with zipfile.ZipFile(path) as archive:
        parts = [path.name.encode(), path.read_bytes(), archive.comment]
        for one in archive.infolist():
            parts += [one.filename.encode(), one.comment, one.extra, archive.read(one)]
    whole = b"\n".join(parts)
    return {mark for mark in MARKS for one in spellings(mark) if one in whole}


def value(field: Field, mark: str) -> object:
    """Return a register value of a field that holds the mark wherever a text can stand."""
    if field.type is FieldType.STRUCT:
        inner: object = [value(member, mark) for member in field.members]
    elif field.type in (FieldType.INT, FieldType.BOOL):
        inner = 1
    elif field.type is FieldType.DATE:
        inner = DAY
    elif field.type is FieldType.UNIT:
        inner = COUNTY
    elif field.type is FieldType.REF:
        inner = b64(os.urandom(16))
    else:
        inner = mark
    return [inner] if field.many else inner


def fill_kind(writer: Writer, kind: Kind, mark: str) -> None:
    writes: dict[str, object] = {
        register.key: register.pack({one.name: value(one, mark) for one in register.fields})
        for register in kind.registers
    }
    for family in kind.maps:
        name = family.prefix + b64(os.urandom(16))
        writes[name] = [value(one, mark) for one in family.fields]
    writer.save(kind=kind.name, record=b64(os.urandom(16)), unit=COUNTY, writes=writes)


def fill_table(database: Database, table: str, number: int, mark: str) -> None:
    """Insert a row with the mark in every text; a column that says when gets a day."""
    columns = database.rows(f"SELECT name, type FROM pragma_table_info('{table}')")
    values: list[object] = []
    for name, kind in columns:
        if name in _WHENS:
            values.append(DAY if name.startswith("valid") else NOW)
        elif name == "counts":
            values.append(json.dumps({mark: 1, "new": mark}))
        elif "BLOB" in kind:
            values.append(mark.encode() + os.urandom(8))
        elif kind == "TEXT":
            values.append(mark)
        else:
            values.append(9_000_000 + number)
    names = ",".join(f'"{name}"' for name, _kind in columns)
    places = ",".join("?" * len(columns))
    database.execute(f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({places})', values)


def fill_diary(mark: str) -> None:
    _LOG.warning("a path in a message: %s", mark)
    tell("database_copied", where=mark)
    note_refusal(_LOG, "file_missing", Refusal("file_missing", where=mark))
    try:
        raise ValueError(mark)
    except ValueError:
        _LOG.exception("a mistake of ours with %s", mark)
    _LOG.info("started %s", mark, extra={"figures": {mark: 1, "paint_ms": mark, "desk_ms": 12}})
    _LOG.error("%s", mark, extra={"code": mark})


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A county whose every text is marked, in a marked folder of a marked user."""
    desk = marked_records(tmp_path, monkeypatch)
    with desk.open() as workspace:
        for number, mark in enumerate(MARKS):
            for table in measures.rows_of_tables(workspace.database):
                if table not in ("op", "chain", "run", "checkpoint"):  # they prove themselves
                    fill_table(workspace.database, table, number, mark)
    return desk


def marked_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a county with marked records that are sound, and everything about it marked."""
    home = tmp_path / f"home-{MARKS[1]}-{MARKS[0]}"
    desk = Desk(home / MARKS[2] / "data", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("USER", "USERNAME", "LOGNAME", "HOSTNAME", "COMPUTERNAME", "QT_IM_MODULE"):
        monkeypatch.setenv(name, MARKS[1])
    monkeypatch.setattr(platform, "node", lambda: MARKS[1])
    monkeypatch.setattr(platform, "release", lambda: f"6.1.0-{MARKS[1]}")
    told = {"ID": MARKS[1] + MARKS[0], "VERSION_ID": f"12 {MARKS[1]}"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: told)
    with desk.open() as workspace:
        for mark in MARKS:
            with workspace.database.transaction():
                writer = Writer(workspace, operator=b64(os.urandom(16)), label=mark)
                for kind in KINDS.values():
                    if not kind.document:
                        fill_kind(writer, kind, mark)
                writer.finish()
        fill_files(desk.folder)
        diary = surroundings_diary(desk.folder)
        for mark in MARKS:
            fill_diary(mark)
        diary()
    return desk


def fill_files(folder: Path) -> None:
    for place in ("media/ab", "inbox", "backups", "reports", "templates", "logs"):
        (folder / place).mkdir(parents=True, exist_ok=True)
        for mark in MARKS:
            (folder / place / f"{mark}.lsb").write_text(mark, encoding="utf-8")


def surroundings_diary(folder: Path) -> Callable[[], None]:
    opened = open_diary(folder)
    return lambda: close_diary(opened)


def packed(desk: Desk, out: Path, *flags: str) -> Path:
    answer = desk("diagnostics", "--out", out, *flags)
    assert answer["path"] == str(out)
    assert out.stat().st_size == answer["bytes"]
    return out


def contents(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return {
            name.removesuffix(".json"): json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".json")
        }


def test_the_marks_are_everywhere_in_the_records(county: Desk) -> None:
    """Else the search below proves nothing: each kind, each table with a text, holds a mark."""
    with county.open(write=False) as workspace:
        database = workspace.database
        tables = measures.rows_of_tables(database)
        texts = {
            table: [
                name
                for name, kind in database.rows(
                    f"SELECT name, type FROM pragma_table_info('{table}')"
                )
                if kind == "TEXT" and name not in _WHENS
            ]
            for table in tables
        }
        empty = [
            (table, column)
            for table, columns in texts.items()
            for column in columns
            if not database.value(
                f'SELECT count(*) FROM "{table}" WHERE "{column}" LIKE ?', (f"%{MARKS[1]}%",)
            )
        ]
        assert empty == []
        kinds = {kind for (kind,) in database.rows("SELECT DISTINCT kind FROM record")}
    assert {name for name, kind in KINDS.items() if not kind.document} <= kinds


def test_nothing_of_anybody_is_in_the_pack(county: Desk, tmp_path: Path) -> None:
    path = packed(county, tmp_path / "pack.zip")
    assert found_in(path) == set()
    found = contents(path)
    for part in ("check", "counts", "batches", "policies", "schema"):
        assert "refused" not in found[part], part
    assert found["counts"]["records"]["learner"] == len(MARKS)
    assert len(found["batches"]) == len(MARKS)
    assert [one.get("code") for one in found["diary"]].count("file_missing") == len(MARKS)
    assert found["diary"][-1]["line"] > 0


def test_nor_where_tables_differ_from_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the thorough check finds quotes rows: of that only the code is told, and how often."""
    desk = marked_records(tmp_path, monkeypatch)
    with desk.open() as workspace:
        workspace.database.execute("UPDATE site SET opened='2001-01-01'")
    path = packed(desk, tmp_path / "pack.zip", "--deep")
    assert found_in(path) == set()
    assert contents(path)["check"]["problems"]["projection_differs"] > 0


_SLIPS: dict[str, tuple[object, str, object]] = {
    "a path": (diagnostics, "place", lambda folder: {"folder": folder.parent.parent.name[5:15]}),
    "words of the diary": (surroundings, "_told", dict),
    "names of files": (diagnostics._Marks, "__call__", lambda _self, text: text),
    "keys of counts": (diagnostics, "KINDS", {**KINDS, MARKS[1]: None}),
    "a name of a font": (diagnostics, "program", lambda: {"font": MARKS[1]}),
}


@pytest.mark.parametrize("slip", sorted(_SLIPS))
def test_a_slip_is_found(
    county: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slip: str
) -> None:
    """One place that passes a text on is enough to be seen by the search above."""
    where, name, wrong = _SLIPS[slip]
    monkeypatch.setattr(where, name, wrong)
    assert found_in(packed(county, tmp_path / "pack.zip")) == {MARKS[1]}


def test_the_second_lock_lets_no_name_and_no_number_through() -> None:
    for text in (
        *(mark for mark in MARKS if mark != "zhaocanary"),
        "/home/zhao", "C:\\Users\\zhao", "~zhao", "139 8765 4321", "139-8765-4321",
    ):  # fmt: skip
        assert not is_impersonal(text), text
    for text in ("2026-04-02T10:00:00+08:00", "2026-04-02", "6.12.0", "CREATE TABLE a (b TEXT)"):
        assert is_impersonal(text), text
    given = {"司马": 1, "a": ["13987654321", {"b": b"x"}]}
    assert sieved(given) == {LEFT_OUT: 1, "a": [LEFT_OUT, {"b": LEFT_OUT}]}


def test_two_packs_cannot_be_joined_by_names_of_files(county: Desk, tmp_path: Path) -> None:
    """Within a pack equal names are seen to be equal; between packs nothing is."""
    first, second = (
        [one["file"] for one in contents(packed(county, tmp_path / f"{n}.zip"))["batches"]]
        for n in (1, 2)
    )
    assert len(set(first)) == len(MARKS)
    assert not set(first) & set(second)


def test_a_damaged_and_a_missing_workspace_have_their_pack_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    (desk.folder / "learnsite.db").write_bytes(b"zhaocanary" * 5000)
    found = contents(packed(desk, tmp_path / "damaged.zip"))
    assert found["refused"] == "database_damaged"
    assert found["place"]["learnsite_db"] == 50_000
    assert "counts" not in found
    assert found_in(tmp_path / "damaged.zip") == set()
    none = Desk(tmp_path / "nowhere", COUNTY)
    assert contents(packed(none, tmp_path / "none.zip"))["refused"] == "workspace_missing"
    assert not none.folder.exists()


def test_a_pack_is_whole_or_not_there(
    county: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(diagnostics, "settle_file", full)
    answer = county("diagnostics", "--out", tmp_path / "pack.zip", code=1)
    assert answer["error"]["code"] == "disk_full"
    assert not list(tmp_path.glob("pack*"))


def test_the_page_says_what_it_is_in_plain_chinese(county: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed(county, tmp_path / "pack.zip")) as archive:
        page = archive.read("index.html").decode("utf-8")
        names = archive.namelist()
    assert "诊断包" in page
    assert "身份证" in page
    assert all(name in page for name in names if name != "index.html")


def test_what_was_refused_is_in_the_diary_of_the_pack(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    assert desk.refuses("inspect", tmp_path / "zhaocanary.lsb") == "bundle_unreadable"
    last = contents(packed(desk, tmp_path / "pack.zip"))["diary"][-1]
    assert last["code"] == "bundle_unreadable"
    assert any(frame.startswith("frame.py:") for frame in last["error"]["frames"])
    assert found_in(tmp_path / "pack.zip") == set()


def test_a_diary_with_lines_of_another_shape_does_not_stop_the_pack(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    odd: list[Any] = [{"level": ["error"], "code": "x"}, {"code": {"a": 1}, "level": "error"}, [1]]
    odd += ["x", None]
    odd += [{"level": "error", "error": {"frames": 3, "cause": [1]}, "figures": 5, "line": "9"}]
    diary = desk.folder / "logs" / "learnsite.jsonl"
    diary.parent.mkdir(exist_ok=True)
    with diary.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in odd)
    told = contents(packed(desk, tmp_path / "pack.zip"))["diary"]
    assert {"at": "", "level": "error", "error": {"type": None}} in told


@pytest.mark.parametrize("name", ["learnsite.db", "keys.json"])
def test_a_pack_is_not_written_over_the_records(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path / "data", COUNTY)
    desk("init", "--tier", "county", "--unit", COUNTY)
    before = (desk.folder / name).read_bytes()
    for out in (desk.folder / name, desk.folder / "logs" / ".." / name):
        assert desk.refuses("diagnostics", "--out", out) == "file_exists"
    assert (desk.folder / name).read_bytes() == before
