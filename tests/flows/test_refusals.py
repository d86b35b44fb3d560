"""What is refused has changed nothing: no row of any table, no photo, no file handed out."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnsite_desktop.bundle import payloads, reader
from learnsite_desktop.bundle.payloads import Header
from learnsite_desktop.bundle.writer import BundleContent, write_bundle
from learnsite_desktop.services import devices, enrolment, policy
from learnsite_desktop.services.founding import open_unit
from tests.flows.desks import (
    COUNTY,
    NOW,
    TOWNSHIP,
    VILLAGES,
    Desk,
    found_county,
    open_desk,
    pass_on,
    ring,
    village_entries,
)
from tests.support import CommandLine, files_of, table_dump

PHOTO = b"\xff\xd8\xff\xe0 not much of a photo"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """County, township and village that know each other; the village has a photo to show."""
    root = tmp_path_factory.mktemp("scene")
    county = found_county(root / "county")
    township = open_desk(root / "township", county, TOWNSHIP, root / "stick")
    ring([township], county, root / "stick")
    village = open_desk(root / "village", township, VILLAGES[0], root / "stick")
    village.capture(**village_entries(village.unit))
    ring([village], township, root / "stick")
    ring([township], county, root / "stick")
    for desk in (township, village):
        place = desk.folder / "media" / "ab" / "ab"
        place.parent.mkdir(parents=True)
        place.write_bytes(PHOTO)
    return root


@pytest.fixture
def township(scene: Path, tmp_path: Path) -> Desk:
    shutil.copytree(scene / "township", tmp_path / "township")
    return Desk(tmp_path / "township", TOWNSHIP)


@pytest.fixture
def village(scene: Path, tmp_path: Path) -> Desk:
    shutil.copytree(scene / "village", tmp_path / "village")
    return Desk(tmp_path / "village", VILLAGES[0])


@pytest.fixture
def county(scene: Path, tmp_path: Path) -> Desk:
    shutil.copytree(scene / "county", tmp_path / "county")
    return Desk(tmp_path / "county", COUNTY)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def bundle(village: Desk, stick: Path) -> Path:
    """A good file for the township, not received yet."""
    village.capture(**village_entries(village.unit, "x"))
    return village.pack(TOWNSHIP, stick)


@contextmanager
def unchanged(desk: Desk) -> Iterator[None]:
    """Fail if anything in the workspace is different afterwards."""
    before = table_dump(desk.folder), files_of(desk.folder / "media")
    inbox = files_of(desk.folder / "inbox")
    assert before[0]["op"]
    yield
    after = table_dump(desk.folder), files_of(desk.folder / "media")
    for name, rows in before[0].items():
        assert after[0][name] == rows, name
    assert after == before
    assert files_of(desk.folder / "inbox") == inbox


def refused(desk: Desk, path: Path) -> str:
    """Return the code with which a file is refused; it changes nothing, previewed or not."""
    with unchanged(desk):
        preview = desk.attempt(path, dry_run=True)
        found = desk.attempt(path)
    assert found.outcome == preview.outcome == "refused"
    assert found.batch is None
    assert found.error is not None
    assert preview.error is not None
    assert preview.error.code == found.error.code
    return found.error.code


def test_a_good_file_is_taken_and_its_preview_changes_nothing(township: Desk, bundle: Path) -> None:
    with unchanged(township):
        preview = township.attempt(bundle, dry_run=True)
    found = township.receive(bundle)
    assert preview.counts == found.counts
    assert found.counts["operations_new"] == 7


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_cut_file(township: Desk, bundle: Path, share: float) -> None:
    raw = bundle.read_bytes()
    bundle.write_bytes(raw[: int(len(raw) * share)])
    assert refused(township, bundle) == "bundle_truncated"


@pytest.mark.parametrize("share", [0.4, 0.7, 0.99])
def test_a_file_with_one_bit_changed(township: Desk, bundle: Path, share: float) -> None:
    raw = bytearray(bundle.read_bytes())
    raw[int(len(raw) * share)] ^= 4
    bundle.write_bytes(raw)
    assert refused(township, bundle) == "bundle_damaged"


def test_an_empty_file(township: Desk, stick: Path) -> None:
    (stick / "empty.lsb").touch()
    assert refused(township, stick / "empty.lsb") == "bundle_empty"


def test_something_else(township: Desk, stick: Path) -> None:
    (stick / "photo.jpg").write_bytes(PHOTO)
    assert refused(township, stick / "photo.jpg") == "not_a_bundle"
    assert refused(township, stick) == "bundle_unreadable"
    assert refused(township, stick / "nowhere.lsb") == "bundle_unreadable"


def test_a_file_for_another_unit(county: Desk, bundle: Path) -> None:
    assert refused(county, bundle) == "wrong_receiver"


def test_a_file_read_by_the_right_key_but_meant_for_another_unit(
    village: Desk, bundle: Path
) -> None:
    """The sender's own computer can open what it packed, yet it is not for it."""
    assert refused(village, bundle) == "wrong_receiver"


