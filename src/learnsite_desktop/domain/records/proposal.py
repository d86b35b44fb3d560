"""Proposals 区划改动建议: a change of the region tree that a unit asks its keeper for; the answer.

The change is the proposing unit's word and stays as it was made; the decision is the keeper's.
"""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="proposal",
    label="proposed change of units",
    section="proposals",
    title_field="said",
    answered_above=True,
    registers=(
        register(
            Field(name="deed", type=FieldType.TEXT, label="change of the unit", required=True),
            Field(name="about", type=FieldType.TEXT, label="Unit code", required=True),
            Field(name="code", type=FieldType.TEXT, label="new code"),
            Field(name="name", type=FieldType.TEXT, label="new name"),
            Field(name="sort", type=FieldType.TEXT, label="kind of unit"),
            Field(name="parent", type=FieldType.TEXT, label="new unit above"),
            Field(name="into", type=FieldType.TEXT, label="merged into"),
            Field(name="parts", type=FieldType.TEXT, label="parts of the unit"),
            Field(name="on", type=FieldType.DATE, label="from which day", required=True),
            name="what",
            mutable=False,
        ),
        register(
            Field(name="said", type=FieldType.TEXT, label="in words", required=True), mutable=False
        ),
        register(Field(name="why", type=FieldType.TEXT, label="reason"), mutable=False),
        register(
            Field(name="taken", type=FieldType.BOOL, label="taken over"),
            Field(name="decided", type=FieldType.DATE, label="decided on"),
            Field(name="answer", type=FieldType.TEXT, label="answer of the keeper"),
            name="decision",
            layer="review",
        ),
        reasons(),
    ),
)
