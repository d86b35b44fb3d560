"""Whole bundles: written, read, cut, changed, and made by a hostile but enrolled sender."""

import hashlib
import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
import zstandard

from learnsite_desktop.bundle import writer
from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.payloads import FORMAT, PrivatePart, encode_header
from learnsite_desktop.bundle.ranges import RangeHead, encode_ranges
from learnsite_desktop.bundle.reader import BundleSummary, replay, scan
from learnsite_desktop.bundle.readers.v1 import NullSink
from learnsite_desktop.bundle.seal import Limits, open_stream, seal_stream
from learnsite_desktop.bundle.writer import BundleContent, FramePair, write_bundle
from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.oplog.certificates import Checkpoint
from learnsite_desktop.oplog.keys import DeviceKeys
from tests.bundle.sample import (
    VILLAGE,
    Device,
    chain_lines,
    chain_range,
    ended,
    full_content,
    full_frames,
    header_of,
    new_device,
    raw_stream,
    sealed,
    stored,
)

SENDER, RECEIVER = new_device(), new_device("410122100", "township")
FRAMES = full_frames(SENDER, RECEIVER)
FILE = sealed(raw_stream(ended(FRAMES, SENDER)), RECEIVER.keys.recipient)
NOISE = random.Random(3).randbytes(200_000)


class Keeping(NullSink):
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.points: list[Checkpoint | None] = []
        self.parts: list[PrivatePart] = []

    def range(
        self,
        head: RangeHead,
        lines: list[bytes],
        hashes: list[bytes],
        checkpoint: Checkpoint | None,
    ) -> None:
        assert head.n == len(self.lines) + 1
        assert hashes[-1] == hashlib.sha256(lines[-1]).digest()
        self.lines += lines
        self.points.append(checkpoint)

    def private(self, parts: list[PrivatePart]) -> None:
        self.parts += parts


def outcome(folder: Path, content: bytes, keys: DeviceKeys = RECEIVER.keys) -> str:
    """Return the code a file is refused with, "" if it is accepted; nothing else may come."""
    try:
        scan(stored(folder, content), keys.identities())
    except BundleError as error:
        return error.code if "%(" not in str(error) else "text has places left"
    return ""


def sealed_frames(frames: list[FramePair]) -> bytes:
    return sealed(raw_stream(ended(frames, SENDER)), RECEIVER.keys.recipient)


def test_written_bundle_is_read_by_receiver_and_sender(tmp_path: Path) -> None:
    path = tmp_path / "out.lsb"
    written = write_bundle(
        path,
        header_of(SENDER),
        full_content(SENDER, RECEIVER),
        recipients=[RECEIVER.keys.recipient, RECEIVER.keys.recovery_recipient],
        keys=SENDER.keys,
        sender=SENDER.certificate,
    )
    assert [item.name for item in tmp_path.iterdir()] == ["out.lsb"]
    assert written.size == path.stat().st_size
    assert written.sha256 == hashlib.sha256(path.read_bytes()).digest()
    for keys in (RECEIVER.keys, SENDER.keys):
        sink = Keeping()
        summary = replay(path, keys.identities(), sink, expect=written.digest)
        assert summary.bundle_id == written.bundle_id
        assert summary.header == header_of(SENDER)
        assert summary.sender == SENDER.certificate
        assert sink.lines == chain_lines(SENDER, 12)[0]
        assert sink.points == list(summary.checkpoints)
        assert [part.value for part in sink.parts] == ["王小明1", "王小明2"]
        assert summary.counts == {
            "certificates": 4, "documents": 1, "receipts": 1,
            "operations": 12, "private": 2, "media": 1,
        }  # fmt: skip
    only_recovery = RECEIVER.keys.identities()[1:]
    assert scan(path, only_recovery).bundle_id == written.bundle_id
    with pytest.raises(BundleError) as caught:
        scan(path, RECEIVER.keys.identities(), expect=bytes(32))
    assert caught.value.code == "hash_mismatch"


