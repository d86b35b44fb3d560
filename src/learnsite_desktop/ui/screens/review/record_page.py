"""The page of one record: what is said of it first, then what it holds, then who wrote what."""

from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import work_queue as work
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.record_view import Deed, RecordView, record_view
from learnsite_desktop.services.titles import field_label, spoken
from learnsite_desktop.services.work_queue import WorkItem
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord
from learnsite_desktop.ui.routes import place_of
from learnsite_desktop.ui.screens.review.pages import Cell, Key, Line, Page, block, line
from learnsite_desktop.ui.screens.review.words import GROUP_SENTENCES

_TIER_STATES: Final = {
    "none": N_("not looked at yet"),
    "returned": N_("sent back"),
    "edited": N_("written on since"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
}


def record_page(workspace: Workspace, item: WorkItem, stored: StoredRecord, operator: str) -> Page:
    """Return the page of a record."""
    view = record_view(workspace, stored, operator=operator)
    blocks = [block("", *_said(item, view))]
    if view.warnings:
        blocks.append(block(_("Warnings and their reasons"), *_warnings(view)))
    if view.returns:
        blocks.append(block(_("Returns"), *(_return(stored.kind, one) for one in view.returns)))
    facts = [line(Cell(label, "muted"), text) for label, text in view.fields]
    blocks.append(block(_("What is written"), *facts, *_counted(view)))
    blocks.append(block(_("Who wrote what"), *_history(view)))
    keys = [
        Key("A", N_("Approve"), "approved", "approve", primary=True),
        Key("R", N_("Return"), "returned", "return"),
        Key("X", N_("Do not take"), "delete", "reject"),
        Key("E", N_("Correct"), "note", "correct"),
        *([Key("O", N_("Open it"), "forward", "open")] if place_of(stored.kind, stored.id) else []),
        Key("Space", N_("Later"), "forward", "later"),
    ]
    return Page(item, view.title, view.unit, tuple(blocks), tuple(keys))


def _said(item: WorkItem, view: RecordView) -> list[Line]:
    lines = [line(_(GROUP_SENTENCES[item.group]))]
    if view.objection and item.group not in (work.RETURNED, work.SETTLED):
        refusal = Refusal(view.objection)
        said = {**refusal.params, "where": view.title}
        text = f"{render(refusal.text.message, said)} {render(refusal.text.remedy, said)}"
        lines.append(line(Cell(f"! {text}", "warning")))
    tiers = [
        f"{shipped_codes().label('tier', tier, language()) or tier}: {_(_TIER_STATES[state])}"
        for tier, state in view.states.items()
        if state in _TIER_STATES
    ]
    if tiers:
        lines.append(line(Cell(" · ".join(tiers), "muted")))
    return lines


def _warnings(view: RecordView) -> list[Line]:
    lines = []
    for issue in view.warnings:
        shown = spoken(issue).shown(render)
        lines.append(line(Cell(f"! {shown['message']}", "warning")))
        reason = render(_("Reason written: %(reason)s"), {"reason": issue.reason})
        lines.append(line(reason))
    return lines


def _return(kind: str, row: dict[str, Any] | Any) -> Line:
    reason = shipped_codes().label("return_reason", str(row["reason"]), language())
    answered = row["state"] == "closed"
    state = Cell(_("= put right"), "ok") if answered else Cell(_("… waits"), "warning")
    return line(field_label(kind, str(row["field"])), f"{reason}: {row['text'] or ''}", state)


def _counted(view: RecordView) -> list[Line]:
    lines = []
    if view.roll is not None:
        present, named = view.roll
        told = _("%(present)s present of %(named)s named")
        text = render(told, {"present": present, "named": named}) if named else _("nobody named")
        lines.append(line(Cell(_("roll call"), "muted"), text))
        lines.append(line(Cell(_("photos"), "muted"), str(view.photos)))
    return lines


def _history(view: RecordView) -> list[Line]:
    lines = [_deed(one) for one in view.history]
    if view.older:
        lines.append(line(Cell(render(_("%(count)s earlier"), {"count": view.older}), "muted")))
    return lines


def _deed(deed: Deed) -> Line:
    what = _(deed.verb)
    if deed.fields:
        what = f"{what} {_('、').join(deed.fields)}"
    if deed.why:
        what = f"{what} ({deed.why})"
    who = " ".join(part for part in (deed.unit, deed.who) if part)
    return line(Cell(deed.at[:16].replace("T", " "), "muted"), who, what)
