"""The code tables shipped with the product, and the local codes that a county adds to them."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from learnsite_desktop.domain.codes import CODE_COLUMNS, LOCAL_LISTS, CodeRow, CodeTables
from learnsite_desktop.oplog.documents import stored_document
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.tables import read_table
from learnsite_desktop.store import trust
from learnsite_desktop.store.engine import Database


def read_codes(path: Path) -> CodeTables:
    """Read a code table CSV (``list,code,zh,en,note``, UTF-8 with or without BOM).

    Refuses ``table_unreadable``, ``table_columns_missing``, ``codes_row_incomplete`` and
    ``codes_repeated``.
    """
    return CodeTables.of(read_table(path, CODE_COLUMNS))


@lru_cache(maxsize=1)
def shipped_codes() -> CodeTables:
    """Return the code tables delivered with this version of the product."""
    return read_codes(resource("codes", "codelists.csv"))


def codes_in_force(database: Database) -> CodeTables:
    """Return the shipped tables with the local codes of the document held here."""
    held = trust.documents_by_level(database, "codes")
    return _with_local(held[-1][1]) if held else shipped_codes()


def local_codes(database: Database) -> list[tuple[str, str, str]]:
    """Return (list, local code, the national code it counts for)."""
    held = trust.documents_by_level(database, "codes")
    return [(row.list, row.code, row.parent) for row in _local_rows(held[-1][1])] if held else []


@lru_cache(maxsize=4)
def _with_local(raw: bytes) -> CodeTables:
    return shipped_codes().with_local(_local_rows(raw))


def _local_rows(raw: bytes) -> Iterator[CodeRow]:
    """Yield the local codes of a document; what this version cannot use is left aside."""
    national = shipped_codes()
    body = stored_document(raw).body
    for one in body if isinstance(body, list) else ():
        if not isinstance(one, dict):
            continue
        texts = {key: value for key, value in one.items() if isinstance(value, str)}
        if texts.get("list") not in LOCAL_LISTS or not texts.get("code"):
            continue
        if not national.has(texts["list"], texts.get("parent")):
            continue
        yield CodeRow(
            list=texts["list"],
            code=texts["code"],
            zh=texts.get("zh", texts["code"]),
            en=texts.get("en", texts["code"]),
            note=texts.get("note", ""),
            parent=texts["parent"],
            closed=texts.get("closed", ""),
        )
