"""The registry of record kinds: a kind is one file, and everything else follows from it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain import records as registry
from learnsite_desktop.domain.fields import DELETED, Field, FieldType, Kind
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.platform import i18n
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.store.projection_tables import schema_sql, table_names
from tests.desks import TOWNSHIP, VILLAGE, Line, codes_of, document, small_class

FESTIVAL = '''
"""Festivals: a kind of record that exists for a test only."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, MapRegister, reasons, register

KIND = Kind(
    name="festival",
    label="festival",
    section="festivals",
    title_field="title",
    parent="site",
    maps=(
        MapRegister(
            prefix="s:",
            key=Field(name="learner", type=FieldType.REF, label="learner", ref="learner",
                      required=True),
            fields=(
                Field(name="prize", type=FieldType.TEXT, label="prize", required=True),
                Field(name="points", type=FieldType.INT, label="points"),
            ),
            section="prizes",
            table="prize",
            label="prize",
        ),
    ),
    registers=(
        register(Field(name="title", type=FieldType.TEXT, label="title", required=True)),
        register(
            Field(name="site", type=FieldType.REF, label="site", ref="site", required=True),
            mutable=False,
        ),
        register(Field(name="speaker", type=FieldType.TEXT, label="speaker"), private=True),
        register(
            Field(name="first", type=FieldType.DATE, label="first day", required=True),
            Field(name="last", type=FieldType.DATE, label="last day"),
            name="days",
        ),
        register(Field(name="topics", type=FieldType.CODE, label="topics", codes="topic",
                       many=True)),
        register(Field(name="open_air", type=FieldType.BOOL, label="open air")),
        register(
            Field(
                name="stalls",
                type=FieldType.STRUCT,
                label="stalls",
                many=True,
                members=(
                    Field(name="name", type=FieldType.TEXT, label="name", required=True),
                    Field(name="visitors", type=FieldType.INT, label="visitors"),
                ),
            )
        ),
        reasons(),
    ),
)
'''

ENTRY: dict[str, Any] = {
    "ref": "f1",
    "title": "重阳敬老节",
    "site": "p1",
    "speaker": "褚卫国",
    "first": "2026-10-18",
    "last": "2026-10-20",
    "topics": ["0501", "0701"],
    "open_air": True,
    "stalls": [{"name": "剪纸", "visitors": 40}, {"name": "书法"}],
}


@pytest.fixture
def festival(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    """A further kind, as one file in a folder that the registry's package also looks into."""
    folder = tmp_path / "more_kinds"
    folder.mkdir()
    (folder / "festival.py").write_text(FESTIVAL, encoding="utf-8")
    module = f"{registry.__name__}.festival"
    monkeypatch.setattr(registry, "__path__", [*registry.__path__, str(folder)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    declared = registry._declared()
    assert set(declared) == {*KINDS, "festival"}
    monkeypatch.setitem(KINDS, "festival", declared["festival"])
    yield declared["festival"]
    sys.modules.pop(module)
    del registry.festival  # type: ignore[attr-defined]


def test_a_kind_in_one_file_goes_through_everything(enrolled: Line, festival: Kind) -> None:
    village, township = enrolled.village, enrolled.township
    held = len(village.lines())
    village.capture(small_class())
    answer = village.capture(document(festivals=[ENTRY]))
    assert answer["created"] == {"festival": 1}
    record = answer["ids"]["festival"]["f1"]

    # capture: checked like any other, equal values are the same, unknown keys refused
    assert village.capture(document(festivals=[ENTRY]))["same"] == {"festival": 1}
    for change, code in (
        ({"clowns": 3}, "KEY_UNKNOWN"),
        ({"topics": ["nonsense"]}, "CODE_UNKNOWN"),
        ({"first": None}, "REQUIRED_MISSING"),
        ({"open_air": 1}, "TYPE_WRONG"),
    ):
        assert code in codes_of(village.capture(document(festivals=[{**ENTRY, **change}]), code=1))
    rows = [{"learner": "l1", "prize": "一等奖", "points": 9}, {"learner": "l2", "prize": "鼓励奖"}]
    called = village.capture(document(prizes=[{"festival": "f1", "rows": rows}]))
    assert called["updated"] == {"festival": 1}

    # operations: one name for each register, the private one by its commitment
    created = village.operations(held)[-2]
    assert created.k == "festival.create"
    assert created.f["days"] == ["2026-10-18", "2026-10-20"]
    assert created.f["stalls"] == [["剪纸", 40], ["书法", None]]
    assert set(created.pf) == {"speaker"}
    assert "褚卫国".encode() not in b"".join(village.lines())

    # list and edit
    assert village("list", "festival", "--query", "敬老")["total"] == 1
    village("edit", "festival:f1", "last=2026-10-21", "speaker=蒋文英")
    assert village.operations()[-1].f == {"days": ["2026-10-18", "2026-10-21"]}
    shown = village("show", record)["record"]
    assert {key: shown[key] for key in ENTRY if key not in ("ref", "site", "last", "speaker")} == {
        key: ENTRY[key] for key in ENTRY if key not in ("ref", "site", "last", "speaker")
    }
    assert shown["speaker"] == "蒋文英"
    assert village("show", "festival:f1", "--history")["history"][-1]["set"] == {
        "first": "2026-10-18", "last": "2026-10-21", "speaker": "蒋文英",
    }  # fmt: skip

    # bundle
    row = enrolled.carry(village, township)
    assert (row["outcome"], row["quarantined"]) == ("received", 0)
    assert township("show", record)["record"] == village("show", record)["record"]
    assert township.state(VILLAGE) == village.state(VILLAGE)
    assert village.is_sound()
    assert township.is_sound()

    # projection
    assert township.rows(
        "SELECT f.title, f.first, f.last, f.open_air, f.counted, u.code, s.name FROM festival f "
        "JOIN unit u ON u.id=f.unit JOIN site s ON s.ident=f.site"
    ) == [("重阳敬老节", "2026-10-18", "2026-10-21", 1, 1, VILLAGE, "荣庄教学点")]
    assert township.rows("SELECT value FROM festival_topics ORDER BY value") == [
        ("0501",), ("0701",),
    ]  # fmt: skip
    assert township.rows("SELECT name, visitors FROM festival_stalls ORDER BY visitors DESC") == [
        ("剪纸", 40), ("书法", None),
    ]  # fmt: skip
    assert township.rows("SELECT prize, points FROM prize ORDER BY points") == [
        ("鼓励奖", None), ("一等奖", 9),
    ]  # fmt: skip
    columns = {name for (name,) in township.rows("SELECT name FROM pragma_table_info('festival')")}
    assert "speaker" not in columns

    # children, review, deletion
    township("return", record, "title", "--reason", "R01", "--text", "缺少届次")
    enrolled.carry(township, village)
    assert village("returns")["returns"][0]["record"] == record
    # what the township has acknowledged goes no longer by hand, only by a capture file
    assert village.refuses("delete", "site:p1", "--why", "撤点") == "received_not_deletable"
    gone = document(deletes=[{"kind": "site", "record": "p1", "why": "撤点"}])
    assert village.capture(gone)["deleted"]["festival"] == 1


def test_a_workspace_learns_a_new_kind_when_it_is_next_opened(
    enrolled: Line, festival: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older program keeps and relays the operations; a newer one shows them."""
    enrolled.village.capture(small_class())
    enrolled.village.capture(document(festivals=[ENTRY]))
    with monkeypatch.context() as older:
        older.delitem(KINDS, "festival")
        row = enrolled.carry(enrolled.village, enrolled.township)
        assert row["outcome"] == "received"
        assert enrolled.township.value("SELECT count(*) FROM record WHERE kind='festival'") == 1
        assert enrolled.township.is_sound()
        enrolled.carry(enrolled.township, enrolled.county)
    assert enrolled.county("list", "festival")["total"] == 1
    assert enrolled.county.value("SELECT title FROM festival") == "重阳敬老节"
    assert enrolled.county.is_sound()
    assert enrolled.county.state(VILLAGE) == enrolled.village.state(VILLAGE)
    assert TOWNSHIP not in {found.un for found in enrolled.county.operations()}


# The registry as shipped


def fields_of(kind: Kind) -> Iterator[Field]:
    """Yield all fields of a kind, members and those of map registers included."""
    stack = list(kind.fields.values())
    for family in kind.maps:
        stack += [family.key, *family.fields]
    while stack:
        field = stack.pop()
        yield field
        stack += field.members


KIND_NAMES = sorted(KINDS)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_every_label_is_translated(name: str) -> None:
    labels = {*KINDS[name].labels()}
    assert {field.label for field in fields_of(KINDS[name])} < labels
    former = i18n.use("zh")
    try:
        assert [label for label in labels if i18n.render(label, {}) == label] == []
    finally:
        i18n.use(former)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_declarations_are_complete(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    keys = [register.key for register in kind.registers]
    names = [field.name for register in kind.registers for field in register.fields]
    assert len(set(keys)) == len(keys)
    assert len(set(names)) == len(names)
    prefixes = [family.prefix for family in kind.maps]
    reserved = {DELETED, "_", "review.", "outcome.", *prefixes}
    assert not [key for key in keys if any(key.startswith(start) for start in reserved)]
    for field in fields_of(kind):
        assert bool(field.codes) == (field.type is FieldType.CODE), field.name
        assert bool(field.ref) == (field.type is FieldType.REF), field.name
        assert bool(field.members) == (field.type is FieldType.STRUCT), field.name
        assert not field.codes or shipped_codes().codes(field.codes), field.codes
        assert field.ref in ("", "*", *KINDS), field.ref
    for needed in (*kind.natural_key, kind.parent, kind.unit_field, kind.title_field):
        assert not needed or needed in kind.fields, needed
    for needed in (*kind.natural_key, kind.parent):
        register = kind.by_field.get(needed)
        assert register is None or kind.document or (not register.mutable), needed
    for register in kind.registers:
        assert len(register.fields) == 1 or register.name, register.key


def test_every_kind_takes_reasons() -> None:
    assert [name for name, kind in KINDS.items()
            if not kind.document and "reasons" not in kind.fields] == []  # fmt: skip


def test_what_identifies_a_person_is_private() -> None:
    public = {
        (kind.name, register.key)
        for kind in KINDS.values()
        for register in kind.registers
        if not register.private
    }
    for name in ("name", "birth", "mobile", "address", "identity", "guardian", "reasons"):
        assert ("learner", name) not in public
    for kind, name in (("staff", "name"), ("staff", "mobile"), ("operator", "name")):
        assert (kind, name) not in public
    assert ("return", "text") not in public


def test_projection_names_are_unique() -> None:
    names = table_names()
    assert len(set(names)) == len(names)
    assert len(set(schema_sql())) == len(schema_sql())
