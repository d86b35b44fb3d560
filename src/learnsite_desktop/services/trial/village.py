"""Making and throwing away the trial village."""

import shutil
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.regions import RegionRow, RegionTree
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.capture import capture
from learnsite_desktop.services.founding import found, whole_or_nothing
from learnsite_desktop.services.trial.mark import is_trial, mark_as_trial
from learnsite_desktop.services.trial.story import UNIT, Story
from learnsite_desktop.services.workspace import DATABASE_NAME, KEYS_NAME, Workspace

_TREE: Final = RegionTree(
    [
        RegionRow("410000000000", "", 1, "河南省", "province"),
        RegionRow("410199000000", "410000000000", 3, "试用县", "county"),
        RegionRow("410199100000", "410199000000", 4, "试用镇", "town"),
        RegionRow(UNIT, "410199100000", 5, "试用村", "village_committee"),
    ]
)
_SUFFIX: Final = "-trial"
_STEPS: Final = 3
_STEP: Final = N_("Making the trial village")


def trial_folder(folder: Path) -> Path:
    """Return where the trial village of a data folder lies: beside it, never inside."""
    return folder.with_name(f"{folder.name}{_SUFFIX}")


def home_of_trial(folder: Path) -> Path:
    """Return the data folder beside which a trial village lies; itself if it lies elsewhere."""
    home = folder.name.removesuffix(_SUFFIX)
    return folder.with_name(home) if home else folder


def has_trial(folder: Path) -> bool:
    """Return whether a trial village lies beside a data folder."""
    return (trial_folder(folder) / DATABASE_NAME).is_file()


def found_trial(folder: Path, clock: Clock, progress: Progress = silent) -> dict[str, Any]:
    """Make a trial village in `folder`, which holds none yet: three months up to today.

    Returns what `founding.found` does and counts of what was entered. When it is cancelled or
    fails, nothing is left behind. Refuses `workspace_exists` and unsuitable media.
    """
    with whole_or_nothing(folder):
        progress(0, _STEPS, _STEP)
        made = found(folder, clock, tier="village", unit=UNIT, tree=_TREE)
        with Workspace(folder, clock, write=True) as workspace:
            with workspace.database.transaction():
                mark_as_trial(workspace)
            progress(1, _STEPS, _STEP)
            story = Story(clock.now().date()).told()
            progress(2, _STEPS, _STEP)
            written = capture(workspace, story)
            assert not written.refused, written.issues  # noqa: S101 - our own document
        progress(_STEPS, _STEPS, _STEP)
    return {**made, "created": written.counts["created"]}


def throw_away(folder: Path, clock: Clock) -> bool:
    """Remove a trial village that is open nowhere; anything else is refused: `not_a_trial`.

    The database goes first: PermissionError while another program holds it, and nothing is lost.
    Returns whether nothing is left; files that are held stay, and count as no trial.
    """
    with Workspace(folder, clock, write=True) as workspace:
        if not is_trial(workspace):
            raise Refusal("not_a_trial", where=str(folder))
    (folder / DATABASE_NAME).unlink()
    (folder / KEYS_NAME).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
