"""The fields of a record behind a figure, to be read: public ones only, codes in words."""

from typing import Any

from learnsite_desktop.domain.fields import Field
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.records import listed, require_record
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace


def facts_of(workspace: Workspace, record: str) -> list[tuple[str, str]]:
    """Return (label, words) of a record's fields that hold something, its unit first.

    Private values are left out. Refuses `record_unknown`.
    """
    stored = require_record(workspace, record)
    kind = KINDS.get(stored.kind)
    held = listed(workspace, stored, reveal=False)
    found = [(_("unit"), _unit(workspace, stored.unit))]
    if kind is None:
        return found
    for register in kind.registers:
        if register.private or register.computed:
            continue
        for field in register.fields:
            words = _words(workspace, field, held.get(field.name))
            if words and field.name not in ("unit", "reasons"):
                found.append((_(field.label), words))
    return found


def _words(workspace: Workspace, field: Field, value: Any) -> str:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        plain = [one for one in value if not isinstance(one, dict)]
        return "、".join(_words(workspace, field, one) for one in plain)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.codes:
        return shipped_codes().label(field.codes, str(value), language()) or str(value)
    if field.ref:
        return title_of(workspace, str(value))
    return str(value)


def _unit(workspace: Workspace, code: str) -> str:
    row = load_tree(workspace.database).get(code)
    return row.name if row else code
