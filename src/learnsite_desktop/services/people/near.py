"""Who a newcomer may be already, said while one types; nothing is merged here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.people.index import NameIndex, Person, digits_of, folded
from learnsite_desktop.services.people.readings import sounds_alike

RULES: Final[Mapping[str, str]] = {
    "id_number": N_("The same ID number"),
    "birth": N_("The same name, sex and birth day"),
    "year": N_("The same name, sex and birth year"),
    "mobile": N_("The same name and phone number"),
    "name": N_("The same name"),
    "similar": N_("A similar name"),
}
"""What two learners have in common, as message ids, the surest first."""

CLAIMS: Final = frozenset({"id_number", "birth", "year", "mobile"})
"""Rules that speak for one person; the others are only shown."""

LIMIT: Final = 8
_FULL_BIRTH: Final = len("1956-04-09")
_ORDER: Final = {rule: number for number, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Near:
    """A learner that a newcomer may be; `rule` is a key of `RULES`, `mobile` is masked."""

    record: str
    rule: str
    name: str
    sex: str
    birth_year: int | None
    unit: str
    mobile: str


def near(
    index: NameIndex,
    *,
    name: str = "",
    sex: str = "",
    birth: str = "",
    mobile: str = "",
    id_number: str = "",
    skip: str = "",
    limit: int = LIMIT,
) -> list[Near]:
    """Return learners that what was typed so far may be about, the surest first.

    `birth` is as much as is known ("1956", "1956-04-09"); `skip` is the record being edited.
    """
    typed = Person("", index.unit, name, sex, birth, _year(birth), mobile, id_number)
    found: dict[str, tuple[int, Person]] = {}
    for person in _candidates(index, typed):
        rule = _rule(typed, person) if person.record != skip else ""
        if rule:
            found[person.record] = (_ORDER[rule], person)
    best = sorted(
        found.values(),
        key=lambda item: (item[0], item[1].unit != index.unit, item[1].name, item[1].record),
    )
    return [_near(person, list(RULES)[order]) for order, person in best[:limit]]


def _candidates(index: NameIndex, typed: Person) -> Iterator[Person]:
    if typed.id_number:
        yield from index.with_number(typed.id_number)
    if typed.mobile:
        yield from index.with_number(typed.mobile)
    if folded(typed.name):
        yield from index.sounding(typed.name)
    if len(typed.birth) == _FULL_BIRTH:
        yield from (person for person in index.people() if person.birth == typed.birth)


def _rule(typed: Person, person: Person) -> str:
    """Return the surest rule by which two learners may be one, "" if there is none."""
    if typed.id_number and digits_of(typed.id_number) == digits_of(person.id_number):
        return "id_number"
    same_birth = len(typed.birth) == _FULL_BIRTH and typed.birth == person.birth
    same_year = typed.birth_year is not None and typed.birth_year == person.birth_year
    same_mobile = bool(typed.mobile) and digits_of(typed.mobile) == digits_of(person.mobile)
    names = folded(typed.name), folded(person.name)
    if names[0] == names[1]:
        if typed.sex == person.sex and (same_birth or same_year):
            return "birth" if same_birth else "year"
        return "mobile" if same_mobile else "name"
    alike = sounds_alike(*names) or ((same_birth or same_mobile) and _one_apart(*names))
    return "similar" if alike and (same_birth or same_mobile or same_year) else ""


def _one_apart(one: str, other: str) -> bool:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

    return Levenshtein.distance(one, other, score_cutoff=1) <= 1 < min(len(one), len(other))


def _year(birth: str) -> int | None:
    return int(birth[:4]) if birth[:4].isdecimal() and len(birth) >= 4 else None


def _near(person: Person, rule: str) -> Near:
    shown = masked("mobile", person.mobile) if person.mobile else ""
    return Near(person.record, rule, person.name, person.sex, person.birth_year, person.unit, shown)
