"""Questions over many records, and what units say to them.

`list_questions` finds them anew each time from what is held here; nothing about a question is
stored but its answer, a record of the unit that gave it. Rows are

    id        the question's own name, the same on every computer that holds the same records
    asks      Q1 one person at two places · Q2 one teacher · Q3 one picture twice · Q4 the same
              people in different lessons · Q5 round head-counts · Q6 entered in one go long after
    title     the question in few words; `text` in full, with its numbers
    state     "open", or "answered" when somebody's answer is to the facts as they are now
    day       the last day that it is about, "" if none
    units     [{unit, name}] whose records it is about, lowest code first
    records   [{kind, id, title, unit, day}] the records, persons (names masked) after what they did
    numbers   what stands in the text, by name
    answers   [{unit, name, text, at, operator, current}], newest last; `current` is False for an
              answer to facts that have changed since: then the question is asked again
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.ids import b64, canonical, derived_id
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.questions import ASKS, asked_by
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import units
from learnsite_desktop.services.question_search import Question, find_questions
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups, review_rows
from learnsite_desktop.store import questions as rows_of
from learnsite_desktop.store.records import StoredRecord, find_record, records_of_kind

OPEN: Final = "open"
ANSWERED: Final = "answered"
STATES: Final = (OPEN, ANSWERED)
KIND: Final = "answer"
TITLES: Final[Mapping[str, str]] = {
    "Q1": N_("One person at two places at a time"),
    "Q2": N_("One teacher at two places at a time"),
    "Q3": N_("One picture under several records"),
    "Q4": N_("The same people in different lessons"),
    "Q5": N_("Head-counts in round numbers"),
    "Q6": N_("Entered in one go, long after"),
}
_TEXTS: Final[Mapping[str, str]] = {
    "Q1": N_(
        "%(persons)s people stand in the roll calls of two sessions at two places, %(minutes)s "
        "minutes of which were at the same time. Where were they?"
    ),
    "Q2": N_(
        "The same teacher stands in two sessions at two places, %(minutes)s minutes of which were "
        "at the same time. Who taught where?"
    ),
    "Q3": N_(
        "The same picture, or one that looks the same, is kept for %(records)s records. Of which "
        "of them was it taken?"
    ),
    "Q4": N_(
        "%(sessions)s sessions of %(lessons)s different lessons have nearly the same people in "
        "their roll calls (%(percent)s%% or more); %(persons)s are in all of them. Was everybody "
        "there each time?"
    ),
    "Q5": N_(
        "%(round)s of %(counts)s head-counts of the site in the year are multiples of %(multiple)s "
        "(%(percent)s%%); %(estimates)s are marked as estimates. How are people counted?"
    ),
    "Q6": N_(
        "%(sessions)s sessions were entered within %(minutes)s minutes on %(entered)s, all of them "
        "more than %(days)s days after they were held. From what were they entered?"
    ),
}
_THRESHOLDS: Final = frozenset({"percent", "multiple", "days"})
"""Numbers that are no facts: another threshold alone does not ask again."""


def list_questions(
    workspace: Workspace,
    *,
    period: str = "",
    unit: str = "",
    asks: str = "",
    state: str = "",
    limit: int | None = None,
    offset: int = 0,
    progress: Progress = silent,
) -> tuple[list[dict[str, Any]], int]:
    """Return a page of questions, open ones first, the newest first in each kind; and how many.

    Of a period those with a session in it, of a unit those with a record of it or below. Takes
    seconds at a county: for the reader lane. Refuses `period_invalid`, `unit_unknown`.
    """
    if unit:
        require_unit(workspace, unit)
    span = parse_period(period) if period else None
    found = find_questions(
        workspace, asks=(asks,) if asks else ASKS, period=span, progress=progress
    )
    if unit:
        below = units.load_tree(workspace.database).subtree(unit)
        inside = {unit, *below}
        found = [one for one in found if not inside.isdisjoint(one.units)]
    answers = _answers(workspace)
    listed = []
    for one in found:
        answered = _state(workspace, one, answers.get(one.found.name, ()))
        if state in ("", answered):
            listed.append((answered, one))
    listed.sort(key=lambda item: item[1].days[-1:], reverse=True)
    listed.sort(key=lambda item: (item[0] != OPEN, item[1].found.asks))
    end = None if limit is None else offset + limit
    page = [
        _row(workspace, one, answered, answers.get(one.found.name, ()))
        for answered, one in listed[offset:end]
    ]
    return page, len(listed)


def answer(workspace: Workspace, name: str, text: str, *, operator: str = "") -> ChangeSet:
    """Keep this unit's explanation of a question as it stands now; undone like any change.

    Refuses `text_missing`, and `question_unknown` for what is not asked (any more).
    """
    if not text.strip():
        raise Refusal("text_missing", where="text")
    one = _named(workspace, name)
    record = b64(derived_id(KIND, workspace.unit, name))
    known = find_record(workspace.database, record, KIND)
    writes: dict[str, object] = {} if known else {"unit": workspace.unit, "question": name}
    with workspace.database.transaction():
        writer = Writer(workspace, operator=operator, label=N_("answer"))
        if known is not None and known.deleted:
            writes[DELETED] = None
        if known is None or workspace.vault.reveal(known.doc.get("text")) != text.strip():
            writes["text"] = text.strip()
        facts = facts_of(workspace, one)
        if known is None or known.doc.get("facts") != facts:
            writes["facts"] = facts
        if writes:
            writer.save(kind=KIND, record=record, unit=workspace.unit, writes=writes)
        return writer.finish()


def _named(workspace: Workspace, name: str) -> Question:
    asked = asked_by(name)
    if asked is not None:
        asks, year = asked
        span = parse_period(year) if year else None
        for one in find_questions(workspace, asks=(asks,), period=span):
            if one.found.name == name:
                return one
    raise Refusal("question_unknown", where=name)


# Answers


def _answers(workspace: Workspace) -> dict[str, list[StoredRecord]]:
    """Return the answers held here by question."""
    found: dict[str, list[StoredRecord]] = {}
    for stored in records_of_kind(workspace.database, KIND):
        found.setdefault(str(stored.doc.get("question")), []).append(stored)
    return found


def _state(workspace: Workspace, one: Question, answers: Sequence[StoredRecord]) -> str:
    if not answers:
        return OPEN
    facts = facts_of(workspace, one)
    told = {item.unit for item in answers if item.doc.get("facts") == facts}
    return ANSWERED if any(_concerns(workspace, one, unit) for unit in told) else OPEN


def _concerns(workspace: Workspace, one: Question, unit: str) -> bool:
    """Whether a question is about records of a unit or of one below it."""
    return any(lookups.is_within(workspace.database, code, unit) for code in one.units)


def facts_of(workspace: Workspace, one: Question) -> str:
    """Return the digest of what a question is about, as an answer names it."""
    numbers = {key: value for key, value in one.found.numbers.items() if key not in _THRESHOLDS}
    facts = [
        one.found.asks,
        [[item.record, item.day, item.start, item.end, item.total] for item in one.lessons],
        [[item.record, *sorted(item.names)] for item in one.pictures],
        _persons(workspace, one),
        numbers,
    ]
    return b64(hashlib.sha256(canonical(facts)).digest())


def _persons(workspace: Workspace, one: Question) -> list[str]:
    """Return the records of the persons concerned: learners marked, or staff."""
    if one.found.asks == "Q1":
        marked = {
            name
            for lesson in one.lessons
            for person in one.found.people
            for name in rows_of.marked_as(workspace.database, lesson.key, person)
        }
        return sorted(marked)
    return sorted(workspace.idents.record(key) for key in one.found.people)


# Rows


def _row(
    workspace: Workspace, one: Question, state: str, answers: Sequence[StoredRecord]
) -> dict[str, Any]:
    found = one.found
    return {
        "id": found.name,
        "asks": found.asks,
        "title": _(TITLES[found.asks]),
        "text": render(_TEXTS[found.asks], found.numbers),
        "state": state,
        "day": one.days[-1] if one.days else "",
        "units": [{"unit": code, "name": _unit_name(workspace, code)} for code in one.units],
        "records": _records(workspace, one),
        "numbers": dict(found.numbers),
        "answers": _shown_answers(workspace, one, answers),
    }


def _unit_name(workspace: Workspace, code: str) -> str:
    row = units.load_tree(workspace.database).get(code)
    return row.name if row else code


def _records(workspace: Workspace, one: Question) -> list[dict[str, Any]]:
    named = [("session", item.record, item.unit, item.day) for item in one.lessons]
    named += [("evidence", item.record, item.unit, item.day) for item in one.pictures]
    if one.found.site is not None:
        named.insert(0, ("site", workspace.idents.record(one.found.site), one.units[0], ""))
    person = "staff" if one.found.asks == "Q2" else "learner"
    for record in _persons(workspace, one):
        stored = find_record(workspace.database, record, person)
        named.append((person, record, stored.unit if stored else "", ""))
    return [
        {"kind": kind, "id": record, "title": title_of(workspace, record), "unit": unit, "day": day}
        for kind, record, unit, day in named
    ]


def _shown_answers(
    workspace: Workspace, one: Question, answers: Sequence[StoredRecord]
) -> list[dict[str, Any]]:
    facts = facts_of(workspace, one) if answers else ""
    found = []
    for stored in answers:
        written = review_rows.written_by(workspace.database, stored.key)
        last = written[-1] if written else None
        found.append(
            {
                "unit": stored.unit,
                "name": _unit_name(workspace, stored.unit),
                "text": workspace.vault.reveal(stored.doc.get("text")),
                "at": last.at if last else None,
                "operator": last.operator if last else "",
                "current": stored.doc.get("facts") == facts,
            }
        )
    return sorted(found, key=lambda item: str(item["at"]))
