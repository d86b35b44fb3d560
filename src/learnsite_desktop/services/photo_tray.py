"""Whose photos are still wanted: the sessions of the last weeks with what is there of each."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.photos import USUAL_KINDS, photos_of
from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.agenda import own_sessions
from learnsite_desktop.store.evidence_rows import photos_of_sessions

WEEKS: Final = 9
"""How far back sessions are listed: what is handed in late is still within it."""


@dataclass(frozen=True, slots=True)
class Tray:
    """A record photos belong to, and how many of each kind it has.

    `date` and `start` are "" for what is not a session.
    """

    record: str
    kind: str
    title: str
    date: str = ""
    start: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def photos(self) -> int:
        """How many photos there are."""
        return sum(self.counts.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """Kinds that a session is asked for and that are not there, in their order."""
        if self.kind != "session":
            return ()
        return tuple(kind for kind in USUAL_KINDS if not self.counts.get(kind))


def target_of(workspace: Workspace, about: str) -> tuple[str, str]:
    """Return (record, photo) of an id: a photo is shown with the record it belongs to."""
    stored = require_record(workspace, about)
    if stored.kind != "evidence":
        return stored.id, ""
    return str(entry_of(KINDS["evidence"], stored.doc, workspace.vault)["target"]), stored.id


def trays(workspace: Workspace, about: str = "") -> list[Tray]:
    """Return the own sessions of the last weeks up to today, the newest first.

    `about`, the id of a session, activity, site or learner, comes first if it is not among them;
    refuses `record_unknown`, `record_deleted` for it.
    """
    today = workspace.clock.now().date()
    first, last = (today - timedelta(weeks=WEEKS)).isoformat(), today.isoformat()
    counts = photos_of_sessions(workspace.database, workspace.acting, first, last)
    found = [
        Tray(row.session, "session", row.title, row.date, row.start, counts.get(row.session, {}))
        for row in reversed(own_sessions(workspace.database, workspace.acting, first, last))
        if row.status != "cancelled" or counts.get(row.session)
    ]
    if about and all(tray.record != about for tray in found):
        found.insert(0, tray_of(workspace, about))
    return found


def tray_of(workspace: Workspace, record: str) -> Tray:
    """Return the tray of one record. Refuses `record_unknown`, `record_deleted`."""
    stored = require_record(workspace, record)
    if stored.deleted:
        raise Refusal("record_deleted", where=record)
    counts = Counter(photo.kind for photo in photos_of(workspace, stored.id))
    return Tray(stored.id, stored.kind, title_of(workspace, stored.id), counts=dict(counts))
