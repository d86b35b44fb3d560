"""Recompute the six questions over many records from capture files alone, by comparing everything.

Standard library only; nothing of the product. What the project says of each question is written
down here a second time, in the simplest way that can be right: every pair is looked at.
"""

import base64
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

Json = dict[str, Any]
Asked = set[tuple[str, frozenset[str]]]
"""Questions as (Q1…Q6, ids of the records concerned)."""

PRESENT = frozenset("PLEWMR")
STABLE_KINDS = {"01", "02", "05", "10"}
LOOKED_AT = {"banner", "wide", "work", "other"}
REMOTE = {"31", "32"}
OVERLAP, ALIKE = 10, 4
EQUAL, LESSONS, PEOPLE = 95, 3, 10
ROUND, SHARE, COUNTS = 10, 60, 12
AT_ONCE, MINUTES, LATE = 5, 10, 14


def identifier(*parts: object) -> str:
    """Return a record id: the first 16 bytes of SHA-256 over canonical JSON, base64url."""
    text = json.dumps(list(parts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8")).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


@dataclass
class Books:
    """What captures leave: records by id, in plain form, and when each session was said to be held.

    All of one computer, so who entered is told by the unit alone.
    """

    units: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Json]] = field(default_factory=lambda: defaultdict(dict))
    marks: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    held_since: dict[str, datetime] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)

    def capture(self, content: Mapping[str, Any], at: str) -> None:
        """Enter a capture file; refs are those of its own source and unit."""

        def name(kind: str, ref: str) -> str:
            made = identifier("capture", content["unit"], content["source"], kind, ref)
            return made if made in self.units else ref

        for section, kind in (
            ("sites", "site"), ("venues", "venue"), ("staff", "staff"), ("learners", "learner"),
            ("activities", "activity"), ("sessions", "session"), ("photos", "evidence"),
        ):  # fmt: skip
            for entry in content.get(section, ()):
                ident = identifier(
                    "capture", content["unit"], content["source"], kind, entry["ref"]
                )
                self.units[ident] = entry.get("unit", content["unit"])
                self.rows[kind].setdefault(ident, {}).update(entry)
                self._settle(kind, ident, name, at)
        for call in content.get("rollcalls", ()):
            session = name("session", call["session"])
            for mark in call["rows"]:
                self.marks[session][name("learner", mark["learner"])] = mark["status"]

    def _settle(self, kind: str, ident: str, name: Callable[[str, str], str], at: str) -> None:
        """Put ids in the place of a row's refs, and note when it was said to be held."""
        row = self.rows[kind][ident]
        for key in ("site", "activity", "venue"):
            if key in row:
                row[key] = name(key, row[key])
        if "teachers" in row:
            row["teachers"] = [name("staff", ref) for ref in row["teachers"]]
        if kind == "evidence":
            session = name("session", row["target"])
            known = session in self.units
            row["target"] = session if known else name("activity", row["target"])
        if kind == "session" and row["status"] == "held":
            self.held_since.setdefault(ident, datetime.fromisoformat(at))

    def link(self, one: str, other: str) -> None:
        """Make two learner records one person."""
        self.persons[max(one, other)] = min(one, other)

    def person(self, learner: str) -> str:
        """Return the record that stands for a learner's person."""
        return self.persons.get(learner, learner)

    # -- the questions -----------------------------------------------------------------------

    def asked(self) -> Asked:
        """Return every question."""
        return {
            *self.one_person(), *self.one_teacher(), *self.one_picture(), *self.same_people(),
            *self.round_counts(), *self.at_once(),
        }  # fmt: skip

    def _held(self) -> list[tuple[str, Json, Json]]:
        return [
            (ident, row, self.rows["activity"][row["activity"]])
            for ident, row in self.rows["session"].items()
            if row["status"] == "held"
        ]

    def _clashes(self) -> Iterable[tuple[str, str]]:
        for (a, one, of_one), (b, other, of_other) in combinations(self._held(), 2):
            if one["date"] != other["date"]:
                continue
            if {of_one["delivery"], of_other["delivery"]} & REMOTE:
                continue
            minutes = min(_minute(one["end"]), _minute(other["end"])) - max(
                _minute(one["start"]), _minute(other["start"])
            )
            if one.get("venue") and other.get("venue"):
                elsewhere = one["venue"] != other["venue"]
            else:
                elsewhere = of_one["site"] != of_other["site"]
            if minutes >= OVERLAP and elsewhere:
                yield a, b

    def _present(self, session: str, *, there: bool) -> set[str]:
        """Return the persons present; `there`: those that no mark of theirs says were remote."""
        marks = self.marks[session]
        found = {self.person(who) for who, status in marks.items() if status in PRESENT}
        away = {self.person(who) for who, status in marks.items() if status == "R"}
        return found - away if there else found

    def one_person(self) -> Asked:
        """Q1: present in two rooms at a time, for ten minutes at least."""
        found: Asked = set()
        for a, b in self._clashes():
            both = self._present(a, there=True) & self._present(b, there=True)
            if both:
                records = {
                    who
                    for session in (a, b)
                    for who, status in self.marks[session].items()
                    if status in PRESENT and self.person(who) in both
                }
                found.add(("Q1", frozenset({a, b} | records)))
        return found

    def one_teacher(self) -> Asked:
        """Q2: the same staff record, or one of equal name and phone number, in two rooms."""
        found: Asked = set()
        for a, b in self._clashes():
            first, second = (
                {self._teacher(who) for who in self.rows["session"][ident].get("teachers", ())}
                for ident in (a, b)
            )
            if first & second:
                found.add(("Q2", frozenset({a, b})))
        return found

    def _teacher(self, ident: str) -> object:
        row = self.rows["staff"][ident]
        return (row["name"], row["mobile"]) if row.get("mobile") else ident

    def one_picture(self) -> Asked:
        """Q3: equal content, or a look that differs in four bits at most, under two records."""
        pictures = self.rows["evidence"]

        def together(a: str, b: str) -> bool:
            one, other = pictures[a], pictures[b]
            if one["target"] == other["target"]:
                return False
            above = {
                self.rows["session"][row["target"]]["activity"]
                for row in (one, other)
                if row["target"] in self.rows["session"]
            }
            if above & {one["target"], other["target"]}:
                return False
            names = [{row["file"], row.get("original")} - {None} for row in (one, other)]
            if names[0] & names[1]:
                return True
            looks = [int(row.get("dhash") or "0", 16) for row in (one, other)]
            kinds = {one["kind"], other["kind"]} <= LOOKED_AT
            return kinds and all(looks) and (looks[0] ^ looks[1]).bit_count() <= ALIKE

        return {("Q3", group) for group in _groups(pictures, together)}

    def same_people(self) -> Asked:
        """Q4: three and more different lessons of one year with 95 of 100 people in common."""
        held = {ident: (row, activity) for ident, row, activity in self._held()}

        def counts_as(ident: str) -> str:
            row, activity = held[ident]
            return str(row["activity"]) if activity["kind"] in STABLE_KINDS else ident

        def together(a: str, b: str) -> bool:
            one, other = self._present(a, there=False), self._present(b, there=False)
            return (
                min(len(one), len(other)) >= PEOPLE
                and held[a][0]["date"][:4] == held[b][0]["date"][:4]
                and counts_as(a) != counts_as(b)
                and len(one & other) * 100 >= EQUAL * len(one | other)
            )

        return {
            ("Q4", group)
            for group in _groups(held, together)
            if len({counts_as(ident) for ident in group}) >= LESSONS
        }

    def round_counts(self) -> Asked:
        """Q5: a site's head-counts of a year are multiples of ten to sixty in a hundred."""
        counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for ident, row, activity in self._held():
            total = row.get("headcount", {}).get("total")
            if total:
                counts[activity["site"], row["date"][:4]][ident] = total
        return {
            ("Q5", frozenset({site, *totals}))
            for (site, _year), totals in counts.items()
            if len(totals) >= COUNTS
            and sum(total % ROUND == 0 for total in totals.values()) * 100 >= SHARE * len(totals)
        }

    def at_once(self) -> Asked:
        """Q6: five and more sessions of a unit said to be held in ten minutes, two weeks late."""
        late: dict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
        for ident, row, activity in self._held():
            at = self.held_since[ident]
            if (at.date() - date.fromisoformat(row["date"])).days > LATE:
                unit = self.units[activity["site"]]
                late[unit, row["date"][:4]][ident] = at
        found: Asked = set()
        for times in late.values():
            windows = [
                {other for other in times if start <= times[other] <= start + _WINDOW}
                for start in times.values()
            ]
            full = [window for window in windows if len(window) >= AT_ONCE]
            together = {ident for window in full for ident in window}

            def share(a: str, b: str, full: list[set[str]] = full) -> bool:
                return any({a, b} <= window for window in full)

            found |= {("Q6", group) for group in _groups(together, share)}
        return found


_WINDOW = timedelta(minutes=MINUTES)


def _minute(text: str) -> int:
    hours, minutes = re.split(":", text)
    return int(hours) * 60 + int(minutes)


def _groups(
    idents: Iterable[str], together: Callable[[str, str], bool]
) -> Iterable[frozenset[str]]:
    """Give the groups of two and more that hang together, found by walking from each."""
    left = sorted(idents)
    near: dict[str, set[str]] = defaultdict(set)
    for a, b in combinations(left, 2):
        if together(a, b):
            near[a].add(b)
            near[b].add(a)
    seen: set[str] = set()
    for start in left:
        if start in seen or not near[start]:
            continue
        group, rest = {start}, [start]
        while rest:
            for other in near[rest.pop()] - group:
                group.add(other)
                rest.append(other)
        seen |= group
        yield frozenset(group)
