"""Down documents: versioned data that a unit issues for itself and those below.

One line of versions per kind and scope. What is held stays in use until something newer by somebody
who may issue it takes its place: a date that passed only turns it amber. What a revoked computer
issued, and the revocation does not keep, counts no more, whether it came before the revocation or
after it; only what records are read by (the region tree, codes, forms) is used, amber, until it is
issued anew. Such a held one does not keep others out either, however high its version.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.bundle.reader import BundleSummary, replay
from learnsite_desktop.bundle.readers.v1 import FindIncarnation, NullSink
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.region_joining import is_lost
from learnsite_desktop.domain.regions import RegionTree
from learnsite_desktop.domain.scopes import Authority
from learnsite_desktop.oplog.certificates import parse_revocation
from learnsite_desktop.oplog.documents import Document, make_document, stored_document
from learnsite_desktop.oplog.signed import MAX_INTEGER
from learnsite_desktop.services import enrolment, other_versions, units
from learnsite_desktop.services.other_versions import Elsewhere
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust
from learnsite_desktop.store.engine import Database

OWNER_KINDS: Final = frozenset({"regions", "codes", "forms"})
"""Kinds of which there is one for everybody, issued by the unit that owns the region tree."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A document of a received file that was not taken, and why; `held` the version in use."""

    kind: str
    scope: str
    version: int
    held: int | None
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """A document of a received file that was taken; `held` the version in use before it."""

    kind: str
    scope: str
    version: int
    held: int | None


@dataclass(slots=True)
class Outcome:
    """What became of the documents of a file, and what its sender holds besides.

    `passed` over while the rest came in; `aside` if one was set aside for the first time;
    `elsewhere` are this unit's own documents that the sender holds and this computer does not know.
    """

    taken: list[Taken] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    aside: bool = False

    def returned(self, unit: str) -> list[Taken]:
        """Return the documents for a unit itself that were taken: its own, when asked there."""
        return [one for one in self.taken if one.scope == unit]


def publish(
    workspace: Workspace,
    kind: str,
    body: object,
    *,
    scope: str = "",
    expires: date | None = None,
    version: int | None = None,
    joins: Sequence[Document] = (),
) -> Document:
    """Issue the next version of a down document for this unit, or one below, and those below it.

    Its number lies above those that others are known to hold. `joins` are documents of its line
    besides the one in use whose content is in it. Inside the caller's transaction. Refuses
    `document_not_ours` what somebody else issues, `document_version_used` a `version` that is not
    above those given out, and `document_versions_end` when there is no number left.
    """
    scope = scope or workspace.unit
    judge = enrolment.authority(workspace)
    keys = workspace.keys.device
    owner = units.tree_owner(workspace.database)
    ours = judge.may_publish(keys.public, scope)
    # The first tree of all makes its issuer the owner.
    first = kind == units.TREE and not owner
    if not first and (not ours or (kind in OWNER_KINDS and owner != scope)):
        raise Refusal("document_not_ours", where=kind, unit=owner)
    least = _next_version(workspace.database, judge, kind, scope)
    if version is not None and version < least:
        raise Refusal("document_version_used", where=kind, version=version, least=least)
    workspace.note_writing()
    document = make_document(
        keys,
        kind=kind,
        version=version or least,
        scope=scope,
        body=body,
        at=workspace.now(),
        expires=expires.isoformat() if expires else None,
        follows=_predecessors(workspace.database, kind, scope, joins),
    )
    store(workspace, document)
    return document


def _predecessors(
    database: Database, kind: str, scope: str, joins: Iterable[Document]
) -> list[bytes]:
    """Return the marks of what a new document comes after: the nearest ones first."""
    held = trust.document(database, kind, scope)
    before = [*([stored_document(held[2])] if held else []), *joins]
    marks = [one.mark for one in before]
    return list(dict.fromkeys([*marks, *(mark for one in before for mark in one.follows or ())]))


def _next_version(database: Database, judge: Authority, kind: str, scope: str) -> int:
    held = trust.document(database, kind, scope)
    if held is None:
        return other_versions.highest(database, kind, scope, 0) + 1
    if held[0] < MAX_INTEGER:
        return min(other_versions.highest(database, kind, scope, held[0]) + 1, MAX_INTEGER)
    # Somebody may have gone to the end of the numbers to block the line; once revoked, in vain.
    if binds(judge, stored_document(held[2])):
        raise Refusal("document_versions_end", where=kind)
    return 1


def binds(judge: Authority, document: Document) -> bool:
    """Return whether the issuer may still issue it, or a revocation keeps this document of his."""
    return judge.may_publish(document.by, document.scope, document.hash)


def store(workspace: Workspace, document: Document) -> None:
    """Store a down document and put it in force; refuses a region tree that is none."""
    database = workspace.database
    tree = RegionTree.of(document.body) if document.kind == units.TREE else None
    trust.put_document(
        database,
        kind=document.kind,
        scope=document.scope,
        version=document.version,
        name=document.hash,
        body=document.raw,
    )
    other_versions.settle(database, document)
    if tree is not None:
        units.store_tree(database, tree)


def take_all(workspace: Workspace, judge: Authority, documents: Iterable[Document]) -> Outcome:
    """Take the documents of a received file; what its issuer mixed up is set aside by name."""
    outcome = Outcome()
    for document in documents:
        held = trust.document(workspace.database, document.kind, document.scope)
        said = (document.kind, document.scope, document.version, held[0] if held else None)
        try:
            if take(workspace, judge, document):
                outcome.taken.append(Taken(*said))
        except Refusal as refusal:
            if refusal.code in other_versions.ASIDE:
                outcome.aside |= other_versions.set_aside(workspace, document)
                if trust.works_for(workspace.database, document.by, workspace.unit):
                    numbers = {"version": document.version, "held": said[3]}
                    refusal = Refusal("document_own_other", where=document.kind, **numbers)
            outcome.passed.append(Passed(*said, refusal))
    return outcome


