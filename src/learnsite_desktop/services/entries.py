"""Between entries (the shape of capture files) and registers (the shape of operations)."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from learnsite_desktop.domain.fields import REASONS, Field, FieldType, Kind
from learnsite_desktop.services.vault import Vault

Entry = Mapping[str, Any]
ResolveRef = Callable[[str, str], str]


def encode_field(field: Field, value: Any) -> Any:
    """Return a field's value as registers hold it: objects become lists, text is NFC."""
    if value is None or value in ("", []):
        return None
    if field.name == REASONS and isinstance(value, Mapping):
        return sorted([code, _text(text)] for code, text in value.items())
    if field.many and isinstance(value, list):
        return [_encode_one(field, member) for member in value]
    return _encode_one(field, value)


def _encode_one(field: Field, value: Any) -> Any:
    if field.type is FieldType.STRUCT and isinstance(value, Mapping):
        return [encode_field(member, value.get(member.name)) for member in field.members]
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value.strip())


def decode_field(field: Field, value: Any) -> Any:
    """Return a register's field value in the shape of capture files."""
    if value is None:
        return None
    if field.name == REASONS and isinstance(value, list):
        return {row[0]: row[1] for row in value if isinstance(row, list) and len(row) == 2}
    if field.many and isinstance(value, list):
        return [_decode_one(field, member) for member in value]
    return _decode_one(field, value)


def _decode_one(field: Field, value: Any) -> Any:
    if field.type is not FieldType.STRUCT or not isinstance(value, list):
        return value
    padded = [*value, *[None] * len(field.members)]
    members = {
        member.name: decode_field(member, padded[index])
        for index, member in enumerate(field.members)
    }
    return {name: member for name, member in members.items() if member is not None}


def registers_of(
    kind: Kind, given: Entry, former: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return register values (private ones in clear) that the fields in `given` write.

    `former` are the record's field values in capture shape; they complete atomic groups of which
    only a part is given. Registers without a given field are left out.
    """
    given = {**given, **kind.derive(given)}
    known = former or {}
    writes: dict[str, Any] = {}
    for register in kind.registers:
        names = [field.name for field in register.fields]
        if not any(name in given for name in names):
            continue
        values = {
            field.name: encode_field(
                field, given[field.name] if field.name in given else known.get(field.name)
            )
            for field in register.fields
        }
        writes[register.key] = register.pack(values)
    return writes


def entry_of(kind: Kind, doc: Mapping[str, Any], vault: Vault | None) -> dict[str, Any]:
    """Return a record's shown registers in capture shape, nulls left out.

    Private values come from the vault; without one, or where the value is not held here, they are
    left out.
    """
    entry: dict[str, Any] = {}
    for register in kind.registers:
        value = doc.get(register.key)
        if value is None:
            continue
        if register.private:
            value = vault.reveal(value) if vault else None
        for field in register.fields:
            shown = decode_field(field, register.unpack(value).get(field.name))
            if shown is not None:
                entry[field.name] = shown
    return entry
