"""The mark for text that is shown to people.

Text is written in English where it is used and translated when it is shown (see
`platform.i18n`). `N_` does nothing at run time; it lets the catalogue tool find the text.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RefusalText:
    """Words of one refusal code: what happened and what to do next (message ids)."""

    code: str
    message: str
    remedy: str


def N_(message: str) -> str:
    """Return `message` unchanged, marked as a message id of the catalogue."""
    return message
