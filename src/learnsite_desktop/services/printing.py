"""How pages get onto paper: the port that `paint` fills, and writing what it returns."""

from pathlib import Path
from typing import Final, Protocol

from learnsite_desktop.domain.printout import Printable
from learnsite_desktop.platform.durable import make_folder

SUFFIX: Final = ".pdf"


class Printer(Protocol):
    """Whoever draws pages: `paint` for those who may load Qt."""

    def __call__(self, *printables: Printable) -> bytes:
        """Return the printables, one after the other, as a PDF file."""


def write_pages(path: Path, printer: Printer, *printables: Printable) -> None:
    """Write the PDF whole or not at all; a file of that name is replaced."""
    make_folder(path.parent)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(printer(*printables))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
