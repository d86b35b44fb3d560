"""The printed page of a receipt: what it says, and where it is written."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.printout import Block, Heading, Paragraph, Printout, Table
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.documents import Receipt
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.head_codes import head_code
from learnsite_desktop.services.packing import Packed
from learnsite_desktop.services.printing import SUFFIX, Printer, write_pages
from learnsite_desktop.services.receipts import UNLISTED, outcome_of
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust
from learnsite_desktop.store.records import (
    StoredRecord,
    count_settled,
    find_record_row,
    operations_of,
)

LISTED: Final = 200
"""How many records with an outcome are listed; the others are counted."""

_CODE_CHARACTERS: Final = 12
_CODE_PREFIX: Final = "LSR"
_NOTHING: Final = "–"
_STATES: Final = {
    "waiting": N_("Waiting"),
    "quarantined": N_("Set apart"),
    "withdrawn": N_("Taken back"),
}
_REASONS: Final = {
    "not_enrolled": N_("the computer is not known"),
    "out_of_scope": N_("not allowed for this unit"),
    "outranked": N_("it changes what a unit above has said"),
    "reason_missing": N_("no reason given"),
    "revoked": N_("the computer was revoked"),
}
_STEPS: Final = {
    "waiting": N_(
        "Waiting: something these records rest on has not arrived. Pack again at %(unit)s and "
        "hand the new file in."
    ),
    "quarantined": N_(
        "Set apart: what was sent breaks a rule, or its writer may not write there. Correct the "
        "records, pack again and hand the new file in."
    ),
    "withdrawn": N_(
        "Taken back: the unit that gives this receipt took the file out again. Ask there before "
        "anything is sent once more."
    ),
}
_ABOUT: Final = ("activity", "learner")


def print_receipt(workspace: Workspace, packed: Packed, to_unit: str, printer: Printer) -> Path:
    """Write the page of a packed receipt beside its bundle; return the file."""
    path = packed.written.path.with_suffix(SUFFIX)
    write_pages(path, printer, receipt_page(workspace, packed, to_unit))
    return path


def receipt_page(workspace: Workspace, packed: Packed, to_unit: str) -> Printout:
    """Return what the page of a packed receipt says, in the language in use.

    Names of persons are masked: a page lies open, the bundle beside it is sealed.
    """
    receipt = packed.receipt
    names = {str(row["code"]): str(row["name"] or "") for row in list_units(workspace)}
    short = short_code(receipt.hash)
    by, to = (_unit(names, unit) for unit in (workspace.unit, to_unit))
    number = render(N_("No. %(number)s"), {"number": receipt.number})
    facts = [(_("Number"), number), (_("Given by"), by), (_("For"), to)]
    if receipt.unit != to_unit:
        facts.append((_("About"), _unit(names, receipt.unit)))
    facts.append((_("Date"), f"{receipt.at[:10]} {receipt.at[11:16]}"))
    facts.append((_("Head code"), head_code(receipt.holds)))
    outcomes = _outcomes(packed)
    return Printout(
        title=_("Receipt"),
        facts=tuple(facts),
        code=":".join((_CODE_PREFIX, workspace.unit, receipt.unit, str(receipt.number), short)),
        caption=short,
        blocks=(
            *_summary(workspace, receipt, outcomes),
            *_next_steps(outcomes, packed.written.path.name, names.get(to_unit) or to_unit),
            *_held(workspace, packed, names),
            *_listed(workspace, outcomes, _unlisted(packed)),
            *_wanted(packed),
        ),
        signs=(_("Clerk"), _("Date")),
        footer=render(
            N_("Receipt no. %(number)s · %(by)s to %(to)s"),
            {"number": receipt.number, "by": workspace.unit, "to": to_unit},
        ),
        at=receipt.at,
    )


def short_code(name: bytes) -> str:
    """Return the end of a hash, as far as people compare it by eye."""
    return b64(name)[-_CODE_CHARACTERS:]


def _unit(names: Mapping[str, str], code: str) -> str:
    return f"{names.get(code, '')} {code}".strip()


def _outcomes(packed: Packed) -> dict[str, str]:
    """Return the outcome of every record that was not simply taken in, over all units."""
    return {
        record: str(outcome)
        for receipt in packed.receipts
        for record, outcome in receipt.outcomes.items()
    }


def _unlisted(packed: Packed) -> int:
    return sum(receipt.counts.get(UNLISTED, 0) for receipt in packed.receipts)


def state_word(state: str) -> str:
    """Return the word for what became of a record."""
    return _(_STATES.get(state, state))


def outcome_words(outcome: str) -> str:
    """Return what became of a record and, where it is set apart, why: as a receipt writes it."""
    state, code = outcome_of(outcome)
    if not code:
        return state_word(state)
    reason = _(_REASONS[code]) if code in _REASONS else code
    return render(N_("%(state)s: %(reason)s"), {"state": state_word(state), "reason": reason})


def _summary(
    workspace: Workspace, receipt: Receipt, outcomes: Mapping[str, str]
) -> Iterator[Block]:
    settled = count_settled(workspace.database, receipt.unit)
    rows = [(_("Taken in"), str(settled))]
    rows += [(state_word(state), str(count)) for state, count in sorted(_counted(outcomes).items())]
    yield Heading(_("Records by outcome"))
    yield Table((_("Outcome"), _("How many")), tuple(rows), (70, 30))


def _counted(outcomes: Mapping[str, str]) -> Counter[str]:
    return Counter(outcome_of(outcome)[0] for outcome in outcomes.values())


def _next_steps(outcomes: Mapping[str, str], file: str, unit: str) -> Iterator[Block]:
    yield Heading(_("What to do next"))
    counted = _counted(outcomes)
    for state in filter(counted.__contains__, _STEPS):
        yield Paragraph(render(_STEPS[state], {"unit": unit}))
    if not counted:
        yield Paragraph(_("All that was sent has been taken in; nothing has to be sent again."))
    yield Paragraph(
        render(
            N_("Receive the file %(file)s at %(unit)s, so that its program knows this too."),
            {"file": file, "unit": unit},
        )
    )


def _held(workspace: Workspace, packed: Packed, names: Mapping[str, str]) -> Iterator[Block]:
    rows = []
    for receipt in packed.receipts:
        for held in receipt.holds:
            author = trust.unit_of_incarnation(workspace.database, held.inc)
            for n, head in held.heads:
                writer = _unit(names, author) if author else _NOTHING
                rows.append((_unit(names, held.unit), writer, str(n), short_code(head)))
    yield Heading(_("What is held"))
    if not rows:
        yield Paragraph(_("Nothing yet."))
        return
    yield Paragraph(_("The code is the end of the last operation held without a gap."))
    yield Paragraph(
        _(
            "Head code: compare it by telephone with the unit itself and the unit above; equal "
            "codes mean that equal records are held."
        )
    )
    head_row = (_("Records of"), _("Written at"), _("Up to no."), _("Code"))
    yield Table(head_row, tuple(sorted(rows)), (34, 34, 12, 20))


def _listed(workspace: Workspace, outcomes: Mapping[str, str], unlisted: int) -> Iterator[Block]:
    if not outcomes:
        return
    yield Heading(_("Records that were not simply taken in"))
    rows = [
        (*_described(workspace, record), outcome_words(outcome))
        for record, outcome in list(outcomes.items())[:LISTED]
    ]
    yield Table((_("Kind"), _("Record"), _("Outcome")), tuple(sorted(rows)), (16, 50, 34))
    rest = len(outcomes) + unlisted - len(rows)
    if rest:
        more = {"count": rest}
        yield Paragraph(render(N_("%(count)s more are not listed here."), more))


def _wanted(packed: Packed) -> Iterator[Block]:
    media = sum(len(receipt.media) for receipt in packed.receipts)
    private = sum(len(receipt.private) for receipt in packed.receipts)
    if not media and not private:
        return
    yield Heading(_("Asked for with the next file"))
    rows = ((_("Originals of photos"), str(media)), (_("Private values"), str(private)))
    yield Table((_("What"), _("How many")), rows, (70, 30))


def _described(workspace: Workspace, record: str) -> tuple[str, str]:
    """Return kind and title of a record, also of one of which nothing is in force."""
    stored = find_record_row(workspace.database, record)
    if stored is None:
        return _NOTHING, _NOTHING
    kind = KINDS.get(stored.kind)
    title = " · ".join(_titles(workspace, stored)) or _NOTHING
    return _(kind.label) if kind else stored.kind, title


def _titles(workspace: Workspace, stored: StoredRecord) -> Iterator[str]:
    """Yield what a record is about, then its own title or key; names of persons masked."""
    doc = _doc(workspace, stored)
    for register in _ABOUT:
        named = doc.get(register)
        about = find_record_row(workspace.database, named) if isinstance(named, str) else None
        if about is not None:
            yield from _titles(workspace, about)
    kind = KINDS.get(stored.kind)
    if kind is None:
        return
    for name in (kind.title_field,) if kind.title_field else kind.natural_key:
        field = kind.by_field.get(name)
        if field is None or name in _ABOUT:
            continue
        value = doc.get(field.key)
        if field.private:
            clear = workspace.vault.reveal(value)
            value = masked("name", clear) if isinstance(clear, str) else None
        if isinstance(value, (str, int)):
            yield str(value)


def _doc(workspace: Workspace, stored: StoredRecord) -> dict[str, Any]:
    """Return a record's registers; those last written where none is in force."""
    if stored.doc:
        return stored.doc
    written: dict[str, Any] = {}
    for logged in operations_of(workspace.database, stored.key):
        written |= logged.operation.writes()
    return written
