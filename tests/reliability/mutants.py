"""Twenty mistakes that would spoil the loop, as small changes of the source, each with its hunters.

A mistake that no test notices shows a hole in the tests. `old` must stand in the file exactly once:
where the source moves on, the change has to be written anew.
"""

from dataclasses import dataclass
from typing import Final

MERGE: Final = "tests/domain/test_merge.py"
LOOP: Final = "tests/flows/test_loop.py"
IN_FULL: Final = "tests/services/test_conflicts_in_full.py"
CONFLICTS: Final = "tests/services/test_returns_conflicts_links.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: `old` becomes `new` in `file`; `hunters` are the tests, one of which must fail.

    `file` lies below the package, or below `resources`.
    """

    name: str
    file: str
    old: str
    new: str
    hunters: tuple[str, ...]


MUTANTS: Final = (
    Mutant(
        "ready rule dropped",
        "domain/merge.py",
        "    done = {node.hash for node in ready}\n",
        "    ready += [node for node in by_hash.values() if node not in ready]\n"
        "    done = {node.hash for node in ready}\n",
        (MERGE, f"{LOOP}::test_files_of_five_villages_shuffled_and_repeated"),
    ),
    Mutant(
        "key by (inc, n)",
        "services/intake.py",
        "        if not self._ingest.note_held(chain, head.n, head.last, hashes[-1]):\n",
        "        held = self._workspace.database.value(\n"
        '            "SELECT count(*) FROM op WHERE chain=? AND n=?", (chain, head.last)\n'
        "        )\n"
        "        if not held:\n",
        (f"{LOOP}::test_a_copied_folder_keeps_both_branches", "tests/flows/test_clones.py"),
    ),
    Mutant(
        "winner by clock",
        "store/ingest.py",
        "                own=bool(own),\n",
        "                own=operation.at,  # type: ignore[arg-type]\n",
        ("tests/flows/test_clocks.py",),
    ),
    Mutant(
        "tombstone forgotten",
        "store/ingest.py",
        "            record.deleted = bool(operation.f[DELETED])\n",
        "            record.deleted = False\n",
        ("tests/services/test_records.py", CONFLICTS),
    ),
    Mutant(
        "prev not checked",
        "bundle/readers/v1.py",
        "            if (head.inc, head.unit, head.n, head.prev) != follows:\n",
        "            if head.inc != follows[0]:\n",
        ("tests/bundle/test_seal.py",),
    ),
    Mutant(
        "checkpoint not verified",
        "bundle/readers/v1.py",
        "        checkpoint.verify(self._incarnation(checkpoint.inc).ed)\n",
        "        self._incarnation(checkpoint.inc)\n",
        ("tests/reliability/test_honesty.py", "tests/bundle/test_seal.py"),
    ),
    Mutant(
        "scope not checked",
        "domain/scopes.py",
        '    if deed.layer != FACT:\n        return "out_of_scope"\n',
        "    return None\n",
        ("tests/domain/test_scopes.py", "tests/flows/test_revoking.py"),
    ),
    Mutant(
        "commitment not compared",
        "bundle/payloads.py",
        "    return part if found == part.commitment else None\n",
        "    return part\n",
        ("tests/bundle/test_frames.py", "tests/reliability/test_honesty.py"),
    ),
    Mutant(
        "resolution by timestamp",
        "store/ingest.py",
        "    return nodes, ops, kind_name\n",
        "    settled = {row[1]: decode(row[2]) for row in rows}\n"
        "    last = max((o.at for o in settled.values() if o.verb == 'resolve'), default='')\n"
        "    nodes = [\n"
        "        n for n in nodes\n"
        "        if settled[n.hash].verb != 'resolve' or settled[n.hash].at == last\n"
        "    ]\n"
        "    return nodes, ops, kind_name\n",
        (f"{IN_FULL}::test_two_decisions_in_flight_open_exactly_one_new_conflict",),
    ),
    Mutant(
        "receipt of superseded incarnation trusted",
        "services/enrolment.py",
        "            and item.inc not in self._gone\n",
        "",
        ("tests/services/test_receipts.py",),
    ),
    Mutant(
        "partial batch committed",
        "store/engine.py",
        '                self._connection.execute("ROLLBACK").close()\n',
        '                self._connection.execute("COMMIT").close()\n',
        ("tests/flows/test_refusals.py", "tests/store/test_engine.py"),
    ),
    Mutant(
        "withdrawn counted",
        "store/ingest.py",
        "WHERE o.record=? AND o.state NOT IN (2, 3)",
        "WHERE o.record=? AND o.state NOT IN (2, 9)",
        (f"{LOOP}::test_rolled_back_is_as_never_received",),
    ),
    Mutant(
        "link counted twice",
        "resources/indicators/_base.sql",
        "FROM b_held h\nCROSS JOIN mark m\nLEFT JOIN learner l ON l.ident = m.learner\n",
        "FROM b_held h\nCROSS JOIN mark m\nLEFT JOIN learner l ON l.ident = -1\n",
        ("tests/services/test_figures.py", CONFLICTS),
    ),
    Mutant(
        "atomic group split",
        "domain/records/session.py",
        '            Field(name="start", type=FieldType.TIME, label="start", required=True),\n'
        '            Field(name="end", type=FieldType.TIME, label="end", required=True),\n'
        '            name="time",\n'
        "        ),\n",
        '            Field(name="start", type=FieldType.TIME, label="start", required=True)\n'
        "        ),\n"
        "        register(\n"
        '            Field(name="end", type=FieldType.TIME, label="end", required=True)\n'
        "        ),\n",
        (f"{CONFLICTS}::test_a_group_stays_whole_in_conflict_and_resolution",),
    ),
    Mutant(
        "unknown key dropped",
        "store/ingest.py",
        "record.id, int(state), item.line)\n",
        "record.id, int(state), known_part(item.line))\n",
        ("tests/flows/test_loop.py", "tests/flows/test_machine.py"),
    ),
    Mutant(
        "old down document accepted",
        "oplog/documents.py",
        "        if self.version < held.version:\n",
        "        if self.version < 0:\n",
        ("tests/flows/test_down.py",),
    ),
    Mutant(
        "duplicate mark counted",
        "resources/indicators/_base.sql",
        "GROUP BY r.session, r.person;\n",
        "GROUP BY r.session, r.learner;\n",
        (f"{CONFLICTS}::test_one_person_present_twice_at_a_session_counts_once",),
    ),
    Mutant(
        "`par` taken at save instead of open",
        "services/drafts.py",
        "    item.par = json.loads(draft.par)\n",
        "    item.par = heads_of(workspace.database, item.stored.key) if item.stored else []\n",
        ("tests/services/test_drafts.py",),
    ),
    Mutant(
        "outbox emptied before receipt",
        "store/journal.py",
        '        (bundle_id, path, to_unit, at, heads, int(heads == "[]")),\n',
        "        (bundle_id, path, to_unit, at, heads, 1),\n",
        ("tests/services/test_receipts.py",),
    ),
    Mutant(
        "quarantine blocking later records",
        "store/ingest.py",
        "        code = self._quarantine(operation, item.hash)\n",
        "        code = self._quarantine(operation, item.hash)\n"
        "        code = code or (self._blocked[-1][1] if self._blocked else None)\n",
        ("tests/services/test_receipts.py",),
    ),
)
