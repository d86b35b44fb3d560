"""Replay a demo's `truth.json` into plain records, without the product.

Standard library only. The truth lists what was entered, in order: every entry carries a running
number `n`, and the lists are played back together in that order. A record is named by its id,
computed here from the capture file's published rule, or by `{"unit","source","kind","ref"}`.
"""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SECTIONS = {
    "sites": "site",
    "population": "population",
    "staff": "staff",
    "venues": "venue",
    "learners": "learner",
    "activities": "activity",
    "enrolments": "enrolment",
    "sessions": "session",
    "submissions": "submission",
}
REFERENCES = {
    "activity": {"site": "site"},
    "enrolment": {"activity": "activity", "learner": "learner"},
    "session": {"activity": "activity"},
}
ID_DIGITS = 18
PARENT = {"activity": "site", "enrolment": "activity", "session": "activity"}


def identifier(*parts: object) -> str:
    """Return a record id: the first 16 bytes of SHA-256 over canonical JSON, base64url."""
    text = json.dumps(list(parts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8")).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


@dataclass
class Row:
    """One record: its kind, its unit, its values, and (sessions) its marks by learner id."""

    ident: str
    kind: str
    unit: str
    values: Json = field(default_factory=dict)
    marks: dict[str, Json] = field(default_factory=dict)
    deleted: bool = False


class Books:
    """The records that the truth leaves behind, and who is one person with whom."""

    def __init__(self) -> None:
        """Start with empty books."""
        self.rows: dict[str, Row] = {}
        self._pairs: dict[tuple[str, str], bool] = {}

    def alive(self, kind: str) -> Iterator[Row]:
        """Give the records of `kind` that are not deleted."""
        return (row for row in self.rows.values() if row.kind == kind and not row.deleted)

    def persons(self) -> dict[str, str]:
        """Return learner id -> the smallest learner id of its cluster of links."""
        leader = {row.ident: row.ident for row in self.rows.values() if row.kind == "learner"}

        def top(one: str) -> str:
            while leader[one] != one:
                one = leader[one]
            return one

        for (first, second), linked in self._pairs.items():
            if linked:
                low, high = sorted((top(first), top(second)))
                leader[high] = low
        return {one: top(one) for one in leader}

    # -- entries ---------------------------------------------------------------------------

    def capture(self, entry: Mapping[str, Any]) -> None:
        """Enter one capture file."""
        content = entry["file"]
        home = content.get("unit", entry["unit"])
        source = content["source"]
        for section, kind in SECTIONS.items():
            for values in content.get(section, []):
                self._enter(kind, home, source, values)
        for call in content.get("rollcalls", []):
            session = self._named("session", home, source, call["session"])
            for mark in call["rows"]:
                learner = self._named("learner", home, source, mark["learner"])
                if mark["status"] is None:
                    self.rows[session].marks.pop(learner, None)
                else:
                    self.rows[session].marks[learner] = mark
        for change in content.get("edits", []):
            self._set(self._named(change["kind"], home, source, change["record"]), change["set"])
        for gone in content.get("deletes", []):
            self._delete(self._named(gone["kind"], home, source, gone["record"]))

    def edit(self, entry: Mapping[str, Any]) -> None:
        """Enter one later edit: `{"record", "set": {field: value}}`."""
        self._set(self.find(entry["record"]), entry["set"])

    def resolve(self, entry: Mapping[str, Any]) -> None:
        """Enter the outcome of a resolved conflict: `{"record", "field", "value"}`."""
        if entry["field"] == "_deleted":
            self.rows[self.find(entry["record"])].deleted = bool(entry["value"])
        else:
            self._set(self.find(entry["record"]), {entry["field"]: entry["value"]})

    def delete(self, entry: Mapping[str, Any]) -> None:
        """Delete a record and what hangs under it."""
        self._delete(self.find(entry["record"]))

    def link(self, entry: Mapping[str, Any]) -> None:
        """Make two learner records one person, or take the link back."""
        pair = tuple(sorted((self.find(entry["a"]), self.find(entry["b"]))))
        self._pairs[pair[0], pair[1]] = bool(entry.get("linked", True))

    def find(self, name: str | Mapping[str, str]) -> str:
        """Return the id of a record named by id or by its place in a capture file."""
        if isinstance(name, str):
            ident = name
        else:
            ident = identifier("capture", name["unit"], name["source"], name["kind"], name["ref"])
        if ident not in self.rows:
            raise KeyError(name)  # the truth names a record that it never entered
        return ident

    # -- within ----------------------------------------------------------------------------

    def _named(self, kind: str, home: str, source: str, ref: str) -> str:
        ident = identifier("capture", home, source, kind, ref)
        return ident if ident in self.rows else self.find(ref)

    def _enter(self, kind: str, home: str, source: str, given: Json) -> None:
        values = dict(given)
        for name, target in REFERENCES.get(kind, {}).items():
            if name in values:
                values[name] = self._named(target, home, source, values[name])
        parent = self.rows.get(values.get(PARENT.get(kind, ""), ""))
        unit = parent.unit if parent else values.get("unit", home)
        if kind == "enrolment":
            ident = identifier(kind, values["activity"], values["learner"])
        elif kind == "population":
            ident = identifier(kind, unit, values["year"])
        elif kind == "submission":
            ident = identifier(kind, unit, values["period"])
        else:
            ident = identifier("capture", home, source, kind, values["ref"])
        if kind == "learner":
            _read_id_number(values)
        row = self.rows.get(ident)
        if row is None:
            row = self.rows[ident] = Row(ident, kind, unit)
        row.values.update(values)

    def _set(self, ident: str, values: Mapping[str, Any]) -> None:
        self.rows[ident].values.update(values)

    def _delete(self, ident: str) -> None:
        self.rows[ident].deleted = True
        for row in list(self.rows.values()):
            if not row.deleted and row.values.get(PARENT.get(row.kind, "")) == ident:
                self._delete(row.ident)


def _read_id_number(values: Json) -> None:
    """Take sex and birth day from an ID number where they were not typed."""
    number = values.get("id_number") or ""
    if len(number) == ID_DIGITS:
        if not values.get("birth"):
            values["birth"] = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        if values.get("sex") in {None, "U"}:
            values["sex"] = "M" if int(number[16]) % 2 else "F"


def replay(truth: Mapping[str, Any], without: frozenset[str] = frozenset()) -> Books:
    """Play the truth back and return the books it leaves.

    `without` are unit codes whose computers are left out, as if their bundles had never come.
    """
    books = Books()
    enter = {
        "captures": books.capture,
        "edits": books.edit,
        "deletes": books.delete,
        "resolutions": books.resolve,
        "links": books.link,
    }
    steps: dict[int, list[tuple[str, Json]]] = defaultdict(list)
    for name in enter:
        for position, entry in enumerate(truth.get(name, [])):
            if entry.get("unit") not in without:
                steps[entry.get("n", position)].append((name, entry))
    for number in sorted(steps):
        for name, entry in steps[number]:
            try:
                enter[name](entry)
            except KeyError:
                if name == "captures" or not without:
                    raise  # what was done to a record that never came is left out with it
    return books
