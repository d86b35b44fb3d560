"""Answers 说明: what a unit says to a question over many records (see `domain.questions`).

`facts` is a digest of what was asked about: when that changes, the question is asked again.
"""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="answer",
    label="answer",
    unit_field="unit",
    natural_key=("unit", "question"),
    registers=(
        register(
            Field(name="unit", type=FieldType.UNIT, label="unit", required=True), mutable=False
        ),
        register(
            Field(name="question", type=FieldType.TEXT, label="question", required=True),
            mutable=False,
        ),
        register(
            Field(name="text", type=FieldType.TEXT, label="explanation", required=True),
            private=True,
        ),
        register(Field(name="facts", type=FieldType.HASH, label="what was asked about")),
        reasons(),
    ),
)
