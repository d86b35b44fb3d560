"""Refusals of keeping units, their computers and their population (`domain.refusals`)."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

UNIT_TEXTS: Final = (
    RefusalText(
        "openings_none_chosen",
        N_("No unit was named for which an opening file is to be written."),
        N_("Name units by their codes, or give --all for those that have none yet."),
    ),
    RefusalText(
        "population_source_missing",
        N_("Where the numbers of %(where)s come from is not said."),
        N_("Name the source, for example the census or the yearly report of the police station."),
    ),
    RefusalText(
        "population_year_missing",
        N_("%(where)s does not say for which year its numbers are."),
        N_("Give the year, or write it into the title above the headings."),
    ),
    RefusalText(
        "proposal_decided",
        N_("It was decided already: %(where)s"),
        N_("Look at the list of proposals; a further change is a proposal of its own."),
    ),
    RefusalText(
        "proposal_incomplete",
        N_("What is proposed for %(where)s is not complete."),
        N_("Say what is to change, what becomes of the unit, and from which day on."),
    ),
    RefusalText(
        "proposal_own_tree",
        N_("%(where)s keeps the list of units itself."),
        N_("Make the change at once, under Units or with `regions`."),
    ),
    RefusalText(
        "proposal_unknown",
        N_("There is no proposal %(where)s here."),
        N_("List the proposals with `proposals list`."),
    ),
    RefusalText(
        "recovery_group_wrong",
        N_("What was typed is not group %(where)s of the recovery code."),
        N_("Read the group off the printed page again, not off the screen."),
    ),
    RefusalText(
        "regions_undo_nothing",
        N_("There is no change of the region tree that could be taken back."),
        N_("Only the last change made on this computer can; otherwise make a further change."),
    ),
    RefusalText(
        "regions_undo_used",
        N_("%(where)s is in use already: it has records, or a computer."),
        N_("Close or merge the unit on a day instead; what was recorded keeps it."),
    ),
    RefusalText(
        "scope_days_order",
        N_("The last day %(until)s lies before the first day %(since)s."),
        N_("Give a last day that is not before the first one, or none."),
    ),
    RefusalText(
        "scope_granted_longer",
        N_("The computer %(where)s may already enter for that unit, and for longer."),
        N_("A grant is not shortened by another one: revoke the computer and open it anew."),
    ),
)
