"""The closed loop between separate folders: nothing passes between them but files."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import backups, batches, conflicts, packing, receiving, restoring
from learnsite_desktop.services.founding import open_unit
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.workspace import Workspace
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
from tests.support import CommandLine, Folders

TOWNSHIPS = (TOWNSHIP, "410122102000")
AT = NOW.isoformat()


@pytest.fixture(scope="module")
def upper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county and a township that knows it, to be copied by each test."""
    root = tmp_path_factory.mktemp("upper")
    county = found_county(root / "county")
    township = open_desk(root / "township", county, TOWNSHIP, root / "stick")
    ring([township], county, root / "stick")
    return root


@pytest.fixture
def county(upper: Path, tmp_path: Path) -> Desk:
    shutil.copytree(upper / "county", tmp_path / "county")
    return Desk(tmp_path / "county", COUNTY)


@pytest.fixture
def township(upper: Path, tmp_path: Path) -> Desk:
    shutil.copytree(upper / "township", tmp_path / "township")
    return Desk(tmp_path / "township", TOWNSHIP)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def village(township: Desk, tmp_path: Path, stick: Path) -> Desk:
    """A village with records, known to its township and with nothing left to exchange."""
    desk = open_desk(tmp_path / "village", township, VILLAGES[0], stick)
    desk.capture(**village_entries(desk.unit))
    ring([desk], township, stick)
    return desk


@pytest.fixture
def second(village: Desk, township: Desk, tmp_path: Path, stick: Path) -> Desk:
    """The village's second computer, which holds what the first holds."""
    desk = open_desk(tmp_path / "second", township, village.unit, stick)
    ring([desk, village], township, stick)
    assert desk.hash() == village.hash()
    return desk


def learner_of(desk: Desk) -> str:
    with desk.look() as workspace:
        return Ids(workspace).of("learner")


class Ids:
    """Record ids of a workspace by kind."""

    def __init__(self, workspace: Workspace) -> None:
        self._rows = workspace.database.rows(
            "SELECT r.kind, i.rid FROM record r JOIN ident i ON i.id=r.ident ORDER BY r.id"
        )

    def of(self, kind: str, index: int = 0) -> str:
        return [b64(rid) for name, rid in self._rows if name == kind][index]


def test_three_folders_and_a_stick(cli: CommandLine, folders: Folders) -> None:
    county, township, village = folders.county, folders.township, folders.village
    stick = folders.stick

    def do(folder: Path, *words: str | Path) -> dict[str, Any]:
        return cli(folder, *words, now=AT)

    def carried(folder: Path, to: str) -> Path:
        """Pack, and hand the file on as a copy elsewhere under a name of its own."""
        path = Path(do(folder, "pack", "--to", to, "--out", folder / "outbox")["path"])
        return Path(shutil.copy(path, stick / f"{len(list(stick.iterdir()))}.bin"))

    do(county, "init", "--tier", "county", "--unit", COUNTY)
    opening = do(county, "opening", TOWNSHIP, "--out", stick)["files"][0]["path"]
    do(township, "open", opening)
    opening = do(township, "opening", VILLAGES[0], "--out", stick)["files"][0]["path"]
    do(village, "open", opening)
    entries = {"v": 1, "source": "desk", **village_entries(VILLAGES[0])}
    file = stick / "capture.json"
    file.write_text(json.dumps(entries), encoding="utf-8")
    assert do(village, "capture", file)["operations"] == 8

    upward = carried(village, TOWNSHIP)
    preview = do(township, "receive", "--dry-run", upward)["bundles"][0]
    assert do(township, "state")["operations"] == 0
    received = do(township, "receive", upward)["bundles"][0]
    assert preview["operations_new"] == received["operations_new"] == 8
    assert do(county, "receive", carried(township, COUNTY))["bundles"][0]["operations_new"] == 8
    hashes = {
        do(folder, "state", "--unit", VILLAGES[0])["hash"] for folder in (village, township, county)
    }
    assert len(hashes) == 1

    session = do(county, "list", "session")["records"][0]["id"]
    returned = do(
        *(county, "return", session, "end", "--reason", "R05", "--text", "请核对"),
    )["return_id"]
    do(township, "receive", carried(county, TOWNSHIP))
    do(village, "receive", carried(township, VILLAGES[0]))
    assert do(village, "outbox")["items"][0]["receipted"]
    (waiting,) = do(village, "returns")["returns"]
    assert (waiting["id"], waiting["state"], waiting["text"]) == (returned, "open", "请核对")
    do(village, "edit", session, "end=10:00")
    do(township, "receive", carried(village, TOWNSHIP))
    do(county, "receive", carried(township, COUNTY))
    for folder in (village, township, county):
        assert [row["state"] for row in do(folder, "returns")["returns"]] == ["closed"]
        assert do(folder, "show", session)["record"]["end"] == "10:00"
        assert do(folder, "check", "--deep")["projection_equal"]
    assert {
        do(folder, "state", "--unit", VILLAGES[0])["hash"] for folder in (village, township, county)
    }.isdisjoint(hashes)


