"""What stands beside the list, as plain blocks of text: no widget, no colour, only tones."""

from collections.abc import Callable
from dataclasses import dataclass

from learnsite_desktop.services.work_queue import WorkItem


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with a tone: "", muted, strong, or the name of a notice; its word says the same."""

    text: str
    tone: str = ""


Line = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and lines of cells. With `choosing`, columns from the second on are choices."""

    heading: str
    lines: tuple[Line, ...]
    choosing: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """Something to be done with the item: its key, the words on the button, the icon, the deed."""

    keys: str
    text: str
    icon: str
    deed: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """All about one item.

    `choices` counts the values of a conflict, `shown` is the place of the one that counts now;
    `masked` says that private values can be seen in full for a reason.
    """

    item: WorkItem
    title: str
    about: str
    blocks: tuple[Block, ...]
    keys: tuple[Key, ...]
    choices: tuple[str, ...] = ()
    shown: int = 0
    masked: bool = False


def line(*texts: str | Cell) -> Line:
    """Return a line of cells."""
    return tuple(one if isinstance(one, Cell) else Cell(one) for one in texts)


def block(heading: str, *lines: Line) -> Block:
    """Return a block of lines."""
    return Block(heading, lines)


Colour = Callable[[str], str]
"""Gives the colour of a tone."""


def as_html(page: Page, chosen: int, colour: Colour, chosen_back: str, edge: str) -> str:
    """Return a page as rich text; of the choices the column `chosen` stands on `chosen_back`."""
    parts = [
        f"<p style='margin:0'><b>{_safe(page.title)}</b></p>",
        f"<p style='margin:0 0 6px 0; color:{colour('muted')}'>{_safe(page.about)}</p>",
    ]
    for one in page.blocks:
        if one.heading:
            parts.append(f"<p style='margin:8px 0 2px 0'><b>{_safe(one.heading)}</b></p>")
        marked = chosen + 2 if one.choosing else -1
        rows = "".join(
            f"<tr>{_cells(cells, marked, colour, chosen_back, edge)}</tr>" for cells in one.lines
        )
        parts.append(f"<table width='100%' cellspacing='0' cellpadding='3'>{rows}</table>")
    return "".join(parts)


def _cells(cells: Line, marked: int, colour: Colour, back: str, edge: str) -> str:
    found = []
    for place, cell in enumerate(cells):
        text = _safe(cell.text).replace("\n", "<br>")
        if cell.tone == "strong":
            text = f"<b>{text}</b>"
        elif cell.tone:
            text = f"<span style='color:{colour(cell.tone)}'>{text}</span>"
        ground = f" bgcolor='{back}'" if place == marked else ""
        style = f"border-bottom:1px solid {edge}"
        found.append(f"<td valign='top'{ground} style='{style}'>{text}</td>")
    return "\n".join(found)


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
