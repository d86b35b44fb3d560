"""Issues about the cells and rows of register books that come back filled in."""

from typing import Final

from learnsite_desktop.domain.issue_words import IssueText, Severity
from learnsite_desktop.domain.wording import N_

_BOOK: Final = "register"
_ERROR, _NOTE = Severity.ERROR, Severity.NOTE

REGISTER_ISSUES: Final[tuple[IssueText, ...]] = (
    IssueText(
        "REGISTER_BLANK",
        _ERROR,
        "*",
        N_(
            "Nothing stands here in this copy of the register; another copy said "
            "“%(kept)s”, which is kept."
        ),
        N_("Leave it if only the other copy was filled in here; if it was cleared, say so."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_CHANGED",
        _ERROR,
        "*",
        N_(
            "This was changed elsewhere after the register was given out: kept is "
            "“%(kept)s”, the register says “%(given)s”."
        ),
        N_("Ask the village, then say which of the two counts."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_CLASS_OTHER",
        _ERROR,
        "title",
        N_("This roll call belongs to another class than the one named here."),
        N_("Write the former name again; use an empty roll call sheet for another class."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_CLASS_UNKNOWN",
        _ERROR,
        "title",
        N_("“%(value)s” is not, or not only once, in the list of activities of this register."),
        N_("Write the class into the list of activities, and choose its name here."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_EARLIER",
        _ERROR,
        "*",
        N_(
            "An earlier copy of this register said “%(given)s”; a later one said "
            "“%(kept)s”, which is kept."
        ),
        N_("Make sure that this is the newest copy, then say which of the two counts."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_HEADINGS",
        _ERROR,
        "*",
        N_(
            "The headings of the sheet “%(sheet)s” were changed; what its columns mean "
            "cannot be told."
        ),
        N_("Write the headings as they were in the register that was given out."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_LEARNER_LEFT",
        _ERROR,
        "name",
        N_("This learner cannot be taken yet: see row %(row)s of the sheet of learners."),
        N_("Correct that row; then this one is taken too."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_NAME_OTHER",
        _ERROR,
        "name",
        N_("This row is that of %(kept)s, not of %(given)s."),
        N_(
            "Write the former name again, and somebody else into an empty row below. A "
            "wrong name is corrected in the sheet of learners."
        ),
        _BOOK,
    ),
    IssueText(
        "REGISTER_NAME_SEVERAL",
        _ERROR,
        "name",
        N_("Several learners of the register are called %(value)s."),
        N_("Write the number from the sheet of learners behind the name, like 王芳12."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_NAME_UNKNOWN",
        _ERROR,
        "name",
        N_("%(value)s is not in the sheet of learners."),
        N_("Write the person into the sheet of learners first, with the same name."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_NOT_HELD",
        _ERROR,
        "*",
        N_("What is kept of this is private and cannot be read on this computer."),
        N_("Let the unit that gave the register out take it in."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_PARENT_LEFT",
        _ERROR,
        "*",
        N_("The activity itself cannot be taken yet."),
        N_("Correct its row in the sheet of activities; then this is taken too."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_RECORD_GONE",
        _ERROR,
        "*",
        N_("This was deleted after the register was given out."),
        N_("If it is to stay, enter it anew in an empty row; else leave the row as it was."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_ROW_COPIED",
        _ERROR,
        "*",
        N_(
            "This row was copied together with its hidden number; it stands also in row "
            "%(rows)s. Which of them is the person's own cannot be told."
        ),
        N_("Put the known row right as it was, and write the other one by hand into an empty row."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_ROW_FOREIGN",
        _ERROR,
        "*",
        N_("This row (or sheet) was pasted from another register."),
        N_("Write it by hand into an empty row."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_ROW_GONE",
        _NOTE,
        "*",
        N_("%(name)s no longer stands in the register; nothing was deleted."),
        N_("If it is to be deleted, do that here by hand."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_ROW_MOVED",
        _ERROR,
        "*",
        N_(
            "This row is that of %(kept)s, and says now what belongs to %(given)s: rows were "
            "sorted or cells were moved without their hidden numbers."
        ),
        N_(
            "Let the village send the register as it was before that. If the name is meant so, "
            "say that the register counts."
        ),
        _BOOK,
    ),
    IssueText(
        "REGISTER_ROW_OVERWRITTEN",
        _ERROR,
        "*",
        N_(
            "The register was given out with %(kept)s here; now %(given)s stands here, and too "
            "much else is different for a correction."
        ),
        N_(
            "Write the former one here again and the new one into an empty row. If it really is "
            "the same, say that the register counts."
        ),
        _BOOK,
    ),
    IssueText(
        "REGISTER_ROW_TAKEN",
        _ERROR,
        "*",
        N_(
            "This place was read before as %(kept)s; in this copy of the register it is "
            "%(given)s. Nothing was taken from here."
        ),
        N_(
            "Enter this one in an empty row or column (of a class, in an empty roll call sheet). "
            "If it is the same and was corrected, say that the register counts."
        ),
        _BOOK,
    ),
    IssueText(
        "REGISTER_SESSION_LEFT",
        _ERROR,
        "*",
        N_("This mark cannot be taken, because something is wrong with its session."),
        N_("Correct the session above; then its marks are taken too."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_SHEET_COPIED",
        _ERROR,
        "*",
        N_("The sheet “%(sheet)s” is a copy of another one of this register; it was not read."),
        N_("Use one of the empty roll call sheets instead."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_SHEET_GONE",
        _ERROR,
        "*",
        N_(
            "The sheet “%(sheet)s” is no longer in the register; nothing of it was taken, and "
            "nothing was deleted."
        ),
        N_("Ask the village for the file in which it still stands."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_SHEET_UNMARKED",
        _ERROR,
        "*",
        N_(
            "The hidden row 1 or column A of the sheet “%(sheet)s” is gone: who stands where "
            "cannot be told, and nothing of it was taken."
        ),
        N_(
            "Ask the village for the file as it was before that, or give a new register out and "
            "copy what was filled in into its empty rows."
        ),
        _BOOK,
    ),
    IssueText(
        "REGISTER_SITE",
        _ERROR,
        "site",
        N_("It is not clear at which site this activity takes place."),
        N_("Choose one of the sites in the list; a new site is first entered in the program."),
        _BOOK,
    ),
    IssueText(
        "REGISTER_UNNUMBERED",
        _ERROR,
        "*",
        N_(
            "This row or column was put in and has no hidden number; it cannot be recognised again."
        ),
        N_("Write it into one of the empty rows or columns of the register."),
        _BOOK,
    ),
)
