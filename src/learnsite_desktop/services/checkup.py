"""What a supporter asks on the phone: every check as one short line with a code to say aloud.

The first two letters are the initials of the matter's Chinese name (SJ data, CP disk, SZ clock, ZT
fonts, BF backup, DD waiting, GL set apart, FC forks, WJ documents, ZS certificate, CW mistakes),
the figure says which question it is. A code is never given to something else.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.drives import Medium, medium_of_folder
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.platform.logs import read_diary
from learnsite_desktop.services import clocks, other_versions
from learnsite_desktop.services.backups import last_backup
from learnsite_desktop.services.enrolment import own_revocation
from learnsite_desktop.services.health import ENTRIES_LOST
from learnsite_desktop.services.soundness import ALL_PRIVATE, PRIVATE, SIGNED
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal, measures, trust
from learnsite_desktop.store.chains import forks
from learnsite_desktop.store.ingest import OpState

_MB: Final = 1024 * 1024
LEAST_FREE: Final = 200 * _MB
TIMES_FREE: Final = 3
"""So many times its own size the database wants free: a copy, the copy read back, and work."""
RECENT: Final = timedelta(days=7)
_DIARY_LINES: Final = 2000
_SPOILT: Final = frozenset({"stored_damaged", "part_signature", "part_malformed"})
"""Refusals of what is signed, which nothing but damage can bring about once it is stored."""
_SIGNED_BAD: Final = N_("Documents, receipts or certificates kept here are damaged.")
_AGAIN: Final = N_("Restore the newest backup (Backup), then receive later files again.")
_RESTORE: Final = N_("Restore the newest backup (screen Backup), and tell the unit above.")


class State(StrEnum):
    """How things stand: put right, worth knowing, well, not looked at."""

    ACT = "act"
    NOTE = "note"
    FINE = "fine"
    OPEN = "open"


_WORDS: Final = {
    State.ACT: N_("to put right"),
    State.NOTE: N_("to know"),
    State.FINE: N_("well"),
    State.OPEN: N_("not looked at"),
}
_ORDER: Final = tuple(State)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: a spoken code, how it stands, what is so and what to do next (message ids)."""

    code: str
    state: State
    message: str
    remedy: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The state as a word in the language in use."""
        return _(_WORDS[self.state])

    @property
    def text(self) -> str:
        """What is so, in the language in use."""
        return render(self.message, self.params)

    @property
    def next_step(self) -> str:
        """What to do next, "" where there is nothing to do."""
        return render(self.remedy, self.params) if self.remedy else ""

    def shown(self) -> dict[str, str]:
        """Return the line as an object."""
        return {
            "code": self.code,
            "state": self.state.value,
            "message": self.text,
            "remedy": self.next_step,
        }


def look_over(
    workspace: Workspace, found: Mapping[str, Any], *, chinese_fonts: int | None
) -> list[Finding]:
    """Return all lines, what is to be put right first.

    `found` is what `health.check` returned, `chinese_fonts` how many fonts for Chinese this
    computer has, None where nobody looked.
    """
    lines = [
        *_database(found),
        *_disk(workspace, int(found["free_bytes"])),
        *_backups(workspace),
        _fonts(chinese_fonts),
        _mistakes(workspace),
    ]
    for part in (_clocks, _exchange, _documents):
        try:
            lines += part(workspace)
        except Exception as error:
            # Of damaged records not everything can be asked; what is told already is enough.
            known = not keeps_well([one for one in lines if one.code.startswith("SJ")])
            if isinstance(error, Refusal) and error.code in _SPOILT:
                lines += [] if known else [Finding("SJ4", State.ACT, _SIGNED_BAD, _AGAIN)]
            elif not known:
                raise
    return sorted(lines, key=lambda one: _ORDER.index(one.state))


def of_refusal(refusal: Refusal) -> Finding:
    """Return the one line there is when the records cannot be opened."""
    return Finding("SJ0", State.ACT, refusal.text.message, refusal.text.remedy, refusal.params)


def verdict(findings: Sequence[Finding]) -> str:
    """Return the first sentence: all well, or how many things are to be put right."""
    count = sum(one.state is State.ACT for one in findings)
    notes = sum(one.state is State.NOTE for one in findings)
    if count:
        return render(N_("%(count)s to put right"), {"count": count})
    if notes:
        return render(N_("All is well; %(count)s to know"), {"count": notes})
    return _("All is well")


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing is to be put right."""
    return all(one.state is not State.ACT for one in findings)


def keeps_well(findings: Sequence[Finding]) -> bool:
    """Whether the records are in order and can be written to; other lines are no failure."""
    return is_well([one for one in findings if one.code.startswith("SJ") or one.code == "CP3"])


