"""Words for records and values that may stand in a file only; private ones are masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learnsite_desktop.domain.fields import FieldType, Register
from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import canonical
from learnsite_desktop.domain.masking import HIDDEN, masked_value
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.entries import decode_field
from learnsite_desktop.services.labels import record_label, register_label, value_text
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.engine import Database

_DEPTH = 3


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field by its key and its word; `old` and `new` in words, "" for none, private masked."""

    field: str
    label: str
    old: str
    new: str


class Words:
    """Says records and values; what a file brings is looked up before what is held here."""

    def __init__(self, workspace: Workspace, values: Mapping[str, Any]) -> None:
        """`values` are private values of files by their commitments."""
        self._workspace = workspace
        self._values = values
        self._docs: dict[str, tuple[str, Mapping[str, object]]] = {}

    @property
    def database(self) -> Database:
        """The database of the workspace."""
        return self._workspace.database

    def learn(self, kind: str, record: str, doc: Mapping[str, object]) -> None:
        """Note a record as a file has it; what is learnt later counts."""
        self._docs[record] = (kind, doc)

    def reveal(self, commitment: object) -> Any:
        """Return the value behind a commitment, None if it is known nowhere here."""
        if not isinstance(commitment, str):
            return None
        if commitment in self._values:
            return self._values[commitment]
        return self._workspace.vault.reveal(commitment)

    def title(self, record: object, depth: int = _DEPTH) -> str:
        """Return a record's title with what it belongs to, names masked, or else its kind."""
        if not isinstance(record, str):
            return ""
        if record not in self._docs:
            return record_label(self._workspace, record)
        kind_name, doc = self._docs[record]
        kind = KINDS[kind_name]
        parts: list[str] = []
        titled = kind.by_field.get(kind.title_field)
        if titled is not None:
            value = doc.get(titled.key)
            if titled.private:
                name = self.reveal(value)
                parts.append(masked("name", name) if isinstance(name, str) else _("a person"))
            else:
                parts.append(str(value or ""))
        if depth and (not any(parts) or kind.fields[kind.title_field].type is FieldType.DATE):
            parts += [
                self.title(doc.get(register.key), depth - 1)
                for register in kind.registers
                if not register.mutable and register.fields[0].type is FieldType.REF
            ]
        return " · ".join(part for part in parts if part) or _(kind.label)

    def change(self, kind_name: str, register: str, old: object, new: object) -> FieldChange | None:
        """Return a register's change in words, None if the values only look different."""
        kind = KINDS[kind_name]
        found = kind.by_register.get(register)
        family = kind.map_of(register)
        label = register_label(self._workspace, kind_name, register)
        if family is not None:
            person = self.title(register.removeprefix(family.prefix))
            label = " · ".join(part for part in (_(family.label), person) if part)
        if found is not None and found.private:
            before, after = self.reveal(old), self.reveal(new)
            if before is not None and canonical(before) == canonical(after):
                return None
            texts = [self._private(found, commitment) for commitment in (old, new)]
        else:
            texts = [self._public(kind_name, register, value) for value in (old, new)]
        return FieldChange(register, label, texts[0], texts[1])

    def _private(self, register: Register, commitment: object) -> str:
        if commitment is None:
            return ""
        value = self.reveal(commitment)
        if value is None:
            return HIDDEN
        unpacked = register.unpack(value)
        fields = {
            field.name: decode_field(field, unpacked.get(field.name)) for field in register.fields
        }
        told = fields if len(fields) > 1 else next(iter(fields.values()))
        shown = masked_value(register, told)
        if isinstance(shown, dict):
            return " ".join(str(one) for one in shown.values() if one is not None)
        if isinstance(shown, list):
            return _("、").join(str(one) for one in shown)
        return str(shown)

    def _public(self, kind_name: str, register: str, value: object) -> str:
        if value is None:
            return ""
        kind = KINDS[kind_name]
        found = kind.by_register.get(register)
        if found is None:
            return value_text(self._workspace, kind_name, register, value)
        if any(field.type is FieldType.REF for field in found.fields):
            named = value if isinstance(value, list) else [value]
            return _("、").join(self.title(one) for one in named if isinstance(one, str))
        unpacked = found.unpack(value)
        fields = {
            field.name: decode_field(field, unpacked.get(field.name)) for field in found.fields
        }
        told = fields if len(fields) > 1 else next(iter(fields.values()))
        return value_text(self._workspace, kind_name, register, told)
