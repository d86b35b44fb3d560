"""A learner opened for editing: what is kept, what a draft says over it, what may be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from learnsite_desktop.domain.births import age_on, parse_birth
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.persons import GUARDED_UNDER
from learnsite_desktop.services import drafts, policy
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.people.consents import require_learner
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.units import list_units
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import find_record, heads_of


@dataclass(frozen=True, slots=True)
class Editing:
    """A learner in the editor.

    `saved` and `drafted` hold private values in clear: for the editor only, which shows those of
    `saved` masked. `received`: a unit above has acknowledged it, so that a correction wants a
    reason. `keeps_numbers`: policy lets ID numbers be kept. `units` are (code, name).
    """

    record: str
    new: bool
    saved: Mapping[str, Any]
    drafted: Mapping[str, Any]
    heads: tuple[str, ...]
    received: bool
    keeps_numbers: bool
    units: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> dict[str, Any]:
        """The values as they would stand."""
        return {**self.saved, **self.drafted}


def open_editing(workspace: Workspace, record: str = "") -> Editing:
    """Return what is to be edited: a learner or its draft, a new one for "".

    Refuses `record_unknown`, `not_a_learner`, `record_deleted`.
    """
    stored = find_record(workspace.database, record) if record else None
    drafted = drafts.draft_values(workspace, record) if record else {}
    if stored is not None:
        require_learner(stored)
    elif record and not drafted:
        raise Refusal("record_unknown", where=record)
    return Editing(
        record=record or b64(workspace.tokens(RECORD_ID_BYTES)),
        new=stored is None,
        saved=entry_of(KINDS["learner"], stored.doc, workspace.vault) if stored else {},
        drafted=drafted,
        heads=tuple(heads_of(workspace.database, stored.key)) if stored else (),
        received=stored is not None and is_received(workspace, stored),
        keeps_numbers=policy.current(workspace)["id_numbers"] == "on",
        units=tuple((str(row["code"]), str(row["name"])) for row in list_units(workspace)),
    )


def is_child(birth: str, today: date) -> bool:
    """Return whether somebody born then is so young that a guardian answers for them."""
    found = parse_birth(birth)
    return found is not None and age_on(found.born, today) < GUARDED_UNDER
