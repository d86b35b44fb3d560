"""What the inbox shows, in words: files, what they would do, batches, what does not count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.oplog.releases import number_of
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import batches
from learnsite_desktop.services.arriving import Foreseen, Touched, counted
from learnsite_desktop.services.at_hand import AtHand, Taking, Takings
from learnsite_desktop.services.batches import Foregone
from learnsite_desktop.services.incoming import Board
from learnsite_desktop.services.photo_files import MISSING, is_of_pictures
from learnsite_desktop.services.receiving import Received
from learnsite_desktop.services.register_files import BOOK
from learnsite_desktop.services.uncounted import WAITING, Uncounted, names_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.feedback import refusal_text
from learnsite_desktop.ui.screens.inbox.pile import Pile
from learnsite_desktop.ui.set_aside import set_aside

_KB: Final = 1024
_KINDS: Final = {
    "up": N_("Hand-in"),
    "relay": N_("Hand-in with the villages'"),
    "down": N_("From above: receipt, returns, documents"),
    "peer": N_("Another computer of this unit"),
    "introduction": N_("Makes computers known"),
    "program": N_("Newer version of the program"),
}
_STATES: Final = {
    "new": ("note", N_("new file")),
    "taken": ("received", N_("taken before")),
    "incomplete": ("draft", N_("still coming")),
    "cut": ("warning", N_("not whole")),
    "lacking": ("warning", N_("pictures missing")),
    "damaged": ("error", N_("damaged")),
    "foreign": ("warning", N_("not for us")),
    "refused": ("error", N_("cannot be taken")),
    "register": ("note", N_("register: under Import")),
    "received": ("ok", N_("taken in")),
    "held": ("received", N_("nothing new")),
    "unenrolled": ("warning", N_("confirm the computer")),
    "left_out": ("draft", N_("left for now")),
}
_STRANGER: Final = N_(
    "The computer that made it is not enrolled, so nothing was taken in; a copy is kept. "
    "Enter: compare its fingerprint by phone and confirm it."
)
_NEXT: Final = {
    "new": N_("Enter shows what it would change; Ctrl+S takes all new files in."),
    "taken": N_(
        "It was taken in before. If it was rolled back, bring it back in the journal (F4)."
    ),
    "held": N_("Everything in it is here already."),
    "left_out": N_("It stays where it lies. Delete takes it along again."),
    "unenrolled": _STRANGER,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; see `widgets.row_list.ListRow`. `about` is what the line stands for."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""
    note: str = ""
    about: Any = None


# -- files -----------------------------------------------------------------------------------------


def file_rows(pile: Pile) -> Iterator[Row]:
    """Yield a row for each file, those that ask for somebody first."""
    rows = [file_row(one, pile) for one in pile]
    order = {"error": 0, "warning": 1, "note": 2, "draft": 3, "ok": 4, "received": 5}
    yield from sorted(rows, key=lambda row: (order[row.status], row.cells[0], row.cells[2]))


def file_row(one: AtHand, pile: Pile) -> Row:
    """Return the row of a file, with what became of it here."""
    lying, result = one.lying, pile.result(one.key)
    state = result.state if result else lying.state
    refusal = result.refusal if result else lying.refusal
    if state == "incomplete" and refusal is not None and refusal.code != "file_unfinished":
        state = "lacking" if refusal.code == MISSING else "cut"
    elif refusal is not None and refusal.code == BOOK:
        state = "register"
    elif not result and pile.is_left_out(one.key):
        state = "left_out"
    status, word = _STATES[state]
    header = lying.summary.header if lying.summary else None
    at = header.at if header else (lying.introduction.at if lying.introduction else "")
    cells = (
        one.unit_name or lying.from_unit or _name(one),
        _(_KINDS[lying.kind]) if lying.kind else "",
        months(header.periods) if header else "",
        at[:10],
        size(lying.candidate.size),
        _brought(result.received) if result and result.received else "",
    )
    told = _file_note(one, result, state)
    note = told if is_of_pictures(one) else f"{lying.candidate.path} · {told}"
    kind = "problem" if status in {"error", "warning"} else "file"
    return Row(one.key, kind, cells, status, _(word), note, one)


def _brought(received: Received) -> str:
    """Return what came in with a file."""
    return _program(received.program) if received.program else counted(received.counts)


def _program(version: str) -> str:
    return render(N_("version %(version)s of the program"), {"version": version})


def _name(one: AtHand) -> str:
    """Return what a file of an unknown sender is called."""
    candidate = one.lying.candidate
    if is_of_pictures(one) and candidate.path.is_dir():
        return _("Numbered pictures")
    return candidate.name


def _file_note(one: AtHand, result: Taking | None, state: str) -> str:
    refusal = result.refusal if result else one.lying.refusal
    if refusal is not None:
        return refusal_text(refusal)
    if result is not None and result.received is not None and state == "received":
        if result.received.program:
            return _("It goes down with the next files; Help (F5 there) says how to install it.")
        said = [*set_aside(result.received), *_wants(result.received.counts)]
        return " ".join(said) or _("Nothing more is to be done.")
    return _(_NEXT.get(state, ""))


def _wants(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield what the counts of a file that came in ask for."""
    if counts.get("conflict") or counts.get("duplicate"):
        yield _("Decide conflicts and people entered twice in the review.")
    if counts.get("quarantined") or counts.get("waiting"):
        yield _("What is held apart or waiting stands under F3, with what to do.")


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    if count < _KB * _KB:
        return f"{max(1, round(count / _KB))} KB"
    return f"{count / _KB / _KB:.1f} MB"


