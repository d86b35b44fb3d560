"""Who of the people kept already a row is about: never by the name alone, and never guessed.

A row is a known person by ID number, or by name, sex and birth; by name, sex and phone where one
side has no birth day; or because an earlier file with the same headings made the record. What
points to somebody without proving it is a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.births import Birth, Precision, parse_birth
from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import b64, capture_id
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.roster.people import Person, Place
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord, find_record, records_of_kind

SOURCE: Final = "roster"
NEW: Final = "new"
_ENOUGH: Final = 2

_SEVERAL: Final = N_("several people have this name, sex and birth year")
_NO_BIRTH: Final = N_("name and sex are the same, but one of the two has no birth day")
_PHONE: Final = N_("name and phone are the same, but sex or birth day differ")
_TWIN: Final = N_("birth day, sex and phone are the same, but the name differs")
_CHANGED: Final = N_("a row like this made the record, which was changed since")
_SAME_ROW: Final = N_("the same row of an earlier file was this person, but the name differs")


@dataclass(frozen=True, slots=True)
class Known:
    """A learner kept already, in clear; without `stored`, one of an earlier row of the file."""

    record: str
    values: Mapping[str, Any]
    birth: Birth | None
    stored: StoredRecord | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What a row is: a known person, a new one with a record id, or a question.

    `issue` is the question, `candidates` the records it is about.
    """

    record: str = ""
    known: Known | None = None
    issue: Issue | None = None
    candidates: tuple[str, ...] = ()


@dataclass(slots=True)
class Lineage:
    """Which record each row of an earlier file with these headings became."""

    rows: Mapping[Place, str] = field(default_factory=dict)


class Register:
    """The learners of one unit, to be compared with."""

    def __init__(self, workspace: Workspace, unit: str) -> None:
        """Read the unit's learners; those deleted are nobody."""
        self._workspace = workspace
        self._unit = unit
        self._names: dict[str, list[Known]] = defaultdict(list)
        self._mobiles: dict[str, list[Known]] = defaultdict(list)
        self._numbers: dict[str, list[Known]] = defaultdict(list)
        self._met: set[str] = set()
        self.by_record: dict[str, Known] = {}
        for stored in records_of_kind(workspace.database, "learner", unit=unit):
            if stored.unit == unit:
                values = entry_of(KINDS["learner"], stored.doc, workspace.vault)
                self._add(Known(stored.id, values, parse_birth(values.get("birth")), stored))

    def plan(self, person: Person, record: str) -> None:
        """Let later rows be compared with a new person, too."""
        self._met |= {person.values["name"], person.values.get("mobile", "")}
        self._add(Known(record, person.values, parse_birth(person.values.get("birth"))))

    def met(self, person: Person) -> bool:
        """Whether an earlier new person has this name or phone."""
        mobile = person.values.get("mobile")
        return person.values["name"] in self._met or bool(mobile and mobile in self._met)

    def _add(self, known: Known) -> None:
        values = known.values
        self.by_record[known.record] = known
        self._names[str(values.get("name", ""))].append(known)
        for key, index in (("mobile", self._mobiles), ("id_number", self._numbers)):
            if values.get(key):
                index[str(values[key])].append(known)

    def new_record(self, person: Person, number: int = 1) -> str:
        """Return the id of a new person: the same for equal rows, and telling nothing of them.

        `number` tells people apart who are the same to the eye.
        """
        values = person.values
        told = (values["name"], values.get("sex", "U"), values.get("birth", ""), number)
        ref = b64(self._workspace.vault.blind(SOURCE, *told))
        return b64(capture_id(self._unit, SOURCE, "learner", ref))

    def free_record(self, person: Person, taken: Iterable[str]) -> str:
        """Return an id for somebody who is new although a record looks like theirs."""
        used, number = set(taken), 1
        while True:
            record = self.new_record(person, number)
            if record not in used and not self._exists(record):
                return record
            number += 1

    def _exists(self, record: str) -> bool:
        return find_record(self._workspace.database, record, "learner") is not None

    def match(self, person: Person) -> Match:
        """Find who a row is about, without regard to earlier files."""
        number = person.values.get("id_number")
        if number and self._numbers.get(number):
            return self._one(self._numbers[number], _SEVERAL)
        namesakes = [k for k in self._names.get(person.values["name"], ()) if _sex_fits(person, k)]
        equal = self._equal(person, namesakes)
        if equal:
            return self._one(equal, _SEVERAL)
        mobile = person.values.get("mobile")
        undated = [k for k in namesakes if k.birth is None or not person.values.get("birth")]
        called = [k for k in undated if mobile and k.values.get("mobile") == mobile]
        if called:
            return self._one(called, _SEVERAL)
        record = self.new_record(person)
        made = self.by_record.get(record)
        if made is not None:
            return Match(record, made) if made in undated else self._ask([made], _CHANGED)
        if undated:
            return self._ask(undated, _NO_BIRTH)
        return self._near(person) or Match(record)

    def _equal(self, person: Person, namesakes: Sequence[Known]) -> list[Known]:
        """Return the namesakes whose birth agrees, the closest agreement only."""
        birth = parse_birth(person.values.get("birth"))
        if birth is None:
            return []
        agreeing = [k for k in namesakes if k.birth and births_agree(person, birth, k.birth)]
        full = [k for k in agreeing if k.birth and k.birth.text == birth.text]
        if birth.precision is Precision.DAY and full:
            return full
        mobile = person.values.get("mobile")
        called = [k for k in agreeing if mobile and k.values.get("mobile") == mobile]
        return called if len(agreeing) > 1 and called else agreeing

    def _near(self, person: Person) -> Match | None:
        """Return a question where a phone points to somebody kept already."""
        values = person.values
        for known in self._mobiles.get(values.get("mobile", ""), ()):
            if known.values.get("name") == values["name"]:
                return self._ask([known], _PHONE)
            born = known.birth
            full = born is not None and born.precision is Precision.DAY
            if full and born and born.text == values.get("birth") and _sex_fits(person, known):
                return self._ask([known], _TWIN)
        return None

    def _one(self, found: Sequence[Known], why: str) -> Match:
        if len(found) == 1:
            return Match(found[0].record, found[0])
        return self._ask(found, why)

    def _ask(self, found: Sequence[Known], why: str) -> Match:
        return question(found, why)


