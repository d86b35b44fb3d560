"""Words of the refusals of supervision: ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

SUPERVISION_TEXTS: Final = (
    RefusalText(
        "word_from_above",
        N_("This was said by a unit above; only that unit, or one above it, may change it."),
        N_("Write your own answer, or ask the unit above to look again."),
    ),
    RefusalText(
        "answer_day",
        N_("%(where)s is not yet: an answer says what has been done."),
        N_("Give the day on which it was mended."),
    ),
    RefusalText(
        "checklist_unknown",
        N_("There is no checklist %(where)s."),
        N_("These exist: %(known)s."),
    ),
    RefusalText(
        "clause_unknown",
        N_("There is no clause %(where)s."),
        N_("These exist: %(known)s."),
    ),
    RefusalText(
        "finding_closed",
        N_("This finding was looked at again and is closed."),
        N_("Nothing is left to do."),
    ),
    RefusalText(
        "finding_item_unknown",
        N_("%(checklist)s has no item %(where)s."),
        N_("Its items are: %(known)s."),
    ),
    RefusalText(
        "finding_not_ours",
        N_("The finding is about %(where)s, which answers it itself."),
        N_("Hand it down with the next receipt and wait for the answer."),
    ),
    RefusalText(
        "finding_points",
        N_("Item %(where)s has %(most)s points at most, not %(points)s."),
        N_("Give a number from 0 to %(most)s, or leave it out."),
    ),
    RefusalText(
        "finding_unknown",
        N_("No finding %(where)s is held here."),
        N_("`findings` lists those that are."),
    ),
    RefusalText(
        "finding_verdict",
        N_("%(where)s is no verdict."),
        N_("Choose one of: %(known)s."),
    ),
    RefusalText(
        "inspection_checklist",
        N_("The round %(where)s was begun here with the checklist %(checklist)s."),
        N_("Go on with that one, or give the round another name."),
    ),
    RefusalText(
        "inspection_day",
        N_("%(where)s is not yet: a visit is written down when it was made."),
        N_("Give the day of the visit."),
    ),
    RefusalText(
        "inspection_round",
        N_("A round needs a name of at most %(most)s characters."),
        N_("Name it after its time, such as 2026年上半年督导."),
    ),
)
