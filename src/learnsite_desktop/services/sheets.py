"""Sign-in sheets 签到表: printed versions of a session's list, their row numbers frozen for ever.

A number that stands on paper for a learner is never given to another one in this session: who
joins later gets a new number at the end, the number of one who left stays unused.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from learnsite_desktop.domain.changes import ChangeSet
from learnsite_desktop.domain.fields import DELETED
from learnsite_desktop.domain.ids import b64, derived_id
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.rules.values import as_date
from learnsite_desktop.domain.sheet_codes import read_code, sheet_code
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.plans import never_began
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.services.writing import Writer
from learnsite_desktop.store import lookups
from learnsite_desktop.store.records import StoredRecord, children_of, find_record, record_by_key
from learnsite_desktop.store.sheets import session_lines, sheets_with_code

LARGEST_ROW: Final = 999
"""A row number of the roster above this is somebody's own numbering, not one to call out."""

_ON_BEHALF: Final = "代录"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet: its number and the learner's record id."""

    row: int
    learner: str


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A printed version of a session's list; `record` and `session` are record ids."""

    record: str
    session: str
    unit: str
    code: str
    version: int
    rows: tuple[SheetRow, ...]

    @property
    def learner_of(self) -> dict[int, str]:
        """The learner of each row number."""
        return {row.row: row.learner for row in self.rows}


def make_sheet(
    workspace: Workspace, session: StoredRecord, *, operator: str = ""
) -> tuple[PrintedSheet, ChangeSet]:
    """Fix the list of a session as it is printed now; see `make_sheets`."""
    sheets, changes = make_sheets(workspace, [session], operator=operator)
    return sheets[0], changes


def make_sheets(
    workspace: Workspace,
    sessions: Sequence[StoredRecord],
    *,
    operator: str = "",
    progress: Progress = silent,
) -> tuple[list[PrintedSheet], ChangeSet]:
    """Fix the lists of sessions as they are printed now, as one transaction.

    The same list again is the same sheet and writes nothing; a changed one is the next version.
    What is printed lies on a table somewhere, so undo passes it over. Refuses `sheet_session` for
    anything but a session, `record_deleted`, `unit_not_below`.
    """
    for session in sessions:
        _require_session(workspace, session)
    try:
        with workspace.database.transaction():
            writer = Writer(workspace, operator=operator, label="")
            sheets = []
            for done, session in enumerate(sessions):
                progress(done, len(sessions), N_("numbering rows"))
                sheets.append(_make(workspace, writer, session))
            return sheets, writer.finish()
    except BaseException:
        workspace.idents.forget()
        raise


def _require_session(workspace: Workspace, session: StoredRecord) -> None:
    if session.kind != "session":
        raise Refusal("sheet_session", where=session.id)
    if session.deleted:
        raise Refusal("record_deleted", where=session.id)
    if not lookups.is_within(workspace.database, session.unit, workspace.unit):
        raise Refusal("unit_not_below", where=session.unit)


def _make(workspace: Workspace, writer: Writer, session: StoredRecord) -> PrintedSheet:
    printed = sheets_of(workspace, session)
    rows = _rows_to_print(workspace, session, printed)
    listed = [[row.row, row.learner] for row in rows]
    record = b64(derived_id("sheet", session.id, listed))
    stored = writer.find("sheet", record)
    if stored is not None and not stored.deleted:
        return _printed(stored)
    version = 1 + max((sheet.version for sheet in printed), default=0)
    writes: dict[str, object] = {DELETED: None}
    if stored is None:
        code = _free_code(workspace, record)
        writes = {"session": session.id, "rows": listed, "code": code, "version": version}
    writer.save(
        kind="sheet",
        record=record,
        unit=session.unit,
        writes=writes,
        why="" if session.unit == workspace.unit else _ON_BEHALF,
    )
    if stored is not None:
        return _printed(stored)
    return PrintedSheet(record, session.id, session.unit, code, version, rows)


def _free_code(workspace: Workspace, record: str) -> str:
    """Return the first code of a record that no other sheet known here carries."""
    attempt = 0
    while sheets_with_code(workspace.database, sheet_code(record, attempt)):
        attempt += 1
    return sheet_code(record, attempt)


def _printed(stored: StoredRecord) -> PrintedSheet:
    entry = entry_of(KINDS["sheet"], stored.doc, None)
    rows = tuple(
        SheetRow(row["row"], row["learner"])
        for row in entry.get("rows") or ()
        if isinstance(row.get("row"), int) and isinstance(row.get("learner"), str)
    )
    version = entry.get("version")
    return PrintedSheet(
        record=stored.id,
        session=str(entry.get("session") or ""),
        unit=stored.unit,
        code=str(entry.get("code") or ""),
        version=version if isinstance(version, int) else 0,
        rows=rows,
    )


def sheets_of(workspace: Workspace, session: StoredRecord) -> list[PrintedSheet]:
    """Return the printed versions of a session's list, the newest first."""
    stored = children_of(workspace.database, session.id, "sheet", "session")
    found = [_printed(sheet) for sheet in stored]
    return sorted(found, key=lambda sheet: (sheet.version, sheet.record), reverse=True)


def newest_sheet(workspace: Workspace, session: StoredRecord) -> PrintedSheet | None:
    """Return the newest printed version of a session's list, None if nothing was printed."""
    return next(iter(sheets_of(workspace, session)), None)


