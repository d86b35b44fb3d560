"""Checks of a database against itself."""

from collections.abc import Callable
from pathlib import Path

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.line import Operation, decode, line_hash
from learnsite_desktop.store.chains import chain_genesis
from learnsite_desktop.store.engine import Database
from learnsite_desktop.store.rebuild import dump, rebuild


def integrity(database: Database, deep: bool) -> list[str]:  # noqa: FBT001 - one plain switch
    """Return what the engine finds wrong with its pages; the deep check also reads all indexes.

    A disk without room for the question says nothing about the database: that is refused.
    """
    pragma = "PRAGMA integrity_check" if deep else "PRAGMA quick_check"
    try:
        rows = database.rows(pragma)
    except Refusal as refusal:
        if refusal.code == "disk_full":
            raise
        return [str(refusal)]
    return [str(row[0]) for row in rows if row[0] != "ok"]


def _unseen(_operation: Operation) -> None:
    """Look at nothing else."""


def chains(database: Database, also: Callable[[Operation], None] = _unseen) -> list[str]:
    """Return operations whose line does not have its hash or does not follow what it names.

    `also` is shown every operation that is as it was written.
    """
    problems: list[str] = []
    for chain, n, name, line in database.stream(
        "SELECT chain, n, hash, line FROM op ORDER BY chain, n"
    ):
        if line_hash(line) != name:
            problems.append(f"{b64(name)}: hash")
            continue
        operation = decode(line)
        also(operation)
        prev = unb64(operation.prev)
        if n == 1 and prev != _genesis(database, chain):
            problems.append(f"{b64(name)}: genesis")
        elif n > 1 and not database.row(
            "SELECT 1 FROM op WHERE hash=? AND chain=? AND n=? UNION ALL "
            "SELECT 1 FROM run WHERE chain=? AND start_n=? AND start_prev=? LIMIT 1",
            (prev, chain, n - 1, chain, n, prev),
        ):
            problems.append(f"{b64(name)}: prev")
    return problems


def _genesis(database: Database, chain: int) -> bytes | None:
    """Return the `prev` of a chain's first operation, None if the chain is known no more."""
    try:
        return chain_genesis(database, chain)
    except TypeError:
        return None


def compare_rebuilt(database: Database, copy: Path) -> list[str]:
    """Rebuild a copy of the database from its log; return the lines in which the two differ."""
    database.backup_to(copy)
    rebuilt = Database(copy)
    try:
        with rebuilt.transaction():
            rebuild(rebuilt)
        live, again = set(dump(database)), set(dump(rebuilt))
    finally:
        rebuilt.close()
    return [f"- {line}" for line in sorted(live - again)] + [
        f"+ {line}" for line in sorted(again - live)
    ]
