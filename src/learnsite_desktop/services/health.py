"""Self-checks: the state digest, the database's own checks, and rebuild == live."""

import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services import clocks, soundness
from learnsite_desktop.services.enrolment import own_revocation
from learnsite_desktop.services.head_codes import code_here
from learnsite_desktop.services.runs import entries_lost
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import SCRATCH, Workspace
from learnsite_desktop.store import checks, journal
from learnsite_desktop.store.chains import forks
from learnsite_desktop.store.engine import OF_THE_DISK, engine_version
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.records import open_conflicts
from learnsite_desktop.store.statehash import state_hash

ENTRIES_LOST: Final = "entries_lost"
PROBLEMS: Final = (
    *("database_damaged", "chain_broken", "projection_differs", ENTRIES_LOST),
    *soundness.PROBLEMS,
)
"""The codes of what a check may find."""
LISTED: Final = 20
"""So many of a kind are named one by one."""
Problem = dict[str, Any]
_LOG: Final = logging.getLogger(__name__)


def state(workspace: Workspace, unit: str = "") -> dict[str, Any]:
    """Return the state digest and counts for a unit's subtree (everything if empty)."""
    if unit:
        require_unit(workspace, unit)
    database = workspace.database
    ready = journal.count_state(database, OpState.READY, unit)
    return {
        "hash": state_hash(database, unit),
        "head_code": code_here(workspace, unit or workspace.unit),
        "operations": ready,
        "records": journal.count_records(database, unit),
        "conflicts_open": len(open_conflicts(database, unit)),
        "forks": len(forks(database)),
        "withdrawn": journal.count_state(database, OpState.WITHDRAWN, unit),
        "waiting": journal.count_state(database, OpState.WAITING, unit),
        "quarantined": journal.count_state(database, OpState.QUARANTINED, unit),
        "revoked": own_revocation(workspace) or None,
    }


def _found(code: str, details: Sequence[str]) -> list[Problem]:
    """Return problems of a kind; `count` is how many there are where not all are listed."""
    listed: list[Problem] = [{"code": code, "detail": one} for one in details[:LISTED]]
    if len(details) > LISTED:
        listed[0]["count"] = len(details)
    return listed


def _contents(workspace: Workspace) -> list[Problem]:
    """Return what is no longer as it was written, operation by operation and beside them."""
    missing = soundness.Missing(workspace)
    broken = checks.chains(workspace.database, missing.named)
    missing.finish()
    sealed = list(soundness.sealed(workspace))
    strange = bool(sealed) and not workspace.vault.fits()
    return [
        *_found("chain_broken", broken),
        *_found(soundness.SIGNED, list(soundness.signed(workspace))),
        *_found(soundness.ALL_PRIVATE if strange else soundness.PRIVATE, sealed + missing.names),
    ]


def _differences(workspace: Workspace, *, broken: bool) -> list[str]:
    """Return in what the tables differ from the log; from a broken one they may not be made."""
    writable = os.access(workspace.folder, os.W_OK)
    place = workspace.subfolder(SCRATCH) if writable else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        try:
            return checks.compare_rebuilt(workspace.database, Path(folder) / "rebuilt.db")
        except Exception as error:
            if not broken or (isinstance(error, Refusal) and error.code in OF_THE_DISK):
                raise
            _LOG.warning("the tables could not be rebuilt: %r", error)
            return [f"rebuild: {type(error).__name__}"]


def check(workspace: Workspace, *, deep: bool) -> dict[str, Any]:
    """Return problems: damaged pages, entries that are gone, and what the deep check finds.

    The deep check looks at chains, signatures and sealed values, and rebuilds a copy in a temporary
    folder; the workspace is only read. Of damaged pages nothing more is asked. A clock that is
    behind the newest receipt is told, but spoils nothing.
    """
    database = workspace.database
    problems = _found("database_damaged", checks.integrity(database, deep))
    equal: bool | None = None
    if not problems:
        lost = entries_lost(workspace.folder, database)
        problems += _found(ENTRIES_LOST, [str(lost)] if lost else [])
    if deep and not any(one["code"] == "database_damaged" for one in problems):
        problems += _contents(workspace)
        differing = _differences(workspace, broken=bool(problems))
        equal = not differing
        problems += _found("projection_differs", differing)
    behind = clocks.lags(workspace)
    return {
        "problems": problems,
        "clock_behind_days": None if behind is None else behind.days,
        "projection_equal": equal,
        "sqlite": engine_version(),
        "cipher": None,
        "free_bytes": shutil.disk_usage(workspace.folder).free,
    }
