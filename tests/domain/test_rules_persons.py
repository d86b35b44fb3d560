"""The rules for learners."""

from typing import Any

import pytest

from tests.domain.rule_cases import codes, found

ID_1949_F = "11010519491231002X"
GUARDIAN = {"name": "王芳", "relation": "母亲", "mobile": "14400000001", "date": "2026-09-01"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"birth": "2026-11-22"}, ["BIRTH_IN_FUTURE", "GUARDIAN_REQUIRED"]),
        ({"birth": "2027"}, ["BIRTH_IN_FUTURE", "GUARDIAN_REQUIRED"]),
        ({"birth": "2026-11-21", "guardian": GUARDIAN}, []),
        ({"birth": "1905-11-21"}, ["AGE_OVER_120"]),
        ({"birth": "1906-11-21"}, []),
        ({"birth": "1949-12-31", "id_number": ID_1949_F}, []),
        ({"birth": "1949", "id_number": ID_1949_F}, []),
        ({"birth": "1949-11", "id_number": ID_1949_F}, ["ID_BIRTH_MISMATCH"]),
        ({"birth": None, "id_number": ID_1949_F}, []),
        ({"birth": None, "id_number": ID_1949_F, "sex": "M"}, ["ID_SEX_MISMATCH"]),
        ({"birth": None, "id_number": ID_1949_F, "sex": "U"}, []),
        ({"birth": "1949", "id_number": "110105194912310021"}, ["ID_INVALID"]),
        ({"id_number": "1.10105E+17"}, ["ID_EXCEL_DAMAGED"]),
        ({"birth": "1949", "id_number": "110105491231002"}, ["ID_LEGACY15"]),
        ({"birth": "1948", "id_number": "110105491231002"}, ["ID_LEGACY15", "ID_BIRTH_MISMATCH"]),
        ({"id_kind": "516", "id_number": "H12345678"}, []),
        ({"mobile": "12800000000"}, ["MOBILE_INVALID"]),
        ({"mobile": "0371-62345678"}, ["MOBILE_LANDLINE"]),
        ({"groups": [{"code": "elder"}]}, ["GROUP_DERIVED"]),
        ({"groups": [{"code": "women"}, {"code": "farmer"}]}, ["GROUP_DERIVED"]),
        ({"groups": [{"code": "left_child"}]}, ["GROUP_LEFT_CHILD_AGE"]),
        ({"groups": [{"code": "left_child"}], "birth": "2008-11-21"}, ["GROUP_LEFT_CHILD_AGE"]),
        ({"groups": [{"code": "left_child"}], "birth": "2008-11-22"}, []),
        ({"groups": [{"code": "veteran"}], "birth": "2009-11-22"}, ["GROUP_VETERAN_AGE"]),
        ({"groups": [{"code": "veteran"}], "birth": "2009-11-21"}, []),
        ({"groups": [{"code": "disabled"}]}, ["GROUP_CONSENT_MISSING"]),
        ({"groups": [{"code": "disabled"}], "consents": [{"kind": "sensitive"}]}, []),
        ({"birth": "2012-11-22"}, ["GUARDIAN_REQUIRED"]),
        ({"birth": "2012-11-21"}, []),
        ({"birth": "2015", "guardian": {**GUARDIAN, "relation": " "}}, ["GUARDIAN_REQUIRED"]),
        ({"birth": "2015", "guardian": GUARDIAN}, []),
    ],
)
def test_learners(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes("learner", changes) == expected


def test_young_by_the_number_alone() -> None:
    child = {"birth": None, "id_number": "410122201503120022"}
    assert codes("learner", child) == ["GUARDIAN_REQUIRED"]


def test_old_age_is_told_once() -> None:
    changes = {"birth": "1880-01-01", "sex": "M", "id_number": "440524188001010014"}
    assert codes("learner", changes) == ["AGE_OVER_120", "ID_AREA_UNKNOWN"]


def test_mobile_shared_by_more_than_three() -> None:
    asked: list[tuple[str, str]] = []

    def holders(mobile: str, ref: str) -> int:
        asked.append((mobile, ref))
        return 4

    mobile = {"mobile": "+86 138-0000-0000"}
    assert codes("learner", mobile, mobile_holders=holders) == ["MOBILE_SHARED"]
    assert asked == [("13800000000", "l1")]
    assert codes("learner", mobile, mobile_holders=lambda *_: 3) == []


def test_trained_farmer_needs_a_proof_when_it_can_be_looked_up() -> None:
    farmer = {"groups": [{"code": "pro_farmer"}]}
    assert codes("learner", farmer, farm_proof=lambda _: False) == ["GROUP_PRO_FARMER_UNPROVEN"]
    assert codes("learner", farmer, farm_proof=lambda _: True) == []
    assert codes("learner", farmer) == []


def test_issues_name_the_entry_and_the_field() -> None:
    (issue,) = found("learner", {"id_number": "123"})
    assert (issue.kind, issue.ref, issue.field) == ("learner", "l1", "id_number")
