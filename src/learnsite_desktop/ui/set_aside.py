"""What is said of down documents that a received file had and this desk did not take."""

from collections.abc import Iterator
from typing import Final

from learnsite_desktop.services.receiving import Received
from learnsite_desktop.ui.feedback import refusal_text

_USUAL: Final = "document_older"
"""A table overtaken by a newer one: it happens with every file that was long on its way."""


def set_aside(received: Received) -> Iterator[str]:
    """Yield why documents were set aside and what to do about it, each reason once."""
    refusals = [one.refusal for one in received.documents.passed]
    yield from dict.fromkeys(refusal_text(one) for one in refusals if one.code != _USUAL)
