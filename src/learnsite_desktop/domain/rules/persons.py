"""Rules for learners and staff."""

from dataclasses import replace
from datetime import date

from learnsite_desktop.domain.births import Birth, age_on, parse_birth
from learnsite_desktop.domain.identity import birth_of, sex_of
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.rules.context import Context, Entry
from learnsite_desktop.domain.rules.values import day, part, parts, text

OLDEST = 120
GUARDED_UNDER, CHILD_UNDER, VETERAN_FROM = 14, 18, 17
SHARED_BY_MORE_THAN = 3
RESIDENT_ID = "111"
GROUPS = "population_group"
_GUARDIAN_NEEDS = ("name", "relation", "date")


def check_learner(entry: Entry, context: Context) -> list[Issue]:
    """Birth day, ID number, mobile, groups and guardian of a learner."""
    ref = text(entry, "ref")
    birth = parse_birth(entry.get("birth"))
    number_says = _number(entry, context)
    issues = [
        *_birth(birth, ref, context),
        *number_says,
        *_mismatch(entry, birth, ref, context),
        *_mobile(entry, "learner", context),
    ]
    if any(issue.code == "AGE_OVER_120" for issue in number_says):
        issues = [i for i in issues if i.code != "AGE_OVER_120" or i.field != "birth"]
    known = birth.born if birth else _born_by_number(entry, context)
    age = None if known is None else age_on(known, context.today)
    issues += _groups(entry, age, ref, context)
    if age is not None and age < GUARDED_UNDER:
        guardian = part(entry, "guardian") or {}
        if not all(text(guardian, key).strip() for key in _GUARDIAN_NEEDS):
            issues.append(Issue("GUARDIAN_REQUIRED", "learner", ref))
    return issues


def check_staff(entry: Entry, context: Context) -> list[Issue]:
    """Service dates in order, and the mobile."""
    issues = _mobile(entry, "staff", context)
    begun, ended = day(entry, "from"), day(entry, "to")
    if begun and ended and ended < begun:
        issues.append(Issue("STAFF_TO_BEFORE_FROM", "staff", text(entry, "ref")))
    return issues


def _birth(birth: Birth | None, ref: str, context: Context) -> list[Issue]:
    """Check that a birth day is past and the age one that people reach.

    A year or month alone lies in the future only when all of it does. Where the clock is known to
    lag, nobody can say what the future is: the clerk does, with a reason.
    """
    today = context.today
    if birth is None:
        return []
    if birth.text > max(today, context.latest).isoformat()[: len(birth.text)]:
        lagging = context.latest > today
        return [Issue("BIRTH_AFTER_CLOCK" if lagging else "BIRTH_IN_FUTURE", "learner", ref)]
    age = birth.age_on(today)
    if age > OLDEST:
        return [Issue("AGE_OVER_120", "learner", ref, field="birth", params={"age": age})]
    return []


def _has_resident_id(entry: Entry) -> bool:
    """Only resident ID numbers have a form that can be checked."""
    return bool(text(entry, "id_number")) and text(entry, "id_kind") in {"", RESIDENT_ID}


def _number(entry: Entry, context: Context) -> list[Issue]:
    """Return what the check of the ID number found."""
    if not _has_resident_id(entry):
        return []
    result = context.identity("cn_id", text(entry, "id_number"), max(context.today, context.latest))
    ref = text(entry, "ref")
    return [replace(i, kind="learner", ref=ref, field="id_number") for i in result.issues]


def _number_read(entry: Entry, context: Context) -> str:
    """Return the cleaned ID number when it is one that says sex and birth day, else blank."""
    if not _has_resident_id(entry):
        return ""
    return context.identity(
        "cn_id", text(entry, "id_number"), max(context.today, context.latest)
    ).normalised


def _born_by_number(entry: Entry, context: Context) -> date | None:
    """Return the birth day by the ID number."""
    return birth_of(_number_read(entry, context))


def _mismatch(entry: Entry, birth: Birth | None, ref: str, context: Context) -> list[Issue]:
    """Sex and birth day as given against those in the ID number."""
    number = _number_read(entry, context)
    issues: list[Issue] = []
    says = sex_of(number)
    if says and text(entry, "sex") in {"M", "F"} - {says}:
        issues.append(Issue("ID_SEX_MISMATCH", "learner", ref))
    born = birth_of(number)
    if born and birth and not birth.may_be(born):
        issues.append(Issue("ID_BIRTH_MISMATCH", "learner", ref))
    return issues


def _mobile(entry: Entry, kind: str, context: Context) -> list[Issue]:
    """Form of the mobile, and how many share it."""
    given, ref = text(entry, "mobile"), text(entry, "ref")
    if not given:
        return []
    result = context.identity("mobile", given, context.today)
    issues = [replace(issue, kind=kind, ref=ref, field="mobile") for issue in result.issues]
    holders = context.mobile_holders(result.normalised or given, ref)
    if result.accepted and holders > SHARED_BY_MORE_THAN:
        issues.append(Issue("MOBILE_SHARED", kind, ref, params={"count": holders}))
    return issues


def _groups(entry: Entry, age: int | None, ref: str, context: Context) -> list[Issue]:
    """Check that groups fit the age, are not derived, and have the consent they want."""
    issues: list[Issue] = []
    consented = any(text(consent, "kind") == "sensitive" for consent in parts(entry, "consents"))
    for member in parts(entry, "groups"):
        group = text(member, "code")
        shown = {"group": group}
        if context.codes.is_derived(GROUPS, group):
            issues.append(Issue("GROUP_DERIVED", "learner", ref, params=shown))
        if context.codes.is_sensitive(GROUPS, group) and not consented:
            issues.append(Issue("GROUP_CONSENT_MISSING", "learner", ref, params=shown))
        issues += _group_age(group, age, ref)
        if group == "pro_farmer" and context.farm_proof(ref) is False:
            issues.append(Issue("GROUP_PRO_FARMER_UNPROVEN", "learner", ref))
    return issues


def _group_age(group: str, age: int | None, ref: str) -> list[Issue]:
    """Check the two groups that are bound to an age."""
    if age is None:
        return []
    if group == "left_child" and age >= CHILD_UNDER:
        return [Issue("GROUP_LEFT_CHILD_AGE", "learner", ref, params={"age": age})]
    if group == "veteran" and age < VETERAN_FROM:
        return [Issue("GROUP_VETERAN_AGE", "learner", ref, params={"age": age})]
    return []
