"""Submissions 报送: a unit hands in a period, or reports that there was nothing."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="submission",
    label="submission",
    section="submissions",
    unit_field="unit",
    natural_key=("unit", "period"),
    registers=(
        register(
            Field(name="unit", type=FieldType.UNIT, label="unit", required=True), mutable=False
        ),
        register(
            Field(name="period", type=FieldType.PERIOD, label="period", required=True),
            mutable=False,
        ),
        register(Field(name="zero_reason", type=FieldType.TEXT, label="reason for a zero report")),
        reasons(),
    ),
)
