"""Self-checks: the state digest, the database's own checks, and rebuild == live."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.services import clocks
from learnsite_desktop.services.enrolment import own_revocation
from learnsite_desktop.services.head_codes import code_here
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import SCRATCH, Workspace
from learnsite_desktop.store import checks, journal
from learnsite_desktop.store.chains import forks
from learnsite_desktop.store.engine import engine_version
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.records import open_conflicts
from learnsite_desktop.store.statehash import state_hash

PROBLEMS: Final = ("database_damaged", "chain_broken", "projection_differs")
"""The codes of what a check may find."""


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


def check(workspace: Workspace, *, deep: bool) -> dict[str, Any]:
    """Return problems: damaged pages and, if `deep`, broken chains and a projection that differs.

    The deep check rebuilds a copy in a temporary folder; the workspace is only read. A clock that
    is behind the newest receipt is told, but spoils nothing.
    """
    database = workspace.database
    problems = [
        {"code": "database_damaged", "detail": text} for text in checks.integrity(database, deep)
    ]
    equal: bool | None = None
    if deep:
        problems += [{"code": "chain_broken", "detail": text} for text in checks.chains(database)]
        with tempfile.TemporaryDirectory(dir=workspace.subfolder(SCRATCH)) as folder:
            differing = checks.compare_rebuilt(database, Path(folder) / "rebuilt.db")
        equal = not differing
        problems += [{"code": "projection_differs", "detail": line} for line in differing[:20]]
    behind = clocks.lags(workspace)
    return {
        "problems": problems,
        "clock_behind_days": None if behind is None else behind.days,
        "projection_equal": equal,
        "sqlite": engine_version(),
        "cipher": None,
        "free_bytes": shutil.disk_usage(workspace.folder).free,
    }
