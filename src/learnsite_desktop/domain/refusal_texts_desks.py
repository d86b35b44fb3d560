"""Words of the refusals of the desks' tools: message ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

DESK_TEXTS: Final = (
    RefusalText(
        "batch_field",
        N_("The field %(where)s cannot be set for many records at once."),
        N_("Correct it record by record."),
    ),
    RefusalText(
        "batch_nothing",
        N_("None of the %(count)s records found would be changed."),
        N_("Look at the preview: what is the same already, and what cannot be changed and why."),
    ),
    RefusalText(
        "batch_private",
        N_("%(where)s is a private value; it is not set or sought for many people at once."),
        N_("Correct it on the person's own card."),
    ),
    RefusalText(
        "batch_too_many",
        N_("%(count)s records are too many for one batch; at most %(most)s."),
        N_("Narrow it by unit, period or another field."),
    ),
    RefusalText(
        "compare_senders",
        N_("The files come from two units: %(a)s and %(b)s (%(where)s)."),
        N_("Compare two files of one unit, or one file with what is held here."),
    ),
    RefusalText(
        "question_unknown",
        N_("There is no question %(where)s any more, or there never was."),
        N_("List the questions again with `questions`; facts may have changed."),
    ),
)
