"""Devices: who is enrolled, who asks to be, and certifying by hand."""

from typing import Any

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.reader import scan
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import superseded
from learnsite_desktop.oplog.certificates import IncarnationCertificate
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.workspace import Workspace

INBOX = "inbox"


def list_devices(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the devices known here and those whose files wait in the inbox.

    This computer counts as enrolled once a certificate says so; the others as it treats their
    files, whether or not its own certificate has come down yet.
    """
    known = enrolment.known_incarnations(workspace.database)
    gone = set(superseded(item.claim for item in known))
    judge = enrolment.authority(workspace)
    strict = enrolment.authority(workspace, provisional=False)
    own = workspace.keys.device.public
    rows = [enrolment.device_row(strict if item.ed == own else judge, item, gone) for item in known]
    listed = {row["inc"] for row in rows}
    for certificate in _waiting(workspace):
        if b64(certificate.inc) not in listed:
            rows.append(enrolment.device_row(judge, certificate, gone))
            listed.add(b64(certificate.inc))
    return rows


def _waiting(workspace: Workspace) -> list[IncarnationCertificate]:
    """Return the senders of the files in the inbox."""
    found: list[IncarnationCertificate] = []
    inbox = workspace.folder / INBOX
    for path in sorted(inbox.glob("*.lsb")) if inbox.is_dir() else []:
        try:
            found.append(scan(path, workspace.keys.device.identities()).sender)
        except BundleError:
            continue
    return found


def certify(workspace: Workspace, name: str) -> dict[str, Any]:
    """Enrol a device by its id, incarnation id or fingerprint; people compare the latter first.

    Certifying an enrolled device again changes nothing. Refuses `device_unknown` and
    `certify_out_of_reach`.
    """
    for certificate in [
        *_waiting(workspace),
        *enrolment.known_incarnations(workspace.database),
    ]:
        if name not in (
            b64(certificate.ed),
            b64(certificate.inc),
            enrolment.fingerprint(certificate.ed),
        ):
            continue
        # No computer enrols itself: only a certificate that has come down makes it enrolled.
        provisional = certificate.ed != workspace.keys.device.public
        judge = enrolment.authority(workspace, provisional=provisional)
        if not judge.is_enrolled(certificate.ed, certificate.unit):
            with workspace.database.transaction():
                enrolment.enrol(workspace, certificate, None)
            judge = enrolment.authority(workspace)
        return enrolment.device_row(judge, certificate, set())
    raise Refusal("device_unknown", where=name)
