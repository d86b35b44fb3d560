"""Sessions 场次 with their roll call: one mark 考勤 per learner is a register of the session."""

from learnsite_desktop.domain.fields import (
    Field,
    FieldType,
    Kind,
    MapRegister,
    reasons,
    register,
)

MARKS = MapRegister(
    prefix="a:",
    key=Field(name="learner", type=FieldType.REF, label="learner", ref="learner", required=True),
    fields=(
        Field(
            name="status",
            type=FieldType.CODE,
            label="status",
            codes="attendance_status",
            required=True,
        ),
        Field(name="minutes", type=FieldType.INT, label="minutes"),
        Field(name="source", type=FieldType.CODE, label="source", codes="mark_source"),
        Field(name="proxy", type=FieldType.BOOL, label="signed by proxy"),
    ),
    section="rollcalls",
    table="mark",
    label="mark",
)

KIND = Kind(
    name="session",
    label="session",
    section="sessions",
    parent="activity",
    title_field="date",
    indexes=(("unit", "date"),),
    maps=(MARKS,),
    registers=(
        register(
            Field(
                name="activity", type=FieldType.REF, label="activity", ref="activity", required=True
            ),
            mutable=False,
        ),
        register(Field(name="seq", type=FieldType.INT, label="session number")),
        register(Field(name="date", type=FieldType.DATE, label="date", required=True)),
        register(
            Field(name="start", type=FieldType.TIME, label="start", required=True),
            Field(name="end", type=FieldType.TIME, label="end", required=True),
            name="time",
        ),
        register(
            Field(
                name="status",
                type=FieldType.CODE,
                label="status",
                codes="session_status",
                required=True,
            )
        ),
        register(Field(name="venue", type=FieldType.REF, label="venue", ref="venue")),
        register(
            Field(name="teachers", type=FieldType.REF, label="teachers", ref="staff", many=True)
        ),
        register(
            Field(
                name="headcount",
                type=FieldType.STRUCT,
                label="head-count",
                members=(
                    Field(name="total", type=FieldType.INT, label="total", required=True),
                    Field(name="male", type=FieldType.INT, label="male"),
                    Field(name="female", type=FieldType.INT, label="female"),
                    Field(name="over60", type=FieldType.INT, label="60+"),
                    Field(
                        name="basis",
                        type=FieldType.CODE,
                        label="basis",
                        codes="headcount_basis",
                        required=True,
                    ),
                ),
            )
        ),
        register(Field(name="notes", type=FieldType.TEXT, label="notes")),
        reasons(),
    ),
)
