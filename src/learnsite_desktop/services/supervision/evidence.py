"""The evidence folder of a clause: duties, figures, sessions and their photos, ready to hand over.

Names of learners are not in it. Every file is listed with its SHA-256, so that one who gets the
folder can see that nothing was exchanged.
"""

import hashlib
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.periods import Period, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.reports.workbook import Cell, Sheet, ident, write_workbook
from learnsite_desktop.services import figures
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.indicators import registry
from learnsite_desktop.services.photos import Photo, photos_of
from learnsite_desktop.services.silence import NOT_REPORTED, is_silent, silence_words
from learnsite_desktop.services.supervision.rules import Clause, clause_named
from learnsite_desktop.services.units import load_tree, require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.clause_rows import EvidenceSession, sessions_for

MAX_PHOTOS: Final = 2000
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_NAME_LENGTH: Final = 40
_NAME_BYTES: Final = 240


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo in the folder: its file name, session, kind, and whether it is the small picture."""

    file: str
    session: EvidenceSession
    kind: str
    small: bool
    publishable: bool


def write_evidence(
    workspace: Workspace,
    clause_id: str,
    *,
    period: str,
    out: Path,
    unit: str = "",
    publishable: bool = False,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write the folder of a clause into `out`; returns path, sessions, photos, figures, missing.

    `missing` counts photos that are not on this computer, not even small; `publishable` takes only
    those that may be shown in public. At most 2,000 photos. A folder of that name must not be
    there (`file_exists`); a cancelled one is removed. Refuses `clause_unknown`, `unit_unknown`,
    `period_invalid`.
    """
    clause, span, code = clause_named(clause_id), parse_period(period), unit or workspace.unit
    require_unit(workspace, code)
    name = load_tree(workspace.database).require(code).name
    folder = out / _fit(f"{clause.id} {clause.words} {name} {span.text}")
    if folder.exists():
        raise Refusal("file_exists", where=str(folder))
    part = out / f"{folder.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        answer = _fill(workspace, clause, span, code, part, publishable, progress)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return {"path": str(folder), **answer}


def _fill(
    workspace: Workspace,
    clause: Clause,
    span: Period,
    unit: str,
    folder: Path,
    publishable: bool,  # noqa: FBT001
    progress: Progress,
) -> dict[str, Any]:
    sessions = sessions_for(
        workspace.database, unit, span.first.isoformat(), span.last.isoformat(), clause.records
    )
    kept, missing = _copy_photos(workspace, sessions, folder, publishable, progress)
    known = [one for one in clause.indicators if one in registry()]
    values = figures.indicators(workspace, period=span.text, unit=unit, ids=known)
    sheets = [
        _duties(clause),
        _figures(values, span, load_tree(workspace.database).require(unit).name),
        _sessions(sessions),
        _photos(kept),
    ]
    title = f"{clause.id} {clause.words}"
    write_workbook(folder / _("Overview.xlsx"), sheets, title=title, made=workspace.clock.now())
    _write_list(folder)
    return {
        "sessions": len(sessions),
        "photos": len(kept),
        "missing": missing,
        "figures": len(values),
    }


def _copy_photos(
    workspace: Workspace,
    sessions: Sequence[EvidenceSession],
    folder: Path,
    publishable: bool,  # noqa: FBT001
    progress: Progress,
) -> tuple[list[Kept], int]:
    kept: list[Kept] = []
    missing = 0
    for number, session in enumerate(sessions):
        progress(number, len(sessions), N_("Gathering photos"))
        for photo in photos_of(workspace, session.record):
            if publishable and not photo.publishable:
                continue
            source = photo.path or photo.thumb_path
            if source is None or not source.is_file():
                missing += 1
                continue
            if len(kept) == MAX_PHOTOS:
                return kept, missing
            kept.append(_copy(photo, source, session, folder, len(kept) + 1))
    return kept, missing


