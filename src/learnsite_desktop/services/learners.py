"""Learners as people see them: masked unless revealed, with who is linked to whom."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from learnsite_desktop.domain.births import Precision, parse_birth
from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.reveals import note_reveal
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, records_of_kind

_MASKS: Final = {"name": "name", "mobile": "mobile", "id_number": "cn_id"}


def find_learners(workspace: Workspace, query: str = "", unit: str = "") -> list[StoredRecord]:
    """Return the learners of a unit and below (all if empty) that are not deleted.

    `query` is a part of the name, or the end of the phone or ID number. Refuses `unit_unknown`.
    """
    if unit:
        require_unit(workspace, unit)
    found = records_of_kind(workspace.database, "learner", unit=unit)
    sought = _folded(query)
    if not sought:
        return found
    return [stored for stored in found if _matches(_entry(workspace, stored), sought)]


def _entry(workspace: Workspace, stored: StoredRecord) -> dict[str, Any]:
    return entry_of(KINDS["learner"], stored.doc, workspace.vault)


def _matches(entry: Mapping[str, Any], sought: str) -> bool:
    if sought in _folded(entry.get("name")):
        return True
    tail = "".join(filter(str.isalnum, sought))
    return bool(tail) and any(
        "".join(filter(str.isalnum, _folded(entry.get(key)))).endswith(tail)
        for key in ("mobile", "id_number")
    )


def _folded(text: object) -> str:
    """Return text without the differences of full and half width, upper and lower case."""
    return unicodedata.normalize("NFKC", text).casefold().strip() if isinstance(text, str) else ""


def show_learners(workspace: Workspace, learners: Sequence[StoredRecord]) -> list[dict[str, Any]]:
    """Return learners masked: of names, numbers and phones the ends, of births the year."""
    return _rows(workspace, learners, reveal=False)


def reveal_learners(
    workspace: Workspace,
    learners: Sequence[StoredRecord],
    *,
    asked: Mapping[str, object],
    operator: str = "",
    why: str = "",
) -> list[dict[str, Any]]:
    """Return learners in full and note who saw them, when, why and after asking for what.

    The workspace must be open for writing. The note is sealed, for a query is often a name.
    """
    note_reveal(workspace, learners, asked={"list": "learner", **asked}, operator=operator, why=why)
    return _rows(workspace, learners, reveal=True)


def _rows(
    workspace: Workspace, learners: Sequence[StoredRecord], *, reveal: bool
) -> list[dict[str, Any]]:
    linked = _linked(workspace)
    return [
        _row(_entry(workspace, stored), stored, linked.get(stored.ident, ()), reveal=reveal)
        for stored in learners
    ]


def _row(
    entry: Mapping[str, Any], stored: StoredRecord, person: Sequence[str], *, reveal: bool
) -> dict[str, Any]:
    birth, precision = _birth(entry, stored, reveal=reveal)
    shown = {
        key: value if reveal or not isinstance(value, str) else masked(mask, value)
        for key, mask in _MASKS.items()
        for value in [entry.get(key)]
    }
    return {
        "id": stored.id,
        "name": shown["name"],
        "sex": entry.get("sex"),
        "birth": birth,
        "birth_precision": precision,
        "mobile": shown["mobile"],
        "id_number": shown["id_number"],
        "groups": [group.get("code") for group in entry.get("groups", ())],
        "linked_to": [other for other in person if other != stored.id],
        "unit": stored.unit,
    }


def _birth(
    entry: Mapping[str, Any], stored: StoredRecord, *, reveal: bool
) -> tuple[str | None, str | None]:
    """Return the birth with its precision; masked, or where the day is not held, the year alone."""
    birth = parse_birth(entry.get("birth"))
    if birth is not None and reveal:
        return birth.text, birth.precision.value
    year = birth.text[:4] if birth is not None else stored.doc.get("birth_year")
    return (str(year), Precision.YEAR.value) if year else (None, None)


def _linked(workspace: Workspace) -> dict[int, list[str]]:
    """Return, for every learner that is linked, the ids of all records of its person."""
    clusters: dict[int, list[tuple[int, str]]] = {}
    for cluster, ident, record in lookups.linked_learners(workspace.database):
        clusters.setdefault(cluster, []).append((ident, b64(record)))
    return {
        ident: [record for _ident, record in group]
        for group in clusters.values()
        for ident, _record in group
    }
