"""Writing operations: the one way in which anything recorded here enters the log."""

from collections.abc import Mapping
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.ids import RECORD_ID_BYTES, b64, canonical, unb64
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.verbs import require_verb
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.line import (
    LINE_VERSION,
    MAX_PARENTS,
    SCHEMA_VERSION,
    SPLIT_LINE_BYTES,
    Operation,
    encode,
    line_hash,
)
from learnsite_desktop.services.enrolment import own_revocation
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal
from learnsite_desktop.store.chains import next_place
from learnsite_desktop.store.ingest import Incoming, Ingest
from learnsite_desktop.store.records import (
    StoredRecord,
    conflicts_of,
    find_record,
    heads_of,
    live_nodes,
)

_ENVELOPE_BYTES: Final = 4096


class Writer:
    """Gathers the operations of one change; `finish` puts them into log and projection.

    Used inside a transaction. What was gathered is seen by later calls (`heads`, `doc`).
    """

    def __init__(self, workspace: Workspace, *, operator: str, label: str) -> None:
        """`operator` is a record id or "", `label` a message id naming the change.

        Without a label nobody did it, so nobody can undo it.

        Refuses `operator_unknown`: a name would stand openly on every operation; and
        `device_revoked`: nobody would take it.
        """
        if operator and not _is_record_id(operator):
            raise Refusal("operator_unknown", where=operator)
        revoked = own_revocation(workspace)
        if revoked:
            raise Refusal("device_revoked", where=workspace.unit, at=revoked[:10])
        self._workspace = workspace
        self._operator = operator
        self._label = label
        self._inc = workspace.inc
        self._pending: dict[int, list[Incoming]] = {}
        self._places: dict[int, tuple[int, bytes]] = {}
        self._heads: dict[tuple[str, str], list[str]] = {}
        self._written: set[tuple[str, str]] = set()
        self._changes = ChangeSet()

    def find(self, kind: str, record: str) -> StoredRecord | None:
        """Return a stored record (what this change writes is not in it)."""
        return find_record(self._workspace.database, record, kind)

    def heads(self, kind: str, record: str) -> list[str]:
        """Return the record's heads, this change included; [] for a record that does not exist."""
        found = self._heads.get((kind, record))
        if found is None:
            stored = self.find(kind, record)
            found = heads_of(self._workspace.database, stored.key) if stored else []
            self._heads[kind, record] = found
        return found

    def know(self, kind: str, record: str, heads: list[str]) -> None:
        """Tell the heads of a stored record that were read already, for many at once."""
        self._heads.setdefault((kind, record), heads)

    def save(
        self,
        *,
        kind: str,
        record: str,
        unit: str,
        writes: Mapping[str, object],
        verb: str = "",
        why: str = "",
        par: list[str] | None = None,
    ) -> list[str]:
        """Write registers of a record; returns the hashes of the operations (usually one).

        `writes` maps registers to values, private ones in clear: they are replaced by commitments
        here. A `Repeat` keeps a commitment that exists. `par` defaults to the record's heads now.
        """
        parents = self.heads(kind, record) if par is None else par
        writes = {**self._settled(kind, record, parents), **writes}
        verb = verb or ("edit" if parents else "create")
        require_verb(kind, verb)
        public: dict[str, Any] = {}
        private: dict[str, str | None] = {}
        for register, value in writes.items():
            if isinstance(value, Repeat):
                private[register] = value.commitment
            elif not KINDS[kind].is_private(register):
                public[register] = value
            elif value is None:
                private[register] = None
            else:
                private[register] = self._commit(record, register, value)
        reason = self._commit(record, "why", why) if why else ""
        hashes: list[str] = []
        while len(parents) > MAX_PARENTS:
            # A record with more branches than a line may name is frozen; this frees it.
            joined = self._operation(
                f"{kind}.merge", record, unit, {}, {}, parents[:MAX_PARENTS], reason
            )
            hashes.append(self._append(joined))
            parents = [*parents[MAX_PARENTS:], hashes[-1]]
        for part, private_part in _split(public, private):
            operation = self._operation(
                f"{kind}.{verb}", record, unit, part, private_part, parents, reason
            )
            hashes.append(self._append(operation))
            parents = [hashes[-1]]
        self._heads[kind, record] = parents
        self._changes.operations += len(hashes)
        if (kind, record) not in self._written:
            self._written.add((kind, record))
            self._changes.records.append((kind, record))
        return hashes

    def _settled(self, kind: str, record: str, parents: list[str]) -> dict[str, object]:
        """Return private registers that two people gave the same value under two salts.

        Merging sees commitments only, so these stand as conflicts until a save repeats the greater.
        """
        stored = self.find(kind, record) if len(parents) > 1 else None
        found: dict[str, object] = {}
        for register in conflicts_of(self._workspace.database, stored.key) if stored else ():
            if stored is None or not KINDS[kind].is_private(register):
                continue
            names = [
                str(node.writes[register])
                for node in live_nodes(self._workspace.database, stored.key, register)
            ]
            values = {canonical(self._workspace.vault.reveal(name)) for name in names}
            if len(values) == 1 and values != {canonical(None)}:
                found[register] = Repeat(max(names, key=unb64))
        return found

    def _commit(self, record: str, register: str, value: object) -> str:
        return self._workspace.vault.commit(self._workspace.idents, record, register, value)

    def _operation(
        self,
        k: str,
        record: str,
        unit: str,
        public: dict[str, Any],
        private: dict[str, str | None],
        parents: list[str],
        why: str,
    ) -> Operation:
        chain = self._workspace.idents.chain(self._inc, unit)
        if chain not in self._places:
            self._places[chain] = next_place(self._workspace.database, chain)
        n, prev = self._places[chain]
        return Operation(
            at=self._workspace.now(),
            inc=self._inc,
            k=k,
            n=n,
            prev=b64(prev),
            r=record,
            sv=SCHEMA_VERSION,
            u=self._operator,
            un=unit,
            v=LINE_VERSION,
            f=public,
            par=sorted(parents),
            pf=private,
            why=why,
        )

    def _append(self, operation: Operation) -> str:
        line = encode(operation)
        name = line_hash(line)
        chain = self._workspace.idents.chain(self._inc, operation.un)
        self._places[chain] = (operation.n + 1, name)
        self._pending.setdefault(chain, []).append(Incoming(line, name, operation))
        return b64(name)

    def finish(self, progress: Progress = silent) -> ChangeSet:
        """Take everything gathered into the log, as one change that can be undone."""
        if not self._pending:
            return self._changes
        database = self._workspace.database
        self._workspace.note_writing()
        ingest = Ingest(database, self._workspace.idents)
        change = 0
        if self._label:
            at = self._workspace.now()
            change = journal.begin_change(database, at, self._operator, self._label)
        first_op = ingest.report.first_op
        done = 0
        for chain, items in self._pending.items():
            progress(done, self._changes.operations, N_("saving"))
            ingest.add(chain, items, more=True)
            done += len(items)
        ingest.finish()
        if change:
            journal.end_change(database, change, first_op)
        self._changes.change = change
        return self._changes


