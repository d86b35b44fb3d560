"""Which down documents go on counting after revocations."""

from learnsite_desktop.domain.scopes import Scope
from learnsite_desktop.oplog.certificates import make_enrolment, make_revocation
from learnsite_desktop.oplog.documents import make_document
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.services import documents, enrolment
from tests.desks import COUNTY, TOWNSHIP, Line


def test_what_somebody_vouched_for_by_a_thief_issued_counts_no_more(enrolled: Line) -> None:
    """Not itself revoked, it was certified by a computer that is, and nobody keeps that."""
    with enrolled.county.open() as workspace, workspace.database.transaction():
        root, stolen, friend = workspace.keys.root, DeviceKeys.mint(), DeviceKeys.mint()
        assert root is not None
        for keys, device, unit in ((root, stolen, COUNTY), (stolen, friend, TOWNSHIP)):
            certificate = make_enrolment(
                keys, device=device.public, unit=unit,
                scopes=[Scope("own", unit), Scope("below", unit)], at=workspace.now(),
            )  # fmt: skip
            enrolment.store_certificate(workspace, certificate)
        said = make_document(
            friend, kind="notices", version=1, scope=TOWNSHIP, body=[], at=workspace.now()
        )
        documents.store(workspace, said)
        assert documents.counting(workspace, "notices") == [said]
        revocation = make_revocation(root, device=stolen.public, heads=[], at=workspace.now())
        enrolment.store_certificate(workspace, revocation)
        assert documents.counting(workspace, "notices") == []
