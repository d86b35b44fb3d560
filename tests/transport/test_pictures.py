"""A file cut into numbered frames and put together again."""

import hashlib
import random

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport import pictures
from learnsite_desktop.transport.picture_place import pictures_of
from learnsite_desktop.transport.pictures import (
    CONTENT_BYTES,
    GROUP,
    MOST_BYTES,
    decoded,
    frames_of,
    made_up,
    missing,
    put_together,
    series_of,
)

RANDOM = random.Random(8)
SIZES = (1, 2, CONTENT_BYTES, CONTENT_BYTES + 1, 3789, 27_648, MOST_BYTES)


def contents(raw: bytes) -> dict[int, bytes]:
    return {one.number: one.content for one in map(decoded, frames_of(raw)) if one is not None}


@pytest.mark.parametrize("size", SIZES)
def test_any_size_comes_back_whatever_picture_is_missing(size: int) -> None:
    raw = RANDOM.randbytes(size)
    series, whole = series_of(raw), contents(raw)
    assert len(whole) == series.total
    assert put_together(series, whole) == raw
    for number in whole:
        rest = {key: content for key, content in whole.items() if key != number}
        if series.spare:
            assert missing(series, rest) == []
            assert put_together(series, rest) == raw
        else:
            assert missing(series, rest) == [number]


@pytest.mark.parametrize("size", SIZES)
def test_groups_share_the_pictures_out(size: int) -> None:
    series = series_of(RANDOM.randbytes(size))
    numbers = range(1, series.total + 1)
    for number in numbers:
        assert number in series.group(number)
        assert len(series.group(number)) <= GROUP + 1
        if series.spare > 1 and number < series.filled:
            assert number + 1 not in series.group(number)
    assert sorted({one for number in numbers for one in series.group(number)}) == list(numbers)


def test_what_cannot_be_made_up_is_named() -> None:
    raw = RANDOM.randbytes(27_648)
    series, whole = series_of(raw), contents(raw)
    first, second, *_rest = series.group(1)
    rest = {key: content for key, content in whole.items() if key not in {first, second}}
    assert missing(series, rest) == [first, second]
    assert made_up(series, rest).keys() == rest.keys()
    one_of_each = {series.group(series.filled + 1 + place)[0] for place in range(series.spare)}
    rest = {key: content for key, content in whole.items() if key not in one_of_each}
    assert put_together(series, rest) == raw


def test_pictures_of_two_files_do_not_mix() -> None:
    raw = RANDOM.randbytes(5000)
    other = raw[:-1] + bytes([raw[-1] ^ 1])
    mixed = {**contents(other), 1: contents(raw)[1], 2: contents(other)[2]}
    assert series_of(raw) != series_of(other)
    assert put_together(series_of(raw), mixed) is None


def test_any_damaged_frame_is_none() -> None:
    frame = frames_of(RANDOM.randbytes(300))[0]
    assert decoded(frame) is not None
    for place in range(len(frame)):
        assert decoded(frame[:place] + bytes([frame[place] ^ 4]) + frame[place + 1 :]) is None
        assert decoded(frame[:place]) is None
    assert decoded(b"") is None
    assert decoded(b"https://example.org") is None


@pytest.mark.parametrize(
    ("size", "filled", "spare", "number"),
    [(0, 1, 0, 1), (1300, 0, 0, 1), (1300, 1, 0, 0), (1300, 1, 0, 2), (MOST_BYTES + 1, 46, 6, 1),
     (1300, 2, 3, 1), (4_000_000_000, 200, 0, 1), (1300, 255, 0, 1)],
)  # fmt: skip
def test_frames_that_lie_about_their_file_are_none(
    size: int, filled: int, spare: int, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checksum is no proof: anybody can make one."""
    series = pictures.Series(hashlib.sha256(b"x").digest()[:8], size, filled, spare)
    each = series.each if filled else 1
    assert decoded(pictures._encoded(pictures.Frame(series, number, bytes(each)))) is None


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        pictures_of(bytes(MOST_BYTES + 1))
    assert refused.value.code == "pictures_too_large"
    assert (refused.value.params["size"], refused.value.params["limit"]) == (61, 60)


def test_every_picture_has_the_same_size_of_code() -> None:
    drawn = pictures_of(RANDOM.randbytes(3789))
    assert [(one.number, one.total) for one in drawn] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len({len(one.matrix) for one in drawn}) == 1
    assert len(pictures_of(RANDOM.randbytes(CONTENT_BYTES * 3))[0].matrix) == 137 + 8
