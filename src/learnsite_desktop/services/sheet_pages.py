"""What stands on the paper of a sign-in sheet, a sheet for drop-ins and a consent notice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.births import parse_birth
from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.printout import (
    Block,
    Paragraph,
    Printable,
    Printout,
    SignInPage,
    Table,
)
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.sheet_codes import scan_text, spaced
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.learners import reveal_learners
from learnsite_desktop.services.printing import Printer, write_pages
from learnsite_desktop.services.sheets import (
    PrintedSheet,
    make_sheets,
    roster_of,
    rows_of,
    session_of,
)
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import StoredRecord, find_record

PRINTED_ROWS: Final = 30
BLANK_ROWS: Final = 10
DROP_IN_ROWS: Final = 25
GUARDIAN_UNDER: Final = 14
NOTICE_POINTS: Final = 14

_WEEKDAYS: Final = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday")),
    *(N_("Friday"), N_("Saturday"), N_("Sunday")),
)
_TAIL: Final = 4
_WHY_NOTICE: Final = "告知同意书"
_HEAD: Final = (N_("No."), N_("Full name"), N_("Sex"), N_("Phone ending"), N_("Signature"))
_WIDTHS: Final = (8, 19, 8, 13, 32, 20)
_DROP_IN_HEAD: Final = (N_("No."), N_("Full name"), N_("Sex"), N_("Year of birth"), N_("Mobile"))
_DROP_IN_WIDTHS: Final = (8, 20, 8, 13, 24, 27)
_NOTICE: Final = (
    N_(
        "%(unit)s keeps a record of learning activities. It writes down your name, sex, year or "
        "day of birth and phone, which activities you take part in and when, and, if you agree, "
        "photos of them."
    ),
    N_(
        "This is used only to run the activities, to count participation and to report to the "
        "units in charge of education. ID numbers are asked for only where training is subsidised "
        "or a certificate is issued. Nothing is sold, published or used for advertising; city and "
        "above receive numbers, not names."
    ),
    N_(
        "Taking part does not depend on giving a phone number or letting yourself be photographed. "
        "You may see, correct or have deleted what is kept about you, and withdraw your consent at "
        "any time: tell the clerk of this learning site."
    ),
    N_(
        "For children under 14 a parent or guardian signs. By signing you confirm that you have "
        "read or were read this notice and agree to it."
    ),
)


@dataclass(frozen=True, slots=True)
class MadeSheets:
    """What was printed: the file, the sheets in it, what was written."""

    path: Path
    sheets: list[PrintedSheet]
    change: ChangeSet


def write_sheets(
    workspace: Workspace,
    sessions: Sequence[StoredRecord],
    out: Path,
    printer: Printer,
    *,
    operator: str = "",
    notice: bool = False,
    progress: Progress = silent,
) -> MadeSheets:
    """Fix the lists of sessions and write their sheets as one PDF, with `notice` each class's too.

    The workspace must be open for writing. A file of that name is replaced; if it cannot be
    written (OSError), nothing is fixed. Refuses `sheets_none` without a session, and what
    `make_sheets` does.
    """
    if not sessions:
        raise Refusal("sheets_none")
    try:
        with workspace.database.transaction():
            sheets, change = make_sheets(workspace, sessions, operator=operator, progress=progress)
            pages: list[Printable] = []
            noticed: set[str] = set()
            for session, sheet in zip(sessions, sheets, strict=True):
                pages += sheet_pages(workspace, sheet)
                activity = str(session.doc.get("activity"))
                if notice and activity not in noticed:
                    noticed.add(activity)
                    pages.append(consent_notice(workspace, session, operator=operator))
            write_pages(out, printer, *pages)
    except BaseException:
        workspace.idents.forget()
        raise
    return MadeSheets(out, sheets, change)


def sheet_pages(workspace: Workspace, sheet: PrintedSheet) -> list[SignInPage]:
    """Return the pages of a printed sheet: 30 learners and 10 empty rows on each.

    Names stand in full, for it is there to be signed; of phones only the end.
    """
    session = session_of(workspace, sheet)
    parts = [
        sheet.rows[start : start + PRINTED_ROWS]
        for start in range(0, len(sheet.rows), PRINTED_ROWS)
    ] or [()]
    title = render(N_("%(title)s: sign-in sheet"), {"title": _title(workspace, session)})
    footer = {
        "unit": unit_name(workspace.database, session.unit),
        "code": spaced(sheet.code),
        "version": sheet.version,
    }
    return [
        SignInPage(
            title=title,
            facts=tuple(_facts(workspace, session)),
            code=scan_text(sheet.code, number),
            caption=spaced(sheet.code),
            notice=_("By signing I agree that this is recorded to run and count the activity."),
            head=(*map(_, _HEAD), _("Remarks")),
            widths=_WIDTHS,
            rows=tuple(_row(workspace, row.row, row.learner) for row in part),
            blank=BLANK_ROWS,
            signs=_signs(len(sheet.rows)),
            footer=render(N_("%(unit)s · sheet %(code)s, version %(version)s"), footer),
            number=_page(number, len(parts)),
            at=workspace.now(),
        )
        for number, part in enumerate(parts, start=1)
    ]


def drop_in_page(workspace: Workspace, session: StoredRecord | None = None) -> SignInPage:
    """Return an empty sheet for people who drop in, of a session or to be headed by hand.

    It has no code: nothing of it is known before somebody has written on it.
    """
    facts = tuple(_facts(workspace, session)) if session else _no_facts(workspace)
    title = _("Sign-in sheet for drop-ins")
    if session is not None:
        named = {"title": _title(workspace, session)}
        title = render(N_("%(title)s: sign-in sheet for drop-ins"), named)
    empty = ("",) * len(_DROP_IN_HEAD)
    return SignInPage(
        title=title,
        facts=facts,
        code="",
        caption="",
        notice=_("By signing I agree that this is recorded to run and count the activity."),
        head=(*map(_, _DROP_IN_HEAD), _("Signature")),
        widths=_DROP_IN_WIDTHS,
        rows=tuple((str(number), *empty) for number in range(1, DROP_IN_ROWS + 1)),
        blank=0,
        signs=(_("Present:"), _("Recorded by:"), _("Checked by:")),
        footer=unit_name(workspace.database, session.unit if session else workspace.unit),
        number="",
        at=workspace.now(),
    )


def consent_notice(workspace: Workspace, session: StoredRecord, *, operator: str = "") -> Printout:
    """Return the notice that a class signs, with the names of a session's roster.

    Names stand in full; that is noted as a reveal, so the workspace must be open for writing.
    """
    learners = [
        stored
        for member in roster_of(workspace, session)
        if (stored := find_record(workspace.database, member.learner, "learner")) is not None
    ]
    rows = reveal_learners(
        workspace,
        learners,
        asked={"session": session.id},
        operator=operator,
        why=_WHY_NOTICE,
    )
    numbers = {row.learner: row.row for row in rows_of(workspace, session)}
    about = ((_("activity"), _title(workspace, session)),)
    return _notice(workspace, session.unit, about, rows, numbers, str(session.doc.get("date")))


def personal_notice(workspace: Workspace, learner: StoredRecord, *, operator: str = "") -> Printout:
    """Return the notice for one learner alone; noted as a reveal like `consent_notice`."""
    rows = reveal_learners(
        workspace,
        [learner],
        asked={"card": learner.id},
        operator=operator,
        why=_WHY_NOTICE,
    )
    today = workspace.clock.now().date().isoformat()
    return _notice(workspace, learner.unit, (), rows, {learner.id: 1}, today)


def _notice(
    workspace: Workspace,
    code: str,
    about: tuple[tuple[str, str], ...],
    rows: Sequence[dict[str, Any]],
    numbers: dict[str, int],
    day: str,
) -> Printout:
    unit = unit_name(workspace.database, code)
    return Printout(
        title=_("Notice and consent"),
        facts=(*about, (_("unit"), unit)),
        code="",
        caption="",
        blocks=tuple(_notice_blocks(unit, rows, numbers, day)),
        signs=(),
        footer=f"{unit} · {_('Notice and consent')}",
        at=workspace.now(),
        points=NOTICE_POINTS,
    )


def _notice_blocks(
    unit: str, rows: Sequence[dict[str, Any]], numbers: dict[str, int], day: str
) -> Iterator[Block]:
    for text in _NOTICE:
        yield Paragraph(render(text, {"unit": unit}))
    cells = [
        (str(numbers[row["id"]]), str(row["name"] or ""), _who_signs(row, day))
        for row in sorted(rows, key=lambda row: numbers[row["id"]])
    ]
    half = -(-len(cells) // 2)
    empty = ("", "", "")
    pairs = [
        (*cells[place], *(cells[place + half] if place + half < len(cells) else empty))
        for place in range(half)
    ]
    head = (_("No."), _("Full name"), _("Signature and date"))
    yield Table((*head, *head), tuple(pairs), (7, 15, 28, 7, 15, 28))


def _who_signs(row: dict[str, Any], day: str) -> str:
    """Return a word in the place of the signature where a guardian must sign."""
    birth, today = parse_birth(row["birth"]), as_date(day)
    if birth is None or today is None:
        return ""
    return _("Guardian:") if birth.age_on(today) < GUARDIAN_UNDER else ""


def _facts(workspace: Workspace, session: StoredRecord) -> Iterator[tuple[str, str]]:
    entry = entry_of(KINDS["session"], session.doc, None)
    yield _("Time:"), session_time(entry)
    yield _("Teacher:"), teachers_of(workspace, entry)
    yield _("Place:"), _place(workspace, entry)
    yield _("Organiser:"), _organiser(workspace, session)


def _no_facts(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    unit = unit_name(workspace.database, workspace.unit)
    return (
        (_("Time:"), ""),
        (_("Activity:"), ""),
        (_("Place:"), ""),
        (_("Organiser:"), unit),
    )


def session_time(entry: dict[str, Any]) -> str:
    """Return day, weekday and time of a session's entry."""
    day = as_date(entry.get("date"))
    if day is None:
        return ""
    said = {
        "date": day.isoformat(),
        "weekday": _(_WEEKDAYS[day.weekday()]),
        "start": entry.get("start") or "",
        "end": entry.get("end") or "",
    }
    return render(N_("%(date)s (%(weekday)s) %(start)s–%(end)s"), said)