def test_no_private_value_stands_in_the_file() -> None:
    assert "王小明".encode() not in FILE
    assert VILLAGE.encode() not in FILE


def test_long_chain_passes_in_several_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(inc: bytes, unit: str, n: int, lines: Iterator[bytes]) -> Iterator[bytes]:
        return encode_ranges(inc, unit, n, lines, limit=4096)

    monkeypatch.setattr("learnsite_desktop.bundle.writer.encode_ranges", small)
    content = BundleContent([SENDER.certificate.raw], ranges=[chain_range(SENDER, 60)])
    frames = [("H", encode_header(header_of(SENDER))), *content.frames()]
    assert sum(kind == "O" for kind, _ in frames) > 3
    sink = Keeping()
    replay(stored(tmp_path, sealed_frames(frames)), RECEIVER.keys.identities(), sink)
    assert sink.lines == chain_lines(SENDER, 60)[0]
    assert sink.points[:-1] == [None] * (len(sink.points) - 1)
    assert sink.points[-1] is not None
    ranges = [number for number, (kind, _) in enumerate(frames) if kind == "O"]
    swapped = list(frames)
    swapped[ranges[1]], swapped[ranges[2]] = swapped[ranges[2]], swapped[ranges[1]]
    assert outcome(tmp_path, sealed_frames(swapped)) == "chain_broken"
    del frames[ranges[1]]
    assert outcome(tmp_path, sealed_frames(frames)) == "chain_broken"


def test_each_way_of_being_wrong_has_its_code(tmp_path: Path) -> None:
    stranger = DeviceKeys.mint()
    assert outcome(tmp_path, b"") == "bundle_empty"
    assert outcome(tmp_path, b"PK\x03\x04 something else") == "not_a_bundle"
    assert outcome(tmp_path, FILE.replace(b"/v1", b"/v2", 1)) == "newer_format"
    assert outcome(tmp_path, FILE, stranger) == "wrong_receiver"
    assert outcome(tmp_path, FILE[:-7]) == "bundle_truncated"
    changed = FILE[:-200] + bytes([FILE[-200] ^ 4]) + FILE[-199:]
    assert outcome(tmp_path, changed) == "bundle_damaged"
    assert outcome(tmp_path, FILE + b"\0") == "bundle_damaged"
    later = [("H", FRAMES[0][1].replace(b'"min_reader":1', b'"min_reader":%d' % (FORMAT + 1)))]
    assert outcome(tmp_path, sealed_frames(later + FRAMES[1:])) == "newer_format"
    unknown = [FRAMES[0], *(pair for pair in FRAMES if pair[0] not in "HK")]
    assert outcome(tmp_path, sealed_frames(unknown)) == "author_unknown"
    with pytest.raises(BundleError) as caught:
        scan(tmp_path / "none.lsb", stranger.identities())
    assert caught.value.code == "bundle_unreadable"
    assert outcome(tmp_path, FILE) == ""


def test_only_the_named_sender_can_sign(tmp_path: Path) -> None:
    impostor = Device(DeviceKeys.mint(), SENDER.certificate)
    forged = sealed(raw_stream(ended(FRAMES, impostor)), RECEIVER.keys.recipient)
    assert outcome(tmp_path, forged) == "sender_signature"
    true_frames = ended(FRAMES, SENDER)
    other_head = header_of(SENDER, kind="peer")
    moved = [("H", encode_header(other_head)), *true_frames[1:]]
    assert outcome(tmp_path, sealed(raw_stream(moved), RECEIVER.keys.recipient)) == "hash_mismatch"


