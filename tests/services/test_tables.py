"""Code tables and region trees read from files."""

from pathlib import Path

import pytest

from learnsite_desktop.domain.codes import CodeTables
from learnsite_desktop.domain.fields import Field
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.codes import read_codes, shipped_codes
from learnsite_desktop.services.regions import read_regions, regions_for, shipped_regions


def test_shipped_codes_have_both_labels() -> None:
    codes = shipped_codes()
    assert codes.label("activity_kind", "03", "zh") == "讲座"
    assert codes.label("activity_kind", "03", "en") == "lecture"
    assert codes.label("activity_kind", "77", "zh") == "77"
    assert codes.has("sex", "F")
    assert not codes.has("sex", "X")
    assert not codes.has("sex", 1)
    assert not codes.has("no_such_list", "F")
    assert codes.codes("attendance_status") == ["P", "L", "E", "A", "X", "W", "M", "R"]
    assert codes.is_derived("population_group", "elder")
    assert codes.is_sensitive("population_group", "disabled")
    assert not codes.is_derived("population_group", "farmer")


def _code_lists(field: Field) -> set[str]:
    return {field.codes, *(name for member in field.members for name in _code_lists(member))} - {""}


def test_every_code_list_of_the_registry_is_shipped() -> None:
    fields = [field for kind in KINDS.values() for field in kind.fields.values()]
    fields += [field for kind in KINDS.values() for family in kind.maps for field in family.fields]
    wanted = {name for field in fields for name in _code_lists(field)}
    assert wanted
    assert wanted <= set(shipped_codes().lists())


def test_code_tables_survive_the_round_trip_of_a_down_document() -> None:
    rows = [
        {"list": row.list, "code": row.code, "zh": row.zh, "en": row.en, "note": row.note}
        for row in shipped_codes().rows()
    ]
    assert CodeTables.of(rows).rows() == shipped_codes().rows()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("list,code,zh,en\nsex,M,男,male\nsex,M,男,male\n", "codes_repeated"),
        ("list,code,zh,en\nsex,M,,male\n", "codes_row_incomplete"),
        ("list,code,zh\nsex,M,男\n", "table_columns_missing"),
        ("", "table_columns_missing"),
    ],
)
def test_faulty_code_tables_are_refused(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        read_codes(path)
    assert caught.value.code == code


def test_shipped_county() -> None:
    tree = shipped_regions("410122")
    tiers = [tree.tier(row.code) for row in tree.rows()]
    assert (tiers.count("township"), tiers.count("village")) == (17, 343)
    assert regions_for("410122101205") is tree
    assert len(shipped_regions("410100")) == 3531


def test_unit_outside_the_shipped_trees() -> None:
    with pytest.raises(Refusal) as caught:
        regions_for("110101001001")
    assert caught.value.code == "regions_not_shipped"


def test_file_with_byte_order_mark_and_line_ends_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "区划.csv"
    text = "code,parent,level,name,kind\r\n410122000000,,3,中牟县,county\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert read_regions(path).rows()[0].name == "中牟县"


def test_refusal_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "regions.csv"
    path.write_text(
        "code,parent,level,name,kind\n410122000000,,3,中牟县,county\n4101,410122000000,5,甲,x\n",
        encoding="utf-8",
    )
    with pytest.raises(Refusal) as caught:
        read_regions(path)
    assert caught.value.code == "regions_code_invalid"
    assert caught.value.where == f"{path}: line 3"
    assert caught.value.params["unit"] == "4101"


def test_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "regions.csv"
    path.write_bytes("code,parent,level,name,kind\n410122000000,,3,中牟县,county\n".encode("gbk"))
    with pytest.raises(Refusal) as caught:
        read_regions(path)
    assert caught.value.code == "table_unreadable"


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        read_regions(tmp_path / "none.csv")
    assert caught.value.code == "table_unreadable"
