"""How private values look to those who have no reason to see them in full."""

from typing import Any, Final

from learnsite_desktop.domain.fields import Field, FieldType, Register
from learnsite_desktop.domain.identity import masked

HIDDEN: Final = "***"
_SHAPES: Final = {"name": "name", "mobile": "mobile", "id_number": "cn_id"}
_SHORTEST_BIRTH: Final = 4


def masked_field(field: Field, value: Any) -> Any:
    """Return a private field's value (in capture shape) with what identifies a person hidden.

    Of names, phones and ID numbers the ends stay, of a birth the year; codes and dates inside a
    group stay, for they say nothing alone; all other text is hidden whole.
    """
    if value is None or isinstance(value, bool):
        return value
    if field.many and isinstance(value, list):
        return [_masked_one(field, one) for one in value]
    return _masked_one(field, value)


def _masked_one(field: Field, value: Any) -> Any:
    if field.members and isinstance(value, dict):
        members = {member.name: member for member in field.members}
        return {
            name: masked_field(members[name], one) if name in members else HIDDEN
            for name, one in value.items()
        }
    if field.type is FieldType.BIRTH:
        return value[:_SHORTEST_BIRTH] if isinstance(value, str) else HIDDEN
    if field.type in (FieldType.CODE, FieldType.DATE, FieldType.BOOL):
        return value
    shape = _SHAPES.get(field.name)
    if shape is None or not isinstance(value, str):
        return HIDDEN
    shown = masked(shape, value)
    return shown if shown != value else HIDDEN


def masked_value(register: Register, value: Any) -> Any:
    """Return a private register's value as people see it, masked; groups are objects by field."""
    if value is None:
        return None
    if len(register.fields) == 1:
        return masked_field(register.fields[0], value)
    return {
        field.name: masked_field(field, value.get(field.name)) if isinstance(value, dict) else None
        for field in register.fields
    }