def test_chains_prove_themselves(tmp_path: Path) -> None:
    other = new_device()
    head = encode_header(header_of(SENDER))
    good = chain_range(SENDER, 5)

    def of(*ranges: writer.ChainRange) -> str:
        known = [SENDER.certificate.raw, other.certificate.raw]
        content = BundleContent(known, ranges=ranges)
        return outcome(tmp_path, sealed_frames([("H", head), *content.frames()]))

    assert of(good) == ""
    lines = list(good.lines)
    assert of(writer.ChainRange(2, lines, good.checkpoint)) == "chain_broken"
    assert of(writer.ChainRange(1, lines[:-1], good.checkpoint)) == "chain_broken"
    assert of(writer.ChainRange(1, [lines[0], *lines[2:]], good.checkpoint)) == "chain_broken"
    altered = [lines[0].replace(b"zhang", b"wang2"), *lines[1:]]
    assert of(writer.ChainRange(1, altered, good.checkpoint)) == "chain_broken"
    point = good.checkpoint
    stolen = Checkpoint(point.inc, point.unit, point.n, point.head, other.keys.sign(b""))
    assert of(writer.ChainRange(1, lines, stolen)) == "part_signature"
    two = sorted(
        (good, chain_range(other, 2)), key=lambda item: (item.checkpoint.inc, item.checkpoint.unit)
    )
    assert of(*two) == ""
    assert of(*reversed(two)) == "frame_order"


def test_bombs_and_windows_are_refused_early(tmp_path: Path) -> None:
    def packed(content: bytes, **parameters: int) -> bytes:
        settings = zstandard.ZstdCompressionParameters(**parameters)
        stream = zstandard.ZstdCompressor(compression_params=settings).compressobj()
        target = io.BytesIO()
        body = stream.compress(content) + stream.flush()
        recipient = pyrage.x25519.Recipient.from_str(RECEIVER.keys.recipient)
        pyrage.encrypt_io(io.BytesIO(body), target, [recipient])
        return target.getvalue()

    head = raw_stream([("H", FRAMES[0][1])])
    bomb = head + (b"x\x00\xff\xff\xff" + bytes(0xFFFFFF)) * 5
    assert outcome(tmp_path, packed(bomb)) == "bundle_too_large"
    assert outcome(tmp_path, packed(head, window_log=25)) == "window_too_large"
    assert outcome(tmp_path, packed(head)) == "end_missing"
    path = stored(tmp_path, FILE)
    for limits in (Limits(total_bytes=1000), Limits(file_bytes=1000)):
        with pytest.raises(BundleError) as caught:
            scan(path, RECEIVER.keys.identities(), limits=limits)
        assert caught.value.code == "bundle_too_large"


@pytest.mark.parametrize("size", [2_000, 65_000, 65_536, 200_000])
def test_cut_anywhere_says_cut(tmp_path: Path, size: int) -> None:
    frames = [*FRAMES, ("x", NOISE[:size])]
    content = sealed_frames(frames)
    ends = {*range(1024, len(content), 1024), len(content) - 1, len(content) - 16}
    codes = {end: outcome(tmp_path, content[:end]) for end in sorted(ends)}
    assert set(codes.values()) == {"bundle_truncated"}, codes
    assert {outcome(tmp_path, content[:end]) for end in range(1, 400, 3)} == {"bundle_truncated"}


def test_declared_size_and_errors_of_the_source() -> None:
    target = io.BytesIO()
    seal_stream([b"abc" * 1000], target, [RECEIVER.keys.recipient], content_size=3000)
    found: list[bytes] = []
    open_stream(target, RECEIVER.keys.identities(), found.append)
    assert b"".join(found) == b"abc" * 1000

    def failing() -> Iterator[bytes]:
        yield NOISE
        raise Cancelled

    with pytest.raises(Cancelled):
        seal_stream(failing(), io.BytesIO(), [RECEIVER.keys.recipient])


def test_what_a_sink_raises_comes_through(tmp_path: Path) -> None:
    class Stopping(NullSink):
        def private(self, parts: list[PrivatePart]) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        replay(stored(tmp_path, FILE), RECEIVER.keys.identities(), Stopping())


