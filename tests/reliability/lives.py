"""Mornings at computers whose power will go: acts, and what each was promised.

Every act goes through the product's own services. Once it has returned it is acknowledged: a
promise says what must be found after any later cut.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.pictures import Encoded
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import (
    backups,
    batches,
    drafts,
    founding,
    handing_in,
    packing,
    photos,
    records,
    restoring,
)
from learnsite_desktop.services.capture import capture
from learnsite_desktop.services.receiving import receive
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.checks import compare_rebuilt, integrity
from tests.flows.desks import COUNTY, NOW, TOWNSHIP, VILLAGES, Desk
from tests.reliability.faulty_disk import FaultyDisk
from tests.reliability.scenes import Scene, learners

FOLDERS: Final = ("stick", "safe", "in")


@dataclass(frozen=True, slots=True)
class Held:
    """What one computer had acknowledged: operations, the draft's gesture, rows of the journal.

    `restores` is the backup that is about to take its place.
    """

    operations: int = 0
    gesture: int = 0
    batches: int = 0
    outbox: int = 0
    restores: str = ""


@dataclass(slots=True)
class Life:
    """What happens on one disk, and what was promised at each mark."""

    disk: FaultyDisk
    scene: Scene
    promises: list[dict[str, Held | str]] = field(default_factory=list)
    lines: dict[str, list[bytes]] = field(default_factory=dict)
    session: str = ""
    _now: dict[str, Held | str] = field(default_factory=dict)

    @property
    def place(self) -> Path:
        """The top of the disk."""
        return self.disk.place

    def begin(self, *computers: Desk) -> None:
        """Write the disk's life down from here on; what is there is durable."""
        for name in FOLDERS:
            (self.disk.folder / name).mkdir()
        for path in (self.scene.up, self.scene.down, self.scene.opening):
            (self.disk.folder / "in" / path.name).write_bytes(path.read_bytes())
        self.disk.changed()
        self.disk.record()
        for desk in computers:
            with desk.look() as workspace:
                self.told(workspace)

    def told(self, workspace: Workspace, *files: Path, gesture: int | None = None) -> None:
        """Acknowledge all that a computer has, and files."""
        name = workspace.folder.name
        former = self._now.get(name)
        if gesture is None:
            gesture = former.gesture if isinstance(former, Held) else 0
        database = workspace.database
        self.lines[name] = [row[0] for row in database.rows("SELECT line FROM op ORDER BY id")]
        self._now[name] = Held(
            len(self.lines[name]), gesture, database.count("batch"), database.count("outbox")
        )
        self.kept(*files)

    def replaces(self, desk: Desk, backup: Path) -> None:
        """From here on a backup takes a computer's place: it opens, or does when restored again."""
        del self._now[f"{desk.folder.name}/keys.json"]
        self._now[desk.folder.name] = Held(restores=str(backup.relative_to(self.place)))
        self.kept()

    def kept(self, *files: Path) -> None:
        """Acknowledge files, with the content they have."""
        for path in files:
            self._now[str(path.relative_to(self.place))] = digest(path)
        self.promises.append(dict(self._now))
        self.disk.mark(str(len(self.promises) - 1))


