"""Judging anew: what new certificates, and new operations of revoked computers, change.

Whether an operation may take part follows from its own fields, the certificates and the
revocations, and for a revoked computer from the branch of its chain. These become known in any
order, so what was taken in under fewer of them is judged again; the outcome is the same whichever
came first.
"""

from collections.abc import Collection
from typing import Final

from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.scopes import Authority
from learnsite_desktop.oplog.line import decode
from learnsite_desktop.services import enrolment
from learnsite_desktop.services.telling import tell
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import ranks, settings, verdicts
from learnsite_desktop.store.chains import ChainKey
from learnsite_desktop.store.ingest import Ingest

REVOKED_TOLD: Final = "revoked_told"


def doubtful_chains(
    workspace: Workspace, judge: Authority, among: Collection[int] | None = None
) -> list[ChainKey]:
    """Return the chains, all or those named by key, in which single operations must be looked at.

    These are chains whose author is not enrolled, has no scope there, or is touched by a
    revocation.
    """
    return [
        chain
        for chain in verdicts.all_chains(workspace.database)
        if (among is None or chain.id in among) and not judge.is_plain(unb64(chain.inc), chain.unit)
    ]


def judge_anew(workspace: Workspace, ingest: Ingest, chains: Collection[ChainKey]) -> int:
    """Hold apart or let in the operations of chains as the certificates held now say.

    Records touched are marked in `ingest`, whose `finish` merges them. Returns how many operations
    were newly held apart. Inside the caller's transaction.
    """
    judge = enrolment.quarantine(workspace, enrolment.authority(workspace))
    held_apart = 0
    for chain in chains:
        for item in verdicts.operations_of(workspace.database, chain.id):
            code = judge(decode(item.line), item.hash) or ""
            if code == item.code or (not code and item.code == ranks.CODE):
                continue
            ingest.mark([item.record])
            if code:
                held_apart += not item.code
                verdicts.hold_apart(workspace.database, item.op, code)
            else:
                verdicts.let_in(workspace.database, item.op)
    return held_apart


def free(workspace: Workspace, ingest: Ingest) -> None:
    """Let operations take part whose author may write them by the certificates held now.

    What was withdrawn stays so, but no verdict awaits it when it is brought back. What is set apart
    by the word of a tier above is no matter of certificates: merging its record anew decides it.
    """
    database = workspace.database
    judge = enrolment.quarantine(workspace, enrolment.authority(workspace))
    for item in verdicts.against(database):
        if item.code != ranks.CODE and judge(decode(item.line), item.hash) is None:
            verdicts.let_in(database, item.op)
            ingest.mark([item.record])


def tell_own_revocation(workspace: Workspace) -> bool:
    """Return whether this computer is revoked, and tell it the first time; in a transaction."""
    revoked = enrolment.own_revocation(workspace)
    if revoked and settings.read(workspace.database, REVOKED_TOLD) != revoked:
        settings.write(workspace.database, REVOKED_TOLD, revoked)
        tell("device_revoked", where=workspace.unit, at=revoked[:10])
    return bool(revoked)


def apply_certificates(workspace: Workspace) -> int:
    """Let the certificates held now take effect on everything held; returns what fell.

    Inside the caller's transaction.
    """
    ingest = Ingest(workspace.database, workspace.idents)
    chains = doubtful_chains(workspace, enrolment.authority(workspace))
    apart = judge_anew(workspace, ingest, chains)
    free(workspace, ingest)
    ingest.finish()
    return apart
