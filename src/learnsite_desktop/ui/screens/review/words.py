"""The words of the groups, and with what chip they stand in the list."""

from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import work_queue as work

GROUP_WORDS: Final = {
    work.CONFLICT: N_("Conflict"),
    work.DUPLICATE: N_("One person?"),
    work.QUESTION: N_("Question"),
    work.FIXED: N_("Put right"),
    work.EDITED: N_("Edited since"),
    work.WARNING: N_("Reasoned"),
    work.SAMPLE: N_("Sample"),
    work.OPEN: N_("To approve"),
    work.RETURNED: N_("Sent back"),
    work.REFUSED: N_("Not taken"),
    work.SETTLED: N_("Approved"),
    work.CORRECTION: N_("Correction"),
}
GROUP_TONES: Final = {
    work.CONFLICT: "error",
    work.DUPLICATE: "warning",
    work.QUESTION: "note",
    work.FIXED: "received",
    work.EDITED: "final",
    work.WARNING: "warning",
    work.SAMPLE: "exported",
    work.OPEN: "draft",
    work.RETURNED: "returned",
    work.REFUSED: "error",
    work.SETTLED: "approved",
    work.CORRECTION: "note",
}
GROUP_SENTENCES: Final = {
    work.CONFLICT: N_("Two people gave different values, not knowing of each other."),
    work.DUPLICATE: N_("Two learner records may be one person."),
    work.QUESTION: N_("Something over several records wants an explanation."),
    work.FIXED: N_("This was returned, and its unit has put it right."),
    work.EDITED: N_("This was written on after it had been approved."),
    work.WARNING: N_("This was saved with a reason although a rule warned."),
    work.SAMPLE: N_("Drawn by lot, to be looked at closely."),
    work.OPEN: N_("Nothing is said against this."),
    work.RETURNED: N_("This waits for its unit to put it right."),
    work.REFUSED: N_("This unit or another has not taken this record; it is in no figure."),
    work.SETTLED: N_("This unit has approved all that is written here."),
    work.CORRECTION: N_("A unit above its own has corrected this."),
}
