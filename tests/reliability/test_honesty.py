"""Honesty of the unit in between: what a township changes, drops or holds back is found out.

The township here is enrolled and signs what it likes; the villages' operations it cannot sign.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from learnsite_desktop.bundle.payloads import decode_checkpoint, encode_checkpoint
from learnsite_desktop.bundle.ranges import decode_range, encode_ranges
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.oplog.certificates import Checkpoint, make_checkpoint
from learnsite_desktop.services.standing import standing
from tests.flows.desks import (
    COUNTY,
    NOW,
    TOWNSHIP,
    VILLAGES,
    Desk,
    found_county,
    open_desk,
    ring,
    village_entries,
)
from tests.reliability.conftest import Report
from tests.reliability.forge import Forger, Frames
from tests.reliability.sizes import size
from tests.support import table_dump

VILLAGE: Final = VILLAGES[0]


class Relay:
    """County, township and village, and a relay bundle of the village's work for the county."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stick = root / "stick"
        self.county = found_county(root / "county")
        self.township = open_desk(root / "township", self.county, TOWNSHIP, self.stick)
        self.village = open_desk(root / "village", self.township, VILLAGE, self.stick)
        ring([self.village], self.township, self.stick)
        ring([self.township], self.county, self.stick)
        for number in range(3):
            self.village.capture(**village_entries(VILLAGE, f"r{number}"))
            ring([self.village], self.township, self.stick, rounds=1)
        bundle = self.township.pack(COUNTY, self.stick)
        with self.township.look() as workspace, self.county.look() as receiver:
            self.forger = Forger.of(
                workspace.keys.device,
                workspace.incarnation,
                receiver.keys.device,
                bundle,
                [COUNTY, TOWNSHIP, VILLAGE],
                [],
            )
        with self.village.look() as workspace:
            self.inc = workspace.incarnation.inc
        self.bundle = bundle

    def place(self) -> int:
        """Return where among the frames the village's range stands."""
        return next(
            at
            for at, (kind, payload) in enumerate(self.forger.frames)
            if kind == "O" and decode_range(payload)[0].inc == self.inc
        )

    def changed(self, change: Callable[[list[bytes]], list[bytes]], *, point: bytes = b"") -> bytes:
        """Return the relay bundle with the village's lines changed and its count set right.

        What follows a changed line names it by its hash again, as far as a relay can do that.
        """
        at = self.place()
        head, lines, _hashes = decode_range(self.forger.frames[at][1])
        told = change(list(lines))
        frames: Frames = list(self.forger.frames)
        (frames[at],) = (
            ("O", payload) for payload in encode_ranges(head.inc, head.unit, head.n, told)
        )
        if point:
            frames[at + 1] = ("C", point)
        header = json.loads(frames[0][1])
        header["counts"]["operations"] -= len(lines) - len(told)
        frames[0] = ("H", canonical(header))
        return self.forger.seal(frames)

    def refusal(self, content: bytes) -> tuple[str, str]:
        """Return code and place with which the county refuses a file; nothing may change."""
        path = self.stick / "changed.lsb"
        path.write_bytes(content)
        before = table_dump(self.county.folder)
        found = self.county.attempt(path)
        assert table_dump(self.county.folder) == before
        assert found.error is not None, "a changed file was taken"
        return found.error.code, str(found.error.where)


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Relay:
    return Relay(tmp_path_factory.mktemp("relay"))


def chained(lines: list[bytes], first: int) -> list[bytes]:
    """Name every line after `first` anew by the hash of the one before it."""
    for at in range(first, len(lines)):
        body = json.loads(lines[at])
        if at > first:
            body["prev"] = b64(hashlib.sha256(lines[at - 1]).digest())
            body["n"] = json.loads(lines[at - 1])["n"] + 1
        lines[at] = canonical(body)
    return lines


def with_value(rng: random.Random, lines: list[bytes]) -> list[bytes]:
    """Change what one operation says, and chain the rest to it."""
    at = rng.randrange(len(lines))
    body = json.loads(lines[at])
    writes = body.setdefault("f", {})
    name = rng.choice([*writes, "notes"])
    writes[name] = f"{writes.get(name)}!"
    lines[at] = canonical(body)
    return chained(lines, at)


def without_one(rng: random.Random, lines: list[bytes]) -> list[bytes]:
    """Leave one operation in the middle out, and chain the rest over the gap."""
    at = rng.randrange(len(lines) - 1)
    prev = json.loads(lines[at])["prev"]
    del lines[at]
    body = json.loads(lines[at])
    body["prev"], body["n"] = prev, body["n"] - 1
    lines[at] = canonical(body)
    return chained(lines, at)


def swapped(rng: random.Random, lines: list[bytes]) -> list[bytes]:
    """Let two operations change places."""
    at = rng.randrange(len(lines) - 1)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return lines


def invented(rng: random.Random, lines: list[bytes]) -> list[bytes]:
    """Put an operation in the village's name behind its own."""
    body = json.loads(lines[rng.randrange(len(lines))])
    body |= {"n": json.loads(lines[-1])["n"] + 1, "r": b64(rng.randbytes(16))}
    body["prev"] = b64(hashlib.sha256(lines[-1]).digest())
    return [*lines, canonical(body)]