def months(periods: Sequence[str]) -> str:
    """Return months in short: the first and the last."""
    if len(periods) < 2:
        return "".join(periods)
    return f"{periods[0]} – {periods[-1]}"


def board_text(board: Board, tier: str) -> str:
    """Return who of those below has handed the month in."""
    said = {
        "period": board.period,
        "came": board.villages[0],
        "asked": board.villages[1],
        "towns_came": board.townships[0],
        "towns": board.townships[1],
    }
    if tier == "county":
        return render(
            N_("%(period)s: %(towns_came)s of %(towns)s townships, %(came)s of %(asked)s villages"),
            said,
        )
    return render(N_("%(period)s: %(came)s of %(asked)s villages"), said)


def review_text(board: Board, suspects: int | None) -> str:
    """Return what wants deciding."""
    said = {"conflicts": board.conflicts, "suspects": "…" if suspects is None else suspects}
    return render(N_("%(conflicts)s conflicts · %(suspects)s pairs alike"), said)


def spoilt_text(count: int) -> str:
    """Return how many of the files here cannot be taken in, "" for none."""
    return render(N_("%(count)s files damaged or refused (F8)"), {"count": count}) if count else ""


# -- what files would do ---------------------------------------------------------------------------

_CLASSES: Final = {
    "conflict": ("warning", N_("conflict")),
    "quarantined": ("error", N_("held apart")),
    "waiting": ("draft", N_("waits")),
    "brought_back": ("note", N_("comes back")),
    "withdrawn": ("draft", N_("stays taken back")),
    "fast_forward": ("note", N_("changed")),
    "new": ("ok", N_("new")),
    "duplicate": ("warning", N_("perhaps twice")),
    "linked": ("received", N_("one person, linked")),
    "gone": ("returned", N_("goes")),
}
PROBLEMS: Final = ("conflict", "quarantined", "waiting")


def foreseen_rows(found: Sequence[tuple[AtHand, Foreseen]]) -> Iterator[Row]:
    """Yield under each file what it would do, record by record."""
    for file, seen in found:
        name = file.unit_name or file.lying.candidate.name
        yield Row(f"file {file.key}", "heading", (f"{name} · {_brings(seen)}", "", ""))
        yield from touched_rows(seen.records, file.key)
        if seen.left:
            said = render(N_("and %(count)s more records"), {"count": seen.left})
            yield Row(f"left {file.key}", "heading", (said, "", ""))


def _brings(seen: Foreseen) -> str:
    result = seen.result
    if result.error is not None:
        return refusal_text(result.error)
    if result.outcome == "unenrolled":
        return _(_STRANGER)
    if result.program:
        return _program(result.program)
    back = render(N_("brings %(count)s rolled-back files back"), {"count": len(result.reapplied)})
    said = [counted(result.counts), *([back] if result.reapplied else []), *set_aside(result)]
    return " · ".join(one for one in said if one) or _("nothing new")


def touched_rows(records: Sequence[Touched], place: str = "") -> Iterator[Row]:
    """Yield a row for each record touched."""
    for one in records:
        first = one.classes[0] if one.classes else "new"
        words = " · ".join(_(_CLASSES[name][1]) for name in one.classes)
        kind = KINDS.get(one.kind)
        label = _(kind.label) if kind else one.kind
        row_kind = "problem" if first in PROBLEMS else "record"
        cells = (one.title, label, one.unit_name)
        key = f"{place} {one.record} {one.kind} {one.unit}"
        yield Row(key, row_kind, cells, _CLASSES[first][0], words, about=one)