def take(workspace: Workspace, judge: Authority, document: Document) -> bool:
    """Take a document of a received file; False if it is held already.

    Refuses `document_older`, `document_behind`, `document_twice`, `document_apart`,
    `document_forbidden` and what is wrong with a region tree: then the document is passed over, not
    the file.
    """
    if not binds(judge, document):
        raise Refusal("document_forbidden", where=document.kind)
    if document.kind in OWNER_KINDS:
        owner = units.tree_owner(workspace.database)
        if owner not in ("", document.scope):
            raise Refusal("document_forbidden", where=document.kind)
    held = trust.document(workspace.database, document.kind, document.scope)
    if held is not None and held[1] == document.hash:
        return False
    before = stored_document(held[2]) if held is not None else None
    if before is not None and binds(judge, before):
        if document.says_what(before):
            # Two computers issued the same at a time: everybody ends up with one of the two.
            if document.hash > before.hash:
                return False
        else:
            document.require_newer_than(before)
            _require_succession(before, document)
    store(workspace, document)
    return True


def _require_succession(held: Document, document: Document) -> None:
    """Refuse `document_apart` for a region tree that forgets what the one in use says.

    One whose issuer knew the one in use may: a change that was taken back is none of forgetting.
    """
    if document.kind != units.TREE or held.is_known_to(document):
        return
    lost = is_lost(RegionTree.of(held.body), RegionTree.of(document.body))
    if lost is not None:
        raise Refusal(
            "document_apart",
            where=document.kind,
            version=document.version,
            held=held.version,
            unit=lost.code,
            name=lost.name,
        )


class _Trees(NullSink):
    """Gathers the region trees of a file."""

    def __init__(self) -> None:
        self.found: list[Document] = []

    def documents(self, documents: list[Document]) -> None:
        self.found += [item for item in documents if item.kind == units.TREE]


def learn_tree(
    workspace: Workspace, path: Path, summary: BundleSummary, find: FindIncarnation
) -> bool:
    """Take the region tree of a file ahead of the rest; True if it is a new one.

    A file from a unit that this workspace's older tree does not know brings the newer tree along.
    Inside the caller's transaction, which undoes it if the file is not taken after all.
    """
    trees = _Trees()
    identities = workspace.keys.device.identities()
    replay(path, identities, trees, find, expect=summary.digest)
    return bool(take_all(workspace, enrolment.authority(workspace), trees.found).taken)


def counting(workspace: Workspace, kind: str) -> list[Document]:
    """Return the documents of a kind that no revocation voids, the lowest issuer's scope first."""
    database = workspace.database
    found = [known_document(body) for _scope, body in trust.documents_by_level(database, kind)]
    revoked = {_revocation(body).device for body in trust.certificates(database, "revocation")}
    if not revoked:
        return found
    doubtful = {one.by for one in found if revoked & _vouched_for(database, one.by)}
    if not doubtful:
        return found
    judge = enrolment.authority(workspace)
    return [one for one in found if one.by not in doubtful or binds(judge, one)]


def _vouched_for(database: Database, device: bytes) -> set[bytes]:
    """Return a device and all by whose certificates it was enrolled, at any remove."""
    issuers: dict[bytes, set[bytes]] = {}
    for item in enrolment.known_enrolments(database):
        issuers.setdefault(item.device, set()).add(item.by)
    found, todo = {device}, [device]
    while todo:
        new = issuers.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


def in_force(workspace: Workspace, kind: str) -> list[Document]:
    """Return the documents of a kind that count for this unit, the lowest issuer's scope first."""
    line = _line(workspace)
    return [one for one in counting(workspace, kind) if one.scope in line]


def _line(workspace: Workspace) -> set[str]:
    """Return this unit and those above it now; a former parent's word counts no more."""
    tree = units.load_tree(workspace.database)
    if workspace.unit not in tree:
        return {workspace.unit}
    return {workspace.unit, *tree.ancestors(workspace.unit)}


known_document = lru_cache(maxsize=8)(stored_document)
"""Documents held never change, a tree of regions is long, and screens ask for the same few."""
_revocation = lru_cache(maxsize=1024)(parse_revocation)


def list_documents(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every document held: kind, scope, version, issuer, at, expires, state, why.

    `state` is `current`; `amber` when it expired, then it stays in use, or its issuer was revoked
    (`why` says which); `superseded` when it is of a unit that this one no longer lies under.
    """
    judge = enrolment.authority(workspace)
    today = workspace.clock.now().date().isoformat()
    line = _line(workspace)
    below = set(units.load_tree(workspace.database).subtree(workspace.unit))
    homes = {one.ed: one.unit for one in enrolment.known_incarnations(workspace.database)}
    found: list[dict[str, Any]] = []
    for body in trust.documents(workspace.database):
        document = known_document(body)
        state, why = "current", None
        if document.scope not in line | below:
            state = "superseded"
        elif not binds(judge, document):
            state, why = "amber", "issuer"
        elif document.expires is not None and document.expires < today:
            state, why = "amber", "expired"
        found.append(
            {
                "kind": document.kind,
                "scope": document.scope,
                "version": document.version,
                "issuer": {
                    "unit": homes.get(document.by),
                    "fingerprint": enrolment.fingerprint(document.by),
                },
                "at": document.at,
                "expires": document.expires,
                "state": state,
                "why": why,
            }
        )
    return found