def question(found: Sequence[Known], why: str) -> Match:
    """Return the question whether a row is about one of several records."""
    who = "、".join(
        " ".join(
            part
            for part in (
                str(known.values.get("name", "")),
                known.birth.text[:4] if known.birth else "",
                masked("mobile", str(known.values.get("mobile", ""))),
            )
            if part
        )
        for known in found
    )
    issue = Issue("PERSON_UNCLEAR", params={"who": who, "why": why})
    return Match(issue=issue, candidates=tuple(known.record for known in found))


def births_agree(person: Person, birth: Birth, other: Birth) -> bool:
    """Whether two births may be the same: as far as both are known; a counted year within one."""
    if person.by_age:
        return abs(birth.born.year - other.born.year) <= 1
    return birth.text.startswith(other.text) or other.text.startswith(birth.text)


def _sex_fits(person: Person, known: Known) -> bool:
    sexes = {person.values.get("sex", "U"), known.values.get("sex", "U")}
    return len(sexes) == 1 or "U" in sexes


def match_by_lineage(
    people: Sequence[Person],
    matches: dict[Place, Match],
    lineage: Lineage,
    by_record: Mapping[str, Known],
) -> None:
    """Recognise people whose name or birth was corrected since an earlier file of these headings.

    Changes `matches` in place. Only records that this file no longer names are thought of, and
    only if most of the earlier list is still there: else it is another list on the same form.
    """
    named = {match.record for match in matches.values() if match.known}
    earlier = {record: place for place, record in lineage.rows.items() if record in by_record}
    left = [record for record in earlier if record not in named]
    if not left or 2 * (len(earlier) - len(left)) < len(earlier):
        return
    for person in people:
        match = matches.get(person.place)
        if match is None or match.known is not None:
            continue
        ranked = sorted(
            ((_evidence(person, by_record[record], earlier[record]), record) for record in left),
            reverse=True,
        )
        if not ranked or ranked[0][0] < 1:
            continue
        best, record = ranked[0]
        known = by_record[record]
        unique = len(ranked) == 1 or ranked[1][0] < best
        if best >= _ENOUGH and unique:
            matches[person.place] = Match(record, known)
            left.remove(record)
        elif earlier[record] == person.place and _year_fits(person, known) and not match.issue:
            matches[person.place] = question([known], _SAME_ROW)


def _evidence(person: Person, known: Known, place: Place) -> int:
    """Count what speaks for one person: name, full birth day, phone, and the row."""
    values = person.values
    birth = values.get("birth", "")
    full = known.birth is not None and known.birth.precision is Precision.DAY
    signs = (
        values.get("name") == known.values.get("name"),
        full and known.birth is not None and known.birth.text == birth,
        bool(values.get("mobile")) and values.get("mobile") == known.values.get("mobile"),
    )
    return int(sum(signs)) + (place == person.place)


def _year_fits(person: Person, known: Known) -> bool:
    year = str(person.values.get("birth", ""))[:4]
    return _sex_fits(person, known) and (
        not year or not known.birth or known.birth.text[:4] == year
    )
