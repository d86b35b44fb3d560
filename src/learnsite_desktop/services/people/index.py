"""Finding learners as one types: names, readings and ends of numbers, in memory only.

Private values rest sealed on the disk, so that no table can be searched for them. The index of an
open workspace lives as long as its window and is never written anywhere.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.people.names import TAIL, Ends, Names
from learnsite_desktop.services.people.readings import spelling

LIMIT: Final = 50
SHORTEST_TAIL: Final = 2
"""Digits alone find somebody from this many on."""

WHY: Final[Mapping[str, str]] = {
    "name": N_("name"),
    "inside": N_("in the name"),
    "initials": N_("initials"),
    "given": N_("initials of the given name"),
    "pinyin": N_("pinyin"),
    "reading": N_("initials of another reading"),
    "mobile": N_("end of the phone number"),
    "id_number": N_("end of the ID number"),
}
"""What of a person was found, as message ids."""

_WHYS: Final = tuple(WHY)
_ORDER: Final = {why: number for number, why in enumerate(WHY)}
_Match = tuple[int, int, str, str, str]
"""Rank, number of the why, spelling, name, record: matches sort as they are shown."""
_NUMBERS: Final = ("mobile", "id_number")
_SILENT: Final = frozenset(" ·•・.'’-")


@dataclass(frozen=True, slots=True)
class Person:
    """A learner in clear, as the index holds it; only `Hit` is for showing.

    `birth` is as much as is known ("1956", "1956-04-09", ""); `recent`: present lately.
    """

    record: str
    unit: str
    name: str
    sex: str = ""
    birth: str = ""
    birth_year: int | None = None
    mobile: str = ""
    id_number: str = ""
    recent: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A learner that was found; `why` is a key of `WHY`, `mobile` is masked.

    `rank`: 0 of the given roster, 1 of the own unit and present lately, 2 of the own unit, 3 else.
    """

    record: str
    name: str
    sex: str
    birth_year: int | None
    unit: str
    mobile: str
    why: str
    rank: int


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, best first; `more` if there are others."""

    hits: tuple[Hit, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a change did to learners: those that are as given now, those that are gone.

    `present` are records of learners that were marked present by the change.
    """

    people: tuple[Person, ...] = ()
    gone: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Part:
    """Some of the people with their names, and their phone and ID numbers by the last digits."""

    names: Names = field(default_factory=Names)
    ends: dict[str, Ends] = field(default_factory=lambda: {why: Ends() for why in _NUMBERS})

    @classmethod
    def of(cls, people: Collection[Person]) -> "_Part":
        names = Names((folded(person.name), person.record) for person in people)
        numbers: dict[str, list[tuple[str, str]]] = {why: [] for why in _NUMBERS}
        for person in people:
            for why, number in _numbers(person):
                numbers[why].append((number, person.record))
        return cls(names, {why: Ends(numbers[why]) for why in _NUMBERS})

    def add(self, person: Person) -> None:
        self.names.add(folded(person.name), person.record)
        for why, number in _numbers(person):
            self.ends[why].add(number, person.record)

    def remove(self, person: Person) -> None:
        self.names.remove(folded(person.name), person.record)
        for why, number in _numbers(person):
            self.ends[why].remove(number, person.record)

    def ending(self, digits: str) -> Iterator[tuple[str, str]]:
        """Yield (why, record) of those with a number that may end so."""
        for why, ends in self.ends.items():
            for record in ends.ending(digits):
                yield why, record


@dataclass(frozen=True, slots=True)
class _Query:
    """What was typed: Chinese text or letters, then digits."""

    text: str
    digits: str


