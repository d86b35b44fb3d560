"""What supervision goes by: checklists and clauses, as data that comes with the program."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.platform.resources import resource


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language().startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist: what is asked, by which clause, for how many points."""

    id: str
    clause: str
    words: Words
    points: int
    look: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist for units of a tier, with where its items come from."""

    id: str
    tier: str
    words: Words
    source: str
    items: tuple[Item, ...]

    def item(self, name: str) -> Item:
        """Return an item; refuses `finding_item_unknown`."""
        for one in self.items:
            if one.id == name:
                return one
        known = " ".join(one.id for one in self.items)
        raise Refusal("finding_item_unknown", where=name, checklist=str(self.words), known=known)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a clause makes somebody's business: the leading department and those that help."""

    words: str
    lead: str
    helping: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its duties, the indicators that show it, which sessions are evidence.

    `records` narrows the sessions: lists of topics, kinds, deliveries, edu_kinds; a session that
    fits any of them is evidence, all are where nothing is named.
    """

    id: str
    document: str
    words: Words
    duties: tuple[Duty, ...]
    indicators: tuple[str, ...]
    records: Mapping[str, tuple[str, ...]]


def _words(row: Mapping[str, Any]) -> Words:
    return Words(str(row["zh"]), str(row["en"]))


@cache
def checklists() -> Mapping[str, Checklist]:
    """Return the checklists by id."""
    content = tomllib.loads(resource("supervision", "checklists.toml").read_text("utf-8"))
    return {
        row["id"]: Checklist(
            id=row["id"],
            tier=row["tier"],
            words=_words(row),
            source=row["source"],
            items=tuple(
                Item(one["id"], one["clause"], _words(one), one["points"], one["look"])
                for one in row["item"]
            ),
        )
        for row in content["checklist"]
    }


@cache
def clauses() -> Mapping[str, Clause]:
    """Return the clauses by id."""
    content = tomllib.loads(resource("supervision", "clauses.toml").read_text("utf-8"))
    return {
        row["id"]: Clause(
            id=row["id"],
            document=row["document"],
            words=_words(row),
            duties=tuple(Duty(one["zh"], one["lead"], tuple(one["with"])) for one in row["duties"]),
            indicators=tuple(row["indicators"]),
            records={key: tuple(codes) for key, codes in row["records"].items()},
        )
        for row in content["clause"]
    }


def checklist_named(name: str) -> Checklist:
    """Return a checklist; refuses `checklist_unknown`."""
    found = checklists().get(name)
    if found is None:
        raise Refusal("checklist_unknown", where=name, known=" ".join(checklists()))
    return found


def clause_named(name: str) -> Clause:
    """Return a clause; refuses `clause_unknown`."""
    found = clauses().get(name)
    if found is None:
        raise Refusal("clause_unknown", where=name, known=" ".join(clauses()))
    return found
