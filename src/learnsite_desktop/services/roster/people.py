"""Understanding the rows of a list of people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.births import age_on, parse_birth
from learnsite_desktop.domain.identity import birth_of, sex_of
from learnsite_desktop.domain.issue_words import Severity
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services.identity import check
from learnsite_desktop.services.roster import cells, dates, words
from learnsite_desktop.services.roster.body import Body, Entry
from learnsite_desktop.services.roster.cells import NOTHING, Reading
from learnsite_desktop.services.roster.faults import Fault, Note
from learnsite_desktop.services.roster.headings import Block
from learnsite_desktop.services.roster.tables import Sheet
from learnsite_desktop.services.roster.villages import Villages

_AGES_APART: Final = 2
"""Ages by the traditional count run ahead by up to two years."""
_FEW_FIRSTS: Final = 0.2
_ELDER: Final[Mapping[str, tuple[int, int]]] = {
    "elder": (60, 130), "elder80": (80, 130), "youth": (6, 17),
}  # fmt: skip
Report = Callable[[Note], None]
Place = tuple[str, int, str]
"""Sheet, row and column letter of a name."""


@dataclass(slots=True)
class Person:
    """One row as understood: values in the shape of capture files, faults, the unit it is for.

    `by_age` says that the birth year was counted from an age.
    """

    entry: Entry
    unit: str
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    by_age: bool = False

    @property
    def place(self) -> Place:
        """Where the name stands; several people may stand in one row, side by side."""
        return self.entry.sheet, self.entry.row, self.entry.column("name")


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a whole sheet: today, the day ages were counted, where its people belong.

    `as_of` is None where the title names a day so long ago that it may mean something else.
    """

    today: date
    as_of: date | None
    villages: Villages
    unit: str
    sheet_unit: Reading
    loses_zeros: bool
    date1904: bool


