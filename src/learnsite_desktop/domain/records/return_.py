"""Returns 退回: a tier above asks for one field of a record to be put right."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="return",
    label="return",
    parent="record",
    from_above=True,
    settled_by=frozenset({"closed_by"}),
    registers=(
        register(
            Field(name="record", type=FieldType.REF, label="record", ref="*", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="field", type=FieldType.TEXT, label="field", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(
                name="reason",
                type=FieldType.CODE,
                label="reason",
                codes="return_reason",
                required=True,
            ),
            layer="review",
        ),
        register(
            Field(name="text", type=FieldType.TEXT, label="text", required=True),
            private=True,
            layer="review",
        ),
        register(
            Field(name="tier", type=FieldType.CODE, label="tier", codes="tier", required=True),
            mutable=False,
            layer="review",
        ),
        register(Field(name="closed_by", type=FieldType.HASH, label="closed by")),
        reasons(),
    ),
)
