"""What this computer asks the units it exchanges with for again, said in its receipts.

Originals: those that a tier from here upward has asked for and that are not kept here. Private
values: those whose commitment came alone, as far as this tier may have them. Both are worked out
from what is held, so that whatever arrives, by whichever way, is no longer asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.ids import b64, hash_in, unb64
from learnsite_desktop.domain.regions import TIERS
from learnsite_desktop.oplog.line import Operation, decode
from learnsite_desktop.services import policy
from learnsite_desktop.services.media import path_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings, trust, wants
from learnsite_desktop.store.records import StoredRecord

PRIVATE_LISTED: Final = 20_000
"""How many private values a receipt asks for at a time; of more, the next ones each time."""
MEDIA_LISTED: Final = 5_000
"""How many originals a receipt asks for at a time; of more, the next ones each time."""

_REQUEST: Final = "review.%s.wanted"
_LEVELS: Final = {tier: level for level, tier in TIERS.items()}
_RELAYED: Final = "gaps_for"


@dataclass(frozen=True, slots=True)
class Wants:
    """What is asked for of one unit: hashes of originals, commitments of private values."""

    media: tuple[bytes, ...] = ()
    private: tuple[bytes, ...] = ()


def request_register(tier: str) -> str:
    """Return the register of evidence by which a tier asks for the original."""
    return _REQUEST % tier


def asking_tiers(stored: StoredRecord) -> list[str]:
    """Return the tiers that have asked for a photo's original, the lowest first."""
    found = [tier for tier in _LEVELS if stored.doc.get(request_register(tier)) is True]
    return sorted(found, key=_LEVELS.__getitem__, reverse=True)


def original_of(stored: StoredRecord) -> bytes | None:
    """Return the hash of the picture that a record of evidence names."""
    content = stored.doc.get("content")
    name = content[0] if isinstance(content, list) and content else None
    return hash_in(name)


def wants_of(workspace: Workspace, subject: str) -> dict[str, Wants]:
    """Return what is asked for, by unit, of a unit and those below it."""
    media: dict[str, dict[bytes, None]] = {}
    for stored in wants.asked_for(workspace.database, subject):
        name = original_of(stored)
        if name is None or not _from_here_upward(workspace, stored):
            continue
        if not path_of(workspace, name).is_file():
            media.setdefault(stored.unit, {})[name] = None
    private: dict[str, list[bytes]] = {}
    for unit, commitment in wants.gaps(workspace.database, subject):
        private.setdefault(unit, []).append(commitment)
    return {
        unit: Wants(
            _in_turn(workspace, unit, sorted(media.get(unit, ())), MEDIA_LISTED),
            _in_turn(workspace, unit, private.get(unit, []), PRIVATE_LISTED),
        )
        for unit in media.keys() | private.keys()
    }


def _in_turn(workspace: Workspace, unit: str, names: list[bytes], most: int) -> tuple[bytes, ...]:
    """Return as many as may be listed: each receipt goes on where the one before it ended.

    So what nobody can bring any more does not keep the others from being asked for.
    """
    if len(names) <= most:
        return tuple(names)
    number, _previous = trust.last_given(workspace.database, unb64(workspace.inc), unit)
    start = number * most % len(names)
    return tuple((names[start:] + names[:start])[:most])


def _from_here_upward(workspace: Workspace, stored: StoredRecord) -> bool:
    """Whether this tier or one above asks: what goes up to them passes through here."""
    here = _LEVELS[workspace.tier]
    return any(_LEVELS[tier] <= here for tier in asking_tiers(stored))


def relayed_registers(workspace: Workspace) -> set[str] | None:
    """Return which private registers may be held at this tier; None = all, up to the township."""
    return None if workspace.tier in ("village", "township") else relayed_above(workspace)


def relayed_above(workspace: Workspace) -> set[str]:
    """Return which private registers travel above the township."""
    return {*policy.ALWAYS_RELAYED, *policy.current(workspace)["relay_private"].split(",")}


class Arriving:
    """The commitments of a bundle's operations whose values have not come with it so far."""

    def __init__(self, workspace: Workspace) -> None:
        """Begin with none."""
        self._workspace = workspace
        self._open: dict[str, tuple[str, str]] = {}

    def named(self, operation: Operation) -> None:
        """Note the commitments that an operation names."""
        for register, commitment in commitments(operation):
            self._open[commitment] = (operation.un, register)

    def came(self, commitments: Iterable[bytes]) -> None:
        """Note values that came."""
        for commitment in commitments:
            self._open.pop(b64(commitment), None)

    def finish(self) -> None:
        """Remember what is missing, forget what is missing no longer."""
        _remember(self._workspace, self._open)
        wants.close_gaps(self._workspace.database)


def look_for_gaps(workspace: Workspace) -> None:
    """Look through the whole log for missing values, where those allowed here have changed.

    What is not allowed is not kept in mind: a county would remember every telephone number that it
    never gets. Inside the caller's transaction.
    """
    database = workspace.database
    if knows_gaps(workspace):
        return
    wants.forget_gaps(database)
    found: dict[str, tuple[str, str]] = {}
    for line in wants.lines_with_private_values(database):
        operation = decode(line)
        found |= {name: (operation.un, register) for register, name in commitments(operation)}
    _remember(workspace, found)
    settings.write(database, _RELAYED, _allowed_here(workspace))


def knows_gaps(workspace: Workspace) -> bool:
    """Whether the gaps in mind are all there are, of what may be held here now."""
    return settings.read(workspace.database, _RELAYED) == _allowed_here(workspace)


def _allowed_here(workspace: Workspace) -> str:
    allowed = relayed_registers(workspace)
    return "*" if allowed is None else ",".join(sorted(allowed))


def commitments(operation: Operation) -> Iterable[tuple[str, str]]:
    """Yield (register, commitment) of what an operation names."""
    for register, commitment in operation.pf.items():
        if commitment:
            yield register, commitment
    if operation.why:
        yield "why", operation.why


def _remember(workspace: Workspace, found: Mapping[str, tuple[str, str]]) -> None:
    allowed = relayed_registers(workspace) if found else None
    missing = {
        unb64(name): place
        for name, place in found.items()
        if allowed is None or place[1] in allowed
    }
    held = workspace.vault.held(list(missing))
    rows = [(name, unit) for name, (unit, _register) in missing.items() if name not in held]
    if rows:
        wants.note_gaps(workspace.database, workspace.idents, rows)
