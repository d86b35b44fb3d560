"""Sites 学习点: one physical place, often of several kinds."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="site",
    label="site",
    section="sites",
    title_field="name",
    unit_field="unit",
    registers=(
        register(
            Field(name="unit", type=FieldType.UNIT, label="unit", required=True), mutable=False
        ),
        register(Field(name="name", type=FieldType.TEXT, label="name", required=True)),
        register(
            Field(
                name="kinds",
                type=FieldType.CODE,
                label="kinds",
                codes="site_kind",
                many=True,
                required=True,
            )
        ),
        register(
            Field(name="opened", type=FieldType.DATE, label="opened", required=True),
            Field(name="closed", type=FieldType.DATE, label="closed"),
            name="validity",
        ),
        # A work telephone, as it hangs on the door: public, so that every tier above can ring.
        register(
            Field(name="head", type=FieldType.TEXT, label="person in charge"),
            Field(name="phone", type=FieldType.TEXT, label="work phone"),
            name="contact",
        ),
        reasons(),
    ),
)
