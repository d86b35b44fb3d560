"""Evidence 佐证: a photo or file, named by the hash of its content.

`file` is what is kept here, `thumb` the small picture that travels, `original` the file as it came,
before it was drawn anew; `dhash` tells pictures that look alike (see `domain.pictures`).
"""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="evidence",
    label="evidence",
    section="photos",
    parent="target",
    indexes=(("unit",), ("file",), ("original",), ("thumb",)),
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
        register(Field(name="thumb", type=FieldType.HASH, label="thumbnail")),
        register(Field(name="original", type=FieldType.HASH, label="original file")),
        register(Field(name="dhash", type=FieldType.TEXT, label="look of the picture")),
        register(
            Field(
                name="taken_from",
                type=FieldType.CODE,
                label="how the time is known",
                codes="taken_from",
            )
        ),
        register(Field(name="note", type=FieldType.TEXT, label="note"), private=True),
        reasons(),
    ),
)
