"""Inspections 督导: what a unit above found at a unit below in one round, with its checklist.

Everything here is the inspector's word; the unit answers in `finding`.
"""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="inspection",
    label="inspection",
    unit_field="unit",
    natural_key=("unit", "round"),
    from_above=True,
    registers=(
        register(
            Field(name="unit", type=FieldType.UNIT, label="unit", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="round", type=FieldType.TEXT, label="round", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="checklist", type=FieldType.TEXT, label="checklist", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="visited", type=FieldType.DATE, label="visited on", required=True),
            layer="review",
        ),
        register(
            Field(name="visitors", type=FieldType.TEXT, label="inspectors"),
            private=True,
            layer="review",
        ),
        reasons(),
    ),
)
