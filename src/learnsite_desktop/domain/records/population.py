"""Population of a unit in a year, with its source; the denominator of participation."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="population",
    label="population",
    section="population",
    unit_field="unit",
    natural_key=("unit", "year"),
    registers=(
        register(
            Field(name="unit", type=FieldType.UNIT, label="unit", required=True), mutable=False
        ),
        register(
            Field(name="year", type=FieldType.INT, label="year", required=True), mutable=False
        ),
        register(
            Field(name="total", type=FieldType.INT, label="residents", required=True),
            Field(name="over60", type=FieldType.INT, label="residents 60+", required=True),
            name="count",
        ),
        register(Field(name="source", type=FieldType.TEXT, label="source", required=True)),
        reasons(),
    ),
)
