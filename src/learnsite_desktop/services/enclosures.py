"""What travels with a bundle's operations: certificates, documents, receipts, values, pictures.

A receiver says in its receipts by one digest per unit which certificates it holds; where that is
what is held here, they stay at home. What the bundle itself needs to be read goes along always.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from learnsite_desktop.bundle.payloads import (
    KNOWN_BYTES,
    MAX_MEDIA_BYTES,
    Header,
    Media,
    PrivatePart,
)
from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.scopes import Authority
from learnsite_desktop.oplog.certificates import IncarnationCertificate
from learnsite_desktop.oplog.documents import (
    DOCUMENT_PREFIX,
    MARK_PREFIX,
    Receipt,
    mark_number,
    parse_receipt,
)
from learnsite_desktop.oplog.line import Operation
from learnsite_desktop.services import enrolment, other_versions
from learnsite_desktop.services.documents import known_document
from learnsite_desktop.services.media import evidence_named, path_of
from learnsite_desktop.services.originals import Originals, frames_of
from learnsite_desktop.services.wants import relayed_above
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import lookups, private, settings, trust
from learnsite_desktop.store.records import find_record_row

_KNOWN: Final = "known."


@dataclass(slots=True)
class Company:
    """For whom a bundle is, and what its operations name, noted while their lines are written.

    `known` are the receivers' newest receipts by unit; `subject` the unit whose chains travel.
    """

    kind: str
    subject: str
    to_unit: str
    receivers: list[IncarnationCertificate]
    known: dict[str, list[Receipt]]
    commitments: list[str] = field(default_factory=list)
    thumbnails: dict[str, str] = field(default_factory=dict)

    @property
    def used(self) -> list[Receipt]:
        """The receivers' newest receipts for the subject itself."""
        return self.known.get(self.subject, [])

    def name(self, operation: Operation) -> None:
        """Note the commitments and thumbnails that must go along with an operation."""
        self.commitments += [name for name in operation.pf.values() if name]
        self.commitments += [operation.why] if operation.why else []
        if operation.k.startswith("evidence.") and "thumb" in operation.f:
            self.thumbnails |= evidence_named(operation)


def note_wanted(workspace: Workspace, company: Company) -> None:
    """Add the private values that the receivers ask for again, as far as the subject's names them.

    Whether they may travel is decided when they are written, as for all others.
    """
    for receipt in (one for given in company.known.values() for one in given):
        for name in receipt.private:
            place = private.part_place(workspace.database, name)
            stored = find_record_row(workspace.database, b64(place[0])) if place else None
            if stored and lookups.is_within(workspace.database, stored.unit, company.subject):
                company.commitments.append(b64(name))


def certificates(
    workspace: Workspace, company: Company, authors: Iterable[bytes]
) -> Iterator[bytes]:
    """Yield what the receiver needs to judge the authors, without what it surely holds.

    Those of the line above both units, and of the units whose computers wrote or signed something
    in this bundle (`authors`: their incarnations), always go: so it can be read by whoever was
    restored unseen. Of the other units of the subject, those go of which some receiver has not said
    that it holds just these.
    """
    database = workspace.database
    always = lookups.ancestors_of(database, workspace.unit)
    always |= lookups.ancestors_of(database, company.to_unit)
    for unit in {trust.unit_of_incarnation(database, inc) or "" for inc in authors}:
        always |= lookups.ancestors_of(database, unit) | {unit}
    held = trust.certificates_by_unit(database)
    wanted = always | {
        unit
        for unit in lookups.units_within(database, company.subject)
        if unit in held and not _holds(company, unit, held[unit].digest())
    }
    # A unit that was moved here was enrolled by the one it lay under before.
    wanted |= {above for unit in wanted for above in lookups.ancestors_of(database, unit)}
    for unit in sorted(wanted & held.keys()):
        yield from held[unit].incarnations
    for unit in sorted(wanted & held.keys()):
        yield from held[unit].certificates
        if unit in always and company.kind in ("up", "peer", "relay"):
            yield from held[unit].requests
    if "" in held:
        yield from held[""].certificates


def _holds(company: Company, unit: str, digest: bytes) -> bool:
    known = company.known.get(unit, [])
    everyone = len(known) == len(company.receivers)
    return everyone and all(receipt.certificates == digest for receipt in known)


def brings_more(workspace: Workspace, company: Company, originals: Originals) -> bool:
    """Return whether a bundle brings something besides operations that its receivers lack.

    These are documents, certificates, originals of photos, and private values asked for again, as
    far as `note_wanted` has named them. What always goes along is no news.
    """
    if originals.chosen or next(private_parts(workspace, company), None) is not None:
        return True
    held = trust.certificates_by_unit(workspace.database)
    # Of a unit of which nothing was ever written no receipt is given: there is nothing to tell by.
    new = any(
        unit in held and not _holds(company, unit, held[unit].digest())
        for unit in company.known
        if company.known[unit]
    )
    told = company.kind in ("down", "peer") or _goes_back(workspace, company)
    return new or (told and next(documents(workspace, company), None) is not None)


