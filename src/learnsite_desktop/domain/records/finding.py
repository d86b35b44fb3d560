"""Findings 督导问题: one item of a checklist at one unit: verdict, what is asked, its answer.

The unit's own words are `answered` and `answer`; all else is the inspector's.
"""

from learnsite_desktop.domain.fields import Field, FieldType, Kind, reasons, register

KIND = Kind(
    name="finding",
    label="finding",
    parent="inspection",
    title_field="question",
    natural_key=("inspection", "item"),  # with the unit, see `services.enrolment`
    from_above=True,
    registers=(
        register(
            Field(
                name="inspection",
                type=FieldType.REF,
                label="inspection",
                ref="inspection",
                required=True,
            ),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="item", type=FieldType.TEXT, label="item", required=True),
            mutable=False,
            layer="review",
        ),
        register(
            Field(name="question", type=FieldType.TEXT, label="what is asked for", required=True),
            Field(name="clause", type=FieldType.TEXT, label="clause"),
            name="words",
            layer="review",
        ),
        register(
            Field(
                name="verdict",
                type=FieldType.CODE,
                label="verdict",
                codes="finding_verdict",
                required=True,
            ),
            Field(name="points", type=FieldType.INT, label="points"),
            Field(name="most", type=FieldType.INT, label="points at most"),
            name="score",
            layer="review",
        ),
        register(
            Field(name="text", type=FieldType.TEXT, label="what was found"),
            private=True,
            layer="review",
        ),
        register(Field(name="due", type=FieldType.DATE, label="to be mended by"), layer="review"),
        register(Field(name="answered", type=FieldType.DATE, label="mended on")),
        register(
            Field(name="answer", type=FieldType.TEXT, label="how it was mended"), private=True
        ),
        register(
            Field(name="checked", type=FieldType.DATE, label="checked again on"),
            Field(name="passed", type=FieldType.BOOL, label="passed"),
            Field(name="about", type=FieldType.HASH, label="the answer looked at"),
            name="recheck",
            layer="review",
        ),
        reasons(),
    ),
)
