"""Whether somebody made sure that the recovery code stands on paper, and reminding until then."""

import json
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.recovery_codes import GROUPS, to_code
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.trial.mark import is_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings

TYPED: Final = "typed"
PRINTED: Final = "printed"
_KEY: Final = "recovery_proof"


@dataclass(frozen=True, slots=True)
class Proof:
    """How it was made sure that the code is on paper (`typed` or `printed`), when and by whom."""

    how: str
    at: str
    operator: str


def proof(workspace: Workspace) -> Proof | None:
    """Return how the recovery code was last made sure of, None while it never was."""
    told = settings.read(workspace.database, _KEY)
    return Proof(**json.loads(told)) if told else None


def is_due(workspace: Workspace) -> bool:
    """Return whether this computer holds a root key whose code nobody has made sure of.

    A trial has nothing to lose, and a village without a unit above it has its backups.
    """
    return (
        workspace.keys.root is not None
        and workspace.tier != "village"
        and not is_trial(workspace)
        and proof(workspace) is None
    )


def group_asked(workspace: Workspace) -> int:
    """Return which group (from 1) of the code is to be typed back; another one for each root."""
    root = workspace.keys.root
    if root is None:
        raise Refusal("root_missing", where=workspace.unit)
    return root.public[0] % GROUPS + 1


def confirm_typed(workspace: Workspace, group: int, text: str, *, operator: str = "") -> Proof:
    """Take a group that was read off the page as proof; refuses `recovery_group_wrong`."""
    root = workspace.keys.root
    if root is None:
        raise Refusal("root_missing", where=workspace.unit)
    groups = to_code(root.seed).split("-")
    typed = "".join(text.split()).upper().replace("-", "")
    typed = typed.translate(str.maketrans("ILO", "110"))
    if not 1 <= group <= GROUPS or typed != groups[group - 1]:
        raise Refusal("recovery_group_wrong", where=str(group))
    return _note(workspace, TYPED, operator)


def confirm_printed(workspace: Workspace, *, operator: str = "") -> Proof:
    """Note somebody's word that the page was printed and put away."""
    if workspace.keys.root is None:
        raise Refusal("root_missing", where=workspace.unit)
    return _note(workspace, PRINTED, operator)


def _note(workspace: Workspace, how: str, operator: str) -> Proof:
    made = {"how": how, "at": workspace.now(), "operator": operator}
    with workspace.database.transaction():
        settings.write(workspace.database, _KEY, json.dumps(made))
    return Proof(**made)
