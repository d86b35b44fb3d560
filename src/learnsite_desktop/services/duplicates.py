"""Duplicates: learners that may be one person, found by shared values and judged by what is known.

Digests of names, phones and ID numbers lead to the pairs; values are unsealed for those pairs only.
Nothing is linked here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.likeness import (
    DIFFERS,
    ONE_APART,
    SAME,
    SOUNDS,
    UNKNOWN,
    Compared,
    Traits,
    Verdict,
    compare,
    judge,
    refuses,
)
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.people.index import folded
from learnsite_desktop.services.people.readings import readings, sounds_alike, spelling
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookalikes, lookups
from learnsite_desktop.store.lookalikes import LearnerRow, LinkRow, Pair

OPEN: Final = "open"
SETTLED: Final = "settled"
LINKED: Final = "linked"
DISTINCT: Final = "distinct"
SEALED: Final = ("name", "birth", "mobile", "identity")
"""Private registers by which people are compared."""

_READINGS: Final = 16
_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Suspect:
    """A learner that may be somebody else as well."""

    ident: int
    record: str
    unit: str
    cluster: int
    traits: Traits


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two learners that may be one person, the one with the smaller id first."""

    first: Suspect
    second: Suspect
    compared: Compared
    verdict: Verdict

    @property
    def clusters(self) -> Pair:
        """The persons that would become one."""
        return ordered(self.first.cluster, self.second.cluster)


@dataclass(frozen=True, slots=True)
class Decided:
    """What people and this program said of pairs before, by the persons that the pairs belong to.

    `refused`: not one person; `touched`: linked or refused at some time, so never linked unasked.
    """

    refused: frozenset[Pair]
    touched: frozenset[Pair]


def ordered(one: int, other: int) -> Pair:
    """Return a pair in its one order."""
    return (one, other) if one < other else (other, one)


def decided(workspace: Workspace) -> Decided:
    """Return what was decided of pairs that are two persons now."""
    cluster = lookalikes.grouped(workspace.database)
    refused, touched = set(), set()
    for row in lookalikes.links(workspace.database):
        pair = ordered(cluster.get(row.a, row.a), cluster.get(row.b, row.b))
        touched.add(pair)
        if is_refusal(row):
            refused.add(pair)
    return Decided(frozenset(refused), frozenset(touched))


def is_refusal(row: LinkRow) -> bool:
    """Whether a link says that two learners are not one person."""
    return refuses(linked=row.linked, rule=row.rule, standing=row.standing)


def find_pairs(
    workspace: Workspace,
    seeds: Iterable[tuple[bytes, int]] | None = None,
    *,
    unit: str = "",
    progress: Progress = silent,
) -> tuple[list[Candidate], int]:
    """Return the pairs that may be one person, and how many values a crowd holds (passed over).

    Of a unit and those below (this one if empty); with `seeds` (digest, ident) only pairs with one
    of them, by equal values. Without, also similar names in one home. Pairs said to be two people
    are left out.
    """
    database = workspace.database
    lookalikes.look_within(database, unit or workspace.unit)
    crowds = lookalikes.seek(database, seeds)
    found = set(lookalikes.pairs(database))
    if seeds is None:
        found |= _neighbours(workspace, progress)
    return judged(workspace, sorted(found)), crowds


def judged(workspace: Workspace, pairs: Sequence[Pair]) -> list[Candidate]:
    """Return those of the pairs for which a rule speaks."""
    if not pairs:
        return []
    suspects = suspects_of(workspace, {ident for pair in pairs for ident in pair})
    no = decided(workspace).refused
    found = []
    for one, other in pairs:
        if one not in suspects or other not in suspects:
            continue
        first, second = sorted((suspects[one], suspects[other]), key=lambda item: item.record)
        pair = ordered(first.cluster, second.cluster)
        if first.cluster == second.cluster or pair in no:
            continue
        compared = comparison(first.traits, second.traits)
        verdict = judge(compared)
        if verdict is not None:
            found.append(Candidate(first, second, compared, verdict))
    return found


def suspects_of(workspace: Workspace, idents: Iterable[int]) -> dict[int, Suspect]:
    """Return learners that are not deleted with what is known of them, by ident."""
    rows = lookalikes.learners(workspace.database, idents)
    names = [name for row in rows.values() for name in map(row.doc.get, SEALED) if name]
    clear = workspace.vault.values(names)
    return {
        ident: Suspect(ident, b64(row.record), row.unit, row.cluster, _traits(row, clear))
        for ident, row in rows.items()
        if row.counted
    }


