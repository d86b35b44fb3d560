"""The code tables shipped with the product, and those of a file handed in by the county."""

from functools import lru_cache
from pathlib import Path

from learnsite_desktop.domain.codes import CODE_COLUMNS, CodeTables
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.services.tables import read_table


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
