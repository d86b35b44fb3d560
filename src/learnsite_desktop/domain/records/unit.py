"""Units 单位 of the region tree; a county-owned, dated down document, never an operation."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, register

KIND = Kind(
    name="unit",
    label="unit",
    document="regions",
    title_field="name",
    natural_key=("code",),
    registers=(
        register(Field(name="code", type=FieldType.UNIT, label="code", required=True)),
        register(Field(name="name", type=FieldType.TEXT, label="name", required=True)),
        register(Field(name="parent", type=FieldType.UNIT, label="unit above")),
        register(Field(name="level", type=FieldType.INT, label="level", required=True)),
        register(Field(name="kind", type=FieldType.TEXT, label="kind", required=True)),
        register(Field(name="valid_from", type=FieldType.DATE, label="valid from")),
        register(Field(name="valid_to", type=FieldType.DATE, label="valid to")),
        register(Field(name="successor", type=FieldType.UNIT, label="successor")),
    ),
)
