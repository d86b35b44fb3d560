"""Reading learners for the index: everybody once, then what each change touched."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import policy
from learnsite_desktop.services.people.index import NameIndex, Person, Renewal
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, people
from learnsite_desktop.store.records import StoredRecord, find_record, records_of_kind

LATELY_DAYS: Final = 180
"""Who was present within these days comes before others."""

_CHUNK: Final = 500
_REGISTERS: Final = ("name", "birth", "mobile")


def build_index(workspace: Workspace, unit: str = "", progress: Progress = silent) -> NameIndex:
    """Return an index of the learners of a unit and below (all if empty), for memory only.

    Refuses `unit_unknown`; `progress` may cancel it.
    """
    if unit:
        require_unit(workspace, unit)
    learners = records_of_kind(workspace.database, "learner", unit=unit)
    recent = _lately(workspace)
    found: list[Person] = []
    for start in range(0, len(learners), _CHUNK):
        progress(start, len(learners), N_("reading names"))
        found += _people(workspace, learners[start : start + _CHUNK], recent)
    progress(len(learners), len(learners), N_("reading names"))
    return NameIndex(workspace.acting, found)


def renewal(workspace: Workspace, records: Iterable[tuple[str, str]], unit: str = "") -> Renewal:
    """Return what a change to these records (kind, id) means for an index of `unit`."""
    learners: list[StoredRecord] = []
    gone: set[str] = set()
    present: set[str] = set()
    for kind, record in dict.fromkeys(records):
        if kind not in ("learner", "session"):
            continue
        stored = find_record(workspace.database, record, kind)
        if kind == "session":
            present |= _present(workspace, stored)
        elif stored is None or stored.deleted or not _is_of(workspace, stored, unit):
            gone.add(record)
        else:
            learners.append(stored)
    renewed = _people(workspace, learners, _lately(workspace)) if learners else []
    return Renewal(tuple(renewed), frozenset(gone), frozenset(present))


def _is_of(workspace: Workspace, stored: StoredRecord, unit: str) -> bool:
    return not unit or lookups.is_within(workspace.database, stored.unit, unit)


def _lately(workspace: Workspace) -> set[int]:
    since = workspace.clock.now().date() - timedelta(days=LATELY_DAYS)
    return people.present_since(workspace.database, workspace.acting, since.isoformat())


def _present(workspace: Workspace, session: StoredRecord | None) -> set[str]:
    """Return who was present lately at a session of this unit."""
    if session is None or session.unit != workspace.acting:
        return set()
    lately = _lately(workspace)
    return {
        workspace.idents.record(row[0])
        for row in lookups.marks_of(workspace.database, session.ident)
        if row[0] in lately
    }


def _people(
    workspace: Workspace, learners: Sequence[StoredRecord], recent: set[int]
) -> list[Person]:
    registers = list(_REGISTERS)
    if policy.current(workspace)["id_numbers"] == "on":
        registers.append("identity")
    sealed = [
        name for stored in learners for name in map(stored.doc.get, registers) if name is not None
    ]
    values = workspace.vault.values(sealed)
    return [_person(stored, registers, values, recent) for stored in learners]


def _person(
    stored: StoredRecord, registers: Sequence[str], values: dict[str, Any], recent: set[int]
) -> Person:
    held = {register: values.get(str(stored.doc.get(register))) for register in registers}
    identity = held.get("identity")
    year = stored.doc.get("birth_year")
    return Person(
        stored.id,
        stored.unit,
        _text(held["name"]),
        _text(stored.doc.get("sex")),
        _text(held["birth"]) or str(year or ""),
        year if isinstance(year, int) else None,
        _text(held["mobile"]),
        _text(identity[1]) if isinstance(identity, list) and len(identity) > 1 else "",
        stored.ident in recent,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