def spoken_lines(findings: Sequence[Finding], now: datetime, version: str) -> Iterator[str]:
    """Yield the lines as they are read out on the phone, the verdict first."""
    yield verdict(findings)
    for number, one in enumerate(findings, start=1):
        yield f"{number}. {one.code} [{one.word}] {one.text}"
        if one.next_step:
            yield f"   → {one.next_step}"
    said = {"version": version, "now": f"{now:%Y-%m-%d %H:%M}"}
    yield render(N_("Version %(version)s; this computer's clock says %(now)s."), said)
    yield _("On the phone, read out the codes (such as SJ1); they mean the same everywhere.")


def _database(found: Mapping[str, Any]) -> Iterator[Finding]:
    codes = {str(problem["code"]) for problem in found["problems"]}
    if "database_damaged" in codes:
        yield Finding("SJ1", State.ACT, N_("The database file is damaged."), _RESTORE)
        for code in ("SJ2", "SJ3"):
            yield Finding(code, State.OPEN, N_("Not looked at, for the file is damaged."))
        return
    yield Finding("SJ1", State.FINE, N_("The database file is whole."))
    yield from _contents(found["problems"])
    deep = found["projection_equal"] is not None
    look = N_("Let the thorough check run (F6; at the command line check --deep).")
    for code, problem, bad, good in (
        (
            "SJ2",
            "chain_broken",
            N_("The journal of entries has a gap or was changed from outside."),
            N_("The journal of entries is whole."),
        ),
        (
            "SJ3",
            "projection_differs",
            N_("The tables differ from the journal of entries."),
            N_("The tables agree with the journal of entries."),
        ),
    ):
        if problem in codes:
            yield Finding(code, State.ACT, bad, _RESTORE)
        elif deep:
            yield Finding(code, State.FINE, good)
        else:
            yield Finding(code, State.OPEN, N_("The journal was not compared."), look)
            return


