"""What the backup screen shows: backups that are there, what one holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.platform.drives import removable_folders
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.backups import SUFFIX, LastBackup, automatic_backups
from learnsite_desktop.services.restoring import Look

_SHOWN: Final = 40
"""How many backups of one place are listed."""
_MB: Final = 1024 * 1024
_STAMPED: Final = re.compile(r"-(\d{8}-\d{6})(-\d+)?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A backup, or the heading of a place; see `widgets.row_list.ListRow`. `key` is its path."""

    key: str
    kind: str
    cells: tuple[str, str]
    status: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Sticks that are plugged in, and rows of the backups here and on them."""

    sticks: tuple[Path, ...]
    rows: tuple[Row, ...]


def look_around(folder: Path, now: datetime) -> Places:
    """Return where backups can go and which are there; reads names only."""
    sticks = tuple(removable_folders())
    return Places(sticks, tuple(_rows(folder, sticks, now)))


def _rows(folder: Path, sticks: tuple[Path, ...], now: datetime) -> Iterator[Row]:
    here = automatic_backups(folder)[:_SHOWN]
    if here:
        yield Row("here", "heading", (_("On this computer, made by themselves"), ""))
    for item in here:
        yield _row(item.path, item.at, now)
    for stick in sticks:
        found = [(_made(path), path) for path in stick.glob(f"*{SUFFIX}") if path.is_file()]
        if found:
            yield Row(str(stick), "heading", (str(stick), ""))
        for at, path in sorted(found, reverse=True)[:_SHOWN]:
            yield _row(path, at, now)


def _made(path: Path) -> datetime:
    """Return when a backup was made, by its name; file times on sticks are not to be trusted."""
    named = _STAMPED.search(path.stem)
    if named is None:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    return datetime.strptime(named[1], "%Y%m%d-%H%M%S").astimezone()


def _row(path: Path, at: datetime, now: datetime) -> Row:
    size = f"{max(path.stat().st_size / _MB, 0.1):.1f} MB"
    return Row(str(path), "backup", (when(at, now), path.name), "note", size)


def when(moment: datetime | None, now: datetime) -> str:
    """Return a moment as people say it: today and the time, else the day and how long ago."""
    if moment is None:
        return _("never")
    there = moment.astimezone(now.tzinfo)
    days = (now.date() - there.date()).days
    said = {"day": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M}", "days": days}
    if days == 0:
        return render(_("today %(time)s"), said)
    if days < 0:
        return f"{there:%Y-%m-%d %H:%M}"
    return render(_("%(day)s %(time)s, %(days)s days ago"), said)


def state_lines(last: LastBackup, now: datetime) -> tuple[str, str]:
    """Return when the last backup by itself and the last copy elsewhere were made."""
    return (
        render(_("By itself, on this computer: %(when)s"), {"when": when(last.automatic, now)}),
        render(_("On a stick or elsewhere: %(when)s"), {"when": when(last.carried, now)}),
    )


def compared(look: Look) -> list[tuple[str, str, str]]:
    """Return the rows of the comparison: what, how many in the backup, how many it has not."""
    rows = []
    for name, kind in KINDS.items():
        count, missing = look.counts.get(name, 0), look.missing.get(name, 0)
        if count or missing:
            rows.append((_(kind.label), str(count), str(missing) if missing else "–"))
    missing = look.missing.get("operations", 0)
    rows.append((_("all entries"), str(look.operations), str(missing) if missing else "–"))
    return rows


def look_title(look: Look) -> str:
    """Say whose records a backup holds and up to when."""
    return render(
        _("%(unit)s, last entry %(at)s"),
        {
            "unit": look.unit_name or look.unit,
            "at": look.last_change[:16].replace("T", " ") or "–",
        },
    )


def missing_line(look: Look) -> str:
    """Say in one sentence what would be lost."""
    if not look.missing:
        return _("Nothing that is here is missing in this backup.")
    lost = "、".join(
        f"{_(KINDS[name].label)} {count}" for name, count in look.missing.items() if name in KINDS
    )
    said = {"count": look.missing.get("operations", 0), "what": lost or "–"}
    return render(_("Entered since and not in this backup: %(count)s entries (%(what)s)."), said)
