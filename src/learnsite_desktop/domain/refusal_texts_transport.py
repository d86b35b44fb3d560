"""Refusals of carrying files: folders, sticks, downloads, numbered pictures."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

TRANSPORT_TEXTS: Final = (
    RefusalText(
        "drive_unknown",
        N_("There is no drive %(where)s; plugged in now: %(known)s."),
        N_("Plug the USB stick in, wait until it appears, and name it as learnsite drives does."),
    ),
    RefusalText(
        "file_changed",
        N_("The file %(where)s changed while it was being read."),
        N_("Wait until it is completely copied, then try again."),
    ),
    RefusalText(
        "file_unfinished",
        N_("The file %(where)s may still be on its way here."),
        N_("Wait until the download or copy has finished, then look again."),
    ),
    RefusalText(
        "files_not_named",
        N_("It was not said which files to receive."),
        N_("Name files, or a folder with --from."),
    ),
    RefusalText(
        "pictures_missing",
        N_("Of %(total)s pictures %(held)s were read; still missing: %(missing)s."),
        N_("Take photos of the missing pictures, put them into the folder, then receive again."),
    ),
    RefusalText(
        "pictures_too_large",
        N_("The file has %(size)s KB; pictures carry at most %(limit)s KB."),
        N_("Hand the file over by USB stick, chat or a shared folder."),
    ),
    RefusalText(
        "pictures_wrong",
        N_("The pictures of %(where)s do not make the file that they name."),
        N_("Take photos of all its pictures once more; nothing was taken from these."),
    ),
    RefusalText(
        "place_too_long",
        N_("The path of %(where)s is too long for this computer."),
        N_("Choose a folder nearer to the top of the drive, or with shorter names."),
    ),
    RefusalText(
        "send_place_unclear",
        N_("It was not said where the file goes, or two places were named."),
        N_("Name either a stick with --drive or a folder with --folder."),
    ),
    RefusalText(
        "send_what_unclear",
        N_("It was not said what to send, or two things were named."),
        N_("Name either a file of the outbox, or with --to the unit to pack for."),
    ),
    RefusalText(
        "zip_damaged",
        N_("The ZIP file %(where)s is damaged."),
        N_("Copy it again, or ask the sender to send the .lsb file as it is."),
    ),
    RefusalText(
        "zip_locked",
        N_("The ZIP file %(where)s has a password."),
        N_("Unpack it with a program for archives, then receive the .lsb file."),
    ),
    RefusalText(
        "opening_not_bundle",
        N_("%(where)s is an opening file, not a bundle."),
        N_("It makes a new computer ready: open it there, before anything is entered."),
    ),
    RefusalText(
        "backup_not_bundle",
        N_("%(where)s is a backup, not a bundle."),
        N_("Restore it under Backup; nothing of it is received."),
    ),
    RefusalText(
        "zip_nested",
        N_("The file in the ZIP file %(where)s is packed into another one."),
        N_("Unpack both with a program for archives, then receive the .lsb file."),
    ),
    RefusalText(
        "zip_several",
        N_("The ZIP file %(where)s holds more than one file."),
        N_("Unpack it with a program for archives, then receive the .lsb files."),
    ),
    RefusalText(
        "zip_too_large",
        N_("The ZIP file %(where)s unpacks to more than a bundle may hold."),
        N_("Do not unpack it. Ask the sender to send the .lsb file as it is."),
    ),
)
