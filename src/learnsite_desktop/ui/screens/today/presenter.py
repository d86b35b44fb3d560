"""The rows of Today: what is shown and where each leads, from the agenda and what comes later."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.agenda import (
    Agenda,
    Asked,
    Unfinished,
    ended_words,
    is_recorded,
    said_back,
)
from learnsite_desktop.services.closing import Due, first_open
from learnsite_desktop.services.rejections import Rejected, rejection_words
from learnsite_desktop.services.standing import Standing
from learnsite_desktop.services.supervision.findings import OVERDUE, Finding
from learnsite_desktop.services.titles import field_label, spoken
from learnsite_desktop.store.agenda import DaySession

RED_LISTED: Final = 6
"""How many rows of the red list stand here; all of them stand where one hands in."""
NOT_HANDED_IN_DAYS: Final = 7
"""After how many days the banner says that nothing was handed in."""

_WEEKDAYS: Final = (*(N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")),)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `kind` heading | notice | return | finding | draft | red | more | go | session.

    `cells` are time, what, where or why, people; `status` and `word` make its chip. `record` is
    what Enter opens, at `field` where one is named; without `record_kind` it cannot be opened.
    """

    key: str
    kind: str
    cells: tuple[str, str, str, str]
    status: str = ""
    word: str = ""
    record: str = ""
    record_kind: str = ""
    field: str = ""
    note: str = ""
    issue: Issue | None = None
    session: DaySession | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """What is known only after a longer look: the red list with titles, how things stand above."""

    red: tuple[tuple[Issue, str], ...] = ()
    standing: Standing | None = None
    period: str = ""
    notices: tuple["Notice", ...] = ()
    below: tuple[Row, ...] = ()
    program: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice from above in force today: `key` stays the same as long as its words do."""

    key: str
    title: str
    text: str
    unit: str
    until: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole screen: rows, the line of the period clock and its tone, the banner or ""."""

    rows: tuple[Row, ...]
    clock: str
    clock_tone: str
    banner: str
    first: str = field(default="")


def shown(agenda: Agenda, late: Late) -> Shown:
    """Return what stands on the screen."""
    rows = tuple(_rows(agenda, late))
    due = first_open(list(agenda.months))
    alone = late.standing is not None and not late.standing.above
    clock, tone = ("", "") if alone else clock_line(due, agenda.day)
    first = agenda.first_to_record()
    return Shown(
        rows=rows,
        clock=clock,
        clock_tone=tone,
        banner=banner(late.standing, due, agenda.day),
        first=f"session:{first}" if first else "",
    )


def notices_of(found: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Notice]:
    """Return the notices of a service's answer; `names` are those of the units."""
    return [
        Notice(
            key=f"{one['unit']}:{one['from']}:{one['title']}:{len(str(one['text']))}",
            title=str(one["title"]),
            text=str(one["text"]),
            unit=names.get(str(one["unit"]), str(one["unit"])),
            until=str(one["to"]),
        )
        for one in found
    ]


def _notice(one: Notice) -> Row:
    said = {"unit": one.unit, "day": one.until}
    return Row(
        key=f"notice:{one.key}",
        kind="notice",
        cells=("", one.title, one.text, render(N_("%(unit)s, until %(day)s"), said)),
        status="note",
        word=_("Notice"),
        record=one.key,
        note=one.text,
    )


def _program(version: str) -> Iterator[Row]:
    """Yield the row that leads to how it is installed."""
    if version:
        text = render(N_("Version %(version)s of this program"), {"version": version})
        why = _("Enter shows how to install it; a backup is made first.")
        cells = ("", text, why, "")
        yield Row("program", "go", cells, "note", _("Newer version"), record="updates")


def _ended(agenda: Agenda) -> Iterator[Row]:
    """Yield the row of a unit that was closed; it leads to handing in what is left."""
    if agenda.ended is not None:
        title, todo = ended_words(agenda.ended)
        cells = ("", title, todo, "")
        yield Row("ended", "go", cells, "warning", _("Closed"), record="submission", note=todo)


