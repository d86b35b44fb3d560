"""What stands on the screen Hand in: rows and sentences, made of what the services found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.acknowledged import Handed, Held, handed_out, held_above
from learnsite_desktop.services.agenda import Asked, open_returns, said_back
from learnsite_desktop.services.arrivals import Arrival
from learnsite_desktop.services.closing import Due, due_months
from learnsite_desktop.services.handing_in import HandedIn
from learnsite_desktop.services.standing import Standing, standing, unit_above
from learnsite_desktop.services.submitting import red_list
from learnsite_desktop.services.titles import field_label, spoken, title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.ui.feedback import refusal_text
from learnsite_desktop.ui.set_aside import set_aside

_DOCUMENTS: Final = {
    "codes": N_("new code table"),
    "forms": N_("new forms"),
    "regions": N_("new list of units"),
    "roster": N_("new list of computers"),
    "policy": N_("new settings from above"),
    "targets": N_("new targets"),
    "notices": N_("new notices"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one of the two lists; see `ui.widgets.row_list`."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""
    record: str = ""
    record_kind: str = ""
    field: str = ""
    note: str = ""
    issue: Issue | None = None
    handed: Handed | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """How things stand: months, what was sent back, what was handed out, who holds how much."""

    above: str
    above_name: str
    months: tuple[Due, ...]
    returns: tuple[Asked, ...]
    handed: tuple[Handed, ...]
    held: tuple[Held, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of handing in; `red` with the titles of the records."""

    done: HandedIn
    red: list[tuple[Issue, str]]

    @property
    def change(self) -> ChangeSet:
        """What was written."""
        return self.done.change

    @classmethod
    def of(cls, workspace: Workspace, done: HandedIn) -> "Outcome":
        """Return the outcome with the titles that its red list needs."""
        return cls(done, with_titles(workspace, done.red))


def look(workspace: Workspace) -> Standings:
    """Ask how things stand."""
    above = unit_above(workspace)
    return Standings(
        above=above,
        above_name=unit_name(workspace.database, above) if above else "",
        months=tuple(due_months(workspace)),
        returns=tuple(open_returns(workspace)),
        handed=tuple(handed_out(workspace)),
        held=tuple(held_above(workspace)),
        standing=standing(workspace),
    )


def red_of(workspace: Workspace, period: str) -> list[tuple[Issue, str]]:
    """Return the red list of a period with the titles of its records."""
    return with_titles(workspace, red_list(workspace, parse_period(period)))


def with_titles(workspace: Workspace, issues: Sequence[Issue]) -> list[tuple[Issue, str]]:
    """Return issues with the titles of their records."""
    return [(issue, title_of(workspace, issue.record)) for issue in issues]


def problem_rows(returns: Sequence[Asked], red: Sequence[tuple[Issue, str]]) -> Iterator[Row]:
    """Yield what has to be put right: fields sent back, then the red list."""
    for asked in returns:
        why = said_back(asked)
        yield Row(
            key=f"return:{asked.id}",
            kind="return",
            cells=(asked.about, field_label(asked.kind, asked.field), why),
            status="returned",
            word=_("Sent back"),
            record=asked.record,
            record_kind=asked.kind,
            field=asked.field,
            note=why,
        )
    for number, (issue, title) in enumerate(red):
        shown = spoken(issue).shown(render)
        yield Row(
            key=f"red:{issue.record}:{issue.code}:{number}",
            kind="red",
            cells=(
                title or issue.ref,
                field_label(issue.kind, issue.field),
                f"{shown['message']} {shown['remedy']}",
            ),
            status="error",
            word=_("To put right"),
            record=issue.record,
            record_kind=issue.kind,
            field=issue.field,
            issue=issue,
        )


def handed_rows(handed: Sequence[Handed]) -> Iterator[Row]:
    """Yield what was handed out, with how far it has come."""
    for one in handed:
        yield Row(
            key=one.bundle_id,
            kind="handed",
            cells=(f"{one.at[:10]} {one.at[11:16]}", one.name, _receipt_of(one), one.path.name),
            status="received" if one.receipted else "exported",
            word=_("Acknowledged") if one.receipted else _("Packed, no receipt yet"),
            handed=one,
        )