class People:
    """The people of one block."""

    def __init__(self, sheet: Sheet, block: Block, setting: Setting, report: Report) -> None:
        """`report` gets the notes."""
        self._setting = setting
        self._report = report
        self._sheet = sheet
        self.body = Body(sheet, block, "name")
        self._fields = block.fields()
        self._block = block
        births = self._births()
        self._month_only = _month_only(births)
        self._months_as_digits = any(len(dates.bare_digits(cell)) == 6 for cell in births)
        self._aged = False

    def _births(self) -> list[Any]:
        place = self._fields.get("birth")
        if place is None:
            return []
        rows = range(self._block.last_heading, self._block.last_row)
        return [self._sheet.cell(row, place) for row in rows]

    def people(self) -> Iterator[Person]:
        """Yield the people from top to bottom."""
        if self._month_only:
            self._note(0, "birth", Issue("BIRTH_MONTH_ONLY"))
        if not {"sex", "sex_male", "sex_female", "id_number"} & set(self._fields):
            self._note(0, "sex", Issue("SEX_NO_COLUMN"))
        for entry in self.body.entries():
            yield self._person(entry)

    def _note(self, row: int, name: str, issue: Issue, value: str = "") -> None:
        self._report(Note(self._sheet.name, row, "", name, issue, value))

    def _person(self, entry: Entry) -> Person:
        person = Person(entry, self._setting.unit, faults=list(entry.faults))
        broken = {fault.field for fault in entry.faults}
        for name, read in (
            ("name", self._name),
            ("id_number", self._id_number),
            ("mobile", self._mobile),
            ("birth", self._birth),
            ("sex", self._sex),
            ("education", self._education),
            ("residence", self._residence),
            ("address", self._address),
            ("groups", self._groups),
            ("village", self._village),
        ):
            if name not in broken:
                read(person)
        return person

    def _take(self, person: Person, name: str, reading: Reading) -> None:
        if reading.issue is not None:
            person.faults.append(person.entry.fault(name, reading.issue))
        elif reading.value not in (None, "", []):
            person.values[name] = reading.value

    def _name(self, person: Person) -> None:
        cell = person.entry.cells.get("name", "")
        if cell == "":
            self._take(person, "name", Reading(None, Issue("NAME_MISSING")))
        else:
            self._take(person, "name", cells.read_name(cell))

    def _id_number(self, person: Person) -> None:
        """Check an ID number; it gives sex and birth day where the row does not."""
        cell = person.entry.cells.get("id_number", "")
        if cell == "":
            return
        number = cells.number_text(cell)
        if number is None:
            self._take(person, "id_number", Reading(None, Issue("ID_NUMBER_ROUNDED")))
            return
        if not number or number in words.NONE_SAID:
            return
        result = check("cn_id", number, self._setting.today)
        stopping = [issue for issue in result.issues if issue.severity is not Severity.NOTE]
        if stopping:
            self._take(person, "id_number", Reading(None, stopping[0]))
            return
        person.values["id_number"] = result.normalised
        born = birth_of(result.normalised)
        if born is not None:
            person.values["birth"] = born.isoformat()
        sex = sex_of(result.normalised)
        if sex is not None:
            person.values["sex"] = sex

    def _mobile(self, person: Person) -> None:
        cell = person.entry.cells.get("mobile", "")
        text = cells.number_text(cell)
        if cell == "" or text in words.NONE_SAID:
            return
        result = check("mobile", text or "", self._setting.today)
        if result.accepted:
            person.values["mobile"] = result.normalised
            return
        several = text is not None and sum(map(str.isdigit, text)) > 15
        issue = Issue("VALUES_SEVERAL", field="mobile", params={"value": text or ""})
        self._take(person, "mobile", Reading(None, issue if several else result.issues[0]))

    def _birth(self, person: Person) -> None:
        cell = person.entry.cells.get("birth", "")
        known = person.values.get("birth")
        if cell != "" and cells.text_of(cell) not in words.NONE_SAID:
            reading = self._birth_cell(cell)
            if reading.issue is None and known and not _agree(str(reading.value), known):
                reading = Reading(None, Issue("ID_BIRTH_MISMATCH"))
            if reading.issue is not None or not known:
                self._take(person, "birth", reading)
            self._tell_serial(person, cell, reading)
        self._age(person)

    def _birth_cell(self, cell: Any) -> Reading:
        digits = dates.bare_digits(cell)
        if self._months_as_digits and len(digits) == 5 and dates.may_be_month(digits):
            params = {"value": digits, "why": dates.MONTH_OR_SERIAL}
            return Reading(None, Issue("BIRTH_UNCLEAR", params=params))
        reading = dates.read_birth(
            cell,
            self._setting.today,
            loses_zeros=self._setting.loses_zeros,
            date1904=self._setting.date1904,
        )
        if self._month_only and isinstance(cell, date) and reading.value:
            return Reading(reading.value[:7]) if cell.day == 1 else reading
        return reading

    def _tell_serial(self, person: Person, cell: Any, reading: Reading) -> None:
        digits = dates.bare_digits(cell)
        if len(digits) == 5 and reading.value:
            issue = Issue("BIRTH_FROM_SERIAL", params={"value": digits, "birth": reading.value})
            self._note(person.entry.row, "birth", issue, digits)

    def _age(self, person: Person) -> None:
        """Compare an age with the birth day, or turn it into a birth year if there is none."""
        cell = person.entry.cells.get("age", "")
        if cell == "" or cells.text_of(cell) in words.NONE_SAID:
            return
        reading = cells.read_age(cell)
        if reading.issue is not None:
            person.faults.append(person.entry.fault("age", reading.issue))
            return
        as_of = self._setting.as_of
        if as_of is None:
            person.faults.append(person.entry.fault("age", Issue("AGE_DAY_UNCLEAR")))
            return
        birth = parse_birth(person.values.get("birth"))
        if birth is not None:
            if abs(age_on(birth.born, as_of) - reading.value) > _AGES_APART:
                person.faults.append(person.entry.fault("age", Issue("AGE_BIRTH_MISMATCH")))
        elif not any(fault.field == "birth" for fault in person.faults):
            person.values["birth"] = str(as_of.year - reading.value)
            person.by_age = True
            if not self._aged:
                self._aged = True
                self._note(0, "age", Issue("AGE_TO_YEAR", params={"day": as_of.isoformat()}))

    def _sex(self, person: Person) -> None:
        given, known = person.entry.cells, person.values.get("sex")
        reading = NOTHING
        if "sex" in given:
            reading = cells.read_sex(given["sex"])
        elif {"sex_male", "sex_female"} & set(given):
            reading = cells.read_ticks(given.get("sex_male", ""), given.get("sex_female", ""))
        if reading.issue is None and reading.value and known and reading.value != known:
            reading = Reading(None, Issue("ID_SEX_MISMATCH"))
        if reading.value is None and reading.issue is None and known is None:
            columns = {"sex", "sex_male", "sex_female"} & set(self._fields)
            if columns:
                issue = Issue("REQUIRED_MISSING", field="sex", params={"key": "sex"})
                reading = Reading(None, issue)
        self._take(person, "sex", reading)

    def _education(self, person: Person) -> None:
        self._code(person, "education", "education_level")

    def _residence(self, person: Person) -> None:
        self._code(person, "residence", "residence")

    def _code(self, person: Person, name: str, codes: str) -> None:
        cell = person.entry.cells.get(name, "")
        if cell != "":
            self._take(person, name, words.read_code(cell, codes))

    def _address(self, person: Person) -> None:
        cell = person.entry.cells.get("address", "")
        if cell != "" and cells.text_of(cell) not in words.NONE_SAID:
            self._take(person, "address", cells.read_text(cell))

    def _groups(self, person: Person) -> None:
        cell = person.entry.cells.get("groups", "")
        if cell == "":
            return
        reading = words.read_groups(cell)
        if reading.issue is not None:
            self._take(person, "groups", reading)
            return
        codes: list[dict[str, str]] = []
        for word, code in reading.value:
            if code in (*_ELDER, "women"):
                self._derived(person, word, code)
            elif {"code": code} not in codes:
                codes.append({"code": code})
        self._take(person, "groups", Reading(codes))

    def _derived(self, person: Person, word: str, code: str) -> None:
        """Leave out a group that is worked out, unless it says what cannot be."""
        birth = parse_birth(person.values.get("birth"))
        against = code == "women" and person.values.get("sex") == "M"
        if birth is not None and code in _ELDER:
            low, high = _ELDER[code]
            against = not low - 1 <= birth.age_on(self._setting.today) <= high + 1
        params = {"value": word}
        if against:
            issue = Issue("GROUP_AGAINST_AGE", params=params)
            person.faults.append(person.entry.fault("groups", issue))
        else:
            self._note(person.entry.row, "groups", Issue("GROUP_LEFT_OUT", params=params), word)

    def _village(self, person: Person) -> None:
        """Find the unit: by the row's own cell, else by the name of the sheet."""
        setting, cell = self._setting, person.entry.cells.get("village", "")
        if cell != "" and cells.text_of(cell) not in words.NONE_SAID:
            reading = setting.villages.of(cells.text_of(cell))
            self._take(person, "village", reading)
            code = person.values.pop("village", None)
            person.unit = code or person.unit
            return
        if setting.sheet_unit.issue is not None:
            self._take(person, "village", setting.sheet_unit)
        elif setting.sheet_unit.value:
            person.unit = setting.sheet_unit.value
        elif "village" in self._fields and setting.villages.many:
            self._take(person, "village", Reading(None, Issue("VILLAGE_MISSING")))


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _month_only(births: list[Any]) -> bool:
    """Whether first days of months are so many that they stand for the month alone."""
    days = [cell.day for cell in births if isinstance(cell, date)]
    firsts = days.count(1)
    return firsts > 0 and (firsts == len(days) or firsts > max(1, _FEW_FIRSTS * len(days)))
