"""The language in which record kinds are declared (see `domain.records`).

A *field* is what a person sees and a capture file names. A *register* is the unit of merging: one
field, or several that belong together (an atomic group, e.g. start and end) and never mix two
authors' values. A *kind* is a record type: its registers, its natural key if it has one, the record
it hangs under. Everything else - projection tables, capture checks, listings, editors, headings -
is derived from these declarations.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final


class FieldType(StrEnum):
    """What a field holds, in a capture file and in a register."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    TIME = "time"
    BIRTH = "birth"
    INT = "int"
    BOOL = "bool"
    REF = "ref"
    UNIT = "unit"
    PERIOD = "period"
    HASH = "hash"
    STRUCT = "struct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field.

    `codes` names a code list (type CODE); `ref` the kind referred to (type REF, "*" for any);
    `members` the parts of a STRUCT; `many` makes it a list; `column` is its column in the
    projection when the plain name cannot be used; `label` is a message id.
    """

    name: str
    type: FieldType
    label: str
    codes: str = ""
    ref: str = ""
    required: bool = False
    many: bool = False
    members: tuple["Field", ...] = ()

    @property
    def scalar(self) -> bool:
        """Whether the field fits one column."""
        return not self.many and self.type is not FieldType.STRUCT


@dataclass(frozen=True)
class Register:
    """A unit of merging: one field or an atomic group.

    `private` values never stand in an operation, only their commitment does. `mutable` false
    means the value is part of the record's identity. `computed` registers are filled by the
    kind's `derive` and are no field of a capture file.
    """

    fields: tuple[Field, ...]
    name: str = ""
    private: bool = False
    mutable: bool = True
    layer: str = "fact"
    computed: bool = False

    @cached_property
    def key(self) -> str:
        """The register's name in operations; append-only, never regrouped."""
        return self.name or self.fields[0].name

    def pack(self, values: Mapping[str, object]) -> object:
        """Return the register value of encoded field `values` (missing ones are null)."""
        if len(self.fields) == 1:
            return values.get(self.fields[0].name)
        parts = [values.get(field.name) for field in self.fields]
        return None if all(part is None for part in parts) else parts

    def unpack(self, value: object) -> dict[str, object]:
        """Return encoded field values of a register `value`, nulls included.

        A value of another shape (written by a newer program) gives the fields it can fill.
        """
        if len(self.fields) == 1:
            return {self.fields[0].name: value}
        parts = value if isinstance(value, list) else []
        padded = [*parts, *[None] * len(self.fields)]
        return {field.name: padded[index] for index, field in enumerate(self.fields)}


@dataclass(frozen=True, slots=True)
class MapRegister:
    """A family of registers named `prefix` + record id, e.g. the marks of a session.

    `section` is its place in a capture file, `table` its projection table whose rows are
    (owner, key, *fields); the value is a list of the fields in order, or null when withdrawn.
    """

    prefix: str
    key: Field
    fields: tuple[Field, ...]
    section: str
    table: str
    label: str


def _nothing(_values: Mapping[str, object]) -> dict[str, object]:
    return {}


@dataclass(frozen=True)
class Kind:
    """A record kind.

    `section` is its place in a capture file ("" if it has none); `natural_key` the fields a derived
    id is made of; `parent` the reference whose deletion takes this record along and whose unit it
    inherits; `unit_field` a UNIT field naming the record's unit; `derive` computes further
    field values from given ones; `document` kinds are fed by down documents, not by operations;
    `from_above` says that a unit above makes these records, and none but those above may delete one
    although the unit has a word of its own in it, see `domain.words`; `settled_by` are registers of
    such a kind by which the unit that it is about answers for itself; `answered_above` that the
    unit makes them and one above answers in them;
    `indexes` are columns that queries look up together.
    """

    name: str
    label: str
    registers: tuple[Register, ...]
    section: str = ""
    natural_key: tuple[str, ...] = ()
    parent: str = ""
    unit_field: str = ""
    maps: tuple[MapRegister, ...] = ()
    derive: Callable[[Mapping[str, object]], dict[str, object]] = _nothing
    document: str = ""
    from_above: bool = False
    settled_by: frozenset[str] = frozenset()
    answered_above: bool = False
    title_field: str = ""
    indexes: tuple[tuple[str, ...], ...] = ()

    @property
    def is_ranked(self) -> bool:
        """Whether a word of a unit above stands over those of units below (`domain.words`)."""
        return self.from_above or self.answered_above

    @cached_property
    def by_register(self) -> dict[str, Register]:
        """Registers by their name in operations."""
        return {register.key: register for register in self.registers}

    @cached_property
    def fixed(self) -> frozenset[str]:
        """Registers that are part of the record's identity: only its creation writes them."""
        return frozenset(register.key for register in self.registers if not register.mutable)

    @cached_property
    def by_field(self) -> dict[str, Register]:
        """The register that holds each field."""
        return {field.name: register for register in self.registers for field in register.fields}

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields by name, in declared order."""
        return {field.name: field for register in self.registers for field in register.fields}

    def capture_fields(self) -> Iterator[Field]:
        """Fields that a person or a capture file may give."""
        for register in self.registers:
            if not register.computed:
                yield from register.fields

    def labels(self) -> Iterator[str]:
        """The message ids of the kind, its map registers, all fields and their members."""
        yield self.label
        fields = list(self.fields.values())
        for family in self.maps:
            yield family.label
            fields += [family.key, *family.fields]
        while fields:
            field = fields.pop()
            yield field.label
            fields += field.members

    def is_private(self, register: str) -> bool:
        """Whether the value of `register` travels only as a commitment."""
        found = self.by_register.get(register)
        return found is not None and found.private

    def map_of(self, register: str) -> MapRegister | None:
        """The map register family that `register` belongs to, if any."""
        for family in self.maps:
            if register.startswith(family.prefix):
                return family
        return None


DELETED: Final = "_deleted"
REASONS: Final = "reasons"
REVIEW_PREFIX: Final = "review."
OUTCOME_PREFIX: Final = "outcome."


def layer_of(kind: Kind | None, register: str) -> str:
    """Return "fact", "review" or "outcome": which authority a register needs.

    Registers of kinds or names unknown to this version count as facts. Of a kind that states no
    facts, whoever may write it may delete it, not the unit that it is about.
    """
    if register.startswith(REVIEW_PREFIX):
        return "review"
    if register.startswith(OUTCOME_PREFIX):
        return "outcome"
    if register == DELETED and kind is not None and not kind.document:
        own = [item.layer for item in kind.registers if item.key != REASONS]
        stated = not kind.from_above and ("fact" in own or not own)
        return "fact" if stated else "review"
    found = kind.by_register.get(register) if kind else None
    return found.layer if found else "fact"


def register(
    *fields: Field,
    name: str = "",
    private: bool = False,
    mutable: bool = True,
    layer: str = "fact",
    computed: bool = False,
) -> Register:
    """Declare a register of one field or an atomic group of several."""
    return Register(
        fields, name=name, private=private, mutable=mutable, layer=layer, computed=computed
    )


def reasons(*, private: bool = False) -> Register:
    """Declare the written reasons for warnings; every kind has them."""
    return register(
        Field(
            name=REASONS,
            type=FieldType.STRUCT,
            label="reasons",
            many=True,
            members=(
                Field(name="code", type=FieldType.TEXT, label="rule", required=True),
                Field(name="text", type=FieldType.TEXT, label="reason", required=True),
            ),
        ),
        private=private,
    )
