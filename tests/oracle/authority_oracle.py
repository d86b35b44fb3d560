"""Whose word counts, the long way: every certificate is asked anew for every operation.

Standard library only. Slow on purpose: each answer follows its definition word by word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TIER_OF_LENGTH = {6: "county", 9: "township", 12: "village"}


def reach(unit: str) -> str:
    """Return what the codes of a unit and of all below it begin with."""
    return unit[:6] if unit.endswith("000000") else unit[:9] if unit.endswith("000") else unit


def is_within(unit: str, ancestor: str) -> bool:
    return unit.startswith(reach(ancestor))


@dataclass(frozen=True)
class Deed:
    """An operation as the authority sees it: names, place in its chain, what it touches."""

    name: str
    prev: str
    inc: str
    unit: str
    n: int
    day: str
    layers: frozenset[str]
    has_why: bool


@dataclass(frozen=True)
class Papers:
    """The certificates one computer holds; bodies by their hash, whom it trusts from the start."""

    root: str
    enrolments: Mapping[str, Mapping[str, Any]]
    revocations: Mapping[str, Mapping[str, Any]]
    lives: Mapping[str, tuple[str, str, str]]
    """Incarnation → its device, unit and tier."""

    def governs(self, issuer: str, unit: str, paper: str) -> bool:
        """Whether `issuer` may certify and revoke computers of `unit`, by this very paper."""
        return issuer == self.root or any(
            one["device"] == issuer
            and ["below", one["un"]] in one["scopes"]
            and is_within(unit, one["un"])
            and unit != one["un"]
            and self.governs(one["by"], one["un"], name)
            and all(paper in (other["keeps"] or ()) for other in self.against(one))
            for name, one in self.enrolments.items()
        )

    def against(self, enrolment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the revocations that end an enrolment."""
        return [
            one
            for name, one in self.revocations.items()
            if one["device"] == enrolment["device"]
            and self.governs(one["by"], enrolment["un"], name)
        ]

    def is_revoked(self, device: str) -> bool:
        """Whether some enrolment of a device was ended."""
        return any(e["device"] == device and self.against(e) for e in self.enrolments.values())

    def devices(self, unit: str) -> frozenset[str]:
        """Return the devices that work for a unit, as far as is known."""
        lives = {device for device, home, _tier in self.lives.values() if home == unit}
        return frozenset(
            one["device"]
            for name, one in self.enrolments.items()
            if one["un"] == unit
            and one["device"] in lives
            and self.governs(one["by"], unit, name)
            and not self.against(one)
        )

    def held_apart(self, deeds: Iterable[Deed]) -> set[str]:
        """Return the names of the operations whose authors may not write them."""
        known = {deed.name: deed for deed in deeds}
        chains = {(deed.inc, deed.unit) for deed in known.values()}
        grants = {chain: self._grants(*chain) for chain in chains}
        return {
            deed.name
            for deed in known.values()
            if not all(
                any(
                    self._allows(scope, deed, layer)
                    and all(stands(deed, one["heads"], known) for one in ends)
                    for scope, ends in grants[deed.inc, deed.unit]
                )
                for layer in deed.layers
            )
        }

    def _grants(self, inc: str, unit: str) -> list[tuple[list[str], list[Mapping[str, Any]]]]:
        device, home, tier = self.lives[inc]
        if TIER_OF_LENGTH[len(reach(home))] != tier:
            return []
        return [
            (scope, self.against(one))
            for name, one in self.enrolments.items()
            if one["device"] == device and one["un"] == home and self.governs(one["by"], home, name)
            for scope in one["scopes"]
            if scope[0] == "for" or scope[1] == home
            if self.governs(one["by"], scope[1], name)
            if unit == scope[1] or (scope[0] == "below" and is_within(unit, scope[1]))
        ]

    def _allows(self, scope: list[str], deed: Deed, layer: str) -> bool:
        if scope[0] == "below":
            if deed.unit == scope[1]:
                return False
            if layer == "fact":
                return deed.has_why
            return layer in ("review", f"review:{self.lives[deed.inc][2]}")
        if layer != "fact":
            return False
        last = scope[3] if len(scope) > 3 else "9999"
        return scope[0] == "own" or scope[2] <= deed.day <= last


def stands(deed: Deed, heads: Iterable[list[Any]], known: Mapping[str, Deed]) -> bool:
    """Whether an operation leads to one of the heads (unit, incarnation, n, name)."""
    for unit, inc, n, head in heads:
        if (unit, inc) != (deed.unit, deed.inc) or deed.n > n:
            continue
        if deed.n == n:
            if deed.name == head:
                return True
            continue
        lowest, name = n, head
        while name in known and name != deed.name:
            lowest, name = known[name].n, known[name].prev
        # Below a gap one cannot see which branch it was: it counts until the gap is filled.
        if name == deed.name or head not in known or deed.n < lowest:
            return True
    return False


@dataclass(frozen=True)
class Word:
    """What was written into a record that a unit above makes.

    `says`: something that only units above may say; `settles`: the answer that ends it.
    """

    name: bytes
    parents: tuple[bytes, ...]
    own: bool
    tier: int
    says: bool
    settles: bool


def spoken_over(words: Iterable[Word]) -> set[bytes]:
    """Return what was written over the word of a tier above, or instead of who is asked."""
    known = {word.name: word for word in words}
    found = set()
    for word in known.values():
        before: set[bytes] = set()
        todo = list(word.parents)
        while todo:
            name = todo.pop()
            if name not in before:
                before.add(name)
                todo += known[name].parents if name in known else ()
        if word.own or not before <= set(known):
            continue
        higher = any(
            known[name].says and not known[name].own and known[name].tier > word.tier
            for name in before
        )
        begun_higher = any(not one.parents and one.tier > word.tier for one in known.values())
        if (word.says and higher) or (word.settles and begun_higher):
            found.add(word.name)
    return found
