"""Activities 活动: a class, lecture or event that sessions belong to."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="activity",
    label="activity",
    section="activities",
    title_field="title",
    parent="site",
    registers=(
        register(Field(name="title", type=FieldType.TEXT, label="title", required=True)),
        register(
            Field(name="site", type=FieldType.REF, label="site", ref="site", required=True),
            mutable=False,
        ),
        register(
            Field(
                name="kind",
                type=FieldType.CODE,
                label="kind",
                codes="activity_kind",
                required=True,
            )
        ),
        register(
            Field(
                name="edu_kinds",
                type=FieldType.CODE,
                label="education kinds",
                codes="edu_kind",
                many=True,
                required=True,
            )
        ),
        register(Field(name="form", type=FieldType.CODE, label="form", codes="edu_form")),
        register(
            Field(
                name="vocational",
                type=FieldType.CODE,
                label="vocational",
                codes="edu_vocational",
            )
        ),
        register(
            Field(
                name="topics",
                type=FieldType.CODE,
                label="topics",
                codes="topic",
                many=True,
                required=True,
            )
        ),
        register(
            Field(
                name="delivery",
                type=FieldType.CODE,
                label="delivery",
                codes="delivery",
                required=True,
            )
        ),
        register(
            Field(name="department", type=FieldType.CODE, label="organiser", codes="department")
        ),
        register(
            Field(
                name="destinations",
                type=FieldType.CODE,
                label="report destinations",
                codes="destination",
                many=True,
            )
        ),
        register(Field(name="campaign", type=FieldType.TEXT, label="campaign")),
        register(Field(name="planned_sessions", type=FieldType.INT, label="planned sessions")),
        register(
            Field(name="opens", type=FieldType.DATE, label="opens"),
            Field(name="closes", type=FieldType.DATE, label="closes"),
            name="term",
        ),
        reasons(),
    ),
)