def shuffled(paths: list[Path], seed: int) -> Iterator[Path]:
    """Yield every file twice, in an order of its own."""
    order = paths * 2
    random.Random(seed).shuffle(order)
    yield from order


def test_files_of_five_villages_shuffled_and_repeated(
    township: Desk, tmp_path: Path, stick: Path
) -> None:
    second_pc = township.copy_to(tmp_path / "township-elsewhere")
    third_pc = township.copy_to(tmp_path / "township-at-home")
    files: list[Path] = []
    villages = []
    opener = [township.openings(VILLAGES, stick)][0]
    for other in (second_pc, third_pc):
        shutil.rmtree(other.folder)
        shutil.copytree(township.folder, other.folder)
    for unit, opening in zip(VILLAGES, opener, strict=True):
        desk = _opened(tmp_path / unit, unit, opening)
        desk.capture(**village_entries(unit))
        files.append(desk.pack(township, stick))
        desk.edit(learner_of(desk), name="王大明")
        files.append(desk.pack(township, stick))
        desk.capture(**village_entries(unit, "x"))
        files.append(desk.pack(township, stick))
        villages.append(desk)
    for seed, desk in enumerate((township, second_pc, third_pc)):
        for path in shuffled(files, seed):
            desk.receive(path)
        desk.check()
    for village in villages:
        assert {desk.hash(village.unit) for desk in (township, second_pc, third_pc)} == {
            village.hash(village.unit)
        }
    assert township.hash() == second_pc.hash() == third_pc.hash()


def _opened(folder: Path, unit: str, opening: Path) -> Desk:
    desk = Desk(folder, unit)
    open_unit(folder, opening, desk.clock)
    return desk


def test_what_is_held_is_not_new(village: Desk, township: Desk, stick: Path) -> None:
    village.edit(learner_of(village), name="王大明")
    first = village.pack(township, stick)
    again = village.pack(township, stick)
    before_receipt = township.hash()
    assert township.receive(first).counts["operations_new"] == 1
    assert before_receipt != (state := township.hash())

    assert township.receive(first).counts["operations_new"] == 0
    other_file = township.receive(again)
    assert (other_file.outcome, other_file.counts["operations_new"]) == ("held", 0)
    renamed = first.with_name("照片.jpg")
    first.rename(renamed)
    assert township.receive(renamed).counts["operations_new"] == 0

    village.edit(learner_of(village), name="王中明")
    overlapping = village.pack(township, stick)
    got = township.receive(overlapping).counts
    assert (got["operations_new"], got["operations_held"]) == (1, 1)
    assert township.hash() != state
    state = township.hash()
    for path in (renamed, again, overlapping):
        assert township.receive(path).counts["operations_new"] == 0
    assert township.hash() == state == village.hash()
    pass_on(township, village, stick)
    with village.open() as workspace:
        assert packing.pack(workspace, TOWNSHIP, stick).nothing_new


def figures(desk: Desk, cli: CommandLine) -> list[dict[str, Any]]:
    words = ("indicators", "--period", "2026-03", "--unit", COUNTY, "--children")
    values: list[dict[str, Any]] = cli(desk.folder, *words, now=AT)["values"]
    assert any(value["numerator"] for value in values)
    return [{k: v for k, v in value.items() if k != "handed_in"} for value in values]