def forged(relay: Relay, rng: random.Random) -> tuple[str, bytes]:
    """Return a relay bundle with one thing changed that the village did; the name of the change."""
    change = rng.choice((with_value, without_one, swapped, invented))
    told: list[bytes] = []

    def changing(lines: list[bytes]) -> list[bytes]:
        told[:] = change(rng, lines)
        return told

    if rng.random() < 0.5:
        return change.__name__, relay.changed(changing)
    # The township signs the end of the village's chain itself, with the only key it has.
    at = relay.place()
    head, lines, _hashes = decode_range(relay.forger.frames[at][1])
    state = rng.getstate()
    last = json.loads(changing(list(lines))[-1])
    rng.setstate(state)
    end = hashlib.sha256(told[-1]).digest()
    point = make_checkpoint(relay.forger.keys.sign, head.inc, head.unit, last["n"], end)
    return f"{change.__name__}, signed", relay.changed(changing, point=encode_checkpoint(point))


def try_forgeries(relay: Relay, count: int, seed: int) -> Counter[str]:
    """Have the county refuse so many; each must name the village's chain."""
    rng = random.Random(seed)
    found: Counter[str] = Counter()
    for _number in range(count):
        name, content = forged(relay, rng)
        code, where = relay.refusal(content)
        assert code in {"chain_broken", "part_signature", "part_malformed"}, (name, code)
        assert b64(relay.inc) in where or "O @" in where or "C @" in where, (name, code, where)
        found[name] += 1
    return found


def test_what_is_changed_on_the_way_is_refused_by_place(relay: Relay, report: Report) -> None:
    found = try_forgeries(relay, 60, seed=1)
    assert len(found) == 8, found
    report("township honesty", forgeries=sum(found.values()), caught=sum(found.values()))


@pytest.mark.soak
def test_much_that_is_changed_on_the_way(relay: Relay, report: Report) -> None:
    found = try_forgeries(relay, size(5000), seed=2)
    report("township honesty", forgeries=sum(found.values()), caught=sum(found.values()))


def test_the_relay_itself_is_taken(relay: Relay, tmp_path: Path) -> None:
    """The same way of taking apart and putting together, with nothing changed, is no offence."""
    county = relay.county.copy_to(tmp_path / "county")
    path = tmp_path / "same.lsb"
    path.write_bytes(relay.changed(lambda lines: lines))
    assert county.attempt(path).outcome == "received"
    assert county.hash(VILLAGE) == relay.village.hash(VILLAGE)


def shortened(relay: Relay) -> bytes:
    """Return the bundle without the end of the village's chain, cut where the village signed."""
    with relay.township.look() as workspace:
        rows = workspace.database.rows(
            "SELECT p.n, p.head, p.signature FROM checkpoint p JOIN chain c ON c.id=p.chain "
            "JOIN incarnation i ON i.id=c.incarnation JOIN unit u ON u.id=c.unit "
            "WHERE i.inc=? AND u.code=? ORDER BY p.n",
            (relay.inc, VILLAGE),
        )
    head, lines, _hashes = decode_range(relay.forger.frames[relay.place()][1])
    whole = decode_checkpoint(relay.forger.frames[relay.place() + 1][1])
    n, name, signature = next(row for row in reversed(rows) if head.n <= row[0] < whole.n)
    point = encode_checkpoint(Checkpoint(head.inc, head.unit, n, name, signature))
    assert 0 < n - head.n + 1 < len(lines)
    return relay.changed(lambda told: told[: n - head.n + 1], point=point)


def above(desk: Desk) -> dict[str, Any]:
    """Return, by unit, what the units above hold as far as this desk was shown."""
    with desk.look() as workspace:
        return {one.unit: one for one in standing(workspace).held}


def test_a_tail_held_back_shows_in_the_countys_receipt(relay: Relay, tmp_path: Path) -> None:
    """What was cut off looks whole to the county; the village sees within one round trip."""
    county = relay.county.copy_to(tmp_path / "county")
    township = relay.township.copy_to(tmp_path / "township")
    village = relay.village.copy_to(tmp_path / "village")
    path = tmp_path / "short.lsb"
    path.write_bytes(shortened(relay))
    assert county.attempt(path).outcome == "received"
    stick = tmp_path / "stick"
    township.receive(county.pack(township, stick))
    village.receive(township.pack(village, stick))
    seen = above(village)
    assert seen[TOWNSHIP].held == seen[TOWNSHIP].total
    assert seen[COUNTY].held < seen[COUNTY].total


def test_a_county_that_is_never_heard_of_turns_amber(relay: Relay, tmp_path: Path) -> None:
    """Whoever holds back the receipts as well is found out by the calendar alone."""
    village = relay.village.copy_to(tmp_path / "village")
    assert COUNTY not in above(village), "not heard of yet, and not missed yet"
    silent = above(village.at(NOW + timedelta(days=46)))[COUNTY]
    assert (silent.held, silent.number) == (0, 0)
    assert silent.expired(NOW + timedelta(days=46))


def test_private_values_can_be_left_out_but_not_changed(relay: Relay, tmp_path: Path) -> None:
    """A commitment that its value does not fit refuses the file; without values it is taken."""
    frames = list(relay.forger.frames)
    at = next(place for place, (kind, _payload) in enumerate(frames) if kind == "P")
    frames[at] = ("P", frames[at][1].replace("王小明".encode(), "王小亮".encode(), 1))
    code, where = relay.refusal(relay.forger.seal(frames))
    assert code == "part_malformed"
    assert "P @" in where
    county = relay.county.copy_to(tmp_path / "county")
    path = tmp_path / "bare.lsb"
    path.write_bytes(relay.forger.seal([f for f in relay.forger.frames if f[0] != "P"]))
    assert county.attempt(path).outcome == "received"
    assert county.hash(VILLAGE) == relay.village.hash(VILLAGE)
