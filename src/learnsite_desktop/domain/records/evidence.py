"""Evidence 佐证: a photo or file, named by the hash of its content."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="evidence",
    label="evidence",
    section="photos",
    parent="target",
    registers=(
        register(
            Field(name="target", type=FieldType.REF, label="belongs to", ref="*", required=True),
            mutable=False,
        ),
        register(
            Field(
                name="kind",
                type=FieldType.CODE,
                label="kind",
                codes="evidence_kind",
                required=True,
            )
        ),
        register(
            Field(name="file", type=FieldType.HASH, label="file", required=True),
            Field(name="bytes", type=FieldType.INT, label="size in bytes"),
            name="content",
        ),
        register(Field(name="taken", type=FieldType.TEXT, label="taken at")),
        register(Field(name="publishable", type=FieldType.BOOL, label="may be published")),
        reasons(),
    ),
)
