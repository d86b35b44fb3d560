"""Reversals 冲正: a correction of a locked period, booked in an open one with its original date."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="reversal",
    label="reversal",
    parent="record",
    from_above=True,
    natural_key=("record", "period"),
    registers=(
        register(
            Field(name="record", type=FieldType.REF, label="record", ref="*", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="period", type=FieldType.PERIOD, label="booked in", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="date", type=FieldType.DATE, label="original date", required=True),
            layer="review",
        ),
        register(
            Field(name="before", type=FieldType.HASH, label="counted before", many=True),
            layer="review",
        ),
        register(
            Field(name="after", type=FieldType.HASH, label="right since", many=True),
            layer="review",
        ),
        reasons(),
    ),
)
