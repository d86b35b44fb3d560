"""The figures beyond the first fifteen, counted from the same replayed books.

Standard library only. A reversal has no group and no age, a crowd no group: they stay out where
those decide. A month was handed in when a submission of it was entered, or was received above.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.oracle.terms import Figure, Lens, age_on, groups_of, ratio

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tests.oracle.recount import Recount
    from tests.oracle.replay import Row

TOWNSHIP_LEVEL = 4
TOWNSHIP_KINDS = {"subdistrict", "town", "township"}
VILLAGE_KINDS = {"village_committee", "resident_committee"}
EVIDENCE = ("banner", "wide", "signin")
HOME_DELIVERY = "20"
DIGITAL = "07"
ELDER_AGE = 60


def more(count: Recount) -> dict[str, Figure]:
    """Return the twelve figures of a unit and period."""
    return {**attended(count, Lens()), **network(count), **staff(count), **quality(count, Lens())}


def attended(count: Recount, lens: Lens) -> dict[str, Figure]:
    """Return G01, G07 and G09 through `lens`."""
    farmers = home = elders = 0
    for session in count.sessions(lens):
        day = date.fromisoformat(session.values["date"])
        activity = count.books.rows[session.values["activity"]]
        there = count.present(session, lens)
        crowd = session.values.get("headcount") or {}
        farmers += sum(
            any("farmer" in groups_of(one) for one in _marked(count, session, person))
            for person in there
        )
        if activity.values["delivery"] == HOME_DELIVERY:
            home += len(there) + (lens.crowd(crowd) if crowd else 0)
        if any(code.startswith(DIGITAL) for code in activity.values["topics"]):
            elders += int(crowd.get("over60") or 0) + sum(
                _age(count, person, day) >= ELDER_AGE for person in there
            )
    return {"G01": Figure(farmers), "G07": Figure(home), "G09": Figure(elders)}


def _marked(count: Recount, session: Row, person: str) -> Iterator[Row]:
    """Yield the records under which a person is marked present in a session."""
    for learner, _mark in count.marked(session):
        if count.person[learner.ident] == person:
            yield learner


def _age(count: Recount, person: str, day: date) -> int:
    """Return a person's age by the most precise birth day of all the person's records."""
    rows = [count.books.rows[learner] for learner in _records(count, person)]
    births = [row.values["birth"] for row in rows if row.values.get("birth")]
    if not births:
        return -1
    finest = max(len(one) for one in births)
    return age_on(min(one for one in births if len(one) == finest), day) or 0


def _records(count: Recount, person: str) -> Collection[str]:
    """Return the learner records that are one person."""
    held: dict[str, set[str]] | None = getattr(count, "records_of_person", None)
    if held is None:
        held = {}
        for learner, stands in count.person.items():
            held.setdefault(stands, set()).add(learner)
        count.records_of_person = held  # type: ignore[attr-defined]
    return held[person]


def _units(count: Recount, level: int, kinds: Collection[str]) -> list[str]:
    """Return units of a level in the subtree that exist on the last day."""
    last = count.period.last.isoformat()
    return [
        code
        for code, row in count.regions.items()
        if int(row["level"]) == level
        and row["kind"] in kinds
        and count.within(code)
        and (row.get("valid_from") or "") <= last
        and (row.get("valid_to") or "9999") > last
    ]


def network(count: Recount) -> dict[str, Figure]:
    """Return N02, N03, N04, N05 and N09."""
    sites = count.valid_sites(count.period.last)
    towns = _units(count, TOWNSHIP_LEVEL, TOWNSHIP_KINDS)
    villages = _units(count, 5, VILLAGE_KINDS)

    def with_kind(units: Collection[str], *kinds: str) -> int:
        """Count the units with a valid site of one of the kinds."""
        there = {site.unit for site in sites if set(kinds) & set(site.values["kinds"])}
        return len(there & set(units))

    total, _over60 = count.population()
    return {
        "N02": ratio(with_kind(towns, "t_school", "t_adult"), len(towns), "no township"),
        "N03": ratio(with_kind(towns, "t_elder"), len(towns), "no township"),
        "N04": ratio(with_kind(villages, "v_elder"), len(villages), "no village-level unit"),
        "N05": Figure(sum("c_elder" in site.values["kinds"] for site in sites)),
        "N09": ratio(len(sites), total, "population"),
    }


def staff(count: Recount) -> dict[str, Figure]:
    """Return T01 and T02: who was at work on the last day."""
    last = count.period.last.isoformat()
    there = [
        row.values["kinds"]
        for row in count.books.alive("staff")
        if count.within(row.unit)
        and (row.values.get("from") or "") <= last
        and (row.values.get("to") or "9999") >= last
    ]
    total, _over60 = count.population()
    return {
        "T01": ratio(sum("full_admin" in kinds for kinds in there), total, "population"),
        "T02": ratio(sum("part_teacher" in kinds for kinds in there), total, "population"),
    }


def quality(count: Recount, lens: Lens) -> dict[str, Figure]:
    """Return D02 and D03 through `lens`."""
    handed_in = {(one["unit"], one["period"]) for one in count.truth.get("received", [])}
    handed_in |= {(row.unit, row.values["period"]) for row in count.books.alive("submission")}
    returned = {count.books.find(one["record"]) for one in count.truth.get("returns", [])}
    held = count.sessions(lens)
    given = [one for one in held if (one.unit, one.values["date"][:7]) in handed_in]
    pictures = _pictures(count)
    complete = [one for one in held if set(EVIDENCE) <= pictures.get(one.ident, set())]
    return {
        "D02": ratio(sum(one.ident in returned for one in given), len(given), "nothing handed in"),
        "D03": ratio(len(complete), len(held), "no session"),
    }


def _pictures(count: Recount) -> Mapping[str, set[str]]:
    """Return session id -> kinds of its pictures."""
    found: dict[str, set[str]] = {}
    for entry in count.truth["captures"]:
        home, source = entry["file"].get("unit", ""), entry["file"]["source"]
        for one in entry["file"].get("photos", []):
            name = {"unit": home, "source": source, "kind": "session", "ref": one["target"]}
            found.setdefault(count.books.find(name), set()).add(one["kind"])
    return found
