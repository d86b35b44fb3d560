"""What somebody wrote into a book, held against what it was given out with and what is kept now."""

from collections.abc import Mapping
from typing import Any, Final

from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.ids import canonical
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.services.register_book.book import Line
from learnsite_desktop.services.register_book.identity import Header, text_print, value_print
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.ingest import OpState
from learnsite_desktop.store.records import LoggedOperation, StoredRecord, operations_of

CHANGED, EARLIER, BLANK = "REGISTER_CHANGED", "REGISTER_EARLIER", "REGISTER_BLANK"
FILE, KEPT = "file", "kept"
ANSWERS: Final = (FILE, KEPT)
"""Answers to the question whether the book counts, or what is kept."""


class Bases:
    """The bases of one book: what of it is said, and whether saying it overwrites somebody."""

    def __init__(self, workspace: Workspace, header: Header) -> None:
        self._workspace = workspace
        self._header = header
        self._logged: dict[int, list[LoggedOperation]] = {}

    def said(self, line: Line, name: str, stored: StoredRecord | None, register: str) -> bool:
        """Whether a cell says something: it was changed, or its book has written there since."""
        stub = line.stub
        if stub is None:
            return bool(line.text(name))
        if text_print(self._header, stub.uid, name, line.cells.get(name, "")) != stub.text(name):
            return True
        return stored is not None and self._ours(stored, register) is not None

    def objection(
        self,
        line: Line,
        name: str,
        stored: StoredRecord | None,
        register: str,
        *,
        new: Any,
        text: str = "",
    ) -> str:
        """Return why a value may not be written unasked, "" if it may.

        `new` is the register's new value in clear; `text` how the value that is kept would stand in
        the cell, "" where it is masked.
        """
        stub = line.stub
        if stored is None or stub is None:
            return ""
        if stored.deleted:
            return ""
        former = self._ours(stored, register)
        if former is not None:
            again = text_print(self._header, stub.uid, name, line.cells.get(name, ""))
            earlier = again == stub.text(name) or _has(former, new)
            return EARLIER if earlier else ""
        value = self._value(stored, register)
        if value_print(self._header, stub.uid, name, value) == stub.value(name):
            return ""
        if text and text_print(self._header, stub.uid, name, text) == stub.text(name):
            return ""
        return (
            ""
            if self._same_as_issued(stored, register, stub.uid, name, stub.value(name))
            else (CHANGED)
        )

    def _value(self, stored: StoredRecord, register: str) -> Any:
        if register in stored.doc or not register.startswith("a:"):
            return stored.doc.get(register)
        last = self._last(stored, register)
        return last.operation.writes()[register] if last else None

    def _same_as_issued(
        self, stored: StoredRecord, register: str, uid: str, name: str, issued: str
    ) -> bool:
        """Whether the value that is kept is, in clear, the one that the book was given out with."""
        now = self._clear(stored.kind, register, self._value(stored, register))
        for logged in self._operations(stored):
            written = logged.operation.writes()
            if register not in written:
                continue
            value = written[register]
            if value_print(self._header, uid, name, value) == issued:
                return _same(self._clear(stored.kind, register, value), now)
        return False

    def _clear(self, kind: str, register: str, value: Any) -> Any:
        private = KINDS[kind].is_private(register)
        return self._workspace.vault.reveal(value) if private and value else value

    def _operations(self, stored: StoredRecord) -> list[LoggedOperation]:
        if stored.key not in self._logged:
            self._logged[stored.key] = [
                logged
                for logged in operations_of(self._workspace.database, stored.key)
                if logged.state is OpState.READY
            ]
        return self._logged[stored.key]

    def _last(self, stored: StoredRecord, register: str) -> LoggedOperation | None:
        writing = (
            one for one in reversed(self._operations(stored))
            if register in one.operation.writes()
        )  # fmt: skip
        return next(writing, None)

    def _is_ours(self, logged: LoggedOperation) -> bool:
        why = logged.operation.why
        told = self._workspace.vault.reveal(why) if why else None
        return isinstance(told, str) and self._header.mark in told

    def _ours(self, stored: StoredRecord, register: str) -> list[Any] | None:
        """Return the values that this book wrote before its last one; None if that is not its."""
        last = self._last(stored, register)
        if last is None or not self._is_ours(last):
            return None
        return [
            self._clear(stored.kind, register, one.operation.writes()[register])
            for one in self._operations(stored)
            if one is not last and register in one.operation.writes() and self._is_ours(one)
        ]

    def is_gone(self, stored: StoredRecord | None) -> bool:
        """Whether somebody deleted a record; taking a change back is no deleting."""
        if stored is None or not stored.deleted:
            return False
        last = self._last(stored, DELETED)
        return last is None or last.operation.verb != "undo"

    def names_of(self, stored: StoredRecord) -> set[str]:
        """Return the names that a learner ever had, without blanks."""
        return {str(name).replace(" ", "") for name in self.ever(stored, "name")}

    def ever(self, stored: StoredRecord, register: str, field: str = "") -> list[Any]:
        """Return what a register (or one field of it) ever held, as far as it is known here."""
        found = (
            self._clear(stored.kind, register, one.operation.writes().get(register))
            for one in self._operations(stored)
        )
        values = [value for value in found if value]
        if not field:
            return values
        shape = KINDS[stored.kind].by_field[field]
        return [one for one in (shape.unpack(value).get(field) for value in values) if one]

    def made(self, stored: StoredRecord) -> bool:
        """Whether this book made a record."""
        first = self._operations(stored)
        return bool(first) and self._is_ours(first[0])

    def is_held(self, stored: StoredRecord | None, register: str) -> bool:
        """Whether what is kept in a register can be read on this computer."""
        if stored is None or not KINDS[stored.kind].is_private(register):
            return True
        value = stored.doc.get(register)
        return value is None or self._workspace.vault.reveal(value) is not None


def _has(values: list[Any], value: Any) -> bool:
    return any(_same(one, value) for one in values)


def _same(one: Any, other: Any) -> bool:
    return canonical(_plain(one)) == canonical(_plain(other))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value
