"""What an official report is asked for."""

from dataclasses import dataclass

from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.services.figure_ground import Question
from learnsite_desktop.services.unit_choice import THEN
from learnsite_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A period, a unit (code, the own one for ""), a basis, a tree; as figures are asked for."""

    period: str
    unit: str = ""
    basis: str = "received"
    tree: str = THEN

    def question(self, workspace: Workspace, period: str = "") -> Question:
        """Return the question of figures, of another `period` if one is given."""
        unit = self.unit or workspace.unit
        return Question(parse_period(period or self.period), unit, self.basis, self.tree)
