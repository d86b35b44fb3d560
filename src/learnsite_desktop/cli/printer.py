"""The port to drawing: loads Qt only when a page is drawn."""

from typing import Any

from learnsite_desktop.services.printing import Printer


def pdf_printer() -> Printer:
    """Return what draws pages, before anything is changed. Refuses `font_missing`."""
    # Qt takes longer to load than most commands to run.
    from learnsite_desktop.paint.booklet import PdfPrinter  # noqa: PLC0415

    return PdfPrinter()


def screen_facts() -> dict[str, Any] | None:
    """Return what drawing knows of screen and fonts, None where it cannot be loaded."""
    try:
        from learnsite_desktop.paint.surroundings import facts  # noqa: PLC0415
    except ImportError:
        return None
    return facts()


def chinese_fonts() -> int | None:
    """Return how many fonts for Chinese there are, None where drawing cannot be loaded."""
    try:
        from learnsite_desktop.paint import surroundings  # noqa: PLC0415
    except ImportError:
        return None
    return surroundings.chinese_fonts()
