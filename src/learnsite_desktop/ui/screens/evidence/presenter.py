"""What the evidence screen shows: sessions with what is missing, and what became of files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import records
from learnsite_desktop.services.capture import CaptureResult
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.photo_tray import Tray
from learnsite_desktop.services.photos import Added, Photo, remove_photo
from learnsite_desktop.services.receipted import is_received
from learnsite_desktop.services.titles import title_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.ui.desk import issue_text
from learnsite_desktop.ui.feedback import refusal_text

Given = Path | bytes
"""A file, or the PNG bytes of a picture from the clipboard."""

KIND_LIST: Final = "evidence_kind"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: a record and what is there of it; see `widgets.row_list.ListRow`."""

    key: str
    kind: str
    cells: tuple[str, str]
    status: str
    word: str


@dataclass(frozen=True, slots=True)
class Question:
    """A file that is taken only with a reason; `codes` of what is asked, `text` in words."""

    given: Given
    codes: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of files beside those that were simply taken."""

    taken: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """How many were taken, in words."""
        return render(_("Photos taken in: %(count)s."), {"count": len(self.taken)})


def kind_words() -> dict[str, str]:
    """Return code → word of the kinds of evidence; the number key of a kind is its place."""
    table = shipped_codes()
    return {code: table.label(KIND_LIST, code, language()) for code in table.codes(KIND_LIST)}


def row_of(tray: Tray) -> Row:
    """Return the row of a tray."""
    said: dict[str, object] = {"count": tray.photos, "missing": len(tray.missing)}
    if not tray.photos:
        status, word = "draft", render(_("%(count)s photos"), said)
    elif not tray.missing:
        status, word = "ok", render(_("%(count)s photos"), said)
    elif len(tray.missing) == 1:
        said |= {"kind": kind_words()[tray.missing[0]]}
        status, word = "warning", render(_("%(count)s, without %(kind)s"), said)
    else:
        status, word = "warning", render(_("%(count)s, %(missing)s kinds missing"), said)
    when = f"{_day(tray.date)} {tray.start}".strip() if tray.date else _(KINDS[tray.kind].label)
    return Row(tray.record, tray.kind, (when, tray.title), status, word)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month}-{day.day}"


def wanted_line(tray: Tray) -> str:
    """Say which kinds a session still wants."""
    if tray.kind != "session":
        return render(_("%(count)s photos"), {"count": tray.photos})
    if not tray.missing:
        return _("Nothing is missing.")
    words = kind_words()
    gaps = "、".join(words[kind] for kind in tray.missing)
    return render(_("Still wanted: %(kinds)s"), {"kinds": gaps})


def caption_of(photo: Photo) -> str:
    """Return what a photo is, in one line: kind, time, note."""
    taken = photo.taken.replace("T", " ")[:16]
    parts = [kind_words().get(photo.kind, photo.kind), taken, photo.note]
    if photo.publishable:
        parts.append(_("may be published"))
    return " · ".join(filter(None, parts))


def files_in(paths: Iterable[Path]) -> list[Given]:
    """Return the files of what was dropped: files, and those directly in folders."""
    found: list[Given] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.iterdir() if one.is_file())
        else:
            found.append(path)
    return found


def told(workspace: Workspace, given: Sequence[Given], added: Added) -> Told:
    """Sort what became of files, in words; records are named by their titles."""
    questions, refused, taken = [], [], []
    for file, outcome in zip(given, added.outcomes, strict=True):
        if outcome.refusal is not None:
            refused.append(refusal_text(outcome.refusal))
        elif outcome.saved:
            taken.append(outcome.record)
        else:
            issues = [_titled(workspace, one) for one in outcome.issues if one.blocking]
            text = " ".join(dict.fromkeys(map(issue_text, issues)))
            name = _("Pasted picture") if isinstance(file, bytes) else outcome.name
            said = render("%(name)s: %(text)s", {"name": name, "text": text})
            questions.append(Question(file, tuple(one.code for one in issues), said))
    return Told(tuple(taken), tuple(questions), tuple(refused))


def _titled(workspace: Workspace, issue: Any) -> Any:
    other = str(issue.params.get("other", ""))
    title = title_of(workspace, other) or _("another record")
    return replace(issue, params={**issue.params, "other": title})


def set_fields(
    workspace: Workspace, photo: str, values: Mapping[str, Any], *, why: str, operator: str
) -> CaptureResult:
    """Change fields of a photo."""
    stored = records.require_record(workspace, photo)
    return records.edit(workspace, stored, values, why=why, operator=operator)


def wants_reason(workspace: Workspace, photo: str) -> bool:
    """Whether a change of a photo wants a reason: the unit above has it, or it is another's."""
    stored = records.require_record(workspace, photo)
    return stored.unit != workspace.unit or is_received(workspace, stored)


def may_remove(workspace: Workspace, photo: str) -> Refusal | None:
    """Return why a photo cannot be deleted any more, None if it can."""
    stored = records.require_record(workspace, photo)
    if is_received(workspace, stored):
        return Refusal("received_not_deletable", where=title_of(workspace, photo))
    return None


def remove(workspace: Workspace, photo: str, *, why: str, operator: str) -> CaptureResult:
    """Delete a photo before anybody above has acknowledged it."""
    return remove_photo(workspace, photo, why=why, operator=operator)
