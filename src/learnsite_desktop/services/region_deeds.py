"""The deeds on the region tree as what people fill in: the edit that their fields make."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from learnsite_desktop.domain import region_changes
from learnsite_desktop.domain.region_changes import Named
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services.region_edits import Edit

DEEDS: Final = ("add", "rename", "move", "merge", "split", "convert", "close")
_PART: Final = re.compile(r"(\d{12})[\s,，:：=]*(.*)")


@dataclass(frozen=True, slots=True)
class Given:
    """What the fields of a form say; "" and no day where nothing was typed."""

    code: str = ""
    name: str = ""
    kind: str = ""
    parent: str = ""
    into: str = ""
    parts: str = ""
    on: date | None = None
    names: Mapping[str, str] = field(default_factory=dict)


SAID: Final[Mapping[str, str]] = {
    "add": N_("Add %(name)s (%(code)s) under %(unit)s from %(on)s on."),
    "rename": N_("Rename %(unit)s to %(name)s from %(on)s on."),
    "move": N_("Put %(unit)s under %(parent)s from %(on)s on."),
    "merge": N_("Merge %(unit)s into %(into)s%(name)s from %(on)s on."),
    "split": N_("Divide %(unit)s from %(on)s on."),
    "convert": N_("%(unit)s goes on as %(name)s (%(code)s) from %(on)s on."),
    "close": N_("End %(unit)s on %(on)s."),
}


def said_of(deed: str, unit_name: str, given: Given) -> str:
    """Return a change in one sentence."""
    said = {
        "unit": unit_name,
        "code": given.code,
        "name": given.name,
        "parent": given.names.get(given.parent, given.parent),
        "into": given.names.get(given.into, given.into),
        "on": given.on or "",
    }
    return render(SAID[deed], said)


def edit_of(deed: str, unit: str, given: Given) -> Edit | None:
    """Return the edit of the tree that the fields make, None while something is missing."""
    on = given.on
    if on is None:
        return None
    return {
        "add": _add,
        "rename": _rename,
        "move": _move,
        "merge": _merge,
        "split": _split,
        "convert": _convert,
        "close": _close,
    }[deed](unit, given, on)


def parts_of(text: str) -> list[Named]:
    """Return the parts of a unit, one a line: “CODE NAME”, the code alone for the unit itself."""
    found = (_PART.fullmatch(line.strip()) for line in text.splitlines())
    return [Named(part[1], part[2].strip()) for part in found if part is not None]


def _add(unit: str, given: Given, on: date) -> Edit | None:
    if not (given.code and given.name and given.kind):
        return None
    new = Named(given.code, given.name)
    return lambda tree: region_changes.add(tree, new, parent=unit, kind=given.kind, on=on)


def _rename(unit: str, given: Given, on: date) -> Edit | None:
    if not given.name:
        return None
    return lambda tree: region_changes.rename(tree, unit, given.name, on)


def _move(unit: str, given: Given, on: date) -> Edit | None:
    if not given.parent:
        return None
    return lambda tree: region_changes.move(tree, unit, given.parent, on)


def _merge(unit: str, given: Given, on: date) -> Edit | None:
    new = bool(given.code and given.name)
    if new:
        others = [unit, *([given.into] if given.into else [])]
        heir = Named(given.code, given.name)
    elif given.into:
        others, heir = [unit], Named(given.into)
    else:
        return None
    return lambda tree: region_changes.merge(tree, others, heir, on)


def _split(unit: str, given: Given, on: date) -> Edit | None:
    parts = parts_of(given.parts)
    if len(parts) < 2:
        return None
    return lambda tree: region_changes.split(tree, unit, parts, on)


def _convert(unit: str, given: Given, on: date) -> Edit | None:
    if not (given.code and given.name):
        return None
    heir = Named(given.code, given.name)
    return lambda tree: region_changes.convert(tree, unit, heir, on, given.kind)


def _close(unit: str, _given: Given, on: date) -> Edit | None:
    def edit(tree: RegionTree) -> RegionTree:
        return region_changes.close(tree, unit, on)

    return edit