def _traits(row: LearnerRow, clear: Mapping[str, Any]) -> Traits:
    name, birth, mobile, identity = (clear.get(row.doc.get(key) or "") for key in SEALED)
    year = row.doc.get("birth_year")
    return Traits(
        name=folded(_text(name)),
        sex=_text(row.doc.get("sex")),
        birth=_text(birth) or (str(year) if isinstance(year, int) else ""),
        mobile=_text(mobile),
        id_number=_text(identity[1]) if isinstance(identity, list) and len(identity) > 1 else "",
        home=row.home,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def comparison(first: Traits, second: Traits) -> Compared:
    """Compare what is known of two learners."""
    name, likeness = compare_names(first.name, second.name)
    return compare(first, second, name=name, likeness=likeness)


def compare_names(one: str, other: str) -> tuple[str, int]:
    """Return how two names compare, and how far they are alike by their sound, 0 to 100."""
    if not one or not other:
        return UNKNOWN, 0
    if one == other:
        return SAME, 100
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - not needed at most starts

    alike = Levenshtein.normalized_similarity(spelling(one), spelling(other))
    if sounds_alike(one, other):
        return SOUNDS, round(100 * alike)
    near = Levenshtein.distance(one, other, score_cutoff=1) <= 1 < min(len(one), len(other))
    return (ONE_APART if near else DIFFERS), round(100 * alike)


def _neighbours(workspace: Workspace, progress: Progress) -> set[Pair]:
    """Return learners of one home, sex and birth year whose names sound or look alike."""
    found: set[Pair] = set()
    waiting: list[list[tuple[int, str]]] = []
    done = size = 0
    for group in lookalikes.companions(workspace.database):
        waiting.append(group)
        size += len(group)
        if size >= _BATCH:
            found |= _alike(workspace, waiting)
            done += size
            progress(done, 0, N_("reading names"))
            waiting, size = [], 0
    return found | _alike(workspace, waiting)


def _alike(workspace: Workspace, groups: Sequence[Sequence[tuple[int, str]]]) -> set[Pair]:
    clear = workspace.vault.values([name for group in groups for _ident, name in group])
    found: set[Pair] = set()
    for group in groups:
        holders: dict[str, list[int]] = {}
        for ident, name in group:
            for key in _keys(folded(_text(clear.get(name)))):
                holders.setdefault(key, []).append(ident)
        for idents in holders.values():
            found.update(ordered(*pair) for pair in combinations(idents, 2))
    return found


def _keys(name: str) -> set[str]:
    """Return what a name shares with names that sound like it or lack, add or change a character.

    Readings begin with a space, which no folded name holds, so the two kinds of key do not meet.
    """
    sounds = [""]
    for place, character in enumerate(name):
        words = readings(character, surname=place == 0)
        sounds = [f"{sound} {word}" for sound in sounds for word in words][:_READINGS]
    shorter = {name[:place] + name[place + 1 :] for place in range(len(name))}
    return {*sounds, name, *(key for key in shorter if key)} if name else set()


def persons(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return one candidate for every two persons, the best; the surest first."""
    best: dict[Pair, Candidate] = {}
    for item in sorted(candidates, key=_order):
        best.setdefault(item.clusters, item)
    return list(best.values())


def _order(item: Candidate) -> tuple[int, str, str]:
    return -item.verdict.score, item.first.record, item.second.record


def list_duplicates(
    workspace: Workspace,
    *,
    unit: str = "",
    state: str = OPEN,
    limit: int | None = None,
    offset: int = 0,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return a page of candidates (`open`) or of pairs decided (`settled`), and how many there are.

    Values are masked. Refuses `unit_unknown`, `unit_not_below`.
    """
    require_below(workspace, unit)
    end = None if limit is None else offset + limit
    if state == SETTLED:
        rows = _settled(workspace, unit)
        return {"candidates": rows[offset:end], "total": len(rows), "crowded": 0}
    pairs, crowds = find_pairs(workspace, unit=unit, progress=progress)
    found = persons(pairs)
    shown = [shown_pair(item) for item in found[offset:end]]
    return {"candidates": shown, "total": len(found), "crowded": crowds}


def require_below(workspace: Workspace, unit: str) -> None:
    """Refuse `unit_unknown` for a unit outside the tree, `unit_not_below` for one not below."""
    if unit:
        require_unit(workspace, unit)
        if not lookups.is_within(workspace.database, unit, workspace.unit):
            raise Refusal("unit_not_below", where=unit)


def shown_pair(item: Candidate) -> dict[str, Any]:
    """Return a candidate for listing."""
    return {
        "a": item.first.record,
        "b": item.second.record,
        "score": item.verdict.score,
        "rule": item.verdict.rule,
        "automatic": item.verdict.automatic,
        "state": OPEN,
        "units": [item.first.unit, item.second.unit],
        "evidence": evidence(item.first.traits, item.second.traits, item.compared),
    }


def evidence(first: Traits, second: Traits, compared: Compared) -> list[dict[str, str]]:
    """Return what agrees and what differs: names and numbers masked, births by their year."""
    shown = (
        ("name", compared.name, masked("name", first.name), masked("name", second.name)),
        ("sex", compared.sex, first.sex, second.sex),
        ("birth", compared.birth, first.birth[:4], second.birth[:4]),
        ("mobile", compared.mobile, *_masked("mobile", first.mobile, second.mobile)),
        ("id_number", compared.id_number, *_masked("cn_id", first.id_number, second.id_number)),
        ("home_unit", compared.home, first.home, second.home),
    )
    return [
        {"field": field, "result": result, "a": one, "b": other}
        for field, result, one, other in shown
        if one or other
    ]


def _masked(kind: str, *values: str) -> Iterator[str]:
    return (masked(kind, value) if value else "" for value in values)


def _settled(workspace: Workspace, unit: str) -> list[dict[str, Any]]:
    """Return the pairs that were decided, both of a unit or below it, by record id."""
    links = [
        row
        for row in lookalikes.links(workspace.database)
        if (row.standing and row.linked) or is_refusal(row)
    ]
    known = suspects_of(workspace, {ident for row in links for ident in (row.a, row.b)})
    within = set(lookups.units_within(workspace.database, unit or workspace.unit))
    found = []
    for row in links:
        pair = [known.get(row.a), known.get(row.b)]
        both = sorted((item for item in pair if item is not None), key=lambda item: item.record)
        if len(both) < len(pair) or not {item.unit for item in both} <= within:
            continue
        first, second = both
        compared = comparison(first.traits, second.traits)
        verdict = judge(compared)
        item = Candidate(first, second, compared, verdict or Verdict("", 0, automatic=False))
        state = DISTINCT if is_refusal(row) else LINKED
        found.append({**shown_pair(item), "rule": row.rule, "state": state, "automatic": False})
    return found
