"""Enrolments: a learner on the roster of an activity."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="enrolment",
    label="enrolment",
    section="enrolments",
    natural_key=("activity", "learner"),
    parent="activity",
    registers=(
        register(
            Field(
                name="activity", type=FieldType.REF, label="activity", ref="activity", required=True
            ),
            mutable=False,
        ),
        register(
            Field(
                name="learner", type=FieldType.REF, label="learner", ref="learner", required=True
            ),
            mutable=False,
        ),
        register(Field(name="row", type=FieldType.INT, label="row number")),
        register(
            Field(name="joined", type=FieldType.DATE, label="joined", required=True),
            Field(name="left", type=FieldType.DATE, label="left"),
            name="term",
        ),
        register(Field(name="result", type=FieldType.CODE, label="result", codes="enrol_result")),
        reasons(),
    ),
)