class Repeat:
    """A private value that is written again by repeating its commitment verbatim."""

    def __init__(self, commitment: str | None) -> None:
        """`commitment` as text; None clears."""
        self.commitment = commitment


def _split(
    public: dict[str, Any], private: dict[str, str | None]
) -> list[tuple[dict[str, Any], dict[str, str | None]]]:
    """Split a save into parts whose lines stay below 48 KiB; nearly always it is one part."""
    if len(canonical(public)) + len(canonical(private)) + _ENVELOPE_BYTES < SPLIT_LINE_BYTES:
        return [(public, private)]
    parts: list[tuple[dict[str, Any], dict[str, str | None]]] = []
    current: dict[str, Any] = {}
    size = 0
    for register, value in public.items():
        weight = len(canonical(register)) + len(canonical(value)) + 2
        if current and size + weight + _ENVELOPE_BYTES > SPLIT_LINE_BYTES:
            parts.append((current, {}))
            current, size = {}, 0
        current[register] = value
        size += weight
    parts.append((current, private))
    return parts


def undelete_value(*, deleted: bool) -> dict[str, object]:
    """Return the register write that deletes a record or brings it back."""
    return {DELETED: True if deleted else None}


def _is_record_id(text: str) -> bool:
    try:
        return len(unb64(text)) == RECORD_ID_BYTES
    except ValueError:
        return False


def known_hash(text: str) -> bool:
    """Return whether `text` is written like an operation hash."""
    try:
        return len(unb64(text)) == 32
    except ValueError:
        return False
