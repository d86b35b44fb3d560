"""Words of the refusals about requests for originals: message ids, see `domain.refusals`."""

from typing import Final

from learnsite_desktop.domain.wording import N_, RefusalText

RECEIPT_TEXTS: Final = (
    RefusalText(
        "photo_request_empty",
        N_("There is no photo of a unit below in %(where)s."),
        N_("Receive the files of the units below first, or give another period or record."),
    ),
    RefusalText(
        "photo_request_not_below",
        N_("These are photos of %(where)s itself; originals are asked of units below."),
        N_("Look on the computer where the photo was added; a backup of it holds the original."),
    ),
)
