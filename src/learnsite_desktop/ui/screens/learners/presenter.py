"""What the list of learners shows for what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.people.index import WHY, Found, Hit, NameIndex, Person
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.workspace import Workspace

SHOWN: Final = 50
"""So many hits at first; Enter on the last line shows as many more."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the cells of a learner; without a `record` the line that asks for more letters."""

    record: str
    name: str
    sex: str = ""
    born: str = ""
    mobile: str = ""
    unit: str = ""
    why: str = ""


def line_of(
    person: Person | Hit | None, words: Mapping[str, str], units: Mapping[str, str]
) -> Line:
    """Return the line of a person, phone masked; of None the line for further hits.

    `words` are those of the sexes, `units` the names by code, empty where they go without saying.
    """
    if person is None:
        return Line("", _("More than these fit: type more, or press Enter here to see more."))
    hit = isinstance(person, Hit)
    mobile = person.mobile
    return Line(
        person.record,
        person.name,
        words.get(person.sex, ""),
        str(person.birth_year or ""),
        mobile if hit or not mobile else masked("mobile", mobile),
        units.get(person.unit, ""),
        _(WHY[person.why]) if isinstance(person, Hit) else "",
    )


def everybody(index: NameIndex) -> list[Person]:
    """Return the unit's people, those present lately first; of others below when it has none."""
    own = [person for person in index.people() if person.unit == index.unit]
    return sorted(own, key=lambda person: (not person.recent, person.name, person.record))


def rows_for(found: Found) -> list[Hit | None]:
    """Return the hits, with None behind them if there are more."""
    rows: list[Hit | None] = list(found.hits)
    if found.more:
        rows.append(None)
    return rows


def told(rows: Sequence[Person | Hit | None], query: str, total: int) -> str:
    """Return what the list holds, in words."""
    if not query:
        return render(_("%(count)s learners"), {"count": total})
    if rows and rows[-1] is None:
        return render(_("more than %(count)s found"), {"count": len(rows) - 1})
    return render(_("%(count)s found"), {"count": len(rows)})


def unit_names(workspace: Workspace) -> dict[str, str]:
    """Return code → name of every unit."""
    return {str(row["code"]): str(row["name"]) for row in list_units(workspace)}


def name_in(query: str) -> str:
    """Return the name that stands in what was typed, "" if it was letters or digits."""
    name = query.strip().rstrip("0123456789").strip()
    return name if name and not name.isascii() else ""
