"""The text that asks for what was not handed in, ready to be pasted into a chat."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.periods import Period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.board import (
    NO_OPENING,
    NOT_DUE,
    NOT_OPENED,
    SILENT,
    Board,
    BoardRow,
    due_day,
)
from learnsite_desktop.services.contacts import Contact

WANTED: Final = frozenset({SILENT, NOT_OPENED, NO_OPENING})
"""The states that are asked for when nobody is named; a month not yet due only when named."""
_TOWNSHIP: Final = 4
_PLACES: Final = {
    "month": ("{month}", "{月份}"),
    "due": ("{due}", "{截止日}"),
    "count": ("{count}", "{个数}"),
    "list": ("{list}", "{名单}"),
    "unit": ("{unit}", "{本单位}"),
}
"""The places in a template, each under its English and its Chinese name."""
_TEMPLATE: Final = N_(
    "Good day everybody.\n"
    "The records of {month} were to be handed in by {due}. {count} units have not reached {unit} "
    "yet:\n"
    "{list}\n"
    "Please open the program, go to “Hand in” and press Enter; send the file by chat or bring it "
    "on a stick. If there was no activity, hand in a zero report with one sentence why. Ring us "
    "if anything is in the way. Thank you!"
)
_NOTES: Final = {
    NOT_OPENED: N_("the opening file was not used yet"),
    NO_OPENING: N_("the program is not opened there yet"),
}


@dataclass(frozen=True, slots=True)
class Chase:
    """The text, and whom it names."""

    text: str
    period: str
    due: date
    rows: tuple[BoardRow, ...]


def default_template() -> str:
    """Return the template in the language in use; its places stand in braces."""
    return _(_TEMPLATE)


def chase(found: Board, units: Sequence[str] = (), *, template: str = "") -> Chase:
    """Return the text for the units named, or for all that owe the board's period.

    A place that a template does not have is left out; without one for the list, the list follows
    at the end. Refuses `chase_nobody`.
    """
    wanted = WANTED | {NOT_DUE} if units else WANTED
    rows = tuple(
        row
        for row in found.rows
        if row.chosen.handed in wanted and (not units or row.unit in units)
    )
    if not rows:
        raise Refusal("chase_nobody", where=found.period.text)
    due = due_day(found.period, village=any(row.level > _TOWNSHIP for row in rows))
    values = {
        "month": period_words(found.period),
        "due": day_words(due),
        "count": str(len(rows)),
        "list": "\n".join(_lines(found, rows, due)),
        "unit": found.name,
    }
    text = template.strip() or default_template()
    if not any(place in text for place in _PLACES["list"]):
        text = f"{text}\n{{list}}"
    for name, places in _PLACES.items():
        for place in places:
            text = text.replace(place, values[name])
    return Chase(text, found.period.text, due, rows)


def _lines(found: Board, rows: Iterable[BoardRow], due: date) -> Iterator[str]:
    """Yield a line for each unit, under the township that it lies in where there are several."""
    townships = {row.unit: row for row in found.rows if row.level == _TOWNSHIP}
    groups: dict[str, list[BoardRow]] = {}
    for row in rows:
        groups.setdefault(row.unit if row.unit in townships else row.parent, []).append(row)
    for above, listed in groups.items():
        head = townships.get(above)
        if head is not None:
            yield f"【{_with_contact(head.name, head.contact)}】"
        yield from (_line(row, due) for row in listed)


def _line(row: BoardRow, due: date) -> str:
    text = _with_contact(row.name, row.contact)
    notes = [_(_NOTES[row.chosen.handed])] if row.chosen.handed in _NOTES else []
    if row.chosen.due != due:
        notes.append(render(N_("due %(day)s"), {"day": day_words(row.chosen.due)}))
    return f"· {text}{_(', ')}{_('; ').join(notes)}" if notes else f"· {text}"


def _with_contact(name: str, contact: Contact) -> str:
    who = " ".join(part for part in (contact.head, contact.phone) if part)
    return render(N_("%(name)s (%(who)s)"), {"name": name, "who": who}) if who else name


def period_words(period: Period) -> str:
    """Return a period as people say it."""
    months = period.months()
    if len(months) > 1:
        return period.text
    return render(
        N_("%(month)s/%(year)s"), {"year": period.first.year, "month": period.first.month}
    )


def day_words(day: date) -> str:
    """Return a day as people say it, without the year."""
    return render(N_("%(month)s-%(day)s"), {"month": day.month, "day": day.day})


def chase_answer(made: Chase) -> dict[str, Any]:
    """Return a text with the keys of its answer."""
    return {
        "period": made.period,
        "due": made.due.isoformat(),
        "units": [
            {
                "unit": row.unit,
                "name": row.name,
                "parent": row.parent,
                "state": row.chosen.handed,
                "head": row.contact.head or None,
                "phone": row.contact.phone or None,
            }
            for row in made.rows
        ],
        "text": made.text,
    }
