"""Links: two learner records are one person; reversible, nobody rewrites ids."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="link",
    label="link",
    natural_key=("a", "b"),
    registers=(
        register(
            Field(name="a", type=FieldType.REF, label="learner", ref="learner", required=True),
            mutable=False,
        ),
        register(
            Field(name="b", type=FieldType.REF, label="learner", ref="learner", required=True),
            mutable=False,
        ),
        register(Field(name="linked", type=FieldType.BOOL, label="linked", required=True)),
        register(Field(name="rule", type=FieldType.TEXT, label="rule")),
        reasons(),
    ),
)
