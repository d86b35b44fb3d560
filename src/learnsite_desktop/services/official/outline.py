"""What a report will hold and what it lacks, said before anything is counted."""

from dataclasses import dataclass

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.figure_views.catalogue import lacking, name_of
from learnsite_desktop.services.official.catalogue import is_computable, report_named
from learnsite_desktop.services.official.lines import line_name
from learnsite_desktop.services.official.statutory import LABELS, unsaid
from learnsite_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines that are counted, those that cannot be (name, why), and cells nobody has said."""

    counted: tuple[str, ...]
    lacking: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    unsaid: tuple[str, ...]


def outline(workspace: Workspace, report: str) -> Outline:
    """Return the outline of a report; refuses `report_unknown`."""
    found = report_named(report)
    counted, missing = [], []
    for line in found.lines:
        if is_computable(line):
            counted.append(line_name(workspace, line))
        else:
            other = lacking().get(line.id)
            missing.append((line_name(workspace, line), other.missing if other else line.id))
    units = tuple(name_of(name) for name in found.units)
    cells = tuple(_(LABELS[name]) for name in unsaid(workspace, report))
    return Outline(tuple(counted), tuple(missing), units, cells)
