"""The diagnostics pack: what a supporter needs to know of a computer, and no word of its people.

Everything is collected by name: counts, codes, versions, places in our code. Nothing is ever copied
from a record, a file name, a path or a message; file names stand as short marks that are different
in every pack. `domain.impersonal` is the second lock behind that.
"""

import hmac
import io
import json
import logging
import secrets
import zipfile
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args

from learnsite_desktop.bundle import payloads
from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.impersonal import Plain, is_moment, sieved
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.scopes import QuarantineCode
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.durable import named, put_in_place, settle_file
from learnsite_desktop.services import checkup, health, policy
from learnsite_desktop.services.computer_errors import refusal_of
from learnsite_desktop.services.diagnostics_page import index_page
from learnsite_desktop.services.receiving import COUNTS
from learnsite_desktop.services.surroundings import diary_lines, place, program, starts
from learnsite_desktop.services.updates.held import PROGRAM
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import measures, ranks
from learnsite_desktop.store.ingest import OpState

SUFFIX: Final = ".zip"
INDEX: Final = "index.html"
_MARK_LETTERS: Final = "abcdefghijkmnpqr"
_MARK_LENGTH: Final = 8
OTHER: Final = "other"
_STATES: Final = {int(one): one.name.lower() for one in OpState}
_QUARANTINES: Final = frozenset((*get_args(QuarantineCode), ranks.CODE))
_BUNDLES: Final = frozenset((*payloads.KINDS, PROGRAM))
_BATCH_STATES: Final = frozenset(("active", "rolled_back"))
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a pack: its name, what it is (a message id), what it holds."""

    name: str
    title: str
    content: Plain

    @property
    def text(self) -> str:
        """The file's text."""
        return json.dumps(self.content, ensure_ascii=True, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack before it is written. `page` is its index, readable in any browser."""

    members: tuple[Member, ...]
    page: str

    def files(self) -> dict[str, bytes]:
        """Return all files by name, the index first."""
        found = {INDEX: self.page.encode("utf-8")}
        return found | {one.name: one.text.encode("ascii") for one in self.members}


def collect(
    folder: Path,
    clock: Clock,
    *,
    screen: Mapping[str, Any] | None = None,
    deep: bool = False,
) -> Pack:
    """Gather a pack about the workspace in `folder`, which may be damaged or missing.

    `screen` is what drawing knows: versions, fonts, screens (`paint.surroundings`); None where it
    cannot be loaded, and that is told.
    """
    fonts = None if screen is None else int(screen.get("chinese_fonts", 0))
    found: dict[str, Any] = {
        "program": program(),
        "place": place(folder),
        "screen": screen,
        "diary": diary_lines(folder),
        "starts": starts(folder),
    }
    findings: list[checkup.Finding] = []
    try:
        with Workspace(folder, clock, write=False) as workspace:
            findings = _of_records(workspace, found, fonts, deep=deep)
    except (Refusal, OSError) as error:
        refusal = refusal_of(error)
        found["refused"] = refusal.code if refusal is not None else type(error).__name__
        findings = [checkup.of_refusal(refusal)] if refusal is not None else []
    members = tuple(
        Member(f"{name}.json", title, sieved(found[name]))
        for name, title in _TITLES.items()
        if found.get(name) is not None
    )
    about = [(one.name, one.title, len(one.text)) for one in members]
    return Pack(members, index_page(about, findings, clock.now()))


_TITLES: Final = {
    "program": N_("Program and operating system: versions, memory"),
    "place": N_("Where the records lie: kind of disk, free room, sizes"),
    "screen": N_("Screen and fonts: how many there are, which known ones"),
    "refused": N_("Why the records cannot be opened: a code"),
    "check": N_("Results of the check, by code"),
    "counts": N_("How many rows and bytes each table has, how many records of each kind"),
    "batches": N_("Received files: kind, counts, a mark in the place of the name"),
    "policies": N_("Settings by name; texts are not shown"),
    "schema": N_("The form of the tables, as the program made them"),
    "diary": N_("Refusals and mistakes: code and place in the program, without values"),
    "starts": N_("How long the last starts took"),
}


def _of_records(
    workspace: Workspace, found: dict[str, Any], fonts: int | None, *, deep: bool
) -> list[checkup.Finding]:
    """Add what the workspace tells; each part by itself, for one of them may be damaged."""
    lines: list[checkup.Finding] = []

    def check() -> dict[str, Any]:
        answer = health.check(workspace, deep=deep)
        lines.extend(checkup.look_over(workspace, answer, chinese_fonts=fonts))
        return {
            "deep": deep,
            "problems": _tally(((one["code"], 1) for one in answer["problems"]), health.PROBLEMS),
            "clock_behind_days": answer["clock_behind_days"],
            "lines": [{"code": one.code, "state": one.state.value} for one in lines],
        }

    parts: dict[str, Callable[[], Any]] = {
        "check": check,
        "counts": lambda: _counts(workspace),
        "batches": lambda: _batches(workspace),
        "policies": lambda: _policies(workspace),
        "schema": lambda: measures.statements(workspace.database),
    }
    for name, part in parts.items():
        try:
            found[name] = part()
        except Exception as error:  # noqa: BLE001 - what is damaged may fail in any way
            _LOG.exception("a part of the diagnostics pack")
            refusal = refusal_of(error)
            code = refusal.code if refusal is not None else type(error).__name__
            found[name] = {"refused": code}
    return lines


def _tally(codes: Iterable[tuple[str, int]], known: Container[str]) -> dict[str, int]:
    """Add up counts by words of ours; what is none of them is told as `other`."""
    found: dict[str, int] = {}
    for code, count in codes:
        name = code if code in known else OTHER
        found[name] = found.get(name, 0) + count
    return found


def _counts(workspace: Workspace) -> dict[str, Any]:
    database = workspace.database
    states, kinds = measures.operations_by_state(database), measures.records_by_kind(database)
    return {
        "tier": workspace.tier,
        "pages": measures.pages(database),
        "rows": measures.rows_of_tables(database),
        "bytes": measures.bytes_of_tables(database),
        "records": _tally(((kind, count) for kind, (count, _gone) in kinds.items()), KINDS),
        "deleted": _tally(((kind, gone) for kind, (_count, gone) in kinds.items()), KINDS),
        "operations": _tally(
            ((_STATES.get(state, OTHER), count) for state, count in states.items()),
            frozenset(_STATES.values()),
        ),
        "quarantined": _tally(measures.quarantined_by_code(database).items(), _QUARANTINES),
    }


def _batches(workspace: Workspace) -> list[dict[str, Any]]:
    mark = _Marks()
    return [
        {
            "number": one.number,
            "kind": _ours(one.kind, _BUNDLES),
            "state": _ours(one.state, _BATCH_STATES),
            "at": one.at if is_moment(one.at) else "",
            "operations": one.operations,
            "counts": {
                key: one.counts[key] for key in COUNTS if isinstance(one.counts.get(key), int)
            },
            "file": mark(one.file),
            "from": mark(one.unit),
        }
        for one in measures.last_batches(workspace.database)
    ]


class _Marks:
    """Short marks: the same for the same text within one pack, worth nothing outside it."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def __call__(self, text: str) -> str:
        digest = hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")
        letters = "".join(_MARK_LETTERS[byte % 16] for byte in digest[:_MARK_LENGTH])
        return f"f-{letters}"


def _policies(workspace: Workspace) -> dict[str, Any]:
    """Return settings by name, with the value of those that are a choice or a number."""
    return {
        one.key: {
            "value": one.value if one.choices or one.numbers else None,
            "set": bool(one.value) and one.value != policy.DEFAULTS.get(one.key),
            "above": one.above,
        }
        for one in policy.in_force(workspace)
        if one.key in policy.DEFAULTS
    }


def _ours(word: str, known: Container[str]) -> str:
    """Return a word if it is one of ours; a newer program may have written another."""
    return word if word in known else OTHER


def name_at(now: datetime) -> str:
    """Return a name for a pack; it says nothing of the unit."""
    return f"learnsite-diagnostics-{now:%Y%m%d-%H%M}{SUFFIX}"


def write(pack: Pack, path: Path) -> int:
    """Write a pack, whole or not at all; returns its size in bytes. Raises OSError."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pack.files().items():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    part = path.with_name(f"{path.name}.part")
    try:
        with named(path):
            part.write_bytes(whole.getvalue())
        settle_file(part)
        put_in_place(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path.stat().st_size
