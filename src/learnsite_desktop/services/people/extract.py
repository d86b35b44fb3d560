"""What is kept about one person, on paper: for the person, who may ask to see it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from learnsite_desktop.domain.printout import Block, Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.people.card import AttendanceLine, Card, card, reveal
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import StoredRecord

LINES: Final = 10
"""So many attendances stand on the one page; older ones are counted."""
CLASSES: Final = 6

_WHY: Final = "个人信息摘要"
_TEXTS: Final = (
    ("name", N_("full name")), ("sex", N_("sex")), ("birth", N_("birth")),
    ("mobile", N_("mobile")), ("address", N_("address")), ("id_number", N_("ID number")),
)  # fmt: skip


def extract(workspace: Workspace, stored: StoredRecord, *, operator: str = "") -> Printout:
    """Return a page with what is kept about a learner, in full; that is noted as a reveal.

    The workspace must be open for writing. Refuses `not_a_learner`, `record_deleted`.
    """
    shown = card(workspace, stored)
    clear = reveal(workspace, stored, why=_WHY, operator=operator)
    unit = unit_name(workspace.database, stored.unit)
    return Printout(
        title=_("What is kept about you"),
        facts=((_("unit"), unit), (_("date"), workspace.clock.now().date().isoformat())),
        code="",
        caption="",
        blocks=tuple(_blocks(workspace, shown, clear)),
        signs=(_("Recorded by:"),),
        footer=f"{unit} · {_('What is kept about you')}",
        at=workspace.now(),
        points=11,
    )


def _blocks(workspace: Workspace, shown: Card, clear: Mapping[str, Any]) -> Iterator[Block]:
    yield Table((_("What"), _("Kept")), tuple(_facts(workspace, shown, clear)), (30, 70))
    yield Paragraph(
        render(
            _(
                "This year %(year)s lessons, in all %(total)s lessons of %(minutes)s minutes. You "
                "may have anything here corrected or deleted, and withdraw a consent at any time."
            ),
            {
                "year": shown.hours_year,
                "total": shown.hours_total,
                "minutes": shown.minutes_per_hour,
            },
        )
    )
    if shown.enrolments:
        yield Heading(_("Classes"))
        rows = tuple((line.title, line.joined, line.left) for line in shown.enrolments[:CLASSES])
        yield Table((_("Class"), _("joined"), _("left")), rows, (60, 20, 20))
    if shown.attended:
        yield Heading(_("Attendance"))
        head = (_("date"), _("Activity"), _("Mark"), _("Minutes"))
        yield Table(head, tuple(map(_attended, shown.attended[:LINES])), (20, 50, 15, 15))
    older = len(shown.attended) - LINES
    if older > 0:
        yield Paragraph(render(_("And %(count)s older ones."), {"count": older}))


def _facts(
    workspace: Workspace, shown: Card, clear: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for name, label in _TEXTS:
        value = str(clear.get(name) or "")
        if value:
            yield _(label), word("sex", value) if name == "sex" else value
    for label, codes, code in (
        (_("residence"), "residence", shown.residence),
        (_("education"), "education_level", shown.education),
    ):
        if code:
            yield label, word(codes, code)
    if shown.home_unit:
        yield _("home unit"), unit_name(workspace.database, shown.home_unit)
    if shown.groups:
        yield _("groups"), joined(word("population_group", code) for code in shown.groups)
    guardian = clear.get("guardian")
    if isinstance(guardian, Mapping):
        parts = (guardian.get(key) for key in ("name", "relation", "mobile"))
        yield _("guardian"), " ".join(str(part) for part in parts if part)
    for consent in shown.consents:
        by, medium = word("consent_by", consent.by), word("consent_medium", consent.medium)
        yield _("consent"), f"{word('consent_kind', consent.kind)} {consent.date} {by} {medium}"


def _attended(line: AttendanceLine) -> tuple[str, ...]:
    minutes = "" if line.minutes is None else str(line.minutes)
    return line.date, line.title, word("attendance_status", line.status), minutes


def word(codes: str, code: str) -> str:
    """Return the word of a code in the language in use."""
    return shipped_codes().label(codes, code, language())


def joined(words: Iterator[str]) -> str:
    """Return words as one list."""
    return ("、" if language() == "zh" else ", ").join(words)
