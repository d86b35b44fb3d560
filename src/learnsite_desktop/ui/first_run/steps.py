"""The ways to begin, without a window: each makes one workspace, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.services.founding import found, open_unit
from learnsite_desktop.services.operators import add_operator
from learnsite_desktop.services.recovering import recover
from learnsite_desktop.services.regions import Foundable, tree_of
from learnsite_desktop.services.restoring import restore
from learnsite_desktop.services.trial.village import found_trial, has_trial, trial_folder
from learnsite_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Begun:
    """The workspace to work with now, who works there ("" when not said), what to tell there."""

    folder: Path
    operator: str = ""
    file: Path | None = None


def open_from(opening: Path, folder: Path, clock: Clock, name: str) -> Begun:
    """Make the unit's workspace from its opening file; `name`, if given, is the first operator."""
    open_unit(folder, opening, clock)
    return _with_operator(folder, clock, name)


def found_top(
    unit: Foundable, tree: RegionTree | None, folder: Path, clock: Clock, name: str
) -> Begun:
    """Found a county or topmost township by the region data shipped, or by a `tree` of its own."""
    found(folder, clock, tier=unit.tier, unit=unit.code, tree=tree_of(unit.code, tree))
    return _with_operator(folder, clock, name)


def recover_top(
    unit: Foundable, tree: RegionTree | None, folder: Path, clock: Clock, code: str, out: Path
) -> Begun:
    """Found a lost topmost unit again by its recovery code; `file` goes to the units below.

    The region table comes back from below, so that only one of one's own is issued.
    """
    given = tree.slice(unit.code) if tree is not None else None
    done = recover(folder, clock, out, code=code, unit=unit.code, tree=given)
    return Begun(folder, file=done.introduction)


def _with_operator(folder: Path, clock: Clock, name: str) -> Begun:
    if not name:
        return Begun(folder)
    with Workspace(folder, clock, write=True) as workspace:
        written = add_operator(workspace, name)
    return Begun(folder, next(iter(written.ids.get("operator", {}).values()), ""))


def try_out(folder: Path, clock: Clock, progress: Progress) -> Begun:
    """Go to the trial village beside a data folder; it is made when there is none."""
    place = trial_folder(folder)
    if not has_trial(folder):
        found_trial(place, clock, progress)
    return Begun(place)


def restore_from(backup: Path, folder: Path, clock: Clock) -> Begun:
    """Make the workspace of a backup."""
    restore(folder, backup, clock)
    return Begun(folder)
