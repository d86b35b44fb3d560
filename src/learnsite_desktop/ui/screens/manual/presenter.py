"""The pages of the help: Markdown files of `resources/help/`, one per screen and language."""

from dataclasses import dataclass
from typing import Final

from learnsite_desktop.platform.i18n import language
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.ui.navigation import ENTRIES

FIRST: Final = ("first_run",)
LAST: Final = ("drills", "keys")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the screen's name, its title, its Markdown without the title's line."""

    name: str
    title: str
    text: str


def names() -> list[str]:
    """Return the names of all pages in order: beginning, every screen, the keys."""
    return [*FIRST, *(entry.name for entry in ENTRIES), *LAST]


def pages() -> list[Page]:
    """Return all pages in the language in use."""
    return [page(name) for name in names()]


def page(name: str) -> Page:
    """Return a page in the language in use. FileNotFoundError if there is none."""
    text = resource("help", language(), f"{name}.md").read_text(encoding="utf-8")
    title, _, rest = text.partition("\n")
    return Page(name, title.removeprefix("# ").strip(), rest.strip())


def having(found: list[Page], sought: str) -> list[Page]:
    """Return the pages in which a text stands, whatever its case; all for ""."""
    want = sought.strip().casefold()
    return [one for one in found if want in one.title.casefold() or want in one.text.casefold()]
