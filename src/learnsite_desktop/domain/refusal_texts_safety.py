"""Words of refusals: damage, photos, backups, moves, trials; message ids (`domain.refusals`)."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

SAFETY_TEXTS: Final = (
    RefusalText(
        "backup_other_unit",
        N_("%(where)s is a backup of %(unit)s, not of the unit that works here."),
        N_("Choose a backup of this unit, or restore it into an empty folder."),
    ),
    RefusalText(
        "database_gone",
        N_("The database in %(where)s is gone; the keys of this computer are still there."),
        N_(
            "Restore the newest backup: “learnsite restore %(backup)s”. Found and open nothing new "
            "here: what was entered could not be read any more."
        ),
    ),
    RefusalText(
        "database_gone_unsaved",
        N_("The database in %(where)s is gone; the keys of this computer are still there."),
        N_(
            "Look for learnsite.db in the recycle bin, or restore a backup from the stick. Only if "
            "there is none, move keys.json elsewhere, keep it, and begin anew."
        ),
    ),
    RefusalText(
        "keys_other",
        N_("The database copy %(backup)s was not written with the keys %(where)s."),
        N_("Restore a backup file (.lsk): it holds the keys that belong to it."),
    ),
    RefusalText(
        "move_inside",
        N_("%(where)s lies inside the data folder."),
        N_("Choose a USB stick or another folder to carry it to the new computer."),
    ),
    RefusalText(
        "not_a_trial",
        N_("%(where)s holds real records, not a trial village; it is not thrown away."),
        N_("Look at the name of the folder; nothing was removed."),
    ),
    RefusalText(
        "operator_name_taken",
        N_("An operator named %(where)s is already in the list."),
        N_("Choose that name, or add something that tells the two people apart."),
    ),
    RefusalText(
        "photo_damaged",
        N_("The photo %(where)s is not complete or is damaged."),
        N_("Copy it from the phone again, then add it once more."),
    ),
    RefusalText(
        "photo_empty",
        N_("The photo %(where)s is empty (0 bytes)."),
        N_("Copy it from the phone again, then add it once more."),
    ),
    RefusalText(
        "photo_heic",
        N_("The photo %(where)s is in the phone's HEIC format, which cannot be read here."),
        N_(
            "On the phone choose “JPEG” or “most compatible” in the camera settings, or send it "
            "by chat and save it from there; then add the JPEG."
        ),
    ),
    RefusalText(
        "photo_kind",
        N_("%(where)s is not a photo that can be kept."),
        N_("Add photos saved as JPEG, PNG, BMP or WebP."),
    ),
    RefusalText(
        "photo_lying",
        N_("The name %(where)s says %(said)s, but the content is %(found)s."),
        N_("Open it in a picture program, save it as JPEG and add that file."),
    ),
    RefusalText(
        "photo_moving",
        N_("%(where)s is an animated picture."),
        N_("Add a still photo saved as JPEG or PNG."),
    ),
    RefusalText(
        "photo_too_large",
        N_("The photo %(where)s is too large: at most 60 MB and 40 million pixels."),
        N_("Save it smaller in a picture program, then add it again."),
    ),
    RefusalText(
        "photo_unreadable",
        N_("The photo %(where)s could not be read safely."),
        N_("Open it in a picture program, save it as JPEG and add that file."),
    ),
    RefusalText(
        "trial_not_real",
        N_("This is the trial village: everything in it is invented and cannot be handed in."),
        N_("End the trial, then open the opening file (.lso) that the township gave you."),
    ),
    RefusalText(
        "workspace_moved",
        N_("This computer's records moved to another computer on %(at)s; nothing is written here."),
        N_(
            "Work on the new computer. If the move did not happen, choose to go on working here "
            "(learnsite move --stay)."
        ),
    ),
    RefusalText(
        "private_damaged",
        N_("A private value is damaged in the database; the keys are the right ones."),
        N_(
            "Let “learnsite check --deep” run and restore the newest backup; then receive again "
            "the files that came since."
        ),
    ),
    RefusalText(
        "stored_damaged",
        N_("A document kept on this computer is damaged."),
        N_(
            "Let “learnsite check --deep” run and restore the newest backup; then receive again "
            "the files that came since."
        ),
    ),
)