def _rows(agenda: Agenda, late: Late) -> Iterator[Row]:
    yield from _section(N_("This unit was closed"), _ended(agenda))
    yield from _section(N_("Notices (Delete puts one away for today)"), map(_notice, late.notices))
    yield from _section(N_("A newer version has come"), _program(late.program))
    yield from _section(N_("Sent back: please put right"), map(_return, agenda.returns))
    yield from _section(N_("Rejected above: not counted"), map(_rejected, agenda.rejected))
    yield from _section(
        N_("Found by supervision: please mend and answer"), map(_finding, agenda.findings)
    )
    yield from _section(N_("Begun and not finished"), map(_draft, agenda.drafts))
    yield from _section(
        render(N_("Red list of %(period)s"), {"period": month_name(late.period)}),
        _red(late),
    )
    yield from _section(N_("The units below"), late.below)
    lists = (
        (N_("Today"), agenda.today),
        (N_("Past, and not recorded yet"), agenda.missing),
        (N_("The last two weeks"), agenda.recent),
        (N_("The next seven days"), agenda.coming),
    )
    for title, sessions in lists:
        yield from _section(title, (_session(row, agenda.day) for row in sessions))


def _section(title: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield a heading and its rows, nothing when there are none."""
    begun = False
    for row in rows:
        if not begun:
            begun = True
            yield Row(f"heading:{title}", "heading", (_(title), "", "", ""))
        yield row


def nothing(agenda: Agenda) -> str:
    """Return what stands where no row does: a past is not passed over."""
    if agenda.last is None:
        return _("Nothing is planned and nothing is waiting. Plan the first activity.")
    text = _(
        "Nothing is waiting, and nothing is planned for the next seven days. The last activity was "
        "on %(day)s: plan the next one."
    )
    return render(text, {"day": agenda.last.isoformat()})


def _return(asked: Asked) -> Row:
    what = f"{asked.about} — {field_label(asked.kind, asked.field)}"
    why = said_back(asked)
    return Row(
        key=f"return:{asked.id}",
        kind="return",
        cells=("", what, why, ""),
        status="returned",
        word=_("Sent back"),
        record=asked.record,
        record_kind=asked.kind,
        field=asked.field,
        note=why,
    )


def _rejected(one: Rejected) -> Row:
    why = rejection_words(one)
    return Row(
        key=f"rejected:{one.tier}:{one.record}",
        kind="rejected",
        cells=("", one.about or _(KINDS[one.kind].label), why, ""),
        status="error",
        word=_("Not taken"),
        record=one.record,
        record_kind=one.kind,
        note=why,
    )


def _finding(one: Finding) -> Row:
    """Return a row that leads to the answer."""
    late = one.state == OVERDUE
    why = one.text or render(N_("Round %(round)s"), {"round": one.round})
    if one.due:
        said = {"text": why, "day": one.due}
        why = render(N_("%(text)s To be mended by %(day)s."), said)
    return Row(
        key=f"finding:{one.id}",
        kind="finding",
        cells=("", one.question, why, ""),
        status="error" if late else "returned",
        word=_("Overdue") if late else _("To mend"),
        record=one.id,
        note=why,
    )


def _draft(draft: Unfinished) -> Row:
    why = "; ".join(map(_message, draft.issues)) or _("Enter goes on with it")
    if draft.gone:
        why = _("Its record was deleted meanwhile; Delete drops this")
    return Row(
        key=f"draft:{draft.record}",
        kind="draft",
        cells=("", draft.about or _(KINDS[draft.kind].label), why, ""),
        status="draft",
        word=_("Not finished"),
        record=draft.record,
        record_kind="" if draft.gone else draft.kind,
    )


def _red(late: Late) -> Iterator[Row]:
    for number, (issue, title) in enumerate(late.red[:RED_LISTED]):
        yield Row(
            key=f"red:{issue.record}:{issue.code}:{number}",
            kind="red",
            cells=("", title, _message(issue), ""),
            status="error",
            word=_("To put right"),
            record=issue.record,
            record_kind=issue.kind,
            field=issue.field,
            issue=issue,
        )
    more = len(late.red) - RED_LISTED
    if more > 0:
        text = render(N_("%(count)s more: Enter shows all of them"), {"count": more})
        yield Row("more", "more", ("", text, "", ""), record=late.period)


def _message(issue: Issue) -> str:
    return str(spoken(issue).shown(render)["message"])


def _session(row: DaySession, today: date) -> Row:
    status, word = chip_of(row, today)
    when = f"{row.start}–{row.end}" if row.end else row.start
    day = date.fromisoformat(row.date)
    if day != today:
        when = f"{day.month}-{day.day} {_(_WEEKDAYS[day.weekday()])} {row.start}"
    people = render(N_("%(count)s on the list"), {"count": row.roster}) if row.roster else ""
    what = row.title
    if row.seq:
        what = render(N_("%(title)s (no. %(number)s)"), {"title": row.title, "number": row.seq})
    return Row(
        key=f"session:{row.session}",
        kind="session",
        cells=(when, what, row.place, people),
        status=status,
        word=word,
        record=row.session,
        record_kind="session",
        session=row,
    )


def chip_of(row: DaySession, today: date) -> tuple[str, str]:
    """Return status and word of a session's state."""
    if row.status == "cancelled":
        return "note", _("Cancelled")
    if is_recorded(row):
        if row.marked and row.headcount is None:
            said = {"present": row.present, "marked": max(row.marked, row.present)}
            return "ok", render(N_("%(present)s of %(marked)s came"), said)
        return "ok", render(N_("%(count)s came"), {"count": row.present + (row.headcount or 0)})
    if row.date < today.isoformat():
        return "warning", _("Not recorded")
    return "draft", _("Planned")


def month_name(period: str) -> str:
    """Return a month as people say it; another period as it is written."""
    year, dash, month = period.partition("-")
    if not dash or not month.isdigit() or len(month) != 2:
        return period
    return render(N_("%(month)s/%(year)s"), {"year": year, "month": int(month)})


def clock_line(due: Due, today: date) -> tuple[str, str]:
    """Return the line about the period to hand in next, and its tone, "" for none."""
    left = due.days_left(today)
    said = {
        "period": month_name(due.period),
        "month": due.due.month,
        "day": due.due.day,
        "days": abs(left),
    }
    if not due.open:
        return render(N_("%(period)s has been handed in."), said), "ok"
    if due.running:
        return render(N_("%(period)s is running; hand it in by %(month)s-%(day)s."), said), ""
    if left > 0:
        text = N_("%(period)s: hand in by %(month)s-%(day)s, %(days)s days left.")
        return render(text, said), "warning"
    if left == 0:
        return render(N_("%(period)s: hand in today."), said), "warning"
    return render(N_("%(period)s should have been handed in %(days)s days ago."), said), "error"


def banner(standing: Standing | None, due: Due, today: date) -> str:
    """Return what is told above the list: nothing handed in for long, or a period overdue."""
    if standing is None or not standing.above or not standing.unreceipted:
        return ""
    days = None
    if standing.handed_out is not None:
        days = (today - standing.handed_out.date()).days
    overdue = due.open and not due.running and due.days_left(today) < 0
    if days is None:
        text = N_("Nothing was ever handed in: %(count)s entries exist only on this computer.")
        return render(text, {"count": standing.unreceipted}) if overdue else ""
    if days < NOT_HANDED_IN_DAYS:
        return ""
    text = N_("Not handed in for %(days)s days; %(count)s entries are not acknowledged above.")
    return render(text, {"days": days, "count": standing.unreceipted})
