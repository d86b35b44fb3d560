"""Applying a capture: check every entry, then write what changed as one change, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED, REASONS, Field, Kind, MapRegister
from learnsite_desktop.domain.issues import Issue, settle
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules import RULES, Context, check_fields, check_rows
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services import media, parting
from learnsite_desktop.services.capture import files, numbers
from learnsite_desktop.services.capture.answers import Answers
from learnsite_desktop.services.capture.edits import (
    as_given,
    changed_registers,
    edit_item,
    foreign_keys,
    join_reasons,
    missing_value,
    stored_entry,
    unknown_record,
    with_children,
)
from learnsite_desktop.services.capture.overwriting import changes_of_note, fresh_reasons
from learnsite_desktop.services.capture.plan import (
    Item,
    References,
    map_sections,
    plan_entries,
)
from learnsite_desktop.services.entering import may_enter_for
from learnsite_desktop.services.returns import close_returns
from learnsite_desktop.services.standing_words import require_may_write
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import journal

COUNTS: Final = ("created", "updated", "same", "deleted")
SOURCE_OF_EDITS: Final = "edit"


@dataclass(slots=True)
class CaptureResult:
    """What a capture did: counts per kind, record ids per kind and ref, all issues."""

    counts: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in COUNTS})
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    change: ChangeSet = field(default_factory=ChangeSet)
    refused: int = 0

    def count(self, what: str, kind: str) -> None:
        """Add one record."""
        self.counts[what][kind] = self.counts[what].get(kind, 0) + 1


MakeItems = Callable[[References], Sequence[Item]]


class _Refused(Exception):
    """Ends the transaction when something must not be saved."""


def capture(
    workspace: Workspace,
    document: Mapping[str, Any],
    *,
    operator: str = "",
    keep_good: bool = False,
    folder: Path | None = None,
    progress: Progress = silent,
) -> CaptureResult:
    """Take a checked capture document in, all of it or (with `keep_good`) what can be saved.

    `folder` is where photo files named in it lie. When something is refused and `keep_good` is
    off, nothing is written and `refused` says how many entries could not be saved. Refuses
    `unit_unknown` and `unit_not_below` for a unit that is not this one's business.
    """
    run = _Run(workspace, document, operator, folder)
    try:
        with run.arrivals, workspace.database.transaction():
            run.check(progress)
            run.write(progress, keep_good=keep_good)
    except _Refused:
        pass
    except BaseException:
        workspace.idents.forget()
        raise
    return run.result


def save_items(
    workspace: Workspace, make: MakeItems, beside: Mapping[str, Any], *, operator: str
) -> CaptureResult:
    """Check and write items made by hand (drafts), as one change; nothing if one is blocked.

    `make` gets the references to resolve against. `beside` has the sections of a capture file
    that belong to them: all of it is written with them, or nothing.
    """
    run = _run_of_items(workspace, make, beside, operator)
    if not (beside and run.result.refused):
        run.write(silent, keep_good=True)
    return run.result


def check_items(workspace: Workspace, make: MakeItems, beside: Mapping[str, Any]) -> list[Issue]:
    """Return what the rules find in items made by hand; writes nothing."""
    return _run_of_items(workspace, make, beside, "").result.issues


def _run_of_items(
    workspace: Workspace, make: MakeItems, beside: Mapping[str, Any], operator: str
) -> "_Run":
    document = {"v": 1, "source": SOURCE_OF_EDITS, **beside}
    run = _Run(workspace, document, operator, None)
    run.extra = make(run.references)
    for item in run.extra:
        run.references.items[item.kind.name, item.record] = item
    run.check(silent)
    return run


def take_items(
    workspace: Workspace,
    make: MakeItems,
    *,
    write: bool,
    operator: str = "",
    progress: Progress = silent,
) -> CaptureResult:
    """Check the items of a table and, if asked to `write`, save the sound ones as one change.

    `make` gets the references and puts its items into them. `refused` counts those left out.
    """
    run = _Run(workspace, {"v": 1, "source": SOURCE_OF_EDITS}, operator, None)
    run.extra = make(run.references)
    run.check(progress)
    if not write:
        return run.result
    try:
        with workspace.database.transaction():
            run.write(progress, keep_good=True)
    except BaseException:
        workspace.idents.forget()
        raise
    return run.result


class _Run:
    """One capture on its way."""

    extra: Sequence[Item] = ()

    def __init__(
        self,
        workspace: Workspace,
        document: Mapping[str, Any],
        operator: str,
        folder: Path | None,
    ) -> None:
        self.workspace = workspace
        self.document = document
        self.folder = folder
        self.arrivals = media.Arrivals(workspace)
        self.unit = str(document.get("unit") or workspace.unit)
        require_unit(workspace, self.unit)
        if not may_enter_for(workspace, self.unit):
            raise Refusal("unit_not_below", where=self.unit)
        self.references = References(workspace, self.unit, str(document.get("source", "")))
        self.operator = str(document.get("operator") or operator)
        self.answers = Answers(workspace, self.references)
        self.result = CaptureResult()
        self.items: list[Item] = []
        self.deleted: set[tuple[str, str]] = set()
        self.named: dict[str, str] = {}

    def check(self, progress: Progress) -> None:
        """Plan and check everything; fills `result.issues` and `result.refused`."""
        context = self.answers.context()
        self.items = list(plan_entries(self.references, self.document, self.unit))
        operator = self.references.resolve("operator", self.operator)
        self.operator = operator[1] if operator else self.operator
        self.items += self._map_items()
        for given in self.document.get("edits") or []:
            self._add_edit(given)
        self.items += self.extra
        self.items += [self._delete_item(entry) for entry in self.document.get("deletes") or []]
        for done, item in enumerate(self.items, start=1):
            numbers.complete(self.workspace, item)
            files.measure(item, self.folder)
            item.issues += self._issues(item, context)
            numbers.drop_number(self.workspace, item)
            self.result.issues += item.issues
            self.result.refused += item.blocked
            if done % 200 == 0:
                progress(done, len(self.items), N_("checking"))

    def _map_items(self) -> list[Item]:
        """Attach roll calls to their session's entry; those of stored sessions get their own."""
        extra: list[Item] = []
        for section, (kind, _family) in map_sections().items():
            for given in self.document.get(section) or []:
                item, new = self._owner(kind, given)
                item.rows += self._resolved_rows(kind, given)
                extra += [item] if new else []
        return extra

    def _owner(self, kind: Kind, given: Mapping[str, Any]) -> tuple[Item, bool]:
        text = given.get(kind.name)
        found = self.references.resolve(kind.name, text)
        item = self.references.items.get(found) if found else None
        new = item is None
        if item is None:
            item = Item(kind, str(text or ""), given, {}, found[1] if found else "", self.unit)
            item.stored = self.references.stored(*found) if found else None
            if found and item.stored is not None and not item.stored.deleted:
                item.unit = item.stored.unit
                item.entry = {"ref": found[1]}
                self.references.items[found] = item
            else:
                item.issues.append(unknown_record(kind.name, str(text)))
        foreign_keys(item, given, {kind.name, "rows", REASONS})
        join_reasons(item, given, stored_entry(self.workspace, item))
        return item, new

    def _resolved_rows(self, kind: Kind, given: Mapping[str, Any]) -> list[Any]:
        rows = given.get("rows")
        family = kind.maps[0]
        if not isinstance(rows, list):
            return [rows]
        return [self._resolved_row(family.key, row) for row in rows]

    def _resolved_row(self, key: Field, row: Any) -> Any:
        if not isinstance(row, Mapping) or key.name not in row:
            return row
        found = self.references.resolved(key, row[key.name])
        self.named[str(found)] = str(row[key.name])
        return {**row, key.name: found}

    def _add_edit(self, given: Mapping[str, Any]) -> None:
        """Plan an edit; what is said of one record in several places becomes one item."""
        item = edit_item(
            self.references,
            str(given.get("kind") or ""),
            given.get("record"),
            given.get("set"),
            str(given.get("why") or ""),
            given,
        )
        place = (item.kind.name, item.record)
        known = None if item.issues else self.references.items.get(place)
        if known is None:
            join_reasons(item, given, stored_entry(self.workspace, item))
            self.items.append(item)
            if not item.issues:
                self.references.items[place] = item
            return
        known.entry.update(item.entry)
        join_reasons(known, given, stored_entry(self.workspace, known))
        known.why = known.why or item.why

    def _delete_item(self, given: Mapping[str, Any]) -> Item:
        item = edit_item(
            self.references,
            str(given.get("kind") or ""),
            given.get("record"),
            {},
            str(given.get("why") or ""),
            given,
        )
        item.delete = True
        if not item.why.strip():
            item.issues.append(missing_value(item.kind.name, item.ref, "why"))
        return item

    def _issues(self, item: Item, context: Context) -> list[Issue]:
        if item.issues:
            return []
        if not may_enter_for(self.workspace, item.unit):
            params = {"unit": item.unit}
            return [Issue("UNIT_OUT_OF_SCOPE", item.kind.name, item.ref, params=params)]
        if item.delete:
            return []
        full = {**stored_entry(self.workspace, item), **item.entry}
        checked = dict(item.entry) if item.stored is None else dict(full)
        if item.stored is not None:
            for register in item.kind.registers:
                if register.computed:
                    checked.pop(register.key, None)
        found = check_fields(item.kind, checked, context)
        rule = RULES.get(item.kind.name)
        if rule and not any(issue.blocking for issue in found):
            found += rule({**full, "ref": item.record}, context)
        found += changes_of_note(self.workspace, item)
        for family in item.kind.maps:
            if item.rows:
                found += self._row_issues(item, family, context, found)
        found = [as_given(self.references, issue) for issue in found]
        settled = settle(found, fresh_reasons(self.workspace, item, full))
        return [replace(issue, ref=item.ref or issue.ref, record=item.record) for issue in settled]

    def _row_issues(
        self, item: Item, family: MapRegister, context: Context, before: list[Issue]
    ) -> list[Issue]:
        found = check_rows(item.kind, family, item.record, item.rows, context)
        rule = RULES.get("rollcall")
        if rule and not found and not any(issue.blocking for issue in before):
            found += rule({item.kind.name: item.record, "rows": item.rows}, context)
        key = family.key.name
        return [
            replace(issue, params={**issue.params, key: self.named[str(issue.params[key])]})
            if str(issue.params.get(key)) in self.named
            else issue
            for issue in found
        ]

    def write(self, progress: Progress, *, keep_good: bool) -> None:
        """Write every entry that can be saved; nothing if one cannot and `keep_good` is off."""
        if self.result.refused and not keep_good:
            raise _Refused
        writer = Writer(self.workspace, operator=self.operator, label=N_("capture"))
        for done, item in enumerate(self.items, start=1):
            if not item.blocked:
                self._write_item(writer, item)
            if done % 200 == 0:
                progress(done, len(self.items), N_("saving"))
        self.result.change = writer.finish()
        self.arrivals.settle()
        if self.result.change.operations:
            source = str(self.document.get("source"))
            journal.note_source(self.workspace.database, source, self.unit)
            parting.part_named(self.workspace, self.result.change.records)

    def _write_item(self, writer: Writer, item: Item) -> None:
        kind = item.kind.name
        if item.ref:
            self.result.ids.setdefault(kind, {})[item.ref] = item.record
        if item.delete:
            self._delete(writer, item)
            return
        for source in item.sources:
            self.arrivals.add_file(source)
        writes = changed_registers(self.workspace, item)
        for family in item.kind.maps:
            writes |= self._changed_rows(item, family)
        if item.stored is not None and item.stored.deleted:
            writes[DELETED] = None
        heads = writer.heads(kind, item.record)
        if not writes and heads:
            self.result.count("same", kind)
            return
        hashes = writer.save(
            kind=kind,
            record=item.record,
            unit=item.unit,
            writes=writes,
            why=item.why or item.origin or self._on_behalf(item.unit),
            par=item.par,
        )
        close_returns(self.workspace, writer, item.record, set(writes), hashes[-1])
        self.result.count("updated" if heads else "created", kind)

    def _delete(self, writer: Writer, item: Item) -> None:
        """Delete a record with its live children, those already deleted in this capture apart."""
        for name, record, unit in with_children(self.references, item):
            if (name, record) in self.deleted:
                continue
            self.deleted.add((name, record))
            require_may_write(self.workspace, name, record, [DELETED])
            hashes = writer.save(
                kind=name,
                record=record,
                unit=unit,
                writes={DELETED: True},
                verb="delete",
                why=item.why,
            )
            close_returns(self.workspace, writer, record, {DELETED}, hashes[-1], whole=True)
            self.result.count("deleted", name)

    def _on_behalf(self, unit: str) -> str:
        """Entering for another unit is said on every operation."""
        return "" if unit == self.workspace.unit else "代录"

    def _changed_rows(self, item: Item, family: MapRegister) -> dict[str, Any]:
        former = dict(self.answers.marks(item.record)) if item.stored else {}
        writes: dict[str, Any] = {}
        for row in item.rows:
            key = str(row[family.key.name])
            values = [row.get(spec.name) for spec in family.fields]
            value = None if values[0] is None else values
            if former.get(key) != value:
                writes[f"{family.prefix}{key}"] = value
        return writes
