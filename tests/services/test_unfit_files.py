"""Files that are no bundles are told by what they are, one named and one found in a folder."""

from pathlib import Path

import pytest

from tests.desks import Line

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
HEIC = b"\0\0\0\x18ftypheic" + bytes(40)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("照片.jpg", JPEG, "not_a_bundle"),
        ("IMG_0001.HEIC", HEIC, "not_a_bundle"),
        ("a.lsb", PNG, "not_a_bundle"),
        ("开通.lso", b"{}", "opening_not_bundle"),
        ("备份.LSK", b"PK", "backup_not_bundle"),
        ("a.txt", b"text", "not_a_bundle"),
        ("empty.lsb", b"", "bundle_empty"),
    ],
)
def test_what_is_no_bundle_is_told_by_what_it_is(
    enrolled: Line, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    before = enrolled.township.dump()
    (row,) = enrolled.township.receive(path, code=1)
    assert row["error"]["code"] == code
    assert enrolled.township.dump() == before


def test_a_real_opening_file_and_a_real_backup(enrolled: Line) -> None:
    told = enrolled.township("opening", "410122101219", "--out", enrolled.stick)
    (row,) = enrolled.village.receive(Path(told["files"][0]["path"]), code=1)
    assert row["error"]["code"] == "opening_not_bundle"
    saved = Path(enrolled.township("backup", enrolled.stick)["path"])
    (row,) = enrolled.village.receive(saved, code=1)
    assert row["error"]["code"] == "backup_not_bundle"
