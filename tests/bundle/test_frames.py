"""Frames, ranges and payloads, below the seal."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.frames import (
    MAX_PAYLOAD_BYTES,
    Frame,
    FrameParser,
    FrameStream,
    frame_head,
)
from learnsite_desktop.bundle.payloads import (
    MAX_MEDIA_BYTES,
    Header,
    Media,
    PrivatePart,
    decode_checkpoint,
    decode_header,
    decode_media,
    decode_private,
    encode_checkpoint,
    encode_header,
    encode_lines,
    encode_media,
    encode_private,
)
from learnsite_desktop.bundle.ranges import decode_range, encode_ranges
from learnsite_desktop.bundle.writer import FramePair
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.domain.refusals import Refusal
from tests.bundle.sample import (
    AT,
    TOWNSHIP,
    VILLAGE,
    chain_lines,
    chain_range,
    header_of,
    new_device,
    private_part,
    raw_stream,
)

GOOD: list[FramePair] = [
    ("H", b"{}"),
    ("K", b"k"),
    ("x", b"later"),
    ("O", b"o1"),
    ("O", b"o2"),
    ("C", b"c"),
    ("O", b"o3"),
    ("C", b"c"),
    ("M", b""),
    ("E", b"end"),
]


def parse(stream: bytes, size: int = 1 << 20) -> list[Frame]:
    parser = FrameParser()
    frames = []
    for start in range(0, len(stream), size):
        frames += parser.feed(stream[start : start + size])
    parser.finish()
    return frames


def code_of(stream: bytes) -> str:
    with pytest.raises(BundleError) as caught:
        parse(stream)
    return caught.value.code


@given(st.integers(1, 40))
def test_any_split_gives_the_same_frames(size: int) -> None:
    frames = parse(raw_stream(GOOD), size)
    assert [(frame.type, frame.payload) for frame in frames] == [
        pair for pair in GOOD if pair[0] != "x"
    ]
    assert frames[3].place == f"O @ {len(raw_stream(GOOD[:4]))}"


def test_hash_covers_type_length_and_skipped_frames() -> None:
    parser = FrameParser()
    parser.feed(raw_stream(GOOD))
    before = raw_stream(GOOD[:-1])
    assert parser.digest == hashlib.sha256(before).digest()
    stream = FrameStream()
    assert b"".join(stream.pieces(GOOD[:-1])) == before
    assert (stream.digest(), stream.size) == (parser.digest, len(before))


@pytest.mark.parametrize(
    ("types", "code"),
    [
        ("KE", "frame_order"),
        ("xHE", "frame_order"),
        ("HHE", "frame_order"),
        ("HRKE", "frame_order"),
        ("HCE", "frame_order"),
        ("HOE", "frame_order"),
        ("HOPE", "frame_order"),
        ("HMPE", "frame_order"),
        ("HEM", "frame_order"),
        ("HEx", "frame_order"),
        ("HQE", "frame_unknown"),
        ("H1E", "bundle_damaged"),
        ("H", "end_missing"),
        ("", "end_missing"),
    ],
)
def test_order_is_kept(types: str, code: str) -> None:
    assert code_of(raw_stream((kind, b"") for kind in types)) == code


def test_bytes_after_the_end_and_cut_frames_are_refused() -> None:
    good = raw_stream(GOOD)
    assert code_of(good + b"E") == "frame_order"
    assert code_of(good[:-1]) == "end_missing"


def test_a_frame_above_16_mib_is_refused_by_its_head() -> None:
    head = b"H" + (MAX_PAYLOAD_BYTES + 1).to_bytes(4, "big")
    assert code_of(head) == "frame_too_large"
    with pytest.raises(ValueError, match="frame H"):
        frame_head("H", MAX_PAYLOAD_BYTES + 1)


def test_ranges_split_and_give_back_every_byte() -> None:
    device = new_device()
    lines, head = chain_lines(device, 40)
    payloads = list(encode_ranges(device.certificate.inc, VILLAGE, 1, lines, limit=4096))
    assert len(payloads) > 2
    assert all(len(payload) < 4096 for payload in payloads)
    assert b64(head).encode() not in b"".join(payloads)
    found: list[bytes] = []
    prev = device.certificate.genesis(VILLAGE)
    for payload in payloads:
        range_head, part, hashes = decode_range(payload)
        assert (range_head.n, range_head.prev) == (len(found) + 1, prev)
        assert hashes == [hashlib.sha256(line).digest() for line in part]
        assert range_head.last == len(found) + len(part)
        found += part
        prev = hashes[-1]
    assert (found, prev) == (lines, head)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["a", 'x"prev', "f", "prev2"]), st.text(max_size=20)),
        min_size=1,
        max_size=5,
    )
)
def test_texts_cannot_confuse_the_place_of_prev(values: list[dict[str, str]]) -> None:
    lines = []
    prev = bytes(32)
    for value in values:
        lines.append(canonical({"f": value, "prev": b64(prev), "r": '"prev":""'}))
        prev = hashlib.sha256(lines[-1]).digest()
    (payload,) = encode_ranges(bytes(16), VILLAGE, 7, lines)
    assert decode_range(payload)[1] == lines


def test_a_line_whose_last_prev_is_not_open_is_refused() -> None:
    (payload,) = encode_ranges(bytes(16), VILLAGE, 1, [canonical({"prev": b64(bytes(32))})])
    nested = payload.replace(b'"prev":""', b'"prev":"","z":{"prev":"x"}')
    for bad in (nested, payload.replace(b'"prev":""', b'"q":""'), payload + b"\n", payload[:20]):
        with pytest.raises(Refusal) as caught:
            decode_range(bad)
        assert caught.value.code == "part_malformed"
    with pytest.raises(ValueError, match="without prev"):
        list(encode_ranges(bytes(16), VILLAGE, 1, [b"{}"]))


@given(
    st.dictionaries(st.text(max_size=5), st.integers(0, 2**53), max_size=3),
    st.lists(st.sampled_from(["2026", "2026-03", "2026-Q1", "2026-H2", "2025-2026"]), max_size=3),
    st.none() | st.binary(min_size=32, max_size=32),
)
def test_header_round_trip(counts: dict[str, int], periods: list[str], basis: bytes | None) -> None:
    header = Header("down", TOWNSHIP, bytes(16), VILLAGE, AT, basis, counts, tuple(periods))
    assert decode_header(encode_header(header)) == header


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"min_reader":1', b'"min_reader":2', "newer_format"),
        (b'"kind":"up"', b'"kind":"sideways"', "part_malformed"),
        (b'"kind":"up"', b'"kind": "up"', "part_malformed"),
        (b'{"at"', b'{"at":"x","at"', "part_malformed"),
        (b'"operations":12', b'"operations":1.5', "part_malformed"),
        (b'"operations":12', b'"operations":99999999999999999999', "part_malformed"),
        (b'"operations":12', b'"operations":true', "part_malformed"),
        (b'"2026-03"', b'"../etc"', "part_malformed"),
        (b"2026-03-31T", b"2026-02-31T", "part_malformed"),
        (b'"from":"4', b'"from":"\xef\xbc\x94', "part_malformed"),
        (b'"periods":["2026-03"]', b'"periods":' + b"[" * 9000 + b"]" * 9000, "part_malformed"),
    ],
)
def test_hostile_headers(old: bytes, new: bytes, code: str) -> None:
    payload = encode_header(header_of(new_device()))
    assert old in payload
    with pytest.raises(Refusal) as caught:
        decode_header(payload.replace(old, new))
    assert caught.value.code == code


def test_a_later_format_that_still_suits_us_is_read() -> None:
    payload = encode_header(header_of(new_device()))
    later = payload.replace(b'"format":1', b'"format":7').replace(b'"from":', b'"fresh":1,"from":')
    assert decode_header(later).format == 7


def test_private_parts_must_match_their_commitment() -> None:
    parts = [private_part(1), private_part(2)]
    (payload,) = encode_lines(encode_private(part) for part in parts)
    assert decode_private(payload) == parts
    with pytest.raises(Refusal):
        decode_private(payload.replace("王".encode(), "张".encode()))
    one = parts[0]
    moved = PrivatePart(one.commitment, one.salt, parts[1].record, one.register, one.value)
    with pytest.raises(Refusal):
        decode_private(encode_private(moved))


def test_media_must_match_their_hash_and_size() -> None:
    content = b"\n\xff" * 100
    media = Media("original", "image/jpeg", hashlib.sha256(content).digest(), bytes(32), content)
    payload = encode_media(media)
    assert decode_media(payload) == media
    with pytest.raises(Refusal):
        decode_media(payload + b"x")
    with pytest.raises(Refusal):
        decode_media(payload.replace(b"image/jpeg", b"<script>"))
    large = b"0" * (MAX_MEDIA_BYTES + 1)
    with pytest.raises(Refusal):
        encode_media(
            Media("original", "image/png", hashlib.sha256(large).digest(), bytes(32), large)
        )


def test_checkpoint_round_trip() -> None:
    point = chain_range(new_device(), 3).checkpoint
    assert decode_checkpoint(encode_checkpoint(point)) == point
    with pytest.raises(Refusal):
        decode_checkpoint(encode_checkpoint(point).replace(b",3,", b",0,"))


def test_lines_are_split_between_lines_only() -> None:
    lines = [b"%d" % n * 10 for n in range(100)]
    payloads = list(encode_lines(lines, limit=64))
    assert b"\n".join(payloads) == b"\n".join(lines)
    assert all(len(payload) <= 64 for payload in payloads)
    assert list(encode_lines([])) == []
