"""Numbers of persons and organisations: the listed vectors, and damage that must be seen."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.identity import birth_of, masked, sex_of
from learnsite_desktop.services.identity import check, is_known_area

TODAY = date(2026, 11, 21)
VECTORS = Path(__file__).parents[1] / "golden" / "validation_vectors.csv"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _vectors() -> list[tuple[str, str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as stream:
        return [(r["kind"], r["input"], r["expected"]) for r in csv.DictReader(stream)]


def _completed(body: str) -> str:
    """The number with its check character, by the table of the standard."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), TODAY))
    order = draw(st.integers(1, 999).filter(lambda n: n % 100 != 0))
    area = draw(st.sampled_from(["410122", "410199", "110105", "810000"]))
    return _completed(f"{area}{born:%Y%m%d}{order:03d}")


@pytest.mark.parametrize(("kind", "value", "expected"), _vectors())
def test_listed_vectors(kind: str, value: str, expected: str) -> None:
    assert check(kind, value, TODAY).result == expected


def test_all_vectors_are_there() -> None:
    assert len(_vectors()) == 16


@given(_numbers())
def test_sound_numbers_pass_and_say_who(number: str) -> None:
    found = check("cn_id", number, TODAY)
    assert found.result in {"valid", "valid_unknown_area"}
    assert found.normalised == number
    assert birth_of(number) == date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    assert sex_of(number) == ("M" if number[16] in "13579" else "F")


@given(_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_every_wrong_digit_is_caught(number: str, place: int, shift: int) -> None:
    digit = str((int(number[place]) + shift) % 10)
    damaged = number[:place] + digit + number[place + 1 :]
    assert check("cn_id", damaged, TODAY).result.startswith("invalid")


@given(_numbers(), st.integers(0, 15))
def test_every_adjacent_swap_is_caught(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert check("cn_id", swapped, TODAY).result.startswith("invalid")


@given(_numbers())
def test_full_width_and_small_x_are_normalised(number: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())
    found = check("cn_id", wide, TODAY)
    assert found.normalised == number
    assert found.result in {"valid_normalised", "valid_unknown_area"}


@pytest.mark.parametrize(
    ("value", "result", "code"),
    [
        ("110105194912310000", "invalid_excel15", "ID_EXCEL_DAMAGED"),
        ("1.10105194912310E+17", "invalid", "ID_EXCEL_DAMAGED"),
        ("1.10105E+17", "invalid", "ID_EXCEL_DAMAGED"),
        ("130503670401001", "legacy15", "ID_LEGACY15"),
        ("130503671301001", "invalid", "ID_INVALID"),
        ("", "invalid", "ID_INVALID"),
        ("1101051949123100２X1", "invalid", "ID_INVALID"),
    ],
)
def test_damaged_and_old_numbers(value: str, result: str, code: str) -> None:
    found = check("cn_id", value, TODAY)
    assert (found.result, found.issues[0].code) == (result, code)


def test_old_number_offers_the_new_one() -> None:
    assert check("cn_id", "130503670401001", TODAY).upgrade == "130503196704010016"


def test_number_of_a_real_order_ending_in_zeros_wants_a_reason() -> None:
    numbers = (
        _completed(f"410122{year}0101{order}00")
        for year in range(1950, 1990)
        for order in range(10)
    )
    number = next(n for n in numbers if n.endswith("000"))
    found = check("cn_id", number, TODAY)
    assert found.result == "valid"
    assert [issue.code for issue in found.issues] == ["ID_TAIL_ZERO"]
    assert found.issues[0].blocking


def test_age_is_reported_before_area_but_both_are_told() -> None:
    found = check("cn_id", "440524188001010014", TODAY)
    assert [issue.code for issue in found.issues] == ["AGE_OVER_120", "ID_AREA_UNKNOWN"]


def test_future_depends_on_today() -> None:
    number = _completed("41012220261121001")
    assert check("cn_id", number, date(2026, 11, 20)).result == "invalid"
    assert check("cn_id", number, TODAY).result == "valid"


@pytest.mark.parametrize(
    ("area", "known"),
    [
        ("410122", True),
        ("110103", False),  # dissolved in 2010
        ("410103", True),
        ("440524", False),
        ("810000", True),
        ("820000", True),
        ("830000", True),
        ("410199", False),
    ],
)
def test_areas_in_use(area: str, known: bool) -> None:
    assert is_known_area(area) is known


@pytest.mark.parametrize(
    ("value", "result", "normalised"),
    [
        ("0371-62345678", "landline", "037162345678"),
        ("62345678", "landline", "62345678"),
        ("（0371）6234567", "landline", "03716234567"),
        ("0086 138 0000 0000", "valid_normalised", "13800000000"),
        ("１３８００００００００", "valid_normalised", "13800000000"),
        ("1380000000", "invalid", ""),
        ("138000000001", "invalid", ""),
        ("无", "invalid", ""),
    ],
)
def test_phones(value: str, result: str, normalised: str) -> None:
    found = check("mobile", value, TODAY)
    assert (found.result, found.normalised) == (result, normalised)


def test_credit_code_in_small_letters() -> None:
    found = check("uscc", "54410122mb0000001n", TODAY)
    assert (found.result, found.normalised) == ("valid_normalised", "54410122MB0000001N")


def test_unknown_kind_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        check("passport", "E1", TODAY)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("cn_id", "410122195503120012", "410122********0012"),
        ("cn_id_public", "410122195503120012", "410122**********12"),
        ("mobile", "13800001234", "138****1234"),
        ("name", "王小英", "王*英"),
        ("name", "王英", "王*"),
        ("name", "欧阳小英", "欧**英"),
        ("cn_id", "123", "***"),
        ("note", "open", "open"),
    ],
)
def test_masks(kind: str, value: str, shown: str) -> None:
    assert masked(kind, value) == shown
