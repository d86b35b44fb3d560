"""What waits for the units below: asked of many units at once."""

import pytest

from learnsite_desktop.domain.scopes import Authority
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.relaying import waiting_below
from learnsite_desktop.services.workspace import Workspace
from tests.desks import SISTER, VILLAGE, Line


def test_certificates_are_weighed_once_for_all_units(
    enrolled: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a county they are thousands, and the answer is the same for every unit."""
    weighed: list[Workspace] = []
    authority = enrolment.authority

    def counted(workspace: Workspace) -> Authority:
        weighed.append(workspace)
        return authority(workspace)

    monkeypatch.setattr(enrolment, "authority", counted)
    counts = []
    for units in ([VILLAGE], [VILLAGE, SISTER]):
        weighed.clear()
        with enrolled.township.open(write=False) as workspace:
            assert [one.unit for one in waiting_below(workspace, units)] == units
        counts.append(len(weighed))
    assert counts[0] == counts[1] > 0