def _crafted(village: Desk, township: Desk, path: Path, **header: Any) -> Path:
    """Write a sound, signed and sealed bundle without records and with a header of our own."""
    with village.open() as workspace, township.look() as receiver:
        write_bundle(
            path,
            Header(
                kind="up",
                from_unit=workspace.unit,
                from_inc=workspace.incarnation.inc,
                to_unit=receiver.unit,
                at=workspace.now(),
                **header,
            ),
            BundleContent(),
            recipients=[receiver.incarnation.x],
            keys=workspace.keys.device,
            sender=workspace.incarnation,
            known=enrolment.known_incarnations(workspace.database),
        )
    return path


def test_a_file_of_a_newer_format(
    village: Desk, township: Desk, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = _crafted(village, township, stick / "ours.lsb")
    with monkeypatch.context() as later:
        later.setattr(payloads, "FORMAT", payloads.FORMAT + 1)
        later.setattr(reader, "READERS", {payloads.FORMAT: reader.READERS[payloads.FORMAT - 1]})
        newer = _crafted(
            village, township, stick / "newer.lsb", min_reader=payloads.FORMAT, format=9
        )
    assert refused(township, newer) == "newer_format"
    assert township.attempt(ours).error is None


def test_a_file_that_claims_another_direction(village: Desk, township: Desk, stick: Path) -> None:
    with village.open() as workspace, township.look() as receiver:
        header = Header("down", VILLAGES[0], workspace.incarnation.inc, TOWNSHIP, workspace.now())
        path = stick / "down.lsb"
        write_bundle(
            path,
            header,
            BundleContent(),
            recipients=[receiver.incarnation.x],
            keys=workspace.keys.device,
            sender=workspace.incarnation,
        )
    assert refused(township, path) == "sender_mismatch"


def test_a_computer_whose_invite_nobody_gave(township: Desk, stick: Path, tmp_path: Path) -> None:
    forgetful = township.copy_to(tmp_path / "before-the-opening")
    stranger = open_desk(tmp_path / "stranger", township, VILLAGES[1], stick)
    stranger.capture(**village_entries(stranger.unit))
    path = stranger.pack(TOWNSHIP, stick)
    before = table_dump(forgetful.folder), files_of(forgetful.folder / "media")
    for _again in range(2):
        found = forgetful.attempt(path)
        assert (found.outcome, found.error) == ("unenrolled", None)
        assert not any(found.counts.values())
        assert (table_dump(forgetful.folder), files_of(forgetful.folder / "media")) == before
    (kept,) = (forgetful.folder / "inbox").iterdir()
    assert kept.read_bytes() == path.read_bytes()

    with forgetful.open() as workspace:
        (row,) = (r for r in devices.list_devices(workspace) if r["unit"] == VILLAGES[1])
        assert row["state"] == "requested"
        devices.certify(workspace, str(row["fingerprint"]))
    assert forgetful.receive(path).counts["operations_new"] == 8
    assert forgetful.hash(VILLAGES[1]) == stranger.hash(VILLAGES[1])


def test_an_invite_serves_one_computer(township: Desk, stick: Path, tmp_path: Path) -> None:
    (opening,) = township.openings([VILLAGES[1]], stick)
    desks = [Desk(tmp_path / name, VILLAGES[1]) for name in ("first", "thief")]
    for desk in desks:
        open_unit(desk.folder, opening, desk.clock)
        desk.capture(**village_entries(desk.unit))
    assert pass_on(desks[0], township, stick).outcome == "received"
    path = desks[1].pack(TOWNSHIP, stick)
    before = table_dump(township.folder)
    assert township.attempt(path).outcome == "unenrolled"
    assert table_dump(township.folder) == before


def test_a_document_with_a_version_already_passed(
    county: Desk, township: Desk, stick: Path
) -> None:
    files = []
    for minutes in ("40", "45"):
        with county.open() as workspace:
            policy.apply(workspace, [f"minutes_per_hour={minutes}"])
        files.append(county.pack(township, stick))
    township.receive(files[1])
    assert refused(township, files[0]) == "document_older"
    with township.look() as workspace:
        assert policy.current(workspace)["minutes_per_hour"] == "45"
    assert township.receive(files[1]).outcome == "held"


@given(share=st.floats(0, 1, exclude_max=True), cut=st.booleans(), bit=st.integers(0, 7))
@settings(max_examples=100)
def test_any_damage_refuses_the_file(
    township: Desk, bundle: Path, share: float, cut: bool, bit: int
) -> None:
    """P13: whatever bit is changed and wherever the file is cut, nothing at all is taken."""
    raw = bytearray(bundle.read_bytes())
    place = int(share * len(raw))
    if cut:
        del raw[place:]
    else:
        raw[place] ^= 1 << bit
    damaged = bundle.with_name("damaged.lsb")
    damaged.write_bytes(raw)
    assert refused(township, damaged) in {
        *("bundle_truncated", "bundle_damaged", "bundle_empty", "not_a_bundle"),
        *("newer_format", "wrong_receiver"),
    }


DEEP = b"[" * 100_000 + b"]" * 100_000
LEARNER: dict[str, Any] = {"ref": "h1", "name": "王小明", "sex": "F"}
HOSTILE: dict[str, tuple[bytes, str]] = {
    "not JSON": (b'{"v":1', "capture_malformed"),
    "not UTF-8": (b'{"v":1,"source":"\xff"}', "capture_malformed"),
    "double key": (b'{"v":1,"source":"a","source":"b"}', "capture_malformed"),
    "double key inside": (
        b'{"v":1,"source":"a","learners":[{"ref":"1","ref":"2","name":"x","sex":"F"}]}',
        "capture_malformed",
    ),
    "NaN": (b'{"v":1,"source":"a","sessions":[{"seq":NaN}]}', "capture_malformed"),
    "infinite": (b'{"v":1,"source":"a","sessions":[{"seq":-Infinity}]}', "capture_malformed"),
    "1e999": (b'{"v":1,"source":"a","sessions":[{"seq":1e999}]}', "capture_malformed"),
    "a float": (b'{"v":1,"source":"a","sessions":[{"seq":1.0}]}', "capture_malformed"),
    "deep": (b'{"v":1,"source":"a","learners":' + DEEP + b"}", "capture_malformed"),
    "rather deep": (
        b'{"v":1,"source":"a","learners":[{"name":' + DEEP[99_950:100_050] + b"}]}",
        "capture_malformed",
    ),
    "lone surrogate": (
        b'{"v":1,"source":"a","learners":[{"ref":"1","name":"\\ud800","sex":"F"}]}',
        "capture_malformed",
    ),
    "lone surrogate key": (b'{"v":1,"source":"a","\\udfff":1}', "capture_malformed"),
    "huge integer": (
        b'{"v":1,"source":"a","sessions":[{"seq":' + b"9" * 5000 + b"}]}",
        "capture_malformed",
    ),
    "2^53 + 1": (
        b'{"v":1,"source":"a","sessions":[{"seq":9007199254740993}]}',
        "capture_malformed",
    ),
    "a list": (b"[]", "capture_malformed"),
    "null": (b"null", "capture_malformed"),
    "a section that is an object": (b'{"v":1,"source":"a","learners":{}}', "capture_malformed"),
    "an entry that is text": (b'{"v":1,"source":"a","learners":["x"]}', "capture_malformed"),
    "an unknown key": (b'{"v":1,"source":"a","learner":[]}', "capture_key_unknown"),
    "a version to come": (b'{"v":2,"source":"a"}', "capture_version"),
    "true is no version": (b'{"v":true,"source":"a"}', "capture_version"),
    "no source": (b'{"v":1}', "capture_source_missing"),
    "source is no text": (b'{"v":1,"source":5}', "capture_malformed"),
    "an unknown unit": (b'{"v":1,"source":"a","unit":"999999"}', "unit_unknown"),
}
WRONG: dict[str, dict[str, Any]] = {
    "an unknown key in an entry": {"learners": [{**LEARNER, "colour": "red"}]},
    "a number for text": {"learners": [{**LEARNER, "name": 7}]},
    "a boolean for text": {"learners": [{**LEARNER, "name": True}]},
    "text for a list": {"learners": [{**LEARNER, "groups": "farmer"}]},
    "a list for text": {"learners": [{**LEARNER, "name": ["王"]}]},
    "an object for text": {"learners": [{**LEARNER, "name": {"a": 1}}]},
    "ref is a number": {"learners": [{**LEARNER, "ref": 1}]},
    "ref is a list": {"learners": [{**LEARNER, "ref": []}]},
    "null for a required field": {"learners": [{**LEARNER, "name": None}]},
    "an unknown code": {"learners": [{**LEARNER, "sex": "X"}]},
    "a code that is a list": {"learners": [{**LEARNER, "sex": ["F"]}]},
    "an unknown reference": {"enrolments": [{"activity": "?", "learner": "?", "joined": "x"}]},
    "a reference that is an object": {
        "enrolments": [{"activity": {}, "learner": [], "joined": "2026-03-01"}]
    },
    "rows that are text": {"rollcalls": [{"session": "s1", "rows": "all"}]},
    "rows that are null": {"rollcalls": [{"session": "s1", "rows": None}]},
    "a row that is a list": {"rollcalls": [{"session": "s1", "rows": [[1]]}]},
    "a row whose learner is a list": {
        "rollcalls": [{"session": "s1", "rows": [{"learner": ["l1"], "status": "P"}]}]
    },
    "a roll call of nothing": {"rollcalls": [{}]},
    "reasons that are a list": {"learners": [{**LEARNER, "reasons": ["because"]}]},
    "a reason that is a number": {"learners": [{**LEARNER, "reasons": {"A": 1}}]},
    "an edit of nothing": {"edits": [{}]},
    "an edit whose record is a list": {"edits": [{"kind": "learner", "record": [], "set": {}}]},
    "an edit that sets a list": {"edits": [{"kind": "learner", "record": "l1", "set": []}]},
    "an edit that sets an unknown field": {
        "edits": [{"kind": "learner", "record": "l1", "set": {"x": 1}}]
    },
    "a deletion of nothing": {"deletes": [{}]},
    "a deletion without a reason": {"deletes": [{"kind": "learner", "record": "l1"}]},
    "a deletion of a list": {"deletes": [{"kind": "learner", "record": ["l1"], "why": "x"}]},
    "why is a list": {"deletes": [{"kind": "learner", "record": "l1", "why": []}]},
    "a unit elsewhere": {
        "sites": [
            {"ref": "p", "unit": COUNTY, "name": "n", "kinds": ["v_point"], "opened": "2020-01-01"}
        ]
    },
    "a unit that is a list": {
        "sites": [
            {"ref": "p", "unit": [], "name": "n", "kinds": ["v_point"], "opened": "2020-01-01"}
        ]
    },
    "a birth that is none": {"learners": [{**LEARNER, "birth": "1955-13-40"}]},
    "one good, one bad": {"learners": [LEARNER, {**LEARNER, "ref": "h2", "sex": 5}]},
    "a photo outside": {
        "photos": [{"ref": "f", "target": "s1", "kind": "scene", "file": "../../etc/passwd"}]
    },
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_capture_file_that_is_no_plain_json(village: Desk, cli: CommandLine, name: str) -> None:
    raw, code = HOSTILE[name]
    with unchanged(village):
        answer = cli(village.folder, "capture", "-", stdin=raw, now=NOW.isoformat(), code=1)
    assert answer["error"]["code"] == code


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_capture_file_with_values_of_the_wrong_shape(
    village: Desk, cli: CommandLine, name: str
) -> None:
    raw = json.dumps({"v": 1, "source": "desk", **WRONG[name]}).encode()
    with unchanged(village):
        answer = cli(village.folder, "capture", "-", stdin=raw, now=NOW.isoformat(), code=1)
    assert answer["error"]["code"] == "capture_refused"
    assert answer["issues"]


def test_the_issues_of_wrong_values_say_what_is_wrong(village: Desk, cli: CommandLine) -> None:
    codes = {}
    for name, sections in WRONG.items():
        raw = json.dumps({"v": 1, "source": "desk", **sections}).encode()
        answer = cli(village.folder, "capture", "-", stdin=raw, now=NOW.isoformat(), code=1)
        codes[name] = {issue["code"] for issue in answer["issues"]}
    assert codes["an unknown key in an entry"] == {"KEY_UNKNOWN"}
    assert codes["a number for text"] == {"TYPE_WRONG"}
    assert codes["an unknown code"] == {"CODE_UNKNOWN"}
    assert len(set().union(*codes.values())) >= 6