def digest(path: Path) -> str:
    """Return a file's SHA-256, "" if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def village(life: Life, rounds: int) -> None:
    """Gestures, saves, a photo, receiving, packing, carrying and backups, in one sitting."""
    desk = life.scene.village(life.disk.folder / "village")
    desk = Desk(life.place / "village", desk.unit)
    life.begin(desk)
    for turn in range(rounds):
        with desk.at(NOW + timedelta(hours=turn)).open() as workspace:
            session = _session(workspace)
            for number in range(3 * turn + 1, 3 * turn + 4):
                drafts.commit_fields(workspace, "session", session, {"notes": f"第{number}次"})
                life.told(workspace, gesture=number)
            assert not drafts.finish(workspace, session).refused
            life.told(workspace)
            for number in range(4):
                entries = learners(f"{turn}-{number}", 2)
                document = {"v": 1, "source": "power", "learners": entries}
                assert not capture(workspace, document).refused
                life.told(workspace)
            stored = records.require_record(workspace, session)
            assert not records.edit(workspace, stored, {"notes": f"改{turn}"}).refused
            life.told(workspace)
            if turn == 0:
                _photo(life, workspace, session)
                assert receive(workspace, life.place / "in" / life.scene.down.name).error is None
                life.told(workspace)
            packed = packing.pack(workspace, TOWNSHIP, life.place / "stick").written.path
            life.told(workspace, packed)
            life.told(workspace, handing_in.carry(packed, life.place / "safe"))
            made = backups.automatic(workspace, reason="start")
            assert made is not None
            life.told(workspace, made.path)
        with desk.open() as workspace:
            copy = backups.backup(workspace, life.place / "safe" / f"to-{turn}")
            life.told(workspace, Path(copy["path"]))


def _session(workspace: Workspace) -> str:
    (record,) = records.list_records(workspace, "session", query="", unit="", period="")
    return str(record["id"])


def _photo(life: Life, workspace: Workspace, session: str) -> None:
    picture = life.place / "in" / "picture.jpg"
    picture.write_bytes(b"\xff\xd8 as a camera makes it" * 300)

    def encode(source: Path, _folder: Path) -> Encoded:
        raw = source.read_bytes()
        made = hashlib.sha256(raw).digest()
        return Encoded(raw + b"drawn", raw[:900], made, "0" * 16, 640, 480)

    added = photos.add_photos(workspace, session, [picture], encoder=encode)
    assert added.outcomes[0].saved, added
    kept = [path for path in (workspace.folder / "media").rglob("*") if path.is_file()]
    assert len(kept) == 2
    life.told(workspace, *kept)


def township(life: Life, rounds: int) -> None:
    """Receiving, taking back, bringing back, opening files, packing downwards."""
    desk = life.scene.township(life.disk.folder / "township")
    desk = Desk(life.place / "township", desk.unit)
    life.begin(desk)
    with desk.open() as workspace:
        batch = receive(workspace, life.place / "in" / life.scene.up.name).batch
        assert batch is not None
        life.told(workspace)
        for turn in range(rounds):
            batches.rollback(workspace, batch)
            life.told(workspace)
            batches.reapply(workspace, batch)
            life.told(workspace)
            opened = founding.write_openings(workspace, [VILLAGES[2]], life.place / "stick")
            life.told(workspace, *(item.path for item in opened))
            out = life.place / "stick" / f"down-{turn}"
            life.told(workspace, packing.pack(workspace, VILLAGES[0], out).written.path)


def beginnings(life: Life, rounds: int) -> None:
    """Opening a unit, founding a county, restoring a backup: new folders, at once in use."""
    with life.scene.village(life.disk.folder / "village").open() as workspace:
        path = Path(backups.backup(workspace, life.disk.folder / "backup")["path"])
    desk = Desk(life.place / "village", VILLAGES[0])
    life.begin(desk)
    clock = desk.clock
    for turn in range(rounds):
        new = Desk(life.place / f"opened-{turn}", VILLAGES[1])
        founding.open_unit(new.folder, life.place / "in" / life.scene.opening.name, clock)
        _begun(life, new)
        county = Desk(life.place / f"founded-{turn}", COUNTY)
        founding.found(county.folder, clock, tier="county", unit=COUNTY)
        _begun(life, county)
        again = Desk(life.place / f"restored-{turn}", VILLAGES[0])
        backup = life.place / "backup" / path.name
        restoring.restore(again.folder, backup, clock)
        _begun(life, again)
        life.replaces(again, backup)
        restoring.restore(again.folder, backup, clock, replace=True)
        _begun(life, again)


def _begun(life: Life, desk: Desk) -> None:
    with desk.look() as workspace:
        life.told(workspace, desk.folder / "keys.json")


LIVES: Final[dict[str, Callable[[Life, int], None]]] = {
    "village": village, "township": township, "beginnings": beginnings,
}  # fmt: skip


def broken_promises(life: Life, number: int, folder: Path, *, deep: bool) -> list[str]:
    """Return what a disk whose content lies in `folder` does not keep of a promise."""
    problems = []
    for name, wanted in life.promises[number].items():
        if isinstance(wanted, Held):
            problems += _lost_at(life, name, wanted, folder, deep=deep)
        elif digest(folder / name) != wanted:
            problems.append(f"file lost: {Path(name).suffix or 'media'}")
    return problems


def _lost_at(life: Life, name: str, wanted: Held, folder: Path, *, deep: bool) -> list[str]:
    try:
        if wanted.restores and not (folder / name / "learnsite.db").exists():
            desk = Desk(folder / name, VILLAGES[0])
            restoring.restore(desk.folder, folder / wanted.restores, desk.clock)
        with Desk(folder / name, "").open() as workspace:
            database = workspace.database
            problems = ["damaged"] if integrity(database, deep=True) else []
            found = [row[0] for row in database.rows("SELECT line FROM op ORDER BY id")]
            if found[: wanted.operations] != life.lines[name][: wanted.operations]:
                problems.append("operations lost")
            if found != life.lines[name][: len(found)]:
                problems.append("operations nobody wrote")
            if database.count("batch") < wanted.batches:
                problems.append("batch lost")
            if database.count("outbox") < wanted.outbox:
                problems.append("outbox lost")
            if wanted.gesture and _gesture(workspace, found) < wanted.gesture:
                problems.append("gesture lost")
            if deep and compare_rebuilt(database, folder / "rebuilt.db"):
                problems.append("projection differs")
            return problems
    except Refusal as refusal:
        return [f"does not open: {refusal.code}"]


def _gesture(workspace: Workspace, lines: list[bytes]) -> int:
    """Return the number of the last gesture that is kept: in the draft, or saved from it."""
    kept = str(drafts.draft_values(workspace, _session(workspace)).get("notes", ""))
    found = re.findall("第([0-9]+)次", b"".join(lines).decode() + kept)
    return max(map(int, found), default=0)
