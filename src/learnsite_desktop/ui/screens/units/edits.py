"""The deeds on the tree: which fields each asks for, and the edit that the fields make."""

from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.region_deeds import Given, edit_of, said_of

__all__ = ["DEEDS", "Deed", "Given", "deed_named", "edit_of", "said_of"]


@dataclass(frozen=True, slots=True)
class Deed:
    """One sort of change: its label, key, the fields it asks for."""

    name: str
    label: str
    key: str
    icon: str
    fields: tuple[str, ...]


DEEDS: Final[tuple[Deed, ...]] = (
    Deed("add", N_("Add a unit below"), "Ins", "add", ("code", "name", "kind", "on")),
    Deed("rename", N_("Rename"), "F3", "note", ("name", "on")),
    Deed("move", N_("Put under another unit"), "F4", "forward", ("parent", "on")),
    Deed("merge", N_("Merge into another unit"), "F5", "import", ("into", "code", "name", "on")),
    Deed("split", N_("Divide"), "F6", "copy", ("parts", "on")),
    Deed("convert", N_("Go on as another kind of unit"), "F7", "refresh",
         ("code", "name", "kind", "on")),
    Deed("close", N_("End without successor"), "Del", "close", ("on",)),
)  # fmt: skip


def deed_named(name: str) -> Deed:
    """Return a deed."""
    return next(one for one in DEEDS if one.name == name)
