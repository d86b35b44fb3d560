"""A hostile sender: takes a good bundle apart and makes bad ones of it.

Three families. *Damaged*: the sealed bytes changed, as media, chat programs and strangers do.
*Broken*: opened with the receiver's key, changed inside, then signed and sealed again by an
enrolled computer, so that only what is inside can betray it. *Lying*: every form is right, chain,
checkpoint and signature included, and only what the operations say is wild.
"""

import hashlib
import io
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyrage
import zstandard

from learnsite_desktop.bundle.frames import FrameParser
from learnsite_desktop.bundle.payloads import encode_checkpoint, encode_end, end_message
from learnsite_desktop.bundle.ranges import decode_range, encode_ranges
from learnsite_desktop.bundle.seal import open_stream, seal_stream
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.oplog.certificates import IncarnationCertificate, make_checkpoint
from learnsite_desktop.oplog.keys import DeviceKeys

Frames = list[tuple[str, bytes]]
Line = dict[str, Any]
Change = Callable[[random.Random, bytes], bytes]

WORDS: Final = (
    b"\0", b"\n", b'"', b"{}", b"[" * 3000, b"9" * 50, b"null", b"\xff\xfe", b'"prev":""', b"-1",
    b"1e999", b"NaN", b"\\ud800", b'{"t":"enrolment"}', b"\xef\xbb\xbf",
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 2**53, -(2**53), "", " ", "x" * 20_000, "\u0000\u0007", "\u202e文",
    "=1+1", "'; DROP TABLE op; --", "../../etc/passwd", "2026-02-30", "9999-99-99", "25:61", "P",
    [], [[]], [[[1]]], [None] * 3000, ["P", None, None, None], ["P", -5, "paper", True],
    ["?", 2**53, 7, "x"], ["A" * 22], [True, False], ["09:00"], [90, "counted"],
    [80, 40, 40, 20, "counted"], "AAAAAAAAAAAAAAAAAAAAAA", "2026-03", "410122101206", "approved",
    "rejected", ["2026-03", "open"], ["2026-03", ["x", 1, "y"]], ["2026", ["A" * 22, 0, "A" * 43]],
    ["A" * 43, "x"], [["A" * 43]], "approved:x", "A" * 43, ["2099-13", None], [[None, [None]]],
)  # fmt: skip
KINDS: Final = (
    "session", "activity", "learner", "enrolment", "link", "submission", "population", "sheet",
    "site", "return", "evidence", "operator", "unit", "nothing", "", "_", "session.edit",
    "reversal", "staff", "venue",
)  # fmt: skip
VERBS: Final = ("edit", "create", "delete", "resolve", "outcome", "", "x" * 300)
TIMES: Final = (
    "1970-01-01T00:00:00+00:00", "9999-12-31T23:59:59+14:00", "2026-03-31T09:00:00+08:00",
    "2026-13-01T00:00:00+08:00", "now", "",
)  # fmt: skip


def flip(rng: random.Random, raw: bytes) -> bytes:
    """Change one bit."""
    at = rng.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :]


def cut_out(rng: random.Random, raw: bytes) -> bytes:
    """Leave some bytes out."""
    start = rng.randrange(len(raw))
    return raw[:start] + raw[start + rng.choice((1, 5, 40, 5000)) :]


def cut_off(rng: random.Random, raw: bytes) -> bytes:
    """Leave the rest out."""
    return raw[: rng.randrange(len(raw))]


def insert(rng: random.Random, raw: bytes) -> bytes:
    """Put something in between."""
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.choice(WORDS) + raw[at:]


def splice(rng: random.Random, raw: bytes) -> bytes:
    """Copy a stretch over another one."""
    a, b = (rng.randrange(len(raw)) for _ in range(2))
    size = rng.choice((1, 16, 64, 4096))
    return raw[:a] + raw[b : b + size] + raw[a + size :]


def blank(rng: random.Random, raw: bytes) -> bytes:
    """Fill a stretch with zeros, as a stick that was pulled out does."""
    start = rng.randrange(len(raw))
    size = rng.choice((1, 512, 4096, len(raw)))
    return raw[:start] + b"\0" * len(raw[start : start + size]) + raw[start + size :]


CHANGES: Final[tuple[Change, ...]] = (flip, cut_out, cut_off, insert, splice, blank)


