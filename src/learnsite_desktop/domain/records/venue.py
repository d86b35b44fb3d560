"""Venues: rooms and places where sessions are held."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="venue",
    label="venue",
    section="venues",
    title_field="name",
    registers=(
        register(Field(name="name", type=FieldType.TEXT, label="name", required=True)),
        register(
            Field(name="kind", type=FieldType.CODE, label="kind", codes="venue_kind", required=True)
        ),
        register(Field(name="seats", type=FieldType.INT, label="seats")),
        register(Field(name="area_m2", type=FieldType.INT, label="area in square metres")),
        reasons(),
    ),
)
