"""Words of the refusals of review and of locked periods: message ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

REVIEW_TEXTS: Final = (
    RefusalText(
        "lock_not_here",
        N_("A period is locked by the township or the county, not by %(where)s."),
        N_("Hand the period in; the unit above locks it."),
    ),
    RefusalText(
        "lock_order",
        N_("%(where)s cannot be locked while %(other)s of %(unit)s stands as it does."),
        N_("Lock the earlier period first; of a longer period that is locked already, open that."),
    ),
    RefusalText(
        "lock_problems",
        N_("%(where)s still has %(count)s open conflicts, returns or faults (first: %(first)s)."),
        N_(
            "Look at them with `lock %(where)s --show` and settle them, or lock all the same with "
            "--force and a reason (--why)."
        ),
    ),
    RefusalText(
        "lock_too_early",
        N_("%(where)s is not over: its last day is %(day)s."),
        N_("Lock it after its last day."),
    ),
    RefusalText(
        "locked_above",
        N_("The unit above has locked %(where)s of %(unit)s."),
        N_("Ask the unit above to open it first, or enter a reversal in an open period."),
    ),
    RefusalText(
        "locked_within",
        N_("%(other)s of %(unit)s is locked as a whole, and %(where)s with it."),
        N_("Open %(other)s first (`unlock`), or enter a reversal in an open period."),
    ),
    RefusalText(
        "not_locked",
        N_("%(where)s is not locked by this unit."),
        N_("See with `lock %(where)s --show` who has locked what."),
    ),
    RefusalText(
        "pair_settled",
        N_("Whether these two are one person has been decided already."),
        N_("Go on with the next pair; Ctrl+Z takes a decision back."),
    ),
    RefusalText(
        "period_locked",
        N_("%(where)s holds records of %(unit)s that the locked period %(period)s counts."),
        N_("Open the period first, or correct the records: that becomes a supplement."),
    ),
    RefusalText(
        "reversal_open_period",
        N_("%(where)s is locked; a correction is booked in an open period."),
        N_("Name a period that is still open."),
    ),
    RefusalText(
        "reversal_not_locked",
        N_("%(where)s is in no locked period, or nothing of it was changed since."),
        N_("Simply edit the record; it counts as it is."),
    ),
    RefusalText(
        "reversal_sessions_only",
        N_("%(where)s is no session; only sessions are booked anew in another period."),
        N_("Edit the record; the next lock takes the change along."),
    ),
    RefusalText(
        "review_conflict",
        N_("%(where)s has an open conflict; it is not clear what would be approved."),
        N_("Resolve the conflict first (`conflicts`, `resolve`)."),
    ),
    RefusalText(
        "review_not_below",
        N_("%(where)s is not a record of a unit below this one."),
        N_("Records are reviewed by the units above their own."),
    ),
    RefusalText(
        "review_not_kind",
        N_("%(where)s is of a kind that is not reviewed."),
        N_("Review sessions, enrolments, activities, learners, sites, photos, population."),
    ),
    RefusalText(
        "review_rejected",
        N_("%(where)s was rejected by this unit."),
        N_("To approve it after all, name this record: `approve %(where)s`."),
    ),
    RefusalText(
        "review_rejected_above",
        N_("A unit above has rejected %(where)s; approving it here would change nothing."),
        N_("Ask the unit above to take its rejection back."),
    ),
    RefusalText(
        "review_rejected_below",
        N_("A unit below has rejected %(where)s; approving it here would change nothing."),
        N_("Ask that unit to take its rejection back or to approve the record; then approve it."),
    ),
    RefusalText(
        "review_returned",
        N_("%(where)s was sent back and has not been answered yet."),
        N_("Wait for the correction, or take the return back with `undo`."),
    ),
    RefusalText(
        "reviewer_is_author",
        N_("%(where)s was entered by the same person, or on this computer without a name."),
        N_("Let somebody else review it: choose another operator."),
    ),
    RefusalText(
        "unlock_reversed",
        N_("%(where)s: corrections of it are booked in another period (%(other)s)."),
        N_("Delete those reversals first; otherwise the corrections would count twice."),
    ),
    RefusalText(
        "unlock_order",
        N_("%(where)s cannot be opened while %(other)s is locked."),
        N_("Open the later or longer period first."),
    ),
)