@dataclass(frozen=True, slots=True)
class Forger:
    """An enrolled computer that signs and seals whatever it likes for one receiver.

    `frames` is a good bundle without its end; `strange` are record ids of other units.
    """

    keys: DeviceKeys
    certificate: IncarnationCertificate
    recipient: str
    sealed: bytes
    frames: Frames
    units: tuple[str, ...]
    strange: tuple[str, ...]

    @classmethod
    def of(
        cls,
        keys: DeviceKeys,
        certificate: IncarnationCertificate,
        receiver: DeviceKeys,
        bundle: Path,
        units: Iterable[str],
        strange: Iterable[str],
    ) -> "Forger":
        """Open `bundle` with the receiver's keys."""
        pieces: list[bytes] = []
        with bundle.open("rb") as source:
            open_stream(source, receiver.identities(), pieces.append)
        frames = [(frame.type, frame.payload) for frame in FrameParser().feed(b"".join(pieces))]
        return cls(
            keys,
            certificate,
            receiver.recipient,
            bundle.read_bytes(),
            frames[:-1],
            tuple(units),
            tuple(strange),
        )

    def damaged(self, rng: random.Random) -> bytes:
        """Return the sealed file with something changed."""
        changed = rng.choice(CHANGES)(rng, self.sealed)
        return changed if changed != self.sealed else self.sealed[:-1]

    def broken(self, rng: random.Random) -> bytes:
        """Return a file that is sealed and signed, but not what a writer would have made."""
        frames = list(self.frames)
        at = rng.randrange(len(frames))
        kind, payload = frames[at]
        move = rng.randrange(8)
        if move == 0:
            del frames[at]
        elif move == 1:
            frames.insert(rng.randrange(len(frames)), (kind, payload))
        elif move == 2:
            frames[at] = (rng.choice("HKDROCPMExZ"), payload)
        elif payload:
            frames[at] = (kind, rng.choice(CHANGES)(rng, payload))
        if rng.random() < 0.1:
            return self._sealed_stream(rng.choice(CHANGES)(rng, stream_of(self._ended(frames))))
        return self.seal(frames)

    def lying(self, rng: random.Random) -> bytes:
        """Return a file that is right in every form, with operations that say wild things."""
        return self.seal(self.with_operations(lambda lines: self._lie(rng, lines)))

    def seal(self, frames: Frames) -> bytes:
        """Sign frames and seal them for the receiver."""
        return self._sealed_stream(stream_of(self._ended(frames)))

    def _ended(self, frames: Frames) -> Frames:
        digest = hashlib.sha256(stream_of(frames))
        head = frames[0][1] if frames else b""
        message = end_message(hashlib.sha256(head).digest(), digest.digest())
        return [*frames, ("E", encode_end(digest.digest(), self.keys.sign(message)))]

    def _sealed_stream(self, stream: bytes) -> bytes:
        target = io.BytesIO()
        seal_stream([stream], target, [self.recipient])
        return target.getvalue()

    def with_operations(self, change: Callable[[list[Line]], list[Line]]) -> Frames:
        """Return the frames with the sender's operations changed and chained anew.

        What has another unit than the first line's goes into a chain of its own, from its genesis.
        """
        at = next(
            index
            for index, (kind, payload) in enumerate(self.frames)
            if kind == "O" and decode_range(payload)[0].inc == self.certificate.inc
        )
        head, lines, _hashes = decode_range(self.frames[at][1])
        told = change([json.loads(line) for line in lines])
        chains: dict[str, list[Line]] = {}
        for line in told:
            chains.setdefault(str(line["un"]), []).append(line)
        made: Frames = []
        for unit in sorted(chains):
            first, prev = (1, self.certificate.genesis(unit))
            if unit == head.unit:
                first, prev = head.n, head.prev
            made += self._chain(unit, first, prev, chains[unit])
        header = json.loads(self.frames[0][1])
        header["counts"]["operations"] = len(told)
        others = [
            (kind, payload)
            for index, (kind, payload) in enumerate(self.frames)
            if index > 0 and kind not in "OC"
        ]
        before = [frame for frame in others if frame[0] in "KDR"]
        after = [frame for frame in others if frame[0] in "PM"]
        return [("H", canonical(header)), *before, *made, *after]

    def _chain(self, unit: str, first: int, prev: bytes, lines: list[Line]) -> Frames:
        raw: list[bytes] = []
        for n, line in enumerate(lines, start=first):
            line |= {"n": n, "prev": b64(prev), "inc": b64(self.certificate.inc)}
            raw.append(canonical(line))
            prev = hashlib.sha256(raw[-1]).digest()
        last = first + len(raw) - 1
        inc = self.certificate.inc
        point = make_checkpoint(self.keys.sign, inc, unit, last, prev)
        ranges = [("O", payload) for payload in encode_ranges(inc, unit, first, raw)]
        return [*ranges, ("C", encode_checkpoint(point))]

    def _lie(self, rng: random.Random, lines: list[Line]) -> list[Line]:
        for _time in range(rng.choice((1, 1, 2, 5))):
            line = rng.choice(lines)
            rng.choice(_LIES)(self, rng, line)
            if rng.random() < 0.1:
                lines.insert(rng.randrange(len(lines) + 1), dict(rng.choice(lines)))
        return lines


