"""A hundred devices that write about the same records, and the files in which that travels.

Keys, certificates and operations are made directly, without a workspace for each computer: what
receivers have to cope with is only what is written and in which files it comes.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.bundle.payloads import Header
from learnsite_desktop.bundle.writer import BundleContent, ChainRange, write_bundle
from learnsite_desktop.domain.ids import b64, derived_id, unb64
from learnsite_desktop.domain.scopes import RevokedHead, Scope
from learnsite_desktop.oplog.certificates import (
    IncarnationCertificate,
    make_checkpoint,
    make_enrolment,
    make_incarnation,
    make_revocation,
)
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.oplog.line import Operation, encode, line_hash
from tests.flows.desks import TOWNSHIP
from tests.flows.model import Line

AT: Final = "2026-03-{:02}T09:00:00+08:00"
SEEN_PER_RECORD: Final = 60
KINDS: Final = ("learner", "learner", "session", "session", "activity", "site", "submission")
VERDICTS: Final = ("approved", "rejected", None)


@dataclass
class Author:
    """One life of a device: where its chains stand, and which operations it has seen."""

    keys: DeviceKeys
    certificate: IncarnationCertificate
    unit: str
    ends: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    seen: dict[str, set[bytes]] = field(default_factory=dict)

    @property
    def inc(self) -> str:
        return b64(self.certificate.inc)


@dataclass(frozen=True)
class Piece:
    """Consecutive lines of one chain, from number `first` on."""

    author: Author
    unit: str
    first: int
    lines: tuple[bytes, ...]


class ManyDevices:
    """One township's devices and all that they wrote; `township` and `root` are real keys."""

    def __init__(
        self,
        rng: random.Random,
        *,
        villages: Sequence[str],
        per_village: int,
        operations: int,
        root: DeviceKeys,
        township: DeviceKeys,
    ) -> None:
        self.rng, self.root, self.issuer = rng, root, township
        self.villages = villages
        self.lines: dict[bytes, Line] = {}
        self.records: dict[str, list[tuple[str, str]]] = {unit: [] for unit in villages}
        self.certificates: list[bytes] = []
        self.enrolled: dict[bytes, bytes] = {}
        self.lives_before: list[Author] = []
        self.clerks = {unit: [self.device(unit) for _n in range(per_village)] for unit in villages}
        self.offices = [self.device(TOWNSHIP) for _n in range(2)]
        for author in [*self.authors(), *self.offices]:
            self.enrol(author)
        for _n in range(operations):
            self.write_something()
        for unit in rng.sample(list(villages), k=max(1, len(villages) // 4)):
            self.revoke(rng.choice(self.clerks[unit]))

    def authors(self) -> list[Author]:
        return [author for unit in self.villages for author in self.clerks[unit]]

    # -- who may write -----------------------------------------------------------------------

    def device(self, unit: str) -> Author:
        keys = DeviceKeys.mint(self.rng.randbytes)
        return self.life(keys, unit, None)

    def life(self, keys: DeviceKeys, unit: str, former: bytes | None) -> Author:
        """Return a device's first life, or the one after a restore."""
        tier = "township" if unit == TOWNSHIP else "village"
        certificate = make_incarnation(
            keys, unit=unit, tier=tier, at=AT.format(1), of=former, token_bytes=self.rng.randbytes
        )
        return Author(keys, certificate, unit)

    def enrol(self, author: Author) -> None:
        """Certify a device; some may enter for a second village, from some day on."""
        by = self.root if author.unit == TOWNSHIP else self.issuer
        scopes = [Scope("own", author.unit)]
        if author.unit == TOWNSHIP:
            scopes.append(Scope("below", TOWNSHIP))
        device = author.certificate.ed
        made = make_enrolment(by, device=device, unit=author.unit, scopes=scopes, at=AT.format(1))
        self.enrolled[device] = made.raw
        if author.unit != TOWNSHIP and self.rng.random() < 0.1:
            since = AT.format(self.rng.randrange(5, 20))[:10]
            scopes.append(Scope("for", self.rng.choice(self.villages), since))
            more = make_enrolment(
                by, device=device, unit=author.unit, scopes=scopes, at=AT.format(2)
            )
            self.certificates.append(more.raw)

    def revoke(self, author: Author) -> None:
        """Trust a device no further than some operation of each of its chains, or not at all."""
        heads = []
        for unit, ends in author.ends.items():
            n, name = self.rng.choice(ends)
            for _step in range(self.rng.randrange(4)):
                if n > 1:
                    n, name = n - 1, unb64(self.lines[name].body["prev"])
            heads.append(RevokedHead(unit, author.certificate.inc, n, name))
        made = make_revocation(
            self.issuer, device=author.certificate.ed, heads=heads, at=AT.format(28)
        )
        self.certificates.append(made.raw)

    # -- what is written ---------------------------------------------------------------------

    def write_something(self) -> None:
        """Let somebody write, in view of what has reached him."""
        rng = self.rng
        unit = rng.choice(self.villages)
        everybody = [*self.clerks[unit], *self.offices]
        author = rng.choice(everybody)
        if rng.random() < 0.35:
            other = rng.choice(everybody)
            author.seen.setdefault(unit, set()).update(other.seen.get(unit, ()))
        if rng.random() < 0.03:
            author = rng.choice(self.clerks[rng.choice(self.villages)])  # a foreign unit's record
        if rng.random() < 0.02 and author.unit != TOWNSHIP:
            author = self.restored(author)
        known = self.records[unit]
        if len(known) < 4 or rng.random() < 0.12:
            kind = rng.choice(KINDS)
            derived = derived_id(
                kind, unit, "2026-03"
            )  # a submission under any other id is nobody's
            known.append((b64(derived if kind == "submission" else rng.randbytes(16)), kind))
        record, kind = rng.choice(known[-8:])
        if author.unit == TOWNSHIP and rng.random() < 0.1:
            record, kind = b64(rng.randbytes(16)), "link"
        self.save(author, unit, record, kind)

    def restored(self, author: Author) -> Author:
        """Put a backup of a device in place: the same keys, another life."""
        again = self.life(author.keys, author.unit, author.certificate.inc)
        again.seen = {unit: set(names) for unit, names in author.seen.items()}
        mates = self.clerks[author.unit]
        mates[mates.index(author)] = again
        self.lives_before.append(author)
        return again

    def save(self, author: Author, unit: str, record: str, kind: str) -> None:
        """Write one operation on all heads of the record that its author has seen."""
        seen = author.seen.setdefault(unit, set())
        mine = [n for n in seen if self.lines[n].record[:2] == (record, kind)]
        followed = {unb64(p) for name in mine for p in self.lines[name].body.get("par", ())}
        heads = sorted(set(mine) - followed)[:SEEN_PER_RECORD]
        ends = author.ends.setdefault(unit, [(0, author.certificate.genesis(unit))])
        at = self.rng.randrange(len(ends))
        n, prev = ends[at]
        if n > 1 and self.rng.random() < 0.01:
            # A copied computer: the chain branches.
            ends.append((n, prev))
            n, prev = n - 1, unb64(self.lines[prev].body["prev"])
            at = len(ends) - 1
        f, pf, verb, why = self.content(author, unit, kind, bool(heads))
        operation = Operation(
            at=AT.format(self.rng.randrange(1, 28)),
            inc=author.inc,
            k=f"{kind}.{verb}",
            n=n + 1,
            prev=b64(prev),
            r=record,
            sv=1,
            u="",
            un=unit,
            v=1,
            f=f,
            par=sorted(b64(head) for head in heads),
            pf=pf,
            why=b64(self.rng.randbytes(32)) if why else "",
        )
        line = encode(operation)
        name = line_hash(line)
        ends[at] = (n + 1, name)
        self.lines[name] = Line.of(line)
        seen.add(name)

    def content(
        self, author: Author, unit: str, kind: str, old: bool
    ) -> tuple[dict[str, Any], dict[str, str | None], str, bool]:
        """Return registers, private ones, the verb, and whether a reason is given."""
        rng = self.rng
        upper = author.unit == TOWNSHIP
        if kind == "link":
            people = [name for name, of in self.records[unit] if of == "learner"]
            a, b = (rng.choice(people or [b64(rng.randbytes(16))]) for _n in range(2))
            link = {"a": a, "b": b, "linked": rng.random() < 0.7, "rule": "manual"}
            return link, {}, "create", True
        if old and rng.random() < (0.5 if upper else 0.02):
            if kind == "submission":
                heads = [[author.inc, *self.ended(author, unit)]]
                return {"review.township.lock": ["2026-03", *heads]}, {}, "lock", True
            state = {"review.township.state": rng.choice(VERDICTS)}
            return state, {}, "approve", rng.random() < 0.5
        if old and rng.random() < 0.12:
            return {"_deleted": rng.choice((True, True, None))}, {}, "delete", True
        why = upper and rng.random() < 0.9
        return *self.facts(unit, kind), "edit" if old else "create", why

    def ended(self, author: Author, unit: str) -> tuple[int, str]:
        n, name = author.ends[unit][0]
        return max(n, 1), b64(name)

    def facts(self, unit: str, kind: str) -> tuple[dict[str, Any], dict[str, str | None]]:
        rng = self.rng
        people = [name for name, of in self.records[unit] if of == "learner"]
        if kind == "learner":
            private: dict[str, str | None] = {"name": b64(rng.randbytes(32))}
            if rng.random() < 0.4:
                private["mobile"] = rng.choice((None, b64(rng.randbytes(32))))
            return {"sex": rng.choice("MF"), "residence": "local"}, private
        if kind == "session":
            writes: dict[str, Any] = {"date": AT.format(rng.randrange(1, 28))[:10]}
            for name in rng.sample(people, k=min(len(people), 3)):
                mark = [rng.choice("PLA"), rng.choice((None, 40)), "paper", None]
                writes[f"a:{name}"] = rng.choice((mark, mark, None))
            if rng.random() < 0.5:
                writes["time"] = [f"{rng.randrange(8, 10):02}:00", "11:00"]
            return writes, {}
        if kind == "submission":
            return {"unit": unit, "period": "2026-03"}, {}
        title = "title" if kind == "activity" else "name"
        return {title: f"{rng.randrange(4)}号", f"x{rng.randrange(3)}": [rng.randrange(3)]}, {}

    # -- how it travels ----------------------------------------------------------------------

    def pieces(self) -> list[Piece]:
        """Cut every branch of every chain at random places; what branches share comes twice."""
        found: list[Piece] = []
        for author in [*self.authors(), *self.lives_before, *self.offices]:
            for unit, ends in author.ends.items():
                for n, end in ends:
                    lines: list[bytes] = []
                    name = end
                    for _number in range(n):
                        lines.append(self.lines[name].raw)
                        name = unb64(self.lines[name].body["prev"])
                    lines.reverse()
                    found += self._cut(author, unit, lines)
        return found

    def _cut(self, author: Author, unit: str, lines: list[bytes]) -> Iterator[Piece]:
        places = [at for at in range(1, len(lines)) if self.rng.random() < 0.2]
        for start, end in zip([0, *places], [*places, len(lines)], strict=True):
            if end > start:
                yield Piece(author, unit, start + 1, tuple(lines[start:end]))

    def files(self, folder: Path, recipient: str, count: int) -> list[Path]:
        """Write everything into about `count` files for the township, in a split of its own."""
        rng = self.rng
        groups: list[dict[tuple[bytes, str], Piece]] = [{} for _n in range(count)]
        for piece in self.pieces():
            chain = (piece.author.certificate.inc, piece.unit)
            place = rng.randrange(len(groups))
            while chain in groups[place]:
                place += 1
                if place == len(groups):
                    groups.append({})
            groups[place][chain] = piece
        papers: list[list[bytes]] = [[] for _group in groups]
        for paper in [*self.certificates, *self.enrolled.values()]:
            rng.choice(papers).append(paper)
        folder.mkdir(parents=True)
        return [
            self._file(folder / f"{number}.lsb", recipient, group, extra)
            for number, (group, extra) in enumerate(zip(groups, papers, strict=True))
        ]

    def _file(
        self,
        path: Path,
        recipient: str,
        group: dict[tuple[bytes, str], Piece],
        extra: list[bytes],
    ) -> Path:
        """Write one file; a computer of the township hands over what it has gathered."""
        sender = self.rng.choice(self.offices)
        lives = {piece.author.inc: piece.author.certificate.raw for piece in group.values()}
        lives[sender.inc] = sender.certificate.raw
        header = Header(
            kind="peer",
            from_unit=TOWNSHIP,
            from_inc=sender.certificate.inc,
            to_unit=TOWNSHIP,
            at=AT.format(28),
            counts={"operations": sum(len(piece.lines) for piece in group.values())},
        )
        ranges = []
        for (inc, unit), piece in sorted(group.items(), key=lambda item: item[0]):
            last = piece.first + len(piece.lines) - 1
            head = line_hash(piece.lines[-1])
            point = make_checkpoint(piece.author.keys.sign, inc, unit, last, head)
            ranges.append(ChainRange(piece.first, piece.lines, point))
        content = BundleContent(
            certificates=[*lives.values(), *{self.enrolled[sender.certificate.ed], *extra}],
            ranges=ranges,
        )
        write_bundle(
            path, header, content, recipients=[recipient], keys=sender.keys,
            sender=sender.certificate, fsync=False,
        )  # fmt: skip
        return path
