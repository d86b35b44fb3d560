"""A hundred devices, files in random orders, splits and repetitions: one state everywhere."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import batches
from tests.flows import model
from tests.flows.desks import TOWNSHIP, Desk, found_county, open_desk, ring
from tests.reliability.conftest import Report
from tests.reliability.many_devices import ManyDevices
from tests.reliability.sizes import size

VILLAGES: Final = 20
PER_VILLAGE: Final = 5
SPLITS: Final = 3
FILES: Final = 20
ORDERS: Final = 10
LONG_ORDERS: Final = 20
OPERATIONS: Final = 600
LONG_OPERATIONS: Final = 2500

State = tuple[str, frozenset[tuple[model.RecordKey, str]], frozenset[tuple[bytes, int]]]


@dataclass
class Sticks:
    """A township's folder as it was before anything came, and the files in several splits."""

    township: Path
    devices: ManyDevices
    splits: list[list[Path]]


def _sticks(root: Path, seed: int, operations: int) -> Sticks:
    rng = random.Random(seed)
    county = found_county(root / "county")
    township = open_desk(root / "township", county, TOWNSHIP, root / "stick")
    ring([township], county, root / "stick")
    with county.look() as workspace:
        founder = workspace.keys.root
    assert founder is not None
    with township.look() as workspace:
        keys = workspace.keys.device
        villages = [
            str(row[0])
            for row in workspace.database.rows("SELECT code FROM unit ORDER BY code")
            if row[0].startswith(TOWNSHIP[:9]) and row[0] != TOWNSHIP
        ]
    devices = ManyDevices(
        rng,
        villages=villages[:VILLAGES],
        per_village=PER_VILLAGE,
        operations=operations,
        root=founder,
        township=keys,
    )
    assert len(devices.authors()) == VILLAGES * PER_VILLAGE
    splits = [
        devices.files(root / f"split-{number}", keys.recipient, FILES) for number in range(SPLITS)
    ]
    return Sticks(township.folder, devices, splits)


def _received(rng: random.Random, sticks: Sticks, folder: Path) -> Desk:
    """Receive one split, parts of another and some files twice, in an order of its own.

    Now and then a file is taken back in between, and applied again in the end.
    """
    shutil.copytree(sticks.township, folder)
    desk = Desk(folder, TOWNSHIP)
    whole, other = rng.sample(sticks.splits, k=2)
    files = [*whole, *rng.sample(other, k=rng.randrange(len(other)))]
    files += rng.sample(files, k=len(files) // 4)
    rng.shuffle(files)
    for path in files:
        number = desk.receive(path, keep_withdrawn=rng.random() < 0.5).batch
        if number is not None and rng.random() < 0.1:
            _turn(desk, number, back=True)
    with desk.look() as workspace:
        back = [row["batch"] for row in batches.list_batches(workspace) if row["state"] != "active"]
    rng.shuffle(back)
    for number in back:
        _turn(desk, number, back=False)
    return desk


def _turn(desk: Desk, number: int, *, back: bool) -> None:
    with desk.open() as workspace:
        try:
            (batches.rollback if back else batches.reapply)(workspace, number)
        except Refusal as refusal:
            # One order may have received what locks a period, or rolled this back already.
            assert refusal.code in {"period_locked", "batch_state"}  # noqa: PT017


def _state(sticks: Sticks, desk: Desk) -> State:
    """Return the digest, the open conflicts, and where every operation stands."""
    holdings = model.read(desk.folder)
    states = {name: holdings.states[name] for name in sticks.devices.lines}
    return desk.hash(), holdings.conflicts, frozenset(states.items())


def _same_in_every_order(root: Path, place: Path, seed: int, orders: int, operations: int) -> State:
    sticks = _sticks(root, seed, operations)
    found: set[State] = set()
    for order in range(orders):
        folder = place / f"order-{seed}-{order}"
        desk = _received(random.Random(f"{seed} {order}"), sticks, folder)
        found.add(_state(sticks, desk))
        assert len(found) == 1, (seed, order)
        if order % 5 == 0:
            desk.check()
        if order == 0:
            holdings = model.read(folder)
            ledger = model.Ledger(model.batches(folder))
            verdicts = model.check(holdings, ledger)
            assert model.state_hash(holdings, verdicts) == desk.hash()
        shutil.rmtree(folder)
    (state,) = found
    return state


def _tell(report: Report, orders: int, state: State) -> None:
    _digest, conflicts, states = state
    counts = dict.fromkeys(("ready", "waiting", "held apart"), 0)
    for _name, number in states:
        counts[tuple(counts)[number]] += 1
    assert conflicts
    assert all(counts.values()), counts
    report(
        "convergence",
        devices=VILLAGES * PER_VILLAGE,
        orders=orders,
        states=1,
        operations=counts,
        conflicts=len(conflicts),
    )


def test_a_hundred_devices_in_random_orders(
    tmp_path: Path, quick_folder: Path, report: Report
) -> None:
    state = _same_in_every_order(tmp_path, quick_folder, 0, ORDERS, OPERATIONS)
    _tell(report, ORDERS, state)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 11))
def test_long_a_hundred_devices_in_random_orders(
    tmp_path: Path, quick_folder: Path, report: Report, seed: int
) -> None:
    orders = size(LONG_ORDERS)
    state = _same_in_every_order(tmp_path, quick_folder, seed, orders, LONG_OPERATIONS)
    _tell(report, orders, state)