def test_rolled_back_is_as_never_received(
    county: Desk, tmp_path: Path, stick: Path, cli: CommandLine
) -> None:
    bundles = []
    for place, unit in enumerate(TOWNSHIPS):
        school = open_desk(tmp_path / f"school-{place}", county, unit, stick)
        with school.look() as workspace:
            below = next(
                row[0]
                for row in workspace.database.rows("SELECT code FROM unit ORDER BY code")
                if row[0].startswith(unit[:9]) and row[0] != unit
            )
        desk = open_desk(tmp_path / f"desk-{place}", school, below, stick)
        desk.capture(**village_entries(below))
        pass_on(desk, school, stick)
        bundles.append(school.pack(county, stick))
    county.receive(bundles[0])
    without, state = figures(county, cli), county.hash()
    batch = county.receive(bundles[1]).batch
    everything, full_state = figures(county, cli), county.hash()
    assert everything != without
    rolled = cli(county.folder, "rollback", str(batch), now=AT)
    assert rolled["records"] == 8
    assert figures(county, cli) == without
    assert county.hash() == state
    assert county.state()["withdrawn"] == 8
    county.check()
    cli(county.folder, "reapply", str(batch), now=AT)
    assert figures(county, cli) == everything
    assert county.hash() == full_state
    county.check()


def test_who_was_one_person_only_through_a_file_taken_back(
    township: Desk, tmp_path: Path, stick: Path, cli: CommandLine
) -> None:
    """Three villages know the same man; whichever is taken back, the other two stay linked."""
    openings = township.openings(VILLAGES[:3], stick)
    files = []
    for unit, opening in zip(VILLAGES[:3], openings, strict=True):
        desk = _opened(tmp_path / unit, unit, opening)
        desk.capture(**village_entries(unit))
        files.append(desk.pack(township, stick))

    def persons(desk: Desk) -> list[dict[str, Any]]:
        words = ("indicators", "--period", "2026-03", "--unit", TOWNSHIP)
        values: list[dict[str, Any]] = cli(desk.folder, *words, now=AT)["values"]
        return values

    for gone in range(3):
        never = township.copy_to(tmp_path / f"never-{gone}")
        taken = township.copy_to(tmp_path / f"taken-{gone}")
        for place, path in enumerate(files):
            if place != gone:
                never.receive(path)
        batches_ = [taken.receive(path).batch for path in files]
        everything, state = persons(taken), taken.hash()
        rolled_back(taken, batches_[gone])
        assert persons(taken) == persons(never) != everything
        assert taken.hash() == never.hash()
        taken.receive(files[gone])
        assert persons(taken) == everything
        assert taken.hash() == state
        taken.check()


def rolled_back(desk: Desk, number: int | None) -> None:
    assert number is not None
    with desk.open() as workspace:
        batches.rollback(workspace, number)


def test_what_builds_on_withdrawn_batches_brings_all_of_them_back(
    village: Desk, township: Desk, stick: Path
) -> None:
    learner = learner_of(village)
    numbers = []
    for name in ("王大明", "王中明"):
        village.edit(learner, name=name)
        numbers.append(pass_on(village, township, stick).batch)
        pass_on(township, village, stick)
    village.edit(learner, name="王老明")
    last = village.pack(township, stick)
    for number in numbers:
        rolled_back(township, number)
    assert township.show(learner)["name"] == "王小明"
    with township.open() as workspace:
        kept = receiving.receive(workspace, last, keep_withdrawn=True)
    assert (kept.reapplied, kept.counts["waiting"]) == ([], 1)
    assert township.show(learner)["name"] == "王小明"
    preview = township.attempt(last, dry_run=True)
    again = township.receive(last)
    assert again.reapplied == preview.reapplied == numbers
    assert township.show(learner)["name"] == "王老明"
    assert township.hash() == village.hash()
    before = township.hash()
    assert township.receive(last).reapplied == []
    assert township.hash() == before
    township.check()


def test_a_receipt_from_above_brings_back_what_it_covers(
    village: Desk, township: Desk, county: Desk, stick: Path
) -> None:
    learner = learner_of(village)
    village.edit(learner, name="王大明")
    number = pass_on(village, township, stick).batch
    pass_on(township, county, stick)
    receipt = county.pack(township, stick)
    rolled_back(township, number)
    with township.open() as workspace:
        kept = receiving.receive(workspace, receipt, keep_withdrawn=True)
    assert kept.reapplied == []
    assert township.show(learner)["name"] == "王小明"
    assert township.receive(receipt).reapplied == [number]
    assert township.show(learner)["name"] == "王大明"
    assert township.hash() == county.hash(TOWNSHIP)
    with pytest.raises(Refusal) as refused:
        rolled_back(township, number)
    assert refused.value.code == "batch_relayed"


