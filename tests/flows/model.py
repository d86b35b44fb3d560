"""What every computer must hold and show, worked out beside the real folders.

Reads the databases with the standard library and merges with the brute-force oracle; of the
product it uses nothing but the names of tables.
"""

import hashlib
import json
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.oracle.authority_oracle import Deed, Papers, Word, spoken_over, stands
from tests.oracle.merge_oracle import Op, Verdict, judge

READY, WAITING, QUARANTINED, WITHDRAWN = range(4)
TIERS = {"village": 0, "township": 1, "county": 2}
NOT_FACTS = ("review.", "outcome.")
WORDS_FROM_ABOVE = {
    "return": {"closed_by", "reasons"},
    "finding": {"answered", "answer", "reasons"},
    "inspection": {"reasons"},
    "reversal": {"reasons"},
    "proposal": {"what", "said", "why", "reasons", "_deleted"},
}
"""Kinds in which units above speak, with the registers in which the unit itself has a say."""
SETTLED_BY = {"return": {"closed_by"}}
CERTAIN = ("id", "birth")
"""Rules by which receiving links learners unasked; such a link has no part in the state hash."""
SHOWN_KINDS = ("learner", "session", "enrolment", "activity", "site")
RecordKey = tuple[str, str, str]


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: object) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


@dataclass(frozen=True)
class Line:
    """One operation line, read without the product."""

    hash: bytes
    raw: bytes
    body: Mapping[str, Any]

    @staticmethod
    @lru_cache(maxsize=4096)
    def of(raw: bytes) -> "Line":
        return Line(hashlib.sha256(raw).digest(), raw, json.loads(raw))

    @property
    def record(self) -> RecordKey:
        return self.body["r"], self.body["k"].rpartition(".")[0], self.body["un"]

    @property
    def chain(self) -> tuple[str, str]:
        return self.body["inc"], self.body["un"]

    @property
    def commitments(self) -> dict[str, str]:
        """Registers whose value travels apart, with the commitment that stands for it."""
        found = {key: name for key, name in self.body.get("pf", {}).items() if name}
        if self.body.get("why"):
            found["why"] = self.body["why"]
        return found

    @property
    def deed(self) -> Deed:
        """Return it as the oracle of authority takes it."""
        kind = self.record[1]
        registers = [*self.body.get("f", {}), *self.body.get("pf", {})]
        return Deed(
            name=b64(self.hash),
            prev=self.body["prev"],
            inc=self.body["inc"],
            unit=self.body["un"],
            n=self.body["n"],
            day=self.body["at"][:10],
            layers=frozenset(layer(kind, name) for name in registers) or frozenset({"fact"}),
            has_why=bool(self.body.get("why")),
        )

    def op(self, author: tuple[str, str]) -> Op:
        """Return it as the oracle takes it; `author` is the unit and tier of its certificate."""
        unit, tier = author
        return Op(
            hash=self.hash,
            parents=tuple(unb64(parent) for parent in self.body.get("par", ())),
            writes={**self.body.get("f", {}), **self.body.get("pf", {})},
            own=unit == self.body["un"],
            tier=TIERS[tier],
        )


@dataclass
class Batch:
    """A file taken in: the operations it brings, and whether they count."""

    operations: frozenset[bytes]
    active: bool = True


@dataclass
class Ledger:
    """Which files a computer has taken in, and taken back."""

    batches: dict[int, Batch] = field(default_factory=dict)

    def copy(self) -> "Ledger":
        return Ledger({key: Batch(b.operations, b.active) for key, b in self.batches.items()})

    def withdrawn(self, own: Iterable[bytes]) -> set[bytes]:
        """Operations that only files taken back brought, unless written on this computer."""
        back = {op for b in self.batches.values() if not b.active for op in b.operations}
        kept = {op for b in self.batches.values() if b.active for op in b.operations}
        return back - kept - set(own)


def batches(folder: Path) -> dict[int, Batch]:
    """Return the files that a workspace says it has taken in."""
    uri = f"{(folder / 'learnsite.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        numbers = connection.execute("SELECT id, state='active' FROM batch").fetchall()
        brought = connection.execute(
            "SELECT b.batch, o.hash FROM batch_op b JOIN op o ON o.id=b.op"
        ).fetchall()
    return {
        number: Batch(frozenset(op for batch, op in brought if batch == number), bool(active))
        for number, active in numbers
    }


