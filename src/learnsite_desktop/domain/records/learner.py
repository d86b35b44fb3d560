"""Learners 学员. Sex, birth year and groups are public for counting; the rest is private."""

from collections.abc import Mapping

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register


def _public_birth_year(values: Mapping[str, object]) -> dict[str, object]:
    """The birth year travels openly so that ages can be counted where the day is not known."""
    if "birth" not in values:
        return {}
    birth = values["birth"]
    return {"birth_year": int(birth[:4]) if isinstance(birth, str) else None}


KIND = Kind(
    name="learner",
    label="learner",
    section="learners",
    title_field="name",
    derive=_public_birth_year,
    registers=(
        register(
            Field(name="name", type=FieldType.TEXT, label="full name", required=True), private=True
        ),
        register(Field(name="sex", type=FieldType.CODE, label="sex", codes="sex", required=True)),
        register(Field(name="birth", type=FieldType.BIRTH, label="birth"), private=True),
        register(Field(name="birth_year", type=FieldType.INT, label="birth year"), computed=True),
        register(Field(name="mobile", type=FieldType.TEXT, label="mobile"), private=True),
        register(Field(name="address", type=FieldType.TEXT, label="address"), private=True),
        register(
            Field(name="id_kind", type=FieldType.CODE, label="ID kind", codes="id_kind"),
            Field(name="id_number", type=FieldType.TEXT, label="ID number"),
            name="identity",
            private=True,
        ),
        register(
            Field(name="residence", type=FieldType.CODE, label="residence", codes="residence")
        ),
        register(Field(name="home_unit", type=FieldType.UNIT, label="home unit")),
        register(
            Field(
                name="education",
                type=FieldType.CODE,
                label="education",
                codes="education_level",
            )
        ),
        register(
            Field(
                name="groups",
                type=FieldType.STRUCT,
                label="groups",
                many=True,
                members=(
                    Field(
                        name="code",
                        type=FieldType.CODE,
                        label="group",
                        codes="population_group",
                        required=True,
                    ),
                    Field(name="from", type=FieldType.DATE, label="since"),
                ),
            )
        ),
        register(
            Field(
                name="guardian",
                type=FieldType.STRUCT,
                label="guardian",
                members=(
                    Field(name="name", type=FieldType.TEXT, label="full name", required=True),
                    Field(name="relation", type=FieldType.TEXT, label="relation", required=True),
                    Field(name="mobile", type=FieldType.TEXT, label="mobile", required=True),
                    Field(name="date", type=FieldType.DATE, label="date", required=True),
                ),
            ),
            private=True,
        ),
        register(
            Field(
                name="consents",
                type=FieldType.STRUCT,
                label="consents",
                many=True,
                members=(
                    Field(
                        name="kind",
                        type=FieldType.CODE,
                        label="kind",
                        codes="consent_kind",
                        required=True,
                    ),
                    Field(name="date", type=FieldType.DATE, label="date", required=True),
                    Field(
                        name="by",
                        type=FieldType.CODE,
                        label="by",
                        codes="consent_by",
                        required=True,
                    ),
                    Field(
                        name="medium",
                        type=FieldType.CODE,
                        label="medium",
                        codes="consent_medium",
                        required=True,
                    ),
                ),
            )
        ),
        reasons(private=True),
    ),
)