def _copy(photo: Photo, source: Path, session: EvidenceSession, folder: Path, number: int) -> Kept:
    kind = shipped_codes().label("evidence_kind", photo.kind, language()) or photo.kind
    place = folder / _("photos")
    place.mkdir(exist_ok=True)
    words = _fit(f"{number:04d} {session.date} {session.unit_name} {session.title} {kind}")
    target = place / f"{words}.jpg"
    shutil.copyfile(source, target)
    small = photo.path is None or not photo.path.is_file()
    return Kept(target.name, session, kind, small, photo.publishable)


def _fit(text: str) -> str:
    """Return a name that every file system takes."""
    words = _UNFIT.sub("_", text).strip(" .")[: _NAME_LENGTH * 2]
    # File systems that count bytes end a name at 255; an ending and “.part” still have to fit.
    return words.encode("utf-8")[:_NAME_BYTES].decode("utf-8", "ignore").strip(" .")


def _duties(clause: Clause) -> Sheet:
    label = shipped_codes().label
    rows = [
        [
            Cell(duty.words),
            Cell(label("department", duty.lead, language())),
            Cell("、".join(label("department", one, language()) for one in duty.helping)),
        ]
        for duty in clause.duties
    ]
    return Sheet(
        title=_("Duties"),
        heading=(f"{clause.id} {clause.words}", clause.document),
        columns=(_("Duty"), _("Led by"), _("Together with")),
        rows=rows,
        widths=(40, 20, 48),
    )


def _figures(values: Sequence[Any], span: Period, name: str) -> Sheet:
    known = registry()
    rows = [
        [
            ident(one["id"]),
            Cell(known[one["id"]].text("name", language())),
            Cell(one["numerator"]),
            Cell(one["denominator"]),
            Cell(
                None
                if one["value"] is None
                else _(NOT_REPORTED)
                if is_silent(one)
                else one["value"] * figures.factor(one["unit_of_measure"])
            ),
            Cell(one["unit_of_measure"]),
            Cell(one["missing"] or silence_words(one)),
            Cell(known[one["id"]].text("basis", language())),
        ]
        for one in values
    ]
    return Sheet(
        title=_("Figures"),
        heading=(f"{name} {span.text}",),
        columns=(
            *(_("id"), _("name"), _("numerator"), _("denominator"), _("value")),
            *(_("unit of measure"), _("why there is no value"), _("How it is counted")),
        ),
        rows=rows,
        widths=(8, 26, 12, 12, 12, 12, 26, 60),
    )


def _sessions(sessions: Sequence[EvidenceSession]) -> Sheet:
    rows = [
        [
            Cell(one.date),
            Cell(one.start),
            Cell(one.unit_name),
            Cell(one.title),
            Cell(one.named),
            Cell(one.headcount),
        ]
        for one in sessions
    ]
    return Sheet(
        title=_("Sessions"),
        heading=(),
        columns=(
            *(_("Date"), _("Time"), _("Unit"), _("Activity")),
            *(_("Named attendances"), _("Head-count")),
        ),
        rows=rows,
        widths=(12, 8, 24, 36, 12, 12),
    )


def _photos(kept: Sequence[Kept]) -> Sheet:
    rows = [
        [
            Cell(one.file),
            Cell(one.kind),
            Cell(one.session.date),
            Cell(one.session.unit_name),
            Cell(one.session.title),
            Cell(_("small picture; the original can be asked for") if one.small else ""),
            Cell(_("yes") if one.publishable else _("no")),
        ]
        for one in kept
    ]
    return Sheet(
        title=_("Photos"),
        heading=(),
        columns=(
            *(_("File"), _("kind"), _("Date"), _("Unit"), _("Activity")),
            *(_("note"), _("may be published")),
        ),
        rows=rows,
        widths=(44, 12, 12, 24, 36, 24, 10),
    )


def _write_list(folder: Path) -> None:
    """Write the SHA-256 of every file, as `sha256sum -c` reads it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in files
    ]
    (folder / "SHA256SUMS.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