@dataclass(frozen=True)
class Holdings:
    """What one database says at one moment."""

    lines: Mapping[bytes, Line]
    states: Mapping[bytes, int]
    records: Mapping[RecordKey, tuple[dict[str, Any], bool, bool]]
    conflicts: frozenset[tuple[RecordKey, str]]
    marks: Mapping[str, dict[str, list[Any]]]
    authors: Mapping[str, tuple[str, str]]
    own: frozenset[str]
    papers: Papers
    counted: Mapping[tuple[str, str], bool]


def read(folder: Path) -> Holdings:
    """Read a workspace's database."""
    uri = f"{(folder / 'learnsite.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        key_of = {
            row[0]: (b64(row[1]), row[2], row[3])
            for row in rows(
                "SELECT r.id, i.rid, r.kind, u.code FROM record r JOIN ident i ON i.id=r.ident "
                "JOIN unit u ON u.id=r.unit"
            )
        }
        logged = rows("SELECT hash, state, line, record FROM op")
        lines = {row[0]: Line.of(row[2]) for row in logged}
        assert all(name == line.hash for name, line in lines.items())
        assert all(key_of[row[3]] == lines[row[0]].record for row in logged)
        marks: dict[str, dict[str, list[Any]]] = {}
        for session, learner, *value in rows(
            "SELECT s.rid, l.rid, m.status, m.minutes, m.source, m.proxy FROM mark m "
            "JOIN ident s ON s.id=m.session JOIN ident l ON l.id=m.learner"
        ):
            marks.setdefault(b64(session), {})[b64(learner)] = value
        incarnations = rows(
            "SELECT i.inc, u.code, u.tier, i.body FROM incarnation i JOIN unit u ON u.id=i.unit"
        )
        settings = dict(rows("SELECT key, value FROM setting"))
        current = settings["incarnation"]
        device = {b64(row[0]): json.loads(row[3])["ed"] for row in incarnations}
        tiers = {b64(row[0]): json.loads(row[3])["tier"] for row in incarnations}
        papers: dict[str, dict[str, Any]] = {"enrolment": {}, "revocation": {}}
        for name, kind, body in rows("SELECT hash, type, body FROM certificate"):
            papers.get(kind, {})[b64(name)] = json.loads(body)
        for trusted in _trusted_at_first(settings, device[current]):
            papers["enrolment"][f"at first {trusted['device']}"] = trusted
        return Holdings(
            lines=lines,
            states={row[0]: row[1] for row in logged},
            records={
                key_of[row[0]]: (json.loads(row[3]), bool(row[1]), bool(row[2]))
                for row in rows("SELECT id, deleted, frozen, doc FROM record")
            },
            conflicts=frozenset(
                (key_of[row[0]], row[1]) for row in rows("SELECT record, register FROM conflict")
            ),
            marks=marks,
            authors={b64(row[0]): (row[1], row[2]) for row in incarnations},
            own=frozenset(inc for inc, key in device.items() if key == device[current]),
            papers=Papers(
                root=settings["root"],
                enrolments=papers["enrolment"],
                revocations=papers["revocation"],
                lives={
                    b64(r[0]): (device[b64(r[0])], r[1], tiers[b64(r[0])]) for r in incarnations
                },
            ),
            counted={
                (b64(rid), kind): bool(counted)
                for kind in SHOWN_KINDS
                for rid, counted in rows(
                    f"SELECT i.rid, t.counted FROM {kind} t JOIN ident i ON i.id=t.ident"
                )
            },
        )


def _trusted_at_first(settings: Mapping[str, str], device: str) -> Iterable[dict[str, Any]]:
    """Yield what a computer believes before its first round trip: itself, and who opened it."""
    known = [(device, settings["unit"], settings["tier"])]
    if settings.get("opener"):
        known.append(json.loads(settings["opener"]))
    for key, unit, tier in known:
        scopes = [["own", unit]] if tier == "village" else [["own", unit], ["below", unit]]
        yield {"device": key, "un": unit, "scopes": scopes, "by": settings["root"]}


