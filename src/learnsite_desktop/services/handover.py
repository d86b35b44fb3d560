"""The page for whoever takes this desk over: what is open, what is planned, where things lie."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.days import in_zone
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.printout import Block, Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.agenda import Agenda, agenda, is_settled
from learnsite_desktop.services.backups import LastBackup, last_backup
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.operators import list_operators
from learnsite_desktop.services.packing import list_outbox
from learnsite_desktop.services.printing import SUFFIX, Printer, write_pages
from learnsite_desktop.services.standing import Standing, standing
from learnsite_desktop.services.submitting import red_list
from learnsite_desktop.services.titles import field_label, title_of
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.agenda import DaySession

LISTED: Final = 40
"""How many entries of a section stand on the page; the others are counted."""

_POINTS: Final = 11
_NEVER: Final = N_("never")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The page written, and how many entries each section has."""

    path: Path
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Section:
    """A list on the page: `name` is its key in counts, `title` and `head` are message ids."""

    name: str
    title: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Sequence[tuple[str, ...]]

    def blocks(self) -> Iterator[Block]:
        """Yield the section as it is printed."""
        yield Heading(f"{_(self.title)} ({len(self.rows)})")
        head = tuple(_(text) for text in self.head)
        yield Table(head, tuple(self.rows[:LISTED]), self.widths)
        if len(self.rows) > LISTED:
            more = {"count": len(self.rows) - LISTED}
            yield Paragraph(render(N_("%(count)s more are not listed here."), more))


def handover(workspace: Workspace, folder: Path, printer: Printer) -> HandedOver:
    """Write the hand-over page into a folder; a second one gets another name."""
    sections = _sections(workspace)
    page = _page(workspace, sections)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"handover-{workspace.unit}-{workspace.clock.now():%Y%m%d}"
    path, count = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{SUFFIX}"
    write_pages(path, printer, page)
    return HandedOver(path, {section.name: len(section.rows) for section in sections})


def handover_page(workspace: Workspace) -> Printout:
    """Return what the page says, in the language in use; only reads."""
    return _page(workspace, _sections(workspace))


def _page(workspace: Workspace, sections: Sequence[_Section]) -> Printout:
    names = {str(row["code"]): str(row["name"] or "") for row in list_units(workspace)}
    unit = f"{names.get(workspace.unit, '')} {workspace.unit}".strip()
    stands, now = standing(workspace), workspace.now()
    return Printout(
        title=_("Hand-over"),
        facts=(
            (_("Unit"), unit),
            (_("Date"), f"{now[:10]} {now[11:16]}"),
            (_("Data folder"), str(workspace.folder)),
            *_safety(last_backup(workspace)),
            *_above(stands, names),
        ),
        code="",
        caption="",
        blocks=(
            *(block for section in sections if section.rows for block in section.blocks()),
            *_empty(sections),
            Heading(_("What to do first")),
            Paragraph(
                _(
                    "1. Put your name on the list of operators. 2. Copy the records to a USB "
                    "stick. 3. Answer what was returned. 4. Finish what was begun. 5. Hand in what "
                    "is due."
                )
            ),
        ),
        signs=(_("Handed over by"), _("Taken over by")),
        footer=render(N_("Hand-over of %(unit)s"), {"unit": unit}),
        at=now,
        points=_POINTS,
    )


def _empty(sections: Iterable[_Section]) -> Iterator[Block]:
    """Yield one line for all sections that have nothing."""
    titles = [_(section.title) for section in sections if not section.rows]
    if titles:
        yield Heading(_("Nothing open here"))
        yield Paragraph(" · ".join(titles))


def _safety(last: LastBackup) -> Iterator[tuple[str, str]]:
    for label, moment in (
        (_("Last backup on this computer"), last.automatic),
        (_("Last backup elsewhere"), last.carried),
    ):
        shown = f"{in_zone(moment, None):%Y-%m-%d %H:%M}" if moment else _(_NEVER)
        yield label, shown


def _above(stands: Standing, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    if not stands.above:
        return
    yield _("Hands in to"), f"{names.get(stands.above, '')} {stands.above}".strip()
    handed = stands.handed_out
    yield _("Last handed in"), f"{in_zone(handed, None):%Y-%m-%d}" if handed else _(_NEVER)
    yield _("Not acknowledged yet"), str(stands.unreceipted)


def _sections(workspace: Workspace) -> list[_Section]:
    work = agenda(workspace)
    about, what = N_("What it is about"), N_("What is asked")
    session_head = (N_("Date"), N_("Activity"))
    months = [item for item in work.months if item.open and not item.running]
    red = [found for item in months for found in red_list(workspace, parse_period(item.period))]
    return [
        _Section("returns", N_("Returned and still open"), (about, what), (45, 55),
                 list(_returns(work))),
        _Section("drafts", N_("Begun and not finished"), (N_("Kind"), about), (25, 75),
                 [(_kind(item.kind), item.about) for item in work.drafts]),
        _Section("months", N_("Months not handed in"), (N_("Month"), N_("Due")), (50, 50),
                 [(item.period, item.due.isoformat()) for item in months]),
        _Section("red", N_("Red list of these months"), (about, what), (45, 55),
                 [_issue(workspace, issue) for issue in red]),
        _Section("missing", N_("Past sessions without roll call"), session_head, (30, 70),
                 _sessions(work.missing)),
        _Section("coming", N_("Planned sessions"), session_head, (30, 70),
                 _sessions(one for one in (*work.today, *work.coming) if not is_settled(one))),
        _Section("outbox", N_("Files handed in without receipt"), (N_("Date"), N_("File")),
                 (30, 70), list(_outbox(workspace))),
        _Section("operators", N_("Operators"), (N_("Name"),), (100,),
                 [(one.name,) for one in list_operators(workspace)]),
    ]  # fmt: skip


def _returns(work: Agenda) -> Iterator[tuple[str, str]]:
    for asked in work.returns:
        reason = shipped_codes().label("return_reason", asked.code, language())
        field_name = field_label(asked.kind, asked.field)
        yield asked.about, " · ".join(part for part in (field_name, reason, asked.text) if part)


def _issue(workspace: Workspace, issue: Issue) -> tuple[str, str]:
    about = title_of(workspace, issue.record)
    return about or issue.ref, str(issue.shown(render)["message"])


def _kind(name: str) -> str:
    kind = KINDS.get(name)
    return _(kind.label) if kind else name


def _sessions(rows: Iterable[DaySession]) -> list[tuple[str, str]]:
    return [(f"{row.date} {row.start}".strip(), row.title) for row in rows]


def _outbox(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for row in list_outbox(workspace):
        if not row["receipted"]:
            yield str(row["at"])[:10], Path(str(row["path"])).name