def _contents(problems: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield what is damaged or gone although the file is whole."""
    counts: Counter[str] = Counter()
    for one in problems:
        counts[one["code"]] += int(one.get("count", 1))
    counts[ENTRIES_LOST] = sum(int(p["detail"]) for p in problems if p["code"] == ENTRIES_LOST)
    keys = N_("Put the keys.json back that belongs to these records (from a backup).")
    again = N_("Look which of the last entries are missing, and enter them again.")
    for code, problem, message, remedy in (
        ("SJ4", SIGNED, _SIGNED_BAD, _AGAIN),
        ("SJ5", PRIVATE, N_("%(count)s private values are damaged or gone."), _AGAIN),
        ("SJ5", ALL_PRIVATE, N_("No private value opens with the keys that are here."), keys),
        ("SJ6", ENTRIES_LOST, N_("At least %(count)s entries saved here are gone."), again),
    ):
        if counts[problem]:
            yield Finding(code, State.ACT, message, remedy, {"count": counts[problem]})


def _disk(workspace: Workspace, free: int) -> Iterator[Finding]:
    size = measures.file_bytes(workspace.database)
    needed = max(LEAST_FREE, TIMES_FREE * size)
    said = {"free": _amount(free), "needed": _amount(needed)}
    if free < needed:
        yield Finding(
            "CP1",
            State.ACT,
            N_("The disk is nearly full: %(free)s free, %(needed)s wanted."),
            N_("Empty the recycle bin, move large files elsewhere; leave this program's folder."),
            said,
        )
    else:
        yield Finding("CP1", State.FINE, N_("Free room on the disk: %(free)s."), params=said)
    # On Windows this sees the write protection of the file only, not the rights in the folder.
    if not all(os.access(one, os.W_OK) for one in (workspace.folder, workspace.database.path)):
        yield Finding(
            "CP3",
            State.ACT,
            N_("The records cannot be written to: nothing can be saved."),
            N_("Remove the write protection, or ask for the right to write; then open again."),
        )
    medium = medium_of_folder(workspace.folder)
    if medium is Medium.FIXED:
        yield Finding("CP2", State.FINE, N_("The records lie on this computer's own disk."))
    else:
        yield Finding(
            "CP2",
            State.ACT,
            N_("The records lie on a stick or on the network."),
            N_("Move them onto this computer's own disk (Backup, New computer)."),
        )


def _amount(count: int) -> str:
    return f"{count / _MB / 1024:.1f} GB" if count >= 1024 * _MB else f"{count // _MB} MB"


def _clocks(workspace: Workspace) -> Iterator[Finding]:
    now, behind = workspace.clock.now(), clocks.lags(workspace)
    last = measures.last_change_at(workspace.database)
    if last:
        own = datetime.fromisoformat(last) - now
        if own > clocks.TOLERANCE and (behind is None or own > behind):
            behind = own
    said = {"now": f"{now:%Y-%m-%d %H:%M}", "days": behind.days if behind else 0}
    if behind is None:
        yield Finding("SZ1", State.FINE, N_("The clock fits what was entered before."))
        return
    yield Finding(
        "SZ1",
        State.ACT,
        N_("The clock says %(now)s: %(days)s days too early."),
        N_("Set date and time of this computer, then open the program again."),
        said,
    )


def _fonts(count: int | None) -> Finding:
    if count is None:
        return Finding("ZT1", State.OPEN, N_("Chinese fonts were not looked for."))
    if count:
        return Finding("ZT1", State.FINE, N_("A Chinese font is there."))
    return Finding(
        "ZT1",
        State.ACT,
        N_("This computer has no Chinese font; texts show as boxes."),
        N_("Install a font package such as fonts-noto-cjk, or use the program from the stick."),
    )


def _backups(workspace: Workspace) -> Iterator[Finding]:
    last, now = last_backup(workspace), workspace.clock.now()
    if last.automatic is None:
        yield Finding(
            "BF1",
            State.NOTE,
            N_("There is no backup on this computer yet."),
            N_("Close the program and open it again: one is made by itself."),
        )
    else:
        at = last.automatic.astimezone(now.tzinfo)
        said = {"when": f"{at:%Y-%m-%d %H:%M}"}
        yield Finding("BF1", State.FINE, N_("Newest backup here: %(when)s."), params=said)
    if last.overdue(now):
        yield Finding(
            "BF2",
            State.NOTE,
            N_("No backup was put on a stick for a week or more."),
            N_("Plug in a stick; screen Backup, Ctrl+S."),
        )
    else:
        yield Finding("BF2", State.FINE, N_("A backup was put on a stick this week."))


def _exchange(workspace: Workspace) -> Iterator[Finding]:
    database = workspace.database
    revoked = own_revocation(workspace)
    if revoked:
        yield Finding(
            "ZS1",
            State.ACT,
            N_("This computer was revoked by the unit above on %(at)s."),
            N_("Enter nothing more here; ask the unit above for an opening file."),
            {"at": revoked[:10]},
        )
    for code, count, message, remedy in (
        (
            "DD1",
            journal.count_state(database, OpState.WAITING),
            N_("%(count)s received entries wait for others that have not come."),
            N_("Ask the sender to pack again; nothing is lost."),
        ),
        (
            "GL1",
            journal.count_state(database, OpState.QUARANTINED),
            N_("%(count)s received entries are set apart."),
            N_("Read their codes out: learnsite quarantine; nothing is lost."),
        ),
        (
            "FC1",
            len(forks(database)),
            N_("%(count)s times two computers went on from one copy of the records."),
            N_("Tell the unit above; use only one of these computers meanwhile."),
        ),
    ):
        if count:
            yield Finding(code, State.NOTE, message, remedy, {"count": count})


def _documents(workspace: Workspace) -> Iterator[Finding]:
    """Yield what is wrong with the numbers of down documents: here, or at the unit that issues."""
    database, unit = workspace.database, workspace.unit
    aside = other_versions.all_aside(database)
    own = [one for one in aside if trust.works_for(database, unb64(one.by), unit)]
    lines = sorted({f"{one.kind} {one.version}" for one in aside if one not in own})
    if lines:
        yield Finding(
            "WJ1",
            State.ACT,
            N_("Documents from above were not taken, their numbers went wrong: %(lines)s."),
            N_("Pack for the unit that issued them, and ask it to take that in and issue anew."),
            {"lines": ", ".join(lines)},
        )
    if any(one.kind == "regions" for one in own):
        yield Finding(
            "WJ2",
            State.ACT,
            N_("Another computer of this unit changed the region tree, and both differ."),
            N_("Look with `regions join --dry-run`, then issue both as one: `regions join`."),
        )
    told = {
        *(f"{one.unit}: {one.kind} {one.version}" for one in other_versions.elsewhere(workspace)),
        *(f"{unit}: {one.kind} {one.version}" for one in own if one.kind != "regions"),
    }
    if told:
        yield Finding(
            "WJ3",
            State.ACT,
            N_("Others got documents of this unit that are not in use here: %(lines)s."),
            N_("Pack for them, take their next files in, then issue what shall hold anew."),
            {"lines": ", ".join(sorted(told))},
        )


def _mistakes(workspace: Workspace) -> Finding:
    since = (workspace.clock.now() - RECENT).timestamp()
    lines = read_diary(workspace.folder, _DIARY_LINES)
    count = sum(line.get("level") == "error" and _moment(line) >= since for line in lines)
    if not count:
        return Finding("CW1", State.FINE, N_("The program made no mistake in the last 7 days."))
    return Finding(
        "CW1",
        State.NOTE,
        N_("The program made %(count)s mistakes in the last 7 days."),
        N_("Make a diagnostics pack and send it to whoever supports you."),
        {"count": count},
    )


def _moment(line: Mapping[str, object]) -> float:
    try:
        return datetime.fromisoformat(str(line.get("at", ""))).timestamp()
    except ValueError:
        return 0.0
