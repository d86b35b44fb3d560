"""Code tables: every coded value of the product with its Chinese and English label.

The tables are versioned documents that the county may extend, so nothing here names a code as a
constant. A table is built from plain rows; reading them from a file is a service's business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from learnsite_desktop.domain.refusals import Refusal

CODE_COLUMNS = ("list", "code", "zh", "en")
LOCAL_LISTS = (
    "activity_kind",
    "delivery",
    "department",
    "destination",
    "evidence_kind",
    "fund_source",
    "fund_use",
    "learning_org_kind",
    "population_group",
    "site_kind",
    "staff_kind",
    "topic",
    "venue_kind",
)
"""Lists that a county may add sub-codes to; on the others the program itself relies."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of one list; ``note`` is the remark of the issuing table, often empty.

    A local code counts for its national ``parent``; ``closed`` is the day it ended, "" if it goes
    on: what was written with it stays valid.
    """

    list: str
    code: str
    zh: str
    en: str
    note: str = ""
    parent: str = ""
    closed: str = ""


class CodeTables:
    """All code lists of one edition, in the order of their rows."""

    def __init__(self, rows: Iterable[CodeRow]) -> None:
        """Index ``rows``; refuses ``codes_repeated`` when a list holds one code twice."""
        self._lists: dict[str, dict[str, CodeRow]] = {}
        for row in rows:
            members = self._lists.setdefault(row.list, {})
            if row.code in members:
                raise Refusal("codes_repeated", where=f"{row.list}:{row.code}")
            members[row.code] = row

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str | None]]) -> Self:
        """Build the tables from mappings with the columns ``list code zh en`` and maybe ``note``.

        Refuses ``codes_row_incomplete`` (with the line, the heading being line 1) when one of the
        four is missing or blank.
        """
        parsed: list[CodeRow] = []
        for line, row in enumerate(rows, start=2):
            values = {column: (row.get(column) or "").strip() for column in CODE_COLUMNS}
            blank = [column for column, value in values.items() if not value]
            if blank:
                raise Refusal("codes_row_incomplete", where=f"line {line}", column=blank[0])
            parsed.append(CodeRow(**values, note=(row.get("note") or "").strip()))
        return cls(parsed)

    def with_local(self, rows: Iterable[CodeRow]) -> "CodeTables":
        """Return the tables with local codes among them; a national code is never replaced."""
        mine = [row for members in self._lists.values() for row in members.values()]
        extra = {(row.list, row.code): row for row in rows if not self.has(row.list, row.code)}
        return CodeTables([*mine, *extra.values()])

    def lists(self) -> list[str]:
        """Names of all lists."""
        return list(self._lists)

    def codes(self, list_name: str) -> list[str]:
        """Codes of a list in table order; an unknown list has none."""
        return list(self._lists.get(list_name, ()))

    def has(self, list_name: str, code: object) -> bool:
        """Tell whether ``code`` is a code of the list."""
        return isinstance(code, str) and code in self._lists.get(list_name, {})

    def row(self, list_name: str, code: str) -> CodeRow | None:
        """Return the whole row of a code, or None."""
        return self._lists.get(list_name, {}).get(code)

    def label(self, list_name: str, code: str, lang: str) -> str:
        """Return the label in ``zh`` or ``en``; a code from elsewhere is shown as it stands."""
        row = self.row(list_name, code)
        if row is None:
            return code
        return row.en if lang.startswith("en") else row.zh

    def words(self, list_name: str, lang: str) -> dict[str, str]:
        """Return code → label of a list, in table order."""
        return {code: self.label(list_name, code, lang) for code in self.codes(list_name)}

    def is_derived(self, list_name: str, code: str) -> bool:
        """Tell whether the product works this code out itself (elder from the birth date, …)."""
        row = self.row(list_name, code)
        return row is not None and row.note.startswith("derived")

    def is_sensitive(self, list_name: str, code: str) -> bool:
        """Tell whether the table marks this code as sensitive personal information."""
        row = self.row(list_name, code)
        return row is not None and row.note.startswith("sensitive")

    def rows(self) -> list[CodeRow]:
        """All rows, list after list: the shape that travels in a down document."""
        return [row for members in self._lists.values() for row in members.values()]
