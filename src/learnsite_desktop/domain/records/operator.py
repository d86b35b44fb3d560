"""Operators 经办人: who sat at the computer; stands on every operation."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="operator",
    label="operator",
    section="operators",
    title_field="name",
    registers=(
        register(
            Field(name="name", type=FieldType.TEXT, label="full name", required=True), private=True
        ),
        register(Field(name="to", type=FieldType.DATE, label="until")),
        reasons(),
    ),
)
