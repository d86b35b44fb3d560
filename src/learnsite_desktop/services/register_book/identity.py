"""The hidden part of a register book: whose it is, its rows as they were given out.

Of every cell that was filled in when the book was given out two short digests are kept: of the
text in the cell and of the value in the record. They tell later what somebody has written and
whether the record was changed meanwhile; the values themselves are not in them.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from learnsite_desktop.domain.ids import b64, canonical, capture_id
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.register_files import MAGIC
from learnsite_desktop.services.roster.cells import text_of
from learnsite_desktop.services.roster.tables import Sheet, Table

VERSION: Final = "1"
KNOWN, FRESH = "r", "n"
LEARNER, ACTIVITY, ONCE, SESSION, ROW, GRID = (
    "learner", "activity", "once", "session", "row", "grid",
)  # fmt: skip
_KEYS: Final = ("id", "unit", "unit_name", "period", "issued_at", "issued_by")
_SHORT: Final = 8
_ID_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_ID_LENGTH: Final = 10
_END: Final = "end"


def new_id() -> str:
    """Return the number of a new book: ten characters that can be read out on the phone."""
    return "".join(secrets.choice(_ID_LETTERS) for _place in range(_ID_LENGTH))


def fresh_uid() -> str:
    """Return the stable id of a row that is still blank."""
    return FRESH + b64(secrets.token_bytes(16))


def known_uid(record: str) -> str:
    """Return the id of a row that shows a record."""
    return KNOWN + record


@dataclass(frozen=True, slots=True)
class Header:
    """Whose book it is, for which period, who gave it out when (ISO)."""

    id: str
    unit: str
    unit_name: str
    period: str
    issued_at: str
    issued_by: str

    @property
    def mark(self) -> str:
        """What stands in the reason of every operation that came from the book."""
        return f"登记簿 {self.id}，"

    def digest(self, *parts: object) -> str:
        """Return a short digest that means something within this book only."""
        raw = hashlib.sha256(canonical([self.id, *parts])).digest()
        return b64(raw)[:_SHORT]

    def record_of(self, kind: str, uid: str) -> str:
        """Return the record id of a row: the same on every computer that reads the book."""
        if uid.startswith(KNOWN):
            return uid[1:]
        return b64(capture_id(self.unit, f"register:{self.id}", kind, uid))


@dataclass(frozen=True, slots=True)
class Stub:
    """A row (or column) as it was given out.

    `owner` is the id of the grid or the activity that it belongs to; `prints` has, by field, the
    digests of the text and of the value.
    """

    part: str
    uid: str
    owner: str = ""
    prints: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the digest of the text that stood in a cell, "" for a blank one."""
        return self.prints.get(name, ("", ""))[0]

    def value(self, name: str) -> str:
        """Return the digest of the value of a record, "" for none."""
        return self.prints.get(name, ("", ""))[1]


def print_of(
    header: Header, uid: str, texts: Mapping[str, str], values: Mapping[str, Any]
) -> dict[str, tuple[str, str]]:
    """Return the digests of a row by field, from its texts and the values of its registers."""
    return {
        name: (
            text_print(header, uid, name, text),
            value_print(header, uid, name, values.get(name)),
        )
        for name, text in texts.items()
        if text or values.get(name) is not None
    }


def text_print(header: Header, uid: str, name: str, text: object) -> str:
    """Return the digest of what stands in a cell, "" for a blank one."""
    plain = text_of(text)
    return header.digest("t", uid, name, plain) if plain else ""


def value_print(header: Header, uid: str, name: str, value: Any) -> str:
    """Return the digest of a register's value, "" for none."""
    return "" if value is None else header.digest("v", uid, name, value)


def identity_rows(header: Header, stubs: Sequence[Stub]) -> list[list[str]]:
    """Return the rows of the hidden sheet."""
    rows = [[MAGIC, VERSION]]
    rows += [[key, str(getattr(header, key))] for key in _KEYS]
    rows += [[stub.part, stub.uid, stub.owner, _packed(stub)] for stub in stubs]
    return [*rows, [_END, _sum(rows)]]


def _packed(stub: Stub) -> str:
    return " ".join(f"{name}={text}.{value}" for name, (text, value) in stub.prints.items())


def _sum(rows: Iterable[Sequence[str]]) -> str:
    plain = [_trimmed(row) for row in rows]
    return hashlib.sha256(canonical(plain)).hexdigest()


def _trimmed(row: Sequence[Any]) -> list[str]:
    cells = [text_of(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def is_book(table: Table) -> bool:
    """Return whether a table is a register book, in whatever condition."""
    return bool(_identities(table)) or any(_is_marked(sheet) for sheet in table.sheets)


def _is_marked(sheet: Sheet) -> bool:
    return text_of(sheet.cell(0, 0)).startswith(("#learners", "#activities", "#grid "))


def _identities(table: Table) -> list[Sheet]:
    return [sheet for sheet in table.sheets if text_of(sheet.cell(0, 0)) == MAGIC]


def read_identity(table: Table) -> tuple[Header, list[Stub]]:
    """Return what the hidden sheet of a book says.

    Refuses `register_foreign` for another kind of table, `register_version` for a book of another
    make, `register_damaged` when the hidden sheet is gone or was changed.
    """
    name = table.path.name
    found = _identities(table)
    if not found:
        raise Refusal("register_damaged" if is_book(table) else "register_foreign", where=name)
    rows = [row for row in map(_trimmed, found[0].rows) if row]
    version = rows[0][1] if len(rows[0]) > 1 else ""
    if version != VERSION:
        raise Refusal("register_version", where=name, found=version or "?", known=VERSION)
    whole = len(found) == 1 and rows[-1][0] == _END and rows[-1][1:] == [_sum(rows[:-1])]
    values = {row[0]: row[1] if len(row) > 1 else "" for row in rows[1 : len(_KEYS) + 1]}
    if not whole or tuple(values) != _KEYS:
        raise Refusal("register_damaged", where=name)
    return Header(**values), [_stub(row) for row in rows[len(_KEYS) + 1 : -1]]


def _stub(row: Sequence[str]) -> Stub:
    part, uid, owner, packed = (*row, "", "")[:4]
    pairs = (each.partition("=") for each in packed.split())
    prints = {}
    for name, _equals, both in pairs:
        text, _dot, value = both.partition(".")
        prints[name] = (text, value)
    return Stub(part, uid, owner, prints)
