"""Staff: managers, teachers, volunteers, advisers of a unit."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="staff",
    label="staff",
    section="staff",
    title_field="name",
    registers=(
        register(
            Field(name="name", type=FieldType.TEXT, label="full name", required=True), private=True
        ),
        register(
            Field(
                name="kinds",
                type=FieldType.CODE,
                label="kinds",
                codes="staff_kind",
                many=True,
                required=True,
            )
        ),
        register(Field(name="mobile", type=FieldType.TEXT, label="mobile"), private=True),
        register(
            Field(name="from", type=FieldType.DATE, label="since"),
            Field(name="to", type=FieldType.DATE, label="until"),
            name="service",
        ),
        reasons(private=True),
    ),
)