def layer(kind: str, register: str) -> str:
    """Return which authority a register needs: fact, review, or review by one tier."""
    if register.startswith(NOT_FACTS):
        return f"review:{register.split('.')[1]}"
    return "fact" if is_fact(kind, register) else "review"


def is_fact(kind: str, register: str) -> bool:
    """Whether a register is a fact: not a review, not an outcome, not the word of a unit above."""
    if register.startswith(NOT_FACTS):
        return False
    return kind not in WORDS_FROM_ABOVE or register in WORDS_FROM_ABOVE[kind]


def held_apart(holdings: Holdings) -> set[bytes]:
    """Return the operations whose authors may not write them, by the certificates held."""
    deeds = [line.deed for line in holdings.lines.values()]
    return {unb64(name) for name in holdings.papers.held_apart(deeds)}


def outranked(holdings: Holdings, without: set[bytes]) -> set[bytes]:
    """Return the operations that write over the word of a tier above theirs."""
    groups: dict[RecordKey, list[Word]] = {}
    for line in holdings.lines.values():
        kind = line.record[1]
        if kind not in WORDS_FROM_ABOVE or line.hash in without:
            continue
        registers = {*line.body.get("f", {}), *line.body.get("pf", {})}
        home, _tier = holdings.authors[line.body["inc"]]
        word = Word(
            name=line.hash,
            parents=tuple(unb64(parent) for parent in line.body.get("par", ())),
            own=home == line.body["un"],
            tier=TIERS[holdings.papers.lives[line.body["inc"]][2]],
            says=any(not is_fact(kind, name) for name in registers),
            settles=bool(registers & SETTLED_BY.get(kind, set())),
        )
        groups.setdefault(line.record, []).append(word)
    return {name for words in groups.values() for name in spoken_over(words)}


def verdicts_of(holdings: Holdings, without: set[bytes]) -> dict[RecordKey, Verdict]:
    """Return what the oracle says of every record, without what was withdrawn or held apart."""
    groups: dict[RecordKey, list[Op]] = {}
    for line in holdings.lines.values():
        group = groups.setdefault(line.record, [])
        if line.hash not in without:
            group.append(line.op(holdings.authors[line.body["inc"]]))
    return {
        key: judge(group, lambda register, kind=key[1]: is_fact(kind, register))  # type: ignore[misc]
        for key, group in groups.items()
    }


def state_hash(holdings: Holdings, verdicts: Mapping[RecordKey, Verdict], within: str = "") -> str:
    """Return the digest of the state, from its definition; `within` begins the unit codes."""
    unasked = {
        name
        for name, line in holdings.lines.items()
        if line.record[1] == "link" and line.body.get("f", {}).get("rule") in CERTAIN
    }
    lines = [
        canonical(["q", b64(name)])
        for name, state in holdings.states.items()
        if state == QUARANTINED and holdings.lines[name].body["un"].startswith(within)
    ]
    for (record, _kind, unit), verdict in verdicts.items():
        if not unit.startswith(within):
            continue
        if verdict.frozen:
            lines.append(canonical([record, "*", [b64(name) for name in verdict.heads]]))
            continue
        for register, names in verdict.live.items():
            named = sorted(b64(name) for name in names if name not in unasked)
            if named and not register.startswith("outcome."):
                lines.append(canonical([record, register, named]))
    return b64(hashlib.sha256(b"".join(line + b"\n" for line in sorted(lines))).digest())


def branches(lines: Iterable[Line]) -> dict[tuple[str, str], list[tuple[int, bytes]]]:
    """Return per chain the last operation of every branch that reaches back to number 1."""
    chains: dict[tuple[str, str], dict[bytes, Line]] = {}
    for line in lines:
        chains.setdefault(line.chain, {})[line.hash] = line
    found: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
    for chain, members in chains.items():
        reached = {name for name, line in members.items() if line.body["n"] == 1}
        todo = list(reached)
        while todo:
            parent = todo.pop()
            for name, line in members.items():
                if unb64(line.body["prev"]) == parent and name not in reached:
                    reached.add(name)
                    todo.append(name)
        followed = {unb64(members[name].body["prev"]) for name in reached}
        ends = sorted((members[name].body["n"], name) for name in reached - followed)
        if ends:
            found[chain] = ends
    return found


