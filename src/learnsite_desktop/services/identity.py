"""Checks of resident ID numbers, unified social credit codes and phone numbers.

Check characters and the table of area codes come from python-stdnum. An area code never decides
about a number: people carry codes of counties long dissolved, and the table ends somewhere.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from learnsite_desktop.domain.births import age_on
from learnsite_desktop.domain.identity import CheckResult, birth_of
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.regions import SHIPPED, shipped_regions

KINDS: Final = ("cn_id", "uscc", "mobile")
OLDEST: Final = 120
PERMIT_AREAS: Final = frozenset({"810000", "820000", "830000"})

_BETWEEN = re.compile(r"[\s'‐-―−_-]+")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_FRACTION = re.compile(r"([0-9]{8,})\.0+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY = re.compile(r"(?:\+|00)86")
_LANDLINE = re.compile(r"0[1-9][0-9]{1,2}[2-9][0-9]{6,7}|[2-8][0-9]{6,7}|[48]00[0-9]{7}")
_ID_FORM = re.compile(r"[0-9]{17}[0-9X]")
_OLD_FORM = re.compile(r"[0-9]{15}")

_WHY_FORM = N_("it must have 18 characters, digits and maybe a final X")
_WHY_BIRTH = N_("there is no such birth day")
_WHY_FUTURE = N_("the birth day lies in the future")
_WHY_CHECK = N_("the check character does not fit")
_WHY_CODE_FORM = N_("it must have 18 characters of the permitted alphabet")


def check(kind: str, value: str, today: date) -> CheckResult:
    """Check ``value`` as ``cn_id``, ``uscc`` or ``mobile``; another kind is a KeyError.

    ``today`` decides which birth days lie in the future.
    """
    return _CHECKS[kind](value, today)


def clean(value: str) -> str:
    """Full-width forms narrowed (NFKC), spaces, hyphens and quotes removed, letters large."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", value)).upper()


def _check_cn_id(value: str, today: date) -> CheckResult:
    """Check a resident ID number of 18 characters, or of the old form with 15 digits."""
    number = clean(value)
    number = _FRACTION.sub(r"\1", number)
    if _SCIENTIFIC.fullmatch(number):
        return _refused("ID_EXCEL_DAMAGED", "id_number")
    if _OLD_FORM.fullmatch(number):
        return _check_old_id(number)
    if not _ID_FORM.fullmatch(number):
        return _refused("ID_INVALID", "id_number", why=_WHY_FORM)
    fits = ric.calc_check_digit(number) == number[-1]
    rounded = number.endswith("000")
    if rounded and not fits:
        return _refused("ID_EXCEL_DAMAGED", "id_number", result="invalid_excel15")
    born = birth_of(number)
    if born is None:
        return _refused("ID_INVALID", "id_number", why=_WHY_BIRTH)
    if born > today:
        return _refused("ID_INVALID", "id_number", why=_WHY_FUTURE)
    if not fits:
        return _refused("ID_INVALID", "id_number", why=_WHY_CHECK)
    result, issues = _area_and_age(number, born, today, "valid")
    if rounded:
        issues.append(_issue("ID_TAIL_ZERO", "id_number"))
    if result == "valid" and number != value:
        result = "valid_normalised"
    return CheckResult(result, number, tuple(issues))


def _check_old_id(number: str) -> CheckResult:
    """Keep an old number and offer its 18-digit form."""
    if birth_of(number) is None:
        return _refused("ID_INVALID", "id_number", why=_WHY_BIRTH)
    longer = f"{number[:6]}19{number[6:]}"
    upgrade = longer + ric.calc_check_digit(f"{longer}0")
    issues = [_issue("ID_LEGACY15", "id_number", upgrade=upgrade)]
    if not is_known_area(number[:6]):
        issues.append(_issue("ID_AREA_UNKNOWN", "id_number", area=number[:6]))
    return CheckResult("legacy15", number, tuple(issues), upgrade)


def _area_and_age(number: str, born: date, today: date, result: str) -> tuple[str, list[Issue]]:
    """Return notes about age and area; of the two the age is the one reported."""
    issues: list[Issue] = []
    if not is_known_area(number[:6]):
        issues.append(_issue("ID_AREA_UNKNOWN", "id_number", area=number[:6]))
        result = "valid_unknown_area"
    age = age_on(born, today)
    if age > OLDEST:
        issues.insert(0, _issue("AGE_OVER_120", "id_number", age=age))
        result = "valid_checksum_age_warn"
    return result, issues


def _check_uscc(value: str, _today: date) -> CheckResult:
    """Check a unified social credit code of 18 characters."""
    number = clean(value)
    try:
        uscc.validate(number)
    except ValidationError:
        return _refused("USCC_INVALID", "uscc", why=_why_uscc(number))
    return CheckResult("valid" if number == value else "valid_normalised", number)


def _why_uscc(number: str) -> str:
    """Whether the form or only the last character is wrong."""
    well_formed = re.fullmatch(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}", number)
    return _WHY_CHECK if well_formed else _WHY_CODE_FORM


def _check_mobile(value: str, _today: date) -> CheckResult:
    """Check a mobile number, or a landline number with or without its area code."""
    number = re.sub(r"[()./]", "", clean(value)) if not _SCIENTIFIC.fullmatch(clean(value)) else ""
    number = _COUNTRY.sub("", number, count=1) if _COUNTRY.match(number) else number
    if _MOBILE.fullmatch(number):
        return CheckResult("valid" if number == value else "valid_normalised", number)
    if _LANDLINE.fullmatch(number):
        return CheckResult("landline", number, (_issue("MOBILE_LANDLINE", "mobile"),))
    return _refused("MOBILE_INVALID", "mobile", value=value)


_CHECKS: Final[dict[str, Callable[[str, date], CheckResult]]] = {
    "cn_id": _check_cn_id,
    "uscc": _check_uscc,
    "mobile": _check_mobile,
}


@lru_cache(maxsize=4096)
def is_known_area(area: str) -> bool:
    """Tell whether a six-digit area code is in use today (or is one of the permit codes)."""
    return area in PERMIT_AREAS or area in _region_areas() or _in_use(area)


@lru_cache(maxsize=1)
def _region_areas() -> frozenset[str]:
    """Area codes of the counties in the shipped region trees."""
    rows = (row for area in SHIPPED for row in shipped_regions(area).rows())
    return frozenset(row.code[:6] for row in rows if row.code.endswith("000000"))


def _in_use(area: str) -> bool:
    """Tell whether the table names a county for the code that was not dissolved.

    An entry reads ``name`` or ``[1983-2001]name,[2002-]name``: the years of each holder.
    """
    for part, found in numdb.get("cn/loc").info(area)[1:]:
        for holder in found.get("county", "").split(","):
            years = re.match(r"\[[0-9]*-([0-9]*)\]", holder)
            if part and holder and (years is None or not years[1]):
                return True
    return False


def _issue(code: str, field: str, **params: object) -> Issue:
    return Issue(code, field=field, params=params)


def _refused(code: str, field: str, result: str = "invalid", **params: object) -> CheckResult:
    return CheckResult(result, "", (_issue(code, field, **params),))
