"""What stands on a printed page, apart from how it is drawn. Texts are in the reader's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a printout."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``widths`` are the columns' shares in percent, every row has as many cells.

    The head row stands again on every page that the table reaches.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Printout:
    """A document on A4 pages, upright or (``landscape``) lying, its text ``points`` high.

    ``facts`` (label, value) stand at the top beside a QR code of ``code`` with ``caption`` under
    it, none if ``code`` is blank; ``signs`` are labels of lines to be filled in by hand at the end;
    ``footer`` stands on every page before the page number; ``at`` (ISO with offset) is noted as the
    time of making, so that the same content gives the same file.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    code: str
    caption: str
    blocks: tuple[Block, ...]
    signs: tuple[str, ...]
    footer: str
    at: str
    landscape: bool = False
    points: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """One upright A4 page of a sign-in sheet: a grid to write in.

    ``facts`` (label with its colon, value) stand at the top, two in a line, beside a QR code of
    ``code`` with ``caption`` under it (none if blank); a fact without value has a line to write on.
    ``notice`` is what one agrees to by signing; ``widths`` are the columns' shares in percent;
    every row of ``rows`` has as many cells, ``blank`` empty rows follow. ``signs`` are labels with
    room to write in the last line; ``footer`` and ``number`` (of the page) stand small at the
    very bottom.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    code: str
    caption: str
    notice: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    blank: int
    signs: tuple[str, ...]
    footer: str
    number: str
    at: str


@dataclass(frozen=True, slots=True)
class CodePicture:
    """A QR code to be photographed: rows of one byte a module, quiet zone included, 1 for dark."""

    matrix: tuple[bytes, ...]
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSheet:
    """One upright A4 page with one or two large QR codes, the ``caption`` of each beside it.

    ``lines`` stand under the title; ``code`` names the content, so that the same gives the same
    file; ``footer`` and ``number`` (of the page) stand small at the very bottom.
    """

    title: str
    lines: tuple[str, ...]
    pictures: tuple[CodePicture, ...]
    code: str
    footer: str
    number: str
    at: str


Printable = Printout | SignInPage | CodeSheet
