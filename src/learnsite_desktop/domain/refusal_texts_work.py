"""Words of the refusals of workspaces, records and captures: message ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

WORK_TEXTS: Final = (
    RefusalText(
        "activity_wanted",
        N_("%(where)s is no activity."),
        N_("Give the record of an activity, such as `list activity` shows it."),
    ),
    RefusalText(
        "copy_damaged",
        N_("What was copied to %(where)s is not what was to be copied; the copy was removed."),
        N_("Use another USB stick. The file is still safe on this computer: copy it again."),
    ),
    RefusalText(
        "no_unit_above",
        N_("%(where)s has no unit above it, so there is nobody to hand in to."),
        N_("Use receipts and figures instead; files for units below are made there."),
    ),
    RefusalText(
        "place_gone",
        N_("%(where)s is no longer there, or cannot be used."),
        N_(
            "Plug the USB stick in again or choose another place, and do it once more. Nothing is "
            "lost: what was entered is on this computer."
        ),
    ),
    RefusalText(
        "receipt_none",
        N_("No receipt has come from the unit above yet."),
        N_("Hand in first. When the file with the receipt comes back, receive it and print then."),
    ),
    RefusalText(
        "series_incomplete",
        N_("It is not clear when the lessons are: a first day, a start or an end is missing."),
        N_("Give the first day and both times; an activity with sessions lends its own."),
    ),
    RefusalText(
        "backup_unreadable",
        N_("%(where)s is no backup of this program, or it is damaged."),
        N_("Choose another backup file; nothing was changed."),
    ),
    RefusalText(
        "backup_unverified",
        N_("The backup %(where)s could not be read back."),
        N_("Choose another disk and repeat."),
    ),
    RefusalText(
        "batch_relayed",
        N_("The unit above has acknowledged batch %(where)s; it can no longer be taken back."),
        N_("Return or correct its records instead."),
    ),
    RefusalText(
        "batch_state",
        N_("Batch %(where)s is %(state)s."),
        N_("Nothing has to be done; `batches` shows what state each one is in."),
    ),
    RefusalText(
        "batch_unknown",
        N_("There is no batch %(where)s."),
        N_("List the batches and give one of their numbers."),
    ),
    RefusalText(
        "capture_key_unknown",
        N_("“%(where)s” is no section of a capture file."),
        N_("Remove the key, or correct its spelling."),
    ),
    RefusalText(
        "capture_malformed",
        N_("The capture file cannot be read: %(detail)s %(where)s"),
        N_("Write plain UTF-8 JSON: no double keys, no decimals, sections as lists of objects."),
    ),
    RefusalText(
        "capture_refused",
        N_("%(count)s entries cannot be saved; nothing was changed."),
        N_("Correct the entries listed under issues or give reasons for warnings, then repeat."),
    ),
    RefusalText(
        "capture_source_missing",
        N_("The capture file does not say who issues its references."),
        N_('Add "source" with a name that stays the same for this origin.'),
    ),
    RefusalText(
        "capture_version",
        N_("Version %(found)s of the capture file is not known here."),
        N_('Write "v":1, or use a newer version of this program.'),
    ),
    RefusalText(
        "certify_out_of_reach",
        N_("This computer may not enrol devices of %(where)s."),
        N_("Let the unit directly above that unit do it."),
    ),
    RefusalText(
        "change_undone",
        N_("Change %(where)s was undone before."),
        N_("List the history of the record to see what holds now."),
    ),
    RefusalText(
        "change_unknown",
        N_("There is no change %(where)s to undo."),
        N_("Name a change made on this computer."),
    ),
    RefusalText(
        "changed_since",
        N_("%(where)s was changed after this; undoing would overwrite that."),
        N_("Look at the record's history and edit the field instead."),
    ),
    RefusalText(
        "conflict_unknown",
        N_("There is no open conflict at %(where)s."),
        N_("List the conflicts; it may have been closed already."),
    ),
    RefusalText(
        "consent_by_guardian",
        N_("This learner is under %(age)s: the guardian consents."),
        N_("Let the guardian sign, and choose the guardian as the one who consents."),
    ),
    RefusalText(
        "consent_choice",
        N_("A consent cannot have “%(where)s” here."),
        N_("Use one of: %(known)s"),
    ),
    RefusalText(
        "database_damaged",
        N_("The database %(where)s is damaged."),
        N_("Keep the file as it is and restore the newest backup."),
    ),
    RefusalText(
        "database_foreign",
        N_("The database %(where)s belongs to another program."),
        N_("Choose another data folder with --data."),
    ),
    RefusalText(
        "database_newer",
        N_("The database %(where)s was written by a newer version of this program."),
        N_(
            "Nothing was changed. Start the newer program, or install it again. To stay with this "
            "older one, restore the copy made before the update with “learnsite restore %(backup)s "
            "--replace”; what was entered since then is not in it."
        ),
    ),
    RefusalText(
        "database_unopenable",
        N_("The database %(where)s cannot be opened."),
        N_("Check that the folder exists and that you may write to it."),
    ),
    RefusalText(
        "device_unknown",
        N_("There is no device %(where)s."),
        N_("List the devices and give the id of one of them."),
    ),
    RefusalText(
        "disk_error",
        N_("The disk of %(where)s reports an error."),
        N_("Save a backup to another disk and have this disk checked."),
    ),
    RefusalText(
        "disk_readonly",
        N_("%(where)s cannot be written to."),
        N_("Remove the write protection, or ask for the right to write there."),
    ),
    RefusalText(
        "document_forbidden",
        N_("The bundle brings a document (%(where)s) from someone who may not issue it."),
        N_("Ask the unit above for a new bundle."),
    ),
    RefusalText(
        "field_immutable",
        N_("%(where)s cannot be changed after the record was made."),
        N_("Delete the record with a reason and enter a new one."),
    ),
    RefusalText(
        "field_unknown",
        N_("A %(kind)s has no field “%(where)s”."),
        N_("Use one of the fields shown by “show”."),
    ),
    RefusalText(
        "keys_missing",
        N_("The key file %(where)s is missing or unreadable."),
        N_("Restore it from this computer's backup; without it nothing can be signed or read."),
    ),
    RefusalText(
        "kind_unknown",
        N_("There is no kind of record “%(where)s”."),
        N_("Use one of: %(known)s"),
    ),
    RefusalText(
        "line_malformed",
        N_("An operation is not well formed: %(detail)s"),
        N_("Ask the sender to pack the bundle again."),
    ),
    RefusalText(
        "line_not_canonical",
        N_("An operation is not written in its one canonical form. %(where)s"),
        N_("Ask the sender to pack the bundle again."),
    ),
    RefusalText(
        "line_too_long",
        N_("A save is too large for one operation. %(where)s"),
        N_("Shorten the texts of the record, or divide it."),
    ),
    RefusalText(
        "link_learners",
        N_("Only two different learner records can be linked."),
        N_("Give the ids of two learners."),
    ),
    RefusalText(
        "not_one_person",
        N_("These two records do not count as one person, so there is nothing to take apart."),
        N_(
            "`learner list` shows who is one person with whom; that these two are not, say with "
            "`distinct`."
        ),
    ),
    RefusalText(
        "opening_unreadable",
        N_("%(where)s is no opening file, or it was cut or altered on the way."),
        N_("Ask the unit above for the file again."),
    ),
    RefusalText(
        "operator_unknown",
        N_("“%(where)s” is no operator."),
        N_("Name an operator of this unit by record id, or by a ref of the same source."),
    ),
    RefusalText(
        "pack_no_route",
        N_("%(where)s is neither above nor below this unit, nor this unit itself."),
        N_("Pack for the unit above (%(route)s), a unit below, or your own other computer."),
    ),
    RefusalText(
        "not_a_learner",
        N_("%(where)s is no learner."),
        N_("Choose a learner, for instance with “learner search”."),
    ),
    RefusalText(
        "policy_from_above",
        N_("A unit above has set %(where)s to %(value)s."),
        N_("Ask that unit to change it; what it sets holds here."),
    ),
    RefusalText(
        "policy_unknown",
        N_("%(where)s is no policy of this program."),
        N_("Use KEY=VALUE with one of: %(known)s"),
    ),
    RefusalText(
        "policy_value",
        N_("%(where)s is not a value this policy can have."),
        N_("Use on or off for switches, a whole number for amounts."),
    ),
    RefusalText(
        "private_unreadable",
        N_("A private value cannot be opened with this computer's key."),
        N_("Restore the key file that belongs to this database."),
    ),
    RefusalText(
        "reason_missing",
        N_("A written reason is needed. %(where)s"),
        N_("Repeat with --why and a short reason."),
    ),
    RefusalText(
        "reason_unknown",
        N_("“%(where)s” is no reason code for returning."),
        N_("Use one of R01 to R08, or R99 for another reason."),
    ),
    RefusalText(
        "received_not_deletable",
        N_("The unit above has acknowledged this; it can no longer be deleted."),
        N_(
            "Correct it instead: set a session to cancelled, let a learner leave the class, or "
            "change what is wrong."
        ),
    ),
    RefusalText(
        "receiver_unknown",
        N_("No computer of %(where)s is known and enrolled here yet."),
        N_("Receive its first bundle, or ask the unit above for its certificates."),
    ),
    RefusalText(
        "record_deleted",
        N_("%(where)s was deleted."),
        N_("Undo the deletion first."),
    ),
    RefusalText(
        "record_unknown",
        N_("There is no record “%(where)s”."),
        N_("Give a record id or kind:ref as shown by “list”."),
    ),
    RefusalText(
        "report_suffix",
        N_("%(where)s does not end in %(known)s."),
        N_("Give the file a name that ends so: it says what kind of file is written."),
    ),
    RefusalText(
        "return_not_below",
        N_("%(where)s belongs to this unit itself."),
        N_("Edit the record; only records of units below can be returned."),
    ),
    RefusalText(
        "reveal_reason_missing",
        N_("Private values are shown for a reason only."),
        N_("Write what they are needed for; it is noted with your name."),
    ),
    RefusalText(
        "sender_mismatch",
        N_("The bundle says it comes from %(where)s; signature or kind do not fit that."),
        N_("Ask the sender to pack it again."),
    ),
    RefusalText(
        "session_there",
        N_("This activity already has a session on %(where)s."),
        N_("Open that session in the list; nothing was added."),
    ),
    RefusalText(
        "sheet_code_wrong",
        N_("“%(where)s” is not the code of a sheet: a character is wrong or missing."),
        N_("Type the 8 characters under the square code again; there is no 0, O, 1, I or L."),
    ),
    RefusalText(
        "sheet_session",
        N_("%(where)s is no session."),
        N_("Choose the session whose sheet is to be printed."),
    ),
    RefusalText(
        "sheet_unknown",
        N_("No sheet with the code %(where)s is known on this computer."),
        N_(
            "Receive the file of the computer that printed it, or open the session by its date and "
            "title."
        ),
    ),
    RefusalText(
        "sheets_none",
        N_("There is no session to print a sheet for."),
        N_("Plan the session first, or choose another period or unit."),
    ),
    RefusalText(
        "stream_refused",
        N_("Some lines of the stream were refused; the others are saved."),
        N_("Correct the lines whose answer says so, and send only those again."),
    ),
    RefusalText(
        "text_missing",
        N_("A return needs a text that says what to do."),
        N_("Write one sentence for the clerk."),
    ),
    RefusalText(
        "tier_mismatch",
        N_("The region tree says that %(where)s is a %(tier)s."),
        N_("Give the tier that the tree says, or another tree with --regions."),
    ),
    RefusalText(
        "unit_not_below",
        N_("%(where)s does not lie below this unit."),
        N_("Give a unit of your own subtree."),
    ),
    RefusalText(
        "value_refused",
        N_("This value cannot stand in %(where)s: %(detail)s"),
        N_("Give a value that could be entered; a group of fields as an object with all of them."),
    ),
    RefusalText(
        "value_unknown",
        N_("%(where)s is not one of the values in conflict."),
        N_("Give the hash of one of the operations listed, or a new value."),
    ),
)
