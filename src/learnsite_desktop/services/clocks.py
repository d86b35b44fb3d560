"""What this computer's clock is worth: others have signed when they took our records in.

Clocks decide nothing (see the merge). But a dead battery sets one back by years, and then
everything that was entered seems to lie in the future.
"""

from datetime import date, datetime, timedelta, timezone
from typing import Final

from learnsite_desktop.domain.days import in_zone
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings, trust

TOLERANCE: Final = timedelta(hours=24)
CHINA: Final = timezone(timedelta(hours=8))
"""The clock's own zone is no better than the clock."""


def newest_receipt(workspace: Workspace) -> datetime | None:
    """Return the latest moment that a receipt from another computer names, None without one."""
    text = settings.read(workspace.database, trust.NEWEST_RECEIPT)
    return datetime.fromisoformat(text) if text else None


def lags(workspace: Workspace) -> timedelta | None:
    """Return by how much the clock is behind the newest receipt, None if it is not by a day."""
    known = newest_receipt(workspace)
    behind = known - workspace.clock.now() if known is not None else timedelta()
    return behind if behind > TOLERANCE else None


def latest_day(workspace: Workspace) -> date:
    """Return today as far as is known: the clock's day, or the newest receipt's if that is later.

    For asking what lies in the future, and for nothing else: the other clock may be wrong as well.
    """
    today = workspace.clock.now().date()
    known = newest_receipt(workspace)
    return today if known is None else max(today, in_zone(known, CHINA).date())
