"""The Qt binding must not eat references: 6.12.0 does on Python 3.11 and aborts after a while."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="True and None are immortal from Python 3.12 on"
)

TIMES = 40
ROUNDS = 3


class _Sender(QObject):
    changed = Signal(object)


def _changes(of: object, act: Callable[[], None]) -> list[int]:
    """Return by how much `TIMES` calls of `act` change the references to `of`, per round.

    The test runner itself may take or drop one in some round; a leak shows in every round.
    """
    act()
    found = []
    for _round in range(ROUNDS):
        before = sys.getrefcount(of)
        for _time in range(TIMES):
            act()
        found.append(sys.getrefcount(of) - before)
    return found


def test_emitting_keeps_the_references_to_true() -> None:
    sender = _Sender()
    assert 0 in _changes(True, lambda: sender.changed.emit(None))


def test_delivering_does_not_lower_the_references_to_none() -> None:
    sender = QObject()
    heard: list[str] = []

    def hear(name: str) -> None:
        heard.append(name)

    sender.objectNameChanged.connect(hear)
    numbers = iter(range(10_000))
    found = _changes(None, lambda: sender.setObjectName(f"name {next(numbers)}"))
    assert len(heard) == 1 + ROUNDS * TIMES
    assert max(found) >= 0
