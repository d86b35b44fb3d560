"""Whom to ring at a unit: the work contact of its site, else somebody on its staff.

What stands with a site (`head`, `phone`) is public: it hangs on the door. Names and numbers of
staff are private, shown masked unless somebody says what they are needed for, which is noted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.records import edit
from learnsite_desktop.services.reveals import note_reveal, require_reason
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import board as store
from learnsite_desktop.store.records import find_record, record_by_key

_STAFF: Final = ("site_head", "recorder")
_LONGEST: Final = 40
_WHY: Final = "登记联系人"


@dataclass(frozen=True, slots=True)
class Contact:
    """Name and telephone, "" where not known; `site` is the record that can hold them.

    `private`: they are those of somebody on the staff, masked unless revealed.
    """

    head: str = ""
    phone: str = ""
    site: str = ""
    private: bool = False


def contacts(
    workspace: Workspace,
    unit_key: int,
    sites: Iterable[store.BoardSite],
    day: date,
    *,
    reveal: bool = False,
) -> dict[str, Contact]:
    """Return whom to ring, by unit, of a subtree (key of its top), as things stand on a day."""
    found: dict[str, Contact] = {}
    for site in sites:
        if site.opened > day.isoformat() or (site.closed and site.closed <= day.isoformat()):
            continue
        known = found.get(site.unit)
        if known is None or not (known.head or known.phone):
            found[site.unit] = Contact(_line(site.head), _line(site.phone), site.record)
    for unit, contact in _of_staff(workspace, unit_key, reveal=reveal).items():
        known = found.get(unit, Contact())
        if not (known.head or known.phone):
            found[unit] = Contact(contact.head, contact.phone, known.site, private=True)
    return found


def _line(text: str) -> str:
    """Return what a unit wrote as one short line: it stands in texts that others send out."""
    return " ".join(text.split())[:_LONGEST]


def _of_staff(workspace: Workspace, unit_key: int, *, reveal: bool) -> dict[str, Contact]:
    """Return somebody on the staff by unit: who has a number before all, the head before others."""
    best: dict[str, tuple[bool, int, str, str]] = {}
    for key, unit, kind in store.staff_of(workspace.database, unit_key, _STAFF):
        doc = record_by_key(workspace.database, key).doc
        name, number = (_shown(workspace, doc.get(field)) for field in ("name", "mobile"))
        if name or number:
            rank = (not number, _STAFF.index(kind), name, number)
            best[unit] = min(best.get(unit, rank), rank)
    return {
        unit: Contact(name, number, private=True)
        if reveal
        else Contact(masked("name", name), masked("mobile", number), private=True)
        for unit, (_none, _rank, name, number) in best.items()
    }


def _shown(workspace: Workspace, value: object) -> str:
    clear = workspace.vault.reveal(value if isinstance(value, str) else None)
    return clear if isinstance(clear, str) else ""


def note_contacts_revealed(
    workspace: Workspace, units: Sequence[str], *, why: str, operator: str = ""
) -> None:
    """Note that private contacts of units are seen in full. Refuses `reveal_reason_missing`."""
    reason = require_reason(why, "contacts")
    asked = {"contacts": list(units)}
    note_reveal(workspace, (), asked=asked, operator=operator, why=reason)


def set_contact(
    workspace: Workspace, unit: str, head: str, phone: str, *, operator: str = ""
) -> CaptureResult:
    """Write the work contact of a unit's site that is open now.

    Refuses `unit_unknown`, `contact_no_site` for a unit without one, and what `edit` does.
    """
    require_unit(workspace, unit)
    today = workspace.clock.now().date()
    key = store.key_of(workspace.database, unit)
    known = contacts(workspace, key, store.sites(workspace.database, key), today).get(unit)
    stored = find_record(workspace.database, known.site, "site") if known and known.site else None
    if stored is None:
        raise Refusal("contact_no_site", where=unit)
    fields = {"head": head.strip() or None, "phone": phone.strip() or None}
    why = "" if unit == workspace.unit else _WHY
    return edit(workspace, stored, fields, why=why, operator=operator)
