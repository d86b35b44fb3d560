"""Words of the refusals of conflicts, corrections and exports: message ids (`domain.refusals`)."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

DISPUTE_TEXTS: Final = (
    RefusalText(
        "correction_decided",
        N_("The unit above has decided about this field (%(where)s) after your objection."),
        N_("Talk to the unit above; if the value is still wrong, it can be corrected there."),
    ),
    RefusalText(
        "correction_unknown",
        N_("There is no correction of this field to object to, or you let it stand (%(where)s)."),
        N_("`corrections` lists what was corrected. Otherwise edit the field and write why."),
    ),
    RefusalText(
        "export_suffix",
        N_("%(where)s is no name of a table file."),
        N_("Let the name end in one of %(known)s."),
    ),
    RefusalText(
        "objection_not_own",
        N_("The record %(where)s belongs to another unit; only that unit objects."),
        N_("Correct the value with a reason, or return the field to its unit."),
    ),
    RefusalText(
        "objection_open",
        N_("This field is in dispute already (%(where)s)."),
        N_("Hand in, so that the unit above sees it; it decides which value holds."),
    ),
    RefusalText(
        "objection_pending",
        N_("You have objected to a correction of this field; the unit above decides (%(where)s)."),
        N_("Hand in and wait for the decision, or give way by keeping the value from above."),
    ),
)
