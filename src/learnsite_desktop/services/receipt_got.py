"""The printed page of a receipt that came from above: the paper for one's own folder."""

from collections.abc import Iterator

from learnsite_desktop.domain.printout import Block, Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.documents import Receipt
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.acknowledged import Held, handed_out, held_above, newest_receipt
from learnsite_desktop.services.head_codes import head_code
from learnsite_desktop.services.receipt_pages import outcome_words, short_code
from learnsite_desktop.services.receipts import UNLISTED
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust
from learnsite_desktop.store.figures import unit_name


def receipt_got_page(workspace: Workspace) -> Printout:
    """Return the page of the newest receipt from the unit directly above.

    Refuses `receipt_none` as long as there is none.
    """
    receipt = newest_receipt(workspace)
    if receipt is None:
        raise Refusal("receipt_none", where=workspace.unit)
    giver = trust.unit_of_incarnation(workspace.database, receipt.by) or ""
    short = short_code(receipt.hash)
    by, to = (f"{unit_name(workspace.database, unit)} {unit}" for unit in (giver, workspace.unit))
    number = render(N_("No. %(number)s"), {"number": receipt.number})
    return Printout(
        title=_("Receipt"),
        facts=(
            (_("Number"), number),
            (_("Given by"), by),
            (_("For"), to),
            (_("Date"), f"{receipt.at[:10]} {receipt.at[11:16]}"),
            (_("Head code"), head_code(receipt.holds)),
        ),
        code=f"LSR:{giver}:{receipt.unit}:{receipt.number}:{short}",
        caption=short,
        blocks=tuple(_blocks(workspace, receipt)),
        signs=(_("Clerk"), _("Date")),
        footer=render(
            N_("Receipt no. %(number)s · %(by)s to %(to)s"),
            {"number": receipt.number, "by": giver, "to": workspace.unit},
        ),
        at=receipt.at,
    )


def _blocks(workspace: Workspace, receipt: Receipt) -> Iterator[Block]:
    yield Heading(_("What units above hold"))
    head = (_("unit"), _("Entries held"), _("Entries here"), _("Number"), _("Date"))
    yield Table(head, tuple(map(_held, held_above(workspace))), (36, 16, 16, 12, 20))
    yield Heading(_("Files handed in"))
    files = tuple(
        (f"{one.at[:10]} {one.at[11:16]}", one.path.name, _("yes") if one.receipted else _("no"))
        for one in handed_out(workspace)
        if not one.empty
    )
    yield Table((_("Date"), _("file"), _("Acknowledged")), files, (24, 56, 20))
    if not receipt.outcomes:
        yield Paragraph(_("All that was sent has been taken in; nothing has to be sent again."))
        return
    yield Heading(_("Records that were not simply taken in"))
    rows = [
        (title_of(workspace, record) or "–", outcome_words(str(outcome)))
        for record, outcome in receipt.outcomes.items()
    ]
    yield Table((_("Record"), _("Outcome")), tuple(sorted(rows)), (60, 40))
    unlisted = receipt.counts.get(UNLISTED, 0)
    if unlisted:
        more = {"count": unlisted}
        yield Paragraph(render(N_("%(count)s more are not listed here."), more))


def _held(held: Held) -> tuple[str, ...]:
    return held.name, str(held.held), str(held.total), str(held.number), held.at[:10]
