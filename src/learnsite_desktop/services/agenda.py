"""The day's work of a unit, in the order in which it wants to be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from learnsite_desktop.domain.days import days_after
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import language, render
from learnsite_desktop.services import drafts as drafts_
from learnsite_desktop.services.closing import Due, due_months
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.rejections import Rejected, newly_rejected
from learnsite_desktop.services.supervision.findings import Finding, to_answer
from learnsite_desktop.services.titles import title_of, titled
from learnsite_desktop.services.units import Ended, ended
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import agenda as store
from learnsite_desktop.store import drafts
from learnsite_desktop.store.agenda import DaySession
from learnsite_desktop.store.records import find_record, record_by_key

RECENT_DAYS: Final = 14
COMING_DAYS: Final = 7
MISSING_DAYS: Final = 62
"""How far back a planned session that was never recorded is asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An open return: what the unit above asks to be put right; `code` of `return_reason`."""

    id: str
    record: str
    kind: str
    field: str
    code: str
    text: str
    about: str
    tier: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A draft: a record that was begun; `issues` is what keeps it from being saved.

    `gone` tells that the record was deleted meanwhile: the draft can only be dropped.
    """

    record: str
    kind: str
    about: str
    issues: tuple[Issue, ...]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is to be done on a day.

    `findings` are what supervision asks this unit to mend, and it has not answered yet. `missing`
    are past sessions without roll call, the newest first; `recent` those of the last two
    weeks that are done, the newest first; `coming` those of the next week. `last` is the day of
    the last session held before that day, None without one. `ended` tells that the unit was
    closed, `rejected` what units above have lately taken out of every figure.
    """

    day: date
    returns: tuple[Asked, ...]
    findings: tuple[Finding, ...]
    drafts: tuple[Unfinished, ...]
    today: tuple[DaySession, ...]
    missing: tuple[DaySession, ...]
    recent: tuple[DaySession, ...]
    coming: tuple[DaySession, ...]
    months: tuple[Due, ...]
    last: date | None = None
    ended: Ended | None = None
    rejected: tuple[Rejected, ...] = ()

    def sessions(self) -> tuple[DaySession, ...]:
        """Return all sessions, in the order in which they are shown."""
        return (*self.today, *self.missing, *self.recent, *self.coming)

    def first_to_record(self) -> str:
        """Return the session to begin with: today's first without roll call, else an older one."""
        waiting = [row for row in (*self.today, *self.missing) if not is_settled(row)]
        return waiting[0].session if waiting else ""


def is_recorded(row: DaySession) -> bool:
    """Whether somebody was marked or counted."""
    return bool(row.marked) or row.headcount is not None


def is_settled(row: DaySession) -> bool:
    """Whether nothing more has to be recorded."""
    return is_recorded(row) or row.status == "cancelled"


def agenda(workspace: Workspace, day: date | None = None) -> Agenda:
    """Return the work of a day (today if None) of the unit that one enters for."""
    day = day or workspace.clock.now().date()
    first, last = days_after(day, -MISSING_DAYS), days_after(day, COMING_DAYS)
    rows = store.own_sessions(
        workspace.database, workspace.acting, first.isoformat(), last.isoformat()
    )
    now, since = day.isoformat(), days_after(day, -RECENT_DAYS).isoformat()
    past = [row for row in reversed(rows) if row.date < now]
    before = store.last_session_day(workspace.database, workspace.acting, now)
    return Agenda(
        day=day,
        returns=tuple(open_returns(workspace)),
        findings=tuple(to_answer(workspace, workspace.acting)),
        drafts=tuple(unfinished(workspace)),
        today=tuple(row for row in rows if row.date == now),
        missing=tuple(row for row in past if not is_settled(row)),
        recent=tuple(row for row in past if is_settled(row) and row.date >= since),
        coming=tuple(row for row in rows if row.date > now),
        months=tuple(due_months(workspace)),
        last=date.fromisoformat(before) if before else None,
        ended=ended(workspace, workspace.acting),
        rejected=tuple(newly_rejected(workspace, workspace.acting, day)),
    )


def ended_words(found: Ended) -> tuple[str, str]:
    """Return that a unit was closed, and what is to be done at its desk."""
    said = {
        "name": found.name,
        "day": found.on.isoformat(),
        "code": found.heir,
        "heir": found.heir_name,
        "unit": found.onward_name,
    }
    if found.heir:
        title = render(N_("%(name)s ended on %(day)s and goes on as %(heir)s (%(code)s)."), said)
        text = N_(
            "Enter here only what happened before that day, and hand it in. What happens now is "
            "entered for %(unit)s: ask the unit above it for its opening file."
        )
    else:
        title = render(N_("%(name)s ended on %(day)s; nobody took it over."), said)
        text = N_(
            "Enter here only what happened before that day, and hand it in. What happens now is "
            "entered for %(unit)s."
        )
    return title, render(text, said)


def open_returns(workspace: Workspace) -> list[Asked]:
    """Return what units above ask this unit to put right, the oldest first."""
    found = []
    for key in store.open_return_keys(workspace.database, workspace.acting):
        stored = record_by_key(workspace.database, key)
        entry = entry_of(KINDS["return"], stored.doc, workspace.vault)
        record = str(entry.get("record") or "")
        target = find_record(workspace.database, record)
        found.append(
            Asked(
                id=stored.id,
                record=record,
                kind=target.kind if target else "",
                field=str(entry.get("field") or ""),
                code=str(entry.get("reason") or ""),
                text=str(entry.get("text") or ""),
                about=title_of(workspace, record),
                tier=str(entry.get("tier") or ""),
            )
        )
    return found


def said_back(asked: Asked) -> str:
    """Return why a field was sent back: the reason's word and what was written about it."""
    reason = shipped_codes().label("return_reason", asked.code, language())
    return render(N_("%(reason)s: %(text)s"), {"reason": reason, "text": asked.text})


def unfinished(workspace: Workspace) -> list[Unfinished]:
    """Return the records that were begun on this computer and not finished, the oldest first."""
    found = []
    for draft in drafts.everything(workspace.database):
        record = b64(draft.record)
        stored = find_record(workspace.database, record, draft.kind)
        entry = entry_of(KINDS[draft.kind], stored.doc, workspace.vault) if stored else {}
        about = titled(workspace, draft.kind, {**entry, **drafts_.draft_values(workspace, record)})
        gone = stored is not None and stored.deleted
        issues = () if gone else tuple(_blocking(workspace, record))
        found.append(Unfinished(record, draft.kind, about, issues, gone))
    return found


def _blocking(workspace: Workspace, record: str) -> Iterator[Issue]:
    return (issue for issue in drafts_.draft_issues(workspace, record) if issue.blocking)
