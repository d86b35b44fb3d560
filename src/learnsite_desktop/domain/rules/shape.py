"""Checks that follow from the declaration of a kind: keys, presence, form, codes, references."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Final

from learnsite_desktop.domain.births import parse_birth
from learnsite_desktop.domain.fields import REASONS, Field, FieldType, Kind, MapRegister
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.periods import parse_period
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.context import Context, Entry
from learnsite_desktop.domain.rules.values import as_date, as_minute, day, text
from learnsite_desktop.domain.wording import N_

LARGEST: Final = 2**53
_EXPECTED: Final = {
    FieldType.TEXT: N_("text"),
    FieldType.CODE: N_("text"),
    FieldType.DATE: "YYYY-MM-DD",
    FieldType.TIME: "HH:MM",
    FieldType.BIRTH: N_("text"),
    FieldType.INT: N_("a whole number"),
    FieldType.BOOL: N_("true or false"),
    FieldType.REF: N_("text"),
    FieldType.UNIT: N_("text"),
    FieldType.PERIOD: N_("text"),
    FieldType.HASH: N_("text"),
    FieldType.STRUCT: N_("an object"),
}
_FORMS: Final[dict[FieldType, Callable[[str], bool]]] = {
    FieldType.DATE: lambda value: as_date(value) is not None,
    FieldType.TIME: lambda value: as_minute(value) is not None,
    FieldType.INT: lambda _value: False,
    FieldType.BOOL: lambda _value: False,
    FieldType.STRUCT: lambda _value: False,
    FieldType.TEXT: lambda value: bool(value.strip()),
}


def check_fields(
    kind: Kind, entry: Entry, context: Context, *, optional: Collection[str] = ()
) -> list[Issue]:
    """Check an entry against the declaration of its kind.

    Keys besides the fields are ``ref`` and ``reasons``; the former is required where no natural
    key names the record. Fields in ``optional`` may be absent although they are required.
    """
    fields = [field for field in kind.capture_fields() if field.name != REASONS]
    on = day(entry, "date") or day(entry, "opens") or context.today
    found = _Finder(kind.name, text(entry, "ref"), context, on)
    found.keys(entry, {"ref", REASONS, *(field.name for field in fields)})
    if not kind.natural_key and "ref" not in optional:
        found.value(Field(name="ref", type=FieldType.TEXT, label="", required=True), entry, "")
    elif "ref" in entry and not isinstance(entry["ref"], str):
        found.add("TYPE_WRONG", "ref", key="ref", expected=N_("text"))
    found.reasons(entry)
    for field in fields:
        found.value(field, entry, "", required=field.required and field.name not in optional)
    return found.issues


def check_rows(
    kind: Kind, family: MapRegister, owner: str, rows: object, context: Context
) -> list[Issue]:
    """Check the rows of a map register (a roll call) of the record that ``owner`` refers to.

    A row with a null in its first field withdraws; it may then leave out the others.
    """
    found = _Finder(kind.name, owner, context)
    if not isinstance(rows, list):
        found.add("TYPE_WRONG", "rows", key="rows", expected=N_("a list"))
        return found.issues
    first, *others = family.fields
    allowed = {family.key.name, *(field.name for field in family.fields)}
    for place, row in enumerate(rows):
        prefix = f"rows[{place}]."
        if not isinstance(row, Mapping):
            found.add("TYPE_WRONG", prefix[:-1], key=prefix[:-1], expected=N_("an object"))
            continue
        found.keys(row, allowed, prefix)
        found.value(family.key, row, prefix)
        withdrawn = first.name in row and row[first.name] is None
        if not withdrawn:
            found.value(first, row, prefix)
        for field in others:
            found.value(field, row, prefix)
    return found.issues


class _Finder:
    """Collects the issues of one entry; `on` is the day by which codes are judged."""

    def __init__(self, kind: str, ref: str, context: Context, on: date | None = None) -> None:
        self.on = on or context.today
        self.kind = kind
        self.ref = ref
        self.context = context
        self.issues: list[Issue] = []

    def add(self, code: str, where: str, **params: object) -> None:
        """Note an issue of the field ``where``."""
        self.issues.append(Issue(code, self.kind, self.ref, where, params=params))

    def keys(self, entry: Entry, allowed: Collection[str], prefix: str = "") -> None:
        """Note every key outside ``allowed``."""
        for key in entry:
            if key not in allowed:
                self.add("KEY_UNKNOWN", f"{prefix}{key}", key=key)

    def reasons(self, entry: Entry) -> None:
        """``reasons`` is an object from rule code to text."""
        given = entry.get(REASONS)
        if given is None:
            return
        if not isinstance(given, Mapping) or not all(isinstance(v, str) for v in given.values()):
            self.add("TYPE_WRONG", REASONS, key=REASONS, expected=N_("an object"))

    def value(
        self, field: Field, entry: Entry, prefix: str, *, required: bool | None = None
    ) -> None:
        """Check one field of ``entry``, its members included."""
        where = f"{prefix}{field.name}"
        value = entry.get(field.name)
        if value is None or value == "" or (field.many and value == []):
            if field.required if required is None else required:
                self.add("REQUIRED_MISSING", where, key=field.name)
        elif not field.many:
            self._one(field, value, where)
        elif not isinstance(value, list):
            self.add("TYPE_WRONG", where, key=field.name, expected=N_("a list"))
        else:
            for place, member in enumerate(value):
                self._one(field, member, f"{where}[{place}]")

    def _one(self, field: Field, value: object, where: str) -> None:
        """Check a single value that is not null."""
        if isinstance(value, str):
            self._text(field, value, where)
        elif field.type is FieldType.INT and isinstance(value, int) and not isinstance(value, bool):
            if not 0 <= value <= LARGEST:
                self.add("NUMBER_OUT_OF_RANGE", where, key=field.name, low=0, high=LARGEST)
        elif field.type is FieldType.STRUCT and isinstance(value, Mapping):
            self._members(field.members, value, where)
        elif field.type is not FieldType.BOOL or not isinstance(value, bool):
            self.add("TYPE_WRONG", where, key=field.name, expected=_EXPECTED[field.type])

    def _members(self, members: Iterable[Field], value: Entry, where: str) -> None:
        """Check the parts of a structure."""
        declared = list(members)
        self.keys(value, {member.name for member in declared}, f"{where}.")
        for member in declared:
            self.value(member, value, f"{where}.")

    def _text(self, field: Field, value: str, where: str) -> None:
        """Check a value that is text by the type of its field."""
        test = _FORMS.get(field.type)
        if test is not None:
            if not test(value):
                self.add("TYPE_WRONG", where, key=field.name, expected=_EXPECTED[field.type])
        elif field.type is FieldType.CODE:
            self._code(field, value, where)
        elif field.type is FieldType.UNIT and not self.context.unit_exists(value):
            self.add("UNIT_UNKNOWN", where, value=value)
        elif field.type is FieldType.REF and not self.context.known(field.ref, value):
            self.add("REF_UNKNOWN", where, value=value, kind=field.ref)
        elif field.type is FieldType.BIRTH and parse_birth(value) is None:
            self.add("BIRTH_INVALID", where, value=value)
        elif field.type is FieldType.PERIOD and not _is_period(value):
            self.add("PERIOD_INVALID", where, value=value)

    def _code(self, field: Field, value: str, where: str) -> None:
        """Check that a code exists, and tell of one that had ended by then: it stays valid."""
        row = self.context.codes.row(field.codes, value)
        ended = as_date(row.closed) if row else None
        if row is None:
            self.add("CODE_UNKNOWN", where, value=value, list=field.codes)
        elif ended is not None and self.on >= ended:
            self.add("CODE_CLOSED", where, value=value, date=row.closed)


def _is_period(value: str) -> bool:
    try:
        parse_period(value)
    except Refusal:
        return False
    return True
