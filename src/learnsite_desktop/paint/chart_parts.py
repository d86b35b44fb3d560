"""What a laid-out chart consists of, and the letters that measure it. Lengths are in pixels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from learnsite_desktop.domain.charts import Mark

ELLIPSIS: Final = "…"
_PIECES: Final = re.compile(r"[!-~]+|\s|.", re.DOTALL)
_NOT_FIRST: Final = "，。；：、）】》”’％%…"


class Ink(Enum):
    """What a line or text is drawn with."""

    TEXT = auto()
    MUTED = auto()
    GRID = auto()
    EDGE = auto()
    TARGET = auto()


class Place(Enum):
    """Where text stands in its area."""

    LEFT = auto()
    MIDDLE = auto()
    RIGHT = auto()


@dataclass(frozen=True, slots=True)
class Writing:
    """A text inside the area it covers; `turned` text runs upward.

    `text` is what is shown, perhaps with an ellipsis, `full` all of it. `plate` puts the ground
    colour behind it, `on` is the step of the tile it stands on.
    """

    area: QRectF
    text: str
    full: str
    ink: Ink = Ink.TEXT
    place: Place = Place.MIDDLE
    bold: bool = False
    turned: bool = False
    plate: bool = False
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """A filled rectangle: of a series, or of a step of tiles; `fill` None is a missing value.

    `mark` is None in a legend.
    """

    area: QRectF
    fill: int | None
    mark: Mark | None
    tile: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; `series` gives it the dashes of that series."""

    points: tuple[QPointF, ...]
    ink: Ink
    series: int | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """The point of a line, in the shape of its series."""

    centre: QPointF
    radius: float
    series: int
    mark: Mark | None


@dataclass(slots=True)
class Picture:
    """A chart laid out: all it consists of, in the order of drawing, and where its marks are.

    `size` may be higher than was asked for. `marks` are the areas that belong to a mark, `columns`
    how many tiles stand side by side (0 where there are none), `lying` whether places go downward.
    """

    size: QSizeF
    font: QFont
    patches: list[Patch] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    writings: list[Writing] = field(default_factory=list)
    marks: dict[Mark, QRectF] = field(default_factory=dict)
    columns: int = 0
    lying: bool = False
    tile_steps: int = 0


def reachable(area: QRectF, least: float) -> QRectF:
    """Return the area, grown around its middle where it is too thin to be seen or hit."""
    across = max(0.0, least - area.width()) / 2
    down = max(0.0, least - area.height()) / 2
    return area.adjusted(-across, -down, across, down)


class Letters:
    """Measures text of one font. `line` is the height of a line, `gap` a small distance."""

    def __init__(self, font: QFont) -> None:
        """Measure without hinting, so that lengths hold at every resolution."""
        self.font = QFont(font)
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._metrics = QFontMetricsF(self.font)
        bold = QFont(self.font)
        bold.setBold(True)
        self._bold = QFontMetricsF(bold)
        self.line = self._metrics.height()
        self.gap = self.line * 0.3

    def width(self, text: str, *, bold: bool = False) -> float:
        """Return the width of one line of text, a hair more than it covers."""
        return (self._bold if bold else self._metrics).horizontalAdvance(text) + 1

    def widest(self, texts: Sequence[str]) -> float:
        """Return the width of the widest text, 0 for none."""
        return max(map(self.width, texts), default=0.0)

    def cut(self, text: str, width: float, *, bold: bool = False) -> str:
        """Return the text, or its beginning with an ellipsis where it is wider."""
        if self.width(text, bold=bold) <= width:
            return text
        short = text
        while short and self.width(short + ELLIPSIS, bold=bold) > width:
            short = short[:-1]
        return short + ELLIPSIS

    def wrapped(self, text: str, width: float, *, bold: bool = False) -> list[str]:
        """Return the lines of a text; words are broken only where they are wider than a line."""
        lines = [""]
        for piece in _PIECES.findall(text):
            if self.width(lines[-1] + piece, bold=bold) <= width or piece in _NOT_FIRST:
                lines[-1] += piece
            elif self.width(piece, bold=bold) <= width:
                lines.append(piece.lstrip())
            else:
                for char in piece:
                    if self.width(lines[-1] + char, bold=bold) > width and lines[-1]:
                        lines.append("")
                    lines[-1] += char
        return [line.rstrip() for line in lines if line.strip()]