def _receipt_of(one: Handed) -> str:
    if one.empty:
        return _("nothing new in it")
    if one.number is None:
        return ""
    return render(N_("receipt no. %(number)s"), {"number": one.number})


def held_line(held: Sequence[Held]) -> str:
    """Return who holds how much of what is here, "" as long as nobody has said."""
    return "  ·  ".join(
        render(
            N_("%(name)s holds %(held)s of %(total)s entries (receipt no. %(number)s, %(day)s)"),
            {
                "name": one.name,
                "held": one.held,
                "total": one.total,
                "number": one.number,
                "day": one.at[:10],
            },
        )
        for one in held
        if one.number
    )


def month_label(due: Due, today: date) -> str:
    """Return a month in the list of months: what it is, whether it was handed in, until when."""
    year, _dash, month = due.period.partition("-")
    name = render(N_("%(month)s/%(year)s"), {"year": year, "month": int(month)})
    if due.state == "zero":
        return render(N_("%(month)s · zero report"), {"month": name})
    if not due.open:
        return render(N_("%(month)s · handed in"), {"month": name})
    if due.running:
        return render(N_("%(month)s · still running"), {"month": name})
    left = due.days_left(today)
    if left < 0:
        return render(N_("%(month)s · %(days)s days overdue"), {"month": name, "days": -left})
    return render(N_("%(month)s · %(days)s days left"), {"month": name, "days": left})


def ready_line(stands: Standings, period: str) -> str:
    """Return what is to be done for a period of which nothing has to be put right."""
    if any(due.period == period and not due.open for due in stands.months):
        return _(
            "This month is handed in. When something is changed afterwards, press Enter: only what "
            "is new goes up."
        )
    return _("Nothing has to be put right. Press Enter to hand in.")


def arrival_lines(arrivals: Sequence[Arrival]) -> list[str]:
    """Return in plain words what files bring."""
    lines = []
    for arrival in arrivals:
        if arrival.error is not None:
            lines.append(_told(arrival.file.name, refusal_text(arrival.error)))
        elif arrival.result.program:
            said = {"version": arrival.result.program}
            text = N_("version %(version)s of the program, to be installed afterwards")
            lines.append(_told(arrival.file.name, render(text, said)))
        else:
            said = {"name": arrival.from_name, "day": arrival.at[:10]}
            brings = _("; ").join(_brings(arrival))
            made = render(N_("From %(name)s, packed on %(day)s"), said)
            lines.append(_told(made if arrival.at else arrival.file.name, brings))
    return lines


def _told(what: str, text: str) -> str:
    return render(N_("%(reason)s: %(text)s"), {"reason": what, "text": text})


def _brings(arrival: Arrival) -> Iterator[str]:
    result = arrival.result
    if result.outcome == "unenrolled":
        yield _("the computer that packed it is not enrolled yet; the file is kept aside")
        return
    known = not arrival.changes and not arrival.receipts and not arrival.documents
    if result.outcome == "held" and known:
        yield _("received before, nothing new in it")
        return
    for number, _unit in arrival.receipts:
        yield render(N_("receipt no. %(number)s"), {"number": number})
    if arrival.returns:
        yield render(N_("%(count)s fields sent back"), {"count": arrival.returns})
    for kind in dict.fromkeys(arrival.documents):
        yield _(_DOCUMENTS.get(kind, N_("new documents")))
    yield from set_aside(result)
    others = arrival.changes - arrival.returns
    if others > 0:
        yield render(N_("%(count)s records new or changed"), {"count": others})
    for name, text in (
        ("conflict", N_("%(count)s in conflict with what is here")),
        ("waiting", N_("%(count)s waiting for what has not come yet")),
        ("quarantined", N_("%(count)s held apart")),
    ):
        if result.counts.get(name):
            yield render(text, {"count": result.counts[name]})
    idle = known and not result.documents.passed and not result.counts.get("waiting")
    if result.outcome == "received" and idle:
        yield _("nothing new in it")


def is_new(arrival: Arrival) -> bool:
    """Whether a file found on a stick is for this unit and brings something."""
    return arrival.error is None and arrival.result.outcome != "held"


def place_label(folder: Path) -> str:
    """Return a stick in the list of places."""
    name = folder.name or str(folder)
    return render(N_("USB stick %(name)s"), {"name": name})
