"""The colours of charts, chosen to stay apart in gray and for the colour-blind; no Qt here.

Series differ by brightness and by pattern, lines by dashes and by the shape of their points.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Hatch(Enum):
    """What is drawn over a fill."""

    NONE = auto()
    RISING = auto()
    FLAT = auto()
    FALLING = auto()
    UPRIGHT = auto()
    CROSSED = auto()


HATCHES: Final = tuple(Hatch)
"""The patterns of the series in their order; a seventh series begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Colours as #rrggbb. `fills` are those of series, `tiles` the steps of tiles, pale to strong.

    `edge` stands 3:1 against `back`, and is the outline of every mark and the ink of patterns.
    """

    text: str
    muted: str
    grid: str
    edge: str
    back: str
    focus: str
    fills: tuple[str, ...]
    tiles: tuple[str, ...]


DAY_FILLS: Final = ("#1757c2", "#f2b357", "#3aa08c", "#d9dee5", "#7a3d8f", "#c9e29b")
NIGHT_FILLS: Final = ("#8dbbff", "#9a6414", "#5fd0b8", "#4a5563", "#d7a6ea", "#5d7a2b")
DAY_TILES: Final = ("#f1f6fd", "#c9def8", "#8db8ee", "#3f7fd1", "#123f85")
NIGHT_TILES: Final = ("#26303c", "#2b456b", "#3d68a6", "#6d9fe6", "#c4dcff")

PAPER: Final = Colours(
    text="#1b2430",
    muted="#5b6675",
    grid="#dfe4ea",
    edge="#3c4653",
    back="#ffffff",
    focus="#1b2430",
    fills=DAY_FILLS,
    tiles=DAY_TILES,
)
"""The colours of files and paper."""


def tile(colours: Colours, step: int, steps: int) -> str:
    """Return the colour of step number `step` of `steps`; they are spread over all there are."""
    last = len(colours.tiles) - 1
    return colours.tiles[round(step * last / max(1, steps - 1)) if steps > 1 else last // 2]


def luminance(colour: str) -> float:
    """Return how bright #rrggbb is, 0 to 1, as contrast is reckoned."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, colour))
