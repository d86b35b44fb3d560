"""Words of the refusals of down documents and the region tree: ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

DOWN_TEXTS: Final = (
    RefusalText(
        "codes_dropped",
        N_("The code %(where)s is in use and is missing in the new table."),
        N_("Keep its row; to end it, write the day in the column closed."),
    ),
    RefusalText(
        "codes_list_fixed",
        N_("%(where)s: the list %(list)s takes no local codes."),
        N_("Local codes can be added to: %(known)s."),
    ),
    RefusalText(
        "codes_national",
        N_("%(where)s: %(code)s is a national code already."),
        N_("Choose another code for the local one."),
    ),
    RefusalText(
        "codes_parent_changed",
        N_("The code %(where)s stands under %(parent)s and must stay there."),
        N_("Close it with a date and add a new code under the other parent."),
    ),
    RefusalText(
        "codes_parent_unknown",
        N_("%(where)s: the list %(list)s has no national code %(parent)s."),
        N_("Name the national code that the local one counts for."),
    ),
    RefusalText(
        "document_apart",
        N_(
            "The %(where)s document of version %(version)s was issued without knowing of version "
            "%(held)s in use here: it forgets %(unit)s %(name)s."
        ),
        N_(
            "Version %(held)s stays in use here. Pack for the unit that issued it, and ask it to "
            "take that file in, to join both (`regions join`) and to issue anew."
        ),
    ),
    RefusalText(
        "document_behind",
        N_(
            "The %(where)s document of version %(version)s is not known here, while version "
            "%(held)s is in use: its issuer has gone back to an older state."
        ),
        N_(
            "Version %(held)s stays in use here. Pack for the unit that issued it, and ask it to "
            "take that file in before it issues anew."
        ),
    ),
    RefusalText(
        "document_missing",
        N_("No document of the kind %(where)s is held here."),
        N_("`documents` lists those that are; ask the unit above for a new bundle."),
    ),
    RefusalText(
        "document_no_table",
        N_("%(where)s is no table that could be edited."),
        N_("These are: %(known)s."),
    ),
    RefusalText(
        "document_not_ours",
        N_("%(where)s documents are not issued here."),
        N_("Only the county, which keeps the region tree, issues them; ask it to."),
    ),
    RefusalText(
        "document_own_other",
        N_(
            "Version %(version)s of %(where)s, issued by this unit, and version %(held)s in use "
            "here were issued without knowing of each other."
        ),
        N_(
            "Version %(held)s stays in use here. Look what shall hold and issue it anew, the "
            "region tree with `regions join`; everybody takes the new one then."
        ),
    ),
    RefusalText(
        "document_sealed",
        N_("The %(where)s is sealed for other computers."),
        N_("Ask the unit above to issue it again now that this computer is enrolled."),
    ),
    RefusalText(
        "document_twice",
        N_("There are two %(where)s documents of version %(version)s, and they differ."),
        N_(
            "The one that came first stays in use here. Pack for the unit that issued it, and ask "
            "it to take in the files of its other computers and of those below, then to issue anew."
        ),
    ),
    RefusalText(
        "document_unreadable",
        N_("What arrived as %(where)s is not what was issued."),
        N_("Ask the unit above to issue it again."),
    ),
    RefusalText(
        "document_version_used",
        N_("Version %(version)s of %(where)s is passed already."),
        N_("Leave --version out, or give %(least)s or more."),
    ),
    RefusalText(
        "document_versions_end",
        N_("There is no version after the one of %(where)s in use."),
        N_("If a stolen computer issued it, revoke that computer, then issue again."),
    ),
    RefusalText(
        "notice_unknown",
        N_("No notice “%(where)s” is up."),
        N_("`documents show notices` lists those that are."),
    ),
    RefusalText(
        "publish_column_unknown",
        N_("%(where)s: there is no column %(column)s."),
        N_("The columns are: %(known)s."),
    ),
    RefusalText(
        "publish_expired",
        N_("The document of the kind %(where)s would expire on %(date)s, which is past."),
        N_("Give a later day, or leave --expires out."),
    ),
    RefusalText(
        "publish_file_size",
        N_("%(where)s is empty or too large (at most %(limit)s KB)."),
        N_("Choose another file, or make it smaller."),
    ),
    RefusalText(
        "publish_final",
        N_("%(where)s cannot be taken back: others may have used it already."),
        N_("Issue a corrected one; a code is ended with a day in its column closed."),
    ),
    RefusalText(
        "publish_json_wrong",
        N_("%(where)s is no list of rows."),
        N_("Write a list of objects, or an object with the list under “%(key)s”."),
    ),
    RefusalText(
        "publish_not_newest",
        N_("%(where)s: another version was issued since."),
        N_("Look at the one in use, and issue what should stand in it."),
    ),
    RefusalText(
        "publish_repeated",
        N_("%(where)s says the same as %(first)s."),
        N_("Remove one of the two rows."),
    ),
    RefusalText(
        "publish_same",
        N_("%(where)s is in use already, just so."),
        N_("Nothing to do."),
    ),
    RefusalText(
        "publish_value_missing",
        N_("%(where)s has no value in the column %(column)s."),
        N_("Fill it in; nothing was issued."),
    ),
    RefusalText(
        "publish_value_wrong",
        N_("%(where)s: “%(value)s” cannot stand in the column %(column)s."),
        N_("Write dates as 2026-03-05, years as 2026, numbers without signs; see the manual."),
    ),
    RefusalText(
        "publish_village",
        N_("A village issues no documents."),
        N_("Ask the township or the county to issue it."),
    ),
    RefusalText(
        "regions_children_open",
        N_("Units still lie below %(where)s: %(units)s."),
        N_("Move, merge or close them first."),
    ),
    RefusalText(
        "regions_code_dropped",
        N_("The unit %(where)s %(name)s is missing in the new tree."),
        N_("A unit never goes: keep its row, with the day it ended in valid_to."),
    ),
    RefusalText(
        "regions_date_future",
        N_("%(where)s has not come yet."),
        N_("Change the tree on the day itself or later; if it has come, put this clock right."),
    ),
    RefusalText(
        "regions_date_order",
        N_("%(where)s was changed on %(date)s, which is not before this change."),
        N_("Give a later day."),
    ),
    RefusalText(
        "regions_history_lost",
        N_("The new tree forgets where %(where)s lay before: %(parent)s."),
        N_("Use `regions move`, which remembers it; the column past holds it in a file."),
    ),
    RefusalText(
        "regions_level_changed",
        N_("The level of %(where)s cannot change."),
        N_("Use `regions convert`: the unit goes on under a new code."),
    ),
    RefusalText(
        "regions_not_alike",
        N_("%(where)s: these units do not lie at one level under one parent."),
        N_("Move them under one parent first."),
    ),
    RefusalText(
        "regions_split_parts",
        N_("%(where)s must be divided into two or more different units."),
        N_("Name each part once: --into CODE=NAME --into CODE=NAME."),
    ),
    RefusalText(
        "regions_successor_invalid",
        N_("%(where)s: %(unit)s cannot be its successor."),
        N_("A successor lies at the same level, and the unit itself has a day in valid_to."),
    ),
    RefusalText(
        "regions_top",
        N_("%(where)s stands at the top of the tree."),
        N_("Choose a unit below it."),
    ),
    RefusalText(
        "regions_unit_closed",
        N_("%(where)s %(name)s ended on %(date)s."),
        N_("Choose a unit that still exists."),
    ),
    RefusalText(
        "regions_unit_exists",
        N_("%(where)s is %(name)s already."),
        N_("Choose another code; leave the name out to mean the unit that is there."),
    ),
    RefusalText(
        "roster_unit_missing",
        N_("A roster is for one unit."),
        N_("Name it with --unit."),
    ),
    RefusalText(
        "target_unit",
        N_("%(where)s: %(unit)s does not lie under %(scope)s."),
        N_("Name the unit itself or one below it."),
    ),
    RefusalText(
        "unit_succeeded",
        N_("%(where)s has gone on as %(unit)s %(name)s since %(date)s."),
        N_("Ask for that unit, or for this one with --tree then."),
    ),
)
