"""The columns of tables that go down, in the words of those who fill them in."""

from collections.abc import Mapping
from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _

COLUMN_WORDS: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "text": N_("Text"),
    "from": N_("first day"),
    "to": N_("last day"),
    "list": N_("Code list"),
    "code": N_("Local code"),
    "parent": N_("Belongs to"),
    "zh": N_("Name"),
    "en": N_("English name"),
    "closed": N_("Closed on"),
    "note": N_("Note"),
    "indicator": N_("Indicator"),
    "unit": N_("Unit"),
    "year": N_("Year"),
    "value": N_("Value"),
    "source": N_("Source"),
    "tier": N_("Tier"),
    "class": N_("Kind of unit"),
    "period": N_("Period"),
    "sense": N_("At least or at most"),
}
"""The word of each column; a table may have these or the names themselves as headings."""


def heading_of(name: str) -> str:
    """Return the heading of a column, its own name where it has no word."""
    return _(COLUMN_WORDS[name]) if name in COLUMN_WORDS else name


def column_of(heading: str) -> str:
    """Return the column that a heading names: by its own name, or by its word in any language."""
    text = heading.strip()
    if text in COLUMN_WORDS:
        return text
    named = {word: name for name, word in COLUMN_WORDS.items()}
    return {**named, **{_(word): name for word, name in named.items()}}.get(text, text)
