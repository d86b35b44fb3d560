"""Tables 表格 that a department asks for: who wants what, and which records hold it already."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="request",
    label="department table",
    section="requests",
    title_field="name",
    registers=(
        register(Field(name="name", type=FieldType.TEXT, label="name", required=True)),
        register(
            Field(
                name="department",
                type=FieldType.CODE,
                label="department",
                codes="department",
                required=True,
            )
        ),
        register(
            Field(
                name="fields",
                type=FieldType.STRUCT,
                label="columns",
                many=True,
                required=True,
                members=(
                    Field(name="label", type=FieldType.TEXT, label="heading", required=True),
                    Field(name="means", type=FieldType.TEXT, label="what it means"),
                ),
            )
        ),
        register(
            Field(name="number", type=FieldType.TEXT, label="Table number"),
            Field(name="authority", type=FieldType.TEXT, label="Made by"),
            Field(name="approval", type=FieldType.TEXT, label="Approval or filing number"),
            Field(name="valid_until", type=FieldType.DATE, label="Valid until"),
            name="standing",
        ),
        register(Field(name="remarks", type=FieldType.TEXT, label="remarks")),
        reasons(),
    ),
)