def documents(
    workspace: Workspace, company: Company, judge: Authority | None = None
) -> Iterator[bytes]:
    """Yield documents newer than what a receiver's receipt names; they travel down and sideways.

    Those whose issuer was revoked since stay here. A receiver below that names a greater version
    than ours holds one of them: ours takes its place once the revocation is known there. Upward
    they go to a further computer of a unit, since it may be all that is left of that unit; and what
    the receiver itself issued goes back to it where its receipt shows that it lacks it.
    """
    database = workspace.database
    known = [receipt.counts for receipt in company.used]
    everyone = len(known) == len(company.receivers)
    back = _goes_back(workspace, company)
    aside = {(one.kind, one.scope) for one in other_versions.all_aside(database)}
    judge = judge or enrolment.authority(workspace)
    for kind, scope, version, name in trust.document_versions(database):
        line = f"{kind}.{scope}"
        held = min((counts.get(f"{DOCUMENT_PREFIX}{line}", 0) for counts in known), default=0)
        lacking = held < version or not (everyone or back)
        if company.kind == "down":
            lacking |= held > version
        else:
            # Who set the receiver's own aside shows what it holds instead, whatever the number.
            lacking |= any(
                counts.get(f"{MARK_PREFIX}{line}", ours) != ours
                and ((kind, scope) in aside or counts.get(f"{DOCUMENT_PREFIX}{line}") == version)
                for ours in [mark_number(name)]
                for counts in known
            )
        if not lacking or (back and not known):
            continue
        found = trust.document(database, kind, scope)
        document = known_document(found[2]) if found else None
        if document is None or not judge.may_publish(document.by, scope):
            continue
        if not back or trust.works_for(database, document.by, company.to_unit):
            yield document.raw


def _goes_back(workspace: Workspace, company: Company) -> bool:
    """Whether only such documents go along as the receiver itself issued."""
    if company.kind in ("down", "peer"):
        return False
    everyone = len(company.used) == len(company.receivers)
    computers = trust.incarnations_of_unit(workspace.database, company.to_unit)
    return everyone or len(computers) == 1


def receipts_sent(
    workspace: Workspace, company: Company, given: Iterable[Receipt]
) -> list[Receipt]:
    """Return our newest receipts, and going down those that others gave, then the receivers' own.

    Those about other units than the subject stay at home once every receiver has said, in the
    header of a bundle of its own, that it holds them. The receivers' own go each time: whoever was
    restored learns by its own signature that it gave one which it lacks. A receipt counts all that
    is held below its unit, so those about the subject are new with every operation there.
    """
    told = _told(workspace, company)
    found = [one for one in given if one.unit == company.subject or one.hash not in told]
    if company.kind in ("down", "peer"):
        receivers = {item.inc for item in company.receivers}
        for unit in lookups.units_within(workspace.database, company.subject):
            for inc, body in trust.newest_receipts(workspace.database, unit).items():
                receipt = parse_receipt(body)
                if inc not in receivers and receipt.hash not in told:
                    found.append(receipt)
    return found + company.used


class _Told:
    """The receipts that all receivers hold, by the beginnings of their hashes."""

    def __init__(self, known: list[set[bytes]]) -> None:
        self._known = known

    def __contains__(self, name: bytes) -> bool:
        return bool(self._known) and all(name[:KNOWN_BYTES] in one for one in self._known)


def _told(workspace: Workspace, company: Company) -> _Told:
    texts = [settings.read(workspace.database, _key(item.inc)) for item in company.receivers]
    return _Told([{unb64(part) for part in text.split()} for text in texts])


def _key(inc: bytes) -> str:
    """Return the setting that keeps what an incarnation said; another one has said nothing."""
    return f"{_KNOWN}{b64(inc)}"


def receipts_known(workspace: Workspace, subject: str) -> tuple[bytes, ...]:
    """Return the beginnings of the hashes of the newest receipts got for a unit's subtree."""
    names = trust.newest_receipt_names(workspace.database, subject)
    return tuple(sorted({name[:KNOWN_BYTES] for name in names}))


def note_known(workspace: Workspace, header: Header) -> None:
    """Keep in mind which receipts the sender of a bundle holds.

    The newest word need not be the last to arrive: receipts grow in number, so that one said to be
    held and still the newest is held.
    """
    if header.known:
        text = " ".join(b64(item) for item in header.known)
        settings.write(workspace.database, _key(header.from_inc), text)


def private_parts(workspace: Workspace, company: Company) -> Iterator[PrivatePart]:
    """Yield the values behind the commitments packed, as far as they are held and may travel."""
    upward = company.kind in ("up", "relay") and workspace.tier != "village"
    allowed = relayed_above(workspace) if upward else None
    for name in dict.fromkeys(company.commitments):
        place = private.part_place(workspace.database, unb64(name))
        if place is None or (allowed is not None and place[1] not in allowed):
            continue
        found = workspace.vault.part(name)
        if found is not None:
            yield PrivatePart(unb64(name), found[0], b64(place[0]), place[1], found[1])


def pictures(workspace: Workspace, company: Company, originals: Originals) -> Iterator[Media]:
    """Yield the small pictures of the photos packed, as far as held here; then the originals."""
    yield from thumbnails(workspace, company)
    yield from frames_of(workspace, originals)


def thumbnails(workspace: Workspace, company: Company) -> Iterator[Media]:
    """Yield the small pictures of the photos packed; what is too large for one is none."""
    for name, of in company.thumbnails.items():
        path = path_of(workspace, unb64(name))
        if name != of and path.is_file() and path.stat().st_size <= MAX_MEDIA_BYTES:
            content = path.read_bytes()
            yield Media("thumbnail", "image/jpeg", unb64(name), unb64(of), content)
