"""Sheets 签到表: one printed version of a sign-in sheet, its row numbers frozen."""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="sheet",
    label="sheet",
    natural_key=("session", "rows"),
    parent="session",
    title_field="code",
    registers=(
        register(
            Field(
                name="session", type=FieldType.REF, label="session", ref="session", required=True
            ),
            mutable=False,
        ),
        register(
            Field(
                name="rows",
                type=FieldType.STRUCT,
                label="rows",
                many=True,
                members=(
                    Field(name="row", type=FieldType.INT, label="row number", required=True),
                    Field(
                        name="learner",
                        type=FieldType.REF,
                        label="learner",
                        ref="learner",
                        required=True,
                    ),
                ),
            ),
            mutable=False,
        ),
        register(Field(name="code", type=FieldType.TEXT, label="sheet code", required=True)),
        register(Field(name="version", type=FieldType.INT, label="version", required=True)),
        reasons(),
    ),
)
