"""What a person calls a record, a field and a value.

People's names are masked, unless `reveal` asks for them in full: whoever does has noted it.
"""

from typing import Any

from learnsite_desktop.domain.fields import DELETED, REVIEW_PREFIX, Field, FieldType, Kind
from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.review import OPEN, OWN_LOCK, tier_of_state, verdict_of
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.entries import decode_field
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import StoredRecord, find_record

_DEPTH = 3


def label_of(
    workspace: Workspace, stored: StoredRecord, depth: int = _DEPTH, *, reveal: bool = False
) -> str:
    """Return a record's title, date or name with what it belongs to."""
    kind = KINDS.get(stored.kind)
    if kind is None:
        return stored.kind
    parts = [_title(workspace, kind, stored, reveal=reveal)]
    if depth and (not parts[0] or kind.fields[kind.title_field].type is FieldType.DATE):
        parts += _belongings(workspace, kind, stored, depth, reveal=reveal)
    return " · ".join(part for part in parts if part) or _(kind.label)


def _title(workspace: Workspace, kind: Kind, stored: StoredRecord, *, reveal: bool) -> str:
    found = kind.by_field.get(kind.title_field)
    if found is None:
        return ""
    value = stored.doc.get(found.key)
    if found.private:
        value = workspace.vault.reveal(value if isinstance(value, str) else None)
        if not isinstance(value, str):
            return _("a person")
        return value if reveal else masked("name", value)
    return str(value or "")


def _belongings(
    workspace: Workspace, kind: Kind, stored: StoredRecord, depth: int, *, reveal: bool
) -> list[str]:
    """Return the words for what makes a record the one it is: references, unit, year, period."""
    parts = []
    for register in kind.registers:
        field = register.fields[0]
        value = stored.doc.get(register.key)
        if register.mutable or value is None:
            continue
        if field.type is FieldType.REF:
            parts.append(record_label(workspace, value, depth - 1, reveal=reveal))
        elif field.type is FieldType.UNIT:
            parts.append(unit_name(workspace.database, str(value)))
        elif field.type in (FieldType.INT, FieldType.PERIOD):
            parts.append(str(value))
    return parts


def record_label(
    workspace: Workspace, record: object, depth: int = _DEPTH, *, reveal: bool = False
) -> str:
    """Return the label of a record id, "" for one that is not held."""
    if not isinstance(record, str):
        return ""
    found = find_record(workspace.database, record)
    return label_of(workspace, found, depth, reveal=reveal) if found else ""


def register_label(workspace: Workspace, kind_name: str, register: str) -> str:
    """Return the words for a register: its fields, the learner of a mark, a verdict, a deletion."""
    kind = KINDS.get(kind_name)
    if register == DELETED:
        return _("deletion")
    if register == OWN_LOCK:
        return _("Lock")
    if register.startswith(REVIEW_PREFIX):
        tier = shipped_codes().label("tier", register.split(".")[1], language())
        what = _("Review by %(tier)s") if tier_of_state(register) else _("Lock by %(tier)s")
        return render(what, {"tier": tier or ""})
    found = kind.by_register.get(register) if kind else None
    if found is not None:
        return _("、").join(_(field.label) for field in found.fields)
    family = kind.map_of(register) if kind else None
    if family is None:
        return register
    person = record_label(workspace, register.removeprefix(family.prefix))
    return " · ".join(part for part in (_(family.label), person) if part)


def operator_name(workspace: Workspace, operator: str) -> str:
    """Return the name of the operator that stands on an operation, "" if none is known."""
    stored = find_record(workspace.database, operator, "operator") if operator else None
    value = stored.doc.get("name") if stored else None
    name = workspace.vault.reveal(value if isinstance(value, str) else None)
    return name if isinstance(name, str) else ""


def field_text(workspace: Workspace, field: Field, value: Any, *, reveal: bool = False) -> str:
    """Return a field's value (in capture shape) in words: codes named, references by label."""
    if value is None:
        return ""
    if isinstance(value, list):
        return _("、").join(field_text(workspace, field, one, reveal=reveal) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _members_text(workspace, field, value, reveal=reveal)
    if field.type is FieldType.CODE:
        codes = shipped_codes()
        return codes.label(field.codes, str(value), language()) or str(value)
    if field.type is FieldType.REF:
        return record_label(workspace, value, reveal=reveal) or str(value)
    if field.type is FieldType.UNIT:
        return unit_name(workspace.database, str(value))
    return str(value)


def _members_text(
    workspace: Workspace, field: Field, value: dict[str, Any], *, reveal: bool = False
) -> str:
    known = {member.name: member for member in field.members}
    parts = []
    for name, one in value.items():
        member = known.get(name)
        if member is None:
            parts.append(f"{name} {one}")
        elif one is not None:
            text = field_text(workspace, member, one, reveal=reveal)
            # One of many says by itself what it is.
            parts.append(text if field.many else f"{_(member.label)} {text}")
    return " ".join(parts)


def value_text(workspace: Workspace, kind_name: str, register: str, value: Any) -> str:
    """Return a register's value, as `conflicts.shown` gives it, in words."""
    kind = KINDS.get(kind_name)
    found = kind.by_register.get(register) if kind else None
    if register == DELETED:
        return _("deleted") if value is True else _("kept")
    if register == OWN_LOCK or register.startswith(REVIEW_PREFIX):
        return _said_above(register, value)
    if found is not None and len(found.fields) == 1:
        return field_text(workspace, found.fields[0], value)
    if found is not None and isinstance(value, dict):
        named = [(field, value.get(field.name)) for field in found.fields]
        return " ".join(
            f"{_(field.label)} {field_text(workspace, field, one)}"
            for field, one in named
            if one is not None
        )
    family = kind.map_of(register) if kind else None
    if family is not None and isinstance(value, list):
        row = zip(family.fields, value, strict=False)
        texts = (field_text(workspace, field, decode_field(field, one)) for field, one in row)
        return " ".join(text for text in texts if text)
    return "" if value is None else str(value)


def _said_above(register: str, value: Any) -> str:
    """Return a verdict or a lock in words: what was decided, or which period is locked or open."""
    if tier_of_state(register):
        verdict = verdict_of(value)
        return shipped_codes().label("review_state", verdict, language()) or verdict
    if not isinstance(value, list) or not value:
        return ""
    period, *heads = value
    return render(
        _("%(period)s open") if heads == [OPEN] else _("%(period)s locked"), {"period": str(period)}
    )