def test_failed_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(content: BundleContent, path: Path = tmp_path / "out.lsb") -> None:
        write_bundle(
            path,
            header_of(SENDER),
            content,
            recipients=[RECEIVER.keys.recipient],
            keys=SENDER.keys,
            sender=SENDER.certificate,
        )

    lines, _ = chain_lines(SENDER, 5)
    broken = writer.ChainRange(1, lines[:-1], chain_range(SENDER, 5).checkpoint)
    with pytest.raises(BundleError) as caught:
        write(BundleContent([SENDER.certificate.raw], ranges=[broken]))
    assert caught.value.code == "chain_broken"
    with pytest.raises(Refusal) as missing:
        write(BundleContent(), tmp_path / "no" / "such.lsb")
    assert missing.value.code == "file_missing"

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refusal) as refused:
        write(full_content(SENDER, RECEIVER))
    assert refused.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


Change = Callable[[random.Random, bytes], bytes]


def flip(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :]


def cut_out(rng: random.Random, raw: bytes) -> bytes:
    start, end = sorted(rng.randrange(len(raw) + 1) for _ in range(2))
    return raw[:start] + raw[min(end, start + rng.choice((1, 5, 40, 5000))) :]


def insert(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    word = rng.choice(
        (
            b"\0",
            b"\n",
            b'"',
            b"{}",
            b"[" * 3000,
            b"9" * 50,
            b"null",
            b"\xff\xfe",
            b'"prev":""',
            b"-1",
        )
    )
    return raw[:at] + word + raw[at:]


def splice(rng: random.Random, raw: bytes) -> bytes:
    a, b = (rng.randrange(len(raw)) for _ in range(2))
    size = rng.randrange(1, 64)
    return raw[:a] + raw[b : b + size] + raw[a + size :]


CHANGES: tuple[Change, ...] = (flip, cut_out, insert, splice)


def test_changes_outside_the_seal(tmp_path: Path) -> None:
    rng = random.Random(11)
    codes = Counter(outcome(tmp_path, rng.choice(CHANGES)(rng, FILE)) for _ in range(2000))
    assert set(codes) <= {
        "", "bundle_damaged", "bundle_truncated", "wrong_receiver", "not_a_bundle", "newer_format"
    }, codes  # fmt: skip
    unchanged = codes.pop("", 0)  # a cut of nothing, a splice onto itself
    assert unchanged < 30
    assert codes["bundle_damaged"] > 1000


def test_changes_inside_the_seal_signed_again(tmp_path: Path) -> None:
    rng = random.Random(12)
    codes: Counter[str] = Counter()
    for _ in range(2000):
        frames = list(FRAMES)
        at = rng.randrange(len(frames))
        kind, payload = frames[at]
        move = rng.randrange(8)
        if move == 0:
            del frames[at]
        elif move == 1:
            frames.insert(rng.randrange(len(frames)), (kind, payload))
        elif move == 2:
            frames[at] = (rng.choice("HKDROCPMExZ"), payload)
        else:
            frames[at] = (kind, rng.choice(CHANGES)(rng, payload))
        if not frames:
            continue
        codes[outcome(tmp_path, sealed_frames(frames))] += 1
    assert codes["part_malformed"] > 500, codes
    assert codes["chain_broken"] > 20, codes
    assert codes["part_signature"] > 20, codes
    assert codes["frame_order"] > 100, codes
    assert codes[""] < 500, codes  # leaving out a photo, or saying another count, is no fault


def test_changes_between_age_and_frames(tmp_path: Path) -> None:
    rng = random.Random(13)
    stream = raw_stream(ended(FRAMES, SENDER))
    recipient = pyrage.x25519.Recipient.from_str(RECEIVER.keys.recipient)
    packed = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(stream)
    for _ in range(400):
        changed = pyrage.encrypt(rng.choice(CHANGES)(rng, packed), [recipient])
        assert outcome(tmp_path, changed) != "wrong_receiver"
        outcome(tmp_path, sealed(rng.choice(CHANGES)(rng, stream), RECEIVER.keys.recipient))


def test_summary_is_not_made_of_a_file_without_end(tmp_path: Path) -> None:
    found: list[BundleSummary] = []
    path = stored(tmp_path, sealed(raw_stream(FRAMES), RECEIVER.keys.recipient))
    with pytest.raises(BundleError) as caught:
        found.append(scan(path, RECEIVER.keys.identities()))
    assert (caught.value.code, found) == ("end_missing", [])
