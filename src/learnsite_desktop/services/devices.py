"""Devices: who is enrolled, who asks to be, and certifying by hand."""

from typing import Any

from learnsite_desktop.bundle.errors import BundleError
from learnsite_desktop.bundle.reader import scan
from learnsite_desktop.domain.ids import b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import Scope, superseded
from learnsite_desktop.oplog.certificates import IncarnationCertificate
from learnsite_desktop.services import enrolment, units
from learnsite_desktop.services.judging import apply_certificates
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups

INBOX = "inbox"


def list_devices(workspace: Workspace, unit: str = "") -> list[dict[str, Any]]:
    """Return the devices known here and those whose files wait in the inbox, of one unit or all.

    This computer counts as enrolled once a certificate says so; the others as it treats their
    files, whether or not its own certificate has come down yet.
    """
    known = enrolment.known_incarnations(workspace.database)
    gone = set(superseded(item.claim for item in known))
    judge = enrolment.authority(workspace)
    strict = enrolment.authority(workspace, provisional=False)
    own = workspace.keys.device.public
    rows = [
        enrolment.device_row(strict if item.ed == own else judge, item, gone)
        for item in known
        if unit in ("", item.unit)
    ]
    listed = {row["inc"] for row in rows}
    for certificate in _waiting(workspace):
        if b64(certificate.inc) not in listed and unit in ("", certificate.unit):
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


def certify(
    workspace: Workspace, name: str, *, entering_for: str = "", since: str = "", until: str = ""
) -> dict[str, Any]:
    """Enrol a device by its id, incarnation id or fingerprint; people compare the latter first.

    With `entering_for` it may also enter facts for that unit, dated from `since` (ISO date) to
    `until` ("" for ever); every computer of the unit that is wanted is certified so by itself.
    Certifying what is granted already changes nothing. Refuses `device_unknown`,
    `device_revoked_already`, `certify_out_of_reach`, `unit_unknown`, `scope_own_unit`,
    `scope_days_order`, and `scope_granted_longer` for an end that an earlier grant does not have.
    """
    certificate = find_device(workspace, name)
    # No computer enrols itself: only a certificate that has come down makes it enrolled.
    provisional = certificate.ed != workspace.keys.device.public
    judge = enrolment.authority(workspace, provisional=provisional)
    if judge.is_revoked(certificate.ed, certificate.unit):
        raise Refusal("device_revoked_already", where=enrolment.fingerprint(certificate.ed))
    extra = None
    if entering_for:
        extra = _grant(workspace, certificate, Scope("for", entering_for, since, until))
    held = judge.scopes_of(certificate.ed, certificate.unit)
    granted = extra is None or extra in held
    if extra is not None and not granted and any(one.covers(extra) for one in held):
        raise Refusal("scope_granted_longer", where=enrolment.fingerprint(certificate.ed))
    if not (granted and judge.is_enrolled(certificate.ed, certificate.unit)):
        with workspace.database.transaction():
            enrolment.enrol(workspace, certificate, None, extra=extra)
            apply_certificates(workspace)
    return enrolment.device_row(enrolment.authority(workspace), certificate, set())


def find_device(workspace: Workspace, name: str) -> IncarnationCertificate:
    """Return the newest incarnation of the device that a name means, the inbox's included.

    The name is the device's id, an incarnation's id or the fingerprint. Refuses `device_unknown`.
    """
    found = [
        item
        for item in (*_waiting(workspace), *enrolment.known_incarnations(workspace.database))
        if name in (b64(item.ed), b64(item.inc), enrolment.fingerprint(item.ed))
    ]
    if not found:
        raise Refusal("device_unknown", where=name)
    return max(found, key=lambda item: (item.at, item.inc))


def _grant(workspace: Workspace, certificate: IncarnationCertificate, wanted: Scope) -> Scope:
    """Return the scope of entering for another unit; refuses one that this computer cannot give."""
    unit = wanted.unit
    units.require_unit(workspace, unit)
    if wanted.until and wanted.until < wanted.since:
        raise Refusal("scope_days_order", since=wanted.since, until=wanted.until)
    if lookups.is_within(workspace.database, unit, certificate.unit):
        raise Refusal("scope_own_unit", where=unit)
    issuer = enrolment.issuing_keys(workspace, certificate.unit)
    if not enrolment.authority(workspace).may_certify(issuer.public, unit):
        raise Refusal("certify_out_of_reach", where=unit)
    return wanted
