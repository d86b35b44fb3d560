"""Whether a row still says whom or what it said before, or whether another copy put another there.

The record of a row follows from the hidden number of the row. Two copies of one book filled
differently, and a row written over with somebody else, bear that number too; so before a row
changes a record it is held against all that the record ever said. A correction leaves something
as it was; where nothing decisive is left, somebody is asked and nothing is written.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from learnsite_desktop.domain.births import Precision, parse_birth
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.register_book import layout
from learnsite_desktop.services.register_book.bases import ANSWERS, FILE, KEPT
from learnsite_desktop.services.register_book.book import Line
from learnsite_desktop.services.register_book.identity import FRESH
from learnsite_desktop.services.register_book.planning import ASKED, Ground
from learnsite_desktop.services.register_book.words import shown
from learnsite_desktop.services.roster.matching import Known, Register, births_agree
from learnsite_desktop.services.roster.people import Person
from learnsite_desktop.store.records import StoredRecord

TAKEN, OVERWRITTEN = "REGISTER_ROW_TAKEN", "REGISTER_ROW_OVERWRITTEN"
INSERTED: Final = N_(
    "a row put into this register made this person, but with another name, sex or birth"
)
_UNKNOWN: Final = "U"
_ENOUGH: Final = 2
_DECISIVE: Final = frozenset({"kind", "opens"})
"""What besides its title tells one activity from another."""


def claim_of_person(ground: Ground, line: Line, record: str, person: Person) -> str:
    """Return ASKED where a row that is somebody's says somebody else, KEPT where it says nothing.

    "" where it may be the same person, or somebody said so.
    """
    stored = _standing(ground, "learner", line, record)
    if stored is None or not _is_other_person(ground, line, stored, person):
        return ""
    kept = str(ground.entry(stored).get("name") or "–")
    return _ask(ground, line, "name", (kept, line.text("name")))


def claim_of_activity(ground: Ground, line: Line, record: str) -> str:
    """Return the same of a row of the list of activities.

    A blank row that once got a title is that activity only: two classes of one copy and the other
    may share all but their title. A row that was given out may get a better one.
    """
    stored, title = _standing(ground, "activity", line, record), line.text("title")
    if stored is None or not title:
        return ""
    if _plain(title) in {_plain(one) for one in ground.bases.ever(stored, "title")}:
        return ""
    if not _is_fresh(line) and not _is_other_activity(ground, line, stored):
        return ""
    kept = str(ground.entry(stored).get("title") or "–")
    return _ask(ground, line, "title", (kept, title))


def claim_of_session(
    ground: Ground, line: Line, stored: StoredRecord | None, activity: str, told: Sequence[str]
) -> str:
    """Return the same of a column (or the right side of a row) that was blank.

    `told`: its date, start and end as read, "" for what is not said. Another day, or hours that
    do not meet those kept, are another session; so is the session of another class.
    """
    if stored is None or stored.deleted or not _is_fresh(line):
        return ""
    entry = ground.entry(stored)
    day, start, end = told
    elsewhere = entry.get("activity") not in (None, activity)
    days = {entry.get("date"), *ground.bases.ever(stored, "date")}
    hours = [one for one in ground.bases.ever(stored, "time") if isinstance(one, list)]
    apart = bool(start and hours) and not any(_meet((start, end), one) for one in hours)
    if not elsewhere and not (day and day not in days) and not apart:
        return ""
    kept = _words(*(entry.get(name) for name in ("date", "start")))
    given = _words(day or line.text("date"), start)
    # Which class a session belongs to was settled when it was made: a book cannot carry it over.
    return _ask(ground, line, "date", (kept, given), (KEPT,) if elsewhere else ANSWERS)


def inserted_before(
    ground: Ground, person: Person, register: Register, shown_here: Collection[str]
) -> list[Known]:
    """Return who an inserted row, which has no hidden number, may have been in another copy.

    Only people whom this book made from such rows count, and whom this copy shows nowhere
    (`shown_here` are the records that it shows): their row was corrected, or they were left out.
    """
    return [
        known
        for known in register.by_record.values()
        if known.stored is not None
        and known.record not in shown_here
        and _in_common(person, known) >= _ENOUGH
        and ground.bases.made(known.stored)
    ]


def _in_common(person: Person, known: Known) -> int:
    """Count what is the same of name, sex and birth."""
    values, birth = person.values, parse_birth(person.values.get("birth"))
    return sum(
        (
            _plain(values["name"]) == _plain(known.values.get("name") or ""),
            values.get("sex", _UNKNOWN) == known.values.get("sex", _UNKNOWN),
            birth is not None and known.birth is not None
            and births_agree(person, birth, known.birth),
        )
    )  # fmt: skip


def _ask(
    ground: Ground,
    line: Line,
    name: str,
    words: tuple[str, str],
    answers: tuple[str, ...] = ANSWERS,
) -> str:
    answer = ground.answer(line, name)
    if answer == KEPT:
        return KEPT
    if answer == FILE and FILE in answers:
        return ""
    kept, given = words
    code = TAKEN if _is_fresh(line) else OVERWRITTEN
    ground.fault(line, name, Issue(code, params={"kept": kept, "given": given}), answers)
    return ASKED


def _standing(ground: Ground, kind: str, line: Line, record: str) -> StoredRecord | None:
    """Return the record that a numbered row would change, None if there is none."""
    stored = ground.stored(kind, record) if line.stub is not None else None
    return None if stored is None or stored.deleted else stored


def _is_fresh(line: Line) -> bool:
    return line.stub is not None and line.stub.uid.startswith(FRESH)


def _is_other_person(ground: Ground, line: Line, stored: StoredRecord, person: Person) -> bool:
    """Whether too little of name, sex and birth is left for one person.

    Of somebody given out in the book the name may change with the birth untouched, or the other
    way round. A row that was blank could be anybody's in another copy: there a new name needs the
    same day of birth, or the same year and part of the name; a new birth and sex are too much.
    """
    values, ever = person.values, ground.bases.ever
    names = ground.bases.names_of(stored)
    number = values.get("id_number")
    if not names or (number and number in ever(stored, "identity", "id_number")):
        return False
    name = _plain(values["name"])
    birth, exact = _births(person, ever(stored, "birth"))
    sexes, given = set(ever(stored, "sex")) - {_UNKNOWN}, values.get("sex", _UNKNOWN)
    sex = given in sexes if sexes and given != _UNKNOWN else None
    if not _is_fresh(line):
        if name in names:
            return False
        return birth is False or (birth is None and sex is False)
    if name in names:
        return sex is False and birth is not True
    like = any(set(name) & set(one) for one in names)
    called = bool(values.get("mobile")) and values["mobile"] in ever(stored, "mobile")
    same = sex is not False and ((bool(birth) and (exact or like)) or (called and like))
    return not same or birth is False


def _births(person: Person, ever: Sequence[Any]) -> tuple[bool | None, bool]:
    """Return whether a birth agrees with one kept (None if either is not known), and to the day."""
    birth = parse_birth(person.values.get("birth"))
    known = [one for one in map(parse_birth, ever) if one is not None]
    if birth is None or not known:
        return None, False
    exact = birth.precision is Precision.DAY and birth.text in {one.text for one in known}
    return any(births_agree(person, birth, one) for one in known), exact


def _is_other_activity(ground: Ground, line: Line, stored: StoredRecord) -> bool:
    """Whether what was given out differs in its kind or its first day, besides its title."""
    entry = ground.entry(stored)
    return any(
        line.text(col.field)
        and entry.get(col.field)
        and ground.bases.said(line, col.field, None, col.field)
        and line.text(col.field) != shown(ground.tables, col.codes, entry[col.field])
        for col in layout.ACTIVITY_COLS
        if col.field in _DECISIVE
    )


def _meet(told: tuple[str, str], kept: Sequence[Any]) -> bool:
    """Whether the hours of two sessions of one day overlap, as far as they are known."""
    start, end = told
    begin, over = (str(one or "") for one in (*kept, "", "")[:2])
    if not begin or start == begin:
        return True
    return start < (over or begin) if start > begin else begin < (end or start)


def _words(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part) or "–"


def _plain(value: object) -> str:
    return str(value).replace(" ", "")
