"""The colours of the window, by what they mean: one set for light, one for dark."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

STATUSES: Final = ("draft", "final", "exported", "received", "returned", "approved")
"""Where a record stands on its way up, in the order of that way."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text colour and the background that it stands on, as #rrggbb."""

    text: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Every colour that the window uses, as #rrggbb; `radius` in pixels.

    `text`, `muted` and `link` may stand on `window`, `base`, `zebra` and `accent_bg`; `accent`
    only carries `on_accent`, or is a line. `notices` are the tones of messages.
    """

    dark: bool
    window: str
    base: str
    zebra: str
    line: str
    edge: str
    text: str
    muted: str
    disabled: str
    link: str
    accent: str
    accent_hover: str
    accent_bg: str
    on_accent: str
    button: str
    notices: Mapping[str, Pair]
    statuses: Mapping[str, Pair]
    radius: int = 6

    def colour(self, name: str) -> str:
        """Return a colour by name: a field, a notice or a status (its text); #rrggbb is itself.

        Raises AttributeError for any other name.
        """
        if name.startswith("#"):
            return name
        pair = self.notices.get(name) or self.statuses.get(name)
        return pair.text if pair else str(getattr(self, name))

    def pairs(self) -> Iterator[tuple[str, Pair]]:
        """Yield every text colour with every background it may stand on, named."""
        for back in ("window", "base", "zebra", "accent_bg", "button"):
            for text in ("text", "muted", "link"):
                yield f"{text} on {back}", Pair(getattr(self, text), getattr(self, back))
        for name, notice in self.notices.items():
            yield f"{name} notice", notice
            yield f"text on {name} notice", Pair(self.text, notice.back)
            yield f"{name} on base", Pair(notice.text, self.base)
            yield f"{name} on window", Pair(notice.text, self.window)
        for name, status in self.statuses.items():
            yield f"{name} status", status
        yield "on accent", Pair(self.on_accent, self.accent)
        yield "on accent, mouse over", Pair(self.on_accent, self.accent_hover)


LIGHT: Final = Tokens(
    dark=False,
    window="#f4f6f9",
    base="#ffffff",
    zebra="#f8fafc",
    line="#dfe4ea",
    edge="#8a95a3",
    text="#1b2430",
    muted="#5b6675",
    disabled="#8f99a6",
    link="#1757c2",
    accent="#1f6feb",
    accent_hover="#1a5fcc",
    accent_bg="#dbe8fd",
    on_accent="#ffffff",
    button="#ffffff",
    notices={
        "error": Pair("#b3261e", "#fde8e4"),
        "warning": Pair("#8a5a00", "#fdf0d5"),
        "ok": Pair("#176b3a", "#dff3e6"),
        "note": Pair("#1757c2", "#dbe8fd"),
    },
    statuses={
        "draft": Pair("#4d5866", "#e9edf2"),
        "final": Pair("#1757c2", "#dbe8fd"),
        "exported": Pair("#6236b5", "#ece3fb"),
        "received": Pair("#0b6467", "#d9f1f1"),
        "returned": Pair("#b03a12", "#fde6dc"),
        "approved": Pair("#176b3a", "#dff3e6"),
    },
)

DARK: Final = Tokens(
    dark=True,
    window="#171c23",
    base="#1f262f",
    zebra="#242c36",
    line="#36404c",
    edge="#6c7886",
    text="#e6ebf1",
    muted="#a9b4c2",
    disabled="#76818e",
    link="#9cc1ff",
    accent="#6ea8fe",
    accent_hover="#8dbbff",
    accent_bg="#23406e",
    on_accent="#0d1218",
    button="#2b343f",
    notices={
        "error": Pair("#ffb4a9", "#4a2420"),
        "warning": Pair("#f2c46d", "#443412"),
        "ok": Pair("#8fdcae", "#1d3d2b"),
        "note": Pair("#a9c9ff", "#203a63"),
    },
    statuses={
        "draft": Pair("#c3ccd7", "#333d49"),
        "final": Pair("#a9c9ff", "#203a63"),
        "exported": Pair("#d3bdff", "#3a2c5c"),
        "received": Pair("#8adfe0", "#173f42"),
        "returned": Pair("#ffb899", "#4f2a1a"),
        "approved": Pair("#8fdcae", "#1d3d2b"),
    },
)
