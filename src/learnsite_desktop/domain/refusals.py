"""Refusals: what the program will not do, said with a code, a place and a remedy.

A refusal is an expected answer, never a crash: nothing was changed. Its text lives here as English
message ids with `%(name)s` places, so that command line and window show the same words in the
language of the user.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from learnsite_desktop.domain.refusal_texts_board import BOARD_TEXTS
from learnsite_desktop.domain.refusal_texts_desks import DESK_TEXTS
from learnsite_desktop.domain.refusal_texts_disputes import DISPUTE_TEXTS
from learnsite_desktop.domain.refusal_texts_down import DOWN_TEXTS
from learnsite_desktop.domain.refusal_texts_receipts import RECEIPT_TEXTS
from learnsite_desktop.domain.refusal_texts_register import REGISTER_TEXTS
from learnsite_desktop.domain.refusal_texts_reports import REPORT_TEXTS
from learnsite_desktop.domain.refusal_texts_review import REVIEW_TEXTS
from learnsite_desktop.domain.refusal_texts_safety import SAFETY_TEXTS
from learnsite_desktop.domain.refusal_texts_supervision import SUPERVISION_TEXTS
from learnsite_desktop.domain.refusal_texts_tables import TABLE_TEXTS
from learnsite_desktop.domain.refusal_texts_transport import TRANSPORT_TEXTS
from learnsite_desktop.domain.refusal_texts_trust import TRUST_TEXTS
from learnsite_desktop.domain.refusal_texts_units import UNIT_TEXTS
from learnsite_desktop.domain.refusal_texts_updates import UPDATE_TEXTS
from learnsite_desktop.domain.refusal_texts_work import WORK_TEXTS
from learnsite_desktop.domain.wording import N_, RefusalText

_TEXTS: Final = (
    RefusalText(
        "author_unknown",
        N_("%(where)s: who signed this is not known here, and the bundle does not say."),
        N_("Ask the sender to pack again; their program adds the missing certificate."),
    ),
    RefusalText(
        "bundle_damaged",
        N_("The bundle is damaged: something in it was changed after it was written."),
        N_(
            "Copy it again from the sender, if possible by another USB stick; nothing was "
            "taken from this file."
        ),
    ),
    RefusalText(
        "bundle_empty",
        N_("The file is empty."),
        N_("The copy did not finish. Copy the bundle again and eject the stick safely."),
    ),
    RefusalText(
        "bundle_too_large",
        N_("The bundle is larger than allowed (%(where)s, limit %(limit)s)."),
        N_("Ask the sender to pack again after a receipt, or to send the periods one by one."),
    ),
    RefusalText(
        "bundle_truncated",
        N_("The end of the bundle is missing."),
        N_("The copy did not finish. Copy the bundle again and eject the stick safely."),
    ),
    RefusalText(
        "bundle_unreadable",
        N_("The bundle cannot be read: %(where)s"),
        N_("Check that the USB stick or folder is still connected, then try again."),
    ),
    RefusalText(
        "cancelled",
        N_("The work was cancelled; nothing was changed."),
        N_("Start it again when you are ready."),
    ),
    RefusalText(
        "chain_broken",
        N_("The bundle leaves out or alters operations (%(where)s, %(detail)s)."),
        N_("Ask the sender to pack again; if it happens again, report it to the unit above."),
    ),
    RefusalText(
        "codes_repeated",
        N_("%(where)s stands twice in the code table."),
        N_("Remove one of the two rows."),
    ),
    RefusalText(
        "codes_row_incomplete",
        N_("%(where)s of the code table has no %(column)s."),
        N_("Fill in list, code, zh and en in every row."),
    ),
    RefusalText(
        "data_folder_network",
        N_("The data folder %(where)s lies on a network drive."),
        N_(
            "Keep the data on this computer's own disk and exchange bundle files through the "
            "shared folder: choose another folder with --data."
        ),
    ),
    RefusalText(
        "data_folder_removable",
        N_("The data folder %(where)s lies on a removable drive."),
        N_(
            "Keep the data on this computer's own disk and carry only bundle files on the USB "
            "stick: choose another folder with --data."
        ),
    ),
    RefusalText(
        "demo_folder_used",
        N_("The folder %(where)s is not empty."),
        N_("Name a new folder for the demo; it never writes among other files."),
    ),
    RefusalText(
        "demo_step_refused",
        N_("The demo stopped at “%(where)s”: %(reason)s %(text)s"),
        N_("Delete the demo's folder and start it again; if it stops again, please report it."),
    ),
    RefusalText(
        "disk_full",
        N_("There is no room left on the disk of %(where)s."),
        N_("Free some space on this disk, then repeat the command; nothing was lost."),
    ),
    RefusalText(
        "document_older",
        N_("This %(where)s document has version %(version)s, version %(held)s is in use already."),
        N_("Nothing to do: the newer one stays in use. Ask the sender for their latest bundle."),
    ),
    RefusalText(
        "end_missing",
        N_("The bundle stops before its end mark (%(where)s)."),
        N_("Ask the sender to pack again; nothing was taken from this file."),
    ),
    RefusalText(
        "figure_cell_unknown",
        N_("%(id)s has no cell %(where)s."),
        N_("Name “all”, or DIM:code with one of these dimensions: %(known)s."),
    ),
    RefusalText(
        "figures_option_unknown",
        N_("%(option)s cannot be %(where)s."),
        N_("Choose one of: %(known)s."),
    ),
    RefusalText(
        "file_exists",
        N_("%(where)s exists already."),
        N_("Choose another name or folder."),
    ),
    RefusalText(
        "file_missing",
        N_("The file %(where)s was not found."),
        N_("Check the name, and that the USB stick or folder is still connected."),
    ),
    RefusalText(
        "file_not_permitted",
        N_("The file or folder %(where)s may not be read or written by this user."),
        N_("Choose another folder or ask whoever set up this computer for access."),
    ),
    RefusalText(
        "font_missing",
        N_("No Chinese font is installed on this computer; a page cannot be drawn without one."),
        N_(
            "Install one, on Linux for instance the package fonts-wqy-microhei, then repeat the "
            "command; without --pdf the receipt needs none."
        ),
    ),
    RefusalText(
        "frame_order",
        N_("The parts of the bundle are out of order (%(where)s, after %(after)s)."),
        N_("Ask the sender to pack again with the current version of the program."),
    ),
    RefusalText(
        "frame_too_large",
        N_("A part of the bundle is larger than allowed (%(where)s, limit %(limit)s bytes)."),
        N_("Ask the sender to pack again with the current version of the program."),
    ),
    RefusalText(
        "frame_unknown",
        N_("The bundle has a part that this version does not know (%(where)s)."),
        N_("Install the newer version of the program, then receive the bundle again."),
    ),
    RefusalText(
        "hash_mismatch",
        N_("The content of the bundle is not what its end mark says (%(where)s)."),
        N_("Ask the sender to pack again; nothing was taken from this file."),
    ),
    RefusalText(
        "indicator_unknown",
        N_("There is no indicator %(where)s."),
        N_("Choose one of: %(known)s."),
    ),
    RefusalText(
        "newer_format",
        N_("The bundle was written for a newer version of the program."),
        N_("Install the newer version of the program, then receive the bundle again."),
    ),
    RefusalText(
        "not_a_bundle",
        N_("The file is not a bundle of this program."),
        N_(
            "Choose the file that the other unit packed; its name usually ends in .lsb. Photos of "
            "numbered pictures are received with --pictures, in the window with Ctrl+Shift+O."
        ),
    ),
    RefusalText(
        "part_malformed",
        N_("A part of the bundle is not written as it must be (%(where)s, %(detail)s)."),
        N_("Ask the sender to pack again with the current version of the program."),
    ),
    RefusalText(
        "part_signature",
        N_("A signature in the bundle is wrong (%(where)s)."),
        N_(
            "Do not use this file. Ask the sender to pack again; if it happens again, report "
            "it to the unit above."
        ),
    ),
    RefusalText(
        "part_too_large",
        N_("A part of the bundle is larger than allowed (%(where)s, limit %(limit)s bytes)."),
        N_("Ask the sender to pack again with the current version of the program."),
    ),
    RefusalText(
        "period_invalid",
        N_("“%(where)s” is not a period."),
        N_("Write 2026-03, 2026-Q1, 2026-H1, 2026 or 2025-2026."),
    ),
    RefusalText(
        "regions_code_invalid",
        N_("%(where)s: “%(unit)s” is not a code of 12 digits."),
        N_("Correct the code; format the column as text if it comes from a spreadsheet."),
    ),
    RefusalText(
        "regions_code_repeated",
        N_("%(where)s: the unit %(unit)s stands twice."),
        N_("Remove one of the two rows."),
    ),
    RefusalText(
        "regions_date_invalid",
        N_("%(where)s: “%(date)s” is not a date."),
        N_("Write dates as 2026-03-05."),
    ),
    RefusalText(
        "regions_empty",
        N_("The region table holds no units."),
        N_("Choose a file with at least the unit itself."),
    ),
    RefusalText(
        "regions_level_invalid",
        N_("%(where)s: “%(level)s” is not a level."),
        N_("Write 1 for a province, 2 city, 3 county, 4 township, 5 village."),
    ),
    RefusalText(
        "regions_name_missing",
        N_("%(where)s has no %(column)s."),
        N_("Fill in name and kind in every row."),
    ),
    RefusalText(
        "regions_not_shipped",
        N_("No region tree for %(where)s comes with the program."),
        N_("Name a CSV file of your region with --regions."),
    ),
    RefusalText(
        "regions_parent_not_above",
        N_("%(where)s: the parent %(parent)s is not of a higher level."),
        N_("Correct the parent or the level."),
    ),
    RefusalText(
        "regions_parent_unknown",
        N_("%(where)s: the parent %(parent)s is not in the table."),
        N_("Add the row of the parent, or leave the parent blank at the top."),
    ),
    RefusalText(
        "sender_signature",
        N_("The bundle was not signed by the unit that it names as its sender (%(where)s)."),
        N_(
            "Do not use this file. Ask the sender to pack again; if it happens again, report "
            "it to the unit above."
        ),
    ),
    RefusalText(
        "table_columns_missing",
        N_("%(where)s lacks the columns %(columns)s."),
        N_("Put these headings into the first line."),
    ),
    RefusalText(
        "table_unreadable",
        N_("%(where)s cannot be read as a table."),
        N_("Save it as CSV in UTF-8 and try again."),
    ),
    RefusalText(
        "unit_unknown",
        N_("The unit %(where)s is not in the region tree."),
        N_("Check the code, or import a region table that holds it."),
    ),
    RefusalText(
        "window_too_large",
        N_("Reading the bundle would need too much memory (%(where)s, limit %(limit)s bytes)."),
        N_("Ask the sender to pack again with the current version of the program."),
    ),
    RefusalText(
        "workspace_busy",
        N_("Another window or command is writing to %(where)s at this moment."),
        N_(
            "Wait until it has finished or close it, then try again; reading is possible meanwhile."
        ),
    ),
    RefusalText(
        "workspace_exists",
        N_("There is a workspace in %(where)s already."),
        N_("Choose an empty folder with --data; an existing workspace is never overwritten."),
    ),
    RefusalText(
        "workspace_missing",
        N_("There is no workspace in %(where)s."),
        N_("Found one with init, open an opening file from the unit above, or name its --data."),
    ),
    RefusalText(
        "wrong_receiver",
        N_("The bundle is not addressed to this unit, or its address is damaged."),
        N_("Hand it to the unit it was packed for, or ask the sender to pack one for this unit."),
    ),
)

REFUSALS: Final[Mapping[str, RefusalText]] = MappingProxyType(
    {
        text.code: text
        for texts in (
            _TEXTS,
            WORK_TEXTS,
            REPORT_TEXTS,
            TABLE_TEXTS,
            SAFETY_TEXTS,
            DESK_TEXTS,
            BOARD_TEXTS,
            DISPUTE_TEXTS,
            DOWN_TEXTS,
            RECEIPT_TEXTS,
            REGISTER_TEXTS,
            REVIEW_TEXTS,
            TRANSPORT_TEXTS,
            TRUST_TEXTS,
            UNIT_TEXTS,
            UPDATE_TEXTS,
            SUPERVISION_TEXTS,
        )
        for text in texts
    }
)


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


class Refusal(Exception):
    """An expected refusal; whoever raises it has changed nothing.

    `where` is a path, a record or a place in a file, "" when there is none; `params` fill the
    places of the text. A code that is not in `REFUSALS` raises KeyError: a mistake of ours.
    """

    def __init__(self, code: str, /, where: str = "", **params: object) -> None:
        self.text = REFUSALS[code]
        self.code = code
        self.where = where
        self.params: dict[str, object] = {"where": where, **params}
        super().__init__(code, where)

    def __str__(self) -> str:
        """Return the message in English."""
        return self.text.message % _Params(self.params)


class Cancelled(Refusal):
    """The person stopped the work; raised by a progress callable, nothing is committed."""

    def __init__(self) -> None:
        super().__init__("cancelled")