def _value(forger: Forger, rng: random.Random, line: Line) -> None:
    writes = line.setdefault("f", {})
    name = rng.choice([*writes, "status", "unit", "a:x", "time", "headcount", "birth_year"])
    writes[name] = rng.choice(VALUES)


def _register(forger: Forger, rng: random.Random, line: Line) -> None:
    name = rng.choice(
        (
            "_deleted", "review.township.state", "review.county.lock", "review.x", "outcome.county",
            "review.township.lock", "review.township.wanted", "review.township.sample", "lock",
            "before", "after", "record", "closed_by", "thumb", "sha256", "a", "b", "linked", "rows",
            "a:", "a:x", f"a:{rng.choice(forger.strange)}", "", "x" * 5000, "\u0000", "reasons",
        )
    )  # fmt: skip
    line.setdefault("f", {})[name] = rng.choice(VALUES)


def _private(forger: Forger, rng: random.Random, line: Line) -> None:
    names = rng.choice((b64(rng.randbytes(32)), None, "x", "A" * 43))
    line.setdefault("pf", {})[rng.choice(("name", "birth", "mobile", "date", "x"))] = names


def _kind(forger: Forger, rng: random.Random, line: Line) -> None:
    line["k"] = f"{rng.choice(KINDS)}.{rng.choice(VERBS)}"


def _record(forger: Forger, rng: random.Random, line: Line) -> None:
    line["r"] = rng.choice((*forger.strange, b64(rng.randbytes(16)), "x", b64(bytes(16))))


def _parents(forger: Forger, rng: random.Random, line: Line) -> None:
    count = rng.choice((0, 1, 2, 64, 65))
    line["par"] = sorted(b64(rng.randbytes(32)) for _number in range(count))
    if rng.random() < 0.2:
        line["par"] = line["par"][::-1] * 2


def _unit(forger: Forger, rng: random.Random, line: Line) -> None:
    line["un"] = rng.choice((*forger.units, "999999999999", "1", "4" * 20))


def _frame_of_mind(forger: Forger, rng: random.Random, line: Line) -> None:
    key = rng.choice(("at", "u", "sv", "v", "why", "later", "n2"))
    line[key] = rng.choice(TIMES) if key == "at" else rng.choice(VALUES)


_LIES: Final[tuple[Callable[[Forger, random.Random, Line], None], ...]] = (
    _value, _value, _value, _register, _register, _private, _kind, _record, _parents, _unit,
    _frame_of_mind,
)  # fmt: skip


def stream_of(frames: Frames) -> bytes:
    """Return frames as bytes, in whatever order they come."""
    return b"".join(
        kind.encode("ascii") + len(payload).to_bytes(4, "big") + payload for kind, payload in frames
    )


def bombs(forger: Forger) -> Iterator[tuple[str, bytes]]:
    """Yield small files that want to become large ones; making them takes little memory itself."""
    recipient = pyrage.x25519.Recipient.from_str(forger.recipient)
    million = bytes(1 << 20)
    head = stream_of(forger.frames[:1])

    def packed(pieces: Iterable[bytes], **options: Any) -> bytes:
        compressor = zstandard.ZstdCompressor(**options).compressobj()
        made = b"".join(compressor.compress(piece) for piece in pieces)
        sealed: bytes = pyrage.encrypt(made + compressor.flush(), [recipient])
        return sealed

    def skipped() -> Iterator[bytes]:
        yield head
        for _frame in range(60):
            yield b"z" + (1 << 24).to_bytes(4, "big")
            yield from [million] * 16

    certificates = b"\n".join([forger.certificate.raw] * 4000)
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    yield "zeros", packed([million] * 1500)
    yield "frames to skip", packed(skipped())
    yield "window", packed([head, *[million] * 64], compression_params=wide)
    yield "a frame that never ends", packed([head, b"K\xff\xff\xff\xff", *[million] * 20])
    yield "many small frames", packed([head, *[b"z\0\0\0\0" * 100_000] * 20])
    yield "deep", packed([head, stream_of([("K", b"[" * (1 << 20))])])
    yield "long line", packed([head, stream_of([("K", b'{"t":"' + b"x" * (1 << 24 - 20) + b'"}')])])
    yield "many certificates", packed([head, *[stream_of([("K", certificates)])] * 20])
