"""Down documents beside those in use: set aside here, or held by others without being known here.

A unit's computer that was restored from a backup, or that works beside another one, issues under
numbers that were given out already. Who holds the other one keeps it, sets the new one aside by
name, and shows by number and mark in its receipts what it holds; so the issuer learns of it with
the next file, and issues anew above both. What others say they hold is believed as far as it costs
nothing: it shows in the checks, and lifts the next number, by so much at most that nobody can use
the numbers up.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.region_joining import is_lost
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.oplog.documents import (
    ASIDE_MARK_PREFIX,
    ASIDE_PREFIX,
    DOCUMENT_PREFIX,
    MARK_PREFIX,
    Document,
    Receipt,
    mark_number,
    parse_document,
    parse_receipt,
)
from learnsite_desktop.services import enrolment, units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings, trust
from learnsite_desktop.store.engine import Database

ASIDE: Final = frozenset({"document_apart", "document_behind", "document_twice"})
"""Refusals of documents that their issuer gave out without knowing of the one in use."""
STALE: Final = ASIDE | {"document_older", "document_own_other"}
MOST_AHEAD: Final = 10_000
"""By how much others' word lifts a number: two to the power of 53 can never be used up so."""
_PREFIX: Final = "document_aside."
_receipt_of = lru_cache(maxsize=256)(parse_receipt)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that came and was not taken, `by` which device; `raw` of this unit's own tree."""

    kind: str
    scope: str
    version: int
    mark: bytes
    by: str
    raw: str = ""

    @property
    def tree(self) -> RegionTree | None:
        """The region tree that it is, where it is kept whole."""
        return RegionTree.of(self.document.body) if self.raw else None

    @property
    def document(self) -> Document:
        """The document itself, where it is kept whole."""
        return parse_document(self.raw.encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A document of this unit that a computer of `unit` holds and this one never had.

    `held` is the version in use here, None without one.
    """

    unit: str
    kind: str
    version: int
    held: int | None


def set_aside(workspace: Workspace, document: Document) -> bool:
    """Keep in mind that a document was not taken; True if it was not known of yet.

    This unit's own region tree is kept whole: the next edit takes over what it says.
    """
    key = f"{_PREFIX}{document.kind}.{document.scope}.{document.mark.hex()}"
    if settings.read(workspace.database, key):
        return False
    whole = document.kind == units.TREE and document.scope == workspace.unit
    said: dict[str, Any] = {"version": document.version, "by": b64(document.by)}
    if whole:
        said["raw"] = document.raw.decode("utf-8")
    settings.write(workspace.database, key, json.dumps(said, ensure_ascii=False))
    return True


def all_aside(database: Database, kind: str = "", scope: str = "") -> list[SetAside]:
    """Return what is set aside, of one line or of all."""
    found = []
    for rest, text in sorted(settings.beginning(database, _PREFIX).items()):
        of_kind, of_scope, mark = rest.split(".")
        if text and kind in ("", of_kind) and scope in ("", of_scope):
            said = json.loads(text)
            found.append(
                SetAside(
                    of_kind,
                    of_scope,
                    said["version"],
                    bytes.fromhex(mark),
                    said["by"],
                    said.get("raw", ""),
                )
            )
    return found


def settle(database: Database, document: Document) -> None:
    """Forget what was set aside of a line and what its new document came after, or contains."""
    for one in all_aside(database, document.kind, document.scope):
        known = one.mark == document.mark or one.mark in (document.follows or ())
        tree = one.tree
        if tree is None:
            past = one.version < document.version
        else:
            past = is_lost(tree, RegionTree.of(document.body)) is None
        if known or past:
            key = f"{_PREFIX}{one.kind}.{one.scope}.{one.mark.hex()}"
            settings.remove(database, key)


def trees_aside(workspace: Workspace) -> list[Document]:
    """Return the region trees of this unit that are set aside, the lowest number first."""
    found = all_aside(workspace.database, units.TREE, workspace.unit)
    return [one.document for one in sorted(found, key=lambda one: (one.version, one.mark))]


def highest(database: Database, kind: str, scope: str, held: int) -> int:
    """Return the highest number of a line given out so far, by all that is known here."""
    key = f"{DOCUMENT_PREFIX}{kind}.{scope}"
    said = [one.version for one in all_aside(database, kind, scope)]
    for receipt in _own_words(database):
        keys = (key, f"{ASIDE_PREFIX}{kind}.{scope}")
        said += [receipt.counts.get(one, 0) for one in keys]
    return max([held, *(number for number in said if number <= held + MOST_AHEAD)])


def elsewhere(workspace: Workspace, from_unit: str = "") -> list[Elsewhere]:
    """Return the documents of this unit that others hold and that are not known here.

    By the newest receipts of live computers, of one unit or of all.
    """
    receipts = _own_words(workspace.database, from_unit)
    if not receipts:
        return []
    computers = enrolment.Computers(workspace)
    live: dict[str, set[bytes]] = {}
    found = set()
    for receipt in receipts:
        if receipt.unit not in live:
            live[receipt.unit] = {one.inc for one in computers.of(receipt.unit)}
        if receipt.by in live[receipt.unit]:
            found |= set(_unknown(workspace, receipt))
    return sorted(found, key=lambda one: (one.unit, one.kind, one.version))


def _own_words(database: Database, unit: str = "") -> list[Receipt]:
    """Return the newest receipt that each other computer (of a unit) gave about its own unit."""
    return [_receipt_of(body) for body in trust.receipts_of_themselves(database, unit)]


def _unknown(workspace: Workspace, receipt: Receipt) -> Iterator[Elsewhere]:
    for kind, scope, version, mark in _said(receipt):
        if scope != workspace.unit:
            continue
        held = trust.document(workspace.database, kind, scope)
        if held is None or version > held[0]:
            yield Elsewhere(receipt.unit, kind, version, held[0] if held else None)
        elif version == held[0] and mark not in (None, mark_number(held[1])):
            yield Elsewhere(receipt.unit, kind, version, held[0])


def _said(receipt: Receipt) -> Iterator[tuple[str, str, int, int | None]]:
    """Yield kind, scope, version and mark of what its giver holds, and of what it set aside."""
    pairs = ((DOCUMENT_PREFIX, MARK_PREFIX), (ASIDE_PREFIX, ASIDE_MARK_PREFIX))
    for key, version in receipt.counts.items():
        for numbers, marks in pairs:
            if key.startswith(numbers):
                line = key.removeprefix(numbers)
                kind, _dot, scope = line.partition(".")
                yield kind, scope, version, receipt.counts.get(f"{marks}{line}")


def said_in_receipts(database: Database) -> dict[str, int]:
    """Return what a receipt counts of the documents set aside: the highest number of each line."""
    found: dict[str, int] = {}
    for one in sorted(all_aside(database), key=lambda one: (one.version, one.mark)):
        found[f"{ASIDE_PREFIX}{one.kind}.{one.scope}"] = one.version
        found[f"{ASIDE_MARK_PREFIX}{one.kind}.{one.scope}"] = mark_number(one.mark)
    return found