def teachers_of(workspace: Workspace, entry: dict[str, Any]) -> str:
    """Return the names of a session's teachers, in full: they stand there by their office."""
    names = []
    for record in entry.get("teachers") or ():
        staff = find_record(workspace.database, record, "staff")
        name = workspace.vault.reveal(staff.doc.get("name")) if staff else None
        if name:
            names.append(str(name))
    return ("、" if language() == "zh" else ", ").join(names)


def _place(workspace: Workspace, entry: dict[str, Any]) -> str:
    venue = find_record(workspace.database, str(entry.get("venue") or ""), "venue")
    if venue is not None and venue.doc.get("name"):
        return str(venue.doc["name"])
    activity = find_record(workspace.database, str(entry.get("activity") or ""), "activity")
    named = str(activity.doc.get("site") or "") if activity else ""
    site = find_record(workspace.database, named, "site")
    return str(site.doc.get("name") or "") if site else ""


def _organiser(workspace: Workspace, session: StoredRecord) -> str:
    activity = find_record(workspace.database, str(session.doc.get("activity")), "activity")
    code = activity.doc.get("department") if activity else None
    return organiser_text(unit_name(workspace.database, session.unit), str(code or ""))


def organiser_text(unit: str, department: str) -> str:
    """Return a unit's name with the department that an activity is for, given by its code."""
    if not department:
        return unit
    label = shipped_codes().label("department", department, language())
    return render(N_("%(unit)s (%(department)s)"), {"unit": unit, "department": label})


def _title(workspace: Workspace, session: StoredRecord) -> str:
    activity = find_record(workspace.database, str(session.doc.get("activity")), "activity")
    return str(activity.doc.get("title") or "") if activity else ""


def _row(workspace: Workspace, number: int, learner: str) -> tuple[str, ...]:
    stored = find_record(workspace.database, learner, "learner")
    entry = entry_of(KINDS["learner"], stored.doc, workspace.vault) if stored else {}
    sex = str(entry.get("sex") or "")
    shown = shipped_codes().label("sex", sex, language()) if sex in ("F", "M") else ""
    digits = "".join(filter(str.isdigit, str(entry.get("mobile") or "")))
    return str(number), str(entry.get("name") or ""), shown, digits[-_TAIL:], "", ""


def _signs(expected: int) -> tuple[str, ...]:
    counted = render(N_("Expected: %(count)s. Present:"), {"count": expected})
    return counted, _("Recorded by:"), _("Checked by:")


def _page(number: int, count: int) -> str:
    return render(N_("Page %(number)s of %(count)s"), {"number": number, "count": count})
