"""What the screen of one learner shows and keeps, without a window."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.operators import list_operators
from learnsite_desktop.services.people.card import Card, card
from learnsite_desktop.services.people.consents import Consent, consents_of
from learnsite_desktop.services.people.editing import Editing, is_child
from learnsite_desktop.services.people.extract import joined, word
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.reveals import list_reveals
from learnsite_desktop.services.roll_calls import person_of
from learnsite_desktop.services.roster.dates import read_birth
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.widgets.typed import half_width

GUARDIAN: Final = ("name", "relation", "mobile", "date")
_LOOKS_SHOWN: Final = 4


# The card


@dataclass(frozen=True, slots=True)
class Shown:
    """A learner's card with the full name, and the names of units by code."""

    card: Card
    name: str
    units: Mapping[str, str]


def load(workspace: Workspace, record: str) -> Shown:
    """Return what the card shows. Refuses `record_unknown`, `not_a_learner`, `record_deleted`."""
    found = card(workspace, require_record(workspace, f"learner:{record}"))
    units = {str(row["code"]): str(row["name"]) for row in list_units(workspace)}
    return Shown(found, person_of(workspace, record).name, units)


def facts(shown: Shown, clear: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and text of what is known, masked unless `clear` (a reveal) has it in full."""
    about = shown.card
    birth = str(clear.get("birth") or about.birth)
    yield _("Sex"), word("sex", about.sex)
    yield _("Born"), birth or _("not known")
    mobile = str(clear.get("mobile") or about.mobile)
    yield _("Mobile"), mobile or _("none")
    number = str(clear.get("id_number") or about.id_number)
    if number:
        yield _("ID number"), number
    if about.address:
        yield _("Address"), str(clear.get("address") or _("kept, hidden"))
    if about.residence:
        yield _("Residence"), word("residence", about.residence)
    if about.education:
        yield _("Schooling"), word("education_level", about.education)
    if about.groups:
        yield _("Groups"), joined(word("population_group", code) for code in about.groups)
    for label, code in ((_("Home unit"), about.home_unit), (_("Village"), about.unit)):
        if code:
            yield label, shown.units.get(code, code)
    if about.guardian is not None:
        parts = asdict(about.guardian) | dict(clear.get("guardian") or {})
        yield _("Guardian"), " ".join(str(parts[key]) for key in GUARDIAN[:3] if parts.get(key))
    if about.linked:
        others = (f"{one.name} ({shown.units.get(one.unit, one.unit)})" for one in about.linked)
        yield _("Also kept as"), joined(others)


def hours(about: Card) -> str:
    """Return the lessons of this year and in all, in one sentence."""
    return render(
        _("This year %(year)s lessons, in all %(total)s (a lesson is %(minutes)s minutes)"),
        {"year": about.hours_year, "total": about.hours_total, "minutes": about.minutes_per_hour},
    )


def consent_lines(about: Card) -> list[str]:
    """Return the consents as lines, the newest first; those no longer in force say so."""
    lines = []
    for consent in reversed(about.consents):
        kind = word("consent_kind", consent.kind)
        by, medium = word("consent_by", consent.by), word("consent_medium", consent.medium)
        over = consent.kind not in about.consents_in_force and consent.kind != "withdrawn"
        tail = _("no longer in force") if over else ""
        lines.append(" · ".join(filter(None, (kind, consent.date, by, medium, tail))))
    return lines


def who_looked(workspace: Workspace, record: str) -> list[str]:
    """Return who looked at this learner in full, when and why, as lines, the newest first."""
    names = {one.id: one.name for one in list_operators(workspace, gone=True)}
    lines = [
        " · ".join(
            filter(
                None,
                (
                    str(note["at"])[:16].replace("T", " "),
                    names.get(note["operator"], note["operator"]),
                    str(note["what"].get("why") or ""),
                ),
            )
        )
        for note in list_reveals(workspace)
        if record in note["what"].get("records", ())
    ]
    older = len(lines) - _LOOKS_SHOWN
    more = [render(_("and %(count)s times before"), {"count": older})] if older > 0 else []
    return lines[:_LOOKS_SHOWN] + more


# The editor


@dataclass(slots=True)
class Sheet:
    """A learner in the editor: what was typed over what is kept, and every step back.

    Values are as in capture files; `changed` are those typed, the draft's at first.
    """

    editing: Editing
    changed: dict[str, Any] = field(init=False)
    _past: list[dict[str, Any]] = field(default_factory=list)
    _future: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the draft."""
        self.changed = dict(self.editing.drafted)

    def value(self, name: str) -> Any:
        """Return a field as it would stand."""
        return self.changed.get(name, self.editing.saved.get(name))

    def has_typed(self, name: str) -> bool:
        """Whether a field was typed here; else its private value stays hidden."""
        return name in self.changed

    @property
    def touched(self) -> bool:
        """Whether anything is to be saved."""
        return bool(self.changed)

    def put(self, values: Mapping[str, Any]) -> bool:
        """Take fields; False when nothing is new."""
        new = {name: value for name, value in values.items() if value != self.value(name)}
        if not new:
            return False
        self._past.append(dict(self.changed))
        self._future.clear()
        self.changed |= new
        return True

    def undo(self) -> bool:
        """Take the last step back."""
        return self._move(self._past, self._future)

    def redo(self) -> bool:
        """Take the last undone step again."""
        return self._move(self._future, self._past)

    def _move(self, source: list[dict[str, Any]], onto: list[dict[str, Any]]) -> bool:
        if not source:
            return False
        onto.append(dict(self.changed))
        former = source.pop()
        gone = {name: self.editing.saved.get(name) for name in self.changed if name not in former}
        self.changed = {**former, **gone} if former else {}
        return True

    def is_child(self, today: date) -> bool:
        """Whether a guardian is to be named."""
        return is_child(str(self.value("birth") or ""), today)


def consents_with(sheet: Sheet, kinds: Sequence[str], today: date) -> list[dict[str, str]]:
    """Return the consents kept and those of `kinds`, given today on paper."""
    by = "guardian" if sheet.is_child(today) else "self"
    given = (
        Consent(kind, today.isoformat(), "guardian" if kind == "guardian" else by, "paper")
        for kind in kinds
    )
    return [asdict(one) for one in dict.fromkeys([*consents_of(sheet.editing.saved), *given])]


def new_consents(sheet: Sheet) -> list[str]:
    """Return the kinds of consent that were added here."""
    kept = set(consents_of(sheet.editing.saved))
    listed = consents_of({"consents": sheet.value("consents") or ()})
    return [one.kind for one in listed if one not in kept]


def hidden(name: str, value: Any) -> str:
    """Return how a private value that is kept is hinted at in its empty field."""
    if not value:
        return ""
    if name == "mobile":
        return masked("mobile", str(value))
    if name == "id_number":
        return masked("cn_id", str(value))
    if name == "birth":
        text = str(value)
        return text[:4] if len(text) == 4 else _("%(year)s, day hidden") % {"year": text[:4]}
    return _("kept, hidden; type to replace it")


def typed_birth(text: str, today: date) -> str | None:
    """Read a birth day: 1955, 55, 1955.3, 1955-03-12, 55年3月; None if it may mean two things."""
    plain = half_width(text)
    if not plain:
        return ""
    if plain.isdecimal() and len(plain) == 2:
        century = today.year // 100 * 100
        year = century + int(plain)
        return str(year - 100 if year > today.year else year)
    found = read_birth(plain, today)
    return None if found.issue else str(found.value)