def forks(lines: Iterable[Line]) -> set[tuple[str, str]]:
    """Return the chains in which two operations follow the same one."""
    seen: set[tuple[str, str, str]] = set()
    forked: set[tuple[str, str]] = set()
    for line in lines:
        place = (*line.chain, line.body["prev"])
        if place in seen:
            forked.add(line.chain)
        seen.add(place)
    return forked


def check(holdings: Holdings, ledger: Ledger) -> dict[RecordKey, Verdict]:
    """Compare a database with what its operations and its ledger give; returns the verdicts.

    P1 the state is a function of the operations, certificates and withdrawals, P17 only who may
    write is taken at its word and nobody else has to wait for that, P7 conflicts are those of the
    oracle, P9 what is deleted hides nothing, P10 a group shows one author's values, P15 clocks
    have no part in it (the oracle knows none).
    """
    own = {name for name, line in holdings.lines.items() if line.body["inc"] in holdings.own}
    withdrawn = ledger.withdrawn(own) & set(holdings.lines)
    apart = held_apart(holdings)
    apart |= outranked(holdings, withdrawn | apart)
    verdicts = verdicts_of(holdings, withdrawn | apart)
    ready = frozenset[bytes]().union(*(verdict.ready for verdict in verdicts.values()))
    for name in holdings.lines:
        expected = WAITING
        if name in withdrawn:
            expected = WITHDRAWN
        elif name in apart:
            expected = QUARANTINED
        elif name in ready:
            expected = READY
        assert holdings.states[name] == expected, (b64(name), holdings.states[name], expected)
    assert holdings.conflicts == {
        (key, register) for key, verdict in verdicts.items() for register in verdict.conflicts
    }
    shown_of_id: dict[tuple[str, str], int] = {}
    for key, verdict in verdicts.items():
        doc, deleted, frozen = holdings.records[key]
        if verdict.heads:
            shown_of_id[key[:2]] = shown_of_id.get(key[:2], 0) + 1
        plain = {k: v for k, v in verdict.shown.items() if not _is_mark(key, k)}
        assert doc == plain, key
        assert (deleted, frozen) == (verdict.deleted, verdict.frozen), key
        if verdict.heads and key[1] in SHOWN_KINDS:
            barred = verdict.deleted or verdict.frozen or is_rejected(verdict)
            assert holdings.counted[key[:2]] is not barred, key
        if key[1] == "session":
            marks = {k[2:]: v for k, v in verdict.shown.items() if _is_mark(key, k) and v}
            assert holdings.marks.get(key[0], {}) == marks, key
    assert all(count == 1 for count in shown_of_id.values()), "one id in two units"
    return verdicts


def covered(holdings: Holdings, verdicts: Mapping[RecordKey, Verdict], names: set[bytes]) -> bool:
    """Whether a lock of a period covers one of these operations."""
    deeds = {b64(name): line.deed for name, line in holdings.lines.items()}
    locks: dict[str, list[list[Any]]] = {}
    for (_record, kind, unit), verdict in verdicts.items():
        for register, value in verdict.shown.items():
            if kind != "submission" or verdict.deleted or register.rpartition(".")[2] != "lock":
                continue
            if isinstance(value, list) and value[1:] != ["open"]:
                locks.setdefault(unit, []).append([[unit, *row] for row in value[1:]])
    return any(
        stands(deed, heads, deeds)
        for deed in map(deeds.__getitem__, map(b64, names))
        for heads in locks.get(deed.unit, ())
    )


def is_rejected(verdict: Verdict) -> bool:
    """Whether some tier has rejected a record; then it is in no figure, and all else stays."""
    return any(
        value == "rejected" and register.startswith("review.") and register.endswith(".state")
        for register, value in verdict.shown.items()
    )


def _is_mark(key: RecordKey, register: str) -> bool:
    return key[1] == "session" and register.startswith("a:")