def test_a_conflict_of_two_computers_closes_everywhere(
    village: Desk, second: Desk, township: Desk, county: Desk, stick: Path
) -> None:
    learner = learner_of(village)
    village.edit(learner, name="王大明", sex="M")
    second.edit(learner, name="王小民", sex="F")
    met = pass_on(second, village, stick)
    assert met.counts["conflict"] == 1
    pass_on(village, township, stick)
    pass_on(second, township, stick)
    pass_on(township, county, stick)
    with village.look() as workspace:
        found = {row["field"]: row for row in conflicts.list_conflicts(workspace)}
    assert set(found) == {"name"}, "what both wrote before is no conflict"
    assert {value["value"] for value in found["name"]["values"]} == {"王大明", "王小民"}
    assert found["name"]["base"] == "王小明"
    for desk in (township, county):
        assert desk.state()["conflicts_open"] == 1
    with village.open() as workspace:
        keep = next(v["op"] for v in found["name"]["values"] if v["value"] == "王小民")
        conflicts.resolve(workspace, require_record(workspace, learner), "name", keep=keep)
    pass_on(village, second, stick)
    pass_on(village, township, stick)
    pass_on(township, county, stick)
    for desk in (village, second, township, county):
        assert desk.state()["conflicts_open"] == 0
        assert desk.show(learner)["name"] == "王小民"
        assert desk.show(learner)["sex"] == "F"
    assert len({d.hash(village.unit) for d in (village, second, township, county)}) == 1


def test_a_restored_computer_gets_its_tail_back(
    village: Desk, township: Desk, stick: Path, tmp_path: Path
) -> None:
    learner = learner_of(village)
    with village.open() as workspace:
        saved = Path(backups.backup(workspace, stick)["path"])
        before = workspace.inc
    village.edit(learner, name="王大明")
    pass_on(village, township, stick)
    lost = village.hash()
    shutil.rmtree(village.folder)
    restored = restoring.restore(village.folder, saved, village.clock)
    assert restored["inc"] != before
    assert village.show(learner)["name"] == "王小明"
    village.edit(learner, sex="F")
    pass_on(village, township, stick)
    back = pass_on(township, village, stick)
    assert back.counts["operations_new"] == 1
    assert village.show(learner)["name"] == "王大明"
    assert village.show(learner)["sex"] == "F"
    assert village.hash() == township.hash() != lost
    assert village.state()["forks"] == township.state()["forks"] == 0
    village.check()


def test_a_backup_taken_over_the_living_computer_forks_nothing(
    village: Desk, township: Desk, stick: Path, tmp_path: Path
) -> None:
    """The restored copy writes under a new incarnation, so that both may go on."""
    learner = learner_of(village)
    with village.open() as workspace:
        saved = Path(backups.backup(workspace, stick)["path"])
    copy = Desk(tmp_path / "restored", village.unit)
    restoring.restore(copy.folder, saved, copy.clock)
    village.edit(learner, name="王大明")
    copy.edit(learner, sex="F")
    ring([village, copy], township, stick)
    assert village.hash() == copy.hash() == township.hash()
    assert township.state()["forks"] == 0
    assert township.show(learner)["name"] == "王大明"
    assert township.show(learner)["sex"] == "F"


def test_a_copied_folder_keeps_both_branches(
    village: Desk, township: Desk, county: Desk, stick: Path, tmp_path: Path
) -> None:
    clone = village.copy_to(tmp_path / "clone")
    with village.open() as workspace:
        incarnation = workspace.inc
    first, other = learner_of(village), _second_learner(village)
    village.edit(first, name="王大明")
    clone.edit(other, name="李英")
    ring([village, clone], township, stick)
    pass_on(township, county, stick)
    for desk in (village, clone, township, county):
        with desk.look() as workspace:
            (fork,) = batches.list_forks(workspace)
        assert (fork["inc"], fork["unit"]) == (incarnation, village.unit)
        assert len(fork["heads"]) == 2
        assert desk.show(first)["name"] == "王大明"
        assert desk.show(other)["name"] == "李英"
        desk.check()
    assert len({d.hash(village.unit) for d in (village, clone, township, county)}) == 1
    current = set()
    for desk in (village, clone):
        with desk.look() as workspace:
            current.add(workspace.inc)
    assert len(current | {incarnation}) == 3
    village.edit(first, sex="F")
    clone.edit(other, sex="M")
    ring([village, clone], township, stick)
    pass_on(township, county, stick)
    assert len({d.hash(village.unit) for d in (village, clone, township, county)}) == 1
    assert [desk.state()["forks"] for desk in (village, clone, township, county)] == [1] * 4


def _second_learner(desk: Desk) -> str:
    with desk.look() as workspace:
        return Ids(workspace).of("learner", 1)