def side_rows(touched: Touched) -> Iterator[Row]:
    """Yield a row for each field that changes: what was here beside what comes."""
    for side in touched.fields:
        chip = ("warning", _("conflict")) if side.disputed else ("note", _("changed"))
        cells = (side.label, side.old_text or "–", side.new_text or "–")
        yield Row(side.field, "side", cells, *chip)
    if touched.more:
        said = render(N_("and %(count)s more fields"), {"count": touched.more})
        yield Row("more", "heading", (said, "", ""))


def side_text(cells: Sequence[str]) -> str:
    """Say a field's two values one after the other."""
    if len(cells) < 3 or not cells[1]:
        return ""
    said = {"field": cells[0], "old": cells[1], "new": cells[2]}
    return render(N_("%(field)s: %(old)s → %(new)s"), said)


def sides_note(touched: Touched | None) -> str:
    """Say what stands beside what for a record."""
    if touched is None:
        return ""
    if touched.fields:
        said = {"title": touched.title}
        return render(N_("%(title)s: old and new side by side"), said)
    if "gone" in touched.classes:
        return _("It goes; bringing the file back brings it again.")
    if "new" in touched.classes:
        return _("It is not here yet: there is nothing to compare with.")
    return _("Nothing that is shown of it changes.")


# -- batches ---------------------------------------------------------------------------------------


def batch_rows(workspace: Workspace) -> list[Row]:
    """Return the files received, the newest first."""
    rows, found = [], batches.list_batches(workspace)
    names = names_of(workspace, (one["from"] for one in found))
    for one in reversed(found):
        in_use = one["state"] == "active"
        cells = (
            one["at"][:16].replace("T", " "),
            names[one["from"]],
            _(_KINDS.get(one["kind"], one["kind"])),
            one["file"],
            counted(one["counts"]),
        )
        chip = ("received", _("in use")) if in_use else ("returned", _("rolled back"))
        rows.append(Row(str(one["batch"]), "batch", cells, *chip, about=one))
    return rows


def foregone_text(found: Foregone) -> str:
    """Say what rolling a file back would do."""
    said = {"gone": found.gone, "changed": found.changed, "waiting": found.waiting}
    if not (found.gone or found.changed or found.waiting):
        return _("Rolling it back changes no record here.")
    return render(
        N_(
            "Rolling it back: %(gone)s records go, %(changed)s change back, "
            "of %(waiting)s something waits until it comes again."
        ),
        said,
    )


# -- what does not count ---------------------------------------------------------------------------


def uncounted_rows(found: Sequence[Uncounted]) -> Iterator[Row]:
    """Yield what is held apart and what waits, each under its heading."""
    for waits, heading in ((False, N_("Held apart: %(count)s")), (True, N_("Waiting: %(count)s"))):
        part = [one for one in found if (one.code == WAITING) is waits]
        if part:
            said = render(heading, {"count": len(part)})
            yield Row(heading, "heading", (said, "", "", "", ""))
        for one in part:
            chip = ("draft", _("waits")) if waits else ("error", _("held apart"))
            kind = KINDS.get(one.kind)
            label = _(kind.label) if kind else one.kind
            written = f"{one.by} {one.at[:10]}".strip()
            cells = (one.title, label, one.unit_name, written, one.sets)
            yield Row(one.key, "problem", cells, *chip, f"{one.reason} {one.remedy}", one)


# -- results ---------------------------------------------------------------------------------------


def taken_text(takings: Takings, left: int) -> str:
    """Say what became of the files in one sentence; `left` were not begun."""
    came = [one for one in takings.done if one.state in {"received", "held"}]
    sums: dict[str, int] = {}
    for one in came:
        for name, count in one.received.counts.items() if one.received else ():
            sums[name] = sums.get(name, 0) + count
    sums.pop("same", None)
    new = [one.received.program for one in came if one.received and one.received.program]
    brought = [counted(sums), _program(max(new, key=number_of)) if new else ""]
    counts = " · ".join(one for one in brought if one) or _("nothing new")
    said = {"files": len(came), "counts": counts}
    text = render(N_("%(files)s files taken in: %(counts)s."), said)
    others = len(takings.done) - len(came)
    if others:
        text += " " + render(N_("%(count)s files want something (F8)."), {"count": others})
    if takings.stopped:
        text += " " + render(
            N_("Stopped: the file in hand is unchanged, %(count)s files were not taken in."),
            {"count": left},
        )
    return text


def place_text(folder: Path | None) -> str:
    """Say which folder is watched."""
    if folder is None:
        return _("No folder is watched. Drop files here, or watch the folder of the chat program.")
    return render(N_("Watched: %(folder)s. What comes is listed; nothing is taken unasked."),
                  {"folder": folder})  # fmt: skip
