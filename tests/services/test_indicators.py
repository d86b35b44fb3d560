"""Indicator files: complete, readable by the store, each with a month worked by hand."""

import json
import re
from pathlib import Path

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.indicators import (
    CODE_LISTS,
    DIMENSIONS,
    DefinitionError,
    chosen,
    parse_definition,
    parse_sections,
    registry,
    shared,
)

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "sample_figures.json"
HELD = [
    *(f"S0{number}" for number in range(1, 10)),
    *("P01", "P03", "P04", "P09", "G01", "G02", "G05", "G07", "G09"),
    *("N01", "N02", "N03", "N04", "N05", "N07", "N08", "N09"),
    *("T01", "T02", "T03", "R03", "E01", "D01", "D02", "D03"),
]
OF_A_YEAR = {"P04"}
"""Without a value for a month, as the worked example is: then the register says nothing."""

GOOD = """-- id: X01
-- zh: 例
-- en: example
-- unit: 个
-- dimensions: tier
-- needs: held sites
-- rule_version: 1
-- basis_zh: 甲
-- basis_en: a
-- source: own

-- numerator
SELECT 1

-- denominator
SELECT 2
"""


def test_all_are_there_in_catalogue_order() -> None:
    assert list(registry()) == HELD


@pytest.mark.parametrize("name", HELD)
def test_each_says_what_it_is_and_has_a_worked_example(name: str) -> None:
    indicator = registry()[name]
    worked = json.loads(GOLDEN.read_text(encoding="utf-8"))["figures"][name]
    if name not in OF_A_YEAR:
        assert (worked["denominator"] is not None) == bool(indicator.denominator)
    assert indicator.text("name", "zh") != indicator.text("name", "en")
    assert indicator.text("basis", "zh")
    assert indicator.rule_version
    if indicator.denominator and name != "S05":
        assert indicator.text("missing", "zh")
        assert indicator.text("missing", "en")


def test_shared_sections_serve_every_need_and_dimension() -> None:
    files = shared()
    needs = {need for indicator in registry().values() for need in indicator.needs}
    assert needs - {"persons"} <= set(files.base)
    assert {*DIMENSIONS, "all", "none", "persons"} == set(files.cells)
    assert all(shipped_codes().codes(name) for name in CODE_LISTS.values())


def test_one_may_have_the_queries_of_another_with_codes_of_its_own() -> None:
    whole = GOOD.replace("SELECT 1", "SELECT 1 WHERE x IN ({codes})")
    with_codes = whole.replace("-- source", "-- codes: a b\n-- source")
    assert parse_definition(with_codes, "x").numerator == "SELECT 1 WHERE x IN ('a', 'b')"
    head = GOOD.split("\n-- numerator", maxsplit=1)[0].replace(
        "-- source", "-- codes: c\n-- source"
    )
    other = parse_definition(head, "y", like=with_codes)
    assert other.numerator == "SELECT 1 WHERE x IN ('c')"
    assert other.denominator == "SELECT 2"
    for wrong in (whole, GOOD.replace("-- source", "-- codes: a\n-- source"), head):
        with pytest.raises(DefinitionError):
            parse_definition(wrong, "z")
    with pytest.raises(DefinitionError):
        parse_definition(with_codes.replace("codes: a b", "codes: a') --"), "z")


def test_the_sql_stays_portable() -> None:
    words = r"\b(strftime|julianday|date\(|datetime\(|ifnull|iif|glob|rowid|pragma|total\()\b"
    files = shared()
    texts = [*files.base.values(), *files.cells.values()]
    for indicator in registry().values():
        texts += [indicator.numerator, indicator.denominator]
    assert not [found for text in texts for found in re.findall(words, text, re.IGNORECASE)]


def test_a_complete_file_is_read() -> None:
    indicator = parse_definition(GOOD, "X01.sql")
    assert indicator.needs == ("held", "sites")
    assert (indicator.numerator, indicator.denominator) == ("SELECT 1", "SELECT 2")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- zh: 例\n", "", "zh"),
        ("-- unit: 个", "-- unit: ", "unit"),
        ("dimensions: tier", "dimensions: colour", "colour"),
        ("needs: held", "needs: rain", "rain"),
        ("SELECT 1", "", "query"),
        ("SELECT 2", "", "query"),
    ],
)
def test_an_incomplete_file_is_named(old: str, new: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=f"X01.sql.*{said}"):
        parse_definition(GOOD.replace(old, new), "X01.sql")


def test_a_section_may_have_several_names() -> None:
    assert parse_sections("about\n-- section: a b\nSELECT 1;\n-- section: c\nSELECT 2;\n") == {
        "a": "SELECT 1;",
        "b": "SELECT 1;",
        "c": "SELECT 2;",
    }


def test_unknown_ids_are_refused() -> None:
    assert [indicator.id for indicator in chosen(["S02", "S01", "S02"])] == ["S02", "S01"]
    with pytest.raises(Refusal) as caught:
        chosen(["S01", "S99"])
    assert (caught.value.code, caught.value.where) == ("indicator_unknown", "S99")
