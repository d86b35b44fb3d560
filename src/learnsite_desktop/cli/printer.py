"""The port to drawing: loads Qt only when a page is drawn."""

from learnsite_desktop.services.printing import Printer


def pdf_printer() -> Printer:
    """Return what draws pages, before anything is changed. Refuses `font_missing`."""
    # Qt takes longer to load than most commands to run.
    from learnsite_desktop.paint.booklet import PdfPrinter  # noqa: PLC0415

    return PdfPrinter()
