"""Every failure of a disk has its refusal, on either system."""

import errno

import pytest

from learnsite_desktop.services.computer_errors import refusal_of


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EROFS, "disk_readonly"),
        (errno.EIO, "disk_error"),
        (errno.ENODEV, "place_gone"),
        (errno.ENOTCONN, "place_gone"),
        (errno.ENAMETOOLONG, "place_too_long"),
        (errno.EACCES, "file_not_permitted"),
        (errno.ENOENT, "file_missing"),
    ],
)
def test_what_the_system_says_has_a_name(code: int, wanted: str) -> None:
    refusal = refusal_of(OSError(code, "said", "E:/out/x.lsb"))
    assert refusal is not None
    assert (refusal.code, refusal.where) == (wanted, "E:/out/x.lsb")


@pytest.mark.parametrize(
    ("system", "wanted"),
    [
        (19, "disk_readonly"), (21, "place_gone"), (1167, "place_gone"), (23, "disk_error"),
        (1117, "disk_error"), (206, "place_too_long"),
    ],
)  # fmt: skip
def test_what_windows_says_has_a_name_too(system: int, wanted: str) -> None:
    error = OSError(errno.EACCES, "said", "E:/out/x.lsb")
    error.winerror = system  # type: ignore[attr-defined, unused-ignore]
    refusal = refusal_of(error)
    assert refusal is not None
    assert refusal.code == wanted


def test_a_mistake_of_ours_is_none() -> None:
    assert refusal_of(ValueError("x")) is None
    assert refusal_of(OSError(errno.EBADF, "x")) is None
