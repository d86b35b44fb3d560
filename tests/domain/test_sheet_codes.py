"""Codes of printed sheets: what people misread or mistype is noticed."""

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.sheet_codes import ALPHABET, read_code, scan_text, sheet_code, spaced

RECORDS = [f"record {number}" for number in range(200)]


def test_a_code_has_eight_characters_that_do_not_look_alike() -> None:
    codes = [sheet_code(record) for record in RECORDS]
    assert {len(code) for code in codes} == {8}
    assert not set("".join(codes)) & set("01OIL")
    assert len(set(codes)) == len(RECORDS)
    assert sheet_code("a", 1) != sheet_code("a")


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        spaced,
        lambda code: f" {code[:4]}-{code[4:]} ",
        lambda code: "".join(chr(ord(character) + 0xFEE0) for character in code),
        lambda code: scan_text(code, 2),
        lambda code: scan_text(code, 1).lower(),
    ],
)
def test_it_is_read_however_it_is_typed(typed: object) -> None:
    assert callable(typed)
    for record in RECORDS:
        code = sheet_code(record)
        assert read_code(typed(code)) == code


def refused(text: str) -> bool:
    try:
        read_code(text)
    except Refusal as refusal:
        return refusal.code == "sheet_code_wrong"
    return False


def test_one_wrong_character_is_noticed() -> None:
    for record in RECORDS[:20]:
        code = sheet_code(record)
        for place in range(8):
            for wrong in set(ALPHABET) - {code[place]}:
                assert refused(code[:place] + wrong + code[place + 1 :])


def test_two_characters_in_each_others_place_are_noticed() -> None:
    for record in RECORDS:
        code = sheet_code(record)
        for first in range(8):
            for second in range(first + 1, 8):
                mixed = list(code)
                mixed[first], mixed[second] = mixed[second], mixed[first]
                assert code[first] == code[second] or refused("".join(mixed))


@pytest.mark.parametrize("text", ["", "2222", "222222222", "O2222222", "书法班", "LSS:", "LSS:2:1"])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert refused(text)