def sheet_of_code(workspace: Workspace, text: str) -> PrintedSheet:
    """Return the sheet whose code somebody typed or scanned.

    Refuses `sheet_code_wrong` for a typing error, `sheet_unknown` for a sheet not held here.
    """
    found = sheets_with_code(workspace.database, read_code(text))
    if not found:
        raise Refusal("sheet_unknown", where=text)
    return _printed(min(found, key=lambda stored: stored.unit != workspace.unit))


def session_of(workspace: Workspace, sheet: PrintedSheet) -> StoredRecord:
    """Return the session of a sheet. Refuses `record_unknown`."""
    found = find_record(workspace.database, sheet.session, "session")
    if found is None:
        raise Refusal("record_unknown", where=sheet.session)
    return found


def rows_of(workspace: Workspace, session: StoredRecord) -> tuple[SheetRow, ...]:
    """Return the numbering in force for a session's roll call.

    These are the rows of the newest printed sheet, those of who left since included, and after
    them learners of the roster that are not on it, under the numbers they would be printed with.
    """
    printed = sheets_of(workspace, session)
    rows = list(printed[0].rows) if printed else []
    known = {row.learner for row in rows}
    taken = {row.row for row in rows}
    last = max((row.row for sheet in printed for row in sheet.rows), default=0)
    for row in _rows_to_print(workspace, session, printed):
        if row.learner in known:
            continue
        number = row.row
        if number in taken:
            last = number = max(last, *taken) + 1
        taken.add(number)
        rows.append(SheetRow(number, row.learner))
    return tuple(rows)


def _rows_to_print(
    workspace: Workspace, session: StoredRecord, printed: Sequence[PrintedSheet]
) -> tuple[SheetRow, ...]:
    """Return the roster with its numbers; numbers ever printed stay with their learners.

    Two computers may have printed one number for two learners: the newest version keeps it.
    """
    fixed: dict[str, int] = {}
    ever: set[int] = set()
    for sheet in printed:
        for row in sheet.rows:
            if row.learner not in fixed and row.row not in ever:
                fixed[row.learner] = row.row
            ever.add(row.row)
    roster = roster_of(workspace, session)
    return _numbered(roster, fixed, ever) if printed else number_roster(roster)


def number_roster(roster: Sequence["Member"]) -> tuple[SheetRow, ...]:
    """Return a roster with its own numbers, who has none after those in the order given."""
    numbers: dict[int, str] = {}
    for member in roster:
        if member.row is not None:
            numbers.setdefault(member.row, member.learner)
    return _numbered(roster, {learner: row for row, learner in numbers.items()}, set(numbers))


def _numbered(
    roster: Sequence["Member"], fixed: Mapping[str, int], taken: Set[int]
) -> tuple[SheetRow, ...]:
    last = max(taken, default=0)
    rows = []
    for member in roster:
        number = fixed.get(member.learner)
        if number is None:
            last = number = last + 1
        rows.append(SheetRow(number, member.learner))
    return tuple(sorted(rows, key=lambda row: row.row))


@dataclass(frozen=True, slots=True)
class Member:
    """A learner of a class; `row` is the class's own number, if it has one, dates are ISO."""

    learner: str
    row: int | None
    name: str
    joined: str
    left: str
    result: str


def roster_of(workspace: Workspace, session: StoredRecord) -> list[Member]:
    """Return who is enrolled on the day of a session, in the order of `members_of`."""
    activity = find_record(workspace.database, str(session.doc.get("activity")), "activity")
    day = as_date(session.doc.get("date"))
    if activity is None or day is None:
        return []
    return members_of(workspace, activity, day, day)


def members_of(
    workspace: Workspace, activity: StoredRecord, first: date, last: date
) -> list[Member]:
    """Return who is enrolled in an activity on some day from first to last, by row, name and id.

    Names are ordered by their bytes in GB 18030: for common characters that is by pinyin, and it is
    the same on every computer.
    """
    found = []
    for key in lookups.enrolment_keys(workspace.database, activity.ident):
        entry = entry_of(KINDS["enrolment"], record_by_key(workspace.database, key).doc, None)
        learner = find_record(workspace.database, str(entry.get("learner")), "learner")
        if learner is None or learner.deleted or not _enrolled(entry, first, last):
            continue
        found.append(
            Member(
                learner=learner.id,
                row=_row(entry.get("row")),
                name=str(workspace.vault.reveal(learner.doc.get("name")) or ""),
                joined=str(entry.get("joined") or ""),
                left=str(entry.get("left") or ""),
                result=str(entry.get("result") or ""),
            )
        )
    return sorted(found, key=_place)


def _row(value: object) -> int | None:
    return value if isinstance(value, int) and 1 <= value <= LARGEST_ROW else None


def _place(member: Member) -> tuple[int, bytes, str]:
    row = LARGEST_ROW + 1 if member.row is None else member.row
    return row, member.name.encode("gb18030", "replace"), member.learner


def _enrolled(enrolment: Mapping[str, Any], first: date, last: date) -> bool:
    if never_began(enrolment):
        return False
    joined, left = as_date(enrolment.get("joined")), as_date(enrolment.get("left"))
    return (joined is None or joined <= last) and (left is None or first <= left)


def sessions_to_print(
    workspace: Workspace, first: date, last: date, unit: str = ""
) -> list[StoredRecord]:
    """Return the sessions from day to day that were not cancelled, by unit, date and start.

    They are those of `unit` and of the units below it, of the own unit if empty. Refuses
    `unit_unknown`.
    """
    if unit:
        require_unit(workspace, unit)
    lines = session_lines(
        workspace.database, unit or workspace.unit, first.isoformat(), last.isoformat()
    )
    return [record_by_key(workspace.database, line.key) for line in lines]