class NameIndex:
    """Everybody that one may look for, those of the own unit apart."""

    def __init__(self, unit: str, people: Iterable[Person] = ()) -> None:
        """`unit` is the own one, whose people come first."""
        self.unit = unit
        self._people = {person.record: person for person in people}
        own = [person for person in self._people.values() if person.unit == unit]
        others = [person for person in self._people.values() if person.unit != unit]
        self._own, self._others = _Part.of(own), _Part.of(others)
        self._roster: tuple[Set[str], _Part] = (frozenset(), _Part())

    def __len__(self) -> int:
        """Return how many people it holds."""
        return len(self._people)

    def people(self) -> Collection[Person]:
        """Return everybody."""
        return self._people.values()

    def person(self, record: str) -> Person | None:
        """Return one learner."""
        return self._people.get(record)

    def namesakes(self, name: str) -> list[Person]:
        """Return those of exactly this name."""
        text = folded(name)
        found = chain(*(part.names.bearing(text) for part in self._parts()))
        return [self._people[record] for record in found]

    def sounding(self, name: str) -> list[Person]:
        """Return those whose name may be read like this one, namesakes included."""
        found: list[Person] = []
        for part in self._parts():
            for other in part.names.sounding(folded(name)):
                found += (self._people[record] for record in part.names.bearing(other))
        return found

    def with_number(self, number: str) -> list[Person]:
        """Return those with this phone or ID number."""
        sought = digits_of(number)
        if len(sought) < TAIL:
            return []
        found = {record for part in self._parts() for _why, record in part.ending(sought)}
        people = (self._people[record] for record in sorted(found))
        return [p for p in people if sought in {number for _why, number in _numbers(p)}]

    def _parts(self) -> tuple[_Part, _Part]:
        return self._own, self._others

    def renew(self, renewal: Renewal) -> None:
        """Take over what a change did, without beginning anew."""
        for person in renewal.people:
            self._drop(person.record)
            self._people[person.record] = person
            self._part(person).add(person)
        for record in renewal.gone:
            self._drop(record)
        for record in renewal.present:
            person_now = self._people.get(record)
            if person_now is not None:
                self._people[record] = replace(person_now, recent=True)
        self._roster = (frozenset(), _Part())

    def _drop(self, record: str) -> None:
        former = self._people.pop(record, None)
        if former is not None:
            self._part(former).remove(former)

    def _part(self, person: Person) -> _Part:
        return self._own if person.unit == self.unit else self._others

    def search(
        self, query: str, *, limit: int | None = LIMIT, roster: Set[str] = frozenset()
    ) -> Found:
        """Return who fits what was typed so far, at most `limit` of them (all if None).

        A name is found by its beginning or any part of it, by its initials or pinyin; numbers by
        their end. Digits after a text narrow by birth year or the end of a number. `roster` are
        records that come first; then comes the own unit, those present lately before others.
        """
        wanted = _read(query)
        if not wanted.text and len(wanted.digits) < SHORTEST_TAIL:
            return Found((), more=False)
        near: dict[str, _Match] = {}
        for record, why in self._matches(self._roster_part(roster), wanted):
            near.setdefault(record, self._match(record, why, 0))
        for record, why in self._matches(self._own, wanted):
            if record not in near:
                near[record] = self._match(record, why, 1 if self._people[record].recent else 2)
        left = None if limit is None else max(0, limit - len(near)) + 1
        further = (match for match in self._matches(self._others, wanted) if match[0] not in near)
        far = [self._match(record, why, 3) for record, why in islice(_once(further), left)]
        best = [*sorted(near.values()), *sorted(far)]
        hits = tuple(self._hit(match) for match in best[:limit])
        return Found(hits, more=len(best) > len(hits))

    def _match(self, record: str, why: str, rank: int) -> _Match:
        name = self._people[record].name
        return rank, _ORDER[why], spelling(name), name, record

    def _roster_part(self, roster: Set[str]) -> _Part:
        if self._roster[0] != roster:
            people = [self._people[record] for record in roster if record in self._people]
            self._roster = (roster, _Part.of(people))
        return self._roster[1]

    def _matches(self, part: _Part, wanted: _Query) -> Iterator[tuple[str, str]]:
        """Yield (record, why) of those of a part that fit, the surest first; some come twice."""
        if not wanted.text:
            for why, record in part.ending(wanted.digits):
                if dict(_numbers(self._people[record]))[why].endswith(wanted.digits):
                    yield record, why
            return
        spelt = wanted.text.isascii()
        found = part.names.typed(wanted.text) if spelt else part.names.written(wanted.text)
        for why, record in found:
            if not wanted.digits or _narrowed(self._people[record], wanted.digits):
                yield record, why

    def _hit(self, match: _Match) -> Hit:
        rank, order, _spelling, _name, record = match
        person = self._people[record]
        return Hit(
            record,
            person.name,
            person.sex,
            person.birth_year,
            person.unit,
            masked("mobile", person.mobile) if person.mobile else "",
            _WHYS[order],
            rank,
        )


def _once(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for record, why in found:
        if record not in seen:
            seen.add(record)
            yield record, why


def folded(text: str) -> str:
    """Return a name without the differences that nobody types: width, capitals, spaces, dots."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter not in _SILENT)


def digits_of(number: str) -> str:
    """Return a phone or ID number without what stands between its digits, letters large."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", number))).upper()


def _read(query: str) -> _Query:
    plain = folded(query).replace("ü", "v")
    text = plain.rstrip("0123456789")
    digits = plain[len(text) :]
    if plain[:1].isdecimal() and not text.strip("0123456789x"):
        return _Query("", plain.upper())
    return _Query(text, digits)


def _numbers(person: Person) -> Iterator[tuple[str, str]]:
    """Yield (why, number) of a person's numbers."""
    if person.mobile:
        yield "mobile", digits_of(person.mobile)
    if person.id_number:
        yield "id_number", digits_of(person.id_number)


def _narrowed(person: Person, digits: str) -> bool:
    """Return whether the digits begin the birth year, in four digits or two, or end a number."""
    year = str(person.birth_year or "")
    if year.startswith(digits) or year[2:].startswith(digits):
        return True
    return any(number.endswith(digits) for _why, number in _numbers(person))
